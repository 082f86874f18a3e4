package datasources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func digest(letter string) string { return "sha256:" + strings.Repeat(letter, 64) }

const (
	api      = "ccr.ccs.tencentyun.com/acme/api"
	findings = "data.ms_tcss_image_findings.api"
	openGate = "gate {\n    max_age     = \"24h\"\n    enforcement = \"none\"\n  }"
)

// gateOf is a gate that bounds the age and only sets the verdict, with more rules.
func gateOf(rules ...string) string {
	return "gate {\n    max_age     = \"24h\"\n    enforcement = \"none\"\n    " + strings.Join(rules, "\n    ") + "\n  }"
}

// rowOf is a row of a registry that was scanned; more are further keys.
func rowOf(id int, more string) string {
	return fmt.Sprintf(`{"id":%d,"digest":%q,"repo_address":%q,"tag":"v%d","status":"SCANNED"%s}`, id, digest("a"), api, id, more)
}

func registryImages(more string, rows ...string) emulator.Option {
	return emulator.WithScenario([]byte(`{"tcss":{` + more + `"next_task_id":17,"registry_images":[` + strings.Join(rows, ",") + `]}}`))
}

func findingsOf(cloud *acctest.Cloud, arguments ...string) string {
	return cloud.Provider() + fmt.Sprintf(`
data "ms_tcss_image_findings" "api" {
  image         = "%s:1@%s"
  poll_interval = "20ms"
  %s
}
`, api, digest("a"), strings.Join(arguments, "\n  "))
}

// judged applies a configuration and returns the outcome with the codes of its reasons.
func judged(t *testing.T, w *acctest.Workspace) string {
	t.Helper()
	w.Apply().Succeeds()
	verdict, _ := w.State(findings)["verdict"].(map[string]any)
	codes := map[string]bool{}
	var listed []string
	reasons, _ := verdict["reasons"].([]any)
	for _, reason := range reasons {
		code := fmt.Sprint(reason.(map[string]any)["code"])
		if !codes[code] {
			listed = append(listed, code)
		}
		codes[code] = true
	}
	return strings.TrimSpace(fmt.Sprint(verdict["outcome"]) + " " + strings.Join(listed, " "))
}

const twoRows = `,"vulnerabilities":[
	{"cve_id":"CVE-1","poc_id":"pcmgr-1","name":"one","severity":"high","component":"libssl","version":"1.1","fixed_versions":"1.2","cvss_score":8.1,"tags":["CanBeFixed"],"description":"bad","solution":"update","reference":"ref"},
	{"cve_id":"CVE-2","severity":"low","component":"zlib","version":"1.2"}]`

func TestAccImageFindings_tellsWhatTheServiceKnows(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, registryImages("", rowOf(1, twoRows), rowOf(2, twoRows), `{"id":3,"digest":"`+digest("a")+`","repo_address":"other/x","tag":"never"}`))
	w := acctest.New(t)
	w.Write(findingsOf(cloud, gateOf()))
	if got := judged(t, w); got != "fail" {
		t.Errorf("outcome %s", got)
	}
	state := w.State(findings)
	for name, want := range map[string]any{
		"id": digest("a"), "image_digest": digest("a"), "repo_address": api, "image_tags": "[v1 v2 never]", "authorized": true, "scan_status": "SCANNED",
		"scan_error": nil, "vul_count": 2, "high_vul_count": 1, "critical_vul_count": 0, "medium_vul_count": 0, "low_vul_count": 1, "virus_count": 0, "ignored": "[]",
		"summary": "map[critical:0 high:1 info:0 low:1 medium:0 total:2 unknown:0]",
	} {
		if fmt.Sprint(state[name]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, state[name], want)
		}
	}
	vuls, _ := state["vulnerabilities"].([]any)
	if len(vuls) != 2 {
		t.Fatalf("vulnerabilities %v", vuls)
	}
	first := fmt.Sprint(vuls[0])
	for _, part := range []string{"cve_id:CVE-1", "poc_id:pcmgr-1", "component:libssl", "version:1.1", "fixed_versions:1.2", "severity:high", "level:3", "cvss_score:8.1", "tags:[CanBeFixed]", "description:bad", "solution:update", "reference:ref", "ignored_by_service:false"} {
		if !strings.Contains(first, part) {
			t.Errorf("%s is not in %s", part, first)
		}
	}
	w.Plan().NoChanges()
}

