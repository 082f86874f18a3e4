package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// scan is a configuration with one ms_scan_instance.app of the given elements of app_infos; more are
// lines inside the resource.
func scan(cloud *acctest.Cloud, apps string, more ...string) string {
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos     = [%s]
  poll_interval = "20ms"
  %s
}
`, apps, strings.Join(more, "\n  "))
}

const app = "ms_scan_instance.app"

func TestAccScanInstance_createWaitsAndThePlanIsEmptyAfterwards(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanPolls(3))
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds()

	state := w.State(app)
	if state["status"] != "completed" || state["id"] == "" || state["id"] != state["item_id"] {
		t.Errorf("state %v", state)
	}
	calls := cloud.Calls("DescribeScanResults")
	w.Plan().NoChanges()
	if cloud.Submissions() != 1 || calls < 4 || cloud.Calls("DescribeScanResults") != calls+1 {
		t.Errorf("%d submissions, %d calls before the plan, %d after", cloud.Submissions(), calls, cloud.Calls("DescribeScanResults"))
	}
}
