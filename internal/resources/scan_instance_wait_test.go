package resources_test

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// stays checks what must hold after a wait that did not end: the id is there, nothing is tainted, one
// submission was made, and the next apply finishes in place.
func stays(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, goOn func()) {
	t.Helper()
	before := w.State(app)
	if before["status"] != "processing" || before["item_id"] == nil || w.Tainted(app) {
		t.Fatalf("state %v, tainted %t", before, w.Tainted(app))
	}
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "update" {
		t.Errorf("planned %q", got)
	}
	goOn()
	w.Apply().Succeeds()
	after := w.State(app)
	if after["status"] != "completed" || after["item_id"] != before["item_id"] || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", after, cloud.Submissions())
	}
	w.Plan().NoChanges()
}

// keptID tells whether an apply came as far as having the id of its scan, within the time that it had.
func keptID(w *acctest.Workspace) bool {
	state := w.State(app)
	return state != nil && state["item_id"] != nil
}

func TestAccScanInstance_timeoutWhileWaitingKeepsItemID(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t)
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(scan(cloud, cloud.App("clean.apk"), `timeouts { create = "`+timeout+`" }`))
		applied := w.Apply()
		if !keptID(w) {
			return false
		}
		applied.Succeeds().Says("Warning: Unable to Finish Waiting for Scan", "It was not finished after", "apply again to resume waiting")
		stays(t, cloud, w, release)
		return true
	})
}

func TestAccScanInstance_timeoutWhileSubmittingKeepsItemID(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		limit, err := time.ParseDuration(timeout)
		if err != nil {
			t.Fatal(err)
		}
		cloud := acctest.NewCloud(t)
		// Longer than the time-out, and than what an interrupt leaves a submission.
		lift := cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultSlowHeader, Delay: emulator.Duration(limit + 3*time.Second)})
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(scan(cloud, cloud.App("clean.apk"), `timeouts { create = "`+timeout+`" }`))
		applied := w.Apply()
		lift()
		if cloud.Submissions() == 0 {
			return false
		}
		applied.Succeeds().Says("Warning: Unable to Finish Waiting for Scan", "It was not finished after")
		stays(t, cloud, w, release)
		return true
	})
}

func TestAccScanInstance_interruptedWaitKeepsItemID(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			release := cloud.HoldScans()
			arrived, resume := cloud.Block("DescribeScanResults")
			w := acctest.New(t)
			// The next poll is so far away that only the interrupt can end the wait before it.
			w.Write(strings.Replace(scan(cloud, cloud.App("clean.apk")), `"20ms"`, `"10m"`, 1))

			var output bytes.Buffer
			cmd := w.Command("apply", "-auto-approve", "-no-color")
			cmd.Stdout, cmd.Stderr = &output, &output
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-arrived
			resume()
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			if calls := cloud.Calls("DescribeScanResults"); calls != 1 {
				t.Errorf("%d polls: the wait went on", calls)
			}
			acctest.NewResult(t, "apply", output.String(), cmd.ProcessState.ExitCode()).
				Says("The wait was interrupted", "nothing is submitted again")
			t.Logf("apply ended with %v", err)
			stays(t, cloud, w, release)
		})
	}
}

func TestAccScanInstance_wrongKeyWhileWaitingKeepsItemID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanPolls(1))
	release := cloud.HoldScans()
	lift := cloud.Fault(emulator.Fault{Action: "DescribeScanResults", Kind: emulator.FaultError, Code: "AuthFailure.SignatureFailure", Message: "bad key"})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds().Says("Unable to Finish Waiting", "AuthFailure.SignatureFailure: bad key", "RequestId: ")
	if calls := cloud.Calls("DescribeScanResults"); calls != 1 {
		t.Errorf("a permanent error was asked for %d times", calls)
	}
	lift()
	stays(t, cloud, w, release)
}

func TestAccScanInstance_failedPollsInARowKeepItemID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	release := cloud.HoldScans()
	lift := cloud.Fault(emulator.Fault{Action: "DescribeScanResults", Kind: emulator.FaultError, Code: "ResourceNotFound.ItemIdNotFound"})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds().Says("5 polls in a row failed", "RequestId: ")
	lift()
	stays(t, cloud, w, release)
}

func TestAccScanInstance_timeoutWhileWaitingOnIsAnErrorThatTaintsNothing(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t)
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(scan(cloud, cloud.App("clean.apk"), "timeouts {\n create = \""+timeout+"\"\n update = \""+timeout+"\"\n }"))
		applied := w.Apply()
		if !keptID(w) {
			return false
		}
		applied.Succeeds()
		w.Apply().Fails().Says("Error: Unable to Finish Waiting for Scan")
		stays(t, cloud, w, func() {
			release()
			w.Write(scan(cloud, cloud.App("clean.apk"))) // with all the time that it needs
		})
		return true
	})
}

func TestAccScanInstance_withoutWaiting(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	release := cloud.HoldScans()
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk"), `wait_for_completion = false`))
	w.Apply().Succeeds()
	if got := w.State(app)["status"]; got != "processing" || cloud.Calls("DescribeScanResults") != 0 {
		t.Errorf("status %v after %d polls", got, cloud.Calls("DescribeScanResults"))
	}
	w.Plan().NoChanges() // it does not wait, so that nothing is to be done
	release()
	w.Plan("-refresh-only").Succeeds()
	w.Apply("-refresh-only").Succeeds()
	if got := w.State(app)["status"]; got != "completed" {
		t.Errorf("status %v", got)
	}
}
