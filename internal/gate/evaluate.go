package gate

import (
	"slices"
	"strings"
	"time"
)

// Evaluate judges evidence by a policy: findings − excepted − baselined → every rule (design,
// "Findings, gate, verdict"). Any violation makes it [Fail], else any reason makes it [Incomplete],
// else it is [Pass]. A policy that [Policy.Validate] refuses, and evidence that was not gathered for
// this very policy by the source's Evidence method, never pass.
//
// now decides only which exceptions are in force and how old the scans are. The order of findings
// and reasons does not matter. The cost grows with findings + exceptions + baseline, not with their
// product.
func Evaluate(e Evidence, p Policy, now time.Time) Verdict {
	v := Verdict{PolicySHA256: p.SHA256()}
	waivers := newWaivers(p.Exceptions, now)
	counted := v.sift(inOrder(e.Findings), waivers, p.Baseline)
	if p.RecordFingerprints {
		v.Fingerprints = fingerprintsFor(e.Findings)
	}
	v.Reasons = orderReasons(slices.Concat(e.Reasons, e.policyReasons(p), ageReasons(e.ScanTimes, e.ScanTimeMissing, p.MaxAge, now)))
	v.UnusedExceptions = waivers.unused()
	v.Warnings = expiryWarnings(p.Exceptions, now)
	v.ValidUntil = earliest(waivers.validUntil(), ageLimit(e.ScanTimes, p.MaxAge))
	breaches := p.breaches(counted)
	v.conclude(e.Object, tallyFindings(len(e.Findings), len(breaches)), breaches)
	return v
}

// sift returns the findings that count, and counts those that an exception or the baseline takes out.
// A finding that both could take out is excepted.
func (v *Verdict) sift(findings []*Finding, waivers *waivers, baseline []string) []*Finding {
	sieve := newSieve(waivers, baseline)
	counted := make([]*Finding, 0, len(findings))
	for _, finding := range findings {
		switch standing, _ := sieve.standing(finding); standing {
		case Excepted:
			v.ExceptedCount++
		case Baselined:
			v.BaselinedCount++
		default:
			counted = append(counted, finding)
		}
	}
	return counted
}

// sieve takes out the findings that do not count.
type sieve struct {
	waivers  *waivers
	baseline map[string]bool
}

func newSieve(waivers *waivers, baseline []string) sieve {
	s := sieve{waivers: waivers, baseline: make(map[string]bool, len(baseline))}
	for _, fingerprint := range baseline {
		s.baseline[caseless(fingerprint)] = true
	}
	return s
}

// standing returns [Excepted], with the exception, or [Baselined], or [Tolerated] for a finding that
// counts and has yet to be held against the rules.
func (s sieve) standing(f *Finding) (Standing, *waiver) {
	if waiver := s.waivers.cover(f); waiver != nil {
		return Excepted, waiver
	}
	if f.baselinable() && s.baseline[f.Fingerprint] {
		return Baselined, nil
	}
	return Tolerated, nil
}

// baselinable tells whether a baseline may hold the finding. Never one about malicious or unrated
// code, nor one whose content can change behind the same fingerprint.
func (f *Finding) baselinable() bool {
	switch f.Category {
	case Virus, Malware, RiskSoftware, Unrated, Repackaged:
		return false
	case Vulnerability:
		return !f.Anonymous && !f.FromCount && f.Fingerprint != "" && !f.obscured()
	default:
		return !f.FromCount && f.Fingerprint != "" && !f.obscured()
	}
}

// fingerprintsFor returns the fingerprints that a baseline may hold, sorted, without doubles, never
// nil.
func fingerprintsFor(findings []Finding) []string {
	fingerprints := make([]string, 0, len(findings))
	for i := range findings {
		if findings[i].baselinable() {
			fingerprints = append(fingerprints, findings[i].Fingerprint)
		}
	}
	slices.Sort(fingerprints)
	return slices.Compact(fingerprints)
}

// policyReasons is the second lock behind the data sources' validation. Evidence that carries a
// reason already cannot pass, so a hand-made one, as after a wait that ran out, gets no second one.
func (e Evidence) policyReasons(p Policy) []Reason {
	var reasons []Reason
	if err := p.Validate(); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		reasons = append(reasons, Reason{InvalidPolicy, Line(first)})
	}
	if e.Source != p.Source {
		reasons = append(reasons, Reason{InvalidPolicy, "the gate is one for " + quote(string(p.Source)) + ", the answer is from " + quote(string(e.Source))})
	}
	if len(reasons) == 0 && len(e.Reasons) == 0 && e.demands != p.demands() {
		reasons = append(reasons, Reason{EvidenceMismatch, "the answer was examined for other demands than those of the gate"})
	}
	return reasons
}

// conclude fills in the violations, the outcome and the message. The breaches come worst first; tally
// sums them up for a reader, or that there are none.
func (v *Verdict) conclude(object, tally string, breaches []breach) {
	for _, breach := range breaches {
		v.ViolationCount += int64(len(breach.rules))
		for _, rule := range breach.rules {
			if len(v.Violations) < MaxViolations {
				v.Violations = append(v.Violations, Violation{Rule: rule, Finding: *breach.Finding})
			}
		}
	}
	switch {
	case len(breaches) > 0:
		v.Outcome = Fail
	case len(v.Reasons) > 0:
		v.Outcome = Incomplete
	default:
		v.Outcome = Pass
	}
	v.Message = breakCommands(v.message(object, tally, breaches))
}
