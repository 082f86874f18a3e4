package datasources_test

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	images       = "data.ms_tcss_vul_scan_info.images"
	imagesAction = "DescribeVulScanInfo"
)

// imageTask is a data source of image scans, with more lines.
func imageTask(lines ...string) string {
	return fmt.Sprintf(`
data "ms_tcss_vul_scan_info" "images" {
  %s
}
`, strings.Join(lines, "\n  "))
}

// imageCloud plays the tasks of tcss.
func imageCloud(t *testing.T, local, registry string) *acctest.Cloud {
	t.Helper()
	return acctest.NewCloud(t, emulator.WithScenario([]byte(`{"tcss":{"local":[`+local+`],"registry":[`+registry+`]}}`)))
}

func TestAccImageScan_readsEveryOutput(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 9007199254740993, "images": 12, "risk_images": 2, "vulnerabilities": 7, "ignored": 1}`,
		`{"task_id": 3, "images": 40, "risk_images": 1, "vulnerabilities": 3, "answer": {"ScanStartTime": "2023-12-04 17:00:00", "ScanEndTime": "2023-12-04 17:11:32", "RemainingTime": 0.5, "ScanProgress": 99.5}}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask("local_task_id = 9007199254740993", "registry_task_id = 3") +
		"\nresource \"terraform_data\" \"release\" {\n  input = tostring(" + images + ".local_task_id)\n}\n")
	w.Apply().Succeeds()
	expectState(t, w.State(images), `{"registry_task_id":3,"wait_for_completion":null,"poll_interval":null,"gate":null,"timeouts":null,"id":"9007199254740993/3","verdict":null,
	  "status":"SCANNED","scan_progress":99.5,"remaining_time":0.5,"scan_start_time":"2023-12-04 17:00:00","scan_end_time":"2023-12-04 17:11:32",
	  "local_image_scan_count":12,"registry_image_scan_count":40,"found_vul_count":7,"registry_found_vul_count":3,"found_risk_image_count":3,"ignore_vul_count":1}`, "local_task_id")
	if got := at(w.State(release), "input"); got != "9007199254740993" {
		t.Errorf("task id %v", got)
	}
	calls := cloud.Ledger().Calls
	if len(calls) != 1 || calls[0].Service != "tcss" || calls[0].Version != "2020-11-01" || calls[0].Region != "" ||
		fmt.Sprintf("%v %v", calls[0].Parameters["LocalTaskID"], calls[0].Parameters["RegistryTaskID"]) != "9007199254740993 3" {
		t.Errorf("calls %+v", calls)
	}
}

func TestAccImageScan_withoutIDsReadsTheLastScanAndNamesIt(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 1, "images": 1}, {"task_id": 2, "images": 12}`, `{"task_id": 9007199254740993, "images": 40}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask(`gate { max_age = "1h" }`) + "\nresource \"terraform_data\" \"release\" {\n  input = tostring(" + images + ".registry_task_id)\n}\n")
	w.Apply().Succeeds()
	state := w.State(images)
	if at(state, "local_task_id") != 2.0 || at(w.State(release), "input") != "9007199254740993" || at(state, "id") != "2/9007199254740993" {
		t.Errorf("state %v, release %v", state, w.State(release))
	}
	expectVerdict(t, images, state, "pass", "")
	if until := at(state, "verdict", "valid_until"); until == nil {
		t.Error("a verdict with max_age has no end")
	}
	if parameters := cloud.Ledger().Calls[0].Parameters; len(parameters) != 0 {
		t.Errorf("parameters %v", parameters)
	}
}

