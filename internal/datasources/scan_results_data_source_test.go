package datasources_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	results = "data.ms_scan_results.app"
	release = "terraform_data.release"
)

// scan is a configuration that scans packages.
func scan(cloud *acctest.Cloud, names ...string) string {
	apps := make([]string, 0, len(names))
	for _, name := range names {
		apps = append(apps, cloud.App(name))
	}
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos     = [%s]
  poll_interval = "20ms"
  scan_info { scan_types = ["VULSCAN", "VIRUSSCAN", "ADSCAN", "PERMISSION", "SENSITIVE"] }
}
`, strings.Join(apps, ", "))
}

// read is a data source of the scan, with more lines, and a release that depends on its verdict.
func read(more ...string) string {
	return fmt.Sprintf(`
data "ms_scan_results" "app" {
  item_id       = ms_scan_instance.app.item_id
  poll_interval = "20ms"
  %s
}
`, strings.Join(more, "\n  "))
}

const dependent = `
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict.outcome
}
`

// gated is a gate that requires the MD5s of packages, with more lines.
func gated(cloud *acctest.Cloud, name string, more ...string) string {
	return fmt.Sprintf("gate {\n    required_md5s = [%q]\n    %s\n  }", cloud.MD5(name), strings.Join(more, "\n    "))
}

// at returns an element of a value that was read from JSON, by keys and indices.
func at(value any, steps ...any) any {
	for _, step := range steps {
		switch s := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[s]
		case int:
			l, _ := value.([]any)
			if s >= len(l) {
				return nil
			}
			value = l[s]
		}
	}
	return value
}

func TestAccScanResults_withoutAGateReadsEverythingAndJudgesNothing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, "insecure.apk", "ads.apk") + read())
	w.Apply().Succeeds()
	state := w.State(results)
	if state["verdict"] != nil || state["status"] != "completed" || fmt.Sprint(state["total_count"]) != "2" || state["id"] != state["item_id"] {
		t.Errorf("state %v", state)
	}
	if got := len(at(state, "scan_set").([]any)); got != 2 {
		t.Fatalf("%d rows", got)
	}
	row := at(state, "scan_set", 0)
	for path, want := range map[string]any{
		"app_md5":    cloud.MD5("insecure.apk"),
		"severity":   "high",
		"safe_type":  1.0,
		"permission": "android.permission.",
	} {
		var got any
		switch path {
		case "app_md5":
			got = at(row, "app_detail_info", "app_md5")
		case "severity":
			got = at(row, "vul_info", "vul_list", 0, "severity")
		case "safe_type":
			got = at(row, "virus_info", "safe_type")
		case "permission":
			got = at(row, "permission_info", "permission_list", 0, "permission")
		}
		if !strings.HasPrefix(fmt.Sprint(got), fmt.Sprint(want)) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := at(state, "scan_set", 1, "ad_info", "banners", 0, "plugin_type"); got != 3.0 {
		t.Errorf("banner of type %v in %v", got, at(state, "scan_set", 1, "ad_info"))
	}
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccScanResults_narrowedToAnAppAndWithoutDetails(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, "insecure.apk", "clean.apk") + read(
		fmt.Sprintf("app_md5s = [%q]", strings.ToUpper(cloud.MD5("insecure.apk"))), "include_details = false", gated(cloud, "insecure.apk", `enforcement = "none"`)))
	w.Apply().Succeeds()
	state := w.State(results)
	if state["scan_set"] != nil || fmt.Sprint(state["total_count"]) != "1" || at(state, "verdict", "outcome") != "fail" || at(state, "summary", "high") != 1.0 {
		t.Errorf("state %v", state)
	}
}

func TestAccScanResults_waitsUntilNothingIsProcessing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanPolls(4))
	w := acctest.New(t)
	config := strings.Replace(scan(cloud, "clean.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
	w.Write(config + read(gated(cloud, "clean.apk")))
	w.Apply().Succeeds()
	if got := at(w.State(results), "verdict", "outcome"); got != "pass" || cloud.Calls("DescribeScanResults") != 5 {
		t.Errorf("outcome %v after %d calls", got, cloud.Calls("DescribeScanResults"))
	}
}

func TestAccScanResults_aWaitThatRunsOutIsIncompleteWithAGateAndAnErrorWithout(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	defer cloud.HoldScans()()
	config := strings.Replace(scan(cloud, "clean.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
	w := acctest.New(t)
	acctest.LongEnough(t, func(timeout string) bool {
		short := `timeouts { read = "` + timeout + `" }`
		w.Write(config + read(short, gated(cloud, "clean.apk", `enforcement = "none"`)))
		w.Apply().Succeeds()
		codes := fmt.Sprint(at(w.State(results), "verdict", "reasons"))
		if at(w.State(results), "verdict", "outcome") != "incomplete" || !strings.Contains(codes, "wait_timed_out") || !strings.Contains(codes, "not_finished") {
			t.Logf("verdict %v", at(w.State(results), "verdict"))
			return false
		}

		w.Write(config + read(short))
		planned := w.Plan().Fails()
		if !strings.Contains(planned.Output, "last seen") {
			return false
		}
		planned.Says("Unable to Read Scan Results", "It was not finished after", "last seen: processing")
		return true
	})
}

func TestAccScanResults_unfinishedWithoutWaiting(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	defer cloud.HoldScans()()
	w := acctest.New(t)
	config := strings.Replace(scan(cloud, "clean.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
	w.Write(config + read("wait_for_completion = false", gated(cloud, "clean.apk")))
	w.Apply().Fails().Says("incomplete", "Security gate")
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccScanResults_vanishedItemFails(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(cloud.Provider() + `
data "ms_scan_results" "app" {
  item_id       = "gone"
  poll_interval = "5ms"
}
`)
	w.Plan().Fails().Says("Unable to Read Scan Results", "ResourceNotFound.ItemIdNotFound", "RequestId: ", "Object: item gone")
}

// TestAccScanResults_badAnswersNeverPass changes one thing in the answer about a clean app and expects
// anything but a pass.
func TestAccScanResults_badAnswersNeverPass(t *testing.T) {
	t.Parallel()
	row := func(change func(row map[string]any)) func(map[string]any) {
		return func(response map[string]any) {
			rows, _ := response["ScanSet"].([]any)
			if len(rows) > 0 {
				change(rows[0].(map[string]any))
			}
		}
	}
	vul := func(level any) func(map[string]any) {
		return row(func(r map[string]any) {
			r["VulInfo"].(map[string]any)["VulList"] = []any{map[string]any{"VulId": "v", "VulName": "n", "RiskLevel": level}}
		})
	}
	tests := map[string]struct {
		change  func(response map[string]any)
		outcome string
		code    string // of a reason, or a category in the violations
	}{
		"unchanged":                  {func(map[string]any) {}, "pass", ""},
		"an empty ScanSet":           {func(r map[string]any) { r["ScanSet"] = []any{} }, "incomplete", "nothing_scanned"},
		"no ScanSet":                 {func(r map[string]any) { delete(r, "ScanSet") }, "incomplete", "nothing_scanned"},
		"TotalCount unlike the rows": {func(r map[string]any) { r["TotalCount"] = 2 }, "incomplete", "count_mismatch"},
		"no TotalCount":              {func(r map[string]any) { delete(r, "TotalCount") }, "incomplete", "count_mismatch"},
		"TaskStatus in words":        {row(func(r map[string]any) { r["TaskStatus"] = "done" }), "incomplete", "unknown_status"},
		"TaskStatus 0":               {row(func(r map[string]any) { r["TaskStatus"] = 0 }), "incomplete", "unknown_status"},
		"TaskStatus 3":               {row(func(r map[string]any) { r["TaskStatus"] = 3 }), "incomplete", "app_failed"},
		"TaskStatus 4":               {row(func(r map[string]any) { r["TaskStatus"] = 4 }), "incomplete", "app_timed_out"},
		"StatusCode 1001":            {row(func(r map[string]any) { r["StatusCode"] = 1001 }), "incomplete", "app_failed"},
		"StatusCode in words":        {row(func(r map[string]any) { r["StatusCode"] = "ok" }), "incomplete", "app_failed"},
		"no AppDetailInfo":           {row(func(r map[string]any) { delete(r, "AppDetailInfo") }), "incomplete", "missing_md5"},
		"another MD5":                {row(func(r map[string]any) { r["AppDetailInfo"].(map[string]any)["AppMd5"] = strings.Repeat("c", 32) }), "incomplete", "missing_md5"},
		"no VulInfo":                 {row(func(r map[string]any) { delete(r, "VulInfo") }), "incomplete", "missing_evidence"},
		"an empty VulInfo":           {row(func(r map[string]any) { r["VulInfo"] = map[string]any{} }), "incomplete", "missing_evidence"},
		"no VirusInfo":               {row(func(r map[string]any) { r["VirusInfo"] = nil }), "fail", "unrated"},
		"SafeType 0":                 {row(func(r map[string]any) { r["VirusInfo"].(map[string]any)["SafeType"] = "0" }), "fail", "unrated"},
		"SafeType in words":          {row(func(r map[string]any) { r["VirusInfo"].(map[string]any)["SafeType"] = "safe" }), "fail", "unrated"},
		"SafeType 2":                 {row(func(r map[string]any) { r["VirusInfo"].(map[string]any)["SafeType"] = 2 }), "fail", "risk_software"},
		"SafeType 3":                 {row(func(r map[string]any) { r["VirusInfo"].(map[string]any)["SafeType"] = "3" }), "fail", "virus"},
		"a high vulnerability":       {vul("3"), "fail", "vulnerability"},
		"a severity in words":        {vul("low"), "fail", "vulnerability"},
		"a severity of null":         {vul(nil), "fail", "vulnerability"},
		"a severity out of range":    {vul(7), "fail", "vulnerability"},
		"a medium vulnerability":     {vul(2), "pass", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			config := strings.Replace(scan(cloud, "clean.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
			w.Write(config + read("wait_for_completion = false", gated(cloud, "clean.apk", `enforcement = "none"`)))
			cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
				tt.change(response)
				return response
			})
			w.Apply().Succeeds()
			verdict := at(w.State(results), "verdict")
			if at(verdict, "outcome") != tt.outcome || at(verdict, "passed") != (tt.outcome == "pass") {
				t.Errorf("verdict %v", verdict)
			}
			if tt.code != "" && !strings.Contains(fmt.Sprint(at(verdict, "reasons"), at(verdict, "violations")), tt.code) {
				t.Errorf("no %s in %v", tt.code, verdict)
			}
		})
	}
}

func TestAccScanResults_enforcement(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		enforcement   string
		says          string
		stops, silent bool
	}{
		"mandatory by default": {"", "Error: Security gate", true, false},
		"advisory":             {`enforcement = "advisory"`, "Warning: Security gate", false, false},
		"none":                 {`enforcement = "none"`, "", false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, "infected.apk") + read(gated(cloud, "infected.apk", tt.enforcement)) + dependent)
			result := w.Apply()
			if tt.stops {
				result.Fails().Says(tt.says, "critical", "virus", "EICAR")
			} else {
				result.Succeeds().Says(tt.says)
			}
			if tt.silent {
				result.DoesNotSay("Security gate")
			}
			if released := w.State(release) != nil; released == tt.stops {
				t.Errorf("released: %t", released)
			}
			if cloud.Submissions() != 1 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccScanResults_aReleaseThatTakesTheVerdictPlansNoChange(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, "clean.apk") + read(gated(cloud, "clean.apk", `max_age = "24h"`, `record_fingerprints = true`)) + `
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict
}
`)
	w.Apply().Succeeds()
	w.Plan().NoChanges()
	if got := at(w.State(results), "verdict", "endpoint"); got != cloud.URL() {
		t.Errorf("endpoint %v", got)
	}
}

func TestAccScanResults_exceptions(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC() // once: midnight may pass on the way
	day := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	exception := func(id, expires string, more string) string {
		return fmt.Sprintf(`exception {
      category = "vulnerability"
      id = %q
      reason = "known"
      expires_at = %q%s
      }`, id, expires, more)
	}
	tests := map[string]struct {
		rule    func(id string) string
		outcome string
		says    string
		unused  int
		until   string
	}{
		"in force": {func(id string) string { return exception(id, day(90), "") }, "pass", "", 0, day(91) + "T00:00:00Z"},
		"of this package": {func(id string) string {
			return exception(id, day(90), "\n      app_pkg_name = \"com.example.insecure\"")
		}, "pass", "", 0, day(91) + "T00:00:00Z"},
		"of another package": {func(id string) string { return exception(id, day(90), "\n      app_pkg_name = \"com.example.other\"") }, "fail", "", 1, ""},
		"expired":            {func(id string) string { return exception(id, day(-1), "") }, "fail", "", 0, ""},
		"ending soon":        {func(id string) string { return exception(id, day(5), "") }, "pass", "Warning: Exception expire", 0, day(6) + "T00:00:00Z"},
		"unused":             {func(string) string { return exception("NONE", day(90), "") }, "fail", "", 1, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, "insecure.apk") + read(gated(cloud, "insecure.apk", `enforcement = "none"`)))
			w.Apply().Succeeds()
			id, _ := at(w.State(results), "verdict", "violations", 0, "id").(string)

			w.Write(scan(cloud, "insecure.apk") + read(gated(cloud, "insecure.apk", `enforcement = "none"`, tt.rule(id))))
			w.Apply().Succeeds().Says(tt.says)
			verdict := at(w.State(results), "verdict")
			until, _ := at(verdict, "valid_until").(string)
			if at(verdict, "outcome") != tt.outcome || len(at(verdict, "unused_exceptions").([]any)) != tt.unused || until != tt.until {
				t.Errorf("verdict %v", verdict)
			}
		})
	}
}

func TestAccScanResults_baseline(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	config := func(more ...string) string {
		more = append(more, `enforcement = "none"`, `fail_on = "low"`, `record_fingerprints = true`)
		return scan(cloud, "insecure.apk", "infected.apk") + read(gated(cloud, "insecure.apk", more...))
	}
	w.Write(config())
	w.Apply().Succeeds()
	recorded, _ := at(w.State(results), "verdict", "fingerprints").([]any)
	if len(recorded) == 0 {
		t.Fatal("nothing recorded")
	}
	var baseline []string
	for _, f := range recorded {
		baseline = append(baseline, fmt.Sprintf("%q", f))
	}
	w.Write(config("baseline = [" + strings.Join(baseline, ", ") + "]"))
	w.Apply().Succeeds()
	verdict := at(w.State(results), "verdict")
	if at(verdict, "outcome") != "fail" || at(verdict, "violation_count") != 1.0 || at(verdict, "violations", 0, "category") != "virus" ||
		int(at(verdict, "baselined_count").(float64)) != len(recorded) {
		t.Errorf("verdict %v", verdict)
	}
}

func TestAccScanResults_requiredMD5AndScanTypes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ gate, code string }{
		"an MD5 that was not scanned": {`gate {
    required_md5s = ["` + strings.Repeat("a", 32) + `"]
    enforcement = "none"
    }`, "missing_md5"},
		"a type that was not scanned": {`gate {
    required_md5s = ["%s"]
    required_scan_types = ["ADSCAN"]
    enforcement = "none"
    }`, "missing_evidence"},
		"a type that a denial implies": {`gate {
    required_md5s = ["%s"]
    denied_categories = ["permission"]
    enforcement = "none"
    }`, "missing_evidence"},
		"an age that is too great": {`gate {
    required_md5s = ["%s"]
    max_age = "1h"
    enforcement = "none"
    }`, "scan_too_old"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			gate := strings.ReplaceAll(tt.gate, "%s", cloud.MD5("clean.apk"))
			if tt.code == "scan_too_old" {
				cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
					for _, row := range response["ScanSet"].([]any) {
						row.(map[string]any)["TaskTime"] = time.Now().Add(-2 * time.Hour).Unix()
					}
					return response
				})
			}
			config := strings.Replace(scan(cloud, "clean.apk"), `"VULSCAN", "VIRUSSCAN", "ADSCAN", "PERMISSION", "SENSITIVE"`, `"VULSCAN", "VIRUSSCAN"`, 1)
			w.Write(config + read(gate))
			w.Apply().Succeeds()
			verdict := at(w.State(results), "verdict")
			if at(verdict, "outcome") != "incomplete" || !strings.Contains(fmt.Sprint(at(verdict, "reasons")), tt.code) {
				t.Errorf("verdict %v", verdict)
			}
		})
	}
}

func TestAccScanResults_destroyWithAFailingGate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		gate   []string
		more   string
		passes bool
	}{
		"mandatory stops it":             {nil, "", false},
		"none lets it through":           {[]string{`enforcement = "none"`}, "", true},
		"none with a postcondition does": {[]string{`enforcement = "none"`}, "lifecycle {\n postcondition {\n condition = self.verdict.passed\n error_message = self.verdict.message\n }\n }", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, "infected.apk"))
			w.Apply().Succeeds()
			w.Write(scan(cloud, "infected.apk") + read(gated(cloud, "infected.apk", tt.gate...), tt.more) + dependent)
			result := w.Destroy()
			if tt.passes {
				result.Succeeds()
			} else {
				result.Fails().Says("Security gate")
				w.Destroy("-refresh=false").Succeeds()
			}
			if w.State("ms_scan_instance.app") != nil {
				t.Error("not destroyed")
			}
		})
	}
}

func TestAccScanResults_savedPlanIsGuardedByValidUntil(t *testing.T) {
	t.Parallel()
	const until = "data.ms_scan_results.app.verdict.valid_until"
	for name, guard := range map[string]string{"still valid": until, "no longer valid": `timeadd(` + until + `, "-24h")`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, "clean.apk"))
			w.Apply().Succeeds()
			w.Write(scan(cloud, "clean.apk") + read(gated(cloud, "clean.apk", `max_age = "24h"`)) + fmt.Sprintf(`
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict.outcome
  lifecycle {
    precondition {
      condition     = timecmp(timestamp(), %s) < 0
      error_message = "The verdict is no longer valid: plan again."
    }
  }
}
`, guard))
			w.Plan().Succeeds()
			result := w.Run("apply", "-no-color", "plan.out")
			if guard == until {
				result.Succeeds()
			} else {
				result.Fails().Says("The verdict is no longer valid")
			}
			if released := w.State(release) != nil; released != (guard == until) {
				t.Errorf("released: %t", released)
			}
		})
	}
}

func TestAccScanResults_aGateOfUnknownMD5sIsReadAtApply(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(fmt.Sprintf(`
resource "terraform_data" "md5" {
  input = %q
}
`, cloud.MD5("infected.apk")) + scan(cloud, "infected.apk") + read("gate {\n required_md5s = [terraform_data.md5.output]\n }") + dependent)
	w.Plan().Succeeds().DoesNotSay("Security gate")
	w.Apply().Fails().Says("Security gate", "EICAR")
	if w.State(release) != nil || cloud.Submissions() != 1 {
		t.Errorf("release %v, %d submissions", w.State(release), cloud.Submissions())
	}
}
