package tencentcloud_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// spellings returns other ways in which the services write one value: numbers as text and with decimals, the
// numbers of flags, times with a zone of their own.
func spellings(path string, value any) []string {
	zone := time.FixedZone("", 8*60*60) // of times without one
	switch v := value.(type) {
	case json.Number:
		if n := v.String(); !strings.Contains(n, ".") {
			return []string{`"` + n + `"`, n + ".0", `"` + n + `.0"`, `" ` + n + ` "`, `"0` + n + `"`, n + "e0"}
		}
		return []string{`"` + v.String() + `"`, v.String() + "0"}
	case bool:
		return []string{fmt.Sprintf(`"%t"`, v), map[bool]string{true: "1", false: "0"}[v], map[bool]string{true: `"1"`, false: `"0"`}[v]}
	case string:
		if at, err := time.ParseInLocation(time.DateTime, v, zone); err == nil && strings.HasSuffix(path, "Time") {
			return []string{fmt.Sprintf("%q", at.Format(time.RFC3339)), fmt.Sprintf("%q", at.UTC().Format(time.RFC3339)), fmt.Sprintf("%q", " "+v+" ")}
		}
		if v != "" && strings.Trim(v, "0123456789") == "" {
			return []string{v, v + ".0", `" ` + v + ` "`}
		}
	}
	return nil
}

// copies are the same place of what two pages have in common, a row and the vulnerabilities of a task: a service
// writes it in one way.
func (c walkCase) copies(t *testing.T, page int, of node) map[int]node {
	t.Helper()
	copies := map[int]node{}
	add := func(other int, exact string) {
		places := nodesOf(t, c.pages[other])
		copies[other] = places[slices.IndexFunc(places, func(p node) bool { return p.exact == exact })]
	}
	for _, o := range c.overlaps {
		var rows []node
		for _, place := range nodesOf(t, c.pages[o.page]) {
			if place.path == o.list+"[]" {
				rows = append(rows, place)
			}
		}
		last, first := rows[len(rows)-1].exact+".", o.list+"[0]."
		if rest, is := strings.CutPrefix(of.exact, last); is && page == o.page {
			add(page+1, first+rest)
		}
		if rest, is := strings.CutPrefix(of.exact, first); is && page == o.page+1 {
			add(page-1, last+rest)
		}
		if o.list == "ScanTaskDetailList" && strings.HasPrefix(of.exact, "VulInfo[") {
			add(2*o.page+1-page, of.exact)
		}
	}
	return copies
}

// TestWalk_everyCleanSpellingPasses puts every spelling of a clean value into its place, one at a time; the
// answers must pass as the clean ones do.
func TestWalk_everyCleanSpellingPasses(t *testing.T) {
	if slowness > 1 {
		t.Skip("one goroutine: the race detector has nothing to find")
	}
	t.Parallel()
	tried := 0
	for _, c := range append(walkCases(), findingCases()...) {
		bodies := c.bodies(t)
		if v, err := c.judge(bodies, c.policy); err != nil || !v.Passed() {
			t.Fatalf("%s: the clean answer does not pass: %v, %v", c.source, err, v.Reasons)
		}
		for page, text := range c.pages {
			try := func(replacement json.RawMessage, place node) {
				tried++
				changed := slices.Clone(bodies)
				changed[page] = place.set(replacement)
				for other, copied := range c.copies(t, page, place) {
					changed[other] = copied.set(replacement)
				}
				what := fmt.Sprintf("%q at %s", replacement, place.exact)
				if v, err := c.judge(changed, c.policy); err != nil || !v.Passed() {
					t.Errorf("%s, page %d: does not pass with %s: %v %v", c.source, page+1, what, err, v.Reasons)
				}
			}
			for _, place := range nodesOf(t, text) {
				for _, spelling := range spellings(place.path, place.value) {
					try(json.RawMessage(spelling), place)
				}
				if _, row := place.value.(map[string]any); !row && !strings.HasSuffix(place.path, "[]") && (inPlaces(c.free, page+1, place) || inPlaces(c.optional, page+1, place)) {
					try(json.RawMessage("null"), place)
					try(nil, place)
				}
			}
		}
	}
	t.Logf("%d clean answers", tried)
	if tried < 1000 {
		t.Errorf("only %d answers were tried", tried)
	}
}
