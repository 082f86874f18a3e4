package gate

import "slices"

// Source names the data source that a policy belongs to.
type Source string

// The data sources that have a gate.
const (
	SourceScanResults  Source = "ms_scan_results"
	SourceAPKDetection Source = "ms_apk_detection"
	SourceHostScan     Source = "ms_cwp_scan_task_details"
	SourceHosts        Source = "ms_cwp_findings"
	SourceImageScan    Source = "ms_tcss_vul_scan_info"
	SourceImage        Source = "ms_tcss_image_findings"
)

// Scope is what an exception may be narrowed to, by the name of its argument.
type Scope string

// The scopes of exceptions.
const (
	ScopePackage Scope = "app_pkg_name"
	ScopeMD5     Scope = "app_md5"
	ScopeMachine Scope = "machine" // Quuid
	ScopeImage   Scope = "image"   // repository without tag and digest
)

// sourceInfo is what this package has to know of a data source.
type sourceInfo struct {
	name Source
	// categories are those that its findings can have; none for a source that only counts.
	categories []Category
	scopes     []Scope
	// evidence is the scan type whose section in the results proves that a category was scanned for, where
	// a policy can require scan types.
	evidence map[Category]string
}

// sources is the table of data sources with a gate.
var sources = []sourceInfo{
	{
		name:       SourceScanResults,
		categories: []Category{Vulnerability, Virus, RiskSoftware, Unrated, Ad, SensitiveWord, Permission},
		scopes:     []Scope{ScopePackage, ScopeMD5},
		evidence: map[Category]string{
			Vulnerability: VulScan, Virus: VirusScan, RiskSoftware: VirusScan, Unrated: VirusScan,
			Ad: AdScan, Permission: PermissionScan, SensitiveWord: SensitiveScan,
		},
	},
	{
		name:       SourceAPKDetection,
		categories: []Category{Virus, RiskSoftware, Unrated, Repackaged, Ad, Plugin},
		scopes:     []Scope{ScopePackage, ScopeMD5},
	},
	{
		name:       SourceHostScan,
		categories: []Category{Vulnerability, Malware, Baseline},
		scopes:     []Scope{ScopeMachine},
	},
	{
		name:       SourceHosts,
		categories: []Category{Vulnerability, Malware, Baseline},
		scopes:     []Scope{ScopeMachine},
	},
	{name: SourceImageScan},
	{
		name:       SourceImage,
		categories: []Category{Vulnerability, Virus},
		scopes:     []Scope{ScopeImage},
	},
}

// info returns the source's row of the table, and false for a name that is none.
func (s Source) info() (sourceInfo, bool) {
	at := slices.IndexFunc(sources, func(info sourceInfo) bool { return info.name == s })
	if at < 0 {
		return sourceInfo{name: s}, false
	}
	return sources[at], true
}

// Sources returns the data sources that have a gate.
func Sources() []Source {
	names := make([]Source, len(sources))
	for i, info := range sources {
		names[i] = info.name
	}
	return names
}

// Categories returns the categories that findings of the source can have; nil for a source that only
// counts.
func Categories(source Source) []Category {
	info, _ := source.info()
	return slices.Clone(info.categories)
}

// Scopes returns what exceptions of the source may be narrowed to.
func Scopes(source Source) []Scope {
	info, _ := source.info()
	return slices.Clone(info.scopes)
}

// AllCategories returns the categories of all sources, each once.
func AllCategories() []Category {
	var all []Category
	for _, info := range sources {
		for _, category := range info.categories {
			if !slices.Contains(all, category) {
				all = append(all, category)
			}
		}
	}
	return all
}

// AllScopes returns the scopes of exceptions.
func AllScopes() []Scope { return []Scope{ScopePackage, ScopeMD5, ScopeMachine, ScopeImage} }
