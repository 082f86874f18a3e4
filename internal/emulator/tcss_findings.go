package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// level is a severity in the vocabulary of the scenario: a number from 1 for low, or for critical where
// the numbers are reversed, or a word. Nil where there is none.
func (t *tcssState) level(severity string) any {
	number := slices.Index(severities, severity) + 1
	switch {
	case number == 0:
		return nil
	case t.scenario.Levels == "words":
		if severity == "medium" {
			return "MIDDLE"
		}
		return strings.ToUpper(severity)
	case t.scenario.Levels == "reversed":
		return len(severities) + 1 - number
	}
	return number
}

// findingRow are the fields that ImageVul and ImagesVul have alike.
func findingRow(f *imageFinding) map[string]any {
	return map[string]any{
		"CVEID": f.CVEID, "Name": f.Name, "Component": f.Component, "Version": f.Version, "Category": "", "CategoryType": "SYSTEM",
		"Des": f.Description, "OfficialSolution": f.Solution, "Reference": f.Reference, "DefenseSolution": "", "SubmitTime": "",
		"FixedVersions": f.FixedVersions, "Tag": orEmpty(f.Tags), "AttackLevel": 0,
	}
}

// registryFinding is one ImageVul, whose level and score are texts.
func (t *tcssState) registryFinding(f *imageFinding) map[string]any {
	row := findingRow(f)
	level := t.level(f.Severity)
	if number, ok := level.(int); ok {
		level = strconv.Itoa(number)
	}
	maps.Copy(row, map[string]any{
		"POCID": f.POCID, "Level": level, "CvssScore": strconv.FormatFloat(f.CVSSScore, 'f', -1, 64), "CvssVector": f.CVSSVector,
		"IsSuggest": strconv.FormatBool(f.Severity == "critical"), "LayerInfos": []any{},
		"Components": []any{map[string]any{
			"Component": f.Component, "Name": f.Component, "Version": f.Version, "FixedVersion": f.FixedVersions, "Path": "", "Type": "",
		}},
	})
	maps.Copy(row, f.Row)
	return row
}

// localFinding is one ImagesVul, whose level and score are numbers; it has no POCID.
func (t *tcssState) localFinding(f *imageFinding) map[string]any {
	row := findingRow(f)
	maps.Copy(row, map[string]any{
		"Level": t.level(f.Severity), "CVSSV3Score": f.CVSSScore, "CVSSV3Desc": f.CVSSVector, "IsSuggest": f.Severity == "critical",
	})
	maps.Copy(row, f.Row)
	return row
}

// describeAssetImageRegistryVulList is the vulnerabilities of a registry image.
func (s *Server) describeAssetImageRegistryVulList(r *request) (map[string]any, *failure) {
	if r.parameters["Id"] == nil {
		return nil, fail("FailedOperation", "The Id of the image is missing.")
	}
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	s.tcss.syncOn(s.now(), false)
	return s.answerFindings(r, &s.tcss.registry, shown(r.parameters["Id"]), "FailedOperation", s.tcss.registryFinding)
}

// describeAssetImageVulList is the vulnerabilities of a local image.
func (s *Server) describeAssetImageVulList(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	return s.answerFindings(r, &s.tcss.local, textOf(r.parameters["ImageID"]), "InvalidParameter.InvalidFormat", s.tcss.localFinding)
}

// answerFindings is the vulnerabilities of an image that some scan found.
func (s *Server) answerFindings(r *request, side *imageSide, key, invalid string, render func(*imageFinding) map[string]any) (map[string]any, *failure) {
	t := &s.tcss
	image := side.images[key]
	if image == nil || !t.isListed(side, key) {
		return nil, fail("ResourceNotFound", "The image does not exist.")
	}
	var found []*imageFinding
	if t.standing(side, key, s.now()).known {
		found = t.rows(image)
	}
	filters := map[string]filterRule{"Name": fuzzy("Name", "CVEID"), "Level": equal("Level")}
	if !side.isLocal {
		filters["Tag"] = func(row map[string]any, value string, _ bool) bool {
			return value == "all" || slices.Contains(anyTexts(row["Tag"]), value)
		}
	}
	return s.answerList(r, listing{
		invalid: invalid, size: len(found), filters: filters,
		row: func(i int) map[string]any { return render(found[i]) },
	})
}

// anyTexts is a list of texts of the emulator's own.
func anyTexts(value any) []string {
	list, _ := value.([]string)
	return list
}

// describeScanIgnoreVulList is what the service is set to ignore.
func (s *Server) describeScanIgnoreVulList(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	rules := s.tcss.scenario.Ignored
	updated := serviceTime(s.tcss.began.Add(-24 * time.Hour))
	return s.answerList(r, listing{
		invalid: "InvalidParameter", size: len(rules),
		filters: map[string]filterRule{"CVEID": fuzzy("CVEID"), "VulName": fuzzy("VulName")},
		row: func(i int) map[string]any {
			rule := rules[i]
			row := map[string]any{
				"VulName": rule.Name, "CVEID": rule.CVEID, "PocID": rule.POCID, "UpdateTime": updated,
				"IsIgnoreAll": number01(rule.All), "LocalImageCount": rule.LocalImages, "RegistryImageCount": rule.RegistryImages,
			}
			maps.Copy(row, rule.Row)
			return row
		},
	})
}
