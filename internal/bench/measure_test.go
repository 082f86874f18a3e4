package bench_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// usage is what something took.
type usage struct {
	wall time.Duration
	cpu  time.Duration // of all threads and, for a process, of its children
}

// best keeps the least of each figure: what the rest of the machine disturbed least.
func (u usage) best(other usage) usage {
	if u == (usage{}) {
		return other
	}
	return usage{wall: min(u.wall, other.wall), cpu: min(u.cpu, other.cpu)}
}

// inProcess measures a function within this process, a few times, from an empty heap, which is collected as
// the provider's process has it (main.go).
func inProcess(t *testing.T, rounds int, f func()) usage {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	var kept usage
	for range rounds {
		runtime.GC()
		cpu, begun := ownCPU(t), time.Now()
		f()
		kept = kept.best(usage{wall: time.Since(begun), cpu: ownCPU(t) - cpu})
	}
	return kept
}

// process runs a command to its end, which must be a good one: 0, or 2 for a plan with changes.
func process(t *testing.T, cmd *exec.Cmd) usage {
	t.Helper()
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	begun := time.Now()
	err := cmd.Run()
	took := time.Since(begun)
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 2 {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, output.String())
	}
	return usage{wall: took, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
}

// peakMemory returns the most memory that a running process has held so far, in bytes.
func peakMemory(t *testing.T, pid int) int64 {
	t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[0] == "VmHWM:" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", 1000*d.Seconds()) }

func mebibytes(bytes int64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }

func times(a, b time.Duration) string { return fmt.Sprintf("%.2f ×", a.Seconds()/b.Seconds()) }
