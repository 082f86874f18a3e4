package gate

import "time"

// Outcome is the judgement in one word.
type Outcome string

// The outcomes. Incomplete is not a pass: the answer does not prove enough.
const (
	Pass       Outcome = "pass"
	Fail       Outcome = "fail"
	Incomplete Outcome = "incomplete"
)

// MaxViolations bounds Verdict.Violations; Verdict.ViolationCount counts all of them.
const MaxViolations = 100

// Violation is one finding that violates one rule.
type Violation struct {
	Rule Rule
	Finding
}

// Verdict is what a gate decided. It is a function of the answers, the policy and, for the ends of
// exceptions and scan ages, the clock: it holds no RequestId and no time of reading, so that the
// same answers give the same verdict on every plan.
type Verdict struct {
	Outcome Outcome
	// Message says in plain words what failed, the worst findings, and what would make it pass.
	Message    string
	Reasons    []Reason
	Violations []Violation // worst first, at most MaxViolations

	ViolationCount, ExceptedCount, BaselinedCount int64
	// UnusedExceptions are the exceptions in force that matched nothing, as `category/id`.
	UnusedExceptions []string
	// ValidUntil is the earliest end of an exception used or of MaxAge; nil where there is neither.
	ValidUntil *time.Time
	// Policy is what was judged by, as [Policy.Canonical] gives it, and PolicySHA256 its digest.
	Policy       string
	PolicySHA256 string
	// Fingerprints are those of all findings that a baseline may hold, sorted; nil unless recorded.
	Fingerprints []string
	// Expiries are not part of the judgement: exceptions that expire within 14 days, or have expired.
	Expiries []Expiry
}

// Passed reports whether the outcome is Pass.
func (v Verdict) Passed() bool { return v.Outcome == Pass }
