package reliability_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// quota is the service's limit of each action, in requests per second.
const quota = emulator.ServiceRequestsPerSecond

// load is what runs made of a hard quota, by the emulator's ledger.
type load struct {
	scans              int
	apply              time.Duration // of the slowest run, start of the CLI included
	calling            time.Duration // from the first call to the last submission
	refusedSubmissions int
	refusedReads       int
	busiest            int // most calls of one action that were admitted within one second of the service's clock
	parts              []float64
}

// apply applies a number of runs at once, each with so many scans, as processes of their own.
func apply(t *testing.T, runs, scansEach int, args ...string) load {
	t.Helper()
	cloud := acctest.NewCloud(t, emulator.WithRequestsPerSecond(quota))
	workspaces := make([]*acctest.Workspace, runs)
	for i := range workspaces {
		workspaces[i] = acctest.NewWithBinary(t)
		workspaces[i].Write(cloud.Provider() + scans(cloud, fmt.Sprintf("run%d", i), scansEach))
	}
	var all sync.WaitGroup
	results := make([]acctest.Result, runs)
	begun := time.Now()
	for i, w := range workspaces {
		all.Go(func() { results[i] = w.Apply(args...) })
	}
	all.Wait()
	got := load{scans: runs * scansEach, apply: time.Since(begun)}
	for _, r := range results {
		r.Succeeds().DoesNotSay("Unable to Confirm Submission", "Unable to Finish Waiting", "Some apps were not scanned")
	}
	submittedOnce(t, cloud, runs*scansEach)
	got.count(cloud.Ledger())
	return got
}

// count takes the figures from the ledger.
func (l *load) count(book emulator.Ledger) {
	admitted := map[string]int{}
	for _, call := range book.Calls {
		switch {
		case call.Code != "RequestLimitExceeded":
			second := fmt.Sprint(call.Action, call.Time.Unix())
			admitted[second]++
			l.busiest = max(l.busiest, admitted[second])
		case call.Action == "CreateScanInstances":
			l.refusedSubmissions++
		default:
			l.refusedReads++
		}
	}
	submissions := book.Of("CreateScanInstances")
	l.calling = submissions[len(submissions)-1].Time.Sub(book.Calls[0].Time)
	l.divide(book)
}

// divide finds each run's part of the submissions up to the moment at which the first run was through.
func (l *load) divide(book emulator.Ledger) {
	runOf := map[string]string{}
	for _, call := range book.Calls {
		if call.Action == "CreateScanInstances" && call.Code == "" {
			runOf[call.RequestID] = runName(call)
		}
	}
	total := map[string]int{}
	for _, run := range runOf {
		total[run]++
	}
	counts := map[string]int{}
	for _, s := range book.Submissions {
		run := runOf[s.RequestID]
		counts[run]++
		if counts[run] == total[run] {
			break
		}
	}
	sum := 0
	for _, n := range counts {
		sum += n
	}
	for run := range total {
		l.parts = append(l.parts, float64(counts[run])/float64(sum))
	}
	slices.Sort(l.parts)
}

// runName finds in a submission's URL which run made it: …/run2-17.apk?sign=….
func runName(call emulator.Call) string {
	_, name, _ := strings.Cut(fmt.Sprint(call.Parameters["AppInfos"]), "/run")
	name, _, _ = strings.Cut(name, "-")
	return name
}

// floor is what the quota allows at best.
func (l load) floor() time.Duration { return time.Duration(l.scans) * time.Second / quota }

func (l load) overFloor() float64 { return l.calling.Seconds() / l.floor().Seconds() }

func (l load) String() string {
	parts := make([]string, len(l.parts))
	for i, p := range l.parts {
		parts[i] = fmt.Sprintf("%.0f %%", 100*p)
	}
	return fmt.Sprintf("%d | %.1f s | %.1f s | %.1f s | %.2f | %d | %d | %d | %s |", l.scans, l.apply.Seconds(), l.floor().Seconds(), l.calling.Seconds(), l.overFloor(),
		l.refusedSubmissions, l.refusedReads, l.busiest, strings.Join(parts, ", "))
}

const quotaHead = "| runs | scans | apply | floor | calls took | times the floor | refused submissions | refused reads | most in a second | parts |\n|---|---|---|---|---|---|---|---|---|---|\n"

func TestAccQuota_oneRunOfManyScansIsNeverRefused(t *testing.T) { //nolint:paralleltest // it measures time
	scans := 200
	if testing.Short() {
		scans = 60
	}
	got := apply(t, 1, scans, "-parallelism=100")
	report(t, "quota-1.md", quotaHead+fmt.Sprintf("| one, `-parallelism=100` | %s\n", got))
	if got.refusedSubmissions+got.refusedReads > 0 {
		t.Errorf("%d calls were refused", got.refusedSubmissions+got.refusedReads)
	}
}

// TestAccQuota_threeRunsAtOnceShareIt is the simulation of internal/tencentcloud with processes: nothing is
// refused for good, and little is refused at all.
func TestAccQuota_threeRunsAtOnceShareIt(t *testing.T) { //nolint:paralleltest // it measures time
	scans := 60
	if testing.Short() {
		scans = 15
	}
	got := apply(t, 3, scans, "-parallelism=60")
	report(t, "quota-3.md", fmt.Sprintf("| three at once | %s\n", got))
	// How long it takes is a figure of the long form: a busy machine must not fail the suite.
	if refused := float64(got.refusedSubmissions) / float64(got.scans); refused > 0.25 || !testing.Short() && (refused > 0.1 || got.overFloor() > 1.5) {
		t.Errorf("few submissions should be refused: %s", got)
	}
}

func TestAccQuota_fourRunsAtOnceShareIt(t *testing.T) { //nolint:paralleltest // it measures time
	if testing.Short() {
		t.Skip("takes a minute")
	}
	got := apply(t, 4, 200, "-parallelism=50")
	report(t, "quota-4.md", fmt.Sprintf("| four at once | %s\n", got))
	if got.overFloor() > 1.3 || got.parts[0] < 0.15 || got.parts[len(got.parts)-1] > 0.4 {
		t.Errorf("it should take at most 1.3 times the floor, in fair parts: %s", got)
	}
}
