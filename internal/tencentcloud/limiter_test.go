package tencentcloud

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// answer notes so many answers.
func (l *limiter) answer(n int) {
	for range n {
		l.succeeded()
	}
}

func TestLimiter_throttlingLeavesALittleLessThanWasAnswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answered    int
		full        float64
		want        float64
		wantCrowded bool
	}{
		"many answered":          {answered: 10, full: 20, want: 10 * kept},
		"two answered":           {answered: 2, full: 20, want: 2 * kept},
		"one answered":           {answered: 1, full: 20, want: 2, wantCrowded: true},
		"none answered":          {answered: 0, full: 20, want: 2, wantCrowded: true},
		"a low rate":             {answered: 0, full: 1, want: 0.5, wantCrowded: true},
		"lower than the slowest": {answered: 0, full: 0.05, want: 0.05, wantCrowded: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(tt.full, defaultThrottling)
				l.answer(5)
				<-time.After(time.Second + 1) // what was answered longer ago is ignored
				l.answer(tt.answered)
				for range 3 { // what was under way together slows down once
					if crowded := l.throttled(time.Now().Add(-time.Millisecond)); crowded != tt.wantCrowded {
						t.Errorf("crowded %t", crowded)
					}
				}
				if got := l.rate(time.Now()); math.Abs(got-tt.want) > 1e-9 {
					t.Errorf("%v requests per second, want %v", got, tt.want)
				}
			})
		})
	}
}

func TestLimiter_rateFallsWithEachThrottledTryAndComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20, defaultThrottling)
		for _, want := range []float64{2, 1, 0.5, 0.25, 0.125, 0.1, 0.1} {
			if l.throttled(time.Now()); l.cut != want {
				t.Errorf("%v requests per second, want %v", l.cut, want)
			}
			begun := time.Now()
			if err := l.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			l.unsent()
			if waited := time.Since(begun).Seconds() * want; waited < 0.5 || waited > 1.5 {
				t.Errorf("the next try comes after %.2f of the mean pause", waited)
			}
			l.cut, l.cutAt = want, time.Now() // as if no time had passed
		}
		<-time.After(recovery / 5)
		if got := l.rate(time.Now()); got < 0.89 || got > 0.91 {
			t.Errorf("%v requests per second after a fifth of the recovery", got)
		}
		<-time.After(recovery * 4 / 5)
		if got := l.rate(time.Now()); got != 20 {
			t.Errorf("%v requests per second after the recovery", got)
		}
	})
}

// The rest of the second is left to those that have a request in it, also by requests that wait already.
func TestLimiter_throttlingHoldsWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20, defaultThrottling)
		l.answer(5)
		begun := time.Now()
		for range 3 {
			if err := l.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		waits := make(chan time.Duration)
		go func() { _ = l.wait(t.Context()); waits <- time.Since(begun) }()
		synctest.Wait()
		l.throttled(time.Now())
		if waited := <-waits; waited < l.rest/2 || waited > l.rest*3/2 {
			t.Errorf("the next request left after %s", waited)
		}
	})
}

func TestLimiter_neverBeginsWithABurst(t *testing.T) {
	t.Parallel()
	l := newLimiter(1, defaultThrottling)
	if err := l.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.unsent()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := l.wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second request need not wait: %v", err)
	}
}

func TestLimiter_endedContextTakesNoSlot(t *testing.T) {
	t.Parallel()
	l := newLimiter(1, defaultThrottling)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.wait(ctx); !errors.Is(err, context.Canceled) || len(l.slots) != 0 {
		t.Errorf("%v, %d slots taken", err, len(l.slots))
	}
}

// TestLimiter_givesASlotBackASecondAfterTheAnswer is about the slots alone: what each of two requests
// did decides when a third one of two per second may leave.
func TestLimiter_givesASlotBackASecondAfterTheAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request func(*limiter)
		want    time.Duration
	}{
		"answered after 0.3 s": {func(l *limiter) { answered := l.sent(); time.AfterFunc(300*time.Millisecond, answered) }, 300*time.Millisecond + counted},
		"answered after 5 s":   {func(l *limiter) { answered := l.sent(); time.AfterFunc(5*time.Second, answered) }, transit + counted},
		"sent after 9 s": {func(l *limiter) {
			time.AfterFunc(9*time.Second, func() { l.sent()() })
		}, 9*time.Second + counted},
		"never sent": {func(l *limiter) { l.unsent() }, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(2, defaultThrottling)
				l.full = 1e9 // no spacing
				begun := time.Now()
				for range 2 {
					if err := l.wait(t.Context()); err != nil {
						t.Fatal(err)
					}
					tt.request(l)
				}
				if err := l.wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(begun).Round(time.Millisecond); waited != tt.want {
					t.Errorf("the third request left after %s, want %s", waited, tt.want)
				}
				l.unsent()
			})
		})
	}
}

