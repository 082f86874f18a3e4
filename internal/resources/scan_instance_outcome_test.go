package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestAccScanInstance_lostAnswerIsUncertainAndNeverSubmitsByItself(t *testing.T) {
	t.Parallel()
	tests := map[string]emulator.Fault{
		"reset after the submission":      {Kind: emulator.FaultLost},
		"truncated answer":                {Kind: emulator.FaultTruncate},
		"InternalError after acceptance":  {Kind: emulator.FaultError, Code: "InternalError", After: true},
		"HTTP 502 after acceptance":       {Kind: emulator.FaultHTTP, After: true},
		"no JSON":                         {Kind: emulator.FaultText},
		"an answer without an ItemId":     {Kind: emulator.FaultMissing, Fields: []string{"ItemId"}},
		"an ItemId that is an empty list": {Kind: emulator.FaultTypes, Fields: []string{"ItemId"}},
		"an undocumented code":            {Kind: emulator.FaultError, Code: "FailedOperation.Whatever", After: true},
	}
	for name, fault := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			fault.Action, fault.Times = "CreateScanInstances", 1
			cloud.Fault(fault)
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk")))
			w.Apply().Succeeds().Says("Warning: Unable to Confirm Submission of Scan", "terraform state rm", "-replace")

			state := w.State(app)
			if state["status"] != "uncertain" || state["item_id"] != nil || w.Tainted(app) {
				t.Errorf("state %v, tainted %t", state, w.Tainted(app))
			}
			w.Plan().NoChanges().Says("Unable to Confirm Submission of Scan", "terraform import", "-replace")
			w.Apply().Succeeds()
			if cloud.Submissions() != 1 || cloud.Calls("CreateScanInstances") != 1 {
				t.Fatalf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateScanInstances"))
			}
			w.Apply("-replace=" + app).Succeeds()
			if cloud.Submissions() != 2 || w.State(app)["status"] != "completed" {
				t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
			}
		})
	}
}

func TestAccScanInstance_readingResultsOfALostAnswerFailsAndSaysWhy(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost, Times: 1})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")) + advisory(cloud, "clean.apk"))
	w.Apply().Fails().Says("item_id is null: the answer to the submission was lost")
	if cloud.Submissions() != 1 || w.State(app)["status"] != "uncertain" {
		t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
	}
}

func TestAccScanInstance_vanishedItemKeepsItsID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds()
	id, _ := w.State(app)["item_id"].(string)
	cloud.Forget(id)

	w.Plan().NoChanges().Says("Warning: Unable to Find Scan", "ResourceNotFound.ItemIdNotFound", "RequestId: ",
		"secret_id ends in "+cloud.SecretID()[len(cloud.SecretID())-4:], "-replace or a new value in triggers")
	w.Apply().Succeeds()
	w.Apply("-refresh-only").Succeeds()
	identified(t, w)
	if state := w.State(app); state["item_id"] != id || state["status"] != "not_found" || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", state, cloud.Submissions())
	}
}

// broken is an app whose MD5 is not that of the file behind its URL.
func broken(cloud *acctest.Cloud) string {
	return fmt.Sprintf(`{ app_url = %q, app_md5 = %q }`, cloud.AppURL("ads.apk", "x"), strings.Repeat("b", 32))
}

func TestAccScanInstance_rejectedAndFailedApps(t *testing.T) {
	t.Parallel()
	ads := packages.MD5(packages.Ads())
	tests := map[string]struct {
		rejected  []string
		apps      func(*acctest.Cloud) string
		says      string
		completed bool // once the bad app is taken out
		replaces  bool
	}{
		"partly rejected": {
			rejected:  []string{ads},
			apps:      func(c *acctest.Cloud) string { return c.App("clean.apk") + "," + c.App("ads.apk") },
			says:      "MD5 " + ads + ": the service did not accept this app",
			completed: true,
		},
		"one failed": {
			apps:     func(c *acctest.Cloud) string { return c.App("clean.apk") + "," + broken(c) },
			says:     "MD5 " + strings.Repeat("b", 32) + ": code 1001",
			replaces: true,
		},
		"all rejected": {
			rejected: []string{ads, packages.MD5(packages.Clean())},
			apps:     func(c *acctest.Cloud) string { return c.App("clean.apk") + "," + c.App("ads.apk") },
			says:     "2 of its apps were rejected",
			replaces: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithRejected(tt.rejected...))
			w := acctest.New(t)
			w.Write(scan(cloud, tt.apps(cloud)))
			w.Apply().Succeeds().Says("Warning: Some apps were not scanned", tt.says)
			if state := w.State(app); state["status"] != "failed" || w.Tainted(app) || state["item_id"] == nil {
				t.Errorf("state %v, tainted %t", state, w.Tainted(app))
			}
			w.Plan().NoChanges().Says("Some apps were not scanned", tt.says)
			w.Apply().Succeeds()
			if cloud.Submissions() != 1 {
				t.Fatalf("%d submissions", cloud.Submissions())
			}

			w.Write(scan(cloud, rotated(cloud, "clean.apk")))
			w.Plan().Succeeds()
			calls := cloud.Calls("CreateScanInstances")
			switch got := w.Actions()[app]; {
			case tt.replaces:
				if got != "delete+create" {
					t.Errorf("planned %q", got)
				}
				return
			case got != "update":
				t.Errorf("planned %q", got)
			}
			w.Apply().Succeeds().DoesNotSay("Some apps were not scanned")
			if state := w.State(app); state["status"] != "completed" || len(state["failures"].([]any)) != 0 || len(state["rejected_app_md5s"].([]any)) != 0 {
				t.Errorf("state %v", state)
			}
			w.Plan().NoChanges()
			if cloud.Calls("CreateScanInstances") != calls {
				t.Error("taking out a rejected app submitted")
			}
		})
	}
}

