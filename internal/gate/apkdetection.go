package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Findings returns what was found in all rows, worst first, with fingerprints.
func (s APKDetection) Findings() []Finding {
	var findings []Finding
	for _, row := range s.Rows {
		findings = append(findings, row.findings(s.Package)...)
	}
	return identify(findings)
}

// Evidence returns what was found and why the detection may prove nothing. What would tell of malicious code
// must always be there; the other fields only where the policy could fail on what they hide.
// The service gives no time of the scan (document 002).
func (s APKDetection) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceAPKDetection, s.Object, p)
	e.Findings, e.TimeMissing = s.Findings(), true
	if len(s.Rows) == 0 {
		e.Reasons = []Reason{{NothingScanned, "the detection lists no result"}}
		return e
	}
	md5s := make([]string, len(s.Rows))
	for i, row := range s.Rows {
		md5s[i] = row.MD5
	}
	e.Reasons = presence(md5s, nil, []string{s.Asked})
	for _, row := range s.Rows {
		for _, lack := range row.lacks(p) {
			e.Reasons = append(e.Reasons, Reason{MissingEvidence, appTitle(row.MD5, row.SoftName) + ": " + lack})
		}
	}
	return e
}

func (a DetectedAPK) findings(packageName string) []Finding {
	findings := ratingFindings(a.SafeType, a.VirusName, true)
	if a.Repackaged.Is(true) {
		findings = append(findings, anonymous(Repackaged, High))
	}
	for _, ad := range a.Ads.Names {
		findings = append(findings, named(Ad, Low, ad))
	}
	for _, flag := range a.AdFlags {
		if flag.Value.Is(true) {
			findings = append(findings, named(Ad, Low, field.Of(flag.Name)))
		}
	}
	for _, plugin := range a.Plugins.Names {
		findings = append(findings, named(Plugin, Info, plugin))
	}
	for i := range findings {
		findings[i].Package = strings.TrimSpace(packageName)
	}
	return inApp(findings, a.MD5, a.SoftName)
}

// lacks says which deciding fields of the row are missing or unreadable.
func (a DetectedAPK) lacks(p Policy) []string {
	var lacks []string
	if !a.Errno.Is(0) && !a.Errno.Is(1) { // the two that are no error (api.md)
		lacks = append(lacks, "Errno does not say that the detection succeeded")
	}
	if !rated(a.SafeType) {
		lacks = append(lacks, "SafeType is none of 1, 2 and 3")
	}
	if a.Repackaged.State() != field.Known && p.decides(Repackaged) {
		lacks = append(lacks, "RepackageStatus is neither 0 nor 1")
	}
	if p.decides(Ad) {
		if lack := listLack("PluginList", a.Ads.State); lack != "" {
			lacks = append(lacks, lack)
		}
		var uncertain []string
		for _, flag := range a.AdFlags {
			if flag.Value.State() != field.Known {
				uncertain = append(uncertain, flag.Name)
			}
		}
		if len(uncertain) > 0 {
			slices.Sort(uncertain)
			lacks = append(lacks, fmt.Sprintf("the service is not certain about %s", sanitize.Line(strings.Join(uncertain, ", "))))
		}
	}
	if lack := listLack("OptPluginList", a.Plugins.State); lack != "" && p.decides(Plugin) {
		lacks = append(lacks, lack)
	}
	return lacks
}

// listLack says what is wrong with a list that must be there; empty if nothing.
func listLack(name string, state field.State) string {
	switch state {
	case field.Absent:
		return name + " is missing"
	case field.Unreadable:
		return name + " is there, but cannot be read"
	case field.Known:
	}
	return ""
}
