package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// column reads a list page by page and returns a field of all rows.
func (c *client) column(action, body, list, total, field string, limit int) (values []string, totals []string) {
	c.t.Helper()
	for offset := 0; ; offset += limit {
		answer := c.call(action, fmt.Sprintf(`{%s"Limit":%d,"Offset":%d}`, body, limit, offset))
		rows, _ := answer[list].([]any)
		for _, row := range rows {
			values = append(values, strings.Trim(show(at(row, field)), `"`))
		}
		totals = append(totals, show(answer[total]))
		if len(rows) < limit {
			return values, totals
		}
	}
}

func TestImageLists_filterAndOrder(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	for _, test := range [][4]string{
		{"DescribeAssetImageRegistryList", `"Filters":[{"Name":"IsAuthorized","Values":["0"]}],`, "Id", "5"},
		{"DescribeAssetImageRegistryList", `"Filters":[{"Name":"IsAuthorized","Values":["all"]},{"Name":"ScanStatus","Values":["scanned"]}],`, "Id", "3"},
		{"DescribeAssetImageRegistryList", `"Filters":[{"Name":"ImageName","Values":["ap","ba"]}],`, "Id", "1 2 6"},
		{"DescribeAssetImageRegistryList", `"Filters":[{"Name":"ImageName","Values":["ap"],"ExactMatch":true}],`, "Id", ""},
		{"DescribeAssetImageRegistryList", `"By":"Id","Order":"desc",`, "Id", "6 5 3 2 1"},
		{"DescribeAssetImageRegistryList", `"By":"ScanTime",`, "Id", "1 2 5 6 3"},
		{"DescribeAssetImageRegistryList", `"IsRunning":true,`, "Id", ""},
		{"DescribeAssetImageList", `"Filters":[{"Name":"ScanStatus","Values":["notScan"]},{"Name":"ImageID","Values":["` + digest("2") + `"]}],`, "ImageName", "acme/batch:0"},
		{"DescribeAssetImageList", `"Filters":[{"Name":"SecurityRisk","Values":["HighLevelVul","VirusCnt"]}],`, "ImageName", ""},
		{"DescribeAssetImageList", `"Filters":[{"Name":"ImageName","Values":["batch"]}],"By":"ImageName",`, "ImageName", "acme/batch:0 acme/batch:1"},
	} {
		if got, _ := c.column(test[0], test[1], "List", "TotalCount", test[2], 2); strings.Join(got, " ") != test[3] {
			t.Errorf("%s %s: got %v, want %s", test[0], test[1], got, test[3])
		}
	}
}

func TestImageLists_refuseWhatIsNotDocumented(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	for _, test := range [][3]string{
		{"DescribeAssetImageRegistryList", `{"Limit":101}`, "InvalidParameter"},
		{"DescribeAssetImageRegistryList", `{"Limit":0}`, "InvalidParameter"},
		{"DescribeAssetImageRegistryList", `{"Offset":-1}`, "InvalidParameter"},
		{"DescribeAssetImageRegistryList", `{"Filters":[{"Name":"ImageDigest","Values":["x"]}]}`, "InvalidParameter"},
		{"DescribeAssetImageList", `{"Filters":[{"Name":"ImageDigest","Values":["x"]}]}`, "InvalidParameter"},
		{"DescribeAssetImageList", `{"OnlyShowLatest":true}`, "UnknownParameter"},
		{"DescribeAssetImageRegistryVulList", `{"Id":99}`, "ResourceNotFound"},
		{"DescribeAssetImageRegistryVulList", `{"Id":4}`, "ResourceNotFound"},
		{"DescribeAssetImageRegistryVulList", `{}`, "FailedOperation"},
		{"DescribeAssetImageRegistryVulList", `{"Id":1,"By":"Level"}`, "UnknownParameter"},
		{"DescribeAssetImageVulList", `{}`, "InvalidParameter.MissingParameter"},
		{"DescribeAssetImageVulList", `{"ImageID":"sha256:none"}`, "ResourceNotFound"},
		{"DescribeVulScanLocalImageList", `{}`, "MissingParameter"},
		{"DescribeVulScanLocalImageList", `{"TaskID":17}`, "ResourceNotFound"},
		{"SyncAssetImageRegistryAsset", `{}`, "InvalidParameter"},
	} {
		if got := c.code(test[0], test[1]); got != test[2] {
			t.Errorf("%s %s: got %q, want %q", test[0], test[1], got, test[2])
		}
	}
	for fate, want := range map[string]string{"ignore": "5", "nothing": "0"} {
		c := start(t, images(`"unknown_filters":"`+fate+`",`)).tcss()
		if answer := c.call("DescribeAssetImageRegistryList", `{"Filters":[{"Name":"ImageDigest","Values":["x"]}]}`); show(answer["TotalCount"]) != want {
			t.Errorf("%s: %s", fate, show(answer["TotalCount"]))
		}
	}
}

