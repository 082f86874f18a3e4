package gate

import (
	"fmt"
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// imageSide is one of the two kinds of images that a task scans, with its own counts and limit.
type imageSide struct {
	kind         string // as in messages
	images, vuls Count
	imageField   string
	vulField     string
	limit        int64
	rule         Rule
}

// Evidence returns the counts of an image scan (document 004), which knows no findings, beside their limits,
// and why the scan may prove nothing. Only the sides whose task id was asked for are judged; where none was,
// the service answers for whatever ran last, so both are and the policy must bound the age. Nothing but
// SCANNED can pass: NOT_SCAN with zero vulnerabilities is not a clean image. Counts above a limit fail
// whatever the status.
func (s ImageScan) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceImageScan, s.Object, p)
	e.Reasons = slices.Concat(s.statusReasons(), s.unnamedTaskReasons(p), s.riskReasons())
	for _, side := range s.sides(p) {
		e.Reasons = append(e.Reasons, side.reasons()...)
		e.Limits = append(e.Limits, Limit{side.rule, "vulnerabilities in " + side.kind + " images", side.vuls, side.limit})
	}
	if p.MaxFoundRiskImage != nil {
		if s.FoundRiskImageCount.Absent() {
			e.Reasons = append(e.Reasons, missingCount("FoundRiskImageCount"))
		}
		e.Limits = append(e.Limits, Limit{RuleMaxFoundRiskImage, "images at risk", s.FoundRiskImageCount, *p.MaxFoundRiskImage})
	}
	e.addScan(s.Scanned)
	return e
}

// sides are those that the policy judges.
func (s ImageScan) sides(p Policy) []imageSide {
	both := !s.AskedLocal && !s.AskedRegistry
	var sides []imageSide
	if both || s.AskedLocal {
		sides = append(sides, imageSide{
			kind: "local", limit: or(p.MaxFoundVul, 0), rule: RuleMaxFoundVul,
			images: s.LocalImageScanCount, imageField: "LocalImageScanCount",
			vuls: s.FoundVulCount, vulField: "FoundVulCount",
		})
	}
	if both || s.AskedRegistry {
		sides = append(sides, imageSide{
			kind: "registry", limit: or(p.MaxRegistryFoundVul, 0), rule: RuleMaxRegistryFoundVul,
			images: s.RegistryImageScanCount, imageField: "RegistryImageScanCount",
			vuls: s.RegistryFoundVulCount, vulField: "RegistryFoundVulCount",
		})
	}
	return sides
}

// reasons says which of the side's counts are missing, and whether it scanned any image at all.
func (i imageSide) reasons() []Reason {
	reasons := countReasons(i.vulField, i.vuls)
	if i.images.Is(0) {
		return append(reasons, Reason{NothingScanned, fmt.Sprintf("%s is 0: no %s image was scanned", i.imageField, i.kind)})
	}
	return append(reasons, countReasons(i.imageField, i.images)...)
}

// countReasons reports whether a count that decides is missing, unreadable or negative.
func countReasons(name string, value Count) []Reason {
	switch count, state := value.Get(); {
	case state == field.Absent:
		return []Reason{missingCount(name)}
	case state == field.Unreadable:
		return []Reason{unreadableCount(name)}
	case count < 0:
		return []Reason{negative(name, count)}
	}
	return nil
}

func missingCount(name string) Reason { return Reason{CountMissing, name + " is missing"} }

// riskReasons compares the images at risk with what explains them, on both sides of the answer: there can be
// no more of them than images were scanned, and none without a vulnerability.
func (s ImageScan) riskReasons() []Reason {
	const name = "FoundRiskImageCount"
	risky, state := s.FoundRiskImageCount.Get()
	if state == field.Absent {
		return nil
	}
	if reasons := countReasons(name, s.FoundRiskImageCount); len(reasons) > 0 || risky == 0 {
		return reasons
	}
	images := saturatingAdd(known(s.LocalImageScanCount), known(s.RegistryImageScanCount))
	vuls := saturatingAdd(known(s.FoundVulCount), known(s.RegistryFoundVulCount))
	switch {
	case risky > images:
		return []Reason{{UnexplainedCount, fmt.Sprintf("%s is %d, but the images scanned number %d", name, risky, images)}}
	case vuls == 0:
		return []Reason{{UnexplainedCount, fmt.Sprintf("%s is %d, but no vulnerability was found", name, risky)}}
	}
	return nil
}

// known returns a count as far as it explains anything.
func known(value Count) int64 {
	count, _ := value.Get()
	return max(0, count)
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
	return []Reason{{StatusUnknown, "the task has status " + sanitize.Quote(s.Status) + ", which is not documented"}}
}

// unnamedTaskReasons is a second check behind the data source's own validation.
func (s ImageScan) unnamedTaskReasons(p Policy) []Reason {
	if !s.AskedLocal && !s.AskedRegistry && p.MaxAge <= 0 {
		return []Reason{{MaxAgeRequired, "no task id was given, so the answer may be of any earlier scan"}}
	}
	return nil
}
