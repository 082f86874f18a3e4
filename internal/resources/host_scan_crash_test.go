//go:build unix

package resources_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestAccHostScan_killedRunLosesNoIDAndScansOnce(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]struct {
		arrive  func(c *acctest.Cloud) (<-chan struct{}, func())
		status  string
		says    string
		scanned int
	}{
		"before the journal knows": {
			arrive: func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block("DescribeScanState") }, status: "completed", scanned: 1,
		},
		"submit in flight": {
			arrive: func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block("ScanVul") }, status: "uncertain", says: "Unable to Confirm Submission of Scan",
		},
		"accepted, answer not yet there": {
			arrive: func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.BlockAnswer("ScanVul") }, status: "completed", says: "Scan Adopted From Journal", scanned: 1,
		},
		"while polling": {
			arrive: func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block("DescribeScanTaskDetails") }, status: "completed", says: "Scan Adopted From Journal", scanned: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			w := acctest.NewWithBinary(t)
			w.Write(hostScan(cloud, "Vul", twoHosts))
			arrived, release := stage.arrive(cloud)
			r := start(t, w)
			<-arrived
			provider := r.provider()
			if err := syscall.Kill(provider, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			r.end()
			gone(t, provider)
			release()

			w.Apply().Succeeds().Says(stage.says)
			if state := w.State(fleet); state["status"] != stage.status || cloud.ScansOfHost("quuid-web-0001") != stage.scanned || cloud.Calls("ScanVul") != 1 {
				t.Errorf("state %v, %d scans, %d calls", state, cloud.ScansOfHost("quuid-web-0001"), cloud.Calls("ScanVul"))
			}
			w.Plan().NoChanges()
			if left, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.json")); len(left) != 0 {
				t.Errorf("left in the journal: %v", left)
			}
		})
	}
}

func TestAccHostScan_interruptedWaitKeepsID(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	release := cloud.HoldScans()
	arrived, resume := cloud.Block("DescribeScanTaskDetails")
	w := acctest.NewWithBinary(t)
	// The next poll is so far away that only the interrupt can end the wait before it.
	w.Write(strings.Replace(hostScan(cloud, "Vul", twoHosts), `"20ms"`, `"10m"`, 1))
	r := start(t, w)
	<-arrived
	resume()
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	r.end()
	w.Write(hostScan(cloud, "Vul", twoHosts))
	fleetStays(t, cloud, w, release)
}

func TestAccHostScan_equalResourcesOfOneRunNeverAdoptFromEachOther(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `"busy": "none",`)
	w := acctest.NewWithBinary(t)
	w.Write(strings.Replace(hostScan(cloud, "Vul", twoHosts), "poll_interval", "count         = 3\n  poll_interval", 1))
	w.Apply("-parallelism=1").Succeeds().DoesNotSay("Adopted")
	if cloud.Submissions() != 3 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
	w.Plan().NoChanges()
}
