package emulator_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// pages reads a task page by page and returns the HostNames and the TotalCounts.
func (c *client) pages(moduleType string, taskID, limit int) (hosts, totals []string) {
	c.t.Helper()
	for offset := 0; ; offset += limit {
		answer := c.call("DescribeScanTaskDetails", fmt.Sprintf(`{"ModuleType":%q,"TaskId":%d,"Limit":%d,"Offset":%d}`, moduleType, taskID, limit, offset))
		totals = append(totals, show(answer["TotalCount"]))
		rows, _ := answer["ScanTaskDetailList"].([]any)
		for _, row := range rows {
			hosts = append(hosts, at(row, "HostName").(string))
		}
		if len(rows) < limit {
			return hosts, totals
		}
	}
}

func TestHostScan_isPaged(t *testing.T) {
	t.Parallel()
	c := start(t).cwp()
	hosts, totals := c.pages("Vul", 1, 100)
	seen := make(map[string]bool)
	for _, host := range hosts {
		seen[host] = true
	}
	if len(hosts) != 230 || len(seen) != 230 || show(totals) != `["230","230","230"]` {
		t.Errorf("%d machines, %d names, totals %v", len(hosts), len(seen), totals)
	}
	first := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":1}`)
	if rows, _ := first["ScanTaskDetailList"].([]any); len(rows) != 10 {
		t.Errorf("%d rows without a limit", len(rows))
	}
	if show(first["VulCount"]) != "3" || first["RiskEventCount"] != nil || show(first["RiskMachineCount"]) != "3" || show(at(first, "VulInfo", 2, "VulId")) != "9007199254740993" {
		t.Errorf("summary %s", show(first))
	}
	beyond := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":1,"Offset":1000}`)
	if show(beyond["ScanTaskDetailList"]) != "[]" || show(beyond["TotalCount"]) != "230" {
		t.Errorf("beyond the end: %s", show(beyond))
	}
}

