package resources_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// TestAccScanInstance_lifecycle is the resource's whole life in the framework's own terms: create,
// no-op plan, update in place, replacement, import, disappearance.
func TestAccScanInstance_lifecycle(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	cloud := acctest.NewCloud(t)
	scan := func(apps string, more ...string) string {
		return cloud.ProviderBlock() + strings.TrimPrefix(scan(cloud, apps, more...), cloud.Provider())
	}
	expect := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(app, action)}}
	}
	status := func(value string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(app, tfjsonpath.New("status"), knownvalue.StringExact(value))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories,
		Steps: []resource.TestStep{
			{
				Config:           scan(cloud.App("insecure.apk")),
				ConfigPlanChecks: expect(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					status("completed"),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("accepted_app_md5s"), knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(cloud.MD5("insecure.apk"))})),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("rejected_app_md5s"), knownvalue.ListSizeExact(0)),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("failures"), knownvalue.ListSizeExact(0)),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("limit_count"), knownvalue.Int64Exact(emulator.DefaultQuota-1)),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("limit_time"), knownvalue.Int64Exact(0)),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("submitted_at"), knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-.*Z$`))),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("scan_types"), knownvalue.SetExact([]knownvalue.Check{
						knownvalue.StringExact("VULSCAN"), knownvalue.StringExact("VIRUSSCAN"), knownvalue.StringExact("ADSCAN"), knownvalue.StringExact("PLUGINSCAN"),
					})),
					statecheck.ExpectKnownValue(app, tfjsonpath.New("summary"), knownvalue.ObjectExact(map[string]knownvalue.Check{
						"critical": knownvalue.Int64Exact(0), "high": knownvalue.Int64Exact(1), "medium": knownvalue.Int64Exact(4),
						"low": knownvalue.Int64Exact(1), "info": knownvalue.Int64Exact(0), "unknown": knownvalue.Int64Exact(0), "total": knownvalue.Int64Exact(6),
					})),
					statecheck.ExpectSensitiveValue(app, tfjsonpath.New("app_infos").AtSliceIndex(0).AtMapKey("app_url")),
				},
			},
			{
				Config:           scan(cloud.App("insecure.apk")),
				ConfigPlanChecks: expect(plancheck.ResourceActionNoop),
			},
			{
				Config:           scan(cloud.App("insecure.apk"), `timeouts { read = "1m" }`),
				ConfigPlanChecks: expect(plancheck.ResourceActionUpdate),
			},
			{
				ResourceName:      app,
				ImportState:       true,
				ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{ // what the service does not tell, and what it adds
					"app_infos", "scan_info", "scan_types", "wait_for_completion", "poll_interval", "timeouts", "limit_count", "limit_time", "submitted_at",
				},
				ImportStateIdFunc: func(s *terraform.State) (string, error) {
					return s.RootModule().Resources[app].Primary.Attributes["item_id"], nil
				},
			},
			{
				Config:            scan(cloud.App("clean.apk")),
				ConfigPlanChecks:  expect(plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{status("completed")},
			},
			{
				PreConfig: func() {
					for _, submission := range cloud.Ledger().Submissions {
						cloud.Forget(submission.ItemID)
					}
				},
				Config:            scan(cloud.App("clean.apk")),
				ConfigPlanChecks:  expect(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{status("not_found")},
			},
		},
	})
	if cloud.Submissions() != 2 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

// submitted returns the ItemId of a scan that another run made.
func submitted(t *testing.T, config string) string {
	t.Helper()
	w := acctest.New(t)
	w.Write(config)
	w.Apply().Succeeds()
	id, _ := w.State(app)["item_id"].(string)
	return id
}

func TestAccScanInstance_importAdoptsInPlaceAndSubmitsNothing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	id := submitted(t, scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk")))

	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("ads.apk")+","+cloud.App("clean.apk"), `scan_info { scan_types = ["VIRUSSCAN"] }`, `triggers = { week = "47" }`))
	w.Run("import", "-no-color", app, id).Succeeds()
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "update" {
		t.Errorf("planned %q", got)
	}
	w.Apply().Succeeds()
	w.Plan().NoChanges()
	if state := w.State(app); state["item_id"] != id || state["status"] != "completed" || fmt.Sprint(state["triggers"]) != "map[week:47]" {
		t.Errorf("state %v", state)
	}
	if cloud.Submissions() != 1 {
		t.Fatalf("%d submissions", cloud.Submissions())
	}

	// What was adopted counts from now on.
	w.Write(scan(cloud, cloud.App("ads.apk")+","+cloud.App("clean.apk"), `scan_info { scan_types = ["VULSCAN"] }`, `triggers = { week = "47" }`))
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "delete+create" {
		t.Errorf("planned %q", got)
	}
}

func TestAccScanInstance_importOfARunningTaskWaitsOn(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	release := cloud.HoldScans()
	id := submitted(t, scan(cloud, cloud.App("clean.apk"), `wait_for_completion = false`))
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Run("import", "-no-color", app, id).Succeeds()
	release()
	w.Apply().Succeeds()
	if state := w.State(app); state["status"] != "completed" || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", state, cloud.Submissions())
	}
}

func TestAccScanInstance_importIsRefused(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	id := submitted(t, scan(cloud, cloud.App("clean.apk")))
	cloud.OnAnswer("DescribeScanResults", func(request, response map[string]any) map[string]any {
		if request["ItemId"] == id {
			response["ScanSet"] = []any{}
		}
		return response
	})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Run("import", "-no-color", app, id).Fails().Says("The results of the task name no app", "item "+id)
	w.Run("import", "-no-color", app, "nothing").Fails().Says("Unable to Import Scan", "ResourceNotFound.ItemIdNotFound", "RequestId: ")
	w.Run("import", "-no-color", app, " ").Fails().Says("The import id is empty")
	if w.State(app) != nil {
		t.Errorf("state %v", w.State(app))
	}
}
