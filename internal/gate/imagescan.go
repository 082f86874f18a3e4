package gate

import (
	"fmt"
	"slices"
	"time"
)

// imageSide is one of the two kinds of images that a task scans, with its own counts and budget.
type imageSide struct {
	kind         string // as in messages
	images, vuls *int64
	imageField   string
	vulField     string
	budget       int64
	rule         Rule
}

// Judge judges the counts of an image scan (document 004), which knows no findings. Only the sides
// whose task id was asked for are judged; where none was, the service answers for whatever ran last,
// so both are and the policy must bound the age. Nothing but SCANNED can pass: NOT_SCAN with zero
// vulnerabilities is not a clean image. Counts above a budget fail whatever the status.
func (s ImageScan) Judge(p ImagePolicy, now time.Time) Verdict {
	v := Verdict{PolicySHA256: p.SHA256()}
	reasons := slices.Concat(s.Reasons, s.statusReasons(), s.policyReasons(p))
	var breaches []breach
	for _, side := range s.sides(p) {
		reasons = append(reasons, side.reasons()...)
		breaches = append(breaches, overBudget(side.vuls, side.budget, "vulnerabilities in "+side.kind+" images", side.rule)...)
	}
	if p.MaxFoundRiskImage != nil {
		reasons = append(reasons, countReasons("FoundRiskImageCount", s.FoundRiskImageCount)...)
		breaches = append(breaches, overBudget(s.FoundRiskImageCount, *p.MaxFoundRiskImage, "images at risk", RuleMaxFoundRiskImage)...)
	}
	slices.SortFunc(breaches, func(a, b breach) int { return CompareFindings(a.Finding, b.Finding) })
	var scans []time.Time
	if s.ScannedAt != nil && !s.ScannedAt.IsZero() {
		scans = []time.Time{*s.ScannedAt}
	}
	v.Reasons = orderReasons(append(reasons, ageReasons(scans, false, p.MaxAge, now)...))
	v.ValidUntil = ageLimit(scans, p.MaxAge)
	v.conclude(s.Object, tallyCounts(len(breaches)), breaches)
	return v
}

// sides are those that the policy judges.
func (s ImageScan) sides(p ImagePolicy) []imageSide {
	both := !s.AskedLocal && !s.AskedRegistry
	var sides []imageSide
	if both || s.AskedLocal {
		sides = append(sides, imageSide{
			kind: "local", budget: p.MaxFoundVul, rule: RuleMaxFoundVul,
			images: s.LocalImageScanCount, imageField: "LocalImageScanCount",
			vuls: s.FoundVulCount, vulField: "FoundVulCount",
		})
	}
	if both || s.AskedRegistry {
		sides = append(sides, imageSide{
			kind: "registry", budget: p.MaxRegistryFoundVul, rule: RuleMaxRegistryFoundVul,
			images: s.RegistryImageScanCount, imageField: "RegistryImageScanCount",
			vuls: s.RegistryFoundVulCount, vulField: "RegistryFoundVulCount",
		})
	}
	return sides
}

// reasons tells which of the side's counts are missing, and whether it scanned any image at all.
func (i imageSide) reasons() []Reason {
	reasons := countReasons(i.vulField, i.vuls)
	if i.images != nil && *i.images == 0 {
		return append(reasons, Reason{NothingScanned, fmt.Sprintf("%s is 0: no %s image was scanned", i.imageField, i.kind)})
	}
	return append(reasons, countReasons(i.imageField, i.images)...)
}

// countReasons tells whether a count that decides is missing or negative.
func countReasons(name string, count *int64) []Reason {
	switch {
	case count == nil:
		return []Reason{{CountMissing, name + " is missing"}}
	case *count < 0:
		return []Reason{negative(name, *count)}
	}
	return nil
}

// overBudget returns the breach of a count above its budget. Its severity is unknown: the service
// counts, and says nothing of how bad what it counted is.
func overBudget(count *int64, budget int64, what string, rule Rule) []breach {
	if count == nil || *count <= budget {
		return nil
	}
	text := fmt.Sprintf("%d %s, %d allowed", *count, what, budget)
	findings := identify([]Finding{{
		Category: Vulnerability, Severity: Unknown, ID: string(rule), Name: text, Anonymous: true, FromCount: true,
	}})
	return []breach{{Finding: &findings[0], rules: []Rule{rule}, text: text}}
}

func (s ImageScan) statusReasons() []Reason {
	switch s.Status {
	case "SCANNED":
		return nil
	case "NOT_SCAN":
		return []Reason{{NotScanned, "the images were not scanned (NOT_SCAN)"}}
	case "SCANNING":
		return []Reason{{NotFinished, "the images are still being scanned (SCANNING)"}}
	case "CANCELED":
		return []Reason{{Canceled, "the scan was canceled (CANCELED)"}}
	}
	return []Reason{{StatusUnknown, "the task has status " + quote(s.Status) + ", which is not documented"}}
}

// policyReasons is the second lock behind the data source's own validation.
func (s ImageScan) policyReasons(p ImagePolicy) []Reason {
	var reasons []Reason
	if err := p.Validate(); err != nil {
		reasons = append(reasons, Reason{InvalidPolicy, Line(err.Error())})
	}
	if !s.AskedLocal && !s.AskedRegistry && p.MaxAge <= 0 {
		reasons = append(reasons, Reason{MaxAgeRequired, "no task id was given, so the answer may be of any earlier scan"})
	}
	return reasons
}