func TestAccScanInstance_acceptanceIsJudgedByTheRowsWhereTheAnswerIsSilent(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithRejected(packages.MD5(packages.Ads())), emulator.WithScanPolls(2))
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultMissing, Fields: []string{"AppMd5s"}})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk")))
	w.Apply().Succeeds().Says("the service did not accept this app")
	if got := fmt.Sprint(w.State(app)["rejected_app_md5s"]); got != "["+cloud.MD5("ads.apk")+"]" {
		t.Errorf("rejected %s", got)
	}
	w.Plan().NoChanges()
}

func TestAccScanInstance_refusedSubmissionIsAnErrorWithoutState(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault emulator.Fault
		says  []string
	}{
		"quota used up":    {emulator.Fault{Kind: emulator.FaultError, Code: "LimitExceeded", Message: "no scans left"}, []string{"quota of scans is used up", "LimitExceeded: no scans left", "RequestId: "}},
		"action withdrawn": {emulator.Fault{Kind: emulator.FaultError, Code: "ActionOffline"}, []string{"does not offer this action", "ms_apk_detection"}},
		"invalid action":   {emulator.Fault{Kind: emulator.FaultError, Code: "InvalidAction"}, []string{"ms_apk_detection"}},
		"not enabled":      {emulator.Fault{Kind: emulator.FaultError, Code: "UnauthorizedOperation.NotWhiteUser"}, []string{"must be enabled for this action by Tencent Cloud's support"}},
		"clock off":        {emulator.Fault{Kind: emulator.FaultClock, Offset: emulator.Duration(600e9)}, []string{"clock of this machine", "AuthFailure.SignatureExpire"}},
		"refused as bad":   {emulator.Fault{Kind: emulator.FaultError, Code: "MissingParameter.MissingAppInfo"}, []string{"refused the request as invalid"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			tt.fault.Action = "CreateScanInstances"
			cloud.Fault(tt.fault)
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk")))
			w.Apply().Fails().Says(append(tt.says, "Error: Unable to Submit Scan", cloud.MD5("clean.apk"))...)
			if w.State(app) != nil || cloud.Submissions() != 0 || cloud.Calls("CreateScanInstances") != 1 {
				t.Errorf("state %v, %d submissions, %d calls", w.State(app), cloud.Submissions(), cloud.Calls("CreateScanInstances"))
			}
		})
	}
}

func TestAccScanInstance_wrongKey(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(strings.Replace(scan(cloud, cloud.App("clean.apk")), cloud.SecretKey(), "not-the-key", 1))
	w.Apply().Fails().Says("AuthFailure.SignatureFailure", "Check secret_id, secret_key and security_token")
	if w.State(app) != nil || cloud.Submissions() != 0 {
		t.Errorf("state %v, %d submissions", w.State(app), cloud.Submissions())
	}
}

func TestAccScanInstance_throttledSubmissionIsRepeated(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultError, Code: "RequestLimitExceeded", Times: 1})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 || cloud.Calls("CreateScanInstances") != 2 {
		t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateScanInstances"))
	}
}

func TestAccScanInstance_noCredentials(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	w.Write(fmt.Sprintf(`
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
provider "ms" {
  endpoint_url = %q
}
resource "ms_scan_instance" "app" {
  app_infos = [%s]
}
`, cloud.URL(), cloud.App("clean.apk")))
	w.Run("validate", "-no-color").Succeeds()
	w.Apply().Fails().Says("No usable credentials were found", "TENCENTCLOUD_SECRET_ID")
	if cloud.Calls("") != 0 {
		t.Errorf("%d calls", cloud.Calls(""))
	}
}

func TestAccScanInstance_postconditionStopsDependentsWithoutTainting(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t)
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(scan(cloud, cloud.App("clean.apk"), `
  timeouts { create = "`+timeout+`" }
  lifecycle {
    postcondition {
      condition     = self.status == "completed"
      error_message = "The scan is ${self.status}."
    }
  }`) + `
resource "terraform_data" "release" {
  input = ms_scan_instance.app.item_id
}
`)
		applied := w.Apply().Fails()
		if !keptID(w) {
			return false
		}
		applied.Says("The scan is processing.")
		if w.Tainted(app) || w.State("terraform_data.release") != nil || cloud.Submissions() != 1 {
			t.Errorf("tainted %t, release %v, %d submissions", w.Tainted(app), w.State("terraform_data.release"), cloud.Submissions())
		}
		release()
		w.Apply().Succeeds()
		if w.State("terraform_data.release") == nil || cloud.Submissions() != 1 {
			t.Errorf("release %v, %d submissions", w.State("terraform_data.release"), cloud.Submissions())
		}
		return true
	})
}

func TestAccScanInstance_destroyCallsNothing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds()
	calls := cloud.Calls("")
	w.Destroy("-refresh=false").Succeeds()
	if cloud.Calls("") != calls || w.State(app) != nil {
		t.Errorf("%d calls, state %v", cloud.Calls("")-calls, w.State(app))
	}
}
