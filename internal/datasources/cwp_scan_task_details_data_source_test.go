package datasources_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	hosts       = "data.ms_cwp_scan_task_details.hosts"
	hostsAction = "DescribeScanTaskDetails"
)

// hostTask is a data source of a task, with more lines.
func hostTask(module, id string, more ...string) string {
	return fmt.Sprintf(`
data "ms_cwp_scan_task_details" "hosts" {
  module_type   = %q
  task_id       = %s
  poll_interval = "20ms"
  %s
}
`, module, id, strings.Join(more, "\n  "))
}

// hostCloud plays the tasks of cwp.
func hostCloud(t *testing.T, tasks string) *acctest.Cloud {
	t.Helper()
	return acctest.NewCloud(t, emulator.WithScenario([]byte(`{"cwp":{"tasks":[`+tasks+`]}}`)))
}

func TestAccHostScan_readsEveryOutput(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 9007199254740993, "module_type": "Vul", "type": 1, "scan_content": ["linux", "cms"],
	  "machines": [
	    {"Id": 2, "Quuid": "q2", "Uuid": "u2", "HostName": "h2", "HostIp": "i2", "OsName": "o2", "Status": "Fail", "Description": "d2", "FailType": 4, "RiskNum": 0,
	     "ScanBeginTime": "b2", "ScanEndTime": "e2", "MachineWanIp": "w2",
	     "MachineExtraInfo": {"WanIP": "1.1.1.1", "PrivateIP": "10.0.0.1", "NetworkType": 1, "NetworkName": "vpc", "InstanceID": "ins", "HostName": "hh"}},
	    {"Id": 1, "Quuid": "q1", "Uuid": null, "HostName": null, "HostIp": null, "OsName": null, "Status": "Ok", "Description": null, "FailType": null, "RiskNum": null,
	     "ScanBeginTime": null, "ScanEndTime": null, "MachineWanIp": null, "MachineExtraInfo": null}],
	  "vulnerabilities": [
	    {"VulId": 7, "CveId": "CVE-1", "Name": "n", "Level": 4, "CvssScore": 9.8, "Cvss": "v", "Fix": "f", "Descript": "d", "Reference": "r", "PublishTime": "p", "VulCategory": 4},
	    {"VulId": null, "Level": "grave"}],
	  "patches": [{"Id": 5, "KBNo": "KB5", "Name": "n", "PublishTime": "p", "RelatedCveId": ["CVE-1", "CVE-2"], "KbDocUrl": "u"}, {"Id": 6, "RelatedCveId": null}],
	  "answer": {"TotalCount": "2", "ScanMachineCount": 2, "RiskMachineCount": 1, "RiskEventCount": 3, "VulCount": 2, "ScanBeginTime": "2024-08-27 11:40:28", "ScanEndTime": "2024-08-27 11:41:28",
	    "ScanTime": 60, "ScanLeftTime": 0}}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Vul", "9007199254740993") + "\nresource \"terraform_data\" \"release\" {\n  input = tostring(" + hosts + ".task_id)\n}\n")
	w.Apply().Succeeds()
	expectState(t, w.State(hosts), `{"module_type":"Vul","filter":[],"strategy_id":null,"scan_state":2,"scan_type":1,"scanned_vul_ids":[],"scanned_kbs":[],"limit":null,"offset":null,"wait_for_completion":null,"poll_interval":"20ms","gate":null,"timeouts":null,
	  "id":"Vul/9007199254740993","status":"completed","verdict":null,"summary":{"critical":1,"high":0,"medium":0,"low":0,"info":0,"unknown":1,"total":2},
	  "total_count":2,"scan_machine_count":2,"risk_machine_count":1,"risk_event_count":3,"vul_count":2,"scan_begin_time":"2024-08-27 11:40:28","scan_end_time":"2024-08-27 11:41:28",
	  "scan_time":60,"scan_progress":100,"scan_left_time":0,"scan_content":["linux","cms"],"type":1,"stopping_all":false,
	  "scan_task_detail_list":[
	    {"id":1,"quuid":"q1","uuid":null,"host_name":null,"host_ip":null,"os_name":null,"status":"Ok","description":null,"fail_type":null,"risk_num":null,
	     "scan_begin_time":null,"scan_end_time":null,"machine_wan_ip":null,"machine_extra_info":null},
	    {"id":2,"quuid":"q2","uuid":"u2","host_name":"h2","host_ip":"i2","os_name":"o2","status":"Fail","description":"d2","fail_type":4,"risk_num":0,
	     "scan_begin_time":"b2","scan_end_time":"e2","machine_wan_ip":"w2",
	     "machine_extra_info":{"wan_ip":"1.1.1.1","private_ip":"10.0.0.1","network_type":1,"network_name":"vpc","instance_id":"ins","host_name":"hh"}}],
	  "vul_info":[
	    {"vul_id":7,"cve_id":"CVE-1","name":"n","level":4,"cvss_score":9.8,"cvss":"v","fix":"f","descript":"d","reference":"r","publish_time":"p","vul_category":4},
	    {"vul_id":null,"cve_id":null,"name":null,"level":null,"cvss_score":null,"cvss":null,"fix":null,"descript":null,"reference":null,"publish_time":null,"vul_category":null}],
	  "patch_info":[
	    {"id":5,"kb_no":"KB5","name":"n","publish_time":"p","related_cve_id":["CVE-1","CVE-2"],"kb_doc_url":"u"},
	    {"id":6,"kb_no":null,"name":null,"publish_time":null,"related_cve_id":null,"kb_doc_url":null}]}`, "task_id")
	if got := at(w.State(release), "input"); got != "9007199254740993" {
		t.Errorf("task id %v", got)
	}
	calls := cloud.Ledger().Of(hostsAction)
	if len(calls) != 1 || calls[0].Service != "cwp" || calls[0].Version != "2018-02-28" || calls[0].Region != "" || fmt.Sprint(calls[0].Parameters["TaskId"]) != "9007199254740993" {
		t.Errorf("calls %+v", calls)
	}
}

