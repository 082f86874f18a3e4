package resources_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// failuresOf are the failures of a state, each as machine, code and the start of the description.
func hostFailures(state map[string]any) string {
	var lines []string
	failures, _ := state["failures"].([]any)
	for _, one := range failures {
		f, _ := one.(map[string]any)
		lines = append(lines, fmt.Sprintf("%v/%v: %v", f["machine"], f["code"], f["desc"]))
	}
	return strings.Join(lines, "; ")
}

func TestAccHostScan_hostsThatWereNotScannedAreTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ module, more, lines, want string }{
		"without a license":       {"Vul", "", `quuids = ["quuid-web-0001", "quuid-free"]`, "quuid-free/<nil>: the host has no license for this scan"},
		"without, of Malware":     {"Malware", "", `quuids = ["quuid-web-0001", "quuid-free"]`, "quuid-free/<nil>: the service did not take up this host"},
		"offline":                 {"Vul", "", `quuids = ["quuid-web-0001", "quuid-off"]`, "quuid-off/3: it was offline"},
		"left out, being offline": {"Vul", `"offline": "leave_out",`, `quuids = ["quuid-web-0001", "quuid-off"]`, "quuid-off/<nil>: the service did not take up this host"},
		"both":                    {"Vul", `"offline": "leave_out",`, `quuids = ["quuid-web-0001", "quuid-off", "quuid-free"]`, "quuid-free/<nil>: the service did not take up this host; of the chosen hosts, 1 without a license; quuid-off/<nil>: the service did not take up this host; of the chosen hosts, 1 without a license"},
		"all protected hosts":     {"Vul", "", `all_protected_hosts = true`, "quuid-off/3: it was offline"},
		"all but the offline one": {"Vul", `"offline": "leave_out",`, `all_protected_hosts = true`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, tt.more)
			w := acctest.New(t)
			w.Write(hostScan(cloud, tt.module, tt.lines))
			result := w.Apply().Succeeds()
			state := w.State(fleet)
			status := "failed"
			if tt.want == "" {
				status = "completed"
			} else {
				result.Says("Warning: Some hosts were not scanned: host scan "+tt.module+"/101", "Nothing is submitted again by itself", "scan again with -replace")
			}
			if got := hostFailures(state); got != tt.want || state["status"] != status || w.Tainted(fleet) {
				t.Errorf("status %v, failures %s", state["status"], got)
			}
			w.Plan().NoChanges()
			if cloud.Submissions() != 1 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

// TestAccHostScan_countsOfTheSubmissionAreBelieved has a service that counts fewer hosts than its list shows.
func TestAccHostScan_countsOfTheSubmissionAreBelieved(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"fewer accepted":   {Fields: []string{"SuccessCount"}, Value: json.RawMessage("1")},
		"none accepted":    {Fields: []string{"SuccessCount"}, Value: json.RawMessage("0")},
		"one not licensed": {Fields: []string{"BasicVersionCount"}, Value: json.RawMessage("1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			fault.Action, fault.Kind = "ScanVul", emulator.FaultValue
			cloud.Fault(fault)
			w := acctest.New(t)
			w.Write(hostScan(cloud, "Vul", twoHosts))
			w.Apply().Succeeds().Says("Some hosts were not scanned", "the service says that it left out")
			if w.State(fleet)["status"] != "failed" {
				t.Errorf("state %v", w.State(fleet))
			}
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		t.Parallel()
		cloud := hostCloud(t, "")
		cloud.Fault(emulator.Fault{Action: "ScanVul", Kind: emulator.FaultTypes, Fields: []string{"SuccessCount", "BasicVersionCount"}})
		w := acctest.New(t)
		w.Write(hostScan(cloud, "Vul", twoHosts))
		w.Apply().Succeeds()
		if state := w.State(fleet); state["status"] != "completed" || state["accepted_host_count"] != nil {
			t.Errorf("state %v", state)
		}
	})
}

func TestAccHostScan_refusalsSubmitNothing(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"FailedOperation.NoProfessionHost", "OperationDenied", "ResourceNotFound.MachineNotFound", "ResourceNotFound", "MissingParameter", "InvalidParameter",
		"InvalidParameter.IllegalRequest", "InvalidParameterValue", "AuthFailure.UnauthorizedOperation",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			eachModule(t, func(t *testing.T, module string) {
				cloud := hostCloud(t, "")
				cloud.Fault(emulator.Fault{Action: submitActions[module], Kind: emulator.FaultError, Code: code, Times: 1})
				w := acctest.New(t)
				w.Write(hostScan(cloud, module, twoHosts))
				w.Apply().Fails().Says("Unable to Submit Scan", code, "RequestId: ")
				if w.State(fleet) != nil || cloud.Submissions() != 0 {
					t.Fatalf("state %v", w.State(fleet))
				}
				w.Apply().Succeeds()
				if cloud.Submissions() != 1 {
					t.Errorf("%d submissions", cloud.Submissions())
				}
			})
		})
	}
}

