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

// Rule names the rule that a finding breaks.
type Rule string

// The rules that findings can break, and the budgets of the image scan gate.
const (
	RuleFailOn              Rule = "fail_on"
	RuleMaxFindings         Rule = "max_findings"
	RuleDeniedCategory      Rule = "denied_category"
	RuleDeniedID            Rule = "denied_id"
	RuleMaxFoundVul         Rule = "max_found_vul"
	RuleMaxRegistryFoundVul Rule = "max_registry_found_vul"
	RuleMaxFoundRiskImage   Rule = "max_found_risk_image"
)

// MaxViolations bounds Verdict.Violations; Verdict.ViolationCount counts all of them.
const MaxViolations = 100

// Violation is one finding that breaks one rule.
type Violation struct {
	Rule Rule
	Finding
}

// Verdict is what a gate decided. It is a function of the answers, the policy and, for the ends of
// exceptions and scan ages, the clock: it holds no RequestId and no time of reading, so that the
// same facts give the same verdict on every plan.
type Verdict struct {
	Outcome Outcome
	// Message tells in plain words what failed, the worst findings, and what would make it pass.
	Message    string
	Reasons    []Reason
	Violations []Violation // worst first, at most MaxViolations

	ViolationCount, ExceptedCount, BaselinedCount int64
	// UnusedExceptions are the exceptions in force that matched nothing, as `category/id`.
	UnusedExceptions []string
	// ValidUntil is the earliest end of an exception used or of MaxAge; nil where there is neither.
	ValidUntil *time.Time
	// PolicySHA256 is the hex digest of the policy in canonical form.
	PolicySHA256 string
	// Fingerprints are those of all findings that a baseline may hold, sorted; nil unless recorded.
	Fingerprints []string
	// Warnings are not part of the judgement: exceptions that end within 14 days, or have ended.
	Warnings []string
}

// Passed tells whether the outcome is Pass.
func (v Verdict) Passed() bool { return v.Outcome == Pass }