func TestHostScan_refusesWhatDocument003Does(t *testing.T) {
	t.Parallel()
	c := start(t).cwp()
	for body, want := range map[string]string{
		`{"ModuleType":"Vul","TaskId":1,"Limit":101}`:                                  "InvalidParameterValue",
		`{"ModuleType":"Vul","TaskId":1,"Limit":0}`:                                    "InvalidParameterValue",
		`{"ModuleType":"Vul","TaskId":1,"Offset":-1}`:                                  "InvalidParameterValue",
		`{"ModuleType":"Virus","TaskId":1}`:                                            "InvalidParameterValue",
		`{"TaskId":1}`:                                                                 "MissingParameter",
		`{"ModuleType":"Vul"}`:                                                         "MissingParameter",
		`{"ModuleType":"Vul","TaskId":999}`:                                            "ResourceNotFound",
		`{"ModuleType":"Malware","TaskId":1}`:                                          "ResourceNotFound",
		`{"ModuleType":"Vul","TaskId":9007199254740993}`:                               "ResourceNotFound",
		`{"ModuleType":"Malware","TaskId":9007199254740993}`:                           "",
		`{"ModuleType":"Malware","TaskId":9007199254740992}`:                           "ResourceNotFound",
		`{"ModuleType":"Vul","TaskId":1,"Filters":[{"Name":"Colour","Values":["x"]}]}`: "InvalidParameterValue",
		`{"ModuleType":"Vul","TaskId":1,"Filters":[{"Name":"HostName"}]}`:              "MissingParameter",
	} {
		if got := c.code("DescribeScanTaskDetails", body); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func TestHostScan_filters(t *testing.T) {
	t.Parallel()
	c := start(t).cwp()
	for filters, want := range map[string]string{
		`[{"Name":"HostName","Values":["db-"]}]`:                                                "3",
		`[{"Name":"HostName","Values":["db-"],"ExactMatch":true}]`:                              "0",
		`[{"Name":"HostName","Values":["db-0001","db-0002"],"ExactMatch":true}]`:                "2",
		`[{"Name":"RiskNum","Values":["1"],"ExactMatch":true}]`:                                 "3",
		`[{"Name":"HostName","Values":["web"]},{"Name":"Id","Values":["7"],"ExactMatch":true}]`: "1",
	} {
		answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":1,"Filters":`+filters+`}`)
		if show(answer["TotalCount"]) != want || show(answer["ScanMachineCount"]) != "230" {
			t.Errorf("%s: %s of %s", filters, show(answer["TotalCount"]), show(answer["ScanMachineCount"]))
		}
	}
}

func TestHostScan_movesOnByPollsOrTime(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"cwp":{"tasks":[
		{"task_id":1,"module_type":"Vul","progress":[0,50,100],"machine_groups":[{"count":4}],"vulnerabilities":[{"VulId":1},{"VulId":2}]},
		{"task_id":2,"module_type":"Malware","duration":"100s","machine_groups":[{"count":4,"risk_num":1}]}]}}`))).cwp()
	poll := func(body string) string {
		answer := c.call("DescribeScanTaskDetails", body)
		scanning := 0
		rows, _ := answer["ScanTaskDetailList"].([]any)
		for _, row := range rows {
			if at(row, "Status") == "Scanning" {
				scanning++
			}
		}
		return fmt.Sprintf("%s%% %d scanning, %s left, %s found, %s at risk, ended %v", show(answer["ScanProgress"]), scanning,
			show(answer["ScanLeftTime"]), show(answer["VulCount"]), show(answer["RiskMachineCount"]), answer["ScanEndTime"] != "")
	}
	for _, want := range []string{
		"0% 4 scanning, 20 left, 0 found, 0 at risk, ended false", "50% 2 scanning, 10 left, 1 found, 0 at risk, ended false",
		"100% 0 scanning, 0 left, 2 found, 0 at risk, ended true", "100% 0 scanning, 0 left, 2 found, 0 at risk, ended true",
	} {
		if got := poll(`{"ModuleType":"Vul","TaskId":1}`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	poll(`{"ModuleType":"Malware","TaskId":2}`)
	c.server.Advance(200 * time.Second)
	if got, want := poll(`{"ModuleType":"Malware","TaskId":2}`), "100% 0 scanning, 0 left, null found, 4 at risk, ended true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHostScan_driftsBetweenPages(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul",
		"machine_groups":[{"count":250,"prefix":"web-"}],"drift":[{"after_calls":1,"remove":2,"insert":1}]}]}}`))).cwp()
	hosts, totals := c.pages("Vul", 1, 100)
	// Of 250 machines two left and one came, so the second page begins one late.
	if show(totals) != `["250","249","249"]` || len(hosts) != 249 || hosts[100] != "web-0102" {
		t.Errorf("%d machines, totals %v, second page from %s", len(hosts), totals, hosts[100])
	}
	hosts, _ = c.pages("Vul", 1, 100)
	if len(hosts) != 249 || hosts[0] != "new-0001" || hosts[1] != "web-0003" {
		t.Errorf("afterwards: %d machines from %s", len(hosts), hosts[0])
	}
}