func TestAccHostScan_whatMayBeNullStaysNull(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 1, "prefix": "web-", "first_id": 1}],
	  "answer": {"VulInfo": null, "PatchInfo": null, "RiskEventCount": null, "Type": null, "StoppingAll": null, "VulCount": null, "ScanContent": null, "ScanTime": null, "ScanLeftTime": null,
	    "ScanMachineCount": null, "RiskMachineCount": null, "ScanBeginTime": null, "ScanEndTime": null}}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}"))
	w.Apply().Succeeds()
	state := w.State(hosts)
	for _, name := range []string{"vul_info", "patch_info", "risk_event_count", "type", "stopping_all", "vul_count", "scan_content", "scan_time", "scan_left_time", "scan_machine_count",
		"risk_machine_count", "scan_begin_time", "scan_end_time"} {
		if value, ok := state[name]; !ok || value != nil {
			t.Errorf("%s is %v", name, value)
		}
	}
	expectVerdict(t, hosts, state, "pass", "")
}

func TestAccHostScan_allPagesOnceAndInOrder(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 30, "prefix": "old-", "first_id": 9001}, {"count": 200, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}") + releaseOn(hosts))
	w.Plan().Succeeds()
	if calls := cloud.Calls(hostsAction); calls != 3 {
		t.Errorf("230 machines took %d calls", calls)
	}
	w.Apply().Succeeds()
	expectMachines(t, w.State(hosts), 230)
	if at(w.State(release), "input") != "pass" {
		t.Errorf("verdict %v", at(w.State(hosts), "verdict"))
	}
	w.Plan().NoChanges()
	for _, call := range cloud.Ledger().Of(hostsAction) {
		if fmt.Sprint(call.Parameters["Limit"]) != "100" || call.Parameters["Offset"] == nil {
			t.Errorf("parameters %v", call.Parameters)
		}
	}
}

// expectMachines checks that so many machines are there, each once, by ascending id.
func expectMachines(t *testing.T, state map[string]any, want int) {
	t.Helper()
	machines, _ := at(state, "scan_task_detail_list").([]any)
	if len(machines) != want || at(state, "total_count") != float64(want) {
		t.Fatalf("%d machines, total_count %v, want %d", len(machines), at(state, "total_count"), want)
	}
	for i := 1; i < len(machines); i++ {
		if before, id := at(machines, i-1, "id").(float64), at(machines, i, "id").(float64); before >= id {
			t.Fatalf("machine %v before %v", before, id)
		}
	}
}

