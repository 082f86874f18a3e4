package gate

import (
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// The inputs of the gate are what answers of the services say, in plain values. A scalar is a
// [field.Value], and a section or list has a [field.State], so that what is missing and what cannot be
// read stay apart until a rule decides about them; names and other texts that decide nothing are strings.

// RowState is how far a row of a scan is. Only RowDone counts as scanned.
type RowState int

// The states of a row. RowUnknown is any value that the documents do not define.
const (
	RowUnknown RowState = iota
	RowRunning
	RowDone
	RowFailed
	RowTimedOut
)

// Count is a count that an answer gives.
type Count = field.Value[int64]

// Span is the time of a scan, as far as the service tells it.
type Span struct{ Begin, End field.Value[time.Time] }

// ScanResults is one DescribeScanResults answer (document 000).
type ScanResults struct {
	// Object names what was read in messages, as in `item 1shi2e`.
	Object string
	Rows   []ScannedApp
	// Listed is the state of the list of rows.
	Listed     field.State
	TotalCount Count
	// Asked are the MD5s that the request was narrowed to; empty means all apps of the item.
	Asked []string
}

// ScannedApp is one row of ScanResults.
type ScannedApp struct {
	MD5     string // lower case; empty where the row names none
	Package string
	State   RowState
	// Problem says in the service's words why the row is not done, as in `StatusCode 1001: MD5 differs`.
	Problem     string
	Scanned     Span
	Vul         VulSection
	Virus       VirusSection
	Ads         AdSection
	Permissions NameSection
	Sensitive   NameSection // the files that hold sensitive words; the words are never taken over
}

// VulSection is the VulInfo of a row. It is evidence of a scan only with a score or a list.
type VulSection struct {
	State, Score, List field.State
	Vuls               []Vul
}

// Vul is one vulnerability of an app. RiskLevel may be in words, which is unreadable.
type Vul struct {
	ID             field.Value[string]
	Name, Location string
	RiskLevel      field.Value[int64]
}

// VirusSection is the VirusInfo of a row.
type VirusSection struct {
	State    field.State
	SafeType field.Value[int64]
	Name     field.Value[string]
}

// AdSection holds the advertising plugins of all six lists. It is unreadable if one of the lists is.
type AdSection struct {
	State   field.State
	Plugins []AdPlugin
}

// AdPlugin is one advertising plugin. List is the schema's name of the list that the plugin stood in (as
// `banners`), and stands in for a plugin without a name.
type AdPlugin struct {
	Name field.Value[string]
	List string
}

// NameSection is a section that lists names. It is unreadable if its list is.
type NameSection struct {
	State field.State
	Names []field.Value[string]
}

// APKDetection is one DescribeApkDetectionResult answer that is final (document 002).
type APKDetection struct {
	Object string
	// Asked is the MD5 that was asked for. It is obligatory: a row proves nothing about another file.
	Asked string
	// Package is the name of the package that the configuration gives; empty where it gives none.
	Package string
	Listed  field.State
	Rows    []DetectedAPK
}

// DetectedAPK is one row of an APKDetection. A flag is true or false; "uncertain" is unreadable.
type DetectedAPK struct {
	MD5, SoftName string
	Errno         field.Value[int64]
	SafeType      field.Value[int64]
	VirusName     field.Value[string]
	Repackaged    field.Value[bool]
	AdFlags       []Flag
	Ads, Plugins  NameSection
}

// Flag is a flag under its name in the schema.
type Flag struct {
	Name  string
	Value field.Value[bool]
}

// HostScan is all pages of one cwp DescribeScanTaskDetails answer (document 003).
type HostScan struct {
	Object     string
	ModuleType string // Malware, Vul or Baseline
	Listed     field.State
	Machines   []Machine
	TotalCount Count
	VulsListed field.State
	Vuls       []HostVul
	Progress   field.Value[int64]
	Stopping   field.Value[bool]
	// Latest tells that no task was named, so that it is the last one of the module. Narrowed tells that the
	// service says that it looked only for single vulnerabilities or patches.
	Latest, Narrowed bool
	// The counts that the findings must explain.
	VulCount, RiskEventCount, RiskMachineCount, ScanMachineCount Count
	// Scanned is the time of the task, as each page tells it.
	Scanned []Span
	// Reasons are what the reading itself established, as [WaitTimedOut].
	Reasons []Reason
}

// Machine is one machine of a HostScan. Status is Ok, Fail, Scanning or what else the service says.
type Machine struct {
	Quuid, UUID, HostName, HostIP, Status string
	Problem                               string // why it is not Ok, in plain words
	RiskNum                               Count
	Scanned                               Span
}

// HostVul is one vulnerability of a HostScan.
type HostVul struct {
	CveID, VulID field.Value[string]
	Name         string
	Level        field.Value[int64]
}

// ImageScan is one tcss DescribeVulScanInfo answer (document 004).
type ImageScan struct {
	Object string
	Status string // NOT_SCAN, SCANNING, SCANNED, CANCELED or what else the service says
	// AskedLocal and AskedRegistry say which task ids were given.
	AskedLocal, AskedRegistry                                 bool
	LocalImageScanCount, RegistryImageScanCount               Count
	FoundVulCount, RegistryFoundVulCount, FoundRiskImageCount Count
	Scanned                                                   Span
}

// Evidence is what a source established: what it found, and why it may prove nothing yet.
type Evidence struct {
	Source   Source
	Object   string
	Findings []Finding
	// Limits are counts that the policy bounds, for a source that only counts.
	Limits  []Limit
	Reasons []Reason
	// Scans are the times of the scans that the evidence rests on; TimeMissing says that one of them
	// gives none.
	Scans       []Span
	TimeMissing bool
	// timesDecide tells that the times say which scan the evidence is of, so that they must agree and not be later
	// than now even where no age is bounded.
	timesDecide bool
	// hidden is what the service may have found and is set to ignore.
	hidden []hiddenFinding
	// demands is what the policy demanded when the evidence was gathered; see [Policy.demands].
	demands string
}

// Limit is a count beside the bound that the policy sets.
type Limit struct {
	Rule  Rule
	What  string // as in `vulnerabilities in local images`
	Value Count
	Bound int64
}

// Reason says why a verdict cannot be a pass although no rule is violated.
type Reason struct {
	Code   ReasonCode
	Detail string
}
