package gate

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Findings returns what was found in all rows, worst first, with fingerprints. requiredTypes are the
// scan types that were required, none meaning the default; they decide whether a missing virus
// rating is a finding.
func (s ScanResults) Findings(requiredTypes []string) []Finding {
	types := distinct(scanTypesOrDefault(requiredTypes), strings.ToUpper)
	var findings []Finding
	for _, row := range s.Rows {
		findings = append(findings, row.findings(slices.Contains(types, VirusScan))...)
	}
	return identify(findings)
}

// Evidence returns what was found and why the results may prove nothing yet, in the light of what
// the policy requires. It judges no finding; that is [Evaluate]'s part.
func (s ScanResults) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceScanResults, s.Object, p)
	types := p.requiredScanTypes()
	e.Findings = s.Findings(types)
	if len(s.Rows) == 0 {
		e.Reasons = []Reason{s.nothingScanned()}
		e.TimeMissing = true
		return e
	}
	e.Reasons = append(totalReasons(s.TotalCount, len(s.Rows), "results"), presence(s.md5s(), p.RequiredMD5s, s.Asked)...)
	for _, row := range s.Rows {
		e.Reasons = append(e.Reasons, row.reasons(p, types)...)
		e.addScan(row.Scanned)
	}
	return e
}

func (s ScanResults) nothingScanned() Reason {
	detail := "the results list no app"
	if s.Listed == field.Unreadable {
		detail = "the list of results is there, but cannot be read"
	}
	if total, state := s.TotalCount.Get(); state == field.Known {
		detail += fmt.Sprintf(" (TotalCount %d)", total)
	}
	return Reason{NothingScanned, detail}
}

// totalReasons compares a TotalCount, "the number of results" (document 000), with the number of things
// listed.
func totalReasons(count Count, listed int, things string) []Reason {
	switch total, state := count.Get(); {
	case state == field.Absent:
		return []Reason{{CountMismatch, fmt.Sprintf("TotalCount is missing; %s listed: %d", things, listed)}}
	case state == field.Unreadable:
		return []Reason{{CountMismatch, fmt.Sprintf("TotalCount is there, but cannot be read; %s listed: %d", things, listed)}}
	case total != int64(listed):
		return []Reason{{CountMismatch, fmt.Sprintf("TotalCount is %d; %s listed: %d", total, things, listed)}}
	}
	return nil
}

func (s ScanResults) md5s() []string {
	md5s := make([]string, len(s.Rows))
	for i, row := range s.Rows {
		md5s[i] = row.MD5
	}
	return md5s
}

// presence says which rows name no MD5, which name one that was not asked for (an empty asked means
// all), and which required or asked MD5s no row names.
func presence(rows, required, asked []string) []Reason {
	var reasons []Reason
	listed, wanted := md5Set(rows), md5Set(asked)
	for _, md5 := range rows {
		switch md5 = caseless(md5); {
		case md5 == "":
			reasons = append(reasons, Reason{RowWithoutMD5, "a result names no MD5"})
		case len(wanted) > 0 && !wanted[md5]:
			reasons = append(reasons, Reason{UnexpectedMD5, fmt.Sprintf("app %s is among the results, but was not asked for", sanitize.Line(md5))})
		}
	}
	for _, md5 := range slices.Concat(required, asked) {
		switch md5 = caseless(md5); {
		case md5 == "":
			reasons = append(reasons, Reason{MissingMD5, "an MD5 that was asked for is empty, so no result can be the one for it"})
		case !listed[md5]:
			reasons = append(reasons, Reason{MissingMD5, fmt.Sprintf("app %s is not among the results", sanitize.Line(md5))})
		}
	}
	return reasons
}

func md5Set(md5s []string) map[string]bool {
	set := make(map[string]bool, len(md5s))
	for _, md5 := range md5s {
		set[caseless(md5)] = true
	}
	return set
}

// caseless is the form in which MD5s, fingerprints and Quuids are compared: their case and
// surrounding space mean nothing.
func caseless(id string) string { return lower(strings.TrimSpace(id)) }

// lower is [strings.ToLower], quicker where nothing is to be lowered: a baseline has tens of thousands of
// fingerprints, of which none is.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; c-'A' <= 'Z'-'A' || c >= utf8.RuneSelf {
			return strings.ToLower(s)
		}
	}
	return s
}

// title names the app of a row in a message.
func (a ScannedApp) title() string { return appTitle(a.MD5, a.Package) }

