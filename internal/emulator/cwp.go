package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// cwpState is the tasks of cwp that are being played.
type cwpState struct {
	mu    sync.Mutex
	tasks []*hostPlay
}

// hostPlay is one task with its machines of the moment.
type hostPlay struct {
	*hostTask
	course   course
	machines []map[string]any
	calls    int
	// forgotten: the service does not know it any more.
	forgotten bool
	drifts    []drift // still to come
	inserted  int
}

func (c *cwpState) start(scenario *Scenario, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks = nil
	for _, task := range scenario.CWP.Tasks {
		play := &hostPlay{hostTask: task, course: newCourse(task.pace, now), drifts: slices.Clone(task.Drift)}
		for _, group := range task.MachineGroups {
			for i := range group.Count {
				play.machines = append(play.machines, group.machine(i))
			}
		}
		for _, own := range task.Machines {
			machine := machineGroup{Prefix: "machine-", Status: "Ok"}.machine(len(play.machines))
			maps.Copy(machine, own)
			play.machines = append(play.machines, machine)
		}
		c.tasks = append(c.tasks, play)
	}
}

// machine is the i-th machine of a group, as ScanTaskDetails.
func (g machineGroup) machine(i int) map[string]any {
	name := fmt.Sprintf("%s%04d", g.Prefix, i+1)
	status, os := g.Status, g.OSName
	if status == "" {
		status = "Ok"
	}
	if os == "" {
		os = "Debian 12"
	}
	ip := fmt.Sprintf("10.%d.%d.%d", len(g.Prefix)%256, (i+1)/250%256, (i+1)%250+1)
	return map[string]any{
		"Id": g.FirstID + int64(i), "HostName": name, "HostIp": ip, "OsName": os,
		"Uuid": "uuid-" + name, "Quuid": "quuid-" + name, "Status": status, "FailType": g.FailType,
		"RiskNum": g.RiskNum, "Description": g.Description, "MachineWanIp": "",
		"MachineExtraInfo": map[string]any{
			"WanIP": "", "PrivateIP": ip, "NetworkType": 1, "NetworkName": "vpc-sample",
			"InstanceID": "ins-" + name, "HostName": name,
		},
	}
}

// describeScanTaskDetails is document 003.
func (s *Server) describeScanTaskDetails(r *request) (map[string]any, *failure) {
	moduleType := textOf(r.parameters["ModuleType"])
	if !slices.Contains(moduleTypes, moduleType) {
		return nil, fail("InvalidParameterValue", "The value of ModuleType is none of Malware, Vul and Baseline.")
	}
	limit, offset := number(r.parameters["Limit"], defaultPage), number(r.parameters["Offset"], 0)
	if limit < 1 || limit > maxPage {
		return nil, fail("InvalidParameterValue", "The value of Limit is not within 1 and %d.", maxPage)
	}
	if offset < 0 {
		return nil, fail("InvalidParameterValue", "The value of Offset is negative.")
	}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	play := s.cwp.find(moduleType, number(r.parameters["TaskId"], 0))
	if play == nil {
		return nil, fail("ResourceNotFound", "The task does not exist.")
	}
	now := s.now()
	percent := play.course.percent(now, offset == 0)
	machines := play.stand(percent)
	rows, f := filtered(machines, r.parameters["Filters"])
	if f != nil {
		return nil, f
	}
	answer := play.summary(machines, percent, now)
	answer["TotalCount"] = len(rows)
	from := min(offset, int64(len(rows)))
	answer["ScanTaskDetailList"] = rows[from:min(from+limit, int64(len(rows)))]
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

func (c *cwpState) find(moduleType string, taskID int64) *hostPlay {
	for _, play := range c.tasks {
		if play.ModuleType == moduleType && play.TaskID == taskID && !play.forgotten {
			return play
		}
	}
	return nil
}

// stand is the machines at a progress: the first ones have finished, the rest is being scanned.
func (p *hostPlay) stand(percent float64) []map[string]any {
	finished := int(float64(len(p.machines)) * percent / 100)
	stand := make([]map[string]any, 0, len(p.machines))
	for i, machine := range p.machines {
		machine = maps.Clone(machine)
		setAbsent(machine, "ScanBeginTime", serviceTime(p.course.began))
		if i < finished {
			setAbsent(machine, "ScanEndTime", serviceTime(p.course.ended))
		} else {
			machine["Status"], machine["RiskNum"], machine["FailType"], machine["ScanEndTime"] = "Scanning", 0, 0, ""
		}
		stand = append(stand, machine)
	}
	return stand
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
		"Type": p.Type, "StoppingAll": p.StoppingAll,
		"VulInfo": nil, "VulCount": nil, "PatchInfo": nil, "RiskEventCount": nil,
	}
	if !p.course.ended.IsZero() {
		answer["ScanTime"] = int64(p.course.ended.Sub(p.course.began).Seconds())
	}
	if p.ModuleType != "Vul" {
		answer["RiskEventCount"] = events
		return answer
	}
	known := int(float64(len(p.Vulnerabilities)) * percent / 100)
	answer["VulInfo"], answer["VulCount"] = orEmpty(p.Vulnerabilities[:known]), known
	answer["PatchInfo"] = orEmpty(p.Patches)
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

// filtered are the machines that match every filter.
func filtered(machines []map[string]any, filters any) ([]map[string]any, *failure) {
	for _, element := range listOf(filters) {
		filter := objectOf(element)
		name, exact := textOf(filter["Name"]), filter["ExactMatch"] == true
		values := texts(filter["Values"])
		if !slices.Contains(filterNames, name) {
			return nil, fail("InvalidParameterValue", "The filter `%s` does not exist.", clip(name))
		}
		machines = slices.DeleteFunc(slices.Clone(machines), func(machine map[string]any) bool {
			have := fmt.Sprint(machine[name])
			return !slices.ContainsFunc(values, func(want string) bool {
				return have == want || (!exact && strings.Contains(have, want))
			})
		})
	}
	return machines, nil
}

// filterNames are the fields of a machine that filters may name.
var filterNames = []string{"Id", "HostName", "HostIp", "OsName", "Uuid", "Quuid", "Status", "FailType", "RiskNum"}
