package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// hosts is a scenario with hosts and findings; more are further keys of cwp, with a comma.
func hosts(more string) emulator.Option {
	return emulator.WithScenario([]byte(`{"cwp":{` + more + `
		"next_task_id": 50,
		"hosts": [{"prefix":"web-","count":2},{"name":"db","quuid":"q-db","uuid":"u-db","ip":"10.9.9.9","edition":"Flagship"},
			{"name":"off","fail_type":3},{"name":"free","edition":"BASIC_VERSION"}],
		"vulnerabilities": [
			{"vul_id":1,"name":"one","cve_id":"CVE-2024-0001","level":4,"category":2,"hosts":["db","off"]},
			{"vul_id":2,"name":"two","level":2,"cvss_score":5.5,"hosts":["web-0001",{"host":"web-0002","status":3}]},
			{"vul_id":3,"name":"three","level":3,"kb_number":"KB3","category":5,"after_scan":true,"hosts":["web-0001"]},
			{"vul_id":4,"name":"four","level":1,"host_count":9,"hosts":[{"host":"db","status":1,"row":{"Level":null}}]}],
		"malware": [
			{"path":"/tmp/miner","virus_name":"Miner","level":4,"process_exists":true,"hosts":["db"]},
			{"path":"/tmp/old","virus_name":"Old","level":1,"status":14,"hosts":["web-0001"]}],
		"baseline": [{"item_id":1,"item_name":"ssh","level":3,"policy_id":7,"rule_id":8,"hosts":["db",{"host":"web-0001","status":3}]}]}}`))
}

const allLevels = `"VulLevels":"1,2,3,4"`

func TestScanVul_scansLicensedHosts(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	for _, test := range [][2]string{
		{`{` + allLevels + `,"HostType":1}`, "task 50, 4 hosts, 0 basic"},
		{`{` + allLevels + `,"HostType":2,"QuuidList":["quuid-free","q-db","q-db"]}`, "task 51, 1 hosts, 1 basic"},
		{`{"VulLevels":"3;4","HostType":2,"QuuidList":["quuid-off"],"VulCategories":"1,2,4,5","VulEmergency":1,"ScanMethod":2,"TimeoutPeriod":60}`, "task 52, 1 hosts, 0 basic"},
	} {
		answer := c.call("ScanVul", test[0])
		if got := fmt.Sprintf("task %s, %s hosts, %s basic", show(answer["TaskId"]), show(answer["SuccessCount"]), show(answer["BasicVersionCount"])); got != test[1] {
			t.Errorf("%s: got %s, want %s: %s", test[0], got, test[1], show(answer))
		}
	}
	book := c.server.Ledger()
	if got := book.By("ScanVul"); len(got) != 3 || got[0].TaskID != 50 || len(got[0].Quuids) != 4 || show(got[1].Quuids) != `["q-db"]` {
		t.Errorf("submissions %s", show(got))
	}
	if c.server.ScansOfHost("q-db") != 2 || c.server.ScansOfHost("quuid-free") != 0 || book.HostCounts["quuid-off"] != 2 {
		t.Errorf("hosts %s", show(book.HostCounts))
	}
}

