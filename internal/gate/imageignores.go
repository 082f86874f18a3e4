package gate

import (
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// What the service is set to ignore for images: a finding that a row lists is marked, one that no row lists is hidden.

// IgnoredVul is what the account's scans are set to ignore: for all images, or for a number of them.
type IgnoredVul struct {
	CVEID, POCID field.Value[string]
	All          field.Value[bool]
	Images       Count
}

func (v IgnoredVul) ids() []string { return idsOf(v.CVEID, v.POCID) }

// applies tells whether any image is concerned; what cannot be read may be any.
func (v IgnoredVul) applies() bool { return v.All.Is(true) || v.All.Unreadable() || !v.Images.Is(0) }

// ignoredIDs returns the ids of what is ignored, in lower case.
func (s Image) ignoredIDs() map[string]bool {
	ids := map[string]bool{}
	for _, v := range s.Ignored {
		if v.applies() {
			for _, id := range v.ids() {
				ids[caseless(id)] = true
			}
		}
	}
	return ids
}

func (v ImageVul) in(ids map[string]bool) bool {
	return slices.ContainsFunc(v.ids(), func(id string) bool { return ids[caseless(id)] })
}

// ignoreReasons judges the list of what is ignored, and the counts that it explains.
func (s Image) ignoreReasons(p Policy) []Reason {
	var reasons []Reason
	ignored := s.ignoredIDs()
	for _, row := range s.Rows {
		if row.State == RowDone {
			reasons = append(reasons, row.countedReasons(ignored)...)
		}
	}
	if or(p.AcceptServiceIgnores, false) {
		return reasons
	}
	if s.IgnoredList == field.Unreadable || s.IgnoredList == field.Absent && !s.IgnoredTotal.Is(0) {
		return append(reasons, Reason{MissingEvidence, "the list of ignored vulnerabilities is missing or cannot be read"})
	}
	return append(reasons, totalReasons(s.IgnoredTotal, len(s.Ignored), "ignored vulnerabilities")...)
}

// hidden returns what is ignored and no row lists: nobody can tell whether the image has it.
func (s Image) hidden() (hidden []hiddenFinding) {
	listed := map[string]bool{}
	for _, row := range s.Rows {
		for _, vul := range row.Vuls {
			for _, id := range vul.ids() {
				listed[caseless(id)] = true
			}
		}
	}
	for _, v := range s.Ignored {
		if !v.applies() || slices.ContainsFunc(v.ids(), func(id string) bool { return listed[caseless(id)] }) {
			continue
		}
		hidden = append(hidden, hiddenFinding{ids: v.ids(), image: s.Repository})
	}
	return hidden
}

// hiddenFinding is what a scan may have found and was set to hide.
type hiddenFinding struct {
	ids   []string
	image string
}

// hiddenReasons tells what is hidden and no exception names.
func (e Evidence) hiddenReasons(exceptions *exceptionIndex) (reasons []Reason) {
	for _, hidden := range e.hidden {
		excepted := false
		for _, id := range hidden.ids {
			excepted = exceptions.cover(&Finding{Category: Vulnerability, ID: id, Image: hidden.image}) != nil || excepted
		}
		if excepted {
			continue
		}
		name := "a vulnerability without an id"
		if len(hidden.ids) > 0 {
			name = sanitize.Line(hidden.ids[0])
		}
		reasons = append(reasons, Reason{IgnoredByService, name + " is ignored by a setting at the service, so it is unknown whether the image has it"})
	}
	return reasons
}
