package gate

import (
	"math"
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestHostScan_cleanScanPasses(t *testing.T) {
	t.Parallel()
	for _, module := range []string{"Malware", "Vul", "Baseline"} {
		expectOutcome(t, judge(cleanHosts(module), hostPolicy()), Pass)
	}
}

func TestHostScan_countsThatMayBeNullMayBeMissing(t *testing.T) {
	t.Parallel()
	for _, module := range []string{"Malware", "Vul", "Baseline"} {
		hosts := cleanHosts(module)
		hosts.VulCount, hosts.RiskEventCount, hosts.RiskMachineCount, hosts.ScanMachineCount = Count{}, Count{}, Count{}, Count{}
		expectOutcome(t, judge(hosts, hostPolicy()), Pass)
	}
}

func TestHostScan_whatIsNotProvenIsIncomplete(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		module string
		change func(*HostScan)
		want   string
	}{
		"progress missing":            {"Vul", func(s *HostScan) { s.Progress = Count{} }, "not_finished"},
		"progress 99":                 {"Vul", func(s *HostScan) { s.Progress = num(99) }, "not_finished"},
		"progress beyond 100":         {"Vul", func(s *HostScan) { s.Progress = num(101) }, "not_finished"},
		"stopping":                    {"Vul", func(s *HostScan) { s.Stopping = field.Of(true) }, "scan_stopped"},
		"module in another case":      {"malware", func(*HostScan) {}, "unknown_module"},
		"module missing":              {"", func(*HostScan) {}, "unknown_module"},
		"no machine":                  {"Vul", func(s *HostScan) { s.Machines, s.TotalCount = nil, num(0) }, "nothing_scanned"},
		"total missing":               {"Vul", func(s *HostScan) { s.TotalCount = Count{} }, "count_mismatch"},
		"a machine not listed":        {"Vul", func(s *HostScan) { s.TotalCount = num(3) }, "count_mismatch"},
		"more scanned than listed":    {"Vul", func(s *HostScan) { s.ScanMachineCount = num(3) }, "count_mismatch"},
		"fewer scanned than Ok":       {"Vul", func(s *HostScan) { s.ScanMachineCount = num(1) }, "count_mismatch"},
		"scanned count negative":      {"Vul", func(s *HostScan) { s.ScanMachineCount = num(-1) }, "count_mismatch"},
		"machine scanning":            {"Vul", func(s *HostScan) { s.Machines[0].Status = "Scanning" }, "not_finished too_many_failed_machines"},
		"machine failed":              {"Vul", func(s *HostScan) { s.Machines[0].Status = "Fail" }, "too_many_failed_machines"},
		"machine of no status":        {"Vul", func(s *HostScan) { s.Machines[0].Status = "" }, "too_many_failed_machines"},
		"machine ok in another case":  {"Vul", func(s *HostScan) { s.Machines[0].Status = "OK" }, "too_many_failed_machines"},
		"machine listed twice":        {"Vul", func(s *HostScan) { s.Machines[1].Quuid = "QUUID-1" }, "duplicate_machine"},
		"machine without id":          {"Vul", func(s *HostScan) { s.Machines[1].Quuid = " " }, "machine_without_id"},
		"VulInfo missing":             {"Vul", func(s *HostScan) { s.VulsListed, s.VulCount = field.Absent, Count{} }, "missing_evidence"},
		"VulInfo unreadable":          {"Vul", func(s *HostScan) { s.VulsListed = field.Unreadable }, "missing_evidence"},
		"VulInfo and VulCount null":   {"Vul", func(s *HostScan) { s.VulsListed, s.VulCount = field.Absent, Count{} }, "missing_evidence"},
		"RiskNum missing, Malware":    {"Malware", func(s *HostScan) { s.Machines[0].RiskNum = Count{} }, "count_missing"},
		"RiskNum missing, Baseline":   {"Baseline", func(s *HostScan) { s.Machines[0].RiskNum = Count{} }, "count_missing"},
		"RiskNum negative, Malware":   {"Malware", func(s *HostScan) { s.Machines[0].RiskNum = num(-1) }, "count_missing"},
		"RiskNum negative, Vul":       {"Vul", func(s *HostScan) { s.Machines[0].RiskNum = num(-1) }, "count_missing"},
		"VulCount not listed":         {"Vul", func(s *HostScan) { s.VulCount = num(1) }, "unexplained_count"},
		"VulCount negative":           {"Vul", func(s *HostScan) { s.VulCount = num(-1) }, "count_missing"},
		"VulCount in Malware":         {"Malware", func(s *HostScan) { s.VulCount = num(1) }, "unexplained_count"},
		"RiskNum not listed":          {"Vul", func(s *HostScan) { s.Machines[0].RiskNum = num(1) }, "unexplained_count"},
		"RiskEventCount, Vul":         {"Vul", func(s *HostScan) { s.RiskEventCount = num(1) }, "unexplained_count"},
		"RiskEventCount, Malware":     {"Malware", func(s *HostScan) { s.RiskEventCount = num(1) }, "unexplained_count"},
		"RiskEventCount, Baseline":    {"Baseline", func(s *HostScan) { s.RiskEventCount = num(1) }, "unexplained_count"},
		"RiskEventCount negative":     {"Baseline", func(s *HostScan) { s.RiskEventCount = num(-5) }, "count_missing"},
		"RiskMachineCount, Vul":       {"Vul", func(s *HostScan) { s.RiskMachineCount = num(1) }, "unexplained_count"},
		"RiskMachineCount, Malware":   {"Malware", func(s *HostScan) { s.RiskMachineCount = num(1) }, "unexplained_count"},
		"counts at the largest value": {"Vul", func(s *HostScan) { s.VulCount = num(math.MaxInt64) }, "unexplained_count"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hosts := cleanHosts(test.module)
			test.change(&hosts)
			v := judge(hosts, hostPolicy())
			expectReasons(t, v, test.want)
			expectOutcome(t, v, Incomplete)
		})
	}
}