func TestHostScan_answersWhatTheScenarioSays(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := start(t, emulator.WithClock(func() time.Time { return now }), emulator.WithScenario([]byte(`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","age":"48h","stopping_all":true,
		"machines":[{"HostName":null,"Id":9223372036854775807,"Status":"Fail","FailType":8}],
		"answer":{"VulInfo":null,"VulCount":18446744073709551615,"Extra":1.50}}]}}`))).cwp()
	answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":1}`)
	machine := at(answer, "ScanTaskDetailList", 0)
	if at(machine, "HostName") != nil || show(at(machine, "Id")) != "9223372036854775807" || show(at(machine, "FailType")) != "8" {
		t.Errorf("machine %s", show(machine))
	}
	if answer["VulInfo"] != nil || show(answer["VulCount"]) != "18446744073709551615" || show(answer["Extra"]) != "1.50" || answer["StoppingAll"] != true {
		t.Errorf("answer %s", show(answer))
	}
	ended, err := time.ParseInLocation(time.DateTime, answer["ScanEndTime"].(string), time.FixedZone("", 8*3600))
	if age := now.Sub(ended); err != nil || age < 47*time.Hour || age > 49*time.Hour {
		t.Errorf("ended %v ago, %v", age, err)
	}
	if err := c.server.SetScenario([]byte(`{}`)); err != nil || c.code("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":1}`) != "ResourceNotFound" {
		t.Errorf("a new scenario does not replace the old: %v", err)
	}
}

func TestImageScan_answersForTheIdsOrTheLast(t *testing.T) {
	t.Parallel()
	c := start(t).tcss()
	brief := func(body string) string {
		a := c.call("DescribeVulScanInfo", body)
		return fmt.Sprintf("%v local %s: %s of %s, registry %s: %s of %s, risk %s", a["Status"], show(a["LocalTaskID"]), show(a["FoundVulCount"]),
			show(a["LocalImageScanCount"]), show(a["RegistryTaskID"]), show(a["RegistryFoundVulCount"]), show(a["RegistryImageScanCount"]), show(a["FoundRiskImageCount"]))
	}
	for _, test := range [][2]string{
		{`{}`, "SCANNED local 1: 0 of 12, registry 11: 0 of 40, risk 0"},
		{`{"LocalTaskID":2}`, "SCANNED local 2: 7 of 12, registry 11: 0 of 40, risk 2"},
		{`{"RegistryTaskID":12}`, "SCANNED local 1: 0 of 12, registry 12: 3 of 40, risk 1"},
		{`{"LocalTaskID":2,"RegistryTaskID":12}`, "SCANNED local 2: 7 of 12, registry 12: 3 of 40, risk 3"},
		{`{"LocalTaskID":4}`, "NOT_SCAN local 4: 0 of 0, registry 11: 0 of 40, risk 0"},
		{`{"LocalTaskID":5}`, "CANCELED local 5: 0 of 3, registry 11: 0 of 40, risk 0"},
		{`{"LocalTaskID":4,"RegistryTaskID":12}`, "NOT_SCAN local 4: 0 of 0, registry 12: 3 of 40, risk 1"},
		{`{"RegistryTaskID":9007199254740993}`, "SCANNED local 1: 0 of 12, registry 9007199254740993: 0 of 1, risk 0"},
		{`{"LocalTaskID":3}`, "SCANNING local 3: 0 of 6, registry 11: 0 of 40, risk 0"},
		{`{"LocalTaskID":3}`, "SCANNING local 3: 0 of 6, registry 11: 0 of 40, risk 0"},
		{`{"LocalTaskID":3}`, "SCANNED local 3: 0 of 6, registry 11: 0 of 40, risk 0"},
	} {
		if got := brief(test[0]); got != test[1] {
			t.Errorf("%s: got %s, want %s", test[0], got, test[1])
		}
	}
	if got := c.code("DescribeVulScanInfo", `{"LocalTaskID":77}`); got != "ResourceNotFound" {
		t.Errorf("unknown id: %q", got)
	}
}

func TestImageScan_hasRemainingTimeWhileScanningAndNullsIfTold(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"tcss":{"local":[{"task_id":1,"images":4,"duration":"40s","answer":{"IgnoreVulCount":null}}]}}`))).tcss()
	answer := c.call("DescribeVulScanInfo", `{}`)
	left, _ := answer["RemainingTime"].(json.Number).Float64()
	if answer["Status"] != "SCANNING" || left < 30 || left > 40 || answer["ScanEndTime"] != "" || answer["IgnoreVulCount"] != nil {
		t.Errorf("while scanning: %s", show(answer))
	}
	c.server.Advance(time.Minute)
	answer = c.call("DescribeVulScanInfo", `{}`)
	if answer["Status"] != "SCANNED" || show(answer["RemainingTime"]) != "0" || answer["ScanEndTime"] == "" || show(answer["RegistryTaskID"]) != "0" {
		t.Errorf("afterwards: %s", show(answer))
	}
	if err := c.server.SetScenario([]byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if answer = c.call("DescribeVulScanInfo", `{}`); answer["Status"] != "NOT_SCAN" {
		t.Errorf("without any task: %s", show(answer))
	}
}