func TestScanVul_refusesAndDoesNothing(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	for _, test := range [][3]string{
		{"ScanVul", `{"HostType":1}`, "InvalidParameter.MissingParameter"},
		{"ScanVul", `{` + allLevels + `}`, "InvalidParameter.MissingParameter"},
		{"ScanVul", `{"VulLevels":"5","HostType":1}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"VulCategories":"3","HostType":1}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"HostType":3}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"HostType":1,"ScanMethod":1}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"HostType":1,"VulEmergency":2}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"HostType":1,"TimeoutPeriod":0}`, "InvalidParameterValue"},
		{"ScanVul", `{` + allLevels + `,"HostType":2}`, "InvalidParameter.MissingParameter"},
		{"ScanVul", `{` + allLevels + `,"HostType":2,"QuuidList":["q-db","q-none"]}`, "ResourceNotFound"},
		{"ScanVul", `{` + allLevels + `,"HostType":2,"QuuidList":["quuid-free"]}`, "FailedOperation.NoProfessionHost"},
		{"CreateScanMalwareSetting", `{"HostType":1}`, "MissingParameter"},
		{"CreateScanMalwareSetting", `{"ScanPattern":4,"HostType":1}`, "InvalidParameterValue"},
		{"CreateScanMalwareSetting", `{"ScanPattern":1,"EngineType":4,"HostType":1}`, "InvalidParameterValue"},
		{"CreateScanMalwareSetting", `{"ScanPattern":2,"HostType":1}`, "InvalidParameterValue"},
		{"CreateScanMalwareSetting", `{"ScanPattern":1,"CustomPaths":["/"],"HostType":1}`, "InvalidParameterValue"},
		{"CreateScanMalwareSetting", `{"ScanPattern":1,"HostType":2,"QuuidList":["quuid-free"]}`, "FailedOperation.NoProfessionHost"},
		{"DeleteScanTask", `{"TaskId":50,"ModuleType":"Vul"}`, "ResourceNotFound"},
		{"DeleteScanTask", `{"TaskId":50,"ModuleType":"Virus"}`, "InvalidParameterValue"},
		{"DescribeScanState", `{"ModuleType":"Virus"}`, "InvalidParameterValue"},
		{"DescribeScanState", `{"ModuleType":"Baseline"}`, "InvalidParameter.MissingParameter"},
		{"DescribeScanState", `{"ModuleType":"Baseline","Filters":[{"Name":"StrategyId","Values":["x"]}]}`, "InvalidParameterValue"},
	} {
		if got := c.code(test[0], test[1]); got != test[2] {
			t.Errorf("%s %s: got %q, want %q", test[0], test[1], got, test[2])
		}
	}
	if c.server.Submissions() != 0 {
		t.Errorf("submissions %s", show(c.server.Ledger().Submissions))
	}
}

// machinesOf is each machine of a task with its status, failure and number of risks.
func (c *client) machinesOf(moduleType string, taskID int) string {
	c.t.Helper()
	answer := c.call("DescribeScanTaskDetails", fmt.Sprintf(`{"ModuleType":%q,"TaskId":%d,"Limit":100}`, moduleType, taskID))
	rows, _ := answer["ScanTaskDetailList"].([]any)
	var machines []string
	for _, row := range rows {
		machines = append(machines, fmt.Sprintf("%v %v/%s:%s", at(row, "HostName"), at(row, "Status"), show(at(row, "FailType")), show(at(row, "RiskNum"))))
	}
	return strings.Join(machines, ", ")
}

