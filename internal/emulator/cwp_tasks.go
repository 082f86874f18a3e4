package emulator

import (
	"maps"
	"slices"
	"time"
)

// describeScanTaskDetails is document 003.
func (s *Server) describeScanTaskDetails(r *request) (map[string]any, *failure) {
	moduleType := textOf(r.parameters["ModuleType"])
	if !slices.Contains(moduleTypes, moduleType) {
		return nil, fail("InvalidParameterValue", "The value of ModuleType is none of Malware, Vul and Baseline.")
	}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	play := s.cwp.find(moduleType, number(r.parameters["TaskId"], 0))
	if play == nil {
		return nil, fail("ResourceNotFound", "The task does not exist.")
	}
	now := s.now()
	percent := play.course.percent(now, number(r.parameters["Offset"], 0) == 0)
	machines := play.stand(percent, now)
	rows, total, f := s.page(r, listing{
		invalid: "InvalidParameterValue", size: len(machines), filters: machineFilters,
		row: func(i int) map[string]any { return machines[i] },
	})
	if f != nil {
		return nil, f
	}
	if play.course.timedOut {
		percent = 100 // nothing more will come
	}
	answer := play.summary(machines, percent, now)
	answer["TotalCount"], answer["ScanTaskDetailList"] = total, rows
	maps.Copy(answer, play.Answer)
	play.driftOn()
	return plain(answer)
}

// plain is a copy of an answer as its JSON gives it, since its parts change after the lock is given up.
func plain(answer map[string]any) (map[string]any, *failure) {
	copied, err := plainJSON(answer)
	if err != nil {
		return nil, fail("InternalError", "The scenario cannot be answered.")
	}
	return copied, nil
}

// machineFilters are the filters of a task's machines.
var machineFilters = map[string]filterRule{
	"Id": fuzzy("Id"), "HostName": fuzzy("HostName"), "HostIp": fuzzy("HostIp"), "OsName": fuzzy("OsName"), "Uuid": fuzzy("Uuid"),
	"Quuid": fuzzy("Quuid"), "Status": fuzzy("Status"), "FailType": fuzzy("FailType"), "RiskNum": fuzzy("RiskNum"),
}

func (c *cwpState) find(moduleType string, taskID int64) *hostPlay {
	for _, play := range c.tasks {
		if play.ModuleType == moduleType && play.TaskID == taskID && !play.forgotten {
			return play
		}
	}
	return nil
}

// stand is the machines at a progress: the first ones have finished, the rest is being scanned.
func (p *hostPlay) stand(percent float64, now time.Time) []map[string]any {
	finished := int(float64(len(p.machines)) * percent / 100)
	stand := make([]map[string]any, 0, len(p.machines))
	for i, machine := range p.machines {
		machine = maps.Clone(machine)
		setAbsent(machine, "ScanBeginTime", serviceTime(p.course.began))
		halted := p.halted[shown(machine["Quuid"])] || (p.course.stopped && !p.isStopping(now))
		switch {
		case i < finished:
			setAbsent(machine, "ScanEndTime", serviceTime(p.course.ended))
		case halted:
			p.spoil(machine, failFailed, "stopped")
		case p.course.timedOut:
			p.spoil(machine, failTimedOut, "timed out")
		default:
			machine["Status"], machine["RiskNum"], machine["FailType"], machine["ScanEndTime"] = "Scanning", 0, 0, ""
		}
		stand = append(stand, machine)
	}
	return stand
}

// Values of FailType.
const (
	failOffline  = 3
	failTimedOut = 4
	failFailed   = 5
)

// spoil has the scan of a machine fail.
func (p *hostPlay) spoil(machine map[string]any, failType int, why string) {
	machine["Status"], machine["FailType"], machine["Description"] = "Fail", failType, why
	machine["RiskNum"], machine["ScanEndTime"] = 0, serviceTime(p.course.ended)
}

func setAbsent(object map[string]any, name string, value any) {
	if _, found := object[name]; !found {
		object[name] = value
	}
}

// summary is what an answer says about the whole task.
func (p *hostPlay) summary(machines []map[string]any, percent float64, now time.Time) map[string]any {
	risky, events := 0, int64(0)
	for _, machine := range machines {
		if risks := risks(machine["RiskNum"]); risks > 0 {
			risky++
			events += risks
		}
	}
	left := p.course.left(now)
	if percent >= 100 {
		left = 0
	}
	answer := map[string]any{
		"ScanMachineCount": len(machines), "RiskMachineCount": risky,
		"ScanBeginTime": serviceTime(p.course.began), "ScanEndTime": serviceTime(p.course.ended),
		"ScanTime": int64(max(0, now.Sub(p.course.began)).Seconds()), "ScanProgress": int(percent),
		"ScanLeftTime": int64(left.Seconds()), "ScanContent": orEmpty(p.ScanContent),
		"Type": p.Type, "StoppingAll": p.StoppingAll || p.isStopping(now),
		"VulInfo": nil, "VulCount": nil, "PatchInfo": nil, "RiskEventCount": nil,
	}
	if !p.course.ended.IsZero() {
		answer["ScanTime"] = int64(p.course.ended.Sub(p.course.began).Seconds())
	}
	if p.ModuleType != "Vul" {
		answer["RiskEventCount"] = events
		return answer
	}
	answer["PatchInfo"] = orEmpty(p.Patches)
	if p.index != nil {
		answer["VulInfo"], answer["VulCount"] = p.vulInfo, int(float64(p.vulCount)*percent/100)
		return answer
	}
	known := int(float64(len(p.Vulnerabilities)) * percent / 100)
	answer["VulInfo"], answer["VulCount"] = orEmpty(p.Vulnerabilities[:known]), known
	return answer
}

// orEmpty is a list that is never null.
func orEmpty[T any](elements []T) []T {
	if elements == nil {
		return []T{}
	}
	return elements
}

func risks(value any) int64 {
	if n, ok := value.(int); ok {
		return int64(n)
	}
	return number(value, 0)
}

// driftOn counts a call and changes the list where the scenario says so.
func (p *hostPlay) driftOn() {
	p.calls++
	p.drifts = slices.DeleteFunc(p.drifts, func(change drift) bool {
		if p.calls < change.AfterCalls {
			return false
		}
		p.machines = slices.Delete(p.machines, 0, min(change.Remove, len(p.machines)))
		for range change.Insert {
			machine := machineGroup{Prefix: "new-", FirstID: 900000000, Status: "Ok"}.machine(p.inserted)
			p.inserted++
			p.machines = slices.Insert(p.machines, 0, machine)
		}
		return true
	})
}
