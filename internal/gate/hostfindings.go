package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// HostFindings is what hosts have: the task that proves that they were scanned, and the lists of what was found,
// which are not of any task.
type HostFindings struct {
	Object string
	Task   HostScan
	// Hosts are the Quuids that were asked for.
	Hosts []string
	// Listed is the state of the list of findings, in module Vul of that of vulnerabilities, and TotalCount the
	// service's count of its ListedRows.
	Listed     field.State
	TotalCount Count
	ListedRows int
	// Vuls are the vulnerabilities whose hosts were read.
	Vuls []VulHosts
	// Rows are the findings of all hosts, those that were not asked for too.
	Rows []HostRow
	// Partial tells that vulnerabilities of levels that cannot decide were left out.
	Partial bool
}

// VulHosts is the list of hosts of one vulnerability.
type VulHosts struct {
	Name       string
	Listed     field.State
	TotalCount Count
	ListedRows int
	// HostCount is what the list of vulnerabilities says.
	HostCount Count
}

// HostRow is one finding on one host.
type HostRow struct {
	// Quuid and UUID name the host, as far as the list has them.
	Quuid, UUID string
	HostName    string
	// IDs are those that the service gives, the best one first.
	IDs  []field.Value[string]
	Name string
	// Place is where on the host it was found.
	Place string
	// Levels are those of the finding; the worst counts.
	Levels []field.Value[int64]
	Status field.Value[int64]
	// ProcessExists and FileExists are those of malware, 1 for yes.
	ProcessExists, FileExists field.Value[int64]
}

// The values of Status in the lists of findings, by module.
const (
	vulFixed, vulIgnored                              = 3, 1
	malwareIsolated, malwareDeleted, malwareHandled   = 6, 8, 14
	malwareTrusted, malwareAllowed                    = 5, 13
	baselinePassed, baselineIgnored, baselineChecking = 3, 1, 5
)

// FindingState is whether a finding of a host is still one.
type FindingState int

// The states. Ignored is open, too, by a setting at the service.
const (
	Open FindingState = iota
	Closed
	Ignored
	Checking
)

// FindingState tells whether the row is a finding. Whatever is not known to be closed is open.
func (r HostRow) FindingState(module string) FindingState {
	status, state := r.Status.Get()
	switch {
	case state != field.Known:
		return Open
	case module == moduleMalware:
		return r.malwareState(status)
	case module == moduleVul && status == vulFixed, module == moduleBaseline && status == baselinePassed:
		return Closed
	case module == moduleVul && status == vulIgnored, module == moduleBaseline && status == baselineIgnored:
		return Ignored
	case module == moduleBaseline && status == baselineChecking:
		return Checking
	}
	return Open
}

func (r HostRow) malwareState(status int64) FindingState {
	runs, remains := exists(r.ProcessExists), exists(r.FileExists)
	switch {
	case status == malwareIsolated && !runs, (status == malwareDeleted || status == malwareHandled) && !runs && !remains:
		return Closed
	case status == malwareTrusted, status == malwareAllowed:
		return Ignored
	}
	return Open
}

// exists tells whether a flag is set; what is there and no flag may be a set one.
func exists(flag field.Value[int64]) bool { return !flag.Absent() && !flag.Is(0) }

// hostCategories are the categories of the modules.
var hostCategories = map[string]Category{moduleVul: Vulnerability, moduleMalware: Malware, moduleBaseline: Baseline}

// Finding returns the row as a finding on a host.
func (r HostRow) finding(module, quuid string) Finding {
	finding := named(hostCategories[module], r.severity(), r.IDs...)
	if name := strings.TrimSpace(r.Name); name != "" {
		finding.Name = name
	}
	finding.Subject, finding.Machine = quuid, quuid
	finding.Location = strings.TrimSpace(r.HostName)
	if place := strings.TrimSpace(r.Place); place != "" {
		finding.Location = firstOf(finding.Location, quuid) + ":" + place
	}
	finding.Ignored = r.FindingState(module) == Ignored
	return finding
}

// severity is the worst that the levels stand for; unknown where one of them cannot be read, or none is there.
func (r HostRow) severity() Severity {
	worst := Unknown
	for _, level := range r.Levels {
		switch severity := LevelSeverity(level); {
		case level.Absent():
		case severity == Unknown:
			return Unknown
		case worst == Unknown || severity.rank() < worst.rank():
			worst = severity
		}
	}
	return worst
}

