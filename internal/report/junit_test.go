package report

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func readJUnit(t *testing.T, text string) junitSuites {
	t.Helper()
	var suites junitSuites
	if err := xml.Unmarshal([]byte(text), &suites); err != nil {
		t.Fatal(err)
	}
	return suites
}

// results returns what each case of the suites came to.
func results(suites junitSuites) map[string]string {
	found := map[string]string{}
	for _, suite := range suites.Suites {
		for _, c := range suite.Cases {
			result := "passes"
			switch {
			case c.Failure != nil:
				result = "fails: " + c.Failure.Message
			case c.Error != nil:
				result = "error: " + c.Error.Message
			case c.Skipped != nil:
				result = "skipped: " + c.Skipped.Message
			}
			found[suite.Name+" / "+c.Name] = result
		}
	}
	return found
}

func TestJUnit_hasACaseForEachRuleAndApp(t *testing.T) {
	t.Parallel()
	suites := readJUnit(t, render(t, "junit", mixed(t)))
	got := results(suites)
	want := map[string]string{
		"Scan of packages: item 1shi2e / evidence":                                        "error: The answer does not prove enough for a pass.",
		"Scan of packages: item 1shi2e / fail_on in com.example.shop (App 1.0)":           "fails: Critical virus: Trojan.Sample in com.example.shop (App 1.0); breaks fail_on. And 2 more findings.",
		"Scan of packages: item 1shi2e / denied_category in com.example.shop (App 1.0)":   "fails: Low advertising: Sample Ads in com.example.shop (App 1.0); breaks denied_category.",
		"Scan of packages: item 1shi2e / fail_on in com.example.widget (App 1.0)":         "skipped: not proven: see the case evidence",
		"Scan of packages: item 1shi2e / denied_category in com.example.widget (App 1.0)": "skipped: not proven: see the case evidence",
		"Scan of packages: item clean / evidence":                                         "passes",
		"Scan of packages: item clean / fail_on in com.example.widget (App 1.0)":          "passes",
		"Scan of packages: item ungated / gate":                                           "skipped: there is no gate, so that nothing was judged",
		"Scan of packages: item partial / evidence":                                       "passes",
		"Scan of packages: item partial / fail_on in com.example.shop (App 1.0)":          "fails: High vulnerability: Web view runs any script (V-1) in com.example.shop (App 1.0), at classes.dex; breaks fail_on.",
		"Scan of images: local image task 2 / evidence":                                   "passes",
		"Scan of images: local image task 2 / max_found_vul":                              "fails: Unknown vulnerability: 7 vulnerabilities in local images, 0 allowed; breaks max_found_vul.",
	}
	for name, result := range want {
		if got[name] != result {
			t.Errorf("%s: %q, want %q", name, got[name], result)
		}
	}
	if len(got) != len(want) || suites.Tests != len(want) || suites.Failures != 4 || suites.Errors != 1 || suites.Skipped != 3 {
		t.Errorf("%d cases; counted %d tests, %d failures, %d errors, %d skipped", len(got), suites.Tests, suites.Failures, suites.Errors, suites.Skipped)
	}
	text := suites.Suites[0].Cases[1].Failure.Text
	if !strings.Contains(text, "Rated in words (V-4)") || !strings.Contains(text, "Fingerprint ") || !strings.Contains(text, "To pass: ") {
		t.Errorf("the failure says %q", text)
	}
}

// TestJUnit_nothingPassesUnproven: a case passes only under a verdict that proves it.
func TestJUnit_nothingPassesUnproven(t *testing.T) {
	t.Parallel()
	running := row(md5A, "a")
	running.State = gate.RowRunning
	hidden := withoutDetails(judged(t, &gate.Policy{FailOn: gate.Low}, row(md5A, "a", vul("V-1", "n", "", 3)), row(md5B, "b", vul("V-2", "n", "", 2))))
	hidden.Verdict.Violations = hidden.Verdict.Violations[:1]
	hidden.Findings = hidden.Verdict.Violators()
	silent := judged(t, &gate.Policy{}, row(md5A, "a"))
	silent.Verdict.Outcome = gate.Fail
	odd := judged(t, &gate.Policy{}, row(md5A, "a"))
	odd.Verdict.Outcome = "passed"
	unscanned := judged(t, &gate.Policy{}, row(md5A, "a"))
	unscanned.Subjects[0].Scanned = false
	for name, test := range map[string]struct {
		scan   Scan
		passes []string // the cases that may
		fails  bool
	}{
		"processing":             {scan: judged(t, &gate.Policy{}, running), fails: true},
		"violations not listed":  {scan: hidden, passes: []string{"evidence"}, fails: true},
		"fails without a reason": {scan: silent, passes: []string{"evidence"}, fails: true},
		"unknown outcome":        {scan: odd, fails: true},
		"an app not scanned":     {scan: unscanned, passes: []string{"evidence"}},
		"no gate":                {scan: judged(t, nil, row(md5A, "a"))},
	} {
		suites := readJUnit(t, render(t, "junit", Report{Scans: []Scan{test.scan}}))
		for full, result := range results(suites) {
			_, name, _ := strings.Cut(full, " / ")
			if result == "passes" && (len(test.passes) == 0 || name != test.passes[0]) {
				t.Errorf("%s: the case %s passes", name, full)
			}
		}
		if got := suites.Failures+suites.Errors > 0; got != test.fails {
			t.Errorf("%s: %d failures and %d errors", name, suites.Failures, suites.Errors)
		}
	}
}

func TestJUnit_tellsBuildsOfOneAppApart(t *testing.T) {
	t.Parallel()
	scan := judged(t, &gate.Policy{}, row(md5A, "a", vul("V-1", "n", "", 3)), row(md5B, "a"))
	got := results(readJUnit(t, render(t, "junit", Report{Scans: []Scan{scan}})))
	prefix := "Scan of packages: item 1shi2e / fail_on in a (App 1.0) "
	if !strings.HasPrefix(got[prefix+md5A], "fails: ") || got[prefix+md5B] != "passes" {
		t.Errorf("%v", got)
	}
}

// TestJUnit_aTaskAsAWholeIsACase: the list of vulnerabilities does not say on which machines they are.
func TestJUnit_aTaskAsAWholeIsACase(t *testing.T) {
	t.Parallel()
	finding := gate.Finding{Category: gate.Vulnerability, Severity: gate.Critical, ID: "CVE-1", Name: "n", Fingerprint: "f"}
	verdict := gate.Verdict{Outcome: gate.Fail, Message: "m", ViolationCount: 1, Violations: []gate.Violation{{Rule: gate.RuleFailOn, Finding: finding}}}
	scan := Scan{Source: gate.SourceHostScan, Object: "Vul task 1", Verdict: &verdict, Rules: []gate.Rule{gate.RuleFailOn}, Findings: verdict.Violators()}
	got := results(readJUnit(t, render(t, "junit", Report{Scans: []Scan{scan}})))
	if !strings.HasPrefix(got["Scan of hosts: Vul task 1 / fail_on"], "fails: Critical vulnerability: n (CVE-1)") || len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestJUnit_longListsAreCut(t *testing.T) {
	t.Parallel()
	suites := readJUnit(t, render(t, "junit", large(t, 1000)))
	text := suites.Suites[0].Cases[1].Failure.Text
	if lines := strings.Count(text, "\n") + 1; lines != maxJUnitFindings+2 || !strings.Contains(text, "and 400 more findings") {
		t.Errorf("%d lines, the end is %q", lines, text[len(text)-200:])
	}
}
