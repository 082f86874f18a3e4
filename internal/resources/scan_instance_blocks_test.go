package resources_test

import (
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestAccScanInstance_misspeltNamesAndSecondBlocksAreRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	tests := map[string]struct {
		lines string
		says  []string
	}{
		"a misspelt name in scan_info": {`scan_info { scan_type = ["VULSCAN"] }`, []string{`An argument named "scan_type" is not expected here`, `Did you mean "scan_types"?`}},
		"a misspelt name in timeouts":  {`timeouts { creates = "1h" }`, []string{`An argument named "creates" is not expected here`, `Did you mean "create"?`}},
		"an attribute scan_info":       {`scan_info = { scan_types = ["VULSCAN"] }`, []string{`An argument named "scan_info" is not expected here`, "block"}},
		"two scan_info":                {"scan_info {}\n  scan_info { scan_types = [\"VULSCAN\"] }", []string{"Duplicate scan_info block"}},
		"two timeouts":                 {"timeouts {}\n  timeouts {}", []string{"Duplicate timeouts block"}},
		"a timeout of 0":               {`timeouts { create = "0" }`, []string{"must be a duration above zero"}},
		"scan_types as an input":       {`scan_types = ["VULSCAN"]`, []string{"scan_types"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk"), tt.lines))
			w.Run("validate", "-no-color").Fails().Says(tt.says...)
		})
	}
}

// dynamic is a scan with a block scan_info for each element of a list.
func dynamic(cloud *acctest.Cloud, list string) string {
	return scan(cloud, cloud.App("clean.apk"), fmt.Sprintf(`dynamic "scan_info" {
    for_each = %s
    content {
      scan_types = scan_info.value
    }
  }`, list))
}

func TestAccScanInstance_dynamicScanInfo(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	types := func(want string) {
		t.Helper()
		if got := fmt.Sprint(w.State(app)["scan_types"]); got != want {
			t.Errorf("scan types %s, want %s", got, want)
		}
	}
	w.Write(dynamic(cloud, `[]`))
	w.Apply().Succeeds()
	types("[ADSCAN PLUGINSCAN VIRUSSCAN VULSCAN]")
	w.Plan().NoChanges()

	w.Write(dynamic(cloud, `[null]`)) // a block with nothing in it
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "update" {
		t.Errorf("planned %q", got)
	}
	w.Apply().Succeeds()
	types("[ADSCAN PLUGINSCAN VIRUSSCAN VULSCAN]")
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}

	w.Write(dynamic(cloud, `[["VULSCAN"], ["VIRUSSCAN"]]`))
	w.Apply().Fails()
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}

	w.Write(dynamic(cloud, `[["VULSCAN"]]`))
	w.Apply().Succeeds()
	types("[VULSCAN]")
	w.Plan().NoChanges()
	if cloud.Submissions() != 2 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

// TestAccScanInstance_dynamicScanInfoThatIsNotKnownYet has scan types that are known only after an apply. They
// count as other ones, as unknown MD5s do, and the plan says so. Where no block comes of it the CLI refuses
// what it had planned, before anything is submitted.
func TestAccScanInstance_dynamicScanInfoThatIsNotKnownYet(t *testing.T) {
	t.Parallel()
	config := func(cloud *acctest.Cloud, list, version string) string {
		return dynamic(cloud, "terraform_data.types.output.list") + fmt.Sprintf(`
resource "terraform_data" "types" {
  input = { list = %s, version = %q }
}
`, list, version)
	}
	for name, list := range map[string]string{"one block": `[["VULSCAN"]]`, "no block": `[]`, "an empty block": `[null]`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(config(cloud, list, "1"))
			if name == "no block" {
				w.Apply().Fails().Says("scan_info: was present, but now absent")
				if cloud.Submissions() != 0 || w.State(app) != nil {
					t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
				}
			}
			w.Apply().Succeeds()
			w.Plan().NoChanges()
			if cloud.Submissions() != 1 || w.State(app)["status"] != "completed" {
				t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
			}

			w.Write(config(cloud, list, "2"))
			w.Plan().Succeeds()
			if got := w.Actions()[app]; got != "delete+create" {
				t.Errorf("planned %q", got)
			}
			if cloud.Submissions() != 1 {
				t.Errorf("a plan made %d submissions", cloud.Submissions())
			}
		})
	}
}
