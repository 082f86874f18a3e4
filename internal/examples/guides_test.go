package examples_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The statements of the guides "Waiting and resuming", "Quotas and parallel runs", "Credentials" and
// "When the scan actions are withdrawn".

// waiting is [gated] whose scan has further lines.
func waiting(lines ...string) string {
	return strings.Replace(gated(), "  app_infos", "  "+strings.Join(append(lines, "app_infos"), "\n  "), 1)
}

func TestAccWaiting_timeOutKeepsTheIDAndTheNextApplyWaitsOn(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		s := newStage(t, "", emulator.WithScanDuration(time.Hour))
		s.write(waiting(`poll_interval = "100ms"`, `timeouts { create = "`+timeout+`" }`))
		applied := s.Apply("-target=" + scan)
		if s.State(scan) == nil || !strings.Contains(applied.Output, "last seen: processing") {
			return false
		}
		applied.Succeeds().Says("Warning: Unable to Finish Waiting for Scan", "last seen: processing")
		if s.State(scan)["status"] != "processing" || s.Tainted(scan) {
			t.Fatalf("status %v, tainted %t", s.State(scan)["status"], s.Tainted(scan))
		}
		s.write(waiting(`poll_interval = "100ms"`, `timeouts { update = "`+timeout+`" }`))
		s.Apply("-target="+scan).Fails().Says("will be updated in-place", "Error: Unable to Finish Waiting for Scan")
		s.cloud.Advance(2 * time.Hour)
		s.write(waiting(`poll_interval = "100ms"`)) // with all the time that it needs
		s.Apply().Succeeds()
		s.submissions(1)
		return true
	})
}

func TestAccWaiting_dataSourceWaitsWhereTheResourceDoesNot(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/wait-elsewhere", emulator.WithScanDuration(time.Hour))
	s.edit("main.tf", `read = "5h"`, `read = "5s"`)
	s.Apply().Fails().Says(stopped, "wait_timed_out")
	if s.State(scan)["item_id"] == nil {
		t.Fatal("no id in the state")
	}
	s.edit("main.tf", `read = "5s"`, `read = "5h"`)
	s.cloud.Advance(2 * time.Hour)
	s.Apply().Succeeds()
	s.submissions(1)
}

func TestAccWaiting_withoutAGateATimeOutIsAnError(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/wait-elsewhere", emulator.WithScanDuration(time.Hour))
	s.edit("main.tf", `read = "5h"`, `read = "5s"`)
	s.edit("main.tf", "  gate {\n    required_md5s = [local.package_md5]\n  }\n", "")
	s.edit("main.tf", "verdict.outcome", "status")
	s.Apply().Fails().Says("Error: Unable to Read Scan Results", "It was not finished after 5s; last seen:")
}

func TestAccWaiting_lostAnswerIsUncertainUntilImported(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated())
	s.cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost, Times: 1})
	applied := s.Apply().Fails().Says("Warning: Unable to Confirm Submission of Scan", "Error: Scan ID is unknown")
	if errors := strings.Count(applied.Output, "Error: "); errors != 1 { // not the framework's about a required attribute as well
		t.Errorf("%d errors, want 1:\n%s", errors, applied.Output)
	}
	if s.State(scan)["status"] != "uncertain" || s.Tainted(scan) {
		t.Fatalf("status %v, tainted %t", s.State(scan)["status"], s.Tainted(scan))
	}
	s.Run("plan", "-no-color", "-target="+scan).Succeeds().Says("Warning: Unable to Confirm Submission of Scan", "No changes")

	s.Run("state", "rm", scan).Succeeds()
	s.Run("import", "-no-color", scan, s.cloud.Ledger().Submissions[0].ItemID).Succeeds()
	s.Apply().Succeeds()
	s.submissions(1)

	s.Apply("-replace=" + scan).Succeeds()
	s.submissions(2)
}

func TestAccWaiting_newURLIsNoNewScan(t *testing.T) {
	t.Parallel()
	s := newStage(t, "release-gate")
	s.Apply().Succeeds()
	s.give(map[string]any{"package_url": s.cloud.AppURL("clean.apk", "second")})
	s.Plan().NoChanges()
	s.submissions(1)
}

func TestAccQuota_usedUpIsAnErrorAndNothingIsSubmitted(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/shared-account", emulator.WithQuota(0))
	s.Apply().Fails().Says("Error: Unable to Submit Scan", "Service: LimitExceeded", "The account's quota of scans is used up")
	s.exists(scan, false)
}

func TestAccQuota_warnsAheadByLimitCount(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/shared-account", emulator.WithQuota(50))
	s.Apply().Fails().Says("Fewer than 100 scans are left")
	s.exists(scan, true)
}

func TestAccQuota_throttlingAnswersAreWaitedOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/shared-account")
	s.cloud.Fault(emulator.Fault{Kind: emulator.FaultError, Code: "RequestLimitExceeded", Times: 2})
	s.Apply().Succeeds()
	s.submissions(1)
}

func TestAccCredentials_whichComesFirstAndWhatFails(t *testing.T) {
	t.Parallel()
	s := newStageWithBinary(t, "")
	s.write(gated() + "\nprovider \"ms\" {\n  profile = \"ci\"\n}\n")
	s.Apply().Fails().Says("Error: Unable to Submit Scan", `No usable credentials were found: the tccli profile "ci"`) // comes before the environment's key
	s.write(gated() + "\nprovider \"ms\" {\n  allowed_account_ids = [\"1\"]\n}\n")
	s.Apply().Fails().Says("Use credentials of an allowed account")
	s.submissions(0)
	s.write("provider \"ms\" {\n  secret_id  = terraform_data.key.output\n  secret_key = \"k\"\n}\nresource \"terraform_data\" \"key\" {\n  input = timestamp()\n}\n" + gated())
	s.Plan().Fails().Says("Error: Unable to Configure Provider", "The value of secret_id is not known while planning")
}

func TestAccWithdrawn_actionsPointToTheDetection(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated())
	s.Apply().Succeeds()
	for _, action := range []string{"CreateScanInstances", "DescribeScanResults"} {
		s.cloud.Fault(emulator.Fault{Action: action, Kind: emulator.FaultError, Code: "ActionOffline"})
	}
	s.Plan().Fails().Says("Error: Unable to Read Scan", "Service: ActionOffline", "use the ms_apk_detection data source")
	s.Destroy().Fails()

	s.Run("state", "rm", scan).Succeeds()
	s.Apply().Fails().Says("Error: Unable to Submit Scan", "use the ms_apk_detection data source")
	s.enter("guides/without-scan-actions")
	s.Apply().Succeeds()
	s.build("infected.apk")
	s.Plan().Fails().Says(stopped, emulator.VirusName)
	s.submissions(1)
}

func TestAccEmulator_scenarioIsWhatTheGuideSays(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/emulator", scenario("guides/emulator/scenario.json"))
	s.Apply().Succeeds().Says("1 finding, which violates no rule")
	s.edit("main.tf", `fail_on             = "critical"`, `fail_on             = "high"`)
	s.Plan().Fails().Says(stopped, "CVE-2026-00001")
	s.edit("main.tf", `fail_on             = "high"`, `fail_on             = "critical"`)
	s.edit("main.tf", "max_failed_machines = 2", "max_failed_machines = 1")
	s.Plan().Fails().Says("too_many_failed_machines")
	if calls := s.cloud.Calls("DescribeScanTaskDetails"); calls < 3 {
		t.Errorf("%d calls for 232 machines", calls)
	}
}
