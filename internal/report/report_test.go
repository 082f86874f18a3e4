package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// TestRender_isAFunctionOfItsInput renders twice, and once more from scans that were made anew.
func TestRender_isAFunctionOfItsInput(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	for name := range renderers {
		first := render(t, name, r)
		if second := render(t, name, r); second != first {
			t.Errorf("%s differs from itself", name)
		}
		if third := render(t, name, mixed(t)); third != first {
			t.Errorf("%s depends on more than the scans", name)
		}
	}
}

func TestRender_doesNotChangeWhatItIsGiven(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	before := slices.Clone(r.Scans[0].Findings)
	notes := slices.Clone(r.Scans[0].Notes)
	for name := range renderers {
		render(t, name, r)
	}
	for i := range before {
		if before[i].Finding != r.Scans[0].Findings[i].Finding {
			t.Fatalf("finding %d has changed", i)
		}
	}
	if !slices.Equal(notes, r.Scans[0].Notes) {
		t.Error("the notes have changed")
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	of := func(outcomes ...gate.Outcome) Report {
		var r Report
		for _, outcome := range outcomes {
			scan := Scan{}
			if outcome != notJudged {
				scan.Verdict = &gate.Verdict{Outcome: outcome}
			}
			r.Scans = append(r.Scans, scan)
		}
		return r
	}
	for want, r := range map[string]Report{
		"Nothing was scanned":                             {},
		"The gate passes":                                 of(gate.Pass),
		"The gate fails":                                  of(gate.Fail),
		"The gate is incomplete":                          of(gate.Incomplete),
		"1 scan without a gate":                           of(notJudged),
		"All 2 gates pass":                                of(gate.Pass, gate.Pass),
		"All 2 gates are incomplete":                      of(gate.Incomplete, "what is this"),
		"1 of 2 gates fails, 1 of 2 gates passes":         of(gate.Pass, gate.Fail),
		"The gate passes, 2 scans without a gate":         of(notJudged, gate.Pass, notJudged),
		"1 of 3 gates fails, 2 of 3 gates are incomplete": of(gate.Incomplete, gate.Fail, gate.Incomplete),
	} {
		if got := r.headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if outcome := of(gate.Pass, notJudged).outcome(); outcome == gate.Pass {
		t.Error("a scan without a gate is taken for a pass")
	}
}

func TestHTML_showsTheWhole(t *testing.T) {
	t.Parallel()
	text := render(t, "html", mixed(t))
	for _, want := range []string{
		"<title>Security scans: 3 of 4 gates fail, 1 of 4 gates passes, 1 scan without a gate</title>",
		`<header class="banner fail">`, "<h4>What would make it pass</h4>\n<p>Fix what was found and scan again; and mend what the service says about the app and scan it again.</p>",
		"<li>app_failed: com.example.widget", `aria-label="Findings by severity: Critical 1, Unknown 2, High 3, Medium 3, Low 3, Info 2"`,
		`aria-label="Findings by category: Vulnerability 10, Permission 2, Ad 1, Virus 1"`,
		"<dt>Gate (policy_sha256)</dt>", "<p class=\"remark\">Local images: 12, vulnerabilities in local images: 7, registry images: not given.</p>",
		"Breaks fail_on", "Excepted until 2027-01-01T00:00:00Z: Only in the test build; ticket SEC-1.", "In the baseline", "Not judged",
		"terraform-provider-ms 1.2.3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	nothing := render(t, "html", Report{Scans: []Scan{judged(t, &gate.Policy{}, row(md5A, "a"))}})
	if strings.Contains(nothing, "<script") || strings.Contains(nothing, "<table") || !strings.Contains(nothing, "Nothing is listed.") {
		t.Errorf("a page without findings:\n%s", nothing)
	}
}

// TestHTML_policyIsOfItsOwnStyleAndScript: a page whose style or script is not the one that the policy
// names would have neither.
func TestHTML_policyIsOfItsOwnStyleAndScript(t *testing.T) {
	t.Parallel()
	text := render(t, "html", mixed(t))
	between := func(open, end string) string {
		_, rest, ok := strings.Cut(text, open)
		inside, _, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("no %s", open)
		}
		return inside
	}
	policy := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(between(`Content-Security-Policy" content="`, `"`))
	for _, want := range []string{"default-src 'none'", "style-src '" + digest(between("<style>", "</style>")) + "'", "script-src '" + digest(between("<script>", "</script>")) + "'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q has no %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy is %q", policy)
	}
}
