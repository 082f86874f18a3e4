package datasources_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// Whatever way a gate is written in: it is judged, or refused, or the read waits until it is known. These tests write
// it for all data sources at once, whose results pass none.

// gatedSources are all data sources with what they need beside a gate.
var gatedSources = map[string]string{
	"ms_scan_results":          "item_id = var.item",
	"ms_apk_detection":         "apk_url = var.url\n  apk_md5 = var.md5",
	"ms_cwp_scan_task_details": "module_type = \"Vul\"\n  task_id = 1",
	"ms_tcss_vul_scan_info":    "local_task_id = 1",
	"ms_cwp_findings":          "module_type = \"Vul\"\n  task_id = 1\n  quuids = [\"quuid-web-1\"]",
	"ms_tcss_image_findings":   "image = \"" + api + "@" + digest("a") + "\"",
}

const (
	gateErrors     = `Error: Security gate (failed|incomplete)`
	duplicates     = `Error: Duplicate gate block`
	noSuchArgument = `Error: Unsupported argument`
)

func TestAccGate_noWayOfWritingItLosesIt(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScenario([]byte(`{
	  "cwp": {"tasks": [{"task_id": 1, "module_type": "Vul", "machines": [{"Id": 1, "Quuid": "q", "HostName": "h", "Status": "Ok", "RiskNum": 1}],
	    "vulnerabilities": [{"VulId": 1, "CveId": "CVE-1", "Name": "n", "Level": 4}]}]},
	  "tcss": {"next_task_id": 17, "local": [{"task_id": 1, "images": 1, "vulnerabilities": 1}], "registry_images": [`+rowOf(1, `,"vulnerabilities":[{"cve_id":"CVE-1","severity":"critical"}]`)+`]}}`)))
	w := acctest.New(t)
	scan := cloud.Provider() + fmt.Sprintf(`
variable "item" { default = "" }
variable "url" { default = %q }
variable "md5" { default = %q }
locals { policy = "version: 1\ngate: {max_age: 24h, fail_on: info}" }
resource "ms_scan_instance" "app" { app_infos = [%s] }
`, cloud.AppURL("infected.apk", "s"), cloud.MD5("infected.apk"), cloud.App("infected.apk"))
	w.Write(scan)
	w.Apply().Succeeds()
	item, _ := w.State("ms_scan_instance.app")["item_id"].(string)

	for i, test := range []struct {
		name, gate string
		// deferred: the plan cannot tell yet; ungated: no gate was meant.
		deferred, ungated bool
		says              string // how the run fails, once for each data source
		without           []string
	}{
		{name: "absent", ungated: true},
		{name: "a gate", gate: "gate {\n    policy = local.policy\n    MINE\n  }", says: gateErrors},
		{name: "with nulls", gate: "gate {\n    policy = local.policy\n    enforcement = null\n    MINE\n  }", says: gateErrors},
		{name: "empty", gate: "gate {}", says: gateErrors, without: []string{"ms_scan_results", "ms_tcss_image_findings"}}, // which need an argument
		{name: "empty where arguments are missing", gate: "gate {}", says: `Error: Invalid gate`, without: []string{"ms_apk_detection", "ms_cwp_scan_task_details", "ms_tcss_vul_scan_info", "ms_cwp_findings"}},
		{name: "two", gate: "gate {\n    policy = local.policy\n    MINE\n  }\n  gate {\n    policy = local.policy\n    MINE\n  }", says: duplicates},
		{name: "an attribute", gate: "gate = { policy = local.policy }", says: noSuchArgument},
		{name: "dynamic", gate: dynamicGate(`[1]`), says: gateErrors},
		{name: "dynamic, none", gate: dynamicGate(`[]`), ungated: true},
		{name: "dynamic, two", gate: dynamicGate(`[1, 2]`), says: duplicates},
		{name: "dynamic, unknown", gate: dynamicGate(`terraform_data.later.output == "later" ? [1] : []`), deferred: true, says: gateErrors},
		{name: "dynamic, unknown and none", gate: dynamicGate(`terraform_data.later.output == "later" ? [] : [1]`), deferred: true, ungated: true},
		{name: "dynamic, unknown and two", gate: dynamicGate(`terraform_data.later.output == "later" ? [1, 2] : []`), deferred: true, says: duplicates},
		{name: "an unknown policy", gate: "gate {\n    policy = \"${local.policy}\\n# ${terraform_data.later.output}\"\n    MINE\n  }", deferred: true, says: gateErrors},
		{name: "unknown enforcement", gate: "gate {\n    policy = local.policy\n    MINE\n    enforcement = terraform_data.later.output == \"later\" ? \"mandatory\" : \"none\"\n  }", deferred: true, says: gateErrors},
		{name: "an unknown exception", gate: "gate {\n    policy = local.policy\n    MINE\n    dynamic \"exception\" {\n      for_each = terraform_data.later.output == \"later\" ? [] : [1]\n" +
			"      content {\n        category = \"vulnerability\"\n        id = \"CVE-1\"\n        reason = \"r\"\n        expires_at = \"2999-01-01\"\n      }\n    }\n  }", deferred: true, says: gateErrors, without: []string{"ms_tcss_vul_scan_info"}},
	} {
		later := fmt.Sprintf("later_%d", i) // so that its output is unknown in each plan
		var config strings.Builder
		fmt.Fprintf(&config, "%s\nresource \"terraform_data\" %q { input = \"later\" }\n", scan, later)
		sources := slices.DeleteFunc(slices.Sorted(maps.Keys(gatedSources)), func(source string) bool { return slices.Contains(test.without, source) })
		for _, source := range sources {
			mine := map[string]string{"ms_scan_results": "required_md5s = [var.md5]"}[source]
			gate := strings.NewReplacer("terraform_data.later.", "terraform_data."+later+".", "MINE", mine).Replace(test.gate)
			fmt.Fprintf(&config, "data %q \"x\" {\n  %s\n  %s\n}\n", source, gatedSources[source], gate)
		}
		w.Write(config.String())
		run := func(args ...string) acctest.Result { return w.Run(append(args, "-no-color", "-var=item="+item)...) }
		if test.deferred {
			planned := run("plan").Succeeds().Output
			if n := strings.Count(planned, "will be read during apply"); n != len(sources) {
				t.Errorf("%s: the plan defers %d reads:\n%s", test.name, n, planned)
			}
		}
		applied := run("apply", "-auto-approve")
		if !test.ungated {
			if n := len(regexp.MustCompile(test.says).FindAllString(applied.Output, -1)); applied.Code == 0 || n != len(sources) {
				t.Errorf("%s: ends with code %d and says %s %d times:\n%s", test.name, applied.Code, test.says, n, applied.Output)
			}
			continue
		}
		applied.Succeeds()
		for _, source := range sources {
			if state := w.State("data." + source + ".x"); state == nil || state["verdict"] != nil {
				t.Errorf("%s: %s has a verdict: %v", test.name, source, state["verdict"])
			}
		}
	}
}

