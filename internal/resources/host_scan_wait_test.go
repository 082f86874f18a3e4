package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// fleetStays checks what must hold after a wait that did not end: the id is there, nothing is tainted, one
// submission was made, and the next apply finishes in place.
func fleetStays(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, goOn func()) {
	t.Helper()
	before := w.State(fleet)
	if before["status"] != "processing" || before["id"] != "Vul/101" || w.Tainted(fleet) {
		t.Fatalf("state %v, tainted %t", before, w.Tainted(fleet))
	}
	w.Plan().Succeeds()
	if got := w.Actions()[fleet]; got != "update" {
		t.Errorf("planned %q", got)
	}
	goOn()
	w.Apply().Succeeds()
	if after := w.State(fleet); after["status"] != "completed" || after["id"] != before["id"] || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", after, cloud.Submissions())
	}
	w.Plan().NoChanges()
}

func TestAccHostScan_timeoutWhileWaitingKeepsID(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := hostCloud(t, "")
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(hostScan(cloud, "Vul", twoHosts, `timeouts { create = "`+timeout+`" }`))
		applied := w.Apply()
		if state := w.State(fleet); state == nil || state["id"] == nil {
			return false
		}
		applied.Succeeds().Says("Warning: Unable to Finish Waiting for Scan: host scan Vul/101", "apply again to resume waiting")
		fleetStays(t, cloud, w, release)
		return true
	})
}

func TestAccHostScan_updateThatTimesOutIsAnErrorAndSubmitsNothing(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	release := cloud.HoldScans()
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts, `wait_for_completion = false`))
	w.Apply().Succeeds()
	w.Write(hostScan(cloud, "Vul", twoHosts, `timeouts { update = "100ms" }`))
	w.Apply().Fails().Says("Unable to Finish Waiting for Scan")
	w.Write(hostScan(cloud, "Vul", twoHosts))
	fleetStays(t, cloud, w, release)
}

func TestAccHostScan_failureWhileWaitingOnIsAnErrorThatDoesNotTaint(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	lines := []string{`quuids = ["quuid-web-0001", "quuid-off"]`}
	release := cloud.HoldScans()
	w.Write(hostScan(cloud, "Vul", append(lines, `wait_for_completion = false`)...))
	w.Apply().Succeeds()
	w.Write(hostScan(cloud, "Vul", lines...))
	w.Plan().Succeeds()
	release()
	w.Run("apply", "-no-color", "plan.out").Fails().Says("Some hosts were not scanned: host scan Vul/101", "host quuid-off: it was offline")
	if w.Tainted(fleet) || w.State(fleet)["status"] != "failed" {
		t.Errorf("state %v", w.State(fleet))
	}
	w.Plan().NoChanges()
}

func TestAccHostScan_stopOnDestroyStopsItsOwnTaskAlone(t *testing.T) {
	t.Parallel()
	eachModule(t, func(t *testing.T, module string) {
		cloud := hostCloud(t, `"busy": "none",`)
		defer cloud.HoldScans()()
		theirs := cloud.BeginHostScan(module, false, "quuid-db")
		w := acctest.New(t)
		w.Write(hostScan(cloud, module, twoHosts, `wait_for_completion = false`, `stop_on_destroy = true`))
		w.Apply().Succeeds()
		w.Destroy().Succeeds()
		calls := cloud.Ledger().Of("DeleteScanTask")
		if len(calls) != 1 || fmt.Sprint(calls[0].Parameters) != fmt.Sprintf("map[ModuleType:%s TaskId:102]", module) || cloud.Calls("DeleteMalwareScanTask") != 0 {
			t.Errorf("calls %+v, while task %d is of another", calls, theirs)
		}
	})
}