func TestAccImageFindings_outcomes(t *testing.T) {
	t.Parallel()
	low := `,"generated":{"low":2}`
	for name, test := range map[string]struct {
		scenario string
		rows     []string
		gate     string
		want     string
	}{
		"clean":                   {"", []string{rowOf(1, "")}, gateOf(), "pass"},
		"low ones":                {"", []string{rowOf(1, low)}, gateOf(), "pass"},
		"high":                    {"", []string{rowOf(1, `,"generated":{"high":1}`)}, gateOf(), "fail"},
		"level":                   {"", []string{rowOf(1, low)}, gateOf(`fail_on = "low"`), "fail"},
		"too many":                {"", []string{rowOf(1, low)}, gateOf(`max_findings = { low = 1 }`), "fail"},
		"excepted":                {"", []string{rowOf(1, twoRows)}, gateOf("exception {\n category = \"vulnerability\"\n id = \"CVE-1\"\n reason = \"x\"\n expires_at = \"2999-01-01\"\n image = \"" + api + "\"\n}"), "pass"},
		"excepted elsewhere":      {"", []string{rowOf(1, twoRows)}, gateOf("exception {\n category = \"vulnerability\"\n id = \"CVE-1\"\n reason = \"x\"\n expires_at = \"2999-01-01\"\n image = \"other/x\"\n}"), "fail"},
		"denied":                  {"", []string{rowOf(1, twoRows)}, gateOf(`fail_on = "critical"`, "denied {\n category = \"vulnerability\"\n id = \"cve-2 \"\n}"), "fail"},
		"virus":                   {"", []string{rowOf(1, `,"viruses":1`)}, gateOf(`fail_on = "critical"`), "fail"},
		"words":                   {`"levels":"words",`, []string{rowOf(1, `,"generated":{"medium":2}`)}, gateOf(), "pass"},
		"reversed, proven":        {`"levels":"reversed",`, []string{rowOf(1, low)}, gateOf(), "pass"},
		"reversed, critical":      {`"levels":"reversed",`, []string{rowOf(1, `,"generated":{"critical":1}`)}, gateOf(), "fail"},
		"without a level":         {"", []string{rowOf(1, `,"vulnerabilities":[{"cve_id":"CVE-1"}]`)}, gateOf(), "fail"},
		"distinct CVEs":           {`"counters":"cves",`, []string{rowOf(1, `,"vulnerabilities":[{"cve_id":"C","severity":"low","component":"a"},{"cve_id":"C","severity":"low","component":"b"}]`)}, gateOf(), "pass"},
		"counters of nothing":     {"", []string{rowOf(1, `,"row":{"HighLevelVulCnt":2}`)}, gateOf(), "incomplete unexplained_count"},
		"levels nobody proves":    {"", []string{rowOf(1, low+`,"row":{"LowLevelVulCnt":1}`)}, gateOf(), "fail"},
		"count above the list":    {"", []string{rowOf(1, low+`,"row":{"VulCnt":3}`)}, gateOf(), "incomplete unexplained_count"},
		"count below the list":    {"", []string{rowOf(1, low+`,"row":{"VulCnt":1}`)}, gateOf(), "incomplete count_mismatch"},
		"unreadable count":        {"", []string{rowOf(1, `,"row":{"VulCnt":"many"}`)}, gateOf(), "incomplete count_missing"},
		"unreadable viruses":      {"", []string{rowOf(1, `,"row":{"VirusCnt":{}}`)}, gateOf(), "incomplete count_missing"},
		"negative counter":        {"", []string{rowOf(1, `,"row":{"LowLevelVulCnt":-1}`)}, gateOf(), "incomplete count_missing"},
		"never scanned":           {"", []string{`{"id":1,"digest":"` + digest("a") + `","repo_address":"` + api + `"}`}, gateOf(), "incomplete not_scanned scan_time_missing"},
		"not listed":              {"", nil, gateOf(), "incomplete nothing_scanned scan_time_missing"},
		"failed":                  {"", []string{rowOf(1, ""), strings.Replace(rowOf(2, `,"error":"ConnFailed"`), "SCANNED", "SCAN_ERR", 1)}, gateOf(), "incomplete image_failed"},
		"error beside SCANNED":    {"", []string{rowOf(1, `,"row":{"ScanVulError":"ConnFailed"}`)}, gateOf(), "incomplete image_failed scan_time_missing"},
		"error that is none":      {"", []string{rowOf(1, `,"row":{"ScanVulError":"No Error"}`)}, gateOf(), "pass"},
		"no time":                 {"", []string{rowOf(1, `,"row":{"ScanTime":""}`)}, gateOf(), "incomplete scan_time_missing"},
		"old":                     {"", []string{rowOf(1, `,"age":"48h"`)}, gateOf(), "incomplete scan_too_old"},
		"unknown status":          {"", []string{rowOf(1, `,"row":{"CveStatus":"RESTING"}`)}, gateOf(), "incomplete scan_time_missing unknown_status"},
		"a worse row elsewhere":   {"", []string{rowOf(1, ""), rowOf(2, `,"generated":{"critical":1}`)}, gateOf(), "fail"},
		"ignored with a row":      {`"ignored":[{"cve_id":"CVE-1","all":true}],`, []string{rowOf(1, twoRows)}, gateOf(), "fail"},
		"ignored and counted":     {`"count_ignored":true,"ignored":[{"cve_id":"CVE-1","all":true}],`, []string{rowOf(1, twoRows)}, gateOf(), "fail"},
		"ignored and accepted":    {`"ignored":[{"cve_id":"CVE-1","all":true}],`, []string{rowOf(1, twoRows)}, gateOf(`accept_service_ignores = true`), "pass"},
		"ignored and denied":      {`"ignored":[{"cve_id":"CVE-1","all":true}],`, []string{rowOf(1, twoRows)}, gateOf(`accept_service_ignores = true`, "denied {\n category = \"vulnerability\"\n id = \"CVE-1\"\n}"), "fail"},
		"hidden":                  {`"ignored":[{"cve_id":"CVE-1","all":true,"hidden":true}],`, []string{rowOf(1, low)}, gateOf(), "incomplete ignored_by_service"},
		"hidden of some":          {`"ignored":[{"poc_id":"pcmgr-9","registry_images":2,"hidden":true}],`, []string{rowOf(1, low)}, gateOf(), "incomplete ignored_by_service"},
		"hidden of none":          {`"ignored":[{"poc_id":"pcmgr-9","local_images":2,"hidden":true}],`, []string{rowOf(1, low)}, gateOf(), "pass"},
		"hidden and accepted":     {`"ignored":[{"cve_id":"CVE-1","all":true,"hidden":true}],`, []string{rowOf(1, low)}, gateOf(`accept_service_ignores = true`), "pass"},
		"hidden and excepted":     {`"ignored":[{"cve_id":"CVE-1","all":true,"hidden":true}],`, []string{rowOf(1, low)}, gateOf("exception {\n category = \"vulnerability\"\n id = \"CVE-1\"\n reason = \"x\"\n expires_at = \"2999-01-01\"\n}"), "pass"},
		"denied virus, unscanned": {"", []string{rowOf(1, "")}, gateOf(`denied_categories = ["virus"]`), "incomplete missing_evidence"},
		"no counter":              {"", []string{rowOf(1, `,"row":{"CriticalLevelVulCnt":null}`)}, gateOf(), "incomplete count_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, details := range []string{"true", "false"} { // the verdict is the same
				cloud := acctest.NewCloud(t, registryImages(test.scenario, test.rows...))
				w := acctest.New(t)
				w.Write(findingsOf(cloud, test.gate, "include_details = "+details))
				if got := judged(t, w); got != test.want {
					t.Errorf("details %s: %s, want %s: %v", details, got, test.want, w.State(findings)["verdict"])
				}
			}
		})
	}
}

