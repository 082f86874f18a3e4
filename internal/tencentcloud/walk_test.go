package tencentcloud_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// The walk puts odd values into every place of answers that pass, one at a time, at every depth, on every
// page and in every row, and judges the rest of the way for real: decoder, pages, evidence, gate. A pass is
// right only where the odd value means the same, or where the place decides nothing under the gate; the
// places of which that is true are listed with the reason.

// judgedAt is when the walk judges; the clean answers are an hour old then.
var judgedAt = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

// walkCase is an answer that passes a gate.
type walkCase struct {
	source string
	// pages are the Response objects of the answer, one for each page.
	pages  []string
	policy gate.Policy
	// overlaps are the rows that two pages have in common.
	overlaps []overlap
	// free are places that decide nothing under the gate, whatever stands there.
	free []place
	// optional are places that may be left out, or null.
	optional []place
	// sections are places where any object may stand, and named where any text that can be read may.
	sections, named []place
	// counts are places where a smaller or another number may stand, as long as it is a count; lists where any
	// list of named plugins may.
	counts, lists []place
	// older are places where an earlier time may stand.
	older []place
	// judge decodes the bodies of the pages and judges them.
	judge func(bodies [][]byte, policy gate.Policy) (gate.Verdict, error)
}

// overlap says that the last row of the list on a page is the first one on the next page.
type overlap struct {
	page int
	list string
}

// place is a set of paths, as in `ScanSet[].VulInfo.VulName`, and why it is in a list; the path is a pattern.
type place struct{ path, reason string }

// isPlace tells whether a path is one of a place; each pattern is compiled once.
var isPlace = func() func(pattern, path string) bool {
	var mu sync.Mutex
	compiled := map[string]*regexp.Regexp{}
	return func(pattern, path string) bool {
		mu.Lock()
		defer mu.Unlock()
		if compiled[pattern] == nil {
			compiled[pattern] = regexp.MustCompile("^(?:" + pattern + ")$")
		}
		return compiled[pattern].MatchString(path)
	}
}()

// inPlaces tells whether a place of a page is in a list: on all pages and in all rows, or as in `2:List[].Id` and
// `2:List[0].Id` on one of the pages, which begin with 1, and in one row.
func inPlaces(places []place, page int, at node) bool {
	ways := []string{at.path, fmt.Sprintf("%d:%s", page, at.path), fmt.Sprintf("%d:%s", page, at.exact)}
	return slices.ContainsFunc(places, func(p place) bool {
		return slices.ContainsFunc(ways, func(path string) bool { return isPlace(p.path, path) })
	})
}

// oddValues are what may stand where something else is meant, as JSON. Each is tried in every place.
var oddValues = []string{
	`null`, `""`, `" "`, `" 3 "`, `"３"`, `"3.0"`, `3.5`, `"3.5"`, `-1`, `"-1"`, `-7`, `9223372036854775808`, `18446744073709551616`, `1e400`, `"1e400"`, `"0x3"`, `"99+"`,
	`true`, `false`, `"yes"`, `"no"`, `"unknown"`, `"漏洞"`, `[]`, `[[]]`, `[null]`, `["x"]`, `{}`, `{"x":1}`, `"[]"`, `"{}"`, `"\u0000"`, `3`, `7`,
}

// oddTimes are tried where a time stands.
var oddTimes = []string{
	`"2999-01-01 00:00:00"`, `"0000-00-00 00:00:00"`, `"2026-02-30 00:00:00"`, `"1971-01-01 00:00:00"`, `"-"`, `"2026-03-10"`, `"2026-03-10T12:00:01Z"`, `"2026-03-09 11:00:00"`,
	`32503680000`, `253402300800`,
}

// node is a place in a document, with how to put something else there.
type node struct {
	path  string // without indices
	exact string
	value any
	// set returns the document with the place replaced; nil drops it.
	set func(replacement json.RawMessage) []byte
	// double returns the document with the key twice.
	double func(other json.RawMessage) []byte
	next   any // the neighbour's value
}

