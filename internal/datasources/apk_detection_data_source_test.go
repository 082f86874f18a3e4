package datasources_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

const detection = "data.ms_apk_detection.app"

// detect is a data source that has a package detected, with more lines.
func detect(cloud *acctest.Cloud, name string, more ...string) string {
	return fmt.Sprintf(`
data "ms_apk_detection" "app" {
  apk_url = %q
  apk_md5 = %q
  %s
}
`, cloud.AppURL(name, "first"), cloud.MD5(name), strings.Join(more, "\n  "))
}

// releaseOn is a release that takes the outcome of a verdict.
func releaseOn(address string) string {
	return "\nresource \"terraform_data\" \"release\" {\n  input = " + address + ".verdict.outcome\n}\n"
}

// expectState compares all attributes of an object with JSON, so that no output is forgotten. Those in
// ignored may have any value.
func expectState(t *testing.T, state map[string]any, want string, ignored ...string) {
	t.Helper()
	var wanted map[string]any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	for name, value := range state {
		if _, ok := wanted[name]; !ok && !slices.Contains(ignored, name) {
			t.Errorf("%s = %v was not expected", name, value)
		}
	}
	for name, value := range wanted {
		if !reflect.DeepEqual(state[name], value) {
			t.Errorf("%s is\n%v, want\n%v", name, state[name], value)
		}
	}
}

// interrupted starts a plan, interrupts it once the action was answered, and checks that it ends before the next
// poll, which must be far away.
func interrupted(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, action string) {
	t.Helper()
	arrived, resume := cloud.BlockAnswer(action)
	var output bytes.Buffer
	cmd := w.Command("plan", "-no-color")
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-arrived:
	case err := <-ended:
		t.Fatalf("nothing was asked: %v\n%s", err, output.String())
	}
	resume()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the run did not notice the interrupt")
	}
	acctest.NewResult(t, "plan", output.String(), cmd.ProcessState.ExitCode()).Fails()
	if calls := cloud.Calls(action); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAccAPKDetection_waitsAsDocumentedAndReadsEveryOutput(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanPolls(1), emulator.WithSDKNames())
	cloud.OnAnswer("DescribeApkDetectionResult", func(_, response map[string]any) map[string]any {
		if rows := response["ResultList"].([]any); len(rows) == 1 {
			row := rows[0].(map[string]any)
			row["Md5"] = strings.ToUpper(row["Md5"].(string))
			maps.Copy(row, map[string]any{"VirusName": "v", "VirusDesc": "vd", "Sid": "s", "Official": "1", "RepackageStatus": "-1", "Spot": "-1", "ErrNo": "1"})
		}
		return response
	})
	w := acctest.New(t)
	w.Write(cloud.Provider() + strings.Replace(detect(cloud, "ads.apk", `poll_interval = "1s"`), cloud.MD5("ads.apk"), strings.ToUpper(cloud.MD5("ads.apk")), 1))
	w.Apply().Succeeds()

	state := w.State(detection)
	list := at(state, "result_list")
	plugins := func(name string) int { l, _ := at(list, 0, name).([]any); return len(l) }
	if plugins("plugin_list") != 4 || plugins("opt_plugin_list") != 1 || at(list, 0, "plugin_list", 0, "plugin_name") == "" || at(list, 0, "plugin_list", 0, "plugin_type") == nil ||
		at(list, 0, "opt_plugin_list", 0, "plugin_desc") == nil {
		t.Errorf("plugins %v", list)
	}
	row, _ := at(list, 0).(map[string]any)
	expectState(t, row, fmt.Sprintf(`{"safe_type":1,"virus_name":"v","virus_desc":"vd","sid":"s","soft_name":%q,"md5":%q,"official":true,"repackage_status":null,
	  "banner":true,"boutique_recommand":false,"float_windows":false,"integral_wall":true,"notify_bar":true,"spot":null,"errno":0,"err_msg":"success"}`,
		row["soft_name"], strings.ToUpper(cloud.MD5("ads.apk"))), "plugin_list", "opt_plugin_list")
	if row["soft_name"] == "" || row["soft_name"] == nil {
		t.Error("no name")
	}
	expectState(t, state, fmt.Sprintf(`{"app_pkg_name":null,"apk_url":%q,"apk_md5":%q,"poll_interval":"1s","gate":null,"timeouts":null,"id":%q,"result":"ok","reason":"success","verdict":null,
	  "summary":{"critical":0,"high":0,"medium":0,"low":7,"info":1,"unknown":0,"total":8}}`,
		cloud.AppURL("ads.apk", "first"), strings.ToUpper(cloud.MD5("ads.apk")), cloud.MD5("ads.apk")), "result_list")

	calls := cloud.Ledger().Of("DescribeApkDetectionResult")
	if len(calls) != 2 || cloud.Calls("") != 2 || cloud.Rejections() != 0 {
		t.Fatalf("calls %v", calls)
	}
	if pause := calls[1].Time.Sub(calls[0].Time); pause < time.Second {
		t.Errorf("asked again after %s", pause)
	}
	for _, call := range calls {
		if call.Region != cloud.Region() || call.Version != "2018-04-08" ||
			!reflect.DeepEqual(call.Parameters, map[string]any{"ApkUrl": cloud.AppURL("ads.apk", "first"), "ApkMd5": cloud.MD5("ads.apk")}) {
			t.Errorf("call %+v", call)
		}
	}
}

