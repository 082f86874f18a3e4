package resources_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// diagnostics are the errors of `validate -json` by the address of their object.
func diagnostics(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	var result struct {
		Diagnostics []struct {
			Severity string `json:"severity"`
			Summary  string `json:"summary"`
			Detail   string `json:"detail"`
			Address  string `json:"address"`
		} `json:"diagnostics"`
	}
	if err := json.Unmarshal([]byte(w.Run("validate", "-json").Output), &result); err != nil {
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

func TestAccScanInstance_badInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	const md5 = "d41d8cd98f00b204e9800998ecf8427e"
	element := func(url, md5 string) string { return fmt.Sprintf(`{ app_url = %q, app_md5 = %q }`, url, md5) }
	good := element("https://example.com/a.apk", md5)
	many := make([]string, 21)
	for i := range many {
		many[i] = element("https://example.com/a.apk", fmt.Sprintf("%032x", i))
	}
	apps := func(elements ...string) string { return "app_infos = [" + strings.Join(elements, ", ") + "]" }
	with := func(line string) string { return apps(good) + "\n  " + line }
	tests := map[string]struct{ body, says string }{
		"no_apps":           {apps(), "must have 1 to 20 elements"},
		"too_many_apps":     {apps(many...), "must have 1 to 20 elements"},
		"md5_left_out":      {apps(`{ app_url = "https://example.com/a.apk" }`), "app_infos[0].app_md5 is required"},
		"url_null":          {apps(`{ app_url = null, app_md5 = "` + md5 + `" }`), "app_infos[0].app_url is required"},
		"no_md5":            {apps(element("https://example.com/a.apk", "abc")), "32 hexadecimal digits"},
		"md5_twice":         {apps(good, element("https://example.com/b.apk", strings.ToUpper(md5))), "already in app_infos, at index 0"},
		"no_url":            {apps(element("a.apk", md5)), "starts with http:// or https://"},
		"ftp_url":           {apps(element("ftp://example.com/a.apk", md5)), "starts with http:// or https://"},
		"no_host":           {apps(element("https:///a.apk", md5)), "names a host"},
		"bad_size":          {apps(`{ app_url = "https://example.com/a", app_md5 = "` + md5 + `", app_size = 0 }`), "at least 1"},
		"bad_scan_type":     {with(`scan_info { scan_types = ["VIRUS"] }`), "VULSCAN"},
		"no_scan_types":     {with(`scan_info { scan_types = [] }`), "must not be empty"},
		"bad_callback":      {with(`scan_info { callback_url = "example.com" }`), "starts with http:// or https://"},
		"bad_poll_interval": {with(`poll_interval = "fast"`), "must be a duration above zero"},
		"zero_interval":     {with(`poll_interval = "0s"`), "must be a duration above zero"},
		"negative_interval": {with(`poll_interval = "-1s"`), "must be a duration above zero"},
		"bad_timeout":       {with(`timeouts { create = "soon" }`), "must be a duration above zero"},
		"zero_timeout":      {with(`timeouts { update = "0s" }`), "must be a duration above zero"},
		"negative_timeout":  {with(`timeouts { read = "-5m" }`), "must be a duration above zero"},
		"good":              {with(``), ""},
	}
	var config strings.Builder
	config.WriteString("terraform {\n  required_providers {\n    ms = { source = \"tencentscan/ms\" }\n  }\n}\n")
	for name, tt := range tests {
		fmt.Fprintf(&config, "resource \"ms_scan_instance\" %q {\n  %s\n}\n", name, tt.body)
	}
	w := acctest.New(t)
	w.Write(config.String())
	errors := diagnostics(t, w)
	for name, tt := range tests {
		got := errors["ms_scan_instance."+name]
		if tt.says == "" && got != "" || tt.says != "" && !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q, want %q", name, got, tt.says)
		}
	}
	for address, text := range errors {
		if strings.Contains(text, "example.com/") {
			t.Errorf("%s shows a URL: %s", address, text)
		}
	}
}

func TestAccScanInstance_elementsThatAreNotKnownWhileValidating(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(cloud.Provider() + fmt.Sprintf(`
locals {
  apps = { clean = %s, ads = %s }
}
resource "ms_scan_instance" "each" {
  for_each      = local.apps
  app_infos     = [each.value]
  poll_interval = "20ms"
}
resource "ms_scan_instance" "count" {
  count         = 1
  app_infos     = [values(local.apps)[count.index]]
  poll_interval = "20ms"
}
`, cloud.App("clean.apk"), cloud.App("ads.apk")))
	w.Run("validate", "-no-color").Succeeds()
	w.Apply().Succeeds()
	w.Plan().NoChanges()
	if cloud.Submissions() != 3 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}
