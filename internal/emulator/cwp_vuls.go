package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// known are the hosts of a finding of which it is known by now.
func (c *cwpState) known(moduleType string, f hostFinding, now time.Time) []*affected {
	if !f.AfterScan {
		return f.Hosts
	}
	return slices.DeleteFunc(slices.Clone(f.Hosts), func(one *affected) bool {
		return !c.knows(moduleType, f, one.Host, now)
	})
}

func (c *cwpState) hostsOf(v *hostVul, now time.Time) []*affected {
	return c.known("Vul", hostFinding{&v.finding, v.Category, v.VulID, v.KBNumber}, now)
}

// lastScan is when a task of a module ended last, and its id; else a day before the emulator started.
func (c *cwpState) lastScan(moduleType string, now time.Time) (string, int64) {
	for _, play := range slices.Backward(c.tasks) {
		if play.ModuleType == moduleType && play.index != nil && play.course.percent(now, false) >= 100 {
			return serviceTime(play.course.ended), play.TaskID
		}
	}
	return serviceTime(c.began.Add(-24 * time.Hour)), 0
}

// vulRow is one VulInfoList. Of the hosts' statuses it has the one that is open, if any.
func (c *cwpState) vulRow(v *hostVul, now time.Time) map[string]any {
	hosts := c.hostsOf(v, now)
	status, ids := v.Status, make([]string, len(hosts))
	for i, one := range hosts {
		ids[i] = strconv.FormatInt(c.eventID(v, one), 10)
		if i == 0 || *one.Status == pending["Vul"] {
			status = *one.Status
		}
	}
	count := len(hosts)
	if v.HostCount != nil {
		count = *v.HostCount
	}
	last, taskID := c.lastScan("Vul", now)
	row := map[string]any{
		"Ids": strings.Join(ids, ","), "Name": v.Name, "Status": status, "VulId": v.VulID, "PublishTime": "2021-12-10 00:00:00",
		"LastTime": last, "HostCount": count, "Level": v.Level, "From": 0, "Descript": v.Description, "PublishTimeWisteria": "",
		"NameWisteria": "", "DescriptWisteria": "", "StatusStr": strconv.Itoa(status), "CveId": v.CVEID, "CvssScore": v.CVSSScore, "Labels": "",
		"FixSwitch": 0, "TaskId": taskID, "IsSupportDefense": 0, "DefenseAttackCount": 0, "FirstAppearTime": serviceTime(c.began.Add(-24 * time.Hour)),
		"VulCategory": v.Category, "AttackLevel": 0, "FixNoNeedRestart": true, "Method": 0, "VulFixSwitch": 0, "LatestFixTime": "",
		"RaspOpenNodeCount": 0, "RaspClosedNodeCount": 0,
	}
	maps.Copy(row, v.Row)
	return row
}

// eventID is the id of a vulnerability on a host.
func (c *cwpState) eventID(v *hostVul, one *affected) int64 {
	return v.VulID*1000 + int64(shownNumber(c.byName[one.Host].machine["Id"]))
}

func shownNumber(value any) int {
	n, _ := strconv.Atoi(shown(value))
	return n
}

// describeVulList is the vulnerabilities of the account, one row each.
func (s *Server) describeVulList(r *request) (map[string]any, *failure) {
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	c, now := &s.cwp, s.now()
	var vuls []*hostVul
	byID := make(map[string]*hostVul)
	for _, v := range c.vuls {
		if !v.AfterScan || len(c.hostsOf(v, now)) > 0 {
			vuls = append(vuls, v)
			byID[strconv.FormatInt(v.VulID, 10)] = v
		}
	}
	filters := map[string]filterRule{
		"Status": equal("Status"), "ModifyTime": since("LastTime"), "VulName": fuzzy("Name", "CveId"), "VulCategory": equal("VulCategory"),
		"IsSupportDefense": equal("IsSupportDefense"), "Labels": fuzzy("Labels"), "IsSupportAutoFix": equal("FixSwitch"),
		"CvssScore": atLeast("CvssScore"), "AttackLevel": atLeast("AttackLevel"),
		"Uuid": func(row map[string]any, value string, _ bool) bool {
			v := byID[shown(row["VulId"])]
			return v != nil && slices.ContainsFunc(c.hostsOf(v, now), func(one *affected) bool { return c.byName[one.Host].uuid == value })
		},
	}
	rows, total, f := s.page(r, listing{
		invalid: "InvalidParameterValue", size: len(vuls), filters: filters,
		row: func(i int) map[string]any { return c.vulRow(vuls[i], now) },
	})
	if f != nil {
		return nil, f
	}
	return plain(map[string]any{"VulInfoList": rows, "TotalCount": total, "FollowVulCount": 0})
}

// effectRow is one VulEffectHostList.
func (c *cwpState) effectRow(v *hostVul, one *affected, last string) map[string]any {
	host := c.byName[one.Host]
	state := "RUNNING"
	if host.failType == failOffline {
		state = "STOPPED"
	}
	row := map[string]any{
		"EventId": c.eventID(v, one), "Status": *one.Status, "LastTime": last, "Level": v.Level, "Quuid": host.quuid, "Uuid": host.uuid,
		"HostIp": host.ip, "AliasName": host.name, "Tags": []any{}, "Description": "", "HostVersion": slices.Index(editions, host.edition),
		"IsSupportAutoFix": 0, "FixStatusMsg": "", "FirstDiscoveryTime": serviceTime(c.began.Add(-24 * time.Hour)), "InstanceState": state,
		"PublicIpAddresses": "", "CloudTags": []any{}, "MachineExtraInfo": host.extra(), "MachineType": "CVM", "RegionId": 1,
		"HasSnapshot": 0, "LatestFixTime": "", "DescriptionEn": "",
	}
	maps.Copy(row, one.Row)
	return row
}

// effectFilters are the filters of the hosts of a vulnerability.
var effectFilters = map[string]filterRule{
	"AliasName": fuzzy("AliasName"), "TagIds": fuzzy("Tags"), "Status": equal("Status"), "Uuid": equal("Uuid"), "InstanceState": equal("InstanceState"),
	"Version": func(row map[string]any, value string, _ bool) bool {
		return shown(row["HostVersion"]) == strconv.Itoa(slices.Index(editions, value))
	},
}

// describeVulEffectHostList is the hosts of a vulnerability.
func (s *Server) describeVulEffectHostList(r *request) (map[string]any, *failure) {
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	c, now := &s.cwp, s.now()
	last, _ := c.lastScan("Vul", now)
	var vul *hostVul
	var hosts []*affected
	for _, v := range c.vuls {
		if v.VulID == number(r.parameters["VulId"], 0) {
			vul, hosts = v, c.hostsOf(v, now)
		}
	}
	rows, total, f := s.page(r, listing{
		invalid: "InvalidParameterValue", size: len(hosts), filters: effectFilters, bounded: true,
		row: func(i int) map[string]any { return c.effectRow(vul, hosts[i], last) },
	})
	if f != nil {
		return nil, f
	}
	return plain(map[string]any{"VulEffectHostList": rows, "TotalCount": total})
}
