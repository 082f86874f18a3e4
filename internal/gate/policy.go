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

// Policy is what a gate demands. Every rule is ANDed. The zero value of a field means its default;
// [Policy.Validate] tells whether a policy makes sense for its source.
type Policy struct {
	Source Source
	// RequiredMD5s (ms_scan_results, obligatory): each must be among the scanned apps, and done.
	RequiredMD5s []string
	// RequiredScanTypes (ms_scan_results): nil means VULSCAN and VIRUSSCAN.
	RequiredScanTypes []string
	// RequiredMachines (cwp): Quuids that must be there with Status Ok.
	RequiredMachines []string
	// MaxFailedMachines (cwp) is how many machines may be other than Ok; at least one must be Ok.
	MaxFailedMachines int64
	// FailOn fails findings at or above this severity; empty means High.
	FailOn Severity
	// MaxFindings bounds the number of findings of a severity, Unknown among them.
	MaxFindings      map[Severity]int64
	DeniedCategories []Category
	DeniedIDs        []string
	Exceptions       []Exception
	// Baseline holds fingerprints of findings that do not count.
	Baseline           []string
	RecordFingerprints bool
	// MaxAge bounds the age of the oldest scan; 0 means no bound.
	MaxAge      time.Duration
	Enforcement Enforcement // empty means Mandatory
}

// Exception lets a finding pass for a while. Every field given must match.
type Exception struct {
	Category Category
	ID       string
	Reason   string
	// ExpiresAt is RFC 3339, or a date that is valid through that day in UTC.
	ExpiresAt string
	// AppPkgName and AppMD5 narrow the exception to an app; nil means any.
	AppPkgName *string
	AppMD5     *string
}

// ImagePolicy is the gate of the tcss image scan, which knows counts but no findings.
type ImagePolicy struct {
	MaxFoundVul, MaxRegistryFoundVul int64
	MaxFoundRiskImage                *int64
	MaxAge                           time.Duration
	Enforcement                      Enforcement
}

// Errors of [Policy.Validate] and [ParseExpiry]; the texts of the wrapped errors name the value.
var (
	ErrPolicy = errors.New("gate policy")
	ErrExpiry = errors.New("expires_at")
)
