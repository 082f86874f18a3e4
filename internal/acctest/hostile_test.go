package acctest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// hostile is what a service, or whoever named a file in a package, may want a terminal or a CI system
// to see: line breaks before log commands, terminal escapes, bidirectional and invisible characters.
const hostile = "h0\n::set-output name=a::b\r\n##vso[task.complete]c\x1b[2J\x1b]0;d\x07\u009b31m\u202ee\u2066f\u200bg\u2028h\u00ad\ufeff\x00::error::i##[group]j"

// deciding are the fields whose words decide how an answer is read on.
var deciding = []string{"Status", "Result", "AppMd5", "AppMd5s", "Md5", "ItemId", "Quuid"}

var numeric = regexp.MustCompile(`^-?[0-9.]*$`)

// poison puts the hostile text into every text of an answer, into texts that decide only if all.
func poison(value any, name string, all bool) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inside := range v {
			v[key] = poison(inside, key, all)
		}
	case []any:
		for i, inside := range v {
			v[i] = poison(inside, name, all)
		}
	case string:
		if all || !slices.Contains(deciding, name) && (v == "" || !numeric.MatchString(v)) {
			return v + hostile
		}
	case nil:
		return hostile
	}
	return value
}

// poisoned has every answer of a cloud poisoned.
func poisoned(cloud *acctest.Cloud, all bool) {
	cloud.OnAnswer("", func(_, response map[string]any) map[string]any {
		response, _ = poison(response, "", all).(map[string]any)
		return response
	})
}

// tame runs the CLI and fails the test if it printed anything hostile.
func tame(t *testing.T, w *acctest.Workspace, args ...string) string {
	t.Helper()
	var output bytes.Buffer
	cmd := w.Command(args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	_ = cmd.Run()
	text := output.String()
	if fault := hostility(text); fault != "" {
		t.Errorf("%v printed %s:\n%q", args, fault, text)
	}
	return text
}

// hostility says what is hostile in a text.
func hostility(text string) string {
	for _, mark := range []string{"::", "##"} {
		if strings.Contains(text, mark) {
			return mark
		}
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == ' ':
		case r == '\t' && strings.Contains(text, "OpenTofu"): // its own words about -target hold one
		case !unicode.IsGraphic(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r), r == unicode.ReplacementChar:
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

func TestHostility_knowsTheHostileText(t *testing.T) {
	t.Parallel()
	for _, r := range hostile {
		if text := string(r); r > 0x7e && hostility(text) == "" {
			t.Errorf("%q is taken for harmless", text)
		}
	}
	if hostility(hostile) == "" || hostility("plain │ text\n") != "" {
		t.Error("the check is wrong")
	}
}

// judgedSources are all data sources with a gate, with what each needs, and what a configuration prints of each beside
// the verdict. Names and places of findings are facts, and stay as they are.
var judgedSources = []struct{ name, arguments, gate, outputs string }{
	{"ms_scan_results", "item_id = var.item\n wait_for_completion = false", "required_md5s = [var.md5]\n fail_on = \"info\"", "status"},
	{"ms_apk_detection", "apk_url = var.url\n apk_md5 = var.md5\n poll_interval = \"1s\"\n timeouts { read = \"5s\" }", `fail_on = "info"`, "id"},
	{"ms_cwp_scan_task_details", "module_type = \"Vul\"\n task_id = 1\n wait_for_completion = false", `fail_on = "info"`, "status"},
	{"ms_cwp_findings", "module_type = \"Vul\"\n task_id = 1\n quuids = [\"q\"]\n wait_for_completion = false", `fail_on = "info"`, "scan_state"},
	{"ms_tcss_vul_scan_info", "local_task_id = 1\n wait_for_completion = false", "", "id"},
	{"ms_tcss_image_findings", "image = \"registry.example.com/acme/api@" + imageDigest + "\"\n wait_for_completion = false", "max_age = \"24h\"\n fail_on = \"info\"", "id"},
}

var imageDigest = "sha256:" + strings.Repeat("a", 64)

// dataSources are all data sources, each with a gate, and what a configuration prints of them. They do not wait where
// they need not: what is hostile may never end.
func dataSources(cloud *acctest.Cloud, enforcement string) string {
	var config strings.Builder
	fmt.Fprintf(&config, `
variable "item" { default = "" }
variable "url" { default = %q }
variable "md5" { default = %q }
`, cloud.AppURL("insecure.apk", "s"), cloud.MD5("insecure.apk"))
	for _, source := range judgedSources {
		object := "data." + source.name + ".a"
		fmt.Fprintf(&config, `
data %q "a" {
  %s
  gate {
    %s
    enforcement = %q
  }
}
output %q {
  value = [%s.id, %[6]s.%[7]s, %[6]s.verdict.message, %[6]s.verdict.reasons, %[6]s.verdict.valid_until, %[6]s.verdict.endpoint]
}
`, source.name, source.arguments, source.gate, enforcement, source.name, object, source.outputs)
	}
	return config.String()
}

func hostileCloud(t *testing.T) *acctest.Cloud {
	t.Helper()
	return acctest.NewCloud(t, emulator.WithScenario([]byte(`{
	  "cwp": {"tasks": [{"task_id": 1, "module_type": "Vul",
	    "machines": [{"Id": 1, "Quuid": "q", "HostName": "h", "HostIp": "i", "Status": "Ok", "RiskNum": 1}, {"Id": 2, "Quuid": "r", "HostName": "h", "Status": "Fail", "Description": "d", "FailType": 77}],
	    "vulnerabilities": [{"VulId": 1, "CveId": "CVE-1", "Name": "n", "Level": 4}]}]},
	  "tcss": {"local": [{"task_id": 1, "images": 1, "vulnerabilities": 1}], "registry_images": [{"id": 1, "digest": "`+imageDigest+`",
	    "repo_address": "registry.example.com/acme/api", "tag": "1", "status": "SCANNED", "vulnerabilities": [{"cve_id": "CVE-1", "severity": "critical", "name": "n"}]}]}}`)))
}

func TestAccHostile_noDataSourcePrintsWhatTheServiceWants(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{"every text": true, "texts that do not decide": false} {
		for _, enforcement := range []string{"mandatory", "advisory"} {
			t.Run(name+", "+enforcement, func(t *testing.T) {
				t.Parallel()
				cloud := hostileCloud(t)
				w := acctest.New(t)
				// Answers that no longer name the app have the update wait for it: an advisory gate stops no plan.
				scan := fmt.Sprintf("\nresource \"ms_scan_instance\" \"a\" {\n  app_infos = [%s]\n  poll_interval = \"20ms\"\n  timeouts { update = \"1s\" }\n}\n", cloud.App("insecure.apk"))
				w.Write(cloud.Provider() + scan)
				w.Apply().Succeeds()
				item, _ := w.State("ms_scan_instance.a")["item_id"].(string)
				poisoned(cloud, all)
				w.Write(cloud.Provider("max_retries = 0") + scan + dataSources(cloud, enforcement))
				output := tame(t, w, "apply", "-auto-approve", "-no-color", "-var=item="+item)
				if !strings.Contains(output, "h0") || !strings.Contains(output, "Security gate") {
					t.Errorf("nothing of the service is told:\n%s", output)
				}
			})
		}
	}
}

func TestAccHostile_noErrorPrintsWhatTheServiceWants(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]map[string]any{
		"error":             {"Error": map[string]any{"Code": "FailedOperation." + hostile, "Message": hostile}, "RequestId": hostile},
		"detection error":   {"Result": "error", "Reason": hostile, "ResultList": []any{map[string]any{"Errno": "77", "ErrMsg": hostile}}, "RequestId": hostile},
		"fields of no type": {"ScanSet": hostile, "ResultList": hostile, "ScanTaskDetailList": hostile, "Status": hostile, "ItemId": []any{hostile}, "RequestId": hostile},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostileCloud(t)
			document, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			cloud.OnAnswer("", func(map[string]any, map[string]any) map[string]any {
				var response map[string]any
				_ = json.Unmarshal(document, &response)
				return response
			})
			w := acctest.New(t)
			w.Write(cloud.Provider("max_retries = 0") + strings.ReplaceAll(dataSources(cloud, "mandatory"), `default = ""`, `default = "item"`) +
				fmt.Sprintf("\nresource \"ms_scan_instance\" \"a\" {\n  app_infos = [%s]\n}\n", cloud.App("clean.apk")))
			if output := tame(t, w, "plan", "-no-color"); strings.Count(output, "Error: ") < len(judgedSources) {
				t.Errorf("nothing fails:\n%s", output)
			}
			tame(t, w, "apply", "-auto-approve", "-no-color", "-target=ms_scan_instance.a")
			tame(t, w, "plan", "-no-color", "-target=ms_scan_instance.a")
			tame(t, w, "state", "rm", "ms_scan_instance.a")
			tame(t, w, "import", "-no-color", "-var=item=i", "ms_scan_instance.a", "some-item")
		})
	}
}

