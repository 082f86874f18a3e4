package gate

import (
	"fmt"
	"slices"
	"strings"
)

// Findings returns what was found in all rows, worst first, with fingerprints.
func (s APKDetection) Findings() []Finding {
	var findings []Finding
	for _, row := range s.Rows {
		findings = append(findings, row.findings()...)
	}
	return identify(findings)
}

// Evidence returns what was found and why the detection may prove nothing. A virus rating is always
// evidence that must be there; the other fields only where the policy could fail on what they hide.
// The service gives no time of the scan (document 002).
func (s APKDetection) Evidence(p Policy) Evidence {
	p.Source = SourceAPKDetection
	e := Evidence{Source: p.Source, Object: s.Object, Findings: s.Findings(), ScanTimeMissing: true, demands: p.demands()}
	if len(s.Rows) == 0 {
		e.Reasons = []Reason{{NothingScanned, "the detection lists no result"}}
		return e
	}
	md5s := make([]string, len(s.Rows))
	for i, row := range s.Rows {
		md5s[i] = row.MD5
	}
	e.Reasons = presence(md5s, p.RequiredMD5s, []string{s.Asked})
	for _, row := range s.Rows {
		for _, lack := range row.lacks(p) {
			e.Reasons = append(e.Reasons, Reason{MissingEvidence, appTitle(row.MD5, row.SoftName) + ": " + lack})
		}
	}
	return e
}

func (a DetectedAPK) findings() []Finding {
	findings := ratingFindings(a.SafeType, a.VirusName, true)
	if a.Repackaged != nil && *a.Repackaged {
		findings = append(findings, named(Repackaged, High, ""))
	}
	for _, ad := range slices.Concat(a.Ads, a.AdFlags) {
		findings = append(findings, named(Ad, Low, ad))
	}
	for _, plugin := range a.Plugins {
		findings = append(findings, named(Plugin, Info, plugin))
	}
	return inApp(findings, a.MD5, a.SoftName)
}

// lacks tells which deciding fields of the row are missing or unreadable.
func (a DetectedAPK) lacks(p Policy) []string {
	var lacks []string
	if !rated(a.SafeType) {
		lacks = append(lacks, "SafeType is none of 1, 2 and 3")
	}
	if a.Repackaged == nil && p.couldFail(Repackaged, High) {
		lacks = append(lacks, "RepackageStatus is neither 0 nor 1")
	}
	if p.couldFail(Ad, Low) {
		if !a.HasAds {
			lacks = append(lacks, "PluginList is missing")
		}
		if len(a.UncertainAdFlags) > 0 {
			flags := slices.Sorted(slices.Values(a.UncertainAdFlags))
			lacks = append(lacks, fmt.Sprintf("the service is not certain about %s", Line(strings.Join(flags, ", "))))
		}
	}
	if !a.HasPlugins && p.couldFail(Plugin, Info) {
		lacks = append(lacks, "OptPluginList is missing")
	}
	return lacks
}

// couldFail tells whether a finding of the category and severity, were it there, could break a rule.
// Denied ids count for all of them, as an id may stand in any list.
func (p Policy) couldFail(category Category, severity Severity) bool {
	_, bounded := p.MaxFindings[severity]
	return bounded || severity.failsAt(p.failOn()) ||
		slices.Contains(p.DeniedCategories, category) || len(p.DeniedIDs) > 0
}
