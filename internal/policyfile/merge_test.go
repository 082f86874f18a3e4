package policyfile_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// values are two ways to write a rule of a kind, as JSON, and what both together make.
type values struct {
	a, b   string
	merged func(a, b any) any
}

// values gives each kind of rule that a document may hold two values, the laxer first where one is.
func valuesOf(rule gate.RuleInfo, source gate.Source) values {
	categories := gate.Categories(source)
	second := func(_, b any) any { return b }
	switch rule.Kind {
	case gate.KindSeverity:
		return values{`"critical"`, `"low"`, second}
	case gate.KindAge:
		return values{`"48h"`, `"24h"`, second}
	case gate.KindCount:
		return values{`2`, `1`, second}
	case gate.KindPermission:
		return values{`true`, `false`, second}
	case gate.KindCounts:
		return values{`{"low": 2, "high": 3}`, `{"low": 5, "unknown": 1}`, func(any, any) any {
			return map[gate.Severity]int64{gate.Low: 2, gate.High: 3, gate.Unknown: 1}
		}}
	case gate.KindCategories:
		return values{fmt.Sprintf(`[%q]`, categories[0]), fmt.Sprintf(`[%q]`, categories[1]), united}
	case gate.KindScanTypes:
		return values{`["VULSCAN"]`, `["ADSCAN"]`, united}
	case gate.KindFingerprints:
		return values{`["8c7ef86c259abad33f213405a35a13c2"]`, `["0c7ef86c259abad33f213405a35a13c2"]`, united}
	case gate.KindDenials:
		return values{fmt.Sprintf(`[{"category": %q, "id": "A"}]`, categories[0]), fmt.Sprintf(`[{"category": %q, "id": "B"}]`, categories[1]), united}
	case gate.KindExceptions:
		one := func(id string, category gate.Category) string {
			return fmt.Sprintf(`[{"category": %q, "id": %q, "reason": "r", "expires_at": "2027-01-31"}]`, category, id)
		}
		return values{one("A", categories[0]), one("B", categories[1]), united}
	default:
		panic(fmt.Sprintf("a document cannot hold %s", rule.Name))
	}
}

func united(a, b any) any {
	return reflect.AppendSlice(reflect.ValueOf(a), reflect.ValueOf(b)).Interface()
}

// value returns what a policy has for a rule, without a pointer.
func value(rule gate.RuleInfo, p gate.Policy) any {
	return reflect.ValueOf(rule.Field(&p)).Elem().Interface()
}

// The places of a rule: the document's part for every source, its section for one, and the gate block.
var places = map[string]func(rule gate.RuleInfo, source gate.Source, json string) string{
	"every source": func(rule gate.RuleInfo, _ gate.Source, json string) string {
		if rule.Kind == gate.KindExceptions || rule.Kind == gate.KindDenials {
			return fmt.Sprintf(`%q: %s`, rule.Name, json)
		}
		return fmt.Sprintf(`"gate": {%q: %s}`, rule.Name, json)
	},
	"one source": func(rule gate.RuleInfo, source gate.Source, json string) string {
		return fmt.Sprintf(`"sources": {%q: {%q: %s}}`, source, rule.Name, json)
	},
	"block": nil,
}

// written returns what two places make of a rule, and what each has by itself. What the block says comes
// through the same notation, since the block itself belongs to Terraform.
func written(t *testing.T, rule gate.RuleInfo, source gate.Source, in [2]string, json [2]string) (merged, a, b gate.Policy) {
	t.Helper()
	var parts []string
	var alone [2]gate.Policy
	var block []gate.Policy
	for i := range in {
		write := places[in[i]]
		if write == nil {
			write = places["one source"]
		}
		part := write(rule, source, json[i])
		alone[i] = gate.Merge(source, read(t, `{"version": 1, `+part+`}`).For(source)...)
		if in[i] == "block" {
			block = append(block, alone[i])
			continue
		}
		parts = append(parts, part)
	}
	parts = append(parts, `"version": 1`)
	all := append(read(t, "{"+strings.Join(parts, ", ")+"}").For(source), block...)
	return gate.Merge(source, all...), alone[0], alone[1]
}

// Every rule, in every pair of places, in both orders of strictness: the strictest value counts, sets are
// united, and a permission is given only where both places give it.
func TestMerge_everyRuleInEveryPairOfPlaces(t *testing.T) {
	t.Parallel()
	tried, rules := 0, 0
	for _, source := range gate.Sources() {
		for _, rule := range gate.Rules(source) {
			if !rule.Document {
				continue
			}
			rules++
			v := valuesOf(rule, source)
			for _, first := range slices.Sorted(maps.Keys(places)) {
				for _, second := range slices.Sorted(maps.Keys(places)) {
					if first == second {
						continue
					}
					tried++
					merged, a, b := written(t, rule, source, [2]string{first, second}, [2]string{v.a, v.b})
					want := v.merged(value(rule, a), value(rule, b))
					if got := value(rule, merged); !equal(got, want) {
						t.Errorf("%s: %s %s in %s, %s in %s: got %s, want %s", source, rule.Name, v.a, first, v.b, second, show(got), show(want))
					}
					if len(merged.Skipped) != 0 {
						t.Errorf("%s: %s: skipped %q", source, rule.Name, merged.Skipped)
					}
				}
			}
		}
	}
	if tried != rules*6 || rules < 40 {
		t.Errorf("%d pairs were tried for %d rules", tried, rules)
	}
}

// equal compares two values; the order of a list means nothing.
func equal(a, b any) bool { return show(a) == show(b) }

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil || list == nil {
		return string(text)
	}
	slices.SortFunc(list, func(a, b json.RawMessage) int { return strings.Compare(string(a), string(b)) })
	return fmt.Sprintf("%s", list)
}

// A rule that no place writes is no rule: the merged policy is the same as that of an empty document.
func TestMerge_unwrittenIsNoRule(t *testing.T) {
	t.Parallel()
	for _, source := range gate.Sources() {
		merged := gate.Merge(source, read(t, "version: 1\ngate: {}\nsources: {"+string(source)+": {}}\n").For(source)...)
		for _, rule := range gate.Rules("") {
			if rule.Written(merged) {
				t.Errorf("%s: %s is written", source, rule.Name)
			}
		}
	}
}

// A permission that one place gives and the others do not mention holds; see also the table above.
func TestMerge_permissionOfOnePlace(t *testing.T) {
	t.Parallel()
	for _, source := range gate.Sources() {
		for _, rule := range gate.Rules(source) {
			if rule.Kind != gate.KindPermission {
				continue
			}
			places := read(t, `{"version": 1, "gate": {"`+rule.Name+`": true}, "sources": {"`+string(source)+`": {}}}`).For(source)
			if got := value(rule, gate.Merge(source, places...)); !equal(got, ptr(true)) {
				t.Errorf("%s: %s: %s", source, rule.Name, show(got))
			}
		}
	}
}

func TestMerge_smallestAgeIsKeptAsDuration(t *testing.T) {
	t.Parallel()
	places := read(t, "version: 1\ngate: {max_age: 1h}\nsources: {ms_scan_results: {max_age: 90m}}\n").For(gate.SourceScanResults)
	if got := gate.Merge(gate.SourceScanResults, places...).MaxAge; got != time.Hour {
		t.Errorf("max_age is %s", got)
	}
}