func TestImageVulLists_haveTheLevelsOfTheScenario(t *testing.T) {
	t.Parallel()
	const vulnerabilities = `"status":"SCANNED","vulnerabilities":[
		{"cve_id":"CVE-1","poc_id":"pcmgr-1","name":"one","severity":"critical","component":"a","version":"1"},
		{"cve_id":"CVE-1","name":"one","severity":"critical","component":"b","version":"1","row":{"POCID":null,"Reference":null}},
		{"cve_id":"CVE-2","name":"two","severity":"high"},{"cve_id":"CVE-3","name":"three","severity":"medium"},
		{"cve_id":"CVE-4","name":"four","severity":"low"},{"cve_id":"CVE-5","name":"five"}]`
	for levels, want := range map[string][2]string{
		"numbers":  {"4 4 3 2 1 null", "4 4 3 2 1 null"},
		"reversed": {"1 1 2 3 4 null", "1 1 2 3 4 null"},
		"words":    {"CRITICAL CRITICAL HIGH MIDDLE LOW null", "CRITICAL CRITICAL HIGH MIDDLE LOW null"},
	} {
		c := start(t, emulator.WithScenario([]byte(`{"tcss":{"levels":"`+levels+`","counters":"cves",
			"registry_images":[{"id":1,"digest":"`+digest("a")+`","repo_address":"r/a",`+vulnerabilities+`}],
			"local_images":[{"id":"`+digest("1")+`",`+vulnerabilities+`}]}}`))).tcss()
		registry, totals := c.column("DescribeAssetImageRegistryVulList", `"Id":1,`, "List", "TotalCount", "Level", 4)
		local, _ := c.column("DescribeAssetImageVulList", `"ImageID":"`+digest("1")+`",`, "List", "TotalCount", "Level", 4)
		if got := [2]string{strings.Join(registry, " "), strings.Join(local, " ")}; got != want || show(totals) != `["6","6"]` {
			t.Errorf("%s: got %q, totals %v", levels, got, totals)
		}
		if levels == "numbers" {
			first := c.call("DescribeAssetImageRegistryVulList", `{"Id":1,"Limit":2}`)
			if at(first, "List", 0, "Level") != "4" || at(first, "List", 0, "POCID") != "pcmgr-1" || at(first, "List", 1, "POCID") != nil || show(at(c.call("DescribeAssetImageVulList", `{"ImageID":"`+digest("1")+`"}`), "List", 0, "Level")) != "4" {
				t.Errorf("first rows %s", show(first))
			}
			for filters, want := range map[string]string{
				`{"Name":"Level","Values":["4"]}`: "2", `{"Name":"Level","Values":["all"]},{"Name":"Tag","Values":["all"]}`: "6",
				`{"Name":"Name","Values":["CVE-3","two"]}`: "2", `{"Name":"Tag","Values":["NETWORK"]}`: "0",
			} {
				if got := c.call("DescribeAssetImageRegistryVulList", `{"Id":1,"Filters":[`+filters+`]}`); show(got["TotalCount"]) != want {
					t.Errorf("%s: %s", filters, show(got["TotalCount"]))
				}
			}
			if got, _ := c.column("DescribeAssetImageVulList", `"ImageID":"`+digest("1")+`","By":"Level","Order":"+",`, "List", "TotalCount", "CVEID", 10); strings.Join(got, " ") != "CVE-5 CVE-4 CVE-3 CVE-2 CVE-1 CVE-1" {
				t.Errorf("in order: %v", got)
			}
		}
		// Distinct CVEs are counted; a vulnerability without a level is in the sum alone.
		row := c.row("DescribeAssetImageList", `{}`, "ImageID", digest("1"))
		if show(row["VulCnt"]) != "5" || show(row["CriticalLevelVulCnt"]) != "1" || show(row["HighLevelVulCnt"]) != "1" {
			t.Errorf("%s: counters %s", levels, show(row))
		}
	}
}

