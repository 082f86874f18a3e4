package emulator

import (
	"maps"
	"time"
)

// pair is a finding on a host.
type pair[T any] struct {
	of  T
	one *affected
}

// malwareFilters are the filters of malicious files.
var malwareFilters = map[string]filterRule{
	"IpOrAlias": fuzzy("HostIp", "Alias"), "FilePath": fuzzy("FilePath"), "VirusName": fuzzy("VirusName"),
	"CreateBeginTime": since("CreateTime"), "CreateEndTime": until("CreateTime"), "Status": equal("Status"),
}

// describeMalWareList is the malicious files, one row for each file and host.
func (s *Server) describeMalWareList(r *request) (map[string]any, *failure) {
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	c, now := &s.cwp, s.now()
	var pairs []pair[*malware]
	for _, m := range c.malware {
		for _, one := range c.known("Malware", hostFinding{finding: &m.finding}, now) {
			pairs = append(pairs, pair[*malware]{m, one})
		}
	}
	last, _ := c.lastScan("Malware", now)
	rows, total, f := s.page(r, listing{
		invalid: "InvalidParameterValue", size: len(pairs), filters: malwareFilters, bounded: true,
		row: func(i int) map[string]any { return c.malwareRow(i, pairs[i].of, pairs[i].one, last) },
	})
	if f != nil {
		return nil, f
	}
	return plain(map[string]any{"MalWareList": rows, "TotalCount": total})
}

// malwareRow is one MalWareList.
func (c *cwpState) malwareRow(i int, m *malware, one *affected, last string) map[string]any {
	host, began := c.byName[one.Host], serviceTime(c.began.Add(-24*time.Hour))
	row := map[string]any{
		"HostIp": host.ip, "Uuid": host.uuid, "FilePath": m.Path, "VirusName": m.VirusName, "Status": *one.Status, "Id": i + 1,
		"Alias": host.name, "Tags": []any{}, "FileCreateTime": began, "FileModifierTime": began, "CreateTime": began,
		"LatestScanTime": last, "Level": m.Level, "CheckPlatform": "1,2", "ProcessExists": number01(m.ProcessExists),
		"FileExists": number01(m.FileExists), "Quuid": host.quuid, "MD5": m.MD5, "MachineExtraInfo": host.extra(), "DoClean": false,
		"FirstDetectionMethod": 0,
	}
	maps.Copy(row, m.Row)
	maps.Copy(row, one.Row)
	return row
}

// baselineFilters are the filters of baseline items.
var baselineFilters = map[string]filterRule{
	"PolicyId": equal("PolicyId"), "RuleId": equal("RuleId"), "HostId": equal("HostId"), "HostName": fuzzy("HostName"), "HostIp": fuzzy("HostIp"),
	"ItemId": equal("ItemId"), "ItemName": fuzzy("ItemName"), "DetectStatus": equal("DetectStatus"), "Level": equal("Level"),
	"StartTime": since("LastTime"), "EndTime": until("LastTime"),
}

// describeBaselineItemList is the items of baselines, one row for each item and host.
func (s *Server) describeBaselineItemList(r *request) (map[string]any, *failure) {
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	c, now := &s.cwp, s.now()
	var pairs []pair[*baselineItem]
	for _, item := range c.items {
		for _, one := range c.known("Baseline", hostFinding{finding: &item.finding}, now) {
			pairs = append(pairs, pair[*baselineItem]{item, one})
		}
	}
	last, _ := c.lastScan("Baseline", now)
	rows, total, f := s.page(r, listing{
		invalid: "InvalidParameter", size: len(pairs), filters: baselineFilters, bounded: true,
		row: func(i int) map[string]any { return c.baselineRow(pairs[i].of, pairs[i].one, last) },
	})
	if f != nil {
		return nil, f
	}
	return plain(map[string]any{"List": rows, "Total": total})
}

// baselineRow is one BaselineItem.
func (c *cwpState) baselineRow(item *baselineItem, one *affected, last string) map[string]any {
	host := c.byName[one.Host]
	row := map[string]any{
		"ItemId": item.ItemID, "ItemName": item.ItemName, "CategoryId": 1, "ItemDesc": "", "FixMethod": "", "RuleName": item.RuleName,
		"DetectResultDesc": "", "Level": item.Level, "DetectStatus": *one.Status, "HostId": host.quuid, "HostName": host.name,
		"HostIp": host.ip, "WanIp": "", "FirstTime": serviceTime(c.began.Add(-24 * time.Hour)), "LastTime": last, "CanBeFixed": 0,
		"Uuid": host.uuid, "MachineExtraInfo": host.extra(),
	}
	maps.Copy(row, item.Row)
	maps.Copy(row, one.Row)
	return row
}