func TestAccHostScan_anotherScanThatRunsIsAPlainError(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	release := cloud.HoldScans()
	cloud.BeginHostScan("Vul", false, "quuid-db")
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts))
	w.Apply().Fails().Says("Unable to Submit Scan", "OperationDenied")
	release()
	if cloud.Submissions() != 0 || w.State(fleet) != nil {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccHostScan_stateOfTheModuleThatCannotBeReadSubmitsNothing(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	cloud.Fault(emulator.Fault{Action: "DescribeScanState", Kind: emulator.FaultError, Code: "AuthFailure.UnauthorizedOperation", Times: 1})
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts))
	w.Apply().Fails().Says("Unable to Submit Scan", "DescribeScanState", "Nothing was submitted")
	if cloud.Calls("ScanVul") != 0 || w.State(fleet) != nil {
		t.Errorf("%d calls", cloud.Calls("ScanVul"))
	}
}

// unproven keeps an uncertain submission from being proven by the list of machines.
const unproven = "DescribeScanState"

func TestAccHostScan_lostAnswerIsUncertainAndNeverSubmitsByItself(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"reset after the submission":    {Kind: emulator.FaultLost},
		"truncated answer":              {Kind: emulator.FaultTruncate},
		"InternalError":                 {Kind: emulator.FaultError, Code: "InternalError"},
		"FailedOperation":               {Kind: emulator.FaultError, Code: "FailedOperation", After: true},
		"FailedOperation.APIServerFail": {Kind: emulator.FaultError, Code: "FailedOperation.APIServerFail"},
		"a detail that is not listed":   {Kind: emulator.FaultError, Code: "InvalidParameter.Whatever", After: true},
		"HTTP 502":                      {Kind: emulator.FaultHTTP},
		"no TaskId":                     {Kind: emulator.FaultMissing, Fields: []string{"TaskId"}},
		"a TaskId of 0":                 {Kind: emulator.FaultValue, Fields: []string{"TaskId"}, Value: json.RawMessage("0")},
		"a TaskId of null":              {Kind: emulator.FaultValue, Fields: []string{"TaskId"}, Value: json.RawMessage("null")},
		"a negative TaskId":             {Kind: emulator.FaultValue, Fields: []string{"TaskId"}, Value: json.RawMessage("-4")},
		"a TaskId that cannot be read":  {Kind: emulator.FaultTypes, Fields: []string{"TaskId"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachModule(t, func(t *testing.T, module string) {
				cloud := hostCloud(t, "")
				fault.Action, fault.Times = submitActions[module], 1
				cloud.Fault(fault)
				cloud.OnAnswer(unproven, func(_, response map[string]any) map[string]any {
					response["Type"] = 1
					return response
				})
				w := acctest.New(t)
				w.Write(hostScan(cloud, module, twoHosts))
				w.Apply().Succeeds().Says("Warning: Unable to Confirm Submission of Scan", "terraform state rm", "-replace")
				state := w.State(fleet)
				if state["status"] != "uncertain" || state["id"] != nil || state["task_id"] != nil || w.Tainted(fleet) {
					t.Errorf("state %v, tainted %t", state, w.Tainted(fleet))
				}
				w.Plan().NoChanges().Says("Unable to Confirm Submission of Scan", "as in Vul/123", "-replace")
				w.Apply().Succeeds()
				if cloud.Calls(submitActions[module]) != 1 {
					t.Fatalf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls(submitActions[module]))
				}
				w.Apply("-replace=" + fleet).Succeeds()
				if cloud.Calls(submitActions[module]) != 2 || w.State(fleet)["status"] != "completed" {
					t.Errorf("%d calls, state %v", cloud.Calls(submitActions[module]), w.State(fleet))
				}
			})
		})
	}
}

