package emulator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// hostScope is what a task scans for; an empty list is everything.
type hostScope struct {
	levels, categories []int
	vulIDs             []int64
	kbNumbers          []string
}

func (s hostScope) covers(level, category int, vulID int64, kb string) bool {
	narrowed := len(s.vulIDs)+len(s.kbNumbers) > 0
	return (len(s.levels) == 0 || slices.Contains(s.levels, level)) &&
		(len(s.categories) == 0 || category == 0 || slices.Contains(s.categories, category)) &&
		(!narrowed || slices.Contains(s.vulIDs, vulID) || slices.Contains(s.kbNumbers, kb))
}

// hostFinding is one finding of a module, with what a scope looks at.
type hostFinding struct {
	*finding
	category int
	vulID    int64
	kb       string
}

// of are the findings of a module.
func (c *cwpState) of(moduleType string) (findings []hostFinding) {
	switch moduleType {
	case "Vul":
		for _, v := range c.vuls {
			findings = append(findings, hostFinding{&v.finding, v.Category, v.VulID, v.KBNumber})
		}
	case "Malware":
		for _, m := range c.malware {
			findings = append(findings, hostFinding{finding: &m.finding})
		}
	default:
		for _, b := range c.items {
			findings = append(findings, hostFinding{finding: &b.finding})
		}
	}
	return findings
}

// pending is the status of findings that RiskNum counts.
var pending = map[string]int{"Vul": 0, "Malware": 4, "Baseline": 0}

// cover gives a task its hosts, and works out what it will find there.
func (c *cwpState) cover(play *hostPlay, hosts []*knownHost, scope hostScope) {
	risks := make(map[string]int)
	chosen := make(map[string]bool)
	for _, host := range hosts {
		chosen[host.name] = true
	}
	var found []hostFinding
	for _, f := range c.of(play.ModuleType) {
		if !scope.covers(f.Level, f.category, f.vulID, f.kb) {
			continue
		}
		here := false
		for _, one := range f.Hosts {
			if chosen[one.Host] && *one.Status == pending[play.ModuleType] && c.byName[one.Host].failType == 0 {
				risks[one.Host]++
				here = true
			}
		}
		if here {
			found = append(found, f)
		}
	}
	play.scope, play.index, play.vulCount = scope, make(map[string]int), len(found)
	for _, host := range hosts {
		machine := maps.Clone(host.machine)
		machine["RiskNum"] = risks[host.name]
		maps.Copy(machine, host.row)
		play.index[host.quuid] = len(play.machines)
		play.machines = append(play.machines, machine)
	}
	if play.ModuleType == "Vul" {
		play.vulInfo = c.vulInfo(play, found)
	}
}

// vulInfo is VulInfo: what the task was narrowed to, null if to nothing, or all that it found.
func (c *cwpState) vulInfo(play *hostPlay, found []hostFinding) (info []map[string]any) {
	for _, v := range c.vuls {
		if c.scenario.VulInfo == "found" && slices.ContainsFunc(found, func(f hostFinding) bool { return f.vulID == v.VulID }) ||
			c.scenario.VulInfo == "scanned" && slices.Contains(play.scope.vulIDs, v.VulID) {
			info = append(info, map[string]any{
				"VulId": v.VulID, "Level": v.Level, "Name": v.Name, "CveId": v.CVEID, "VulCategory": v.Category, "Descript": v.Description,
				"Fix": "", "Reference": "", "CvssScore": v.CVSSScore, "Cvss": "", "PublishTime": "",
			})
		}
	}
	if c.scenario.VulInfo == "found" {
		return orEmpty(info)
	}
	return info
}

// hasScanned tells whether the task has scanned a host to its end, without a failure.
func (p *hostPlay) hasScanned(host *knownHost, now time.Time) bool {
	position, in := p.index[host.quuid]
	finished := int(float64(len(p.machines)) * p.course.percent(now, false) / 100)
	return in && position < finished && host.failType == 0
}

// knows tells whether a finding of a host is known by now.
func (c *cwpState) knows(moduleType string, f hostFinding, hostName string, now time.Time) bool {
	if !f.AfterScan {
		return true
	}
	return slices.ContainsFunc(c.tasks, func(play *hostPlay) bool {
		return play.ModuleType == moduleType && play.scope.covers(f.Level, f.category, f.vulID, f.kb) &&
			play.hasScanned(c.byName[hostName], now)
	})
}

// placeFindings makes the findings of the scenario, one by one.
func (c *cwpState) placeFindings() {
	c.vuls, c.malware, c.items = nil, nil, nil
	for _, entry := range c.scenario.Vulnerabilities {
		for i := range entry.Count {
			one := *entry
			one.VulID, one.CVEID = entry.VulID+int64(i), countOn(entry.CVEID, i)
			c.vuls = append(c.vuls, &one)
		}
	}
	for _, entry := range c.scenario.Malware {
		for i := range entry.Count {
			one := *entry
			if one.Path = entry.Path; i > 0 {
				one.Path = fmt.Sprintf("%s.%d", entry.Path, i)
			}
			c.malware = append(c.malware, &one)
		}
	}
	for _, entry := range c.scenario.Baseline {
		for i := range entry.Count {
			one := *entry
			one.ItemID = entry.ItemID + int64(i)
			c.items = append(c.items, &one)
		}
	}
}

var lastDigits = regexp.MustCompile(`[0-9]{1,15}$`)

// countOn adds to the number that a text ends with.
func countOn(text string, i int) string {
	digits := lastDigits.FindString(text)
	if i == 0 || digits == "" {
		return text
	}
	number, _ := strconv.ParseInt(digits, 10, 64) // fits by the expression
	return text[:len(text)-len(digits)] + fmt.Sprintf("%0*d", len(digits), number+int64(i))
}
