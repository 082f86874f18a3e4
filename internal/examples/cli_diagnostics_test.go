package examples_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/helpers/validatordiag"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The validators of the plugin framework have summaries of their own.
func TestTroubleshooting_tellsOfTheFrameworksValidators(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	for _, made := range []diag.Diagnostic{
		validatordiag.InvalidBlockDiagnostic(path.Empty(), ""), validatordiag.InvalidAttributeValueDiagnostic(path.Empty(), "", ""),
		validatordiag.InvalidAttributeValueLengthDiagnostic(path.Empty(), "", ""), validatordiag.InvalidAttributeValueMatchDiagnostic(path.Empty(), "", ""),
		validatordiag.InvalidAttributeCombinationDiagnostic(path.Empty(), ""), validatordiag.InvalidAttributeTypeDiagnostic(path.Empty(), "", ""),
	} {
		mentioned(t, rows, made.Summary())
	}
}

var titleOfError = regexp.MustCompile(`(?m)^\W*Error: (.*)$`)

// TestAccTroubleshooting_tellsOfTheMistakesOfAConfiguration makes the usual mistakes, and looks the titles of their errors
// up in the guide, whoever reports them: the CLI, the framework or this provider.
func TestAccTroubleshooting_tellsOfTheMistakesOfAConfiguration(t *testing.T) {
	t.Parallel()
	const app = `app_infos = [{ app_url = "http://127.0.0.1/a.apk", app_md5 = "9dd58b8c34a21d49e30c48644b2cbec0" }]`
	scan := func(lines ...string) string {
		return "resource \"ms_scan_instance\" \"%\" {\n" + strings.Join(lines, "\n") + "\n}\n"
	}
	gate := func(lines string) string {
		return "data \"ms_scan_results\" \"%\" {\n  item_id = \"1\"\n" + lines + "\n}\n"
	}
	rows := troubleshooting(t)
	s := newStage(t, "")
	// What one run reports together: the CLI does not ask the provider about a configuration that it refuses itself.
	for name, mistakes := range map[string][]string{
		"refused by the CLI": {
			scan(), scan(app, "file = 1"), scan(app, `wait_for_completion = "perhaps"`), scan(app, "scan_info {", "}", "scan_info {", "}"),
			gate("gate {\n fial_on = \"low\"\n}"), gate("gate = {}"), "resource \"ms_scan\" \"%\" {\n}\n",
		},
		"refused by the framework or the provider": {
			scan(`app_infos = [{ app_md5 = "9dd58b8c34a21d49e30c48644b2cbec0" }]`), scan("app_infos = []"), scan(app, `status = "completed"`),
			scan(app, "scan_info {", ` scan_types = ["VIRUS"]`, "}"), scan(app, `poll_interval = "soon"`), gate("gate {\n required_md5s = [\"x\"]\n fail_on = \"urgent\"\n}"),
			"data \"ms_cwp_findings\" \"%\" {\n  module_type = \"Vul\"\n  quuids = []\n}\n",
		},
		"refused before": {"module \"scan\" {\n  source = \"./scan\"\n}\n"},
		"functions":      {"output \"%\" {\n  value = provider::ms::parse_apk(\"absent.apk\")\n}\n", "output \"%\" {\n  value = filemd5(\"absent.apk\")\n}\n"},
	} {
		var hcl strings.Builder
		for i, mistake := range mistakes {
			hcl.WriteString(strings.Replace(mistake, "%", "n"+strconv.Itoa(i), 1))
		}
		s.write(hcl.String())
		output := s.Run("plan", "-no-color").Fails().Output
		titles := titleOfError.FindAllStringSubmatch(output, -1)
		if len(titles) < len(mistakes) {
			t.Errorf("%s: %d errors for %d mistakes:\n%s", name, len(titles), len(mistakes), output)
		}
		for _, title := range titles {
			summary, _, _ := strings.Cut(strings.TrimSpace(title[1]), ": ")
			mentioned(t, rows, summary)
		}
	}
}
