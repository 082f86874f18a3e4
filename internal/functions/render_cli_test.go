package functions_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// scanned are data sources of each kind with gates that record fingerprints, one without details and
// one without a gate, read from a cloud in which all of them find something.
func scanned(cloud *acctest.Cloud) string {
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos     = [%[1]s, %[2]s]
  scan_info { scan_types = ["VULSCAN", "VIRUSSCAN", "ADSCAN", "PERMISSION", "SENSITIVE"] }
  poll_interval = "20ms"
}
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id
  gate {
    required_md5s       = [%[3]q, %[4]q]
    fail_on             = "high"
    max_findings        = { low = 0 }
    denied_categories   = ["permission"]
    baseline            = var.baseline
    record_fingerprints = true
    enforcement         = "none"
    max_age             = "24h"
    exception {
      category   = "vulnerability"
      id         = var.excepted
      reason     = "Only in this test."
      expires_at = "9999-12-31"
    }
    exception {
      category   = "ad"
      id         = var.ended
      reason     = "It is over."
      expires_at = "2020-01-01"
    }
  }
}
variable "baseline" {
  type    = list(string)
  default = []
}
variable "excepted" { default = "none" }
variable "ended" { default = "none" }
data "ms_scan_results" "brief" {
  item_id         = ms_scan_instance.app.item_id
  include_details = false
  gate {
    required_md5s = [%[3]q, %[4]q]
    record_fingerprints = true
    enforcement = "none"
    }
}
data "ms_scan_results" "ungated" {
  item_id = ms_scan_instance.app.item_id
}
data "ms_apk_detection" "app" {
  apk_url       = %[5]q
  apk_md5       = %[3]q
  poll_interval = "1s"
  gate {
    fail_on = "low"
    record_fingerprints = true
    enforcement = "none"
    }
}
data "ms_cwp_scan_task_details" "vul" {
  module_type = "Vul"
  task_id     = 1
  gate {
    record_fingerprints = true
    enforcement = "none"
    }
}
data "ms_cwp_scan_task_details" "malware" {
  module_type = "Malware"
  task_id     = 4
  gate {
    record_fingerprints = true
    enforcement = "none"
    }
}
data "ms_tcss_vul_scan_info" "images" {
  local_task_id    = 2
  registry_task_id = 11
  gate { enforcement = "none" }
}
locals {
  all = [data.ms_scan_results.app, data.ms_scan_results.brief, data.ms_scan_results.ungated, data.ms_apk_detection.app,
    data.ms_cwp_scan_task_details.vul, data.ms_cwp_scan_task_details.malware, data.ms_tcss_vul_scan_info.images]
}
`, cloud.App("ads.apk"), cloud.App("insecure.apk"), cloud.MD5("ads.apk"), cloud.MD5("insecure.apk"), cloud.AppURL("ads.apk", "s3cr3t"))
}

// raw returns an output as "output -raw" prints it.
func raw(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	return w.Run("output", "-raw", name).Succeeds().Output
}

// TestAccRender_showsWhatTheGatesSaw compares what reports say with what the gates recorded, for each
// of the data sources by itself, and writes all of them into one report of each format.
func TestAccRender_showsWhatTheGatesSaw(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scanned(cloud) + `
output "each" {
  value     = [for scan in local.all : provider::ms::render_sarif(scan)]
  sensitive = true
}
output "sarif" {
  value     = provider::ms::render_sarif(local.all)
  sensitive = true
}
output "junit" {
  value     = provider::ms::render_junit(local.all)
  sensitive = true
}
output "html" {
  value     = provider::ms::render_html(local.all)
  sensitive = true
}
output "markdown" {
  value     = provider::ms::render_markdown(local.all)
  sensitive = true
}
`)
	w.Apply().Succeeds()
	// A second run takes one of the findings into the baseline, and excepts what the first one found.
	verdict := w.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	var baseline, excepted, ended string
	for _, element := range verdict["violations"].([]any) {
		switch violation := element.(map[string]any); violation["category"] {
		case "vulnerability":
			excepted = violation["id"].(string)
		case "ad":
			ended = violation["id"].(string)
		case "permission":
			baseline = violation["fingerprint"].(string)
		}
	}
	w.Apply("-var", `baseline=["`+baseline+`"]`, "-var=excepted="+excepted, "-var=ended="+ended).Succeeds()
	verdict = w.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	if verdict["baselined_count"] == 0.0 || verdict["excepted_count"] == 0.0 || ended == "" {
		t.Fatalf("nothing is excepted or in the baseline: %v", verdict)
	}
	var each []string
	if err := json.Unmarshal([]byte(w.Run("output", "-json", "each").Succeeds().Output), &each); err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{
		"data.ms_scan_results.app", "data.ms_scan_results.brief", "data.ms_scan_results.ungated", "data.ms_apk_detection.app",
		"data.ms_cwp_scan_task_details.vul", "data.ms_cwp_scan_task_details.malware", "data.ms_tcss_vul_scan_info.images",
	} {
		compare(t, address, each[i], w.State(address))
	}
	for _, format := range []string{"sarif", "junit", "html", "markdown"} {
		text := raw(t, w, format)
		if strings.Contains(text, "s3cr3t") || !strings.Contains(text, "CVE-2021-44228") {
			t.Errorf("%s holds a signature, or not what was found:\n%s", format, text)
		}
	}
	w.Plan("-var", `baseline=["`+baseline+`"]`, "-var=excepted="+excepted, "-var=ended="+ended).Succeeds().NoChanges()
}

// compare holds the report on one data source against its attributes.
func compare(t *testing.T, address, text string, state map[string]any) {
	t.Helper()
	run := readRun(t, text)
	var fingerprints, violating []string
	excepted, baselined, severities := 0.0, 0.0, map[string]float64{}
	for _, result := range run.Results {
		fingerprint := result.Properties.Fingerprint // the partial one has what was scanned in it, for a finding that names nothing
		fingerprints = append(fingerprints, fingerprint)
		severities[result.Properties.Severity]++
		switch {
		case len(result.Suppressions) == 0:
		case result.Suppressions[0].Justification == "In the baseline.":
			baselined++
		case strings.HasSuffix(result.Suppressions[0].Justification, ": Only in this test."):
			excepted++
		}
		if strings.Contains(result.Message.Text, "; violates ") && !strings.Contains(result.Message.Text, "; violates no rule") {
			violating = append(violating, fingerprint)
		}
	}
	for _, notification := range run.Invocations[0].ToolExecutionNotifications {
		if strings.Contains(notification.Message.Text, "cannot be told") || strings.Contains(notification.Message.Text, "not as the data source gave it") {
			t.Errorf("%s: the report does not trust the object: %s", address, notification.Message.Text)
		}
	}
	partial := state["include_details"] == false
	if summary, ok := state["summary"].(map[string]any); ok && !partial {
		for severity, count := range summary {
			if severity != "total" && severities[severity] != count {
				t.Errorf("%s: %v %s findings, the summary counts %v", address, severities[severity], severity, count)
			}
		}
		if summary["total"] == 0.0 || float64(len(run.Results)) != summary["total"] {
			t.Errorf("%s: %d results, the summary counts %v", address, len(run.Results), summary["total"])
		}
	}
	verdict, _ := state["verdict"].(map[string]any)
	if verdict == nil {
		return
	}
	var violations []string
	for _, violation := range verdict["violations"].([]any) {
		violations = append(violations, violation.(map[string]any)["fingerprint"].(string))
	}
	slices.Sort(violations)
	slices.Sort(violating)
	if violations = slices.Compact(violations); !slices.Equal(violating, violations) || len(violations) == 0 {
		t.Errorf("%s: violations are %q, the verdict's %q", address, violating, violations)
	}
	if !partial && (excepted != verdict["excepted_count"] || baselined != verdict["baselined_count"]) {
		t.Errorf("%s: %v excepted, %v in the baseline; the verdict counts %v and %v", address, excepted, baselined, verdict["excepted_count"], verdict["baselined_count"])
	}
	recorded, _ := verdict["fingerprints"].([]any)
	if gate, _ := state["gate"].(map[string]any); gate["record_fingerprints"] == true && recorded == nil {
		t.Errorf("%s: no fingerprints are recorded", address)
	}
	for _, fingerprint := range recorded {
		if !partial && !slices.Contains(fingerprints, fingerprint.(string)) {
			t.Errorf("%s: no result has the recorded fingerprint %s", address, fingerprint)
		}
	}
}

type sarifRun struct {
	Results []struct {
		RuleID       string
		Message      struct{ Text string }
		Suppressions []struct{ Justification string }
		Properties   struct{ Severity, Fingerprint string }
	}
	Invocations []struct {
		ToolExecutionNotifications []struct{ Message struct{ Text string } }
	}
}

func readRun(t *testing.T, text string) sarifRun {
	t.Helper()
	var file struct{ Runs []sarifRun }
	if err := json.Unmarshal([]byte(text), &file); err != nil || len(file.Runs) != 1 {
		t.Fatalf("%v\n%s", err, text)
	}
	return file.Runs[0]
}

func TestAccRender_takesListsOfDataSources(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(cloud.Provider() + `
data "ms_cwp_scan_task_details" "counted" {
  count       = 2
  module_type = "Vul"
  task_id     = count.index + 1
}
data "ms_cwp_scan_task_details" "each" {
  for_each    = { Vul = 1, Malware = 4 }
  module_type = each.key
  task_id     = each.value
}
output "counted" { value = provider::ms::render_markdown(data.ms_cwp_scan_task_details.counted) }
output "each" { value = provider::ms::render_markdown(values(data.ms_cwp_scan_task_details.each)) }
output "list" { value = provider::ms::render_markdown(tolist(data.ms_cwp_scan_task_details.counted)) }
output "stored" { value = provider::ms::render_markdown(jsondecode(jsonencode(data.ms_cwp_scan_task_details.counted))) }
`)
	w.Apply().Succeeds()
	counted := raw(t, w, "counted")
	for _, want := range []string{"`Vul task 1`", "`Vul task 2`", "`CVE-2021-44228`"} {
		if !strings.Contains(counted, want) {
			t.Errorf("no %s in:\n%s", want, counted)
		}
	}
	if each := raw(t, w, "each"); !strings.Contains(each, "`Malware task 4`") || !strings.Contains(each, "`Vul task 1`") {
		t.Errorf("%s", each)
	}
	for _, name := range []string{"list", "stored"} {
		if got := raw(t, w, name); got != counted {
			t.Errorf("%s differs:\n%s", name, got)
		}
	}
}

// TestAccRender_waitsForWhatIsNotKnown: an unknown anywhere makes the report unknown, not wrong.
func TestAccRender_waitsForWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scanned(cloud) + `
output "report" {
  value     = provider::ms::render_markdown(local.all)
  sensitive = true
}
resource "terraform_data" "inside" { input = "x" }
output "inside" { value = provider::ms::render_markdown([merge(data.ms_tcss_vul_scan_info.images, { status = terraform_data.inside.output })]) }
`)
	w.Plan().Succeeds()
	var plan struct {
		Outputs map[string]struct {
			AfterUnknown any `json:"after_unknown"`
		} `json:"output_changes"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json", filepath.Join(w.Dir, "plan.out")).Succeeds().Output), &plan); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report", "inside"} {
		if plan.Outputs[name].AfterUnknown != true {
			t.Errorf("output %s is planned as %v, want unknown", name, plan.Outputs[name].AfterUnknown)
		}
	}
	w.Apply().Succeeds()
	if text := raw(t, w, "inside"); !strings.Contains(text, "Local images scanned: 12") {
		t.Errorf("%s", text)
	}
}

