package datasources_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// refusals are the errors of `validate -json` by the address of their object.
func refusals(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	var result struct {
		Diagnostics []struct {
			Severity string `json:"severity"`
			Summary  string `json:"summary"`
			Detail   string `json:"detail"`
			Address  string `json:"address"`
		} `json:"diagnostics"`
	}
	output := w.Run("validate", "-json").Output
	if err := json.Unmarshal([]byte(output), &result); err != nil {
		t.Fatal(err)
	}
	errors := map[string]string{}
	for _, d := range result.Diagnostics {
		if d.Severity == "error" {
			errors[d.Address] += d.Summary + ": " + d.Detail + "\n"
		}
	}
	return errors
}

func TestAccScanResults_badInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	const md5 = "d41d8cd98f00b204e9800998ecf8427e"
	gate := func(lines ...string) string {
		return "item_id = \"i\"\n  gate {\n    required_md5s = [\"" + md5 + "\"]\n    " + strings.Join(lines, "\n    ") + "\n  }"
	}
	exception := func(change string) string {
		fields := map[string]string{"category": "vulnerability", "id": "V1", "reason": "known", "expires_at": "2999-01-01"}
		for _, c := range strings.Split(change, ";") {
			if name, value, ok := strings.Cut(c, "="); ok {
				fields[name] = value
			}
		}
		var lines []string
		for name, value := range fields {
			lines = append(lines, fmt.Sprintf("%s = %q", name, value))
		}
		return gate("exception {\n" + strings.Join(lines, "\n") + "\n}")
	}
	tests := map[string]struct{ body, says string }{
		"good": {gate(), ""},
		"good_all": {gate(`fail_on = "none"`, `max_findings = { high = 0, unknown = 0 }`, `denied_categories = ["virus"]`, "denied {\n category = \"vulnerability\"\n id = \"V2\"\n }", `exception {
      category = "vulnerability"
      id = "V1"
      reason = "known"
      expires_at = "2999-01-01T00:00:00+08:00"
      app_md5 = "`+md5+`"
      }`, `baseline = ["`+md5+`"]`, `max_age = "168h"`, `enforcement = "advisory"`, `record_fingerprints = true`, `required_scan_types = ["ADSCAN"]`), ""},
		"blank_item":                {`item_id = " "`, "must not be blank"},
		"bad_md5":                   {"item_id = \"i\"\n app_md5s = [\"x\"]", "32 hexadecimal digits"},
		"bad_interval":              {"item_id = \"i\"\n poll_interval = \"0s\"", "must be a duration above zero"},
		"bad_timeout":               {"item_id = \"i\"\n timeouts { read = \"-1s\" }", "must be a duration above zero"},
		"unknown_severity":          {gate(`fail_on = "severe"`), "gate.fail_on"},
		"none_alone":                {gate(`fail_on = "none"`), "only beside max_findings"},
		"negative_count":            {gate(`max_findings = { high = -1 }`), "gate.max_findings"},
		"unknown_severity_of_count": {gate(`max_findings = { severe = 1 }`), "gate.max_findings"},
		"no_required_md5s":          {"item_id = \"i\"\n gate { required_md5s = [] }", "gate.required_md5s"},
		"bad_required_md5":          {"item_id = \"i\"\n gate { required_md5s = [\"x\"] }", "gate.required_md5s"},
		"bad_scan_type":             {gate(`required_scan_types = ["PLUGINSCAN"]`), "gate.required_scan_types"},
		"foreign_category":          {gate(`denied_categories = ["repackaged"]`), "gate.denied_categories"},
		"no_category":               {exception("category="), "gate.exception[0].category"},
		"no_id":                     {exception("id= "), "gate.exception[0].id"},
		"no_reason":                 {exception("reason="), "gate.exception[0].reason"},
		"no_expiry":                 {exception("expires_at="), "gate.exception[0]: expires_at"},
		"bad_expiry":                {exception("expires_at=2026-02-30"), "gate.exception[0]: expires_at"},
		"expiry_without_zone":       {exception("expires_at=2026-02-03T00:00:00"), "gate.exception[0]: expires_at"},
		"denied_and_excepted":       {strings.Replace(exception(""), "exception", "denied {\n category = \"vulnerability\"\n id = \"V1\"\n }\n exception", 1), "gate.denied[0].id"},
		"bad_fingerprint":           {gate(`baseline = ["abc"]`), "gate.baseline"},
		"bad_age":                   {gate(`max_age = "7 days"`), "must be a duration above zero"},
		"bad_enforcement":           {gate(`enforcement = "soft"`), "gate.enforcement"},
		"partly_unknown":            {"item_id = \"i\"\n gate {\n required_md5s = [terraform_data.later.output]\n fail_on = \"severe\"\n }", "gate.fail_on"},
		"unknown_is_not_refused":    {"item_id = \"i\"\n gate {\n required_md5s = terraform_data.later.output\n fail_on = terraform_data.later.output\n exception {\n category = terraform_data.later.output\n id = \"V\"\n reason = \"r\"\n expires_at = terraform_data.later.output\n }\n }", ""},
	}
	var config strings.Builder
	config.WriteString("terraform {\n  required_providers {\n    ms = { source = \"tencentscan/ms\" }\n  }\n}\nresource \"terraform_data\" \"later\" {}\n")
	for name, tt := range tests {
		fmt.Fprintf(&config, "data \"ms_scan_results\" %q {\n  %s\n}\n", name, tt.body)
	}
	w := acctest.New(t)
	w.Write(config.String())
	errors := refusals(t, w)
	if text := errors[""]; text != "" {
		t.Fatal(text)
	}
	for name, tt := range tests {
		got := errors["data.ms_scan_results."+name]
		if tt.says == "" && got != "" || tt.says != "" && !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q, want %q", name, got, tt.says)
		}
	}
}