func TestParseScenario_refusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		``, `[]`, `{} x`, `{"cwp":{"tasks":[null]}}`, `{"cwp":{"tasks":[{"task_id":1}]}}`, `{"unknown":1}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","progress":[101]}]}}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","progress":[1],"duration":"1s"}]}}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","duration":"-1s"}]}}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","machine_groups":[{"count":-1}]}]}}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","machine_groups":[{"count":1000000}]}]}}`,
		`{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","drift":[{"after_calls":0}]}]}}`,
		`{"tcss":{"local":[{"task_id":1,"status":"DONE"}]}}`, `{"tcss":{"registry":[null]}}`,
		`{"tcss":{"levels":"letters"}}`, `{"tcss":{"busy":"never"}}`, `{"tcss":{"started":{"status":"DONE"}}}`, `{"tcss":{"next_task_id":-1}}`,
		`{"tcss":{"quota":{"capacity":-1}}}`, `{"tcss":{"sync":{"failures":{"x":"y"}}}}`, `{"tcss":{"sync":{"duration":"-1s"}}}`,
		`{"tcss":{"local_images":[{"id":"abc"}]}}`, `{"tcss":{"registry_images":[{"id":0}]}}`, `{"tcss":{"registry_images":[{"id":1,"digest":"` + digest("a") + `"}]}}`,
		`{"tcss":{"local_images":[{"id":"` + digest("a") + `","status":"SCAN_ERR"}]}}`, `{"tcss":{"local_images":[{"id":"` + digest("a") + `"},{"id":"` + digest("a") + `"}]}}`,
		`{"tcss":{"local_images":[{"id":"` + digest("a") + `","viruses":-1}]}}`, `{"tcss":{"local_images":[{"id":"` + digest("a") + `","generated":{"worst":1}}]}}`,
		`{"tcss":{"local_images":[{"id":"` + digest("a") + `","generated":{"low":100001}}]}}`, `{"tcss":{"local_images":[{"id":"` + digest("a") + `","vulnerabilities":[{"severity":"worst"}]}]}}`,
		`{"tcss":{"local":[{"task_id":1,"image_ids":["` + digest("a") + `"]}]}}`, `{"tcss":{"local_images":[{"id":"` + digest("a") + `"}],"local":[{"image_ids":["` + digest("a") + `"],"images":1}]}}`,
		`{"cwp":{"hosts":[{}]}}`, `{"cwp":{"hosts":[{"name":"a","count":1}]}}`, `{"cwp":{"hosts":[{"prefix":"a","count":1,"quuid":"q"}]}}`, `{"cwp":{"hosts":[{"name":"a","edition":"Gold"}]}}`,
		`{"cwp":{"hosts":[{"name":"a","fail_type":1}]}}`, `{"cwp":{"hosts":[{"prefix":"a","count":100001}]}}`, `{"cwp":{"busy":"never"}}`, `{"cwp":{"stop_duration":"-1s"}}`,
		`{"cwp":{"hosts":[{"name":"a"},{"name":"a"}]}}`, `{"cwp":{"vulnerabilities":[{"vul_id":1,"hosts":["a"]}]}}`, `{"cwp":{"vulnerabilities":[{"name":"a"}]}}`, `{"cwp":{"vulnerabilities":[{"vul_id":1,"count":2},{"vul_id":2}]}}`, `{"cwp":{"malware":[{"level":5}]}}`, `{"cwp":{"baseline":[{"count":-1}]}}`,
		`{"cwp":{"hosts":[{"name":"a"}],"malware":[{"hosts":[{"host":"a","status":0}]}]}}`, `{"cwp":{"hosts":[{"name":"a"}],"malware":[{"hosts":[{"host":"a","unknown":0}]}]}}`,
		`{"cwp":{"hosts":[{"prefix":"a","count":2000}],"vulnerabilities":[{"vul_id":1,"count":1000,"hosts":["*"]}]}}`, `{"cwp":{"tasks":[{"task_id":1,"module_type":"Vul","hosts":["a"]}]}}`,
		`{"shifts":[{"action":"ScanVul","after_calls":1}]}`, `{"shifts":[{"action":"DescribeVulList","after_calls":0}]}`, `{"answers":{"DescribeNothing":{}}}`, `{"answers":{"DescribeScanResults":{}}}`,
	} {
		if _, err := emulator.ParseScenario([]byte(document)); err == nil {
			t.Errorf("accepted %s", document)
		}
	}
}
