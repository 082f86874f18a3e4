package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// The module types of a host scan (document 003), and the status of a machine that was scanned.
const (
	moduleMalware  = "Malware"
	moduleVul      = "Vul"
	moduleBaseline = "Baseline"

	machineOK       = "Ok"
	machineScanning = "Scanning"

	progressDone = 100 // percent
)

// Findings returns what was found, worst first, with fingerprints: the vulnerabilities of VulInfo,
// and in Malware and Baseline each machine that counts risks, since no list names them.
func (s HostScan) Findings() []Finding {
	var findings []Finding
	for _, vul := range s.Vuls {
		findings = append(findings, vul.finding())
	}
	for _, machine := range s.Machines {
		findings = append(findings, machine.findings(s.ModuleType)...)
	}
	return identify(findings)
}

func (v HostVul) finding() Finding {
	finding := named(Vulnerability, LevelSeverity(v.Level), v.CveID, v.VulID)
	finding.Name = strings.TrimSpace(v.Name)
	return finding
}

// LevelSeverity returns the severity that a Level of the cwp service stands for: 4 critical, 3 high,
// 2 medium, 1 low; Unknown for any other, and where there is none.
func LevelSeverity(level field.Value[int64]) Severity {
	switch n, _ := level.Get(); n {
	case 4:
		return Critical
	case 3:
		return High
	case 2:
		return Medium
	case 1:
		return Low
	default:
		return Unknown
	}
}

func (m Machine) findings(module string) []Finding {
	risks, _ := m.RiskNum.Get()
	if risks <= 0 {
		return nil
	}
	var finding Finding
	switch module {
	case moduleMalware:
		finding = named(Malware, High, field.Of(m.Quuid))
	case moduleBaseline:
		finding = named(Baseline, Medium, field.Of(m.Quuid))
	default:
		return nil
	}
	finding.Name = strings.TrimSpace(m.HostName)
	finding.Location = strings.TrimSpace(m.HostIP)
	finding.Subject = strings.TrimSpace(m.Quuid)
	finding.Machine = finding.Subject
	finding.FromCount = true
	return []Finding{finding}
}

// Evidence returns what was found and why the scan may prove nothing yet, in the light of the
// machines that the policy requires.
func (s HostScan) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceHostScan, s.Object, p)
	e.Findings = s.Findings()
	e.Scans, e.TimeMissing = s.scans()
	e.Reasons = slices.Concat(s.Reasons, s.choiceReasons(p), s.progressReasons(), s.machineReasons(p), s.coverageReasons(p), s.riskReasons())
	return e
}

// scans returns the times of the task and its machines. Where the task tells its own, a machine need not.
func (s HostScan) scans() (scans []Span, missing bool) {
	for _, scanned := range s.Scanned {
		if scanned.told() {
			scans = append(scans, scanned)
		}
	}
	ofTask := len(scans) > 0
	for _, machine := range s.Machines {
		if machine.Scanned.told() {
			scans = append(scans, machine.Scanned)
		} else if !ofTask {
			missing = true
		}
	}
	return scans, missing
}

// choiceReasons reports whether the task is one that may be relied on at all.
func (s HostScan) choiceReasons(p Policy) []Reason {
	var reasons []Reason
	if s.Latest && p.MaxAge == 0 {
		reasons = append(reasons, Reason{MaxAgeRequired, "no task id was given, so the answer may be of any earlier scan"})
	}
	if s.Narrowed && !or(p.AllowNarrowed, false) {
		reasons = append(reasons, Reason{NarrowedScan, "the task looked only for single vulnerabilities or patches"})
	}
	return reasons
}

// progressReasons reports whether the task as a whole came to its end.
func (s HostScan) progressReasons() []Reason {
	var reasons []Reason
	if !slices.Contains([]string{moduleMalware, moduleVul, moduleBaseline}, s.ModuleType) {
		reasons = append(reasons, Reason{UnknownModule, fmt.Sprintf("module type %s is not one of Malware, Vul and Baseline", sanitize.Quote(s.ModuleType))})
	}
	switch progress, state := s.Progress.Get(); {
	case state == field.Absent:
		reasons = append(reasons, Reason{NotFinished, "ScanProgress is missing"})
	case state == field.Unreadable:
		reasons = append(reasons, Reason{NotFinished, "ScanProgress is there, but cannot be read"})
	case progress != progressDone:
		reasons = append(reasons, Reason{NotFinished, fmt.Sprintf("ScanProgress is %d, not 100", progress)})
	}
	switch stopping, state := s.Stopping.Get(); {
	case state == field.Unreadable:
		reasons = append(reasons, Reason{ScanStopped, "StoppingAll is there, but cannot be read, so it is unknown whether the task is being stopped"})
	case stopping:
		reasons = append(reasons, Reason{ScanStopped, "the task is being stopped"})
	}
	return reasons
}

