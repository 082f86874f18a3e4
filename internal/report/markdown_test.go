package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestMarkdown_saysHowGatesEndedAndWhy(t *testing.T) {
	t.Parallel()
	text := render(t, "markdown", mixed(t))
	for _, want := range []string{
		"Security scans: 3 of 4 gates fail, 1 of 4 gates passes, 1 scan without a gate\n===",
		"\n\n14 findings in 5 scans.\n\n",
		"| Scan of packages `com.example.shop`, `com.example.widget`, `item 1shi2e` | **fails** | 1 | 1 | 2 | 2 | 2 | 2 | 10 |\n",
		"| Scan of packages `com.example.widget`, `item clean` | passes | 0 | 0 | 0 | 0 | 1 | 0 | 1 |\n",
		"| Scan of packages `com.example.widget`, `item ungated` | no gate | 0 | 0 | 0 | 1 | 0 | 0 | 1 |\n",
		"| Scan of images `local image task 2` | **fails** | 0 | 1 | 0 | 0 | 0 | 0 | 1 |\n",
		"- `app_failed`: `com.example.widget` (`MD5 " + md5B + "`) could not be scanned: StatusCode 1000, the download link failed\n",
		"- To pass: " + scanWay(t) + "\n",
		"- The details were left out: only violations are listed.\n",
		"- The verdict holds until 2027-01-01T00:00:00Z.\n",
		"- Scanned: 2026-03-10T11:00:00Z\n",
		"Packages:\n\n- `com.example.shop (App 1.0)` `MD5 " + md5A + "`, 2026-03-10T11:00:00Z\n- `com.example.widget (App 1.0)` `MD5 " + md5B + "`, not scanned to the end\n",
		"Policy:\n\n- Findings of severity high and above fail.\n", "- Exception: vulnerability `V-5`, until `2027-01-01T00:00:00Z`: Only in the test build; ticket `SEC-1`.\n", "- `rule_of_tomorrow`: a 1, b.\n",
		"| high | Web view runs any script `V-1`, vulnerability | `com.example.shop (App 1.0)` `classes.dex` | violates `fail_on` |\n",
		"| excepted until `2027-01-01T00:00:00Z`: Only in the test build; ticket `SEC-1`. |\n",
		"<details><summary>4 more findings</summary>\n",
		"<details><summary>How to fix: 1 id</summary>\n\n- `V-1`: Turn scripts off.\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// scanWay is what would make the first scan pass, in the gate's own words.
func scanWay(t *testing.T) string {
	t.Helper()
	scan := mixed(t).Scans[0]
	return scan.toPass()
}

// findingRow takes the severity and the gate's word out of a row of the findings.
var findingRow = regexp.MustCompile(`(?m)^\| (critical|unknown|high|medium|low|info) \|.*\| ([^|]*) \|$`)

func TestMarkdown_isWorstFirst(t *testing.T) {
	t.Parallel()
	var severities []string
	previous := -1
	for _, match := range findingRow.FindAllStringSubmatch(render(t, "markdown", mixed(t)), -1) {
		group := 0
		switch {
		case strings.HasPrefix(match[2], "violates no rule"):
			group = 2
		case match[2] == "–":
			group = 1
		case strings.HasPrefix(match[2], "in the baseline"):
			group = 3
		case strings.HasPrefix(match[2], "excepted"):
			group = 4
		}
		if group < previous {
			t.Errorf("%s comes too late", match[0])
		}
		if group != previous {
			severities = nil
		}
		previous = group
		severities = append(severities, match[1])
		if !slices.IsSortedFunc(severities, func(a, b string) int {
			order := gate.Severities()
			return slices.Index(order, gate.Severity(a)) - slices.Index(order, gate.Severity(b))
		}) {
			t.Errorf("the order is %v", severities)
		}
	}
	if previous != 4 {
		t.Error("not all statuses are there")
	}
}

// TestMarkdown_fitsIntoAComment has many findings, many scans, and many of both.
func TestMarkdown_fitsIntoAComment(t *testing.T) {
	t.Parallel()
	many := large(t, 5000)
	var scans []Scan
	for range 700 {
		scan := mixed(t).Scans[0]
		scan.Object = strings.Repeat("\u4e2d", 150) // three bytes each
		scans = append(scans, scan)
	}
	for name, r := range map[string]Report{
		"findings": many, "scans": {Scans: scans}, "both": {Scans: append(scans[:len(scans):len(scans)], many.Scans...)},
	} {
		text := render(t, "markdown", r)
		rows := len(findingRow.FindAllString(text, -1))
		if len(text) > 65_000 || rows < 100 {
			t.Errorf("%s: %d bytes, %d findings", name, len(text), rows)
		}
		want := fmt.Sprintf("\nAnd %d more findings that this comment has no room for.\n", len(r.items())-rows)
		if !strings.Contains(text, want) {
			t.Errorf("%s ends with %q, and has no %q", name, text[len(text)-100:], want)
		}
		if name != "findings" && strings.Count(text, "more scans that this comment has no room for") != 2 {
			t.Errorf("%s: scans are cut without a word", name)
		}
		if len(text) < 60_000 {
			t.Errorf("%s: only %d bytes are used", name, len(text))
		}
	}
}

func TestMarkdown_nothingFoundIsShort(t *testing.T) {
	t.Parallel()
	text := render(t, "markdown", Report{Scans: []Scan{judged(t, &gate.Policy{}, row(md5A, "a"))}})
	if want := "Security scans: the gate passes\n===============================\n"; !strings.HasPrefix(text, want) || strings.Contains(text, "worst first") {
		t.Errorf("%s", text)
	}
}
