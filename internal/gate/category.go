package gate

import (
	"slices"
	"strings"
)

// SourceImageScan names the image scan, whose gate is an [ImagePolicy]; it has no findings.
const SourceImageScan Source = "ms_tcss_vul_scan_info"

// The scan types of ms that leave a section in the results, and so can be required. PLUGINSCAN
// leaves none (api.md).
const (
	VulScan        = "VULSCAN"
	VirusScan      = "VIRUSSCAN"
	AdScan         = "ADSCAN"
	PermissionScan = "PERMISSION"
	SensitiveScan  = "SENSITIVE"
)

var sourceCategories = map[Source][]Category{
	SourceScanResults:  {Vulnerability, Virus, RiskSoftware, Unrated, Ad, SensitiveWord, Permission},
	SourceAPKDetection: {Virus, RiskSoftware, Unrated, Repackaged, Ad, Plugin},
	SourceHostScan:     {Vulnerability, Malware, Baseline},
}

// categoryScanType is the scan type that finds a category in ms_scan_results.
var categoryScanType = map[Category]string{
	Vulnerability: VulScan,
	Virus:         VirusScan,
	RiskSoftware:  VirusScan,
	Unrated:       VirusScan,
	Ad:            AdScan,
	Permission:    PermissionScan,
	SensitiveWord: SensitiveScan,
}

// Categories returns the categories that findings of the source can have; nil for a source without
// findings.
func Categories(source Source) []Category { return slices.Clone(sourceCategories[source]) }

// ScanTypes returns the scan types that required_scan_types may name.
func ScanTypes() []string {
	return []string{VulScan, VirusScan, AdScan, PermissionScan, SensitiveScan}
}

// DefaultScanTypes returns what required_scan_types means where it is not set.
func DefaultScanTypes() []string { return []string{VulScan, VirusScan} }

// requiredScanTypes returns the scan types whose evidence the policy demands, upper case, sorted,
// without doubles: those required, or the default where there are none, and those which the denied
// categories imply. Sources other than ms_scan_results have none.
func (p Policy) requiredScanTypes() []string {
	if p.Source != SourceScanResults {
		return []string{}
	}
	types := scanTypesOrDefault(p.RequiredScanTypes)
	for _, category := range p.DeniedCategories {
		if scanType, ok := categoryScanType[category]; ok {
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
