package gate

import (
	"slices"
	"strings"
)

// The values of SafeType that are a rating (api.md). 0 is "unknown".
const (
	safeTypeSafe  = 1
	safeTypeRisky = 2
	safeTypeVirus = 3
)

// rated tells whether a SafeType is a rating at all.
func rated(safeType *int64) bool {
	return safeType != nil && *safeType >= safeTypeSafe && *safeType <= safeTypeVirus
}

// findings returns what the row holds, whether it is done or not. Only of a done row is a missing
// rating a finding: others have their reason already.
func (a ScannedApp) findings(virusRequired bool) []Finding {
	findings := a.virusFindings(virusRequired && a.State == RowDone)
	if a.Ads != nil {
		for _, plugin := range a.Ads.Plugins {
			findings = append(findings, named(Ad, Low, firstOf(plugin.Name, plugin.List)))
		}
	}
	if a.Permissions != nil {
		for _, permission := range a.Permissions.Permissions {
			findings = append(findings, named(Permission, Info, permission))
		}
	}
	if a.Sensitive != nil {
		for _, path := range a.Sensitive.FilePaths {
			finding := named(SensitiveWord, Low, path)
			finding.Location = finding.Name
			findings = append(findings, finding)
		}
	}
	if a.Vul != nil { // last and at once, since there may be thousands
		findings = slices.Grow(findings, len(a.Vul.Vuls))
		for _, vul := range a.Vul.Vuls {
			findings = append(findings, vul.finding())
		}
	}
	return inApp(findings, a.MD5, a.Package)
}

func (v Vul) finding() Finding {
	finding := named(Vulnerability, RiskSeverity(v.RiskLevel), v.ID)
	finding.Name = strings.TrimSpace(v.Name)
	finding.Location = strings.TrimSpace(v.Location)
	return finding
}

// RiskSeverity returns the severity that a RiskLevel of the ms service stands for: 3 high, 2 medium,
// 1 low; Unknown for any other, and for nil.
func RiskSeverity(riskLevel *int64) Severity {
	if riskLevel == nil {
		return Unknown
	}
	switch *riskLevel {
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

func (a ScannedApp) virusFindings(ratingRequired bool) []Finding {
	if a.Virus == nil {
		return ratingFindings(nil, "", ratingRequired)
	}
	return ratingFindings(a.Virus.SafeType, a.Virus.Name, ratingRequired)
}

// ratingFindings turns the virus engine's rating into at most one finding.
func ratingFindings(safeType *int64, virusName string, ratingRequired bool) []Finding {
	switch {
	case !rated(safeType) && ratingRequired:
		return []Finding{named(Unrated, Unknown, "")}
	case !rated(safeType):
		return nil
	case *safeType == safeTypeVirus:
		return []Finding{named(Virus, Critical, virusName)}
	case *safeType == safeTypeRisky:
		return []Finding{named(RiskSoftware, High, virusName)}
	}
	return nil
}

// named returns a finding whose id and name are what the service calls it, or whose id is the
// category where the service calls it nothing.
func named(category Category, severity Severity, id string) Finding {
	id = strings.TrimSpace(id)
	finding := Finding{Category: category, Severity: severity, ID: id, Name: id}
	if id == "" {
		finding.ID, finding.Anonymous = string(category), true
	}
	return finding
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
