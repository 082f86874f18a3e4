package gate

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestEvaluate_failOnLevels(t *testing.T) {
	t.Parallel()
	failing := map[Severity][]Severity{
		"":       {Critical, High, Unknown},
		Critical: {Critical, Unknown},
		High:     {Critical, High, Unknown},
		Medium:   {Critical, High, Medium, Unknown},
		Low:      {Critical, High, Medium, Low, Unknown},
		Info:     {Critical, High, Medium, Low, Info, Unknown},
		"bogus":  {Critical, High, Medium, Low, Info, Unknown},
	}
	for level, severities := range failing {
		for _, severity := range Severities() {
			t.Run(fmt.Sprintf("%s at %s", severity, level), func(t *testing.T) {
				t.Parallel()
				policy := resultsPolicy(md5A)
				policy.FailOn = level
				v := evaluateFindings(policy, Finding{Category: Vulnerability, Severity: severity, ID: "V"})
				if fails := v.Outcome == Fail; fails != slices.Contains(severities, severity) {
					t.Fatalf("outcome %s", v.Outcome)
				}
			})
		}
	}
}

// evaluateFindings judges findings of a scan that is proven in all else.
func evaluateFindings(p Policy, findings ...Finding) Verdict {
	e := cleanResults(p.RequiredMD5s...).Evidence(p)
	e.Findings = identify(findings)
	return Evaluate(e, p, now)
}

func TestEvaluate_severityOutsideTheListIsUnknown(t *testing.T) {
	t.Parallel()
	for _, severity := range []Severity{"", "LOW", "none", "negligible"} {
		policy := resultsPolicy(md5A)
		policy.FailOn = Critical
		expectOutcome(t, evaluateFindings(policy, Finding{Category: Vulnerability, Severity: severity, ID: "V"}), Fail)
	}
}

func TestEvaluate_atNoneUnknownFailsUnlessItHasABudget(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.FailOn, policy.MaxFindings = FailOnNone, map[Severity]int64{Critical: 1}
	results := resultsWith(high("V1"), Vul{ID: text("V2")})
	v := judge(results, policy)
	if got := rulesOf(v); got != "fail_on:V2" {
		t.Fatalf("violations %q", got)
	}
	policy.MaxFindings = map[Severity]int64{Unknown: 1}
	expectOutcome(t, judge(results, policy), Pass)
	policy.MaxFindings = map[Severity]int64{Unknown: 0}
	if got := rulesOf(judge(results, policy)); got != "max_findings:V2" {
		t.Fatalf("violations %q", got)
	}
}

func TestEvaluate_maxFindingsFailsEachFindingOfTheSeverity(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.MaxFindings = map[Severity]int64{Medium: 1, Low: 0}
	expectOutcome(t, judge(resultsWith(medium("V1")), policy), Pass)
	if got := rulesOf(judge(resultsWith(medium("V1"), medium("V2")), policy)); got != "max_findings:V1 max_findings:V2" {
		t.Fatalf("violations %q", got)
	}
	// The default of fail_on holds beside it.
	policy.MaxFindings = map[Severity]int64{High: 5}
	if got := rulesOf(judge(resultsWith(high("V1")), policy)); got != "fail_on:V1" {
		t.Fatalf("violations %q", got)
	}
}

func TestEvaluate_exceptedFindingsDoNotUseUpABudget(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.MaxFindings = map[Severity]int64{Medium: 1}
	policy.Exceptions = []Exception{{Category: Vulnerability, ID: "V1", Reason: "r", ExpiresAt: "2026-12-31"}}
	v := judge(resultsWith(medium("V1"), medium("V2")), policy)
	expectOutcome(t, v, Pass)
	if v.ExceptedCount != 1 {
		t.Fatalf("excepted %d", v.ExceptedCount)
	}
}

func TestEvaluate_deniedCategoriesAndIDs(t *testing.T) {
	t.Parallel()
	results := cleanResults(md5A)
	results.Rows[0].Permissions.Names = []field.Value[string]{text("android.permission.CAMERA")}
	policy := resultsPolicy(md5A)
	policy.DeniedCategories = []Category{Permission}
	if got := rulesOf(judge(results, policy)); got != "denied_category:android.permission.CAMERA" {
		t.Fatalf("violations %q", got)
	}
	policy.DeniedCategories, policy.Denied = nil, deny(Permission, " Android.Permission.camera ")
	if got := rulesOf(judge(results, policy)); got != "denied_id:android.permission.CAMERA" {
		t.Fatalf("violations %q", got)
	}
}