// makeCalls makes calls as fast as a limiter lets them, and returns how long that took. answer says how long
// after a request was sent the service counts it, and how long after it the answer is there. No service
// may be exceeded, whether it counts by a sliding second or by whole ones, whenever those begin.
func makeCalls(t *testing.T, perSecond, calls int, answer func() (counted, answered time.Duration)) time.Duration {
	t.Helper()
	l := newLimiter(float64(perSecond), defaultThrottling)
	var mu sync.Mutex
	var counted []time.Time
	begun := time.Now()
	var all sync.WaitGroup
	for range calls {
		all.Go(func() {
			if err := l.wait(t.Context()); err != nil {
				t.Error(err)
				return
			}
			answered, sent := l.sent(), time.Now()
			mu.Lock()
			count, took := answer()
			counted = append(counted, sent.Add(count))
			mu.Unlock()
			<-time.After(took)
			answered()
		})
	}
	all.Wait()
	slices.SortFunc(counted, time.Time.Compare)
	for i := perSecond; i < len(counted); i++ {
		if apart := counted[i].Sub(counted[i-perSecond]); apart < time.Second {
			t.Fatalf("%d requests within %s", perSecond+1, apart)
		}
	}
	return time.Since(begun)
}

// TestLimiter_usesTheQuota has a service that counts a request when it comes, when its answer leaves, or at any
// moment of the work between. Of the quota is lost what an answer takes beside the second after it.
func TestLimiter_usesTheQuota(t *testing.T) {
	t.Parallel()
	const perSecond, calls = 20, 1000
	between := func(least, most time.Duration) func(*rand.Rand) time.Duration {
		return func(r *rand.Rand) time.Duration { return least + time.Duration(r.Int64N(int64(most-least))) }
	}
	answers := map[string]struct {
		way     time.Duration // there, and as long back
		work    func(*rand.Rand) time.Duration
		atLeast float64
	}{
		"1 to 5 ms":     {time.Millisecond / 2, between(0, 4*time.Millisecond), 0.97},
		"20 to 80 ms":   {10 * time.Millisecond, between(0, 60*time.Millisecond), 0.93},
		"100 to 300 ms": {50 * time.Millisecond, between(0, 200*time.Millisecond), 0.8},
		"5 ms, one in a hundred 0.5 s": {2 * time.Millisecond, func(r *rand.Rand) time.Duration {
			if r.IntN(100) == 0 {
				return 496 * time.Millisecond
			}
			return time.Millisecond
		}, 0.96},
	}
	counts := map[string]func(r *rand.Rand, way, work time.Duration) time.Duration{ // after it was sent
		"when sent":     func(*rand.Rand, time.Duration, time.Duration) time.Duration { return 0 },
		"when answered": func(_ *rand.Rand, way, work time.Duration) time.Duration { return way + work + way },
		"at any moment of the work": func(r *rand.Rand, way, work time.Duration) time.Duration {
			return way + time.Duration(r.Float64()*float64(work))
		},
	}
	for name, tt := range answers {
		for moment, count := range counts {
			t.Run(name+", counted "+moment, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					random := rand.New(rand.NewPCG(1, 2))
					took := makeCalls(t, perSecond, calls, func() (counted, answered time.Duration) {
						work := tt.work(random)
						return count(random, tt.way, work), tt.way + work + tt.way
					})
					used := calls / perSecond / took.Seconds()
					t.Logf("%.1f %% of the quota used", 100*used)
					if used < tt.atLeast {
						t.Errorf("at least %.0f %% should be", 100*tt.atLeast)
					}
				})
			})
		}
	}
}

func TestBackoff_doublesWithinItsBounds(t *testing.T) {
	t.Parallel()
	for attempts, upper := range map[int]time.Duration{1: minBackoff, 2: 2 * minBackoff, 4: 8 * minBackoff, 7: maxBackoff, 1000: maxBackoff} {
		for range 100 {
			if d := backoff(attempts); d < upper/2 || d > upper {
				t.Errorf("attempt %d: %s, want between %s and %s", attempts, d, upper/2, upper)
			}
		}
	}
}