// nodesOf returns every place of a JSON object but itself.
func nodesOf(t *testing.T, text string) []node {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	encode := func() []byte {
		body, err := json.Marshal(map[string]any{"Response": root})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	var nodes []node
	var walk func(value any, path, exact string)
	walk = func(value any, path, exact string) {
		switch v := value.(type) {
		case map[string]any:
			names := slices.Sorted(maps.Keys(v))
			for i, name := range names {
				old := v[name]
				one := node{path: strings.TrimPrefix(path+"."+name, "."), exact: strings.TrimPrefix(exact+"."+name, "."), value: old, next: v[names[(i+1)%len(names)]]}
				one.set = func(replacement json.RawMessage) []byte {
					defer func() { v[name] = old }()
					if v[name] = replacement; replacement == nil {
						delete(v, name)
					}
					return encode()
				}
				one.double = func(other json.RawMessage) []byte {
					defer func() { v[name] = old; delete(v, name+"\x00") }()
					v[name+"\x00"] = other
					return bytes.ReplaceAll(encode(), []byte(`\u0000":`), []byte(`":`))
				}
				nodes = append(nodes, one)
				walk(old, one.path, one.exact)
			}
		case []any:
			for i := range v {
				old := v[i]
				one := node{path: path + "[]", exact: fmt.Sprintf("%s[%d]", exact, i), value: old, next: v[(i+1)%len(v)]}
				one.set = func(replacement json.RawMessage) []byte {
					defer func() { v[i] = old }()
					if v[i] = replacement; replacement == nil {
						v[i] = json.RawMessage("null")
					}
					return encode()
				}
				nodes = append(nodes, one)
				walk(old, one.path, one.exact)
			}
		}
	}
	walk(root, "", "")
	return nodes
}

// means tells whether an odd value means the same as the one in its place, read without this project's
// decoders: the same number, in whatever spelling, or the same text but for space around it.
func means(original any, odd string) bool {
	var other any
	decoder := json.NewDecoder(strings.NewReader(odd))
	decoder.UseNumber()
	if decoder.Decode(&other) != nil {
		return false
	}
	if reflect.DeepEqual(original, other) {
		return true
	}
	a, b := plainText(original), plainText(other)
	if a == nil || b == nil {
		return false
	}
	if strings.TrimSpace(*a) == strings.TrimSpace(*b) {
		return true
	}
	x, y := rational(*a), rational(*b)
	return x != nil && y != nil && x.Cmp(y) == 0
}

func plainText(value any) *string {
	text := ""
	switch v := value.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = fmt.Sprint(v)
	default:
		return nil
	}
	return &text
}