func TestAccImageFindings_ofAScan(t *testing.T) {
	t.Parallel()
	const scanned = `
resource "ms_tcss_vul_scan" "api" {
  images        = ["%s@%s"]
  poll_interval = "20ms"
}
`
	cloud := acctest.NewCloud(t, registryImages(`"started":{"not_scan_polls":1},`, rowOf(1, `,"age":"48h"`+twoRows)), emulator.WithScanPolls(2))
	w := acctest.New(t)
	w.Write(findingsOf(cloud, "scan_id = ms_tcss_vul_scan.api.id", "gate {\n    fail_on = \"critical\"\n  }") + fmt.Sprintf(scanned, api, digest("a")) + `
data "ms_tcss_vul_scan_info" "api" {
  registry_task_id = ms_tcss_vul_scan.api.task_id
  gate { max_registry_found_vul = 2 }
}
`)
	if got := judged(t, w); got != "pass" {
		t.Errorf("outcome %s: %v", got, w.State(findings)["verdict"])
	}
	w.Plan().NoChanges()
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccImageFindings_ofAnotherScan(t *testing.T) {
	t.Parallel()
	const ofOthers = `"registry":[{"task_id":5,"image_ids":[2]}],`
	row := rowOf(1, `,"age":"1h"`)
	for name, test := range map[string]struct{ task, row, want string }{
		"of other images, later": {ofOthers, row, "incomplete image_not_in_scan"},
		"canceled":               {`"registry":[{"task_id":5,"image_ids":[1],"status":"CANCELED"}],`, row, "incomplete canceled image_not_in_scan"},
		"failed":                 {ofOthers, strings.Replace(rowOf(1, `,"age":"1h","error":"ConnFailed"`), "SCANNED", "SCAN_ERR", 1), "incomplete image_failed"},
	} {
		cloud := acctest.NewCloud(t, registryImages(test.task, test.row, strings.ReplaceAll(rowOf(2, ""), "aaaa", "bbbb")))
		w := acctest.New(t)
		w.Write(findingsOf(cloud, `scan_id = "registry/5"`, "gate { enforcement = \"none\" }"))
		if got := judged(t, w); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestAccImageFindings_ofALocalImage(t *testing.T) {
	t.Parallel()
	scenario := emulator.WithScenario([]byte(`{"tcss":{"local_images":[
		{"id":"` + digest("1") + `","name":"acme/batch:1","status":"SCANNED"` + twoRows + `},{"id":"` + digest("2") + `","name":"acme/other:1","status":"SCANNED"}],
		"local":[{"task_id":4,"image_ids":["` + digest("1") + `"]}]}}`))
	for scan, want := range map[string]string{"local/4": "pass", "local/5": ""} {
		cloud := acctest.NewCloud(t, scenario)
		w := acctest.New(t)
		config := strings.Replace(findingsOf(cloud, `scan_id = "`+scan+`"`, "gate {\n    fail_on = \"critical\"\n    enforcement = \"none\"\n  }"), fmt.Sprintf("image         = \"%s:1@%s\"", api, digest("a")), fmt.Sprintf("local_image_id = %q", digest("1")), 1)
		w.Write(config)
		if want == "" {
			w.Apply().Fails().Says("Unable to Read Image Findings", "ResourceNotFound")
			continue
		}
		if got := judged(t, w); got != want {
			t.Errorf("%s: %s: %v", scan, got, w.State(findings)["verdict"])
		}
		w.Write(strings.Replace(config, digest("1"), digest("2"), 1))
		if got := judged(t, w); got != "incomplete image_not_in_scan" {
			t.Errorf("another image: %s", got)
		}
	}
}

func TestAccImageFindings_refusesConfigurations(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for arguments, want := range map[string]string{
		"gate {}":                          "gate.max_age is missing: scan_id is not given",
		`scan_id = "17"` + "\n" + openGate: "must be the id of an image scan", `scan_id = "local/17"`: "a scan of the other side",
		`local_image_id = "` + digest("a") + `"`: "Exactly one of image and local_image_id is required",
		"gate {\n    max_age = \"1h\"\n    exception {\n category = \"virus\"\n id = \"x\"\n reason = \"x\"\n expires_at = \"2999-01-01\"\n machine = \"x\"\n}\n  }": "machine",
	} {
		w.Write(findingsOf(cloud, arguments))
		w.Run("validate", "-no-color").Fails().Says(want)
	}
}

func TestAccImageFindings_withoutDetailsReadsNoPageOfACleanImage(t *testing.T) {
	t.Parallel()
	for gate, pages := range map[string]int{gateOf(): 0, "": 0, gateOf(`fail_on = "low"`): 21, gateOf(`record_fingerprints = true`): 21} {
		cloud := acctest.NewCloud(t, registryImages("", rowOf(1, `,"generated":{"low":2000}`)))
		w := acctest.New(t)
		w.Write(findingsOf(cloud, gate, "include_details = false"))
		w.Apply().Succeeds()
		state := w.State(findings)
		if calls := cloud.Calls("DescribeAssetImageRegistryVulList"); (calls == 0) != (pages == 0) {
			t.Errorf("%s: %d pages", gate, calls)
		}
		if summary := fmt.Sprint(state["summary"]); !strings.Contains(summary, "low:2000") || !strings.Contains(summary, "total:2000") || state["vulnerabilities"] != nil {
			t.Errorf("%s: summary %s", gate, summary)
		}
	}
}

func TestAccImageFindings_listThatShiftsIsReadAgain(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScenario([]byte(`{"tcss":{"registry_images":[`+rowOf(1, `,"generated":{"low":250}`)+`]},
		"shifts":[{"action":"DescribeAssetImageRegistryVulList","after_calls":1,"remove":2,"insert":[{"CVEID":"CVE-NEW"}]}]}`)))
	w := acctest.New(t)
	w.Write(findingsOf(cloud, gateOf()))
	if got := judged(t, w); got != "fail unexplained_count" { // the counters are of the list before
		t.Errorf("outcome %s", got)
	}
	if vuls := fmt.Sprint(w.State(findings)["vulnerabilities"]); !strings.Contains(vuls, "CVE-NEW") {
		t.Error("the list is not the one after the shift")
	}
}

func TestAccImageFindings_waitsWhileTheImageIsScanned(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, registryImages("", rowOf(1, twoRows)), emulator.WithScanPolls(3))
	cloud.BeginImageScan("1")
	w := acctest.New(t)
	w.Write(findingsOf(cloud, gateOf(`fail_on = "critical"`)))
	if got := judged(t, w); got != "pass" {
		t.Errorf("outcome %s", got)
	}
}

func TestAccImageFindings_timeoutAndOddAnswersAreIncomplete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare   func(*acctest.Cloud)
		arguments []string
		want      string
	}{
		"time-out":   {func(c *acctest.Cloud) { c.HoldScans(); c.BeginImageScan("1") }, []string{`timeouts { read = "2s" }`}, "wait_timed_out"},
		"no waiting": {func(c *acctest.Cloud) { c.HoldScans(); c.BeginImageScan("1") }, []string{`wait_for_completion = false`}, "not_finished"},
		"no list": {func(c *acctest.Cloud) {
			c.Fault(emulator.Fault{Action: "DescribeAssetImageRegistryVulList", Kind: emulator.FaultValue, Fields: []string{"List"}, Value: []byte(`"x"`)})
		}, nil, "unreadable_answer"},
		"another task": {func(c *acctest.Cloud) {
			c.Fault(emulator.Fault{Action: "DescribeVulScanInfo", Kind: emulator.FaultValue, Fields: []string{"RegistryTaskID"}, Value: []byte(`99`)})
		}, []string{`scan_id = "registry/3"`}, "unreadable_answer"},
		"always shifting": {func(c *acctest.Cloud) {
			n := 0
			c.OnAnswer("DescribeAssetImageRegistryVulList", func(_, response map[string]any) map[string]any {
				n++
				if list, ok := response["List"].([]any); ok && len(list) > 0 {
					list[0].(map[string]any)["CVEID"] = fmt.Sprint("CVE-", n)
				}
				return response
			})
		}, nil, "unreadable_answer"},
		"scanned meanwhile": {func(c *acctest.Cloud) {
			n := 0
			c.OnAnswer("DescribeAssetImageRegistryList", func(_, response map[string]any) map[string]any {
				n++
				for _, row := range response["List"].([]any) {
					row.(map[string]any)["ScanTime"] = fmt.Sprintf("2026-11-28 00:00:%02d", n)
				}
				return response
			})
		}, nil, "changed_while_read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, registryImages(`"registry":[{"task_id":3,"image_ids":[1]}],`, rowOf(1, `,"generated":{"low":150}`)))
			test.prepare(cloud)
			w := acctest.New(t)
			w.Write(findingsOf(cloud, append(test.arguments, gateOf())...))
			if got := judged(t, w); !strings.HasPrefix(got, "incomplete") || !strings.Contains(got, test.want) {
				t.Errorf("outcome %s", got)
			}
		})
	}
}