func appTitle(md5, name string) string {
	md5, name = caseless(md5), strings.TrimSpace(name)
	switch {
	case md5 == "" && name == "":
		return "an app without a name"
	case md5 == "":
		return "app " + sanitize.Line(name)
	case name == "":
		return "app " + sanitize.Line(md5)
	}
	return fmt.Sprintf("%s (MD5 %s)", sanitize.Line(name), sanitize.Line(md5))
}

// reasons says why the row is not done or, if it is, which required evidence it lacks and what in it cannot
// be read.
func (a ScannedApp) reasons(p Policy, requiredTypes []string) []Reason {
	switch a.State {
	case RowDone:
		return a.missingEvidence(p, requiredTypes)
	case RowRunning:
		return []Reason{a.unfinished(NotFinished, "is still being scanned")}
	case RowFailed:
		return []Reason{a.unfinished(AppFailed, "could not be scanned")}
	case RowTimedOut:
		return []Reason{a.unfinished(AppTimedOut, "was not scanned in time")}
	default:
		return []Reason{a.unfinished(StatusUnknown, "has a status that is not documented")}
	}
}

func (a ScannedApp) unfinished(code ReasonCode, what string) Reason {
	detail := a.title() + " " + what
	if problem := sanitize.Line(a.Problem); problem != "" {
		detail += ": " + problem
	}
	return Reason{code, detail}
}

func (a ScannedApp) missingEvidence(p Policy, requiredTypes []string) []Reason {
	var reasons []Reason
	for _, scanType := range requiredTypes {
		if lack := a.lack(scanType); lack != "" {
			reasons = append(reasons, Reason{MissingEvidence, fmt.Sprintf("%s has no evidence of %s: %s", a.title(), sanitize.Line(scanType), lack)})
		}
	}
	for _, broken := range a.unreadable(p) {
		reasons = append(reasons, Reason{MissingEvidence, fmt.Sprintf("%s of %s is there, but cannot be read", broken, a.title())})
	}
	return reasons
}

// lack says what a done row lacks to prove that a scan of the type took place; empty if nothing
// (docs, required_scan_types). What is there and cannot be read is [ScannedApp.unreadable]'s part.
func (a ScannedApp) lack(scanType string) string {
	switch {
	case scanType == VulScan && a.Vul.State == field.Absent:
		return "VulInfo is missing"
	case scanType == VulScan && a.Vul.Score != field.Known && a.Vul.List != field.Known:
		return "VulInfo has neither a score nor a list"
	case scanType == VirusScan && a.Virus.State == field.Absent:
		return "VirusInfo is missing"
	case scanType == VirusScan && !rated(a.Virus.SafeType):
		return "SafeType is none of 1, 2 and 3"
	case scanType == AdScan && a.Ads.State == field.Absent:
		return "AdInfo is missing"
	case scanType == PermissionScan && a.Permissions.State == field.Absent:
		return "PermissionInfo is missing"
	case scanType == SensitiveScan && a.Sensitive.State == field.Absent:
		return "SensitiveInfo is missing"
	case !slices.Contains(ScanTypes(), scanType):
		return "the results have no section for it"
	}
	return ""
}

// unreadable names the sections and lists that are there and cannot be read, required or not, as far as
// what they hide could violate the policy.
func (a ScannedApp) unreadable(p Policy) []string {
	// 0 is a rating that the service does give: unknown. Any other than those documented is none.
	unrated := a.Virus.SafeType.State() != field.Absent && !a.Virus.SafeType.Is(safeTypeUnknown) && !rated(a.Virus.SafeType)
	var broken []string
	for _, part := range []struct {
		name   string
		broken bool
		hides  []Category
	}{
		{"VulInfo", a.Vul.State == field.Unreadable, []Category{Vulnerability}},
		{"VulList", a.Vul.List == field.Unreadable, []Category{Vulnerability}},
		{"VirusInfo", a.Virus.State == field.Unreadable, []Category{Virus, RiskSoftware}},
		{"SafeType", unrated, []Category{Virus, RiskSoftware}},
		{"AdInfo", a.Ads.State == field.Unreadable, []Category{Ad}},
		{"PermissionInfo", a.Permissions.State == field.Unreadable, []Category{Permission}},
		{"SensitiveInfo", a.Sensitive.State == field.Unreadable, []Category{SensitiveWord}},
	} {
		if part.broken && p.decides(part.hides...) {
			broken = append(broken, part.name)
		}
	}
	return broken
}
