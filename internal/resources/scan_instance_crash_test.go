//go:build unix

package resources_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// run is an apply of its own process group, with the provider as a process beneath it.
type run struct {
	t      *testing.T
	cmd    *exec.Cmd
	output bytes.Buffer
	ended  chan error
}

func start(t *testing.T, w *acctest.Workspace) *run {
	t.Helper()
	r := &run{t: t, cmd: w.Command("apply", "-auto-approve", "-no-color"), ended: make(chan error, 1)}
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r.cmd.Stdout, r.cmd.Stderr = &r.output, &r.output
	r.cmd.WaitDelay = 5 * time.Second // a provider that outlives its CLI keeps the pipes open
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.ended <- r.cmd.Wait() }()
	t.Cleanup(func() { _ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) })
	return r
}

// end waits until the CLI has ended, well or not: it was killed or interrupted.
func (r *run) end() {
	if err := <-r.ended; err != nil {
		r.t.Logf("the run ended: %v", err)
	}
}

// provider returns the process of the provider that this run started.
func (r *run) provider() int {
	r.t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(entries) == 0 {
		r.t.Skip("no /proc to find the provider's process in")
	}
	for _, entry := range entries {
		stat, err := os.ReadFile(entry)
		if err != nil {
			continue
		}
		text := string(stat)
		name := text[strings.Index(text, "(")+1 : strings.LastIndex(text, ")")]
		fields := strings.Fields(text[strings.LastIndex(text, ")")+1:])
		if strings.HasPrefix(name, "terraform-prov") && fields[1] == strconv.Itoa(r.cmd.Process.Pid) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
			return pid
		}
	}
	r.t.Fatal("the provider's process was not found")
	return 0
}

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	acctest.Until(t, func() bool {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return true
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err == nil && strings.Contains(string(stat), ") Z ") // ended, and not yet collected by whoever inherited it
	})
}

func TestAccScanInstance_killedRunLosesNoIDAndPaysOnce(t *testing.T) {
	t.Parallel()
	type stage struct {
		// arrive blocks the run at the stage.
		arrive    func(*testing.T, *acctest.Cloud) (<-chan struct{}, func())
		adopted   bool
		uncertain bool
		refused   bool // what was tried so far
	}
	stages := map[string]stage{
		"before the service took it": {
			arrive:  throttled,
			refused: true,
		},
		"submit in flight": {
			arrive:    func(_ *testing.T, c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block("CreateScanInstances") },
			uncertain: true,
		},
		"accepted, answer not yet there": {
			arrive: func(_ *testing.T, c *acctest.Cloud) (<-chan struct{}, func()) {
				return c.BlockAnswer("CreateScanInstances")
			},
			uncertain: true,
		},
		"while polling": {
			arrive:  func(_ *testing.T, c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block("DescribeScanResults") },
			adopted: true,
		},
	}
	victims := map[string]func(*run) int{
		"provider": (*run).provider,
		"CLI":      func(r *run) int { return r.cmd.Process.Pid },
	}
	for stageName, s := range stages {
		for victimName, victim := range victims {
			t.Run(victimName+", "+stageName, func(t *testing.T) {
				t.Parallel()
				cloud := acctest.NewCloud(t)
				w := acctest.NewWithBinary(t)
				w.Write(scan(cloud, cloud.App("clean.apk")))
				arrived, release := s.arrive(t, cloud)
				r := start(t, w)
				<-arrived
				provider := r.provider()
				if err := syscall.Kill(victim(r), syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				r.end()
				gone(t, provider)
				release()

				result := w.Apply().Succeeds()
				state := w.State(app)
				switch {
				case s.refused:
					// A provider that outlives its CLI takes its note back; one that is killed leaves it.
					if want := map[int]string{0: "uncertain", 1: "completed"}[cloud.Submissions()]; state["status"] != want {
						t.Errorf("%d submissions, state %v", cloud.Submissions(), state)
					}
				case s.adopted:
					result.Says("Scan Adopted From Journal")
					if state["status"] != "completed" {
						t.Errorf("state %v", state)
					}
				case s.uncertain:
					result.Says("Unable to Confirm Submission of Scan", "journal entry")
					if state["status"] != "uncertain" {
						t.Errorf("state %v", state)
					}
				}
				identified(t, w)
				w.Plan().NoChanges()
				if cloud.SubmissionsOf(cloud.MD5("clean.apk")) > 1 || !s.refused && cloud.Calls("CreateScanInstances") != 1 {
					t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateScanInstances"))
				}
				left, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.json"))
				if len(left) != 0 {
					t.Errorf("left in the journal: %v", left)
				}
			})
		}
	}
}

// throttled refuses submissions until it is lifted; it is reached when the first was refused.
func throttled(t *testing.T, c *acctest.Cloud) (<-chan struct{}, func()) {
	t.Helper()
	lift := c.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultError, Code: "RequestLimitExceeded"})
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for c.Calls("CreateScanInstances") == 0 {
			select {
			case <-ticker.C:
			case <-t.Context().Done():
				return
			}
		}
	}()
	return refused, lift
}

