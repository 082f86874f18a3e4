package emulator

import "slices"

// imageCounts are the counters of an image.
type imageCounts struct {
	total      int
	bySeverity map[string]int
	ignored    int
}

// ignoredBy finds the rule by which the service ignores a vulnerability, or nil.
func (t *tcssState) ignoredBy(f *imageFinding) *ignoredVul {
	for _, rule := range t.scenario.Ignored {
		if (rule.CVEID != "" && rule.CVEID == f.CVEID) || (rule.POCID != "" && rule.POCID == f.POCID) {
			return rule
		}
	}
	return nil
}

// rows are the vulnerabilities of an image that the lists show.
func (t *tcssState) rows(i *image) []*imageFinding {
	if len(t.scenario.Ignored) == 0 {
		return i.findings
	}
	return slices.DeleteFunc(slices.Clone(i.findings), func(f *imageFinding) bool {
		rule := t.ignoredBy(f)
		return rule != nil && rule.Hidden
	})
}

// count counts the vulnerabilities of an image as the scenario has the service do it.
func (t *tcssState) count(i *image) imageCounts {
	counts := imageCounts{bySeverity: make(map[string]int)}
	seen := make(map[string]bool)
	for _, f := range i.findings {
		if t.scenario.Counters == "cves" && f.CVEID != "" {
			if seen[f.CVEID] {
				continue
			}
			seen[f.CVEID] = true
		}
		if t.ignoredBy(f) != nil {
			counts.ignored++
			if !t.scenario.CountIgnored {
				continue
			}
		}
		counts.total++
		counts.bySeverity[f.Severity]++
	}
	return counts
}
