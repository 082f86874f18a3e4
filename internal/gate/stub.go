package gate

import (
	"strconv"
	"time"
)

func quote(s string) string { return Line(strconv.Quote(s)) }

// Evidence returns what the results prove under the policy.
func (s ScanResults) Evidence(p Policy) Evidence { return Evidence{Reasons: []Reason{{Code: NotFinished}}} }

// Findings returns the findings of all rows; nil requiredTypes mean the default.
func (s ScanResults) Findings(requiredTypes []string) []Finding { return nil }

// Evidence returns what the detection proves under the policy.
func (s APKDetection) Evidence(p Policy) Evidence { return Evidence{Reasons: []Reason{{Code: NotFinished}}} }

// Findings returns the findings of all rows.
func (s APKDetection) Findings() []Finding { return nil }

// Evidence returns what the scan proves under the policy.
func (s HostScan) Evidence(p Policy) Evidence { return Evidence{Reasons: []Reason{{Code: NotFinished}}} }

// Findings returns the findings of the scan.
func (s HostScan) Findings() []Finding { return nil }

// Judge judges the scan.
func (s ImageScan) Judge(p ImagePolicy, now time.Time) Verdict { return Verdict{Outcome: Incomplete} }

// Evaluate judges evidence by a policy.
func Evaluate(e Evidence, p Policy, now time.Time) Verdict { return Verdict{Outcome: Incomplete} }

// Validate tells whether the policy makes sense.
func (p Policy) Validate() error { return nil }

// Validate tells whether the policy makes sense.
func (p ImagePolicy) Validate() error { return nil }

// SHA256 is the digest of the canonical policy.
func (p Policy) SHA256() string { return "" }

// SHA256 is the digest of the canonical policy.
func (p ImagePolicy) SHA256() string { return "" }
