package gate

import (
	"slices"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
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
	v := Verdict{PolicySHA256: p.SHA256(), Policy: p.Canonical()}
	exceptions := newExceptionIndex(p.Exceptions, now)
	counted := v.partition(inOrder(e.Findings), exceptions, p)
	if p.RecordFingerprints {
		v.Fingerprints = fingerprintsFor(e.Findings)
	}
	v.Reasons = orderReasons(slices.Concat(e.Reasons, e.policyReasons(p), e.ageReasons(p.MaxAge, now), e.hiddenReasons(exceptions)))
	v.UnusedExceptions = exceptions.unused()
	v.Expiries = expiries(p.Exceptions, e.Findings, now)
	v.ValidUntil = earliest(exceptions.validUntil(), e.ageLimit(p.MaxAge))
	violations := append(p.violations(counted), e.exceeded()...)
	tally := tallyFindings(len(e.Findings), len(violations))
	if len(e.Limits) > 0 {
		slices.SortFunc(violations, func(a, b violated) int { return CompareFindings(a.Finding, b.Finding) })
		tally = tallyCounts(len(violations))
	}
	v.conclude(e, tally, violations)
	return v
}

// partition returns the findings that count, and counts those that an exception or the baseline takes out.
// A finding that both could take out is excepted.
func (v *Verdict) partition(findings []*Finding, exceptions *exceptionIndex, p Policy) []*Finding {
	filter := newFilter(exceptions, p)
	counted := make([]*Finding, 0, len(findings))
	for _, finding := range findings {
		switch status, _ := filter.status(finding); status {
		case StatusExcepted:
			v.ExceptedCount++
		case StatusBaselined:
			v.BaselinedCount++
		case StatusIgnored:
		default:
			counted = append(counted, finding)
		}
	}
	return counted
}

// filter takes out the findings that do not count.
type filter struct {
	exceptions *exceptionIndex
	baseline   map[string]bool
	ignores    bool     // what the service is set to ignore does not count
	denials    compiled // what is denied counts all the same
}

func newFilter(exceptions *exceptionIndex, p Policy) filter {
	f := filter{
		exceptions: exceptions, baseline: make(map[string]bool, len(p.Baseline)),
		ignores: or(p.AcceptServiceIgnores, false), denials: p.compile(nil),
	}
	for _, fingerprint := range p.Baseline {
		f.baseline[caseless(fingerprint)] = true
	}
	return f
}

// status returns [StatusExcepted], with the exception, or [StatusBaselined], or [StatusIgnored], or [StatusAllowed] for a
// finding that counts and has yet to be compared with the rules.
func (f filter) status(finding *Finding) (FindingStatus, *activeException) {
	if exception := f.exceptions.cover(finding); exception != nil {
		return StatusExcepted, exception
	}
	if finding.baselinable() && f.baseline[finding.Fingerprint] {
		return StatusBaselined, nil
	}
	if f.ignores && finding.Ignored && !f.denials.denies(finding) {
		return StatusIgnored, nil
	}
	return StatusAllowed, nil
}

// baselinable reports whether a baseline may hold the finding. Never one about malicious or unrated
// code, nor one whose content can change behind the same fingerprint.
func (f *Finding) baselinable() bool {
	switch f.Category {
	case Virus, Malware, RiskSoftware, Unrated, Repackaged:
		return false
	case Vulnerability:
		return !f.Anonymous && !f.FromCount && f.Fingerprint != "" && !f.isRedacted()
	default:
		return !f.FromCount && f.Fingerprint != "" && !f.isRedacted()
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

// policyReasons is a second check behind the data sources' validation. Evidence that carries a
// reason already cannot pass, so a hand-made one, as after a wait that ran out, gets no second one.
func (e Evidence) policyReasons(p Policy) []Reason {
	var reasons []Reason
	if err := p.Validate(); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		reasons = append(reasons, Reason{InvalidPolicy, sanitize.Line(first)})
	}
	if e.Source != p.Source {
		reasons = append(reasons, Reason{InvalidPolicy, "the gate is one for " + sanitize.Quote(string(p.Source)) + ", the answer is from " + sanitize.Quote(string(e.Source))})
	}
	if len(reasons) == 0 && len(e.Reasons) == 0 && e.demands != p.demands() {
		reasons = append(reasons, Reason{EvidenceMismatch, "the answer was examined for other demands than those of the gate"})
	}
	return reasons
}

// conclude fills in the violations, the outcome and the message. The violations come worst first; tally
// sums them up for a reader, or that there are none.
func (v *Verdict) conclude(e Evidence, tally string, violations []violated) {
	for _, violation := range violations {
		v.ViolationCount += int64(len(violation.rules))
		for _, rule := range violation.rules {
			if len(v.Violations) < MaxViolations {
				v.Violations = append(v.Violations, Violation{Rule: rule, Finding: *violation.Finding})
			}
		}
	}
	switch {
	case len(violations) > 0:
		v.Outcome = Fail
	case len(v.Reasons) > 0:
		v.Outcome = Incomplete
	default:
		v.Outcome = Pass
	}
	v.Message = sanitize.BreakCommands(v.message(e.Object, tally, violations))
}
