package wait

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

func TestAdaptive(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		waited, remaining time.Duration
		random            float64
		want              time.Duration
	}{
		"starts at the lower bound":      {0, 0, 0, 2 * time.Second},
		"spread at the lower bound":      {0, 0, 1, 3 * time.Second},
		"about a tenth, jitter shortens": {100 * time.Second, 0, 0, 7800 * time.Millisecond},
		"about a tenth, and lengthens":   {100 * time.Second, 0, 1, 11500 * time.Millisecond},
		"never above the upper bound":    {3 * time.Hour, 0, 1, time.Minute},
		"spread at the upper bound":      {3 * time.Hour, 0, 0, 55 * time.Second},
		"a short estimate is believed":   {time.Hour, 42 * time.Second, 0, 42 * time.Second},
		"an estimate below a second":     {time.Hour, time.Millisecond, 0, time.Second},
		"a long estimate is checked":     {2 * time.Hour, 2 * time.Hour, 0, 105 * time.Minute},
		"an absurd one is, at first":     {0, 1e6 * time.Second, 0, firstPaced},
		"an absurd one is, later":        {time.Hour, 1e6 * time.Second, 0, 2 * time.Hour},
		"an estimate just above a limit": {0, 61 * time.Second, 0, time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := adaptive(MinInterval, func() float64 { return tt.random })(tt.waited, tt.remaining); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A service whose remaining time is 0 before it is done must be asked again soon, but not for ever so.
func TestAdaptive_estimateThatRanOut(t *testing.T) {
	t.Parallel()
	interval := adaptive(MinInterval, func() float64 { return 0 })
	if got := interval(time.Hour, 30*time.Second); got != 30*time.Second {
		t.Fatalf("got %s", got)
	}
	for _, tt := range []struct{ waited, want time.Duration }{
		{time.Hour + 10*time.Second, 55 * time.Second}, // it is not given any more, before it ran out
		{time.Hour + 30*time.Second, time.Second / 4},
		{time.Hour + 38*time.Second, 8 * time.Second},
		{time.Hour + 3*time.Minute, 55 * time.Second}, // as without an estimate
	} {
		if got := interval(tt.waited, 0); got != tt.want {
			t.Errorf("after %s: got %s, want %s", tt.waited, got, tt.want)
		}
	}
}

// The most polls of a wait of 30 minutes and of 3 hours that the issue "As fast as Terraform and the quota
// allow" asks for, where polls take no time at all; the delays are in internal/bench.
func TestAdaptive_numberOfPolls(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for wait, most := range map[time.Duration]int{30 * time.Minute: 70, 3 * time.Hour: 240} {
		for range 1000 {
			clock := &stepClock{}
			polls := 0
			_, err := For(t.Context(), func(context.Context) (Observation[int], error) {
				polls++
				if clock.now.Sub(time.Time{}) >= wait {
					return final, nil
				}
				return pending, nil
			}, Options{Clock: clock, Interval: adaptive(MinInterval, random.Float64)})
			if err != nil || polls > most {
				t.Errorf("%s: %d polls, at most %d; error %v", wait, polls, most, err)
			}
		}
	}
}

// An estimate that is right leaves few polls to be made, and one of days does not make an end be noticed
// later than after twice its time.
func TestAdaptive_numberOfPollsWithAnEstimate(t *testing.T) {
	t.Parallel()
	for wait := time.Minute; wait <= 3*time.Hour; wait += time.Minute {
		for name, estimate := range map[string]func(left time.Duration) time.Duration{
			"right":  func(left time.Duration) time.Duration { return left },
			"absurd": func(time.Duration) time.Duration { return 1e6 * time.Second },
		} {
			clock := &stepClock{}
			polls := 0
			_, err := For(t.Context(), func(context.Context) (Observation[int], error) {
				polls++
				waited := clock.now.Sub(time.Time{})
				if waited >= wait {
					return final, nil
				}
				return Observation[int]{State: Pending, Remaining: estimate(wait - waited)}, nil
			}, Options{Clock: clock, Interval: Adaptive()})
			if took := clock.now.Sub(time.Time{}); err != nil || polls > 10 || took > max(3*wait, firstPaced) || name == "right" && took > wait+time.Second {
				t.Errorf("%s, %s: %d polls, noticed after %s; error %v", wait, name, polls, took, err)
			}
		}
	}
}
