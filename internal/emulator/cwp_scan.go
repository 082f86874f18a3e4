package emulator

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// scanVul starts a scan of hosts for vulnerabilities.
func (s *Server) scanVul(r *request) (map[string]any, *failure) {
	levels, f := numbers(r, "VulLevels", 1, 2, 3, 4)
	if f != nil {
		return nil, f
	}
	categories, f := numbers(r, "VulCategories", 1, 2, 4, 5)
	if f != nil {
		return nil, f
	}
	if f := within(r, "VulEmergency", 0, 1); f != nil {
		return nil, f
	}
	if f := within(r, "ScanMethod", 0, 2); f != nil {
		return nil, f
	}
	scope := hostScope{levels: levels, categories: categories, kbNumbers: texts(r.parameters["KBNumber"])}
	for _, id := range listOf(r.parameters["VulIds"]) {
		scope.vulIDs = append(scope.vulIDs, number(id, 0))
	}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	play, basic, f := s.beginScan(r, "Vul", scope)
	if f != nil {
		return nil, f
	}
	return map[string]any{"TaskId": play.TaskID, "BasicVersionCount": basic, "SuccessCount": len(play.machines)}, nil
}

// reported are the levels of EngineType; all others report every level.
var reported = map[int64][]int{1: {3, 4}, 2: {2, 3, 4}}

// createScanMalwareSetting starts a scan of hosts for malware, despite its name.
func (s *Server) createScanMalwareSetting(r *request) (map[string]any, *failure) {
	for name, allowed := range map[string][]int64{"ScanPattern": {0, 1, 2, 3}, "EngineType": {1, 2, 3}, "EnableMemShellScan": {0, 1}} {
		if f := within(r, name, allowed...); f != nil {
			return nil, f
		}
	}
	paths := len(listOf(r.parameters["CustomPaths"]))
	if (number(r.parameters["ScanPattern"], 0) >= 2) != (paths > 0) || paths > 200 {
		return nil, fail("InvalidParameterValue", "CustomPaths goes with ScanPattern 2 and 3, and has 1 to 200 paths.")
	}
	scope := hostScope{levels: reported[number(r.parameters["EngineType"], 0)]}
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	play, _, f := s.beginScan(r, "Malware", scope)
	if f != nil {
		return nil, f
	}
	return map[string]any{"TaskId": play.TaskID}, nil
}

// numbers reads several numbers in one text. The documents say that semicolons part them, and their
// samples have commas.
func numbers(r *request, name string, allowed ...int) (list []int, f *failure) {
	for _, part := range strings.FieldsFunc(textOf(r.parameters[name]), func(c rune) bool { return c == ',' || c == ';' }) {
		n, err := strconv.Atoi(part)
		if err != nil || !slices.Contains(allowed, n) {
			return nil, fail("InvalidParameterValue", "The value of %s is none of %v.", name, allowed)
		}
		list = append(list, n)
	}
	return list, nil
}

// within checks a number that may be absent.
func within(r *request, name string, allowed ...int64) *failure {
	if value := r.parameters[name]; value != nil && !slices.Contains(allowed, number(value, -1)) {
		return fail("InvalidParameterValue", "The value of %s is none of %v.", name, allowed)
	}
	return nil
}

// beginScan starts a task on the hosts that a call names, and tells how many are of the Basic edition.
func (s *Server) beginScan(r *request, moduleType string, scope hostScope) (play *hostPlay, basic int, f *failure) {
	c, now := &s.cwp, s.now()
	named, f := c.named(r)
	if f != nil {
		return nil, 0, f
	}
	var hosts []*knownHost
	for _, host := range named {
		switch {
		case host.edition == "BASIC_VERSION":
			basic++
		case host.failType == failOffline && c.scenario.Offline == "leave_out":
		default:
			hosts = append(hosts, host)
		}
	}
	if len(hosts) == 0 {
		return nil, 0, fail("FailedOperation.NoProfessionHost", "No host of the Professional edition or above is chosen.")
	}
	if running := c.running(moduleType, now); running != nil && c.scenario.Busy == "module" {
		return nil, 0, fail("OperationDenied", "A scan is running: task %d.", running.TaskID)
	}
	seconds := number(r.parameters["TimeoutPeriod"], int64(defaultScanLimit.Seconds()))
	if seconds < 1 {
		return nil, 0, fail("InvalidParameterValue", "The value of TimeoutPeriod is not above 0.")
	}
	play = s.launch(moduleType, hosts, scope, s.newCourse(now, time.Duration(seconds)*time.Second))
	submission := Submission{Time: now, Action: r.action, SecretID: r.secretID, RequestID: r.requestID, TaskID: play.TaskID}
	for _, host := range hosts {
		submission.Quuids = append(submission.Quuids, host.quuid)
	}
	s.callLog.submit(submission)
	return play, basic, nil
}

// defaultScanLimit is TimeoutPeriod where none is given.
const defaultScanLimit = time.Hour

// named are the hosts that a call chooses: all that are licensed, or those of a list.
func (c *cwpState) named(r *request) (hosts []*knownHost, f *failure) {
	switch quuids := texts(r.parameters["QuuidList"]); {
	case number(r.parameters["HostType"], 0) == 1:
		for _, host := range c.hosts {
			if host.edition != "BASIC_VERSION" {
				hosts = append(hosts, host)
			}
		}
	case number(r.parameters["HostType"], 0) != 2:
		return nil, fail("InvalidParameterValue", "The value of HostType is neither 1 nor 2.")
	case len(quuids) == 0:
		return nil, fail("InvalidParameter.MissingParameter", "The parameter `QuuidList` is missing.")
	default:
		slices.Sort(quuids)
		for _, quuid := range slices.Compact(quuids) {
			host := c.byQuuid[quuid]
			if host == nil {
				return nil, fail("ResourceNotFound", "The host `%s` does not exist.", clip(quuid))
			}
			hosts = append(hosts, host)
		}
	}
	return hosts, nil
}

// launch starts a task.
func (s *Server) launch(moduleType string, hosts []*knownHost, scope hostScope, course course) *hostPlay {
	c := &s.cwp
	play := c.place(&hostTask{TaskID: c.nextID(), ModuleType: moduleType, VulIDs: scope.vulIDs, KBNumbers: scope.kbNumbers}, course)
	c.cover(play, hosts, scope)
	c.tasks = append(c.tasks, play)
	return play
}

// nextID is a free id for a task, above those that calls started before.
func (c *cwpState) nextID() int64 {
	taken := make(map[int64]bool)
	var all, started int64
	for _, play := range c.tasks {
		taken[play.TaskID] = true
		all = max(all, play.TaskID)
		if play.course.started {
			started = max(started, play.TaskID)
		}
	}
	return freeID(c.scenario.NextTaskID, started, all, taken)
}

// BeginHostScan begins a task on hosts, by Quuid, or on all that have a licence. It is in no ledger and that nothing stands against:
// a scheduled one, or one of the console.
func (s *Server) BeginHostScan(moduleType string, scheduled bool, quuids ...string) (taskID int64) {
	s.cwp.mu.Lock()
	defer s.cwp.mu.Unlock()
	var hosts []*knownHost
	for _, host := range s.cwp.hosts {
		if slices.Contains(quuids, host.quuid) || (len(quuids) == 0 && host.edition != "BASIC_VERSION") {
			hosts = append(hosts, host)
		}
	}
	play := s.launch(moduleType, hosts, hostScope{}, s.newCourse(s.now(), 0))
	play.Type = number01(scheduled)
	return play.TaskID
}
