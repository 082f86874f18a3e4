package gate

import (
	"errors"
	"time"
)

// Enforcement says what a verdict that is not a pass does to a run.
type Enforcement string

// The enforcements: an error, a warning, or the attribute alone.
const (
	Mandatory Enforcement = "mandatory"
	Advisory  Enforcement = "advisory"
	None      Enforcement = "none"
)

// FailOnNone is the value of Policy.FailOn that leaves the judgement by severity to MaxFindings.
const FailOnNone Severity = "none"

// Policy is what a gate demands; all rules apply. The zero value of a field means that the rule is not
// written. A gate can be written in several places, each of which is a Policy; [Merge] makes one of them.
// Each field has a row in [Rules].
type Policy struct {
	Source Source
	// RequiredMD5s (required where the source has them): each must be among the scanned apps, and done.
	RequiredMD5s []string
	// RequiredScanTypes: nil means VULSCAN and VIRUSSCAN.
	RequiredScanTypes []string
	// RequiredMachines: Quuids that must be there with Status Ok.
	RequiredMachines []string
	// MaxFailedMachines is how many machines may be other than Ok; at least one must be Ok. Nil means 0.
	MaxFailedMachines *int64
	// FailOn fails findings at or above this severity; empty means High.
	FailOn Severity
	// MaxFindings bounds the number of findings of a severity, Unknown among them.
	MaxFindings      map[Severity]int64
	DeniedCategories []Category
	Denied           []Denial
	Exceptions       []Exception
	// Baseline holds fingerprints of findings that do not count.
	Baseline           []string
	RecordFingerprints bool
	// MaxAge bounds the age of the oldest scan; 0 means no bound.
	MaxAge time.Duration
	// AcceptServiceIgnores lets pass what the service is set to ignore; nil means false.
	AcceptServiceIgnores *bool
	// AllowNarrowed accepts a scan that was narrowed to single vulnerabilities or patches; nil means false.
	AllowNarrowed *bool
	// The bounds of a source that only counts; nil means 0, and of MaxFoundRiskImage no bound.
	MaxFoundVul, MaxRegistryFoundVul, MaxFoundRiskImage *int64
	Enforcement                                         Enforcement // empty means Mandatory

	// Skipped names what a shared policy document holds and this source cannot produce.
	Skipped []string
}

// Denial fails a finding by its id, whatever its severity.
type Denial struct {
	Category Category
	ID       string
	// Place tells people where a policy document has it; empty in a gate block.
	Place string
}

// Exception lets a finding pass for a while. Every field given must match.
type Exception struct {
	Category Category
	ID       string
	Reason   string
	// ExpiresAt is RFC 3339, or a date that is valid through that day in UTC.
	ExpiresAt string
	// The scopes narrow the exception; nil means any.
	AppPkgName *string
	AppMD5     *string
	Machine    *string
	Image      *string
	// Place tells people where a policy document has it; empty in a gate block.
	Place string
}

// scoped returns the field of a scope.
func (x *Exception) scoped(scope Scope) **string {
	switch scope {
	case ScopePackage:
		return &x.AppPkgName
	case ScopeMD5:
		return &x.AppMD5
	case ScopeMachine:
		return &x.Machine
	case ScopeImage:
		return &x.Image
	}
	panic("unknown scope " + scope) // AllScopes lists them
}

// Scope returns what the exception is narrowed to in a scope; nil means any.
func (x Exception) Scope(scope Scope) *string { return *x.scoped(scope) }

// SetScope narrows the exception.
func (x *Exception) SetScope(scope Scope, to *string) { *x.scoped(scope) = to }

// Errors of [Policy.Validate] and [ParseExpiry]; the texts of the wrapped errors name the value.
var (
	ErrPolicy = errors.New("gate policy")
	ErrExpiry = errors.New("expires_at")
)

// failOn is FailOn with its default.
func (p Policy) failOn() Severity {
	if p.FailOn == "" {
		return High
	}
	return p.FailOn
}

// orDefault is the enforcement with its default.
func (e Enforcement) orDefault() Enforcement {
	if e == "" {
		return Mandatory
	}
	return e
}

// or returns the value of a rule that may not be written.
func or[T any](written *T, otherwise T) T {
	if written == nil {
		return otherwise
	}
	return *written
}
