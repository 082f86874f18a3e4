package gate

import (
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Severity ranks a finding. Unknown is a severity that the service did not give or that cannot be read.
type Severity string

// The severities of a finding, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
	Unknown  Severity = "unknown"
)

// Category says what kind of thing was found.
type Category string

// The categories of findings.
const (
	Vulnerability Category = "vulnerability"
	Virus         Category = "virus"
	RiskSoftware  Category = "risk_software"
	Unrated       Category = "unrated" // the virus engine gave no readable rating
	Repackaged    Category = "repackaged"
	Ad            Category = "ad"
	Plugin        Category = "plugin"
	SensitiveWord Category = "sensitive_word"
	Permission    Category = "permission"
	Malware       Category = "malware"  // malicious code on a host
	Baseline      Category = "baseline" // a host that fails its security baseline
)

// Finding is one thing that a scan found, in the words of every source alike.
type Finding struct {
	Category Category
	Severity Severity
	// ID is the service's own id, or the category where the service gives none.
	ID       string
	Name     string
	Location string
	// Subject is the app's package name or the machine's Quuid, as far as the service names it.
	Subject string
	// AppMD5 is the lower-case MD5 of the app, empty for hosts and images.
	AppMD5 string
	// Package, Machine and Image are what exceptions may be narrowed to, beside AppMD5: what the
	// configuration says or the scan proves, never what a package says of itself.
	Package, Machine, Image string
	// Anonymous marks a finding that the service gave no id: where it is a vulnerability, neither an
	// exception nor a baseline may match it.
	Anonymous bool
	// Unnamed marks a finding whose id the service should have told and did not, or not readably: it may be
	// any, so that it counts as each denied one of its category.
	Unnamed bool
	// component stands in the fingerprint for the location, which names a version, too.
	component string
	// Ignored marks a finding that the service is set to ignore.
	Ignored bool
	// FromCount marks a finding derived from a mere count (a machine's RiskNum). Its content can change
	// behind the same fingerprint, so a baseline never matches it.
	FromCount bool
	// Fingerprint identifies the finding across builds and days; see [Fingerprint].
	Fingerprint string
}

// isRedacted reports whether something was taken out of the id: it may have been any, so that it counts as
// each denied one, and neither an exception nor a baseline may match it. Else whoever chooses the URL of
// a package could hide a finding, by its id in the query.
func (f *Finding) isRedacted() bool { return strings.Contains(f.ID, sanitize.Redacted) }

// Summary counts findings by severity, before exceptions and baseline.
type Summary struct {
	Critical, High, Medium, Low, Info, Unknown, Total int64
}
