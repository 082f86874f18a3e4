package report

import (
	"encoding/xml"
	"fmt"
	"slices"
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
			found[suite.Name+" / "+c.ClassName+" / "+c.Name] = result
		}
	}
	return found
}

func TestJUnit_hasACaseForEachRuleAndApp(t *testing.T) {
	t.Parallel()
	suites := readJUnit(t, render(t, "junit", mixed(t)))
	got := results(suites)
	source := " (ms_scan_results)"
	want := map[string]string{
		"Scan of packages: com.example.shop, com.example.widget / ms_scan_results / evidence" + source:           "error: The answer does not prove enough for a pass.",
		"Scan of packages: com.example.shop, com.example.widget / com.example.shop / fail_on" + source:           "fails: Critical virus: Trojan.Sample in com.example.shop (App 1.0); violates fail_on. And 2 more findings.",
		"Scan of packages: com.example.shop, com.example.widget / com.example.shop / denied_category" + source:   "fails: Low advertising: Sample Ads in com.example.shop (App 1.0); violates denied_category.",
		"Scan of packages: com.example.shop, com.example.widget / com.example.widget / fail_on" + source:         "skipped: not proven: see the case evidence",
		"Scan of packages: com.example.shop, com.example.widget / com.example.widget / denied_category" + source: "skipped: not proven: see the case evidence",
		"Scan of packages: com.example.widget / com.example.widget / evidence" + source:                          "passes",
		"Scan of packages: com.example.widget / com.example.widget / fail_on" + source + " #2":                   "passes",
		"Scan of packages: com.example.widget #2 / com.example.widget / gate" + source:                           "skipped: there is no gate, so that nothing was judged",
		"Scan of packages: com.example.shop / com.example.shop / evidence" + source:                              "passes",
		"Scan of packages: com.example.shop / com.example.shop / fail_on" + source + " #2":                       "fails: High vulnerability: Web view runs any script (V-1) in com.example.shop (App 1.0), at classes.dex; violates fail_on.",
		"Scan of images / ms_tcss_vul_scan_info / evidence (ms_tcss_vul_scan_info)":                              "passes",
		"Scan of images / ms_tcss_vul_scan_info / max_found_vul (ms_tcss_vul_scan_info)":                         "fails: Unknown vulnerability: 7 vulnerabilities in local images, 0 allowed; violates max_found_vul.",
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
			name := full[strings.LastIndex(full, " / ")+3:]
			if result == "passes" && (len(test.passes) == 0 || name != test.passes[0]+" (ms_scan_results)") {
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
	prefix := "Scan of packages: a, a / a / fail_on (ms_scan_results)"
	if !strings.HasPrefix(got[prefix], "fails: ") || got[prefix+" #2"] != "passes" {
		t.Errorf("%v", got)
	}
}

// TestJUnit_aTaskAsAWholeIsACase: the list of vulnerabilities does not say on which machines they are.
func TestJUnit_aTaskAsAWholeIsACase(t *testing.T) {
	t.Parallel()
	got := results(readJUnit(t, render(t, "junit", Report{Scans: []Scan{hosts("1", "web-1.example.com", "web-2.example.com")}})))
	if !strings.HasPrefix(got["Scan of hosts (Vul): web-1.example.com, web-2.example.com / ms_cwp_scan_task_details Vul / fail_on (ms_cwp_scan_task_details Vul)"], "fails: Critical vulnerability: n (CVE-1)") || len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// TestJUnit_aFindingOfNobodyLetsNobodyPass: the verdict of a scan without details does not name the host.
func TestJUnit_aFindingOfNobodyLetsNobodyPass(t *testing.T) {
	t.Parallel()
	several, one := hosts("1", "web", "db"), hosts("1", "web")
	several.OneForAll, one.OneForAll = false, false
	const of = " (ms_cwp_scan_task_details Vul)"
	for _, test := range []struct {
		scan Scan
		want map[string]string
	}{
		{several, map[string]string{"web / fail_on": "skipped: not known", "db / fail_on": "skipped: not known", "ms_cwp_scan_task_details Vul / fail_on": "fails: Critical", "ms_cwp_scan_task_details Vul / evidence": "passes"}},
		{one, map[string]string{"web / fail_on": "fails: Critical", "web / evidence": "passes"}},
		{hosts("1", "web"), map[string]string{"web / fail_on": "fails: Critical", "web / evidence": "passes"}},
	} {
		got := results(readJUnit(t, render(t, "junit", Report{Scans: []Scan{test.scan}})))
		for name, want := range test.want {
			if result := got[test.scan.suiteName()+" / "+name+of]; !strings.HasPrefix(result, want) {
				t.Errorf("%s is %q, want %q", name, result, want)
			}
		}
		if len(got) != len(test.want) {
			t.Errorf("%v", got)
		}
	}
}

// caseNames returns the class and the name of each case, in order.
func caseNames(t *testing.T, r Report) []string {
	t.Helper()
	var names []string
	for _, suite := range readJUnit(t, render(t, "junit", r)).Suites {
		for _, c := range suite.Cases {
			names = append(names, c.ClassName+" / "+c.Name)
		}
	}
	return names
}

// TestJUnit_namesAreUniqueAndStayBetweenRuns: the next run has other ids, other builds and other versions
// of the same apps and hosts, and other findings.
func TestJUnit_namesAreUniqueAndStayBetweenRuns(t *testing.T) {
	t.Parallel()
	run := func(n int) Report {
		md5 := func(app int) string { return fmt.Sprintf("%032x", 100*n+app) }
		of := func(rows ...gate.ScannedApp) Scan {
			scan := judged(t, &gate.Policy{}, rows...)
			scan.Object = fmt.Sprintf("item %d", n)
			for i := range scan.Subjects {
				scan.Subjects[i].Label = fmt.Sprintf("App %d.0", n)
			}
			return scan
		}
		high := vul(fmt.Sprintf("V-%d", n), "n", "", 3)
		machine := Scan{
			Source: gate.SourceHostScan, Kind: "Malware", Object: fmt.Sprintf("Malware task %d", n), Rules: []gate.Rule{gate.RuleFailOn}, Verdict: &gate.Verdict{Outcome: gate.Pass},
			Subjects: []Subject{{Name: "q1", Label: "web", Scanned: true}, {Name: "q2", Label: "web", Scanned: true}, {Name: "q3", Label: "db.example.com", Scanned: true}},
		}
		detection := of(row(md5(1), "com.example.shop"))
		detection.Source = gate.SourceAPKDetection
		return Report{Scans: []Scan{
			of(row(md5(1), "com.example.shop", high), row(md5(2), "com.example.widget")), of(row(md5(3), "com.example.shop")), detection, of(row(md5(4), ""), row(md5(5), "")),
			hosts(fmt.Sprint(n), "web", "db"), hosts(fmt.Sprint(n+1), "web", "db"), machine, images(), images(), judged(t, nil, row(md5(6), "com.example.shop")),
		}}
	}
	first, second := caseNames(t, run(1)), caseNames(t, run(2))
	if !slices.Equal(first, second) {
		t.Errorf("the names are\n%q, in the next run\n%q", first, second)
	}
	slices.Sort(first)
	if unique := slices.Compact(slices.Clone(first)); len(unique) != len(first) {
		t.Errorf("not unique: %q", first)
	}
	for _, want := range []string{"web / fail_on on q1 (ms_cwp_scan_task_details Malware)", "db.example.com / fail_on (ms_cwp_scan_task_details Malware)", "com.example.shop / fail_on (ms_apk_detection)"} {
		if !slices.Contains(first, want) {
			t.Errorf("no %s in %q", want, first)
		}
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