func TestScanVul_tellsWhatItFoundOnEachHost(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	c.call("ScanVul", `{`+allLevels+`,"HostType":1}`)
	if got, want := c.machinesOf("Vul", 50), "web-0001 Ok/0:2, web-0002 Ok/0:0, db Ok/0:1, off Fail/3:0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":50,"Filters":[{"Name":"Quuid","Values":["q-db"],"ExactMatch":true}]}`)
	if show(answer["TotalCount"]) != "1" || show(answer["ScanMachineCount"]) != "4" || show(answer["VulCount"]) != "3" || answer["VulInfo"] != nil || show(answer["Type"]) != "0" {
		t.Errorf("details %s", show(answer))
	}
	// Narrowed by levels, by a vulnerability and by a patch.
	for i, test := range [][3]string{
		{`{"VulLevels":"4","HostType":1}`, "web-0001 Ok/0:0, web-0002 Ok/0:0, db Ok/0:1, off Fail/3:0", "null"},
		{`{` + allLevels + `,"HostType":1,"VulIds":[2]}`, "web-0001 Ok/0:1, web-0002 Ok/0:0, db Ok/0:0, off Fail/3:0", "2"},
		{`{` + allLevels + `,"HostType":1,"KBNumber":["KB3"]}`, "web-0001 Ok/0:1, web-0002 Ok/0:0, db Ok/0:0, off Fail/3:0", "null"},
		{`{` + allLevels + `,"HostType":1,"VulCategories":"2"}`, "web-0001 Ok/0:0, web-0002 Ok/0:0, db Ok/0:1, off Fail/3:0", "null"},
	} {
		c.call("ScanVul", test[0])
		id := 51 + i
		if got := c.machinesOf("Vul", id); got != test[1] {
			t.Errorf("%s: got %s, want %s", test[0], got, test[1])
		}
		answer := c.call("DescribeScanTaskDetails", fmt.Sprintf(`{"ModuleType":"Vul","TaskId":%d}`, id))
		if got := show(at(answer, "VulInfo", 0, "VulId")); got != test[2] {
			t.Errorf("%s: VulInfo has %s", test[0], got)
		}
	}
	if state := c.call("DescribeScanState", `{"ModuleType":"Vul"}`); show(state["TaskId"]) != "54" || show(state["ScanState"]) != "2" || show(state["VulId"]) != "[]" {
		t.Errorf("state %s", show(state))
	}
}

func TestScanMalware_reportsByEngine(t *testing.T) {
	t.Parallel()
	c := start(t, hosts(`"vul_info":"found","offline":"leave_out",`)).cwp()
	if answer := c.call("CreateScanMalwareSetting", `{"ScanPattern":1,"HostType":1,"EngineType":1,"EnableMemShellScan":1}`); show(answer["TaskId"]) != "50" || answer["SuccessCount"] != nil {
		t.Errorf("answer %s", show(answer))
	}
	if got, want := c.machinesOf("Malware", 50), "web-0001 Ok/0:0, web-0002 Ok/0:0, db Ok/0:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Malware","TaskId":50}`); answer["VulInfo"] != nil || show(answer["RiskEventCount"]) != "1" {
		t.Errorf("details %s", show(answer))
	}
	c.call("ScanVul", `{`+allLevels+`,"HostType":1}`)
	if answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":51}`); len(answer["VulInfo"].([]any)) != 3 {
		t.Errorf("details %s", show(answer["VulInfo"]))
	}
}

func TestHostScan_oneTaskOfAModuleAtATime(t *testing.T) {
	t.Parallel()
	for busy, want := range map[string]string{"module": "OperationDenied", "none": ""} {
		c := start(t, hosts(`"busy":"`+busy+`",`)).cwp()
		release := c.server.HoldScans()
		c.call("ScanVul", `{`+allLevels+`,"HostType":1}`)
		if got := c.code("ScanVul", `{`+allLevels+`,"HostType":1}`); got != want {
			t.Errorf("%s: %q", busy, got)
		}
		if got := c.code("CreateScanMalwareSetting", `{"ScanPattern":1,"HostType":1}`); got != "" {
			t.Errorf("%s: the other module: %q", busy, got)
		}
		release()
		if got := c.code("ScanVul", `{`+allLevels+`,"HostType":1}`); got != "" {
			t.Errorf("%s: afterwards %q", busy, got)
		}
	}
}