func TestAccAPKDetection_isAGateAtPlanTime(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(cloud.Provider() + detect(cloud, "infected.apk", "gate {}") + releaseOn(detection))
	w.Plan().Fails().Says("Security gate", "critical", "virus", "EICAR", cloud.MD5("infected.apk"))
	w.Write(cloud.Provider() + detect(cloud, "clean.apk", "gate {}") + releaseOn(detection))
	w.Apply().Succeeds()
	if at(w.State(release), "input") != "pass" || cloud.Submissions() != 0 || cloud.Calls("DescribeApkDetectionResult") != 2 {
		t.Errorf("release %v, ledger %v", w.State(release), cloud.Ledger())
	}
	w.Plan().NoChanges()
}

func TestAccAPKDetection_aWaitThatRunsOutIsIncompleteWithAGateAndAnErrorWithout(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	defer cloud.HoldScans()()
	w := acctest.New(t)
	acctest.LongEnough(t, func(timeout string) bool {
		short := `timeouts { read = "` + timeout + `" }`
		w.Write(cloud.Provider() + detect(cloud, "clean.apk", short, `gate { enforcement = "none" }`) + releaseOn(detection))
		w.Apply().Succeeds()
		verdict := at(w.State(detection), "verdict")
		if codes := fmt.Sprint(at(verdict, "reasons")); at(verdict, "outcome") != "incomplete" || !strings.Contains(codes, "wait_timed_out") || !strings.Contains(codes, "nothing_scanned") {
			t.Logf("verdict %v", verdict)
			return false
		}
		w.Plan().NoChanges() // nothing in the verdict tells how long it waited this time

		w.Write(cloud.Provider() + detect(cloud, "clean.apk", short))
		planned := w.Plan().Fails()
		if !strings.Contains(planned.Output, "last seen") {
			return false
		}
		planned.Says("Unable to Detect Package", "It was not finished after", `last seen: result "ok", 0 rows`, "Object: package with MD5 "+cloud.MD5("clean.apk"))
		return true
	})
}

func TestAccAPKDetection_interruptIsPrompt(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	defer cloud.HoldScans()()
	w := acctest.New(t)
	w.Write(cloud.Provider() + detect(cloud, "clean.apk", `poll_interval = "10m"`, "gate {}"))
	interrupted(t, cloud, w, "DescribeApkDetectionResult")
}

// detections are data sources by name, each about a package of its own whose answer is made by its change.
func detections(t *testing.T, cloud *acctest.Cloud, gates map[string]string, changes map[string]func(response, row map[string]any)) string {
	t.Helper()
	byMD5 := map[string]string{}
	var config strings.Builder
	config.WriteString(cloud.Provider())
	for name := range changes {
		apk := packages.Variant(packages.Clean(), name)
		cloud.Add(name+".apk", apk)
		byMD5[packages.MD5(apk)] = name
		config.WriteString(strings.Replace(detect(cloud, name+".apk", gates[name]), `"app"`, fmt.Sprintf("%q", name), 1))
	}
	cloud.OnAnswer("DescribeApkDetectionResult", func(request, response map[string]any) map[string]any {
		rows := response["ResultList"].([]any)
		changes[byMD5[request["ApkMd5"].(string)]](response, rows[0].(map[string]any))
		return response
	})
	return config.String()
}