func TestAccHostile_noResourcePrintsWhatTheServiceWants(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{"every text": true, "texts that do not decide": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostileCloud(t)
			w := acctest.New(t)
			scan := cloud.Provider("max_retries = 0") + fmt.Sprintf(`
resource "ms_scan_instance" "a" {
  app_infos     = [%s, %s]
  poll_interval = "20ms"
  timeouts { create = "5s" }
}
output "told" {
  value = [ms_scan_instance.a.id, ms_scan_instance.a.failures, ms_scan_instance.a.accepted_app_md5s, ms_scan_instance.a.submitted_at]
}
`, cloud.App("insecure.apk"), cloud.App("clean.apk"))
			w.Write(scan)
			cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
				if rows, ok := response["ScanSet"].([]any); ok && len(rows) > 0 {
					if row, ok := rows[0].(map[string]any); ok {
						row["TaskStatus"], row["StatusCode"], row["StatusDesc"], row["StatusRef"] = 3, 77, "", ""
					}
				}
				return response
			})
			poisoned(cloud, all)
			output := tame(t, w, "apply", "-auto-approve", "-no-color")
			if !strings.Contains(output, "Warning: Some apps were not scanned: ") || !strings.Contains(output, "h0") {
				t.Errorf("nothing of the service is told:\n%s", output)
			}
			tame(t, w, "plan", "-no-color")
			if !all { // item_id is a fact and verbatim, or a scan that is paid for would be lost
				tame(t, w, "destroy", "-auto-approve", "-no-color")
			}
			w.Run("state", "rm", "ms_scan_instance.a")

			item := cloud.Ledger().Submissions[0].ItemID
			tame(t, w, "import", "-no-color", "ms_scan_instance.a", item)
			tame(t, w, "plan", "-no-color")
			tame(t, w, "destroy", "-auto-approve", "-no-color")
			w.Write(scan + fmt.Sprintf("import {\n  to = ms_scan_instance.a\n  id = %q\n}\n", item))
			tame(t, w, "plan", "-no-color")
		})
	}
}