func TestHostScan_hasAState(t *testing.T) {
	t.Parallel()
	c := startFrozen(t, hosts(`"stop_duration":"30s","tasks":[
		{"task_id":1,"module_type":"Malware","type":1,"hosts":["*"],"age":"2h"},
		{"task_id":2,"module_type":"Baseline","strategy_id":5,"hosts":["db"]},
		{"task_id":3,"module_type":"Baseline","strategy_id":6,"hosts":["db"],"stopped":true,"progress":[40]},
		{"task_id":4,"module_type":"Baseline","strategy_id":7,"hosts":["db"],"vul_ids":[9],"kb_numbers":["KB1"],"stopping_all":true,"progress":[40]}],`)).cwp()
	state := func(body string) string {
		a := c.call("DescribeScanState", body)
		return fmt.Sprintf("task %s, state %s, %s%%, type %s, narrowed %s%s", show(a["TaskId"]), show(a["ScanState"]), show(a["Schedule"]), show(a["Type"]), show(a["VulId"]), show(a["KBNumber"]))
	}
	baseline := func(id int) string {
		return fmt.Sprintf(`{"ModuleType":"Baseline","Filters":[{"Name":"StrategyId","Values":["%d"]}]}`, id)
	}
	expect := func(body, want string) {
		t.Helper()
		if got := state(body); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
	expect(`{"ModuleType":"Vul"}`, "task 0, state 0, 0%, type 0, narrowed [][]")
	expect(`{"ModuleType":"Malware"}`, "task 1, state 2, 100%, type 1, narrowed [][]")
	expect(baseline(5), "task 2, state 2, 100%, type 0, narrowed [][]")
	expect(baseline(6), "task 3, state 4, 40%, type 0, narrowed [][]")
	expect(baseline(7), `task 4, state 3, 40%, type 0, narrowed [9]["KB1"]`)
	expect(baseline(8), "task 0, state 0, 0%, type 0, narrowed [][]")
	if got, want := c.machinesOf("Malware", 1), "web-0001 Ok/0:0, web-0002 Ok/0:0, db Ok/0:1, off Fail/3:0, free Ok/0:0"; got != want {
		t.Errorf("the scheduled task: %s", got)
	}

	release := c.server.HoldScans()
	c.call("ScanVul", `{`+allLevels+`,"HostType":2,"QuuidList":["q-db","quuid-web-0001","quuid-web-0002","quuid-off"],"VulIds":[2,1]}`)
	expect(`{"ModuleType":"Vul"}`, "task 50, state 1, 50%, type 0, narrowed [2,1][]")
	c.call("DeleteScanTask", `{"TaskId":50,"ModuleType":"Vul","QuuidList":["quuid-web-0002"]}`)
	if got, want := c.machinesOf("Vul", 50), "db Ok/0:1, off Fail/3:0, web-0001 Scanning/0:0, web-0002 Fail/5:0"; got != want {
		t.Errorf("one host stopped: %s", got)
	}
	c.call("DeleteScanTask", `{"TaskId":50,"ModuleType":"Vul"}`)
	expect(`{"ModuleType":"Vul"}`, "task 50, state 3, 50%, type 0, narrowed [2,1][]")
	if got := c.code("ScanVul", `{`+allLevels+`,"HostType":1}`); got != "OperationDenied" {
		t.Errorf("while it is being stopped: %q", got)
	}
	c.server.Advance(31 * time.Second)
	expect(`{"ModuleType":"Vul"}`, "task 50, state 4, 50%, type 0, narrowed [2,1][]")
	if got, want := c.machinesOf("Vul", 50), "db Ok/0:1, off Fail/3:0, web-0001 Fail/5:0, web-0002 Fail/5:0"; got != want {
		t.Errorf("stopped: %s", got)
	}
	if got := c.code("DeleteScanTask", `{"TaskId":50,"ModuleType":"Vul"}`); got != "FailedOperation" {
		t.Errorf("stopped again: %q", got)
	}
	release()
	if id := c.server.BeginHostScan("Vul", true); id != 51 || c.server.Submissions() != 1 {
		t.Errorf("a scheduled task: %d", id)
	}
	expect(`{"ModuleType":"Vul"}`, "task 51, state 2, 100%, type 1, narrowed [][]")
	if !c.server.Forget("Vul/51") {
		t.Error("it is not forgotten")
	}
	expect(`{"ModuleType":"Vul"}`, "task 50, state 4, 50%, type 0, narrowed [2,1][]")
}

func TestHostScan_timesOut(t *testing.T) {
	t.Parallel()
	c := startFrozen(t, hosts(""), emulator.WithScanDuration(time.Hour)).cwp()
	c.call("ScanVul", `{`+allLevels+`,"HostType":2,"QuuidList":["q-db","quuid-web-0001"],"TimeoutPeriod":1900}`)
	c.server.Advance(31 * time.Minute)
	if got, want := c.machinesOf("Vul", 50), "db Ok/0:1, web-0001 Scanning/0:0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	c.server.Advance(time.Minute)
	if got, want := c.machinesOf("Vul", 50), "db Ok/0:1, web-0001 Fail/4:0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":50}`); show(answer["ScanProgress"]) != "100" || show(answer["ScanLeftTime"]) != "0" || answer["ScanEndTime"] == "" {
		t.Errorf("details %s", show(answer))
	}
	if state := c.call("DescribeScanState", `{"ModuleType":"Vul"}`); show(state["ScanState"]) != "2" {
		t.Errorf("state %s", show(state))
	}
}