func TestEvaluate_oneViolationForEachRuleAndFinding(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.MaxFindings, policy.DeniedCategories, policy.Denied = map[Severity]int64{High: 0}, []Category{Vulnerability, Vulnerability}, deny(Vulnerability, "V", "v")
	v := judge(resultsWith(high("V")), policy)
	if got := rulesOf(v); got != "fail_on:V max_findings:V denied_category:V denied_id:V" || v.ViolationCount != 4 {
		t.Fatalf("violations %q, count %d", got, v.ViolationCount)
	}
}

func TestEvaluate_violationsAreWorstFirstAndBounded(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.FailOn = Info
	var findings []Finding
	for _, severity := range []Severity{Info, Low, Medium, High, Unknown, Critical} {
		for i := range 30 {
			findings = append(findings, Finding{Category: Vulnerability, Severity: severity, ID: fmt.Sprint(99 - i)})
		}
	}
	v := evaluateFindings(policy, findings...)
	if len(v.Violations) != MaxViolations || v.ViolationCount != 180 {
		t.Fatalf("%d listed, %d counted", len(v.Violations), v.ViolationCount)
	}
	for i, violation := range v.Violations {
		if want := []Severity{Critical, Unknown, High, Medium}[i/30]; violation.Severity != want {
			t.Fatalf("violation %d has severity %s, want %s", i, violation.Severity, want)
		}
	}
	if v.Violations[0].ID != "70" || v.Violations[29].ID != "99" {
		t.Fatalf("order within a severity: %s … %s", v.Violations[0].ID, v.Violations[29].ID)
	}
}

func TestEvaluate_violationsBeatReasonsAndReasonsBeatPass(t *testing.T) {
	t.Parallel()
	results := resultsWith(high("V"))
	results.TotalCount = Count{}
	v := judge(results, resultsPolicy(md5A))
	expectOutcome(t, v, Fail)
	expectReasons(t, v, "count_mismatch")
	results.Rows[0].Vul.Vuls = nil
	expectOutcome(t, judge(results, resultsPolicy(md5A)), Incomplete)
}

func TestEvaluate_reasonsOfTheCallerMakeItIncomplete(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	e := cleanResults(md5A).Evidence(policy)
	e.Reasons = append(e.Reasons, Reason{WaitTimedOut, "after 3h"})
	v := Evaluate(e, policy, now)
	expectOutcome(t, v, Incomplete)
	expectReasons(t, v, "wait_timed_out")
	bare := Evaluate(Evidence{Source: SourceScanResults, Reasons: []Reason{{WaitTimedOut, "after 3h"}}}, policy, now)
	expectReasons(t, bare, "wait_timed_out")
}

func TestEvaluate_evidenceForOtherDemandsDoesNotPass(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	summaryOnly := cleanResults(md5A).Evidence(Policy{Source: SourceScanResults})
	expectReasons(t, Evaluate(summaryOnly, policy, now), "evidence_mismatch")
	expectReasons(t, Evaluate(Evidence{Source: SourceScanResults}, policy, now), "evidence_mismatch")
	expectReasons(t, Evaluate(Evidence{}, policy, now), "invalid_policy")
	expectReasons(t, Evaluate(Evidence{}, Policy{}, now), "invalid_policy")
	expectReasons(t, Evaluate(cleanHosts("Vul").Evidence(policy), policy, now), "invalid_policy")

	weaker := map[string]Policy{
		"types":      {Source: SourceScanResults, RequiredMD5s: []string{md5A}, RequiredScanTypes: []string{VulScan}},
		"categories": {Source: SourceScanResults, RequiredMD5s: []string{md5A}, DeniedCategories: []Category{Ad}},
		"ids":        {Source: SourceScanResults, RequiredMD5s: []string{md5A}, Denied: deny(Vulnerability, "V")},
		"level":      {Source: SourceScanResults, RequiredMD5s: []string{md5A}, FailOn: Low},
	}
	for name, other := range weaker {
		expectReasons(t, Evaluate(cleanResults(md5A).Evidence(other), policy, now), "evidence_mismatch")
		if v := Evaluate(cleanResults(md5A).Evidence(other), other, now); !v.Passed() {
			t.Errorf("%s: %s", name, v.Message)
		}
	}
}