func TestAccImageScan_nullsStayNull(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 1, "answer": {"LocalImageScanCount": null, "RegistryImageScanCount": null, "FoundVulCount": null, "RegistryFoundVulCount": null, "FoundRiskImageCount": null,
	  "IgnoreVulCount": null, "RegistryTaskID": null, "ScanProgress": null, "RemainingTime": null, "ScanStartTime": null, "ScanEndTime": null}}`, ``)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask("local_task_id = 1"))
	w.Apply().Succeeds()
	expectState(t, w.State(images), `{"local_task_id":1,"registry_task_id":null,"wait_for_completion":null,"poll_interval":null,"gate":null,"timeouts":null,"id":"1/-","verdict":null,
	  "status":"SCANNED","scan_progress":null,"remaining_time":null,"scan_start_time":null,"scan_end_time":null,
	  "local_image_scan_count":null,"registry_image_scan_count":null,"found_vul_count":null,"registry_found_vul_count":null,"found_risk_image_count":null,"ignore_vul_count":null}`)
}

func TestAccImageScan_waitsWhileScanningAtThePaceOfTheRemainingTime(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 1, "images": 4, "progress": [50, 100]}`, ``)
	cloud.OnAnswer(imagesAction, func(_, response map[string]any) map[string]any {
		if response["Status"] == "SCANNING" {
			response["RemainingTime"] = 1.2
		}
		return response
	})
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask("local_task_id = 1", "gate {}") + releaseOn(images))
	w.Apply().Succeeds()
	calls := cloud.Ledger().Of(imagesAction)
	if len(calls) != 2 || at(w.State(release), "input") != "pass" {
		t.Fatalf("%d calls, release %v", len(calls), w.State(release))
	}
	// Without a remaining time it would be 2 s.
	if pause := calls[1].Time.Sub(calls[0].Time); pause < 1200*time.Millisecond || pause >= 2*time.Second {
		t.Errorf("asked again after %s", pause)
	}
	if !reflect.DeepEqual(calls[0].Parameters, calls[1].Parameters) {
		t.Errorf("parameters %v and %v", calls[0].Parameters, calls[1].Parameters)
	}
	w.Plan().NoChanges()
}