func TestAccRender_refusesWhatIsNoDataSource(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for value, want := range map[string]string{
		`"text"`:    "not a data source of this provider",
		`{ a = 1 }`: "not a data source of this provider",
		`[]`:        "the list is empty",
		`[data.ms_tcss_vul_scan_info.images, null]`:                                    "element 1: the value is not a data source",
		`data.ms_tcss_vul_scan_info.images.status`:                                     "not a data source of this provider",
		`{ for k, v in data.ms_tcss_vul_scan_info.images : k => v if k != "verdict" }`: "give a whole data source",
		`{ a = data.ms_tcss_vul_scan_info.images }`:                                    "values(",
		`merge(data.ms_tcss_vul_scan_info.images, { verdict = "pass" })`:               "has the attributes of ms_tcss_vul_scan_info, but an attribute is of another type",
	} {
		w.Write(cloud.Provider() + `
data "ms_tcss_vul_scan_info" "images" { local_task_id = 1 }
output "report" { value = provider::ms::render_sarif(` + value + `) }
`)
		w.Run("plan", "-no-color").Fails().Says(want, "scans")
	}
}

// TestAccRender_aNullIsAnError wherever the null comes from: a CLI that skipped the function would give
// no report, and nobody would notice.
func TestAccRender_aNullIsAnError(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for name, value := range map[string]string{
		"literal": "null", "variable": "var.nothing", "typed": "var.text", "attribute": "data.ms_tcss_vul_scan_info.images.verdict", "conditional": "var.nothing == null ? null : 1",
	} {
		w.Write(cloud.Provider() + `
variable "nothing" { default = null }
variable "text" {
  type    = string
  default = null
}
data "ms_tcss_vul_scan_info" "images" { local_task_id = 1 }
output "report" { value = provider::ms::render_sarif(` + value + `) }
`)
		if result := w.Run("apply", "-auto-approve", "-no-color"); result.Code != 1 {
			t.Errorf("%s ended with code %d:\n%s", name, result.Code, result.Output)
		}
	}
}