func TestAccAPKDetection_badResultsAreErrorsThatSayWhatToDo(t *testing.T) {
	t.Parallel()
	type row = map[string]any
	errno := func(fields row) func(row, row) {
		return func(_, r row) { delete(r, "ErrMsg"); delete(r, "Errno"); maps.Copy(r, fields) }
	}
	tests := map[string]struct {
		change   func(response, row map[string]any)
		says     string
		unjudged bool // read without a gate, which would call it incomplete
	}{
		"errno_2":         {errno(row{"Errno": "2"}), "Errno 2: the scan engine failed", false},
		"errno_3":         {errno(row{"Errno": "3"}), "Errno 3: the package cannot be analysed", false},
		"errno_4":         {errno(row{"Errno": "4"}), "Errno 4: the package has no certificate", false},
		"errno_5":         {errno(row{"Errno": "5"}), "Errno 5: the package is empty", false},
		"errno_6":         {errno(row{"Errno": "6"}), "Errno 6: the package has no package name", false},
		"errno_7":         {errno(row{"Errno": "7"}), "Errno 7: the package has no build time", false},
		"errno_8":         {errno(row{"Errno": "8"}), "Errno 8: the package's certificate is not valid", false},
		"errno_99":        {errno(row{"Errno": "99"}), "Errno 99: the scan failed for another reason", false},
		"errno_1000":      {errno(row{"Errno": "1000"}), "Errno 1000: the service could not download the package", false},
		"errno_1001":      {errno(row{"Errno": "1001"}), "Errno 1001: the package's MD5 is not the one that was given", false},
		"errno_1002":      {errno(row{"Errno": "1002"}), "Errno 1002: the service does not have this MD5 and needs a link to the package", false},
		"errno_unheard":   {errno(row{"Errno": "44", "ErrMsg": "own words"}), "Errno 44: own words", false},
		"only_the_newer":  {errno(row{"ErrNo": 3}), "Errno 3: the package cannot be analysed", false},
		"newer_is_error":  {errno(row{"Errno": "0", "ErrNo": "4"}), "Errno 4: the package has no certificate", false},
		"older_is_error":  {errno(row{"Errno": "5", "ErrNo": "0"}), "Errno 5: the package is empty", false},
		"unreadable":      {errno(row{"Errno": "many"}), "the error number of the result cannot be read", true},
		"result_is_error": {func(r, _ row) { r["Result"], r["Reason"], r["ResultList"] = "error", "no engine is free", []any{} }, "error: no engine is free", false},
		"another_md5":     {func(_, r row) { r["Md5"] = "d41d8cd98f00b204e9800998ecf8427e" }, "the result is about the package with MD5", true},
		"refused": {func(r, _ row) {
			clear(r)
			r["Error"], r["RequestId"] = row{"Code": "UnauthorizedOperation.NotWhiteUser", "Message": "m"}, "r"
		}, "must be enabled for this action by Tencent Cloud's support", false},
	}
	cloud := acctest.NewCloud(t)
	changes, gates := map[string]func(response, row map[string]any){}, map[string]string{}
	for name, tt := range tests {
		changes[name] = tt.change
		if !tt.unjudged {
			gates[name] = `gate { enforcement = "none" }` // which must not soften an error
		}
	}
	w := acctest.New(t)
	w.Write(detections(t, cloud, gates, changes))
	result := w.Plan().Fails()
	boxes := strings.Split(result.Output, "╵")
	advice := map[string]string{
		"errno_2": "run again", "errno_3": "a complete APK", "errno_4": "Sign the package.", "errno_5": "the file is empty", "errno_6": "a complete APK", "errno_8": "a valid certificate",
		"errno_1000": "without authentication", "errno_1001": "as filemd5() of that file gives it", "errno_1002": "Give a URL",
	}
	for name, tt := range tests {
		i := slices.IndexFunc(boxes, func(box string) bool { return strings.Contains(box, "data.ms_apk_detection."+name+",") })
		if i < 0 {
			t.Errorf("%s: no error:\n%s", name, result.Output)
			continue
		}
		acctest.NewResult(t, name, boxes[i], result.Code).Says("Unable to Detect Package", tt.says, advice[name], "Object: package with MD5 "+cloud.MD5(name+".apk"), "RequestId: ")
	}
	if calls := cloud.Calls(""); calls != len(tests) {
		t.Errorf("%d calls for %d packages", calls, len(tests))
	}
}

