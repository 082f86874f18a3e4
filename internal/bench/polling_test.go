package bench_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// answerTime is how long a poll takes in the simulated waits.
const answerTime = 20 * time.Millisecond

// polled is what waits for scans of one duration came to.
type polled struct {
	delay     time.Duration // on average, until the end was noticed
	mostPolls int
}

// waitFor waits for scans of one duration, on a fake clock. estimate is what the service says of the time
// that is left; 0 is nothing.
func waitFor(t *testing.T, duration time.Duration, waits int, estimate func(left time.Duration) time.Duration) polled {
	t.Helper()
	var result polled
	for range waits {
		synctest.Test(t, func(t *testing.T) {
			end, polls := time.Now().Add(duration), 0
			_, err := wait.For(t.Context(), func(context.Context) (wait.Observation[bool], error) {
				polls++
				left := time.Until(end)
				<-time.After(answerTime)
				if left <= 0 {
					return wait.Observation[bool]{State: wait.Final}, nil
				}
				return wait.Observation[bool]{Remaining: estimate(left)}, nil
			}, wait.Options{})
			if err != nil {
				t.Error(err)
			}
			result.delay += time.Since(end) / time.Duration(waits)
			result.mostPolls = max(result.mostPolls, polls)
		})
	}
	return result
}

// durations are those of the scans that are waited for.
func durations() []time.Duration {
	return []time.Duration{
		10 * time.Second, 20 * time.Second, 41 * time.Second, 59 * time.Second, 2 * time.Minute, 5 * time.Minute, 601 * time.Second,
		23 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
	}
}

func TestPolling_delayStaysInProportion(t *testing.T) {
	t.Parallel()
	// The mean of so many waits is off by a few per cent.
	waits, tolerance := 400, 1.15
	if full() {
		waits, tolerance = 4000, 1.03
	}
	var lines strings.Builder
	lines.WriteString("| duration of the scan | mean delay | of the duration | bound | most polls |\n|---|---|---|---|---|\n")
	for _, d := range durations() {
		got := waitFor(t, d, waits, func(time.Duration) time.Duration { return 0 })
		bound := min(max(d/20, 2*time.Second), 30*time.Second)
		fmt.Fprintf(&lines, "| %s | %.2f s | %.1f %% | %.2f s | %d |\n", d, got.delay.Seconds(), 100*got.delay.Seconds()/d.Seconds(), bound.Seconds(), got.mostPolls)
		if got.delay.Seconds() > tolerance*bound.Seconds() || d <= 30*time.Minute && got.mostPolls > 70 || got.mostPolls > 240 {
			t.Errorf("a scan of %s: mean delay %s, at most %d polls", d, got.delay, got.mostPolls)
		}
	}
	report(t, "polling", lines.String())
}

func TestPolling_remainingTimePacesIt(t *testing.T) {
	t.Parallel()
	exact := func(left time.Duration) time.Duration { return left }
	wholeSeconds := func(left time.Duration) time.Duration { return left.Truncate(time.Second) }
	offBy := func(factor float64) func(time.Duration) time.Duration {
		return func(left time.Duration) time.Duration { return time.Duration(factor * float64(left)) }
	}
	var lines strings.Builder
	lines.WriteString("| duration of the scan | exact (tcss) | in whole seconds (cwp) | a tenth too short | a tenth too long |\n|---|---|---|---|---|\n")
	for _, d := range durations() {
		fmt.Fprintf(&lines, "| %s |", d)
		for _, estimate := range []struct {
			good bool
			of   func(time.Duration) time.Duration
		}{{true, exact}, {true, wholeSeconds}, {false, offBy(0.9)}, {false, offBy(1.1)}} {
			// The end falls anywhere within a second.
			var got polled
			const parts = 20
			for part := range parts {
				once := waitFor(t, d+time.Duration(part)*time.Second/parts, 1, estimate.of)
				got = polled{got.delay + once.delay/parts, max(got.mostPolls, once.mostPolls)}
			}
			fmt.Fprintf(&lines, " %.1f %%, %d polls |", 100*got.delay.Seconds()/d.Seconds(), got.mostPolls)
			if estimate.good && (got.delay > d*3/100 || got.mostPolls > 10) {
				t.Errorf("a scan of %s: mean delay %s, at most %d polls", d, got.delay, got.mostPolls)
			}
		}
		lines.WriteString("\n")
	}
	report(t, "remaining", lines.String())
}