func TestImageVulLists_ofManyAreReadByPages(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"tcss":{"registry_images":[{"id":1,"digest":"`+digest("a")+`","repo_address":"r/a",
		"status":"SCANNED","generated":{"critical":5,"high":20,"medium":400,"low":2000}}]}}`))).tcss()
	ids, totals := c.column("DescribeAssetImageRegistryVulList", `"Id":1,`, "List", "TotalCount", "CVEID", 100)
	seen := make(map[string]bool)
	for _, id := range ids {
		seen[id] = true
	}
	if len(ids) != 2425 || len(seen) != 2425 || totals[24] != "2425" {
		t.Errorf("%d rows, %d ids, totals %v", len(ids), len(seen), totals)
	}
}

func TestIgnoredVulnerabilities_areListedCountedOrHidden(t *testing.T) {
	t.Parallel()
	const scenario = `{"tcss":{"count_ignored":%t,
		"ignored":[{"cve_id":"CVE-1","name":"one","all":true,"hidden":%t},{"poc_id":"pcmgr-2","registry_images":3}],
		"registry_images":[{"id":1,"digest":"%s","repo_address":"r/a","status":"SCANNED","vulnerabilities":[
			{"cve_id":"CVE-1","severity":"high"},{"cve_id":"CVE-2","poc_id":"pcmgr-2","severity":"low"},{"cve_id":"CVE-3","severity":"low"}]}]}}`
	for _, test := range []struct {
		counted, hidden bool
		rows, counters  string
	}{
		{false, false, "3", "1"}, {false, true, "2", "1"}, {true, false, "3", "3"}, {true, true, "2", "3"},
	} {
		c := start(t, emulator.WithScenario(fmt.Appendf(nil, scenario, test.counted, test.hidden, digest("a")))).tcss()
		row := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 1)
		rows := c.call("DescribeAssetImageRegistryVulList", `{"Id":1}`)
		if show(rows["TotalCount"]) != test.rows || show(row["VulCnt"]) != test.counters {
			t.Errorf("counted %v, hidden %v: %s rows, %s counted", test.counted, test.hidden, show(rows["TotalCount"]), show(row["VulCnt"]))
		}
		ignored := c.call("DescribeScanIgnoreVulList", `{"Filters":[{"Name":"CVEID","Values":["CVE-1"]}]}`)
		if show(ignored["TotalCount"]) != "1" || show(at(ignored, "List", 0, "IsIgnoreAll")) != "1" {
			t.Errorf("ignored %s", show(ignored))
		}
	}
}

func TestRegistrySync_bringsImagesAfterAWhile(t *testing.T) {
	t.Parallel()
	c := startFrozen(t, images(`"sync":{"polls":1,"duration":"20s","failures":{"2":"no route to registry 2"}},`)).tcss()
	listed := func() string { return show(c.call("DescribeAssetImageRegistryList", `{}`)["TotalCount"]) }
	status := func() any { return c.call("DescribeAssetImageRegistryAssetStatus", `{}`)["Status"] }
	if got := fmt.Sprintf("%s %v", listed(), status()); got != "5 success" {
		t.Errorf("before: %s", got)
	}
	c.call("SyncAssetImageRegistryAsset", `{"RegistryIds":[2]}`)
	c.server.Advance(time.Minute)
	if got := fmt.Sprintf("%v %v %s", status(), status(), listed()); got != "doing failed 5" {
		t.Errorf("of the other registry: %s", got)
	}
	c.call("SyncAssetImageRegistryAsset", `{"All":true}`)
	c.call("SyncAssetImageRegistryAsset", `{"All":true}`)
	if got := fmt.Sprintf("%v %v %s", status(), status(), listed()); got != "doing doing 5" {
		t.Errorf("at first: %s", got)
	}
	c.server.Advance(20 * time.Second)
	answer := c.call("DescribeAssetImageRegistryAssetStatus", `{}`)
	if answer["Status"] != "failed" || answer["Err"] != "no route to registry 2" || listed() != "6" {
		t.Errorf("afterwards: %s, %s listed", show(answer), listed())
	}
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[4]}`); got != "" {
		t.Errorf("its scan: %q", got)
	}
	// What is pushed later needs a synchronisation of its own.
	if err := c.server.SetScenario([]byte(`{"tcss":{"registry_images":[
		{"id":4,"digest":"` + digest("c") + `","repo_address":"r/c","registry_id":1,"after_sync":true},
		{"id":7,"digest":"` + digest("f") + `","repo_address":"r/f","registry_id":1,"after_sync":true}]}}`)); err != nil {
		t.Fatal(err)
	}
	if listed() != "1" {
		t.Errorf("after a push: %s listed", listed())
	}
	c.call("SyncAssetImageRegistryAsset", `{"RegistryIds":[1]}`)
	if got := fmt.Sprintf("%s %v", listed(), status()); got != "2 success" {
		t.Errorf("after the next: %s", got)
	}
}