func TestEvaluate_invalidPolicyNeverPasses(t *testing.T) {
	t.Parallel()
	for name, change := range invalidPolicies {
		policy := resultsPolicy(md5A)
		change(&policy)
		v := Evaluate(cleanResults(policy.RequiredMD5s...).Evidence(policy), policy, now)
		if v.Passed() || !slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Code == InvalidPolicy }) {
			t.Errorf("%s: %s %v", name, v.Outcome, v.Reasons)
		}
	}
}

func TestEvaluate_orderOfTheAnswerDoesNotMatter(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A, md5B)
	policy.MaxFindings, policy.RecordFingerprints = map[Severity]int64{Medium: 1}, true
	policy.Exceptions = []Exception{{Category: Vulnerability, ID: "V1", Reason: "r", ExpiresAt: "2026-12-31", AppMD5: ptr(md5A)}}
	results := cleanResults(md5A, md5B)
	for i := range results.Rows {
		results.Rows[i] = vulns(results.Rows[i], high("V1"), high("V2"), medium("V3"), medium("V3"), Vul{}, Vul{Name: "x"})
	}
	results.Rows = append(results.Rows, ScannedApp{State: RowFailed, Problem: "b"}, ScannedApp{State: RowFailed, Problem: "a"})
	baseline := results.Findings(nil)
	for _, finding := range baseline {
		if finding.ID == "V2" && finding.AppMD5 == md5A {
			policy.Baseline = []string{finding.Fingerprint}
		}
	}
	want := judge(results, policy)
	if want.BaselinedCount != 1 || want.ExceptedCount != 1 || want.ViolationCount == 0 || len(want.Reasons) < 3 {
		t.Fatalf("the scan does not exercise everything: %+v", want)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		random.Shuffle(len(results.Rows), func(i, j int) { results.Rows[i], results.Rows[j] = results.Rows[j], results.Rows[i] })
		for _, row := range results.Rows {
			vuls := row.Vul.Vuls
			random.Shuffle(len(vuls), func(i, j int) { vuls[i], vuls[j] = vuls[j], vuls[i] })
		}
		if got := judge(results, policy); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestEvaluate_changesNothingOfItsArguments(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.Baseline, policy.Denied = []string{"B", "A"}, deny(Vulnerability, "z", "a")
	build := func() Evidence {
		e := resultsWith(high("V2"), high("V1")).Evidence(policy)
		slices.Reverse(e.Findings)
		e.Reasons = []Reason{{WaitTimedOut, "b::"}, {NotFinished, "a"}}
		return e
	}
	e := build()
	Evaluate(e, policy, now)
	if !reflect.DeepEqual(e, build()) || policy.Baseline[0] != "B" || policy.Denied[0].ID != "z" {
		t.Fatal("Evaluate changed its arguments")
	}
}

func TestEvaluate_addingARuleNeverRelaxesAnother(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	rules := []func(*Policy){
		func(p *Policy) { p.MaxFindings = map[Severity]int64{High: 100, Medium: 100, Unknown: 100} },
		func(p *Policy) { p.DeniedCategories = []Category{Permission} },
		func(p *Policy) { p.Denied = deny(Vulnerability, "V1") },
		func(p *Policy) { p.MaxAge = time.Hour * 9 },
		func(p *Policy) { p.RequiredScanTypes = ScanTypes() },
	}
	for range 200 {
		results := cleanResults(md5A)
		for i := range random.IntN(5) {
			results.Rows[0] = vulns(results.Rows[0], append(results.Rows[0].Vul.Vuls, Vul{ID: text(fmt.Sprint("V", i)), RiskLevel: num(random.Int64N(5))})...)
		}
		policy := resultsPolicy(md5A)
		policy.FailOn = []Severity{Critical, High, Medium, Low, Info}[random.IntN(5)]
		before := judge(results, policy)
		rules[random.IntN(len(rules))](&policy)
		if after := judge(results, policy); after.ViolationCount < before.ViolationCount || (after.Passed() && !before.Passed()) {
			t.Fatalf("before %s, after %s", before.Message, after.Message)
		}
	}
}