func rational(text string) *big.Rat {
	text = strings.TrimSpace(text)
	if len(text) > 40 || text == "" || strings.Trim(text, "0123456789+-.") != "" {
		return nil
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return number
}

// isName tells whether a JSON value is a text or number that an id may be.
func isName(odd string) bool {
	var text string
	if json.Unmarshal([]byte(odd), &text) == nil {
		return strings.TrimSpace(text) != ""
	}
	return odd != "" && strings.Trim(odd, "0123456789-+.eE") == ""
}

// isCount tells whether a JSON value is a whole number above zero, in any spelling.
func isCount(odd string) bool {
	number := rational(strings.Trim(odd, `"`))
	return number != nil && number.IsInt() && number.Sign() > 0
}

// TestWalk_noOddValuePasses is the walk.
func TestWalk_noOddValuePasses(t *testing.T) {
	if slowness > 1 {
		t.Skip("one goroutine: the race detector has nothing to find")
	}
	t.Parallel()
	tried, passed := 0, 0
	for _, c := range append(walkCases(), findingCases()...) {
		bodies := c.bodies(t)
		if v, err := c.judge(bodies, c.policy); err != nil || !v.Passed() {
			t.Fatalf("%s: the clean answer does not pass: %v, %s", c.source, err, v.Message)
		}
		for page, text := range c.pages {
			for _, place := range nodesOf(t, text) {
				var wrongly []string
				for _, odd := range c.odd(place) {
					tried++
					changed := slices.Clone(bodies)
					changed[page] = odd.body
					v, err := c.judge(changed, c.policy)
					if err != nil || !v.Passed() {
						continue
					}
					passed++
					switch {
					case odd.value != "" && means(place.value, odd.value):
					case inPlaces(c.free, page+1, place):
					case !odd.doubled && strings.HasPrefix(odd.value, "{") && inPlaces(c.sections, page+1, place):
					case !odd.doubled && isName(odd.value) && inPlaces(c.named, page+1, place):
					case !odd.doubled && isCount(odd.value) && inPlaces(c.counts, page+1, place):
					case !odd.doubled && strings.HasPrefix(odd.value, `[{"Plugin`) && inPlaces(c.lists, page+1, place):
					case odd.leavesOut(place) && inPlaces(c.optional, page+1, place):
					case strings.HasSuffix(place.path, "Time") && !odd.doubled && isDuringTheScan(odd.value):
					case !odd.doubled && isTime(odd.value) && inPlaces(c.older, page+1, place):
					default:
						wrongly = append(wrongly, odd.says())
					}
				}
				if len(wrongly) > 0 {
					t.Errorf("%s, page %d: passes at %s with %s", c.source, page+1, place.exact, strings.Join(wrongly, " | "))
				}
			}
		}
	}
	t.Logf("%d odd answers, %d of them pass", tried, passed)
	if tried < 20_000 {
		t.Errorf("only %d answers were tried", tried)
	}
}

// leavesOut tells whether an odd value is a way of not giving the place: none, null, no text where one is meant, or
// an empty list where another page gives one.
func (o oddity) leavesOut(place node) bool {
	_, list := place.value.([]any)
	_, text := place.value.(string)
	blank := text && strings.HasPrefix(o.value, `"`) && strings.TrimSpace(strings.Trim(o.value, `"`)) == ""
	return !o.doubled && (o.value == "" || o.value == "null" || blank || list && o.value == "[]")
}

// isTime tells whether a JSON value is a time before the walk judges.
func isTime(odd string) bool {
	at, err := time.ParseInLocation(`"2006-01-02 15:04:05"`, odd, time.FixedZone("", 8*60*60))
	return err == nil && at.Before(judgedAt)
}

// isDuringTheScan tells whether a JSON value is a time between the begin and the end of the clean scans.
func isDuringTheScan(odd string) bool {
	at, err := time.ParseInLocation(`"2006-01-02 15:04:05"`, odd, time.FixedZone("", 8*60*60))
	return err == nil && !at.Before(judgedAt.Add(-time.Hour)) && at.Before(judgedAt.Add(-45*time.Minute))
}

// oddity is a changed page; an empty value stands for a place that was dropped.
type oddity struct {
	value   string
	doubled bool
	body    []byte
}

func (o oddity) says() string {
	switch {
	case o.doubled:
		return "the key twice"
	case o.value == "":
		return "nothing"
	}
	return o.value
}

func (c walkCase) bodies(t *testing.T) [][]byte {
	t.Helper()
	bodies := make([][]byte, len(c.pages))
	for i, page := range c.pages {
		bodies[i] = []byte(`{"Response":` + page + `}`)
	}
	return bodies
}

// odd returns the page with each odd value in the place.
func (c walkCase) odd(place node) []oddity {
	odd := []oddity{{"", false, place.set(nil)}}
	values := oddValues
	if strings.HasSuffix(place.path, "Time") {
		values = append(slices.Clone(values), oddTimes...)
	}
	neighbour, _ := json.Marshal(place.next)
	for _, value := range append(slices.Clone(values), string(neighbour)) {
		odd = append(odd, oddity{value, false, place.set(json.RawMessage(value))})
		if place.double != nil && (value == "null" || value == "7" || value == "[]") {
			odd = append(odd, oddity{value, true, place.double(json.RawMessage(value))})
		}
	}
	return odd
}