func TestAccHostScan_aListThatShiftsIsReadAgain(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 230, "prefix": "web-", "first_id": 1}],
	    "drift": [{"after_calls": 1, "remove": 2, "insert": 0}, {"after_calls": 4, "remove": 0, "insert": 2}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}"))
	w.Apply().Succeeds()
	expectMachines(t, w.State(hosts), 230)
	if got := at(w.State(hosts), "scan_task_detail_list", 0, "id"); got != 3.0 {
		t.Errorf("the first machine has id %v", got)
	}
	if calls := cloud.Calls(hostsAction); calls != 9 {
		t.Errorf("%d calls", calls)
	}
}

func TestAccHostScan_aListThatNeverSettlesIsIncompleteWithAGateAndAnErrorWithout(t *testing.T) {
	t.Parallel()
	var drift []string
	for i := range 40 {
		drift = append(drift, fmt.Sprintf(`{"after_calls": %d, "remove": 1}`, i+1))
	}
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 290, "prefix": "web-", "first_id": 1}], "drift": [`+strings.Join(drift, ",")+`]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1"))
	w.Plan().Fails().Says("Unable to Read Scan Task Details", "The list changed each time while its pages were read", "Object: Malware task 1", "Run again when the task no longer changes")
	if calls := cloud.Calls(hostsAction); calls != 12 {
		t.Errorf("%d calls", calls)
	}
	w.Write(cloud.Provider() + hostTask("Malware", "1", `gate { enforcement = "none" }`))
	w.Apply().Succeeds()
	expectVerdict(t, "list that changes", w.State(hosts), "incomplete", "unreadable_answer")
}

func TestAccHostScan_limitOffsetAndFiltersPassThrough(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines      string
		parameters []map[string]string
		machines   int
	}{
		"a window": {`limit = 5
  offset = 3`, []map[string]string{{"Limit": "5", "Offset": "3"}}, 5},
		"only a limit":   {`limit = 100`, []map[string]string{{"Limit": "100"}}, 100},
		"only an offset": {`offset = 0`, []map[string]string{{"Offset": "0"}}, 10}, // the service's own limit
		"filters": {`filter {
      name = "HostName"
      values = ["web-000", "db-"]
      }
      filter {
      name = "Status"
      values = ["Ok"]
      exact_match = true
      }`, []map[string]string{
			{"Limit": "100", "Offset": "0", "Filters": "[map[Name:HostName Values:[web-000 db-]] map[ExactMatch:true Name:Status Values:[Ok]]]"}}, 10},
		"filters of many": {`filter {
      name = "HostName"
      values = ["web-"]
      exact_match = false
      }`, []map[string]string{
			{"Limit": "100", "Offset": "0", "Filters": "[map[ExactMatch:false Name:HostName Values:[web-]]]"}, {"Limit": "100", "Filters": "[map[ExactMatch:false Name:HostName Values:[web-]]]"}}, 120},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, `{"task_id": 1, "module_type": "Vul", "machine_groups": [{"count": 120, "prefix": "web-", "first_id": 1}, {"count": 1, "prefix": "db-", "first_id": 900}]}`)
			w := acctest.New(t)
			w.Write(cloud.Provider() + hostTask("Vul", "1", tt.lines))
			w.Apply().Succeeds()
			if got := len(at(w.State(hosts), "scan_task_detail_list").([]any)); got != tt.machines {
				t.Errorf("%d machines", got)
			}
			calls := cloud.Ledger().Of(hostsAction)
			if len(calls) != len(tt.parameters) {
				t.Fatalf("calls %+v", calls)
			}
			for i, want := range tt.parameters {
				for _, parameter := range []string{"Limit", "Offset", "Filters"} {
					value, sent := calls[i].Parameters[parameter]
					if wanted, given := want[parameter]; given && fmt.Sprint(value) != wanted || !given && sent && !(i > 0 && parameter == "Offset") {
						t.Errorf("call %d has %s %v", i, parameter, value)
					}
				}
			}
		})
	}
}

