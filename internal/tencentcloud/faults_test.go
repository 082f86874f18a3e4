package tencentcloud_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// rate is how often a fault strikes.
type rate int

const (
	once    rate = iota // the first call
	quarter             // 25 % of the calls, by a seeded chance
	always
)

func (r rate) String() string { return [...]string{"once", "25 %", "always"}[r] }

// budget is the time-out of everything that one reading or submission does.
const budget = slowness * 8 * time.Second

// cell is one fault × action × rate, and what came of it.
type cell struct {
	fault   faultCase
	subject subject
	rate    rate

	tally tally
}

// tally counts the outcomes of a cell.
type tally struct {
	right      int // the true data, or a submission with its id
	incomplete int // data that is not the true one and never passes, or a submission without an id
	failed     int // a plain typed error
	requests   int // connections tried for faults of the network, else calls that reached the emulator
	longest    time.Duration
}

func (t tally) String() string {
	return fmt.Sprintf("%d/%d/%d, %d, %.1f s", t.right, t.incomplete, t.failed, t.requests, t.longest.Seconds())
}

func (c *cell) name() string {
	return fmt.Sprintf("%s, %s, %s", c.fault.name, c.subject.action(), c.rate)
}

// calls is how many readings or submissions a cell makes.
func (c *cell) calls() int {
	if c.rate == quarter {
		return 16
	}
	return 2 // the first of them meets a fault that strikes once
}

// TestFaults_everyFaultByEveryActionAtEveryRate breaks the cloud in every way that the emulator knows.
// Whatever happens, the outcome is the true data or a plain error within the time-out, no reading passes
// a gate that the true data does not pass, no submission is made twice, an error is "undone" only if
// nothing was submitted, and neither goroutines nor connections are left. With -short, each fault
// strikes once and, but for the race detector, always.
func TestFaults_everyFaultByEveryActionAtEveryRate(t *testing.T) { //nolint:paralleltest // it counts goroutines
	before := runtime.NumGoroutine()
	started := time.Now()
	var cells []*cell
	for _, f := range faultCases {
		for _, s := range subjects {
			for _, r := range []rate{once, quarter, always} {
				if testing.Short() && (r == quarter || f.heavy || r == always && slowness > 1) {
					continue
				}
				cells = append(cells, &cell{fault: f, subject: s, rate: r})
			}
		}
	}
	world := newWorld(t)
	var group errgroup.Group
	group.SetLimit(16 / slowness)
	var heavy sync.Mutex // one body of a GiB at a time
	for _, c := range cells {
		group.Go(func() error {
			if c.fault.heavy {
				heavy.Lock()
				defer heavy.Unlock()
			}
			c.run(t, world)
			return nil
		})
	}
	_ = group.Wait()
	world.close()
	nothingLeft(t, before)
	t.Logf("%d cells in %.1f s", len(cells), time.Since(started).Seconds())
	if !testing.Short() {
		report(t, "faults.md", table(cells))
	}
}

// run carries out a cell.
func (c *cell) run(t *testing.T, world *world) {
	bench := world.bench(t, c)
	defer bench.server.Close()
	c.subject.prepare(t, bench)
	bench.arm(c)
	for n := range c.calls() {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), c.fault.time())
		client := bench.client(t, c.fault)
		outcome, err := c.subject.try(ctx, client, bench, n)
		cancel()
		client.closeIdle()
		if took := time.Since(begun); took > c.tally.longest {
			c.tally.longest = took
		}
		c.count(t, n, outcome, err)
	}
	bench.noConnectionLeft(t, c.name())
	c.tally.requests = bench.requests(c)
}

func (c *cell) count(t *testing.T, n int, outcome outcome, err error) {
	switch {
	case outcome.violation != "":
		t.Errorf("%s: call %d: %s (error: %v)", c.name(), n, outcome.violation, err)
	case err != nil:
		c.tally.failed++
		if complaint := implausible(err); complaint != "" {
			t.Errorf("%s: call %d: %s: %v", c.name(), n, complaint, err)
		}
	case outcome.right:
		c.tally.right++
	default:
		c.tally.incomplete++
	}
	// A fault that reads get over, or that proves to a submission that nothing was done, is not noticed
	// when it strikes once.
	busy := testing.Short() && errors.Is(err, context.DeadlineExceeded) // a busy machine must not fail the suite
	if c.rate == once && c.subject.getsOver(c.fault) && (err != nil || !outcome.right) && !busy {
		t.Errorf("%s: call %d should have got over it: %v", c.name(), n, err)
	}
	// One that strikes always leaves nothing right. A clock is read in signatures only.
	if c.rate == always && outcome.right && err == nil && !(c.subject.unsigned() && c.fault.fault.Kind == emulator.FaultClock) {
		t.Errorf("%s: call %d was not met by the fault", c.name(), n)
	}
}

// seed makes the chances of a cell the same in every run.
func (c *cell) seed() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(c.name()))
	return h.Sum64()
}

func (c *cell) random() *rand.Rand { return rand.New(rand.NewPCG(c.seed(), 1)) }

// nothingLeft waits until no more goroutines run than before.
func nothingLeft(t *testing.T, before int) {
	t.Helper()
	waited := time.NewTicker(time.Minute)
	defer waited.Stop()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for runtime.NumGoroutine() > before { // bounded by the time-out of go test alone
		select {
		case <-waited.C:
			var stacks bytes.Buffer
			_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			t.Logf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks.String())
		case <-ticker.C:
		}
	}
}

var reports = flag.String("reports", "", "folder for the tables of make reliability")

// report writes a table for `make reliability`.
func report(t *testing.T, name, text string) {
	t.Helper()
	if *reports == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*reports, name), []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// table shows the cells, one row for each fault and action.
func table(cells []*cell) string {
	var b strings.Builder
	b.WriteString("| fault | action | once | 25 % | always |\n|---|---|---|---|---|\n")
	for i, c := range cells {
		if i%3 == 0 {
			fmt.Fprintf(&b, "| %s | %s |", c.fault.name, c.subject.action())
		}
		fmt.Fprintf(&b, " %s |", c.tally)
		if i%3 == 2 {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// arm puts the cell's fault in force.
func (b *bench) arm(c *cell) {
	if c.fault.network != "" {
		b.dialer.arm(c)
		return
	}
	f := c.fault.fault
	f.Action = c.subject.action()
	switch c.rate {
	case once:
		f.Times = 1
	case quarter:
		f.Probability = 0.25
	case always:
	}
	if f.Kind == emulator.FaultRedirect {
		f.Location = b.world.elsewhere.URL
	}
	b.server.Fault(f)
}