func TestHostScan_repeatedVulnerabilityDoesNotExplainAMissingOne(t *testing.T) {
	t.Parallel()
	hosts := cleanHosts("Vul")
	one := HostVul{CveID: text("CVE-2026-1"), VulID: text("7"), Level: num(1)}
	hosts.Vuls, hosts.VulCount = []HostVul{one, one}, num(2)
	expectReasons(t, judge(hosts, hostPolicy()), "unexplained_count")
	hosts.VulCount = num(1)
	expectReasons(t, judge(hosts, hostPolicy()), "")
}

func TestHostScan_eventsOnSeveralMachinesAreExplainedByOneVulnerability(t *testing.T) {
	t.Parallel()
	hosts := cleanHosts("Vul")
	hosts.Vuls, hosts.VulCount = []HostVul{{CveID: text("CVE-2026-1"), Level: num(1)}}, num(1)
	hosts.Machines[0].RiskNum, hosts.Machines[1].RiskNum = num(1), num(1)
	hosts.RiskEventCount, hosts.RiskMachineCount = num(2), num(2)
	expectReasons(t, judge(hosts, hostPolicy()), "")
	hosts.RiskEventCount = num(3)
	expectReasons(t, judge(hosts, hostPolicy()), "unexplained_count")
	// A machine that says it has no risk explains no event.
	hosts.Machines[0].RiskNum, hosts.RiskEventCount, hosts.RiskMachineCount = num(0), num(2), Count{}
	expectReasons(t, judge(hosts, hostPolicy()), "unexplained_count")
}

func TestHostScan_sumOfRisksDoesNotWrapAround(t *testing.T) {
	t.Parallel()
	hosts := cleanHosts("Baseline")
	hosts.Machines[0].RiskNum, hosts.Machines[1].RiskNum = num(math.MaxInt64), num(math.MaxInt64)
	hosts.RiskEventCount, hosts.RiskMachineCount = num(5), num(2)
	expectReasons(t, judge(hosts, hostPolicy()), "")
}

func TestHostScan_failedMachinesAreStatusAllowed(t *testing.T) {
	t.Parallel()
	hosts, policy := cleanHosts("Malware"), hostPolicy()
	hosts.Machines[1].Status, hosts.Machines[1].RiskNum = "Fail", Count{}
	policy.MaxFailedMachines = ptr[int64](1)
	expectOutcome(t, judge(hosts, policy), Pass)

	hosts.Machines[0].Status = "Fail"
	policy.MaxFailedMachines = ptr[int64](9)
	expectReasons(t, judge(hosts, policy), "no_machine_ok")
	hosts.Machines[0].Status = "Scanning"
	expectReasons(t, judge(hosts, policy), "no_machine_ok not_finished")
	policy.MaxFailedMachines = ptr[int64](-1)
	expectReasons(t, judge(cleanHosts("Malware"), policy), "invalid_policy too_many_failed_machines")
}

func TestHostScan_requiredMachinesMustBeOk(t *testing.T) {
	t.Parallel()
	hosts, policy := cleanHosts("Malware"), hostPolicy()
	policy.RequiredMachines = []string{"QUUID-1", "quuid-2"}
	expectOutcome(t, judge(hosts, policy), Pass)

	policy.RequiredMachines = []string{"quuid-3"}
	expectReasons(t, judge(hosts, policy), "machine_missing")

	policy.RequiredMachines, policy.MaxFailedMachines = []string{"quuid-2"}, ptr[int64](1)
	hosts.Machines[1].Status = "Fail"
	expectReasons(t, judge(hosts, policy), "machine_not_ok")

	// Listed twice, Ok in one place only.
	hosts.Machines[0].Quuid = "quuid-2"
	expectReasons(t, judge(hosts, policy), "duplicate_machine machine_not_ok")
	slices.Reverse(hosts.Machines)
	expectReasons(t, judge(hosts, policy), "duplicate_machine machine_not_ok")
}