func TestAccImageScan_aWaitThatRunsOutIsIncompleteWithAGateAndAnErrorWithout(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 1, "images": 4, "progress": [50]}`, ``)
	w := acctest.New(t)
	acctest.LongEnough(t, func(timeout string) bool {
		short := `timeouts { read = "` + timeout + `" }`
		w.Write(cloud.Provider() + imageTask("local_task_id = 1", `poll_interval = "20ms"`, short, `gate { enforcement = "none" }`))
		w.Apply().Succeeds()
		codes := fmt.Sprint(at(w.State(images), "verdict", "reasons"))
		if at(w.State(images), "verdict", "outcome") != "incomplete" || !strings.Contains(codes, "wait_timed_out") || !strings.Contains(codes, "not_finished") || at(w.State(images), "status") != "SCANNING" {
			t.Logf("verdict %v", at(w.State(images), "verdict"))
			return false
		}
		w.Write(cloud.Provider() + imageTask("local_task_id = 1", `poll_interval = "20ms"`, short))
		planned := w.Plan().Fails()
		if !strings.Contains(planned.Output, "last seen") {
			return false
		}
		planned.Says("Unable to Read Image Scan", "It was not finished after", "last seen: SCANNING", "Object: local image task 1")
		return true
	})
}

func TestAccImageScan_interruptIsPrompt(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, `{"task_id": 1, "images": 4, "duration": "2h"}`, ``)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask("local_task_id = 1", `poll_interval = "10m"`, "gate {}"))
	interrupted(t, cloud, w, imagesAction)
}

// imageCases are data sources by name, each about tasks of its own, a local and a registry one of the
// same id; an answer is that of a clean scan of 4 local and 5 registry images with a change.
func imageCases(t *testing.T, tests map[string]imageCase) (*acctest.Cloud, string) {
	t.Helper()
	var local, registry []string
	var config strings.Builder
	changes, id := map[string]map[string]any{}, 0
	for name, tt := range tests {
		id++
		local = append(local, fmt.Sprintf(`{"task_id": %d, "images": 4, "age": "1h"}`, id))
		registry = append(registry, fmt.Sprintf(`{"task_id": %d, "images": 5, "age": "1h"}`, id))
		changes[fmt.Sprint(id)] = tt.change
		lines := strings.ReplaceAll(tt.lines, "ID", fmt.Sprint(id))
		config.WriteString(strings.Replace(imageTask(lines, "gate {\n enforcement = \"none\"\n "+tt.gate+"\n }"), `"images"`, fmt.Sprintf("%q", name), 1))
	}
	cloud := imageCloud(t, strings.Join(local, ","), strings.Join(registry, ","))
	cloud.OnAnswer(imagesAction, func(request, response map[string]any) map[string]any {
		asked := request["LocalTaskID"]
		if asked == nil {
			asked = request["RegistryTaskID"]
		}
		maps.Copy(response, changes[fmt.Sprint(asked)])
		return response
	})
	return cloud, cloud.Provider() + config.String()
}

type imageCase struct {
	lines, gate   string
	change        map[string]any
	outcome, code string // the code of a reason, or the rule of a violation
}

func TestAccImageScan_gates(t *testing.T) {
	t.Parallel()
	const (
		local    = "local_task_id = ID"
		registry = "registry_task_id = ID"
		both     = local + "\n  " + registry
		unwaited = local + "\n  wait_for_completion = false"
	)
	type fields = map[string]any
	tests := map[string]imageCase{
		"local":                    {local, "", nil, "pass", ""},
		"registry":                 {registry, "", nil, "pass", ""},
		"both":                     {both, "", nil, "pass", ""},
		"not_scan":                 {both, "", fields{"Status": "NOT_SCAN"}, "incomplete", "not_scanned"},
		"canceled":                 {both, "", fields{"Status": "CANCELED"}, "incomplete", "canceled"},
		"scanning":                 {unwaited, "", fields{"Status": "SCANNING"}, "incomplete", "not_finished"},
		"unknown_status":           {unwaited, "", fields{"Status": "DONE"}, "incomplete", "unknown_status"},
		"status_null":              {unwaited, "", fields{"Status": nil}, "incomplete", "unknown_status"},
		"status_in_lowercase":      {unwaited, "", fields{"Status": "scanned"}, "incomplete", "unknown_status"},
		"no_image":                 {local, "", fields{"LocalImageScanCount": 0}, "incomplete", "nothing_scanned"},
		"no_registry_image":        {both, "", fields{"RegistryImageScanCount": 0}, "incomplete", "nothing_scanned"},
		"images_null":              {local, "", fields{"LocalImageScanCount": nil}, "incomplete", "count_missing"},
		"images_negative":          {registry, "", fields{"RegistryImageScanCount": -1}, "incomplete", "count_missing"},
		"count_null":               {local, "", fields{"FoundVulCount": nil}, "incomplete", "count_missing"},
		"registry_count_null":      {registry, "", fields{"RegistryFoundVulCount": nil}, "incomplete", "count_missing"},
		"count_in_words":           {local, "", fields{"FoundVulCount": "none"}, "incomplete", "count_missing"},
		"count_negative":           {local, "", fields{"FoundVulCount": -1}, "incomplete", "count_missing"},
		"risk_images_null":         {local, "max_found_risk_image = 0", fields{"FoundRiskImageCount": nil}, "incomplete", "count_missing"},
		"found":                    {local, "", fields{"FoundVulCount": "1"}, "fail", "max_found_vul"},
		"found_within":             {local, "max_found_vul = 1", fields{"FoundVulCount": 1}, "pass", ""},
		"registry_found":           {registry, "max_found_vul = 9", fields{"RegistryFoundVulCount": 1}, "fail", "max_registry_found_vul"},
		"registry_found_within":    {registry, "max_registry_found_vul = 1", fields{"RegistryFoundVulCount": 1}, "pass", ""},
		"risk_images":              {local, "max_found_risk_image = 1", fields{"FoundRiskImageCount": 2}, "fail", "max_found_risk_image"},
		"risk_images_unexplained":  {local, "", fields{"FoundRiskImageCount": 2}, "incomplete", "unexplained_count"},
		"found_while_canceled":     {local, "", fields{"Status": "CANCELED", "FoundVulCount": 1}, "fail", "canceled"},
		"other_side_not_asked":     {local, "", fields{"RegistryFoundVulCount": 9, "RegistryImageScanCount": nil}, "pass", ""},
		"local_side_not_asked":     {registry, "", fields{"FoundVulCount": 9, "LocalImageScanCount": 0}, "pass", ""},
		"one_of_both_found":        {both, "", fields{"RegistryFoundVulCount": 9}, "fail", "max_registry_found_vul"},
		"young_enough":             {both, `max_age = "2h"`, nil, "pass", ""},
		"too_old":                  {both, `max_age = "30m"`, nil, "incomplete", "scan_too_old"},
		"no_end":                   {both, `max_age = "2h"`, fields{"ScanEndTime": "0000-00-00 00:00:00"}, "incomplete", "scan_time_missing"},
		"in_the_future":            {both, `max_age = "2h"`, fields{"ScanEndTime": "2999-01-01 00:00:00"}, "incomplete", "scan_time_in_future"},
		"everything_null_but_done": {local, "", fields{"LocalImageScanCount": nil, "FoundVulCount": nil, "FoundRiskImageCount": nil, "ScanEndTime": nil}, "incomplete", "count_missing"},
	}
	cloud, config := imageCases(t, tests)
	w := acctest.New(t)
	w.Write(config)
	w.Apply().Succeeds().DoesNotSay("Security gate")
	all := states(t, w)
	for name, tt := range tests {
		expectVerdict(t, name, all["data.ms_tcss_vul_scan_info."+name], tt.outcome, tt.code)
	}
	if calls := cloud.Calls(""); calls != len(tests) {
		t.Errorf("%d calls for %d scans", calls, len(tests))
	}
}

func TestAccImageScan_answersThatAreNoneAreIncompleteWithAGateAndErrorsWithout(t *testing.T) {
	t.Parallel()
	type fields = map[string]any
	const both = "local_task_id = ID\n registry_task_id = ID"
	other := "The service answers about another task than the one that was asked for"
	tests := map[string]struct {
		imageCase
		says string
	}{
		"another_local_task":    {imageCase{lines: both, change: fields{"LocalTaskID": 999}, code: "unreadable_answer"}, other},
		"another_registry_task": {imageCase{lines: both, change: fields{"RegistryTaskID": 999}, code: "unreadable_answer"}, other},
		"no_task":               {imageCase{lines: both, change: fields{"LocalTaskID": nil, "RegistryTaskID": nil}, code: "unreadable_answer"}, other},
		"not_waited_for":        {imageCase{lines: both + "\n wait_for_completion = false", change: fields{"LocalTaskID": 0}, code: "unreadable_answer"}, other},
		"an_unknown_status":     {imageCase{lines: both, change: fields{"Status": "DONE"}, code: "unknown_status"}, "a status that its documents do not know: DONE"},
		"no_status":             {imageCase{lines: both, change: fields{"Status": nil}, code: "unknown_status"}, "a status that its documents do not know: no status"},
	}
	cases := map[string]imageCase{}
	for name, tt := range tests {
		cases[name] = tt.imageCase
	}
	cloud, config := imageCases(t, cases)
	w := acctest.New(t)
	w.Write(config)
	w.Apply().Succeeds()
	all := states(t, w)
	for name, tt := range tests {
		expectVerdict(t, name, all["data.ms_tcss_vul_scan_info."+name], "incomplete", tt.code)
	}

	w.Write(strings.ReplaceAll(config, "gate {\n enforcement = \"none\"\n \n }", ""))
	result := w.Plan().Fails()
	for _, box := range strings.Split(result.Output, "╵") {
		for name, tt := range tests {
			if strings.Contains(box, "data.ms_tcss_vul_scan_info."+name+",") {
				acctest.NewResult(t, name, box, result.Code).Says("Unable to Read Image Scan", tt.says, "Object: local image task ")
				delete(tests, name)
			}
		}
	}
	if len(tests) != 0 || cloud.Calls("") != 2*len(cases) {
		t.Errorf("no error of %v, %d calls:\n%s", tests, cloud.Calls(""), result.Output)
	}
}

func TestAccImageScan_aTaskThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, ``, ``)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask("registry_task_id = 17", `gate { enforcement = "none" }`))
	w.Plan().Fails().Says("Unable to Read Image Scan", "The service does not know this object", "Object: registry image task 17", "RequestId: ")
	if calls := cloud.Calls(""); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAccImageScan_neverScannedIsNoCleanScan(t *testing.T) {
	t.Parallel()
	cloud := imageCloud(t, ``, ``)
	w := acctest.New(t)
	w.Write(cloud.Provider() + imageTask(`gate { max_age = "1h" }`) + releaseOn(images))
	w.Apply().Fails().Says("Security gate", "last image scan", "NOT_SCAN", "LocalImageScanCount is 0", "RegistryImageScanCount is 0", "start the image scan")
	if w.State(release) != nil || cloud.Calls("") != 1 {
		t.Errorf("release %v after %d calls", w.State(release), cloud.Calls(""))
	}
}

func TestAccImageScan_badInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	gate := func(lines string) string { return "local_task_id = 1\n gate {\n " + lines + "\n }" }
	tests := map[string]struct{ body, says string }{
		"good":                    {"", ""},
		"good_ids":                {"local_task_id = 0\n registry_task_id = 9007199254740993", ""},
		"good_gate":               {gate("max_found_vul = 1\n max_registry_found_vul = 2\n max_found_risk_image = 3\n max_age = \"1h\"\n enforcement = \"advisory\""), ""},
		"good_last":               {"gate {\n max_age = \"1h\"\n }", ""},
		"registry_is_an_id":       {"registry_task_id = 1\n gate {}", ""},
		"negative_local":          {"local_task_id = -1", "must be at least 0"},
		"negative_registry":       {"registry_task_id = -1", "must be at least 0"},
		"interval":                {"poll_interval = \"-1s\"", "must be a duration above zero"},
		"timeout":                 {"timeouts {\n read = \"1\"\n }", "must be a duration above zero"},
		"last_without_an_age":     {"gate {}", "gate.max_age is missing"},
		"last_with_counts_only":   {"gate {\n max_found_vul = 5\n enforcement = \"none\"\n }", "gate.max_age is missing"},
		"negative_count":          {gate("max_found_vul = -1"), "gate.max_found_vul"},
		"negative_registry_count": {gate("max_registry_found_vul = -1"), "gate.max_registry_found_vul"},
		"negative_risk_images":    {gate("max_found_risk_image = -1"), "gate.max_found_risk_image"},
		"zero_age":                {gate("max_age = \"0s\""), "must be a duration above zero"},
		"enforcement":             {gate("enforcement = \"soft\""), "gate.enforcement"},
		"id_not_known_yet":        {"local_task_id = terraform_data.later.output\n gate {}", ""},
		"age_not_known_yet":       {"gate {\n max_age = terraform_data.later.output\n }", ""},
	}
	bodies := map[string]string{}
	for name, tt := range tests {
		bodies[name] = tt.body
	}
	errors := refused(t, "ms_tcss_vul_scan_info", bodies)
	for name, tt := range tests {
		if got := errors[name]; tt.says == "" && got != "" || tt.says != "" && !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q, want %q", name, got, tt.says)
		}
	}
}
