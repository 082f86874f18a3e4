package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// rotated is App with another signature in its URL.
func rotated(cloud *acctest.Cloud, name string) string {
	return fmt.Sprintf(`{ app_url = %q, app_md5 = %q }`, cloud.AppURL(name, "second"), cloud.MD5(name))
}

// advisory is a gate whose warning shows that the data source was read.
func advisory(cloud *acctest.Cloud, name string) string {
	return fmt.Sprintf(`
data "ms_scan_results" "app" {
  item_id       = ms_scan_instance.app.item_id
  poll_interval = "20ms"
  gate {
    required_md5s = [%q]
    enforcement   = "advisory"
    fail_on       = "low"
  }
}
`, cloud.MD5(name))
}

func TestAccScanInstance_sameContentIsAnEmptyPlan(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*acctest.Cloud) string{
		"rotated URL": func(c *acctest.Cloud) string { return rotated(c, "clean.apk") + "," + rotated(c, "insecure.apk") },
		"reordered":   func(c *acctest.Cloud) string { return c.App("insecure.apk") + "," + c.App("clean.apk") },
		"MD5 in capital": func(c *acctest.Cloud) string {
			return c.App("insecure.apk") + "," + strings.Replace(c.App("clean.apk"), c.MD5("clean.apk"), strings.ToUpper(c.MD5("clean.apk")), 1)
		},
		"other words about the app": func(c *acctest.Cloud) string {
			return c.App("insecure.apk") + "," + strings.Replace(c.App("clean.apk"), "}", `, app_name = "new", app_size = 1 }`, 1)
		},
	}
	for name, apps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk")+","+cloud.App("insecure.apk")) + advisory(cloud, "insecure.apk"))
			w.Apply().Succeeds()
			calls := cloud.Calls("")

			w.Write(scan(cloud, apps(cloud)) + advisory(cloud, "insecure.apk"))
			w.Plan().NoChanges().Says("Security gate failed")
			if got := cloud.Calls("") - calls; got != 1 || cloud.Submissions() != 1 {
				t.Errorf("the plan made %d calls, %d submissions in all", got, cloud.Submissions())
			}
		})
	}
}

func TestAccScanInstance_unknownURLPlansNothingForTheScan(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	config := func(signature string) string {
		return fmt.Sprintf(`
resource "terraform_data" "url" {
  input = %q
}
`, cloud.AppURL("insecure.apk", signature)) + advisory(cloud, "insecure.apk") +
			scan(cloud, fmt.Sprintf(`{ app_url = terraform_data.url.output, app_md5 = %q }`, cloud.MD5("insecure.apk")))
	}
	w.Write(config("first"))
	w.Apply().Succeeds()

	w.Write(config("second"))
	w.Plan().Succeeds().Says("Security gate failed") // the gate is read while planning
	if actions := w.Actions(); len(actions) != 1 || actions["terraform_data.url"] != "update" {
		t.Errorf("planned %v", actions)
	}
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
	if state := fmt.Sprint(w.State(app)["app_infos"]); strings.Contains(state, "second") {
		t.Errorf("a fresh signature entered the state: %s", state)
	}
}

func TestAccScanInstance_changesThatSubmitAgain(t *testing.T) {
	t.Parallel()
	types := func(c *acctest.Cloud, list string) string {
		return scan(c, c.App("clean.apk"), `scan_info { scan_types = [`+list+`] }`)
	}
	tests := map[string]struct{ before, after func(*acctest.Cloud) string }{
		"new MD5": {
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk")) },
			func(c *acctest.Cloud) string { return scan(c, c.App("ads.apk")) },
		},
		"one more app": {
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk")) },
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk")+","+c.App("ads.apk")) },
		},
		"scan types": {
			func(c *acctest.Cloud) string { return types(c, `"VIRUSSCAN"`) },
			func(c *acctest.Cloud) string { return types(c, `"VIRUSSCAN", "VULSCAN"`) },
		},
		"scan types from given to omitted": {
			func(c *acctest.Cloud) string { return types(c, `"VIRUSSCAN"`) },
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk")) },
		},
		"scan types from given to omitted inside scan_info": {
			func(c *acctest.Cloud) string { return types(c, `"VIRUSSCAN"`) },
			func(c *acctest.Cloud) string {
				return scan(c, c.App("clean.apk"), `scan_info { callback_url = "http://127.0.0.1:9/done" }`)
			},
		},
		"triggers": {
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk"), `triggers = { week = "46" }`) },
			func(c *acctest.Cloud) string { return scan(c, c.App("clean.apk"), `triggers = { week = "47" }`) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(tt.before(cloud))
			w.Apply().Succeeds()
			w.Write(tt.after(cloud))
			w.Plan().Succeeds()
			if got := w.Actions()[app]; got != "delete+create" {
				t.Errorf("planned %q", got)
			}
			w.Apply().Succeeds()
			w.Plan().NoChanges()
			if cloud.Submissions() != 2 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccScanInstance_changesThatSubmitNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ before, after string }{
		"callback URL":         {`scan_info { callback_url = "http://127.0.0.1:9/a" }`, `scan_info { callback_url = "http://127.0.0.1:9/b" }`},
		"scan types spelt out": {``, `scan_info { scan_types = ["PLUGINSCAN", "VULSCAN", "ADSCAN", "VIRUSSCAN"] }`},
		"wait_for_completion":  {``, `wait_for_completion = false`},
		"timeouts":             {``, `timeouts { create = "1h" }`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk"), tt.before))
			w.Apply().Succeeds()
			before := w.State(app)
			w.Write(scan(cloud, cloud.App("clean.apk"), tt.after))
			w.Apply().Succeeds()
			w.Plan().NoChanges()
			after := w.State(app)
			if cloud.Submissions() != 1 || before["item_id"] != after["item_id"] || after["status"] != "completed" {
				t.Errorf("%d submissions, state %v", cloud.Submissions(), after)
			}
		})
	}
}

func TestAccScanInstance_unknownMD5CountsAsAChange(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	config := func(name string) string {
		return fmt.Sprintf(`
resource "terraform_data" "md5" {
  input = %q
}
`, cloud.MD5(name)) + scan(cloud, fmt.Sprintf(`{ app_url = %q, app_md5 = terraform_data.md5.output }`, cloud.AppURL(name, "first")))
	}
	w.Write(config("clean.apk"))
	w.Apply().Succeeds()
	w.Write(config("ads.apk"))
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "delete+create" {
		t.Errorf("planned %q", got)
	}
	w.Apply().Succeeds()
	if cloud.Submissions() != 2 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}