func TestAccHostScan_destroyStopsNothingElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lines    string
		imported bool
		ended    bool
	}{
		"without stop_on_destroy":    {lines: ""},
		"with stop_on_destroy false": {lines: "stop_on_destroy = false"},
		"a task that has ended":      {lines: "stop_on_destroy = true", ended: true},
		"an imported task":           {lines: "stop_on_destroy = true", imported: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			if !tt.ended {
				defer cloud.HoldScans()()
			}
			w := acctest.New(t)
			w.Write(hostScan(cloud, "Vul", twoHosts, tt.lines, `wait_for_completion = false`))
			if tt.imported {
				cloud.BeginHostScan("Vul", false, "quuid-web-0001", "quuid-web-0002")
				w.Run("import", "-no-color", fleet, "Vul/101").Succeeds()
			}
			w.Apply().Succeeds()
			w.Destroy().Succeeds()
			if cloud.Calls("DeleteScanTask") != 0 {
				t.Errorf("%d calls", cloud.Calls("DeleteScanTask"))
			}
		})
	}
}

func TestAccHostScan_failureToStopIsAWarning(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	defer cloud.HoldScans()()
	cloud.Fault(emulator.Fault{Action: "DeleteScanTask", Kind: emulator.FaultError, Code: "FailedOperation"})
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts, `wait_for_completion = false`, `stop_on_destroy = true`))
	w.Apply().Succeeds()
	w.Destroy().Succeeds().Says("Warning: Unable to Stop Scan: host scan Vul/101")
	if w.State(fleet) != nil {
		t.Errorf("state %v", w.State(fleet))
	}
}

func TestAccHostScan_importAdoptsInPlaceAndSubmitsNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ module, lines string }{
		"hosts and options": {"Vul", twoHosts + "\nscan_method = \"poc\"\ntriggers = { week = \"47\" }\nstop_on_destroy = true"},
		"malware":           {"Malware", twoHosts + "\nscan_pattern = \"full\"\nengine_level = \"strict\""},
		"all hosts":         {"Vul", "all_protected_hosts = true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			cloud.BeginHostScan(tt.module, false, "quuid-web-0001", "quuid-web-0002")
			w := acctest.New(t)
			w.Write(hostScan(cloud, tt.module, tt.lines))
			w.Run("import", "-no-color", fleet, tt.module+"/101").Succeeds()
			w.Plan().Succeeds()
			if got := w.Actions()[fleet]; got != "update" {
				t.Errorf("planned %q", got)
			}
			w.Apply().Succeeds()
			w.Plan().NoChanges()
			state := w.State(fleet)
			if submitted, _ := state["submitted_at"].(string); state["id"] != tt.module+"/101" || state["status"] != "completed" || !strings.HasSuffix(submitted, "Z") || cloud.Submissions() != 0 {
				t.Errorf("state %v, %d submissions", state, cloud.Submissions())
			}
		})
	}
}

func TestAccHostScan_importIsRefused(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `"tasks": [{"task_id": 7, "module_type": "Vul", "machines": []}, {"task_id": 8, "module_type": "Vul", "machines": [{"Quuid": ""}]}, {"task_id": 9, "module_type": "Baseline", "hosts": ["db"]}],`)
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts))
	for id, says := range map[string]string{
		"Vul/7": "The task lists no host", "Vul/8": "A host of the task has no Quuid", "Baseline/9": "as in Vul/123", "Vul": "as in Vul/123",
		"Vul/x": "as in Vul/123", "Vul/+7": "as in Vul/123", "Vul/0": "as in Vul/123", "Vul/55": "ResourceNotFound", " ": "The import id is empty",
	} {
		w.Run("import", "-no-color", fleet, id).Fails().Says(says)
	}
	if w.State(fleet) != nil {
		t.Errorf("state %v", w.State(fleet))
	}
}

func TestAccHostScan_importOfOtherHostsIsAnotherScan(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	cloud.BeginHostScan("Vul", false, "quuid-db")
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts))
	w.Run("import", "-no-color", fleet, "Vul/101").Succeeds()
	w.Plan().Succeeds()
	if got := w.Actions()[fleet]; got != "delete+create" {
		t.Errorf("planned %q", got)
	}
}