func TestAccScanInstance_interruptedBeforeSubmittingSubmitsOnce(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	lift := cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultError, Code: "RequestLimitExceeded"})
	w.Write(scan(cloud, cloud.App("clean.apk")))
	r := start(t, w)
	acctest.Until(t, func() bool { return cloud.Calls("CreateScanInstances") > 0 }) // refused, and now waiting to try again
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	r.end()
	lift()
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 || w.State(app)["status"] != "completed" {
		t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
	}
}

func TestAccScanInstance_secondInterruptLosesNoID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	release := cloud.HoldScans()
	arrived, resume := cloud.Block("DescribeScanResults")
	w := acctest.NewWithBinary(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	r := start(t, w)
	<-arrived
	provider := r.provider()
	resume()
	for range 2 {
		_ = r.cmd.Process.Signal(os.Interrupt)
	}
	r.end()
	gone(t, provider)
	release()
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 || w.State(app)["status"] != "completed" {
		t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
	}
}

func TestAccScanInstance_equalResourcesOfOneRunNeverAdoptFromEachOther(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	w.Write(strings.Replace(scan(cloud, cloud.App("clean.apk")), "app_infos ", "count     = 3\n  app_infos ", 1))
	w.Apply("-parallelism=1").Succeeds().DoesNotSay("Adopted")
	if cloud.Submissions() != 3 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
	w.Plan().NoChanges()
	if left, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.json")); len(left) != 0 {
		t.Errorf("left in the journal: %v", left)
	}
}

func TestAccScanInstance_journalThatCannotBeUsedIsAWarning(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	if err := os.Mkdir(cloud.JournalDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(cloud.JournalDir, 0o755); err != nil {
		t.Fatal(err)
	}
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds().Says("Warning: Unable to Use Journal", "not a private folder of this user")
	if cloud.Submissions() != 1 || w.State(app)["status"] != "completed" {
		t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
	}
}

func TestAccScanInstance_replaceIsNeverAdopted(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	config := scan(cloud, cloud.App("clean.apk"), "lifecycle {\n    create_before_destroy = true\n  }")
	w.Write(config)
	w.Apply().Succeeds()
	w.Apply("-refresh=false", "-replace="+app).Succeeds().DoesNotSay("Adopted")
	if cloud.Submissions() != 2 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccScanInstance_interruptWhileSubmitting(t *testing.T) {
	t.Parallel()
	t.Run("the answer still comes", func(t *testing.T) {
		t.Parallel()
		// A machine that stands still for longer than what an interrupt leaves a submission lets it end without its
		// answer, rightly: then once more.
		for range 10 {
			if interruptedSubmission(t, true) == "processing" {
				return
			}
		}
		t.Error("an answer within what an interrupt leaves a submission was never taken")
	})
	t.Run("the answer does not come", func(t *testing.T) {
		t.Parallel()
		if status := interruptedSubmission(t, false); status != "uncertain" {
			t.Errorf("status %v", status)
		}
	})
}

// interruptedSubmission interrupts an apply once its submission was accepted, and returns the status that it
// leaves. Without an answer only the interrupt can end it: a request has ten minutes.
func interruptedSubmission(t *testing.T, answered bool) any {
	t.Helper()
	cloud := acctest.NewCloud(t)
	finish := cloud.HoldScans() // whichever comes first, the answer or the interrupt
	arrived, release := cloud.BlockAnswer("CreateScanInstances")
	w := acctest.NewWithBinary(t)
	w.Write(strings.Replace(scan(cloud, cloud.App("clean.apk")), cloud.ProviderBlock(), cloud.ProviderBlock(`request_timeout = "10m"`), 1))
	r := start(t, w)
	<-arrived
	_ = r.cmd.Process.Signal(os.Interrupt)
	if answered {
		release()
	}
	r.end()
	release()
	status := w.State(app)["status"]
	if w.Tainted(app) || status != "processing" && status != "uncertain" {
		t.Errorf("status %v, tainted %t", status, w.Tainted(app))
	}
	finish()
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 || cloud.Calls("CreateScanInstances") != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
	return status
}