func TestAccHostScan_uncertainTaskIsProvenByItsMachines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines  string
		change func(cloud *acctest.Cloud, state map[string]any) // of the answer that names the last task
		proven bool
	}{
		"exactly these hosts":       {twoHosts, nil, true},
		"all protected hosts":       {"all_protected_hosts = true", nil, false},
		"a scheduled task":          {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["Type"] = 1 }, false},
		"a task of a type":          {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["Type"] = nil }, false},
		"a narrowed task":           {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["VulId"] = []any{1} }, false},
		"begun before":              {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["ScanBeginTime"] = "2020-01-01 00:00:00" }, false},
		"no time":                   {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["ScanBeginTime"] = "" }, false},
		"the last one before":       {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["TaskId"] = 0 }, false},
		"another task, other hosts": {twoHosts, func(_ *acctest.Cloud, s map[string]any) { s["TaskId"] = 7 }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			cloud.Fault(emulator.Fault{Action: "ScanVul", Kind: emulator.FaultLost, Times: 1})
			asked := 0
			cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
				if asked++; asked > 1 && tt.change != nil {
					tt.change(cloud, response)
				}
				return response
			})
			w := acctest.New(t)
			w.Write(hostScan(cloud, "Vul", tt.lines))
			w.Apply().Succeeds().Says("Unable to Confirm Submission of Scan")
			w.Apply("-refresh-only").Succeeds()
			state := w.State(fleet)
			if tt.proven && (state["id"] != "Vul/101" || state["status"] != "completed" || state["task_id"] != 101.0) {
				t.Errorf("state %v", state)
			}
			if !tt.proven && (state["id"] != nil || state["status"] != "uncertain") {
				t.Errorf("state %v", state)
			}
			if cloud.Calls("ScanVul") != 1 {
				t.Errorf("%d calls", cloud.Calls("ScanVul"))
			}
		})
	}
}

func TestAccHostScan_vanishedTaskKeepsItsID(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	w.Write(hostScan(cloud, "Vul", twoHosts))
	w.Apply().Succeeds()
	cloud.Forget("Vul/101")
	w.Plan().NoChanges().Says("Unable to Find Scan: host scan Vul/101")
	w.Apply("-refresh-only").Succeeds()
	if state := w.State(fleet); state["status"] != "not_found" || state["id"] != "Vul/101" || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", state, cloud.Submissions())
	}
}

func TestAccHostScan_stoppedTaskIsCanceled(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]bool{"the last task": false, "an earlier task": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, `"busy": "none", "tasks": [{"task_id": 7, "module_type": "Vul", "hosts": ["web-0001", "web-0002"], "stopped": true, "progress": [50]}],`)
			if newer {
				cloud.BeginHostScan("Vul", true, "quuid-db")
			}
			w := acctest.New(t)
			w.Write(hostScan(cloud, "Vul", twoHosts))
			w.Run("import", "-no-color", fleet, "Vul/7").Succeeds()
			w.Apply().Succeeds().Says("Scan Was Canceled: host scan Vul/7")
			w.Plan().NoChanges().Says("Scan Was Canceled: host scan Vul/7")
			if state := w.State(fleet); state["status"] != "canceled" || len(state["failed_machines"].([]any)) != 1 || cloud.Submissions() != 0 {
				t.Errorf("state %v, %d submissions", state, cloud.Submissions())
			}
		})
	}
}