func TestHostScan_blankRequiredMachineIsNotTheOneWithoutID(t *testing.T) {
	t.Parallel()
	hosts, policy := cleanHosts("Malware"), hostPolicy()
	hosts.Machines[0].Quuid, policy.RequiredMachines = "", []string{""}
	expectReasons(t, judge(hosts, policy), "invalid_policy machine_missing machine_without_id")
}

func TestHostScan_findingsFollowTheTable(t *testing.T) {
	t.Parallel()
	hosts := cleanHosts("Vul")
	hosts.Vuls = []HostVul{
		{CveID: text("CVE-4"), VulID: text("4"), Name: "n4", Level: num(4)},
		{VulID: text("3"), Level: num(3)},
		{CveID: text(" "), VulID: text("2"), Level: num(2)},
		{CveID: text("CVE-1"), Level: num(1)},
		{CveID: text("CVE-0"), Level: num(5)},
		{Name: "anonymous"},
	}
	hosts.Machines[0].RiskNum = num(3)
	want := []Finding{
		{Category: Vulnerability, Severity: Critical, ID: "CVE-4", Name: "n4"},
		{Category: Vulnerability, Severity: Unknown, ID: "CVE-0"},
		{Category: Vulnerability, Severity: Unknown, ID: "vulnerability", Name: "anonymous", Anonymous: true, Unnamed: true},
		{Category: Vulnerability, Severity: High, ID: "3"},
		{Category: Vulnerability, Severity: Medium, ID: "2"},
		{Category: Vulnerability, Severity: Low, ID: "CVE-1"},
	}
	expectFindings(t, hosts.Findings(), want)

	machine := Finding{ID: "quuid-1", Subject: "quuid-1", Machine: "quuid-1", Name: "web", Location: "10.0.0.1", FromCount: true}
	hosts.Vuls, hosts.ModuleType = nil, "Malware"
	machine.Category, machine.Severity = Malware, High
	expectFindings(t, hosts.Findings(), []Finding{machine})
	hosts.ModuleType = "Baseline"
	machine.Category, machine.Severity = Baseline, Medium
	expectFindings(t, hosts.Findings(), []Finding{machine})
}

func expectFindings(t *testing.T, got, want []Finding) {
	t.Helper()
	got = slices.Clone(got)
	for i := range got {
		got[i].Fingerprint = ""
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func TestHostScan_messagesNameTheMachinesThatFailed(t *testing.T) {
	t.Parallel()
	fail := func(quuid, name, ip string) Machine {
		return Machine{Quuid: quuid, HostName: name, HostIP: ip, Status: "Fail", Problem: "offline"}
	}
	tests := map[string]struct {
		machines []Machine
		want     string
	}{
		"all names":  {[]Machine{fail("q", "web", "10.0.0.1")}, `machines not Ok: 1, allowed: 0: machine q (web) has status "Fail" (offline)`},
		"no name":    {[]Machine{fail("q", "", "10.0.0.1")}, `machines not Ok: 1, allowed: 0: machine q (10.0.0.1) has status "Fail" (offline)`},
		"only an id": {[]Machine{fail("q", "", "")}, `machines not Ok: 1, allowed: 0: machine q has status "Fail" (offline)`},
		"no id":      {[]Machine{fail("", "web", "")}, `machines not Ok: 1, allowed: 0: machine web has status "Fail" (offline)`},
		"nothing":    {[]Machine{fail("", "", "")}, `machines not Ok: 1, allowed: 0: a machine without a name has status "Fail" (offline)`},
		"three":      {[]Machine{fail("c", "", ""), fail("a", "", ""), fail("b", "", "")}, `machines not Ok: 3, allowed: 0: machine a has status "Fail" (offline); machine b has status "Fail" (offline); machine c has status "Fail" (offline)`},
		"four":       {[]Machine{fail("d", "", ""), fail("c", "", ""), fail("a", "", ""), fail("b", "", "")}, `machines not Ok: 4, allowed: 0: machine a has status "Fail" (offline); machine b has status "Fail" (offline); machine c has status "Fail" (offline); and 1 more`},
	}
	for name, test := range tests {
		v := judge(HostScan{ModuleType: "Vul", Machines: test.machines}, hostPolicy())
		if !slices.Contains(v.Reasons, Reason{TooManyFailedMachines, test.want}) {
			t.Errorf("%s: %v", name, v.Reasons)
		}
	}
}
