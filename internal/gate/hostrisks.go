package gate

import (
	"fmt"
	"math"
)

// riskReasons compares what the service counts with what it lists: any count above what the findings
// explain means that something was found which nobody can see (design, "unexplained counts").
// RiskEventCount, RiskMachineCount and VulCount may be null and are then not compared: VulInfo in
// module Vul and every machine's RiskNum in the other two must be there anyway.
func (s HostScan) riskReasons() []Reason {
	reasons := s.missingRisks()
	vuls := s.distinctVuls()
	reasons = append(reasons, unexplained("VulCount", s.VulCount, vuls, "the list of vulnerabilities has")...)
	var events, risky int64
	for _, machine := range s.Machines {
		explained := s.explainedRisks(machine, vuls)
		events = saturatingAdd(events, explained)
		if explained > 0 {
			risky++
		}
		if s.ModuleType == moduleVul {
			reasons = append(reasons, unexplained("RiskNum of "+machine.title(), machine.RiskNum, vuls, "the list of vulnerabilities has")...)
		}
	}
	reasons = append(reasons, unexplained("RiskEventCount", s.RiskEventCount, events, "the machines and vulnerabilities listed explain")...)
	return append(reasons, unexplained("RiskMachineCount", s.RiskMachineCount, risky, "the machines listed with risks number")...)
}

// missingRisks tells which fields that carry the findings are not there.
func (s HostScan) missingRisks() []Reason {
	if s.ModuleType == moduleVul {
		if !s.HasVuls {
			return []Reason{{MissingEvidence, "VulInfo is missing"}}
		}
		return nil
	}
	var reasons []Reason
	for _, machine := range s.Machines {
		if machine.Status == machineOK && machine.RiskNum == nil {
			reasons = append(reasons, Reason{CountMissing, "RiskNum of " + machine.title() + " is missing"})
		}
		if machine.RiskNum != nil && *machine.RiskNum < 0 {
			reasons = append(reasons, negative("RiskNum of "+machine.title(), *machine.RiskNum))
		}
	}
	return reasons
}

// explainedRisks is the most risk events that the findings explain on one machine. In module Vul a
// machine can have each listed vulnerability, and no more of them than its RiskNum says; in the
// others RiskNum itself is the finding.
func (s HostScan) explainedRisks(m Machine, vuls int64) int64 {
	switch {
	case s.ModuleType == moduleVul && m.RiskNum == nil:
		return vuls
	case s.ModuleType == moduleVul:
		return max(0, min(*m.RiskNum, vuls))
	case m.RiskNum == nil:
		return 0
	}
	return max(0, *m.RiskNum)
}

// distinctVuls counts the vulnerabilities listed, doubles once: the service repeats VulInfo on every
// page, and a double must not explain one that is missing.
func (s HostScan) distinctVuls() int64 {
	type key struct{ cve, id, name string }
	seen := make(map[key]bool, len(s.Vuls))
	for _, vul := range s.Vuls {
		seen[key{vul.CveID, vul.VulID, vul.Name}] = true
	}
	return int64(len(seen))
}

// unexplained compares a count with what explains it; a nil count is not compared. what is the start
// of a clause that the explained number ends.
func unexplained(name string, count *int64, explained int64, what string) []Reason {
	switch {
	case count == nil:
		return nil
	case *count < 0:
		return []Reason{negative(name, *count)}
	case *count > explained:
		return []Reason{{UnexplainedCount, fmt.Sprintf("%s is %d, but %s %d", name, *count, what, explained)}}
	}
	return nil
}

func negative(name string, count int64) Reason {
	return Reason{CountMissing, fmt.Sprintf("%s is %d, which is no count", name, count)}
}

// saturatingAdd adds two counts, neither negative, without wrapping around.
func saturatingAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
