package gate

import (
	"fmt"
	"slices"
	"strings"
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
	finding := named(Vulnerability, Unknown, firstOf(v.CveID, v.VulID))
	finding.Name = strings.TrimSpace(v.Name)
	if v.Level != nil {
		switch *v.Level {
		case 4:
			finding.Severity = Critical
		case 3:
			finding.Severity = High
		case 2:
			finding.Severity = Medium
		case 1:
			finding.Severity = Low
		}
	}
	return finding
}

func (m Machine) findings(module string) []Finding {
	if m.RiskNum == nil || *m.RiskNum <= 0 {
		return nil
	}
	var finding Finding
	switch module {
	case moduleMalware:
		finding = named(Malware, High, m.Quuid)
	case moduleBaseline:
		finding = named(Baseline, Medium, m.Quuid)
	default:
		return nil
	}
	finding.Name = strings.TrimSpace(m.HostName)
	finding.Location = strings.TrimSpace(m.HostIP)
	finding.Subject = strings.TrimSpace(m.Quuid)
	finding.FromCount = true
	return []Finding{finding}
}

// Evidence returns what was found and why the scan may prove nothing yet, in the light of the
// machines that the policy requires.
func (s HostScan) Evidence(p Policy) Evidence {
	p.Source = SourceHostScan
	e := Evidence{Source: p.Source, Object: s.Object, Findings: s.Findings(), demands: p.demands()}
	e.addScanTime(s.ScannedAt)
	e.Reasons = slices.Concat(s.progressReasons(), s.machineReasons(p), s.coverageReasons(p), s.riskReasons())
	return e
}

// progressReasons tells whether the task as a whole came to its end.
func (s HostScan) progressReasons() []Reason {
	var reasons []Reason
	if !slices.Contains([]string{moduleMalware, moduleVul, moduleBaseline}, s.ModuleType) {
		reasons = append(reasons, Reason{UnknownModule, fmt.Sprintf("module type %s is not one of Malware, Vul and Baseline", quote(s.ModuleType))})
	}
	switch {
	case s.Progress == nil:
		reasons = append(reasons, Reason{NotFinished, "ScanProgress is missing"})
	case *s.Progress != progressDone:
		reasons = append(reasons, Reason{NotFinished, fmt.Sprintf("ScanProgress is %d, not 100", *s.Progress)})
	}
	if s.Stopping {
		reasons = append(reasons, Reason{ScanStopped, "the task is being stopped"})
	}
	return reasons
}

// machineReasons judges the list of machines: complete, without doubles, all of them final.
func (s HostScan) machineReasons(p Policy) []Reason {
	if len(s.Machines) == 0 {
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
	if int64(len(failed)) > p.MaxFailedMachines {
		reasons = append(reasons, tooManyFailed(failed, p.MaxFailedMachines))
	}
	return append(reasons, s.scanCountReasons(ok)...)
}

// scanCountReasons compares ScanMachineCount, the number of machines scanned, with the list: it can
// be neither above the machines listed nor below those that are Ok. Some answers leave it out.
func (s HostScan) scanCountReasons(ok int) []Reason {
	if s.ScanMachineCount == nil {
		return nil
	}
	if count := *s.ScanMachineCount; count < int64(ok) || count > int64(len(s.Machines)) {
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

// coverageReasons tells which required machines are missing or not Ok. A machine listed twice must be
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
			reasons = append(reasons, Reason{MachineMissing, fmt.Sprintf("machine %s is not in the task", quote(quuid))})
		case found != machineOK:
			reasons = append(reasons, Reason{MachineNotOK, fmt.Sprintf("machine %s has status %s, not Ok", quote(quuid), quote(found))})
		}
	}
	return reasons
}

// identityReasons tells whether the machine has a Quuid of its own, and notes it in seen.
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
		return "machine " + Line(name)
	case name == "":
		return "machine " + Line(quuid)
	default:
		return fmt.Sprintf("machine %s (%s)", Line(quuid), Line(name))
	}
}

func (m Machine) trouble() string {
	return m.title() + " has status " + quote(m.Status) + parenthesised(m.Problem)
}

func parenthesised(text string) string {
	if text = Line(text); text == "" {
		return ""
	}
	return " (" + text + ")"
}
