package emulator

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// cwpState is the hosts, findings and tasks of cwp that are being played.
type cwpState struct {
	mu       sync.Mutex
	scenario *hostScenario
	began    time.Time
	tasks    []*hostPlay
	hosts    []*knownHost
	byName   map[string]*knownHost
	byQuuid  map[string]*knownHost
	vuls     []*hostVul
	malware  []*malware
	items    []*baselineItem
}

// knownHost is one host of the account.
type knownHost struct {
	name, quuid, uuid, ip string
	edition               string
	failType              int
	machine               map[string]any // as ScanTaskDetails
	row                   map[string]any // which beats that
}

// hostPlay is one task with its machines of the moment.
type hostPlay struct {
	*hostTask
	course   course
	machines []map[string]any
	calls    int
	drifts   []drift // still to come
	inserted int
	// forgotten: the service does not know it any more.
	forgotten bool
	// stopsUntil is when the task, which is being stopped, has stopped; halted are hosts stopped alone.
	stopsUntil time.Time
	halted     map[string]bool

	// Of a task on hosts of the scenario: their positions by Quuid, what is scanned for, and the result.
	index    map[string]int
	scope    hostScope
	vulCount int
	vulInfo  []map[string]any // nil is null
}

func (c *cwpState) start(scenario *Scenario, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scenario, c.began = &scenario.CWP, now
	c.placeHosts()
	c.placeFindings()
	started := slices.DeleteFunc(c.tasks, func(play *hostPlay) bool { return !play.course.started })
	c.tasks = nil
	for _, task := range c.scenario.Tasks {
		c.tasks = append(c.tasks, c.place(task, newCourse(task.pace, now)))
	}
	c.tasks = append(c.tasks, started...)
}

// place is a task of the scenario as it begins.
func (c *cwpState) place(task *hostTask, course course) *hostPlay {
	play := &hostPlay{hostTask: task, course: course, drifts: slices.Clone(task.Drift), halted: make(map[string]bool)}
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
	if len(task.Hosts) > 0 {
		var hosts []*knownHost
		for _, name := range task.Hosts {
			hosts = append(hosts, c.byName[name])
		}
		c.cover(play, hosts, hostScope{vulIDs: task.VulIDs, kbNumbers: task.KBNumbers})
	}
	if task.Stopped {
		play.course.stopped, play.course.ended = true, play.course.began
		if len(task.Progress) > 0 {
			play.course.frozen = float64(task.Progress[0])
		}
	}
	return play
}

// placeHosts makes the hosts of the scenario, one by one.
func (c *cwpState) placeHosts() {
	c.hosts, c.byName, c.byQuuid = nil, make(map[string]*knownHost), make(map[string]*knownHost)
	for _, entry := range c.scenario.Hosts {
		for i := range max(1, entry.Count) {
			one := entry.at(i, len(c.hosts))
			c.hosts = append(c.hosts, one)
			c.byName[one.name], c.byQuuid[one.quuid] = one, one
		}
	}
}

// at is the i-th host of an entry, which is the n-th of all.
func (h *host) at(i, n int) *knownHost {
	group := machineGroup{Prefix: h.Prefix, FirstID: h.FirstID, OSName: h.OSName, Status: "Ok"}
	if h.FirstID == 0 {
		group.FirstID = int64(1 + n - i)
	}
	if h.FailType != 0 {
		group.Status, group.FailType, group.Description = "Fail", h.FailType, failWords[h.FailType]
	}
	machine := group.machine(i)
	one := &knownHost{name: shown(machine["HostName"]), ip: fmt.Sprintf("10.%d.%d.%d", n/62500%256, n/250%250, n%250+1), edition: h.Edition, failType: h.FailType, row: h.Row}
	if h.Name != "" {
		one.name = h.Name
	}
	one.quuid, one.uuid = "quuid-"+one.name, "uuid-"+one.name
	if h.Quuid != nil {
		one.quuid = *h.Quuid
	}
	if h.UUID != nil {
		one.uuid = *h.UUID
	}
	if h.IP != "" {
		one.ip = h.IP
	}
	machine["HostName"], machine["Quuid"], machine["Uuid"], machine["HostIp"] = one.name, one.quuid, one.uuid, one.ip
	machine["MachineExtraInfo"] = one.extra()
	one.machine = machine
	return one
}

var failWords = map[int]string{failOffline: "offline", failTimedOut: "timed out", failFailed: "failed", 8: "agent too old"}

// extra is the MachineExtraInfo of a host.
func (h *knownHost) extra() map[string]any { return extraInfo(h.name, h.ip) }

func extraInfo(name, ip string) map[string]any {
	return map[string]any{
		"WanIP": "", "PrivateIP": ip, "NetworkType": 1, "NetworkName": "vpc-sample", "InstanceID": "ins-" + name, "HostName": name,
	}
}

// machine is the i-th machine of a group, as ScanTaskDetails.
func (g machineGroup) machine(i int) map[string]any {
	name := hostName(g.Prefix, i)
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
		"RiskNum": g.RiskNum, "Description": g.Description, "MachineWanIp": "", "MachineExtraInfo": extraInfo(name, ip),
	}
}
