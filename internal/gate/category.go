package gate

import (
	"slices"
	"strings"
)

// The scan types of ms that leave a section in the results, and so can be required. PLUGINSCAN
// leaves none (api.md).
const (
	VulScan        = "VULSCAN"
	VirusScan      = "VIRUSSCAN"
	AdScan         = "ADSCAN"
	PermissionScan = "PERMISSION"
	SensitiveScan  = "SENSITIVE"
)

// categoryInfo is what the gate has to know of a category, whatever its source.
type categoryInfo struct {
	// malicious code violates every gate, at every fail_on.
	malicious bool
	// severities are those that its findings can have; none stands for any, unknown among them.
	severities []Severity
}

var categories = map[Category]categoryInfo{
	Vulnerability: {},
	Virus:         {malicious: true, severities: []Severity{Critical}},
	Malware:       {malicious: true},
	Repackaged:    {malicious: true, severities: []Severity{High}},
	RiskSoftware:  {severities: []Severity{High}},
	Unrated:       {severities: []Severity{Unknown}},
	Ad:            {severities: []Severity{Low}},
	SensitiveWord: {severities: []Severity{Low}},
	Plugin:        {severities: []Severity{Info}},
	Permission:    {severities: []Severity{Info}},
	Baseline:      {},
}

// decides reports whether a finding of one of the categories, were it there, could violate the policy: then
// what would tell of it must be there and readable.
func (p Policy) decides(of ...Category) bool {
	for _, category := range of {
		info, known := categories[category]
		if !known || info.malicious || p.denies(category) {
			return true
		}
		severities := info.severities
		if len(severities) == 0 {
			severities = worstFirst
		}
		for _, severity := range severities {
			if _, bounded := p.MaxFindings[severity]; bounded || severity == Unknown || severity.failsAt(p.failOn()) {
				return true
			}
		}
	}
	return false
}

// denies reports whether the policy denies the category, or an id in it.
func (p Policy) denies(category Category) bool {
	return slices.Contains(p.DeniedCategories, category) ||
		slices.ContainsFunc(p.Denied, func(d Denial) bool { return d.Category == category })
}

// ScanTypes returns the scan types that required_scan_types may name.
func ScanTypes() []string {
	return []string{VulScan, VirusScan, AdScan, PermissionScan, SensitiveScan}
}

// DefaultScanTypes returns what required_scan_types means where it is not set.
func DefaultScanTypes() []string { return []string{VulScan, VirusScan} }

// requiredScanTypes returns the scan types whose evidence the policy demands, upper case, sorted,
// without doubles: those required, or the default where there are none, and those which a denial
// implies. Sources other than ms_scan_results have none.
func (p Policy) requiredScanTypes() []string {
	info, _ := p.Source.info()
	if len(info.evidence) == 0 {
		return []string{}
	}
	types := scanTypesOrDefault(p.RequiredScanTypes)
	for category, scanType := range info.evidence {
		if p.denies(category) {
			types = append(types, scanType)
		}
	}
	return distinct(types, strings.ToUpper)
}

func scanTypesOrDefault(types []string) []string {
	if len(types) == 0 {
		return DefaultScanTypes()
	}
	return slices.Clone(types)
}

// distinct returns the values after trimming and norm, sorted, without doubles and never nil.
func distinct(values []string, norm func(string) string) []string {
	set := make([]string, 0, len(values))
	for _, value := range values {
		set = append(set, norm(strings.TrimSpace(value)))
	}
	slices.Sort(set)
	return slices.Compact(set)
}