func dynamicGate(forEach string) string {
	return "dynamic \"gate\" {\n    for_each = " + forEach + "\n    content {\n      policy = local.policy\n      MINE\n    }\n  }"
}

// TestAccGate_unknownExceptionLosesNoOther has one exception that is unknown while planning beside two that are known.
func TestAccGate_unknownExceptionLosesNoOther(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Vul", "machine_groups": [{"count": 1, "prefix": "web-", "first_id": 1}], "vulnerabilities": []}`)
	w := acctest.New(t)
	exception := func(id string) string {
		return "category = \"vulnerability\"\n id = " + id + "\n reason = \"r\"\n expires_at = \"2999-01-01\"\n"
	}
	w.Write(cloud.Provider() + "resource \"terraform_data\" \"later\" { input = \"CVE-2\" }\n" +
		hostTask("Vul", "1", "gate {\n exception {\n"+exception(`"CVE-1"`)+"}\n dynamic \"exception\" {\n for_each = [terraform_data.later.output]\n content {\n"+exception("exception.value")+"}\n}\n exception {\n"+exception(`"CVE-3"`)+"}\n}"))
	w.Plan().Succeeds().Says("will be read during apply")
	w.Apply().Succeeds()
	verdict, _ := w.State(hosts)["verdict"].(map[string]any)
	policy := fmt.Sprint(verdict["policy"])
	if !slices.ContainsFunc([]string{"CVE-1", "CVE-2", "CVE-3"}, func(id string) bool { return !strings.Contains(policy, id) }) {
		return
	}
	t.Errorf("the policy is %s", policy)
}