// NeedsLevel tells whether a vulnerability of a level could decide, or has to be recorded; if not, its hosts need not
// be known.
func (p Policy) NeedsLevel(level field.Value[int64]) bool {
	severity := LevelSeverity(level)
	_, bounded := p.MaxFindings[severity]
	return bounded || severity == Unknown || severity.failsAt(p.failOn()) || p.denies(Vulnerability) || p.RecordFingerprints
}

// Evidence returns what the hosts have and why that may prove nothing yet.
func (h HostFindings) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceHosts, h.Object, p)
	hosts := h.known()
	accepts := or(p.AcceptServiceIgnores, false)
	for _, row := range h.Rows {
		quuid, mine := hosts.of(row)
		if state := row.FindingState(h.Task.ModuleType); mine && (state == Open || state == Ignored && !accepts) {
			e.Findings = append(e.Findings, row.finding(h.Task.ModuleType, quuid))
		}
	}
	e.Findings = identify(e.Findings)
	task := h.Task
	task.Machines = slices.DeleteFunc(slices.Clone(h.Task.Machines), func(m Machine) bool { return !hosts.asked[caseless(m.Quuid)] })
	e.Scans, e.TimeMissing = task.scans()
	e.Reasons = slices.Concat(h.Task.Reasons, h.Task.choiceReasons(p), h.Task.progressReasons(), h.machineReasons(p, task.Machines), h.listReasons(hosts))
	if !h.Partial {
		e.Reasons = append(e.Reasons, h.riskReasons(hosts, task.Machines)...)
	}
	return e
}

// knownHosts finds the host that a row is of.
type knownHosts struct {
	asked  map[string]bool   // by Quuid
	agents map[string]string // Quuids by UUID
	// spelt are the Quuids as they were asked for.
	spelt map[string]string
}

func (h HostFindings) known() knownHosts {
	known := knownHosts{asked: map[string]bool{}, agents: map[string]string{}, spelt: map[string]string{}}
	for _, quuid := range h.Hosts {
		known.asked[caseless(quuid)], known.spelt[caseless(quuid)] = true, strings.TrimSpace(quuid)
	}
	for _, machine := range h.Task.Machines {
		if agent := caseless(machine.UUID); agent != "" && known.asked[caseless(machine.Quuid)] {
			known.agents[agent] = caseless(machine.Quuid)
		}
	}
	return known
}

// of returns the Quuid of the host that was asked for and has the row: by its Quuid, or by its agent.
func (k knownHosts) of(row HostRow) (quuid string, mine bool) {
	for _, id := range []string{caseless(row.Quuid), k.agents[caseless(row.Quuid)], k.agents[caseless(row.UUID)]} {
		if id != "" && k.asked[id] {
			return k.spelt[id], true
		}
	}
	return "", false
}

// machineReasons tells which hosts were not scanned to their end in the task.
func (h HostFindings) machineReasons(p Policy, machines []Machine) []Reason {
	if len(h.Task.Machines) == 0 {
		return []Reason{{NothingScanned, "the task lists no machine"}}
	}
	reasons := totalReasons(h.Task.TotalCount, len(h.Task.Machines), "machines")
	seen := map[string]bool{}
	good := map[string]bool{}
	var failed []string
	for _, machine := range machines {
		reasons = append(reasons, machine.identityReasons(seen)...)
		if strings.EqualFold(machine.Status, machineScanning) {
			reasons = append(reasons, Reason{NotFinished, machine.title() + " is still being scanned"})
		}
		if machine.Status == machineOK {
			good[caseless(machine.Quuid)] = true
		} else {
			failed = append(failed, machine.trouble())
		}
	}
	for _, quuid := range distinct(h.Hosts, strings.ToLower) {
		if !seen[quuid] {
			failed = append(failed, "machine "+sanitize.Line(quuid)+" is not in the task")
		}
	}
	if len(good) == 0 {
		reasons = append(reasons, Reason{NoMachineOK, fmt.Sprintf("machines scanned to the end: 0 of %d", len(distinct(h.Hosts, strings.ToLower)))})
	}
	if allowed := or(p.MaxFailedMachines, 0); int64(len(failed)) > allowed {
		reasons = append(reasons, tooManyFailed(failed, allowed))
	}
	return reasons
}

// listNames are what the lists of findings are called, by module.
var listNames = map[string]string{moduleVul: "vulnerabilities", moduleMalware: "malicious files", moduleBaseline: "checks"}

