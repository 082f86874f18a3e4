package emulator

import (
	"fmt"
	"slices"
)

// hostScenario is the part of a scenario that cwp plays.
type hostScenario struct {
	Tasks []*hostTask `json:"tasks"`
}

func (h *hostScenario) check() error {
	return checkAll("tasks", h.Tasks, (*hostTask).check)
}

// hostTask is one task of cwp.
type hostTask struct {
	pace
	TaskID          int64            `json:"task_id"`
	ModuleType      string           `json:"module_type"`
	Type            int              `json:"type"`
	StoppingAll     bool             `json:"stopping_all"`
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

func (t *hostTask) check() error {
	if !slices.Contains(moduleTypes, t.ModuleType) {
		return fmt.Errorf("module_type %q is none of %v", t.ModuleType, moduleTypes)
	}
	total := len(t.Machines)
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