func TestAccAPKDetection_gates(t *testing.T) {
	t.Parallel()
	type row = map[string]any
	set := func(name string, value any) func(row, row) { return func(_, r row) { r[name] = value } }
	drop := func(name string) func(row, row) { return func(_, r row) { delete(r, name) } }
	same := func(_, _ row) {}
	plugin := []any{row{"PluginType": "3", "PluginName": "AdKit", "PluginDesc": "d"}}
	tests := map[string]struct {
		change        func(response, row map[string]any)
		gate          string
		outcome, code string // the code of a reason, or the category of a violation
	}{
		"unchanged":             {same, "", "pass", ""},
		"errno_1":               {set("Errno", "1"), "", "pass", ""},
		"no_errno":              {drop("Errno"), "", "incomplete", "missing_evidence"},
		"errno_words":           {set("Errno", "many"), "", "incomplete", "unreadable_answer"},
		"another_md5":           {set("Md5", "d41d8cd98f00b204e9800998ecf8427e"), "", "incomplete", "unreadable_answer"},
		"virus":                 {set("SafeType", "3"), "", "fail", "virus"},
		"risky":                 {set("SafeType", 2), "", "fail", "risk_software"},
		"safe_type_0":           {set("SafeType", "0"), "", "fail", "unrated"},
		"safe_type_null":        {set("SafeType", nil), "", "fail", "unrated"},
		"safe_type_words":       {set("SafeType", "safe"), "", "fail", "unrated"},
		"repackaged":            {set("RepackageStatus", "1"), "", "fail", "repackaged"},
		"repackaged_null":       {set("RepackageStatus", nil), "", "incomplete", "missing_evidence"},
		"repackaged_not_judged": {set("RepackageStatus", nil), `fail_on = "critical"`, "incomplete", "missing_evidence"},
		"ads_below_fail_on":     {set("PluginList", plugin), "", "pass", ""},
		"ads_denied":            {set("PluginList", plugin), `denied_categories = ["ad"]`, "fail", "AdKit"},
		"ad_id_denied":          {set("PluginList", plugin), "denied {\n category = \"ad\"\n id = \"AdKit\"\n }", "fail", "denied_id"},
		"ads_at_low":            {set("Spot", "1"), `fail_on = "low"`, "fail", "spot"},
		"uncertain_ads":         {set("Spot", "-1"), `denied_categories = ["ad"]`, "incomplete", "missing_evidence"},
		"no_ad_list":            {set("PluginList", nil), `max_findings = { low = 0 }`, "incomplete", "missing_evidence"},
		"too_many_ads":          {set("PluginList", plugin), `max_findings = { low = 0 }`, "fail", "max_findings"},
		"plugins_denied":        {set("OptPluginList", plugin), `denied_categories = ["plugin"]`, "fail", "AdKit"},
		"no_plugin_list":        {drop("OptPluginList"), `denied_categories = ["plugin"]`, "incomplete", "missing_evidence"},
		"excepted": {set("RepackageStatus", "1"), `exception {
      category = "repackaged"
      id = "repackaged"
      reason = "r"
      expires_at = "2999-01-01"
      }`, "pass", ""},
		"virus_is_never_baselined":  {set("SafeType", "3"), `record_fingerprints = true`, "fail", "virus"},
		"another_md5_among_the_two": {func(r, own row) { r["ResultList"] = []any{own, own} }, "", "pass", ""},
	}
	cloud := acctest.NewCloud(t)
	changes, gates := map[string]func(response, row map[string]any){}, map[string]string{}
	for name, tt := range tests {
		changes[name] = tt.change
		gates[name] = "gate {\n enforcement = \"none\"\n " + tt.gate + "\n }"
	}
	w := acctest.New(t)
	w.Write(detections(t, cloud, gates, changes))
	w.Apply().Succeeds().DoesNotSay("Security gate")
	for name, state := range states(t, w) {
		tt := tests[strings.TrimPrefix(name, "data.ms_apk_detection.")]
		expectVerdict(t, name, state, tt.outcome, tt.code)
	}
}

// states are the attributes of all objects of the root module, read by one run of the CLI.
func states(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	var shown any
	if err := json.Unmarshal([]byte(w.Run("show", "-json").Output), &shown); err != nil {
		t.Fatal(err)
	}
	objects := map[string]map[string]any{}
	resources, _ := at(shown, "values", "root_module", "resources").([]any)
	for _, r := range resources {
		values, _ := at(r, "values").(map[string]any)
		objects[at(r, "address").(string)] = values
	}
	if len(objects) == 0 {
		t.Fatal("nothing is in the state")
	}
	return objects
}

// expectVerdict compares an outcome, and looks for a code in the reasons and violations. A pass has neither.
func expectVerdict(t *testing.T, name string, state map[string]any, outcome, code string) {
	t.Helper()
	verdict := at(state, "verdict")
	why := fmt.Sprint(at(verdict, "reasons"), at(verdict, "violations"))
	if at(verdict, "outcome") != outcome || at(verdict, "passed") != (outcome == "pass") || !strings.Contains(why, code) || (outcome == "pass") != (why == "[] []") {
		t.Errorf("%s: want %s for %q, got %v", name, outcome, code, verdict)
	}
}