// listReasons tells what of the lists of findings is missing.
func (h HostFindings) listReasons(hosts knownHosts) []Reason {
	name := listNames[h.Task.ModuleType]
	var reasons []Reason
	if h.Listed != field.Known && (h.Listed == field.Unreadable || !h.TotalCount.Is(0)) {
		reasons = append(reasons, Reason{MissingEvidence, "the list of " + name + " is missing or cannot be read"})
	}
	reasons = append(reasons, totalReasons(h.TotalCount, h.ListedRows, name)...)
	for _, vul := range h.Vuls {
		reasons = append(reasons, vul.reasons()...)
	}
	for _, row := range h.Rows {
		if caseless(row.Quuid) == "" && caseless(row.UUID) == "" && row.FindingState(h.Task.ModuleType) != Closed {
			reasons = append(reasons, Reason{MissingEvidence, "one of the " + name + " names no host: " + sanitize.Quote(row.finding(h.Task.ModuleType, "").ID)})
			continue
		}
		if quuid, mine := hosts.of(row); mine && row.FindingState(h.Task.ModuleType) == Checking {
			reasons = append(reasons, Reason{NotFinished, fmt.Sprintf("the check %s is still running on machine %s", sanitize.Quote(row.finding(h.Task.ModuleType, quuid).ID), sanitize.Line(quuid))})
		}
	}
	return reasons
}

// reasons tells what is missing of the hosts of a vulnerability.
func (v VulHosts) reasons() []Reason {
	what := "hosts of " + sanitize.Line(v.Name)
	var reasons []Reason
	if v.Listed != field.Known && (v.Listed == field.Unreadable || !v.TotalCount.Is(0)) {
		reasons = append(reasons, Reason{MissingEvidence, "the list of " + what + " is missing or cannot be read"})
	}
	reasons = append(reasons, totalReasons(v.TotalCount, v.ListedRows, what)...)
	return append(reasons, unexplained("HostCount of "+sanitize.Line(v.Name), v.HostCount, int64(v.ListedRows), "its hosts listed number")...)
}

// riskReasons compares what the task counts on each host with the rows that are there.
func (h HostFindings) riskReasons(hosts knownHosts, machines []Machine) []Reason {
	rows := map[string]int64{}
	for _, row := range h.Rows {
		if quuid, mine := hosts.of(row); mine {
			rows[caseless(quuid)]++
		}
	}
	var reasons []Reason
	for _, machine := range machines {
		name := "RiskNum of " + machine.title()
		if machine.RiskNum.Absent() && machine.Status == machineOK {
			reasons = append(reasons, Reason{CountMissing, name + " is missing"})
		}
		reasons = append(reasons, unexplained(name, machine.RiskNum, rows[caseless(machine.Quuid)], "its findings listed number")...)
	}
	return reasons
}

// Ignored counts the findings on the hosts that the service is set to ignore.
func (h HostFindings) Ignored() (count int64) {
	hosts := h.known()
	for _, row := range h.Rows {
		if _, mine := hosts.of(row); mine && row.FindingState(h.Task.ModuleType) == Ignored {
			count++
		}
	}
	return count
}

// Rater returns what tells of a row how severe it is and whether the service ignores it; open is false for what is
// closed, or of another host.
func (h HostFindings) Rater() func(HostRow) (severity Severity, ignored, open bool) {
	hosts := h.known()
	return func(row HostRow) (Severity, bool, bool) {
		_, mine := hosts.of(row)
		state := row.FindingState(h.Task.ModuleType)
		return row.severity(), state == Ignored, mine && state != Closed
	}
}

// HostCategory returns the category of what a module finds.
func HostCategory(module string) Category { return hostCategories[module] }

// SeverityLevel returns a level that stands for a severity; 0 for unknown.
func SeverityLevel(severity Severity) int64 {
	for level := int64(4); level > 0; level-- {
		if LevelSeverity(field.Of(level)) == severity {
			return level
		}
	}
	return 0
}

// OpenStatus returns a status with the state of a finding that is read back from a state, which has none that are
// closed.
func OpenStatus(module string, status field.Value[int64], ignored bool) field.Value[int64] {
	switch {
	case ignored && module == moduleMalware:
		return field.Of[int64](malwareTrusted)
	case ignored:
		return field.Of[int64](vulIgnored)
	case module == moduleBaseline && status.Is(baselineChecking):
		return status
	}
	return field.Value[int64]{}
}
