package gate

import (
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// The values of SafeType (api.md). Unknown is no rating.
const (
	safeTypeUnknown = 0
	safeTypeSafe    = 1
	safeTypeRisky   = 2
	safeTypeVirus   = 3
)

// rated reports whether a SafeType is a rating at all.
func rated(safeType field.Value[int64]) bool {
	return safeType.Is(safeTypeSafe) || safeType.Is(safeTypeRisky) || safeType.Is(safeTypeVirus)
}

// findings returns what the row holds, whether it is done or not. Only of a done row is a missing
// rating a finding: others have their reason already.
func (a ScannedApp) findings(virusRequired bool) []Finding {
	findings := ratingFindings(a.Virus.SafeType, a.Virus.Name, virusRequired && a.State == RowDone)
	for _, plugin := range a.Ads.Plugins {
		findings = append(findings, plugin.finding())
	}
	for _, permission := range a.Permissions.Names {
		findings = append(findings, named(Permission, Info, permission))
	}
	for _, path := range a.Sensitive.Names {
		finding := named(SensitiveWord, Low, path)
		finding.Location = finding.Name
		findings = append(findings, finding)
	}
	findings = slices.Grow(findings, len(a.Vul.Vuls)) // last and at once, since there may be thousands
	for _, vul := range a.Vul.Vuls {
		findings = append(findings, vul.finding())
	}
	for i := range findings {
		findings[i].Package = strings.TrimSpace(a.Package)
	}
	return inApp(findings, a.MD5, a.Package)
}

func (v Vul) finding() Finding {
	finding := named(Vulnerability, RiskSeverity(v.RiskLevel), v.ID)
	finding.Name = strings.TrimSpace(v.Name)
	finding.Location = strings.TrimSpace(v.Location)
	return finding
}

// finding names a plugin without a name by its list.
func (p AdPlugin) finding() Finding {
	finding := named(Ad, Low, p.Name, field.Of(p.List))
	finding.Unnamed = finding.Unnamed || blank(p.Name)
	return finding
}

// RiskSeverity returns the severity that a RiskLevel of the ms service stands for: 3 high, 2 medium,
// 1 low; Unknown for any other, and where there is none.
func RiskSeverity(riskLevel field.Value[int64]) Severity {
	switch level, _ := riskLevel.Get(); level {
	case 3:
		return High
	case 2:
		return Medium
	case 1:
		return Low
	default:
		return Unknown
	}
}

// ratingFindings turns the virus engine's rating into at most one finding.
func ratingFindings(safeType field.Value[int64], virusName field.Value[string], ratingRequired bool) []Finding {
	switch {
	case safeType.Is(safeTypeVirus):
		return []Finding{named(Virus, Critical, virusName)}
	case safeType.Is(safeTypeRisky):
		return []Finding{named(RiskSoftware, High, virusName)}
	case !rated(safeType) && ratingRequired:
		return []Finding{anonymous(Unrated, Unknown)}
	}
	return nil
}

// named returns a finding whose id and name are what the service calls it: the first of the ids that is
// not blank. Where an earlier one is there and cannot be read, or none is there, it may have been any id.
func named(category Category, severity Severity, ids ...field.Value[string]) Finding {
	unnamed := false
	for _, value := range ids {
		id, state := value.Get()
		unnamed = unnamed || state == field.Unreadable
		if id = strings.TrimSpace(id); id != "" {
			return Finding{Category: category, Severity: severity, ID: id, Name: id, Unnamed: unnamed}
		}
	}
	finding := anonymous(category, severity)
	finding.Unnamed = true
	return finding
}

// anonymous returns a finding of a kind that has no ids: its id is the category.
func anonymous(category Category, severity Severity) Finding {
	return Finding{Category: category, Severity: severity, ID: string(category), Anonymous: true}
}

func blank(value field.Value[string]) bool {
	text, _ := value.Get()
	return strings.TrimSpace(text) == ""
}

// firstOf returns the first value that is not blank.
func firstOf(values ...string) string {
	for _, value := range values {
		if value = strings.TrimSpace(value); value != "" {
			return value
		}
	}
	return ""
}

func inApp(findings []Finding, md5, subject string) []Finding {
	for i := range findings {
		findings[i].AppMD5 = caseless(md5)
		findings[i].Subject = strings.TrimSpace(subject)
	}
	return findings
}