func TestAccImageFindings_manyVulnerabilitiesWithinTheRateLimit(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, registryImages("", rowOf(1, `,"generated":{"critical":5,"high":20,"medium":400,"low":2000}`)), emulator.WithRequestsPerSecond(20))
	w := acctest.New(t)
	w.Write(findingsOf(cloud, gateOf()))
	if got := judged(t, w); got != "fail" {
		t.Errorf("outcome %s", got)
	}
	if vuls, _ := w.State(findings)["vulnerabilities"].([]any); len(vuls) != 2425 || cloud.Rejections() != 0 {
		t.Errorf("%d vulnerabilities, %d rejections", len(vuls), cloud.Rejections())
	}
}

// TestAccImageFindings_listThatIsNoneIsNoEmptyList has the service answer with something else than a list: incomplete
// beside a gate, and an error without one.
func TestAccImageFindings_listThatIsNoneIsNoEmptyList(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, registryImages("", rowOf(1, "")))
	cloud.OnAnswer("DescribeAssetImageRegistryVulList", func(_, response map[string]any) map[string]any {
		response["List"], response["TotalCount"] = "x", 0
		return response
	})
	w := acctest.New(t)
	w.Write(findingsOf(cloud, gateOf()))
	if got := judged(t, w); !strings.HasPrefix(got, "incomplete") {
		t.Errorf("outcome %s", got)
	}
	w.Write(findingsOf(cloud))
	w.Apply().Fails().Says("Unable to Read Image Findings", "list of the image cannot be read")
}
