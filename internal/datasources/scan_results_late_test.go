package datasources_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestAccScanResults_rowsThatComeLateAreWaitedFor(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	var seen atomic.Int32
	cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
		switch seen.Add(1) {
		case 1:
			response["ScanSet"], response["TotalCount"] = []any{}, 0
		case 2:
			response["ScanSet"] = response["ScanSet"].([]any)[:1]
		}
		return response
	})
	w := acctest.New(t)
	config := strings.Replace(scan(cloud, "clean.apk", "ads.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
	w.Write(config + read(gated(cloud, "ads.apk")))
	w.Apply().Succeeds()
	if got := at(w.State(results), "verdict", "outcome"); got != "pass" || cloud.Calls("DescribeScanResults") != 3 {
		t.Errorf("outcome %v after %d calls", got, cloud.Calls("DescribeScanResults"))
	}
}

func TestAccScanResults_nothingProvenLooksLikeNothingProven(t *testing.T) {
	t.Parallel()
	tests := map[string]func(response map[string]any){
		"nothing scanned":  func(r map[string]any) { r["ScanSet"], r["TotalCount"] = []any{}, 0 },
		"rows are missing": func(r map[string]any) { r["TotalCount"] = 3 },
		"still running":    func(r map[string]any) { r["ScanSet"].([]any)[0].(map[string]any)["TaskStatus"] = 2 },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
				change(response)
				return response
			})
			w := acctest.New(t)
			config := strings.Replace(scan(cloud, "clean.apk"), `poll_interval = "20ms"`, `wait_for_completion = false`, 1)
			w.Write(config + read("wait_for_completion = false"))
			w.Apply().Succeeds()
			state := w.State(results)
			if state["status"] != "processing" || name != "rows are missing" && state["summary"] != nil {
				t.Errorf("state %v", state)
			}
		})
	}
}

func TestAccScanResults_aBlankScopeOfAnExceptionIsRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for _, scope := range []string{`app_md5 = ""`, `app_pkg_name = " "`} {
		w.Write(cloud.Provider() + `
data "ms_scan_results" "app" {
  item_id = "i"
  gate {
    required_md5s = ["` + cloud.MD5("clean.apk") + `"]
    exception {
      category = "vulnerability"
      id = "V"
      reason = "r"
      expires_at = "2999-01-01"
      ` + scope + `
      }
  }
}
`)
		w.Run("validate", "-no-color").Fails().Says("gate.exception[0].app_")
	}
}

func TestAccScanResults_unknownIDsDoNotContradictEachOther(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, "clean.apk") + `
resource "terraform_data" "id" {
  count = 2
  input = "V${count.index}"
}
` + read(gated(cloud, "clean.apk",
		`denied {
      category = "vulnerability"
      id = terraform_data.id[0].output
      }`,
		`exception {
      category = "vulnerability"
      id = terraform_data.id[1].output
      reason = "r"
      expires_at = "2999-01-01"
      }`)))
	w.Apply().Succeeds()
}