// machineReasons judges the list of machines: complete, without doubles, all of them final.
func (s HostScan) machineReasons(p Policy) []Reason {
	if len(s.Machines) == 0 {
		if s.Listed == field.Unreadable {
			return []Reason{{NothingScanned, "the list of machines is there, but cannot be read"}}
		}
		return []Reason{{NothingScanned, "the task lists no machine"}}
	}
	reasons := totalReasons(s.TotalCount, len(s.Machines), "machines")
	seen := make(map[string]bool, len(s.Machines))
	ok, failed := 0, []string{}
	for _, machine := range s.Machines {
		reasons = append(reasons, machine.identityReasons(seen)...)
		switch {
		case machine.Status == machineOK:
			ok++
		case strings.EqualFold(machine.Status, machineScanning):
			reasons = append(reasons, Reason{NotFinished, machine.title() + " is still being scanned"})
			failed = append(failed, machine.trouble())
		default:
			failed = append(failed, machine.trouble())
		}
	}
	if ok == 0 {
		reasons = append(reasons, Reason{NoMachineOK, fmt.Sprintf("machines scanned to the end: 0 of %d", len(s.Machines))})
	}
	if allowed := or(p.MaxFailedMachines, 0); int64(len(failed)) > allowed {
		reasons = append(reasons, tooManyFailed(failed, allowed))
	}
	return append(reasons, s.scanCountReasons(ok)...)
}

// scanCountReasons compares ScanMachineCount, the number of machines scanned, with the list: it can
// be neither above the machines listed nor below those that are Ok. Some answers leave it out.
func (s HostScan) scanCountReasons(ok int) []Reason {
	switch count, state := s.ScanMachineCount.Get(); {
	case state == field.Unreadable:
		return []Reason{unreadableCount("ScanMachineCount")}
	case state == field.Known && (count < int64(ok) || count > int64(len(s.Machines))):
		return []Reason{{CountMismatch, fmt.Sprintf("ScanMachineCount is %d; machines listed: %d, of these Ok: %d", count, len(s.Machines), ok)}}
	}
	return nil
}

// tooManyFailed names up to three of the machines that are not Ok, in an order of their own.
func tooManyFailed(failed []string, allowed int64) Reason {
	slices.Sort(failed)
	named := failed[:min(3, len(failed))]
	detail := fmt.Sprintf("machines not Ok: %d, allowed: %d: %s", len(failed), allowed, strings.Join(named, "; "))
	if more := len(failed) - len(named); more > 0 {
		detail += fmt.Sprintf("; and %d more", more)
	}
	return Reason{TooManyFailedMachines, detail}
}

// coverageReasons says which required machines are missing or not Ok. A machine listed twice must be
// Ok in both places.
func (s HostScan) coverageReasons(p Policy) []Reason {
	status := make(map[string]string, len(s.Machines))
	for _, machine := range s.Machines {
		quuid := caseless(machine.Quuid)
		if known, ok := status[quuid]; !ok || known == machineOK {
			status[quuid] = machine.Status
		}
	}
	var reasons []Reason
	for _, quuid := range distinct(p.RequiredMachines, strings.ToLower) {
		switch found, ok := status[quuid]; {
		case !ok || quuid == "":
			reasons = append(reasons, Reason{MachineMissing, fmt.Sprintf("machine %s is not in the task", sanitize.Quote(quuid))})
		case found != machineOK:
			reasons = append(reasons, Reason{MachineNotOK, fmt.Sprintf("machine %s has status %s, not Ok", sanitize.Quote(quuid), sanitize.Quote(found))})
		}
	}
	return reasons
}

// identityReasons reports whether the machine has a Quuid of its own, and notes it in seen.
func (m Machine) identityReasons(seen map[string]bool) []Reason {
	quuid := caseless(m.Quuid)
	if quuid == "" {
		return []Reason{{MachineWithoutID, m.title() + " has no Quuid"}}
	}
	if seen[quuid] {
		return []Reason{{DuplicateMachine, m.title() + " is listed twice"}}
	}
	seen[quuid] = true
	return nil
}

// title names the machine in a message.
func (m Machine) title() string {
	name := firstOf(m.HostName, m.HostIP)
	switch quuid := strings.TrimSpace(m.Quuid); {
	case quuid == "" && name == "":
		return "a machine without a name"
	case quuid == "":
		return "machine " + sanitize.Line(name)
	case name == "":
		return "machine " + sanitize.Line(quuid)
	default:
		return fmt.Sprintf("machine %s (%s)", sanitize.Line(quuid), sanitize.Line(name))
	}
}

func (m Machine) trouble() string {
	return m.title() + " has status " + sanitize.Quote(m.Status) + parenthesised(m.Problem)
}

func parenthesised(text string) string {
	if text = sanitize.Line(text); text == "" {
		return ""
	}
	return " (" + text + ")"
}
