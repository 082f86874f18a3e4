package emulator

import (
	"fmt"
	"slices"
)

// hostScenario is the part of a scenario that cwp plays.
type hostScenario struct {
	// Tasks are in order of time: the last of a module is its last scan.
	Tasks           []*hostTask     `json:"tasks"`
	Hosts           []*host         `json:"hosts"`
	Vulnerabilities []*hostVul      `json:"vulnerabilities"`
	Malware         []*malware      `json:"malware"`
	Baseline        []*baselineItem `json:"baseline"`

	// NextTaskID is the id of the first task that a call starts; 0 is one above all others.
	NextTaskID int64 `json:"next_task_id"`
	// Busy is where one running task refuses another.
	Busy string `json:"busy"`
	// Offline hosts fail in the task, or are left out of it.
	Offline string `json:"offline"`
	// VulInfo of a task that a call starts is what it was narrowed to, or what it found.
	VulInfo string `json:"vul_info"`
	// StopDuration is how long a task is being stopped.
	StopDuration Duration `json:"stop_duration"`
}

func (h *hostScenario) check() error {
	for _, word := range []struct {
		key     string
		value   *string
		allowed []string
	}{
		{"busy", &h.Busy, []string{"module", "none"}}, {"offline", &h.Offline, []string{"fail", "leave_out"}},
		{"vul_info", &h.VulInfo, []string{"scanned", "found"}},
	} {
		if err := checkWord(word.key, word.value, word.allowed...); err != nil {
			return err
		}
	}
	if h.NextTaskID < 0 || h.StopDuration < 0 {
		return fmt.Errorf("a number is negative")
	}
	if err := checkAll("hosts", h.Hosts, (*host).check); err != nil {
		return err
	}
	names := h.names()
	if len(names) > maxMachines {
		return fmt.Errorf("%d hosts are too many", len(names))
	}
	if twice := doubled(names); twice != "" {
		return fmt.Errorf("hosts: %s is there twice", twice)
	}
	if err := h.checkFindings(names); err != nil {
		return err
	}
	return checkAll("tasks", h.Tasks, func(t *hostTask) error { return t.check(names) })
}

// names are the names of all hosts.
func (h *hostScenario) names() (names []string) {
	for _, one := range h.Hosts {
		if one.Name != "" {
			names = append(names, one.Name)
		}
		for i := range one.Count {
			names = append(names, hostName(one.Prefix, i))
		}
	}
	return names
}

// doubled is a name that is there twice, or none.
func doubled(names []string) string {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return name
		}
		seen[name] = true
	}
	return ""
}

func hostName(prefix string, i int) string { return fmt.Sprintf("%s%04d", prefix, i+1) }

func (h *hostScenario) checkFindings(names []string) error {
	total := 0
	count := func(rows int, err error) error {
		if total += rows; total > maxPairs {
			return fmt.Errorf("the findings have more than %d rows", maxPairs)
		}
		return err
	}
	err := checkAll("vulnerabilities", h.Vulnerabilities, func(v *hostVul) error { return count(v.check(names)) })
	if err == nil {
		err = h.checkVulIDs()
	}
	if err == nil {
		err = checkAll("malware", h.Malware, func(m *malware) error { return count(m.check(names)) })
	}
	if err == nil {
		err = checkAll("baseline", h.Baseline, func(b *baselineItem) error { return count(b.check(names)) })
	}
	return err
}

// checkVulIDs checks that each vulnerability has an id of its own, those that a count makes, too.
func (h *hostScenario) checkVulIDs() error {
	seen := make(map[int64]bool)
	for _, v := range h.Vulnerabilities {
		for i := range int64(v.Count) {
			if v.VulID < 1 || seen[v.VulID+i] || len(seen) > maxMachines {
				return fmt.Errorf("vulnerabilities: the vul_id %d is not above 0, there twice, or one too many", v.VulID+i)
			}
			seen[v.VulID+i] = true
		}
	}
	return nil
}

// hostTask is one task of cwp.
type hostTask struct {
	pace
	TaskID      int64    `json:"task_id"`
	ModuleType  string   `json:"module_type"`
	Type        int      `json:"type"`
	StoppingAll bool     `json:"stopping_all"`
	Stopped     bool     `json:"stopped"`
	StrategyID  int64    `json:"strategy_id"`
	VulIDs      []int64  `json:"vul_ids"`
	KBNumbers   []string `json:"kb_numbers"`
	// Hosts are names of hosts of the scenario, with what is known of them; "*" is every one.
	Hosts           []string         `json:"hosts"`
	ScanContent     []string         `json:"scan_content"`
	MachineGroups   []machineGroup   `json:"machine_groups"`
	Machines        []map[string]any `json:"machines"`
	Vulnerabilities []map[string]any `json:"vulnerabilities"`
	Patches         []map[string]any `json:"patches"`
	Drift           []drift          `json:"drift"`
	Answer          map[string]any   `json:"answer"`
}

// machineGroup is a number of like machines.
type machineGroup struct {
	Count int `json:"count"`
	// Prefix begins host names, Uuids and Quuids; a number of four digits or more follows.
	Prefix      string `json:"prefix"`
	FirstID     int64  `json:"first_id"`
	Status      string `json:"status"`
	FailType    int    `json:"fail_type"`
	RiskNum     int    `json:"risk_num"`
	OSName      string `json:"os_name"`
	Description string `json:"description"`
}

// drift changes the list of machines once, after a number of calls.
type drift struct {
	AfterCalls int `json:"after_calls"`
	Remove     int `json:"remove"`
	Insert     int `json:"insert"`
}

// maxMachines bounds the machines of one task.
const maxMachines = 100000

// moduleTypes are the values of ModuleType (document 003).
var moduleTypes = []string{"Malware", "Vul", "Baseline"}

func (t *hostTask) check(names []string) error {
	if slices.Contains(t.Hosts, "*") {
		t.Hosts = names
	} else if i := slices.IndexFunc(t.Hosts, func(name string) bool { return !slices.Contains(names, name) }); i >= 0 {
		return fmt.Errorf("there is no host %q", t.Hosts[i])
	}
	if !slices.Contains(moduleTypes, t.ModuleType) {
		return fmt.Errorf("module_type %q is none of %v", t.ModuleType, moduleTypes)
	}
	total := len(t.Machines) + len(t.Hosts)
	for _, group := range t.MachineGroups {
		if group.Count < 0 || group.Count > maxMachines {
			return fmt.Errorf("a group of %d machines", group.Count)
		}
		total += group.Count
	}
	for _, change := range t.Drift {
		if change.AfterCalls < 1 || change.Remove < 0 || change.Insert < 0 || change.Insert > maxMachines {
			return fmt.Errorf("a drift after %d calls removes %d and inserts %d", change.AfterCalls, change.Remove, change.Insert)
		}
		total += change.Insert
	}
	if total > maxMachines {
		return fmt.Errorf("%d machines are too many", total)
	}
	return t.pace.check()
}
