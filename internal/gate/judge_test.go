package gate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// someFindings are n vulnerabilities of a few kinds, so that exceptions cover some and leave others.
func someFindings(random *rand.Rand, n int) []Finding {
	var vuls []Vul
	for range n {
		vuls = append(vuls, Vul{ID: text(fmt.Sprintf("V-%d", random.IntN(8))), Name: "n", Location: fmt.Sprintf("f%d", random.IntN(5)), RiskLevel: num(int64(random.IntN(4)))})
	}
	return ScanResults{Rows: []ScannedApp{vulns(cleanApp(md5A), vuls...)}}.Findings(nil)
}

func somePolicy(random *rand.Rand, findings []Finding) Policy {
	p := resultsPolicy(md5A)
	p.FailOn = FailLevels()[1+random.IntN(5)]
	if random.IntN(2) == 0 {
		p.MaxFindings = map[Severity]int64{Medium: int64(random.IntN(3))}
	}
	for i := range random.IntN(6) {
		p.Exceptions = append(p.Exceptions, Exception{
			Category: Vulnerability, ID: fmt.Sprintf("V-%d", random.IntN(8)), Reason: fmt.Sprintf("because %d", i),
			ExpiresAt: now.AddDate(0, 0, random.IntN(9)-4).Format(time.DateOnly),
		})
	}
	for range random.IntN(4) {
		if len(findings) > 0 {
			p.Baseline = append(p.Baseline, findings[random.IntN(len(findings))].Fingerprint)
		}
	}
	return p
}

// TestRulings_areThoseOfTheVerdict judges with a clock and rules without it: both must agree, and a
// finding may rest only on an exception that was in force.
func TestRulings_areThoseOfTheVerdict(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	standings := map[FindingStatus]int{}
	for range 2000 {
		findings := someFindings(random, random.IntN(30))
		p := somePolicy(random, findings)
		v := Evaluate(Evidence{Source: SourceScanResults, Findings: findings, demands: p.demands()}, p, now)
		rulings, err := Judge(findings, p, v)
		if err != nil {
			t.Fatalf("%v\npolicy %+v", err, p)
		}
		var violations []Violation
		for _, ruling := range rulings {
			standings[ruling.Status]++
			for _, rule := range ruling.Rules {
				violations = append(violations, Violation{rule, ruling.Finding})
			}
			if ruling.Status == StatusExcepted && (!now.Before(ruling.Until) || ruling.Reason == "") {
				t.Fatalf("%+v rests on an exception that is over, or has no reason", ruling)
			}
		}
		if len(violations) > MaxViolations {
			violations = violations[:MaxViolations]
		}
		if !reflect.DeepEqual(violations, v.Violations) {
			t.Fatalf("rulings give %v\nthe verdict has %v", violations, v.Violations)
		}
	}
	for _, standing := range []FindingStatus{StatusViolation, StatusAllowed, StatusExcepted, StatusBaselined} {
		if standings[standing] == 0 {
			t.Errorf("no finding was %s, so nothing is proven about them", standing)
		}
	}
}

func TestRulings_refuseWhatDoesNotBelongTogether(t *testing.T) {
	t.Parallel()
	findings := someFindings(rand.New(rand.NewPCG(3, 4)), 20)
	p := resultsPolicy(md5A)
	v := Evaluate(Evidence{Source: SourceScanResults, Findings: findings, demands: p.demands()}, p, now)
	for name, change := range map[string]func(*Policy, *Verdict, *[]Finding){
		"another policy":     func(p *Policy, _ *Verdict, _ *[]Finding) { p.FailOn = Low },
		"a finding less":     func(_ *Policy, _ *Verdict, f *[]Finding) { *f = (*f)[1:] },
		"more excepted":      func(_ *Policy, v *Verdict, _ *[]Finding) { v.ExceptedCount++ },
		"more baselined":     func(_ *Policy, v *Verdict, _ *[]Finding) { v.BaselinedCount++ },
		"fewer violations":   func(_ *Policy, v *Verdict, _ *[]Finding) { v.ViolationCount-- },
		"no digest at all":   func(_ *Policy, v *Verdict, _ *[]Finding) { v.PolicySHA256 = "" },
		"nothing, a verdict": func(_ *Policy, v *Verdict, _ *[]Finding) { *v = Verdict{} },
	} {
		policy, verdict, found := p, v, slices.Clone(findings)
		change(&policy, &verdict, &found)
		if _, err := Judge(found, policy, verdict); !errors.Is(err, ErrVerdict) {
			t.Errorf("%s: %v, want ErrVerdict", name, err)
		}
	}
}

func TestViolators_nameEachFindingOnceWithAllItsRules(t *testing.T) {
	t.Parallel()
	a, b := Finding{ID: "a", Fingerprint: "1"}, Finding{ID: "b", Fingerprint: "2"}
	v := Verdict{Violations: []Violation{{RuleFailOn, a}, {RuleDeniedID, a}, {RuleFailOn, b}}}
	want := []JudgedFinding{
		{Finding: a, Status: StatusViolation, Rules: []Rule{RuleFailOn, RuleDeniedID}},
		{Finding: b, Status: StatusViolation, Rules: []Rule{RuleFailOn}},
	}
	if got := v.Violators(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestFindings_areNormalized: configurations and states hold NFC, so a service that spells "é" by two
// characters must not slip past a denied id.
func TestFindings_areNormalized(t *testing.T) {
	t.Parallel()
	const apart, composed = "Ge\u0301nie", "G\u00e9nie"
	results := ScanResults{Rows: []ScannedApp{vulns(cleanApp(md5A), Vul{ID: text(apart), Name: apart, Location: apart, RiskLevel: num(1)})}}
	findings := results.Findings(nil)
	finding := findings[0]
	if finding.ID != composed || finding.Name != composed || finding.Location != composed {
		t.Errorf("%+v is not composed", finding)
	}
	if want := Fingerprint(Finding{Category: Vulnerability, Severity: Low, ID: composed, Subject: "com.example.app", Location: composed}, 0); finding.Fingerprint != want {
		t.Errorf("fingerprint %s, want that of the composed text, %s", finding.Fingerprint, want)
	}
	p := resultsPolicy(md5A)
	p.Denied = deny(Vulnerability, composed)
	results.TotalCount = num(1)
	if v := Evaluate(results.Evidence(p), p, now); v.Outcome != Fail {
		t.Errorf("a denied id slipped past: %s", v.Message)
	}
}

func TestRules_areThoseThatAreSet(t *testing.T) {
	t.Parallel()
	if got := (Policy{}).JudgingRules(); !slices.Equal(got, []Rule{RuleFailOn}) {
		t.Errorf("%v", got)
	}
	full := Policy{MaxFindings: map[Severity]int64{Low: 1}, DeniedCategories: []Category{Ad}, Denied: deny(Ad, "x")}
	if got := full.JudgingRules(); !slices.Equal(got, []Rule{RuleFailOn, RuleMaxFindings, RuleDeniedCategory, RuleDeniedID}) {
		t.Errorf("%v", got)
	}
}
