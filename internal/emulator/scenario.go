package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Scenario holds the tasks of cwp and tcss, which the emulator plays and does not carry out. Its JSON
// form is [ScenarioFormat].
type Scenario struct {
	CWP struct {
		Tasks []*hostTask `json:"tasks"`
	} `json:"cwp"`
	TCSS struct {
		Local    []*imageTask `json:"local"`
		Registry []*imageTask `json:"registry"`
	} `json:"tcss"`
}

// pace is how a task moves on.
type pace struct {
	// Progress is the per cent that each poll sees, the last one for good.
	Progress []int `json:"progress"`
	// Duration, from the first poll on, moves progress evenly from 0 to 100.
	Duration Duration `json:"duration"`
	// Age is how long before the server started the task began.
	Age Duration `json:"age"`
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

// imageTask is one task of tcss, for local images or for those of registries.
type imageTask struct {
	pace
	TaskID          int64          `json:"task_id"`
	Status          string         `json:"status"`
	Images          int            `json:"images"`
	RiskImages      int            `json:"risk_images"`
	Vulnerabilities int            `json:"vulnerabilities"`
	Ignored         int            `json:"ignored"`
	Answer          map[string]any `json:"answer"`
}

// maxMachines bounds the machines of one task.
const maxMachines = 100000

// ParseScenario reads a scenario. Unknown keys and values that make no sense are errors.
func ParseScenario(document []byte) (*Scenario, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	scenario := &Scenario{}
	if err := decoder.Decode(scenario); err != nil {
		return nil, fmt.Errorf("emulator: scenario: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("emulator: scenario: it goes on after its JSON object")
	}
	for i, task := range scenario.CWP.Tasks {
		if err := task.check(); err != nil {
			return nil, fmt.Errorf("emulator: scenario: cwp.tasks[%d]: %w", i, err)
		}
	}
	for _, side := range [][]*imageTask{scenario.TCSS.Local, scenario.TCSS.Registry} {
		for i, task := range side {
			if err := task.check(); err != nil {
				return nil, fmt.Errorf("emulator: scenario: tcss task %d: %w", i, err)
			}
		}
	}
	return scenario, nil
}

func (p pace) check() error {
	if p.Duration < 0 {
		return fmt.Errorf("the duration is negative")
	}
	if p.Duration > 0 && len(p.Progress) > 0 {
		return fmt.Errorf("progress and duration exclude each other")
	}
	for _, percent := range p.Progress {
		if percent < 0 || percent > 100 {
			return fmt.Errorf("progress %d is not within 0 and 100", percent)
		}
	}
	return nil
}

// moduleTypes are the values of ModuleType (document 003).
var moduleTypes = []string{"Malware", "Vul", "Baseline"}

func (t *hostTask) check() error {
	if t == nil {
		return fmt.Errorf("it is null")
	}
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

// imageStatuses are the values of Status (document 004).
var imageStatuses = []string{"NOT_SCAN", "SCANNING", "SCANNED", "CANCELED"}

func (t *imageTask) check() error {
	if t == nil {
		return fmt.Errorf("it is null")
	}
	if t.Status == "" {
		t.Status = "SCANNED"
	}
	if !slices.Contains(imageStatuses, t.Status) {
		return fmt.Errorf("status %q is none of %v", t.Status, imageStatuses)
	}
	return t.pace.check()
}

// course is a pace on its way.
type course struct {
	pace
	began time.Time // the task's beginning, as it is told
	first time.Time // the first poll
	ended time.Time // when a poll first saw 100
	polls int
}

func newCourse(p pace, start time.Time) course {
	return course{pace: p, began: start.Add(-time.Duration(p.Age))}
}

// percent is the progress at a time; a poll is counted if the call is one.
func (c *course) percent(now time.Time, poll bool) float64 {
	if c.first.IsZero() {
		c.first = now
	}
	if poll {
		c.polls++
	}
	percent := 100.0
	switch {
	case len(c.Progress) > 0:
		seen := min(max(c.polls, 1), len(c.Progress))
		percent = float64(c.Progress[seen-1])
	case c.Duration > 0:
		percent = min(100, 100*float64(now.Sub(c.first))/float64(c.Duration))
	}
	if percent >= 100 && c.ended.IsZero() {
		c.ended = now
		if len(c.Progress) == 0 && c.Duration == 0 {
			c.ended = c.began // it was over before anyone asked
		}
	}
	return percent
}

// left is the remaining time: what the duration has left, or ten seconds for each poll to come.
func (c *course) left(now time.Time) time.Duration {
	if c.Duration > 0 {
		return max(0, time.Duration(c.Duration)-now.Sub(c.first))
	}
	return 10 * time.Second * time.Duration(max(0, len(c.Progress)-max(c.polls, 1)))
}

// serviceTime is a time as the services write it: UTC+8, without a zone; "" for none.
func serviceTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(time.FixedZone("UTC+8", 8*60*60)).Format(time.DateTime)
}