func TestAccHostScan_waitsUntilProgressIs100AndNoMachineIsScanning(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "progress": [0, 40, 100], "machine_groups": [{"count": 230, "prefix": "web-", "first_id": 1}]}`)
	still := 2
	cloud.OnAnswer(hostsAction, func(request, response map[string]any) map[string]any {
		rows := response["ScanTaskDetailList"].([]any)
		if fmt.Sprint(response["ScanProgress"]) == "100" && fmt.Sprint(request["Offset"]) == "0" && still > 0 {
			still--
			rows[99].(map[string]any)["Status"] = "Scanning" // of a task whose progress is 100
		}
		return response
	})
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}"))
	w.Apply().Succeeds()
	expectMachines(t, w.State(hosts), 230)
	// Two polls while it runs, two while a machine is scanning, and three pages.
	if at(w.State(hosts), "status") != "completed" || cloud.Calls(hostsAction) != 7 {
		t.Errorf("status %v after %d calls", at(w.State(hosts), "status"), cloud.Calls(hostsAction))
	}
}

func TestAccHostScan_aWaitThatRunsOutIsIncompleteWithAGateAndAnErrorWithout(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "progress": [40], "machine_groups": [{"count": 10, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	acctest.LongEnough(t, func(timeout string) bool {
		short := `timeouts { read = "` + timeout + `" }`
		w.Write(cloud.Provider() + hostTask("Malware", "1", short, `gate { enforcement = "none" }`))
		w.Apply().Succeeds()
		codes := fmt.Sprint(at(w.State(hosts), "verdict", "reasons"))
		if at(w.State(hosts), "verdict", "outcome") != "incomplete" || !strings.Contains(codes, "wait_timed_out") || !strings.Contains(codes, "not_finished") || at(w.State(hosts), "status") != "processing" {
			t.Logf("verdict %v", at(w.State(hosts), "verdict"))
			return false
		}
		w.Write(cloud.Provider() + hostTask("Malware", "1", short))
		planned := w.Plan().Fails()
		if !strings.Contains(planned.Output, "last seen") {
			return false
		}
		planned.Says("Unable to Read Scan Task Details", "It was not finished after", "last seen: processing, progress 40 %", "Object: Malware task 1")
		return true
	})
}

func TestAccHostScan_interruptIsPrompt(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "progress": [40], "machine_groups": [{"count": 10, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + strings.Replace(hostTask("Malware", "1", "gate {}"), "20ms", "1h", 1))
	interrupted(t, cloud, w, hostsAction)
}

func TestAccHostScan_aTaskThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, ``)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Baseline", "17", `gate { enforcement = "none" }`))
	w.Plan().Fails().Says("Unable to Read Scan Task Details", "The service does not know this object", "Object: Baseline task 17", "RequestId: ", "Check the id")
	if calls := cloud.Calls(""); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAccHostScan_gates(t *testing.T) {
	t.Parallel()
	const (
		three   = `"machine_groups": [{"count": 3, "prefix": "web-", "first_id": 1}]`
		offline = `"machine_groups": [{"count": 3, "prefix": "web-", "first_id": 1}, {"count": 1, "prefix": "off-", "first_id": 9, "status": "Fail", "fail_type": 3}]`
		risky   = `"machine_groups": [{"count": 3, "prefix": "web-", "first_id": 1}, {"count": 1, "prefix": "bad-", "first_id": 9, "risk_num": 2}]`
	)
	vul := func(level string) string {
		return `"vulnerabilities": [{"VulId": 7, "CveId": "CVE-1", "Name": "n", "Level": ` + level + `}], ` + three
	}
	answer := func(fields string) string { return three + `, "answer": {` + fields + `}` }
	tests := map[string]struct{ module, task, gate, outcome, code string }{
		"vul":                  {"Vul", three, "", "pass", ""},
		"malware":              {"Malware", three, "", "pass", ""},
		"baseline":             {"Baseline", three, "", "pass", ""},
		"critical":             {"Vul", vul("4"), "", "fail", "CVE-1"},
		"high":                 {"Vul", vul(`"3"`), "", "fail", "CVE-1"},
		"medium_below_fail_on": {"Vul", vul("2"), "", "pass", ""},
		"medium_at_medium":     {"Vul", vul("2"), `fail_on = "medium"`, "fail", "CVE-1"},
		"level_in_words":       {"Vul", vul(`"low"`), `fail_on = "critical"`, "fail", "unknown"},
		"level_null":           {"Vul", vul("null"), `fail_on = "critical"`, "fail", "unknown"},
		"excepted": {"Vul", vul("4"), `exception {
      category = "vulnerability"
      id = "CVE-1"
      reason = "r"
      expires_at = "2999-01-01"
      }`, "pass", ""},
		"denied_id":                 {"Vul", vul("1"), "denied {\n category = \"vulnerability\"\n id = \"CVE-1\"\n }", "fail", "denied_id"},
		"malware_found":             {"Malware", risky, "", "fail", "bad-0001"},
		"baseline_found":            {"Baseline", risky, "", "pass", ""},
		"baseline_denied":           {"Baseline", risky, `denied_categories = ["baseline"]`, "fail", "bad-0001"},
		"offline":                   {"Vul", offline, "", "incomplete", "too_many_failed_machines"},
		"offline_says_so":           {"Vul", offline, "", "incomplete", "it was offline"},
		"offline_allowed":           {"Vul", offline, "max_failed_machines = 1", "pass", ""},
		"offline_but_required":      {"Vul", offline, "max_failed_machines = 1\n required_machines = [\"quuid-off-0001\"]", "incomplete", "machine_not_ok"},
		"all_failed":                {"Vul", `"machine_groups": [{"count": 2, "prefix": "off-", "first_id": 9, "status": "Fail"}]`, "max_failed_machines = 2", "incomplete", "no_machine_ok"},
		"required":                  {"Vul", three, `required_machines = ["quuid-web-0001", "QUUID-WEB-0003"]`, "pass", ""},
		"required_missing":          {"Vul", three, `required_machines = ["quuid-web-0004"]`, "incomplete", "machine_missing"},
		"no_machine":                {"Vul", `"machines": []`, "", "incomplete", "nothing_scanned"},
		"no_machine_allowed":        {"Vul", `"machines": []`, "max_failed_machines = 5", "incomplete", "nothing_scanned"},
		"no_list":                   {"Malware", answer(`"ScanTaskDetailList": null, "TotalCount": 0`), "", "incomplete", "nothing_scanned"},
		"status_in_another_case":    {"Vul", `"machines": [{"Id": 1, "Status": "OK"}]`, "", "incomplete", "too_many_failed_machines"},
		"status_null":               {"Vul", `"machines": [{"Id": 1, "Status": null}]`, "", "incomplete", "too_many_failed_machines"},
		"machine_without_quuid":     {"Vul", `"machines": [{"Id": 1, "Quuid": null}]`, "", "incomplete", "machine_without_id"},
		"two_of_one_quuid":          {"Vul", `"machines": [{"Id": 1, "Quuid": "q"}, {"Id": 2, "Quuid": "Q"}]`, "", "incomplete", "duplicate_machine"},
		"stopping":                  {"Vul", three + `, "stopping_all": true`, "", "incomplete", "scan_stopped"},
		"running":                   {"Vul", three + `, "progress": [40]`, "", "incomplete", "not_finished"},
		"no_progress":               {"Vul", answer(`"ScanProgress": null`), "", "incomplete", "not_finished"},
		"progress_beyond":           {"Vul", answer(`"ScanProgress": 101`), "", "incomplete", "not_finished"},
		"no_vul_info_of_none":       {"Vul", answer(`"VulInfo": null`), "", "pass", ""},
		"total_above":               {"Vul", answer(`"TotalCount": 4`), "", "incomplete", "count_mismatch"},
		"total_below":               {"Vul", answer(`"TotalCount": 2`), "", "incomplete", "count_mismatch"},
		"total_null":                {"Vul", answer(`"TotalCount": null`), "", "incomplete", "count_mismatch"},
		"vul_count_above":           {"Vul", answer(`"VulCount": 1`), "", "incomplete", "unexplained_count"},
		"vul_count_null":            {"Vul", answer(`"VulCount": null`), "", "pass", ""},
		"risk_events_above":         {"Malware", answer(`"RiskEventCount": 1`), "", "incomplete", "unexplained_count"},
		"risk_events_null":          {"Malware", answer(`"RiskEventCount": null`), "", "pass", ""},
		"risk_machines_above":       {"Baseline", answer(`"RiskMachineCount": 1`), "", "incomplete", "unexplained_count"},
		"scan_machines_above":       {"Baseline", answer(`"ScanMachineCount": 4`), "", "incomplete", "count_mismatch"},
		"risk_num_above":            {"Vul", risky, "", "incomplete", "unexplained_count"},
		"risk_num_null":             {"Malware", `"machines": [{"Id": 1, "RiskNum": null}]`, "", "incomplete", "count_missing"},
		"risk_num_in_words":         {"Malware", `"machines": [{"Id": 1, "RiskNum": "some"}]`, "", "incomplete", "count_missing"},
		"young_enough":              {"Vul", three + `, "age": "1h"`, `max_age = "2h"`, "pass", ""},
		"too_old":                   {"Vul", three + `, "age": "3h"`, `max_age = "2h"`, "incomplete", "scan_too_old"},
		"no_end":                    {"Vul", answer(`"ScanEndTime": "0000-00-00 00:00:00"`), `max_age = "2h"`, "incomplete", "scan_time_missing"},
		"ends_in_the_future":        {"Vul", three + `, "age": "-1h"`, `max_age = "2h"`, "incomplete", "scan_time_in_future"},
		"violations_beat_reasons":   {"Vul", vul("4") + `, "stopping_all": true`, "", "fail", "scan_stopped"},
		"a_failed_machine_hides_no": {"Malware", risky, "max_failed_machines = 9", "fail", "bad-0001"},
	}
	var tasks []string
	var config strings.Builder
	id := 0
	for name, tt := range tests {
		id++
		tasks = append(tasks, fmt.Sprintf(`{"task_id": %d, "module_type": %q, %s}`, id, tt.module, tt.task))
		config.WriteString(strings.Replace(hostTask(tt.module, fmt.Sprint(id), "wait_for_completion = false", "gate {\n enforcement = \"none\"\n "+tt.gate+"\n }"), `"hosts"`, fmt.Sprintf("%q", name), 1))
	}
	cloud := hostCloud(t, strings.Join(tasks, ","))
	w := acctest.New(t)
	w.Write(cloud.Provider() + config.String())
	w.Apply().Succeeds().DoesNotSay("Security gate")
	all := states(t, w)
	for name, tt := range tests {
		expectVerdict(t, name, all["data.ms_cwp_scan_task_details."+name], tt.outcome, tt.code)
	}
	if got := at(all["data.ms_cwp_scan_task_details.stopping"], "status"); got != "stopped" {
		t.Errorf("stopping has status %v", got)
	}
	if calls := cloud.Calls(hostsAction); calls != len(tests) {
		t.Errorf("%d calls for %d tasks", calls, len(tests))
	}
}

func TestAccHostScan_aFailingGateStopsThePlan(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "stopping_all": true, "progress": [40], "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}") + releaseOn(hosts))
	w.Apply().Fails().Says("Security gate", "incomplete", "the task is being stopped", "machine quuid-web-0001 (web-0001)", "start a new scan and let it finish")
	if w.State(release) != nil || cloud.Calls(hostsAction) != 1 { // one that is stopped is not waited for
		t.Errorf("release %v after %d calls", w.State(release), cloud.Calls(hostsAction))
	}
}

func TestAccHostScan_badInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	const good = "module_type = \"Vul\"\n  task_id = 1\n  "
	gate := func(lines string) string { return good + "gate {\n " + lines + "\n }\n" }
	const narrows = "it would prove nothing about the rest"
	tests := map[string]struct{ body, says string }{
		"good":                     {good, ""},
		"good_window":              {good + "limit = 1\n offset = 0\n filter {\n name = \"HostName\"\n values = [\"a\"]\n }\n poll_interval = \"1ms\"", ""},
		"good_gate":                {gate("required_machines = [\"q\"]\n max_failed_machines = 1\n max_age = \"1h\"\n denied_categories = [\"malware\", \"baseline\", \"vulnerability\"]"), ""},
		"no_module_type":           {"task_id = 1", "module_type"},
		"unknown_module_type":      {"module_type = \"Virus\"\n task_id = 1", `"Malware" "Vul" "Baseline"`},
		"module_type_in_lowercase": {"module_type = \"vul\"\n task_id = 1", `"Malware" "Vul" "Baseline"`},
		"no_task_id":               {"module_type = \"Vul\"", ""},
		"no_task_id_and_no_age":    {"module_type = \"Vul\"\n gate {}", "max_age"},
		"negative_task_id":         {"module_type = \"Vul\"\n task_id = -1", "must be at least 1"},
		"fraction_of_a_task_id":    {"module_type = \"Vul\"\n task_id = 1.5", "is not an integer"},
		"limit_0":                  {good + "limit = 0", "must be between 1 and 100"},
		"limit_101":                {good + "limit = 101", "must be between 1 and 100"},
		"limit_negative":           {good + "limit = -1", "must be between 1 and 100"},
		"offset_negative":          {good + "offset = -1", "must be at least 0"},
		"an_attribute_in_place":    {good + "filter = []", "Did you mean to define a block"},
		"filter_without_values":    {good + "filter {\n name = \"HostName\"\n values = []\n }", "must not be empty"},
		"filter_without_name":      {good + "filter {\n name = \" \"\n values = [\"a\"]\n }", "must not be blank"},
		"interval":                 {good + "poll_interval = \"0s\"", "must be a duration above zero"},
		"timeout":                  {good + "timeouts {\n read = \"soon\"\n }", "must be a duration above zero"},
		"gate_beside_limit":        {gate("") + "limit = 100", "limit narrows what is read: " + narrows},
		"gate_beside_offset":       {gate("") + "offset = 0", "offset narrows what is read: " + narrows},
		"gate_beside_filters":      {gate("") + "filter {\n name = \"Status\"\n values = [\"Ok\"]\n }", "filter narrows what is read: " + narrows},
		"gate_none_beside_limit":   {gate(`enforcement = "none"`) + "limit = 100", narrows},
		"negative_failed_machines": {gate("max_failed_machines = -1"), "gate.max_failed_machines"},
		"blank_machine":            {gate(`required_machines = [" "]`), "gate.required_machines"},
		"foreign_category":         {gate(`denied_categories = ["virus"]`), "gate.denied_categories"},
		"bad_age":                  {gate(`max_age = "-1h"`), "must be a duration above zero"},
		"not_known_yet":            {"module_type = terraform_data.later.output\n task_id = terraform_data.later.output\n limit = terraform_data.later.output", ""},
		"limit_not_known_yet":      {gate("") + "limit = terraform_data.later.output", ""},
		"gate_not_known_yet":       {good + "dynamic \"gate\" {\n for_each = terraform_data.later.output\n content {}\n }", ""},
	}
	bodies := map[string]string{}
	for name, tt := range tests {
		bodies[name] = tt.body
	}
	errors := refused(t, "ms_cwp_scan_task_details", bodies)
	for name, tt := range tests {
		if got := errors[name]; tt.says == "" && got != "" || tt.says != "" && !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q, want %q", name, got, tt.says)
		}
	}
}

func TestAccHostScan_aNarrowedGateThatIsKnownLateIsRefusedToo(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Vul", "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + "resource \"terraform_data\" \"later\" {\n  input = 1\n}\n" + hostTask("Vul", "1", "limit = terraform_data.later.output", "gate {}") + releaseOn(hosts))
	w.Apply().Fails().Says("Invalid gate", "limit narrows what is read")
	if w.State(release) != nil || cloud.Calls("") != 0 {
		t.Errorf("release %v after %d calls", w.State(release), cloud.Calls(""))
	}
}

func TestAccHostScan_equalDataSourcesOfOneRunAreOneReading(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 230, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostTask("Malware", "1", "gate {}") + strings.Replace(hostTask("Malware", "1"), `"hosts"`, `"again"`, 1))
	w.Apply().Succeeds()
	if calls := cloud.Calls(hostsAction); calls != 3 {
		t.Errorf("%d calls", calls)
	}
	if a, b := at(w.State(hosts), "scan_task_detail_list"), at(w.State("data.ms_cwp_scan_task_details.again"), "scan_task_detail_list"); !reflect.DeepEqual(a, b) {
		t.Error("they differ")
	}
}