func TestLocalImages_haveTheWordsOfTheScenario(t *testing.T) {
	t.Parallel()
	for statuses, want := range map[string]string{"samples": "SCANNED SCANNING scanned", "texts": "FINISHED SCANNING scanned"} {
		c := start(t, images(`"statuses":"`+statuses+`","local":[{"task_id":3,"image_ids":["`+digest("1")+`","`+digest("2")+`"],"progress":[60]}],`)).tcss()
		of := func(letter string) string {
			return fmt.Sprint(c.row("DescribeVulScanLocalImageList", `{"TaskID":3}`, "ImageID", digest(letter))["ScanStatus"])
		}
		one := c.row("DescribeAssetImageList", `{"Filters":[{"Name":"ScanStatus","Values":["scanned"]}]}`, "ImageID", digest("1"))
		if got := of("1") + " " + of("2") + " " + strings.ToLower(fmt.Sprint(one["ScanStatus"])); got != want {
			t.Errorf("%s: got %s, want %s", statuses, got, want)
		}
		if statuses == "texts" && one["ScanStatus"] != "scanned" {
			t.Errorf("the image has the status %v", one["ScanStatus"])
		}
		filtered := c.call("DescribeVulScanLocalImageList", `{"TaskID":3,"Filters":[{"Name":"ScanStatus","Values":["SCANNED"]}]}`)
		if show(filtered["TotalCount"]) != "1" || show(at(filtered, "List", 0, "HighLevelVulCount")) != "1" {
			t.Errorf("%s: filtered %s", statuses, show(filtered))
		}
		if newest := c.call("DescribeVulScanLocalImageList", `{"TaskID":3,"Filters":[{"Name":"OnlyAffectedNewestImage","Values":["true"]}]}`); show(newest["TotalCount"]) != "1" {
			t.Errorf("%s: newest %s", statuses, show(newest))
		}
	}
}

func TestScenario_shiftsListsAndBeatsAnswers(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"tcss":{"registry_images":[{"id":1,"digest":"`+digest("a")+`","repo_address":"r/a","status":"SCANNED","generated":{"low":5}}]},
		"shifts":[{"action":"DescribeAssetImageRegistryVulList","after_calls":1,"remove":2,"insert":[{"CVEID":"CVE-NEW"}]},
			{"action":"DescribeAssetImageRegistryVulList","after_calls":4,"remove":1}],
		"answers":{"DescribeImageAuthorizedInfo":{"ImageScanInquireInfo":null},"StopVulScanTask":{"Extra":9007199254740993}}}`))).tcss()
	got, totals := c.column("DescribeAssetImageRegistryVulList", `"Id":1,`, "List", "TotalCount", "CVEID", 2)
	if want := "CVE-2011-10000 CVE-2011-10001 CVE-2011-10003 CVE-2011-10004"; strings.Join(got, " ") != want || show(totals) != `["5","4","4"]` {
		t.Errorf("while it shifts: %v, totals %v", got, totals)
	}
	if got, _ = c.column("DescribeAssetImageRegistryVulList", `"Id":1,`, "List", "TotalCount", "CVEID", 3); strings.Join(got, " ") != "CVE-NEW CVE-2011-10002 CVE-2011-10003" {
		t.Errorf("afterwards: %v", got)
	}
	if info := c.call("DescribeImageAuthorizedInfo", `{}`); info["ImageScanInquireInfo"] != nil || info["TotalAuthorizedCnt"] == nil {
		t.Errorf("answer %s", show(info))
	}
	c.call("CreateVulScanTask", `{"RegistryImageIDs":[1]}`)
}

func TestImageLists_mayTimeOutFirst(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	for _, action := range []string{"DescribeAssetImageList", "DescribeAssetImageRegistryList"} {
		c.server.Fault(emulator.Fault{Action: action, Kind: emulator.FaultError, Code: "InvalidParameter.RequestTimeout", Times: 2})
		for i, want := range []string{"InvalidParameter.RequestTimeout", "InvalidParameter.RequestTimeout", ""} {
			if got := c.code(action, `{}`); got != want {
				t.Errorf("%s, call %d: %q", action, i, got)
			}
		}
	}
}
