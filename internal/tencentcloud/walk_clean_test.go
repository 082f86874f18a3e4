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

// copies are the same place of what two pages of hosts have in common, a row and the vulnerabilities: a service
// writes it in one way.
func (c walkCase) copies(t *testing.T, page int, of node) map[int]node {
	t.Helper()
	const last, first = "ScanTaskDetailList[1].", "ScanTaskDetailList[0]."
	other, exact := 1-page, strings.Replace(of.exact, last, first, 1)
	if page == 1 {
		exact = strings.Replace(of.exact, first, last, 1)
	}
	if len(c.pages) != 2 || exact == of.exact && !strings.HasPrefix(exact, "VulInfo[") {
		return nil
	}
	places := nodesOf(t, c.pages[other])
	return map[int]node{other: places[slices.IndexFunc(places, func(p node) bool { return p.exact == exact })]}
}

// TestWalk_everyCleanSpellingPasses puts every spelling of a clean value into its place, one at a time; the
// answers must pass as the clean ones do.
func TestWalk_everyCleanSpellingPasses(t *testing.T) {
	if slowness > 1 {
		t.Skip("one goroutine: the race detector has nothing to find")
	}
	t.Parallel()
	tried := 0
	for _, c := range walkCases() {
		bodies := c.bodies(t)
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
				if _, row := place.value.(map[string]any); !row && !strings.HasSuffix(place.path, "[]") && (inPlaces(c.free, place.path) || inPlaces(c.optional, place.path)) {
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
