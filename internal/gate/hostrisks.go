package gate

import (
	"fmt"
	"math"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// riskReasons compares what the service counts with what it lists: any count above what the findings
// explain means that something was found which nobody can see (docs, "unexplained counts").
// RiskEventCount, RiskMachineCount and VulCount may be null and are then not compared.
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

// missingRisks says which fields that carry the findings are not there, or cannot be read. In module Vul,
// null stands for nothing found only beside a VulCount of 0.
func (s HostScan) missingRisks() []Reason {
	nothingFound := s.ModuleType == moduleVul && s.VulCount.Is(0)
	var reasons []Reason
	switch {
	case s.VulsListed == field.Unreadable:
		reasons = append(reasons, Reason{MissingEvidence, "VulInfo is there, but cannot be read"})
	case s.VulsListed == field.Absent && s.ModuleType == moduleVul && !nothingFound:
		reasons = append(reasons, Reason{MissingEvidence, "VulInfo is missing, and VulCount is not 0"})
	}
	for _, machine := range s.Machines {
		name := "RiskNum of " + machine.title()
		switch risks, state := machine.RiskNum.Get(); {
		case state == field.Unreadable:
			reasons = append(reasons, unreadableCount(name))
		case state == field.Absent && machine.Status == machineOK && !nothingFound:
			reasons = append(reasons, Reason{CountMissing, name + " is missing"})
		case risks < 0:
			reasons = append(reasons, negative(name, risks))
		}
	}
	return reasons
}

// explainedRisks is the most risk events that the findings explain on one machine. In module Vul a
// machine can have each listed vulnerability, and no more of them than its RiskNum says; in the
// others RiskNum itself is the finding.
func (s HostScan) explainedRisks(m Machine, vuls int64) int64 {
	switch risks, state := m.RiskNum.Get(); {
	case s.ModuleType == moduleVul && state != field.Known:
		return vuls
	case s.ModuleType == moduleVul:
		return max(0, min(risks, vuls))
	default:
		return max(0, risks)
	}
}

// distinctVuls counts the vulnerabilities listed, doubles once: the service repeats VulInfo on every
// page, and a double must not explain one that is missing.
func (s HostScan) distinctVuls() int64 {
	type key struct {
		cve, id field.Value[string]
		name    string
	}
	seen := make(map[key]bool, len(s.Vuls))
	for _, vul := range s.Vuls {
		seen[key{vul.CveID, vul.VulID, vul.Name}] = true
	}
	return int64(len(seen))
}

// unexplained compares a count with what explains it; one that is absent is not compared. what is the
// start of a clause that the explained number ends.
func unexplained(name string, value Count, explained int64, what string) []Reason {
	switch count, state := value.Get(); {
	case state == field.Unreadable:
		return []Reason{unreadableCount(name)}
	case count < 0:
		return []Reason{negative(name, count)}
	case count > explained:
		return []Reason{{UnexplainedCount, fmt.Sprintf("%s is %d, but %s %d", name, count, what, explained)}}
	}
	return nil
}

func unreadableCount(name string) Reason {
	return Reason{CountMissing, name + " is there, but cannot be read"}
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
