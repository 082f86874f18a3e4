package gate

import "time"

// Source names the data source that a policy belongs to. It decides which categories exist, and
// which required inputs a policy must have.
type Source string

// The sources whose facts become findings.
const (
	SourceScanResults  Source = "ms_scan_results"
	SourceAPKDetection Source = "ms_apk_detection"
	SourceHostScan     Source = "ms_cwp_scan_task_details"
)

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

// ScanResults are the facts of one DescribeScanResults answer (document 000).
type ScanResults struct {
	// Object names what was read in messages, as in `item 1shi2e`.
	Object string
	Rows   []ScannedApp
	// TotalCount is nil where the answer has none or none that is a number.
	TotalCount *int64
	// Asked are the MD5s that the request was narrowed to; empty means all apps of the item.
	Asked []string
}

// ScannedApp is one row of ScanResults. A nil section is one that the service left out.
type ScannedApp struct {
	MD5     string // lower case; empty where the row names none
	Package string
	State   RowState
	// Problem tells in the service's words why the row is not done, as in `StatusCode 1001: MD5 differs`.
	Problem   string
	ScannedAt *time.Time // TaskTime; nil where it is missing or unreadable
	Vul       *VulSection
	Virus     *VirusSection
	Ads       *AdSection
	// Permissions and Sensitive are nil where the section is missing; an empty section is not nil.
	Permissions *PermissionSection
	Sensitive   *SensitiveSection
}

// VulSection is the VulInfo of a row. It is evidence of a scan only with a score or a list.
type VulSection struct {
	HasScore bool // VulFileScore is there and a number
	HasList  bool // VulList is there, possibly empty
	Vuls     []Vul
}

// Vul is one vulnerability of an app. RiskLevel is nil where the service gave none or one in words.
type Vul struct {
	ID, Name, Location string
	RiskLevel          *int64
}

// VirusSection is the VirusInfo of a row. SafeType is nil where it is missing or unreadable.
type VirusSection struct {
	SafeType *int64
	Name     string
}

// AdSection holds the advertising plugins of all six lists. List is the schema's name of the list
// that the plugin stood in (as `banners`), and stands in for a plugin without a name.
type AdSection struct {
	Plugins []AdPlugin
}

// AdPlugin is one advertising plugin.
type AdPlugin struct {
	Name, List string
}

// PermissionSection is the PermissionInfo of a row.
type PermissionSection struct {
	Permissions []string
}

// SensitiveSection is the SensitiveInfo of a row: the files that hold sensitive words. The words
// themselves are never taken over.
type SensitiveSection struct {
	FilePaths []string
}

// APKDetection are the facts of one DescribeApkDetectionResult answer that is final (document 002).
type APKDetection struct {
	Object string
	// Asked is the MD5 that was asked for. It is obligatory: a row proves nothing about another file.
	Asked string
	Rows  []DetectedAPK
}

// DetectedAPK is one row of an APKDetection.
type DetectedAPK struct {
	MD5, SoftName string
	SafeType      *int64
	VirusName     string
	// Repackaged is nil where RepackageStatus is missing or neither 0 nor 1.
	Repackaged *bool
	// Ads are the advertising plugins; AdFlags the names of the flags that are 1, as `banner`;
	// UncertainAdFlags the names of those that are neither 0 nor 1.
	Ads, AdFlags, UncertainAdFlags []string
	// HasAds and HasPlugins tell whether PluginList and OptPluginList were there at all.
	HasAds, HasPlugins bool
	Plugins            []string
}

// HostScan are the facts of all pages of one cwp DescribeScanTaskDetails answer (document 003).
type HostScan struct {
	Object     string
	ModuleType string // Malware, Vul or Baseline
	Machines   []Machine
	TotalCount *int64
	// HasVuls tells whether VulInfo was there at all.
	HasVuls  bool
	Vuls     []HostVul
	Progress *int64
	Stopping bool
	// The counts that the findings must explain; nil where the service gave none.
	VulCount, RiskEventCount, RiskMachineCount, ScanMachineCount *int64
	ScannedAt                                                    *time.Time
}

// Machine is one machine of a HostScan. Status is Ok, Fail, Scanning or what else the service says.
type Machine struct {
	Quuid, HostName, HostIP, Status string
	Problem                         string // why it is not Ok, in plain words
	RiskNum                         *int64
}

// HostVul is one vulnerability of a HostScan. Level is nil where it is missing or unreadable.
type HostVul struct {
	CveID, VulID, Name string
	Level              *int64
}

// ImageScan are the facts of one tcss DescribeVulScanInfo answer (document 004).
type ImageScan struct {
	Object string
	Status string // NOT_SCAN, SCANNING, SCANNED, CANCELED or what else the service says
	// AskedLocal and AskedRegistry tell which task ids were given.
	AskedLocal, AskedRegistry                                 bool
	LocalImageScanCount, RegistryImageScanCount               *int64
	FoundVulCount, RegistryFoundVulCount, FoundRiskImageCount *int64
	ScannedAt                                                 *time.Time
	// Reasons are what the reading itself established, as [WaitTimedOut].
	Reasons []Reason
}

// Evidence is what a source established: what it found, and why it may prove nothing yet.
type Evidence struct {
	Source   Source
	Object   string
	Findings []Finding
	Reasons  []Reason
	// ScanTimes are the times of the scans that the evidence rests on; ScanTimeMissing tells that one
	// of them gave none.
	ScanTimes       []time.Time
	ScanTimeMissing bool
	// demands is what the policy demanded when the evidence was gathered; see [Policy.demands].
	demands string
}

// Reason tells why a verdict cannot be a pass although nothing breaks a rule.
type Reason struct {
	Code   ReasonCode
	Detail string
}