func TestAccAPKDetection_badInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	const good = "apk_url = \"https://example.com/a.apk?sign=never-shown\"\n  apk_md5 = \"D41D8CD98F00B204E9800998ECF8427E\"\n  "
	gate := func(lines string) string { return good + "gate {\n " + lines + "\n }" }
	tests := map[string]struct{ body, says string }{
		"good": {good, ""},
		"good_all": {good + "poll_interval = \"1s\"\n timeouts { read = \"30m\" }\n" + `gate {
    fail_on = "low"
    denied_categories = ["repackaged", "plugin"]
    enforcement = "advisory"
    }`, ""},
		"no_url":                 {`apk_md5 = "d41d8cd98f00b204e9800998ecf8427e"`, "apk_url"},
		"no_md5":                 {`apk_url = "https://example.com/a.apk"`, "apk_md5"},
		"ftp_url":                {strings.Replace(good, "https", "ftp", 1), "must be a URL that starts with http"},
		"short_md5":              {strings.Replace(good, "D41D", "41D", 1), "32 hexadecimal digits"},
		"md5_of_other_letters":   {strings.Replace(good, "D41D", "X41D", 1), "32 hexadecimal digits"},
		"blank_md5":              {strings.Replace(good, "D41D8CD98F00B204E9800998ECF8427E", "", 1), "32 hexadecimal digits"},
		"fast_interval":          {good + `poll_interval = "999ms"`, "must be a duration of at least 1s"},
		"zero_interval":          {good + `poll_interval = "0s"`, "must be a duration of at least 1s"},
		"negative_interval":      {good + `poll_interval = "-60s"`, "must be a duration of at least 1s"},
		"interval_without_unit":  {good + `poll_interval = "60"`, "must be a duration of at least 1s"},
		"bad_timeout":            {good + `timeouts { read = "0s" }`, "must be a duration above zero"},
		"foreign_category":       {gate(`denied_categories = ["vulnerability"]`), "gate.denied_categories"},
		"bad_fail_on":            {gate(`fail_on = "severe"`), "gate.fail_on"},
		"bad_enforcement":        {gate(`enforcement = "soft"`), "gate.enforcement"},
		"not_known_yet":          {"apk_url = terraform_data.later.output\n apk_md5 = terraform_data.later.output\n poll_interval = terraform_data.later.output", ""},
		"gate_that_is_not_known": {good + "dynamic \"gate\" {\n for_each = terraform_data.later.output\n content {}\n }", ""},
	}
	bodies := map[string]string{}
	for name, tt := range tests {
		bodies[name] = tt.body
	}
	errors := refused(t, "ms_apk_detection", bodies)
	for name, tt := range tests {
		got := errors[name]
		if tt.says == "" && got != "" || tt.says != "" && !strings.Contains(got, tt.says) || strings.Contains(got, "never-shown") {
			t.Errorf("%s: got %q, want %q", name, got, tt.says)
		}
	}
}

// refused validates data sources of a type by one run of the CLI and returns the errors of each. An error
// without an address, as the CLI's own about an argument, goes to the object of its line.
func refused(t *testing.T, kind string, bodies map[string]string) map[string]string {
	t.Helper()
	var config strings.Builder
	config.WriteString("terraform {\n  required_providers {\n    ms = { source = \"tencentscan/ms\" }\n  }\n}\nresource \"terraform_data\" \"later\" {}\n")
	ends := map[string]int{}
	for name, body := range bodies {
		fmt.Fprintf(&config, "data %q %q {\n  %s\n}\n", kind, name, body)
		ends[name] = strings.Count(config.String(), "\n")
	}
	w := acctest.New(t)
	w.Write(config.String())
	var result struct {
		Diagnostics []struct {
			Severity, Summary, Detail, Address string
			Range                              struct{ Start struct{ Line int } }
		}
	}
	if err := json.Unmarshal([]byte(w.Run("validate", "-json").Output), &result); err != nil {
		t.Fatal(err)
	}
	errors := map[string]string{}
	for _, d := range result.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		owner, line := "", len(config.String())
		for name, end := range ends {
			if d.Range.Start.Line <= end && end < line {
				owner, line = name, end
			}
		}
		errors[owner] += d.Summary + ": " + d.Detail + "\n"
	}
	return errors
}
