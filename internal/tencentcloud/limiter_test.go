package tencentcloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimiter_halvesOnceForThrottlesTogetherAndRecovers(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	l := newLimiter(20, func() time.Time { return now })
	limit := func(want float64) {
		t.Helper()
		if got := float64(l.pace.Limit()); got != want {
			t.Errorf("limit %v, want %v", got, want)
		}
	}
	for range 10 {
		l.throttled()
	}
	limit(10)
	now = now.Add(settle)
	l.throttled()
	limit(5)
	for range 10 {
		l.succeeded()
	}
	limit(5) // not before it settled
	for range 3 {
		now = now.Add(settle)
		l.succeeded()
	}
	limit(11)
	l.throttled() // however short ago it was raised
	limit(5.5)
	for range 100 {
		now = now.Add(settle)
		l.succeeded()
	}
	limit(20)
	for range 100 {
		now = now.Add(settle)
		l.throttled()
	}
	limit(slowest)
}

func TestLimiter_neverBeginsWithABurst(t *testing.T) {
	t.Parallel()
	l := newLimiter(1, time.Now)
	if err := l.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the second request need not wait: %v", err)
	}
}

// TestLimiter_letsAFewCatchUpAtTheFullRate counts the requests that leave at once after a pause.
func TestLimiter_letsAFewCatchUpAtTheFullRate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before func(*limiter)
		want   int
	}{
		"full rate": {func(*limiter) {}, 4},
		"throttled": {(*limiter).throttled, 1},
		"won back in part": {func(l *limiter) {
			l.throttled()
			time.Sleep(settle) //nolint:forbidigo // of a fake clock
			l.succeeded()
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(20, time.Now)
				test.before(l)
				time.Sleep(10 * time.Second) //nolint:forbidigo // of a fake clock
				begun, atOnce := time.Now(), 0
				for range 10 {
					if err := l.wait(t.Context()); err != nil {
						t.Fatal(err)
					}
					if time.Since(begun) == 0 {
						atOnce++
					}
				}
				if atOnce != test.want {
					t.Errorf("%d leave at once, want %d", atOnce, test.want)
				}
			})
		})
	}
}

// TestLimiter_givesATokenBackASecondAfterTheAnswer is about the tokens alone: what each of two requests
// did decides when a third one of two per second may leave.
func TestLimiter_givesATokenBackASecondAfterTheAnswer(t *testing.T) {
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
				l := newLimiter(2, time.Now)
				l.pace.SetLimit(1e9)
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

// TestLimiter_slowAnswersDoNotCostTheRate has a service whose answers take long, by a way and a time that
// vary: it counts no more requests in any second than the quota, and the calls take little more than what
// the quota allows at best.
func TestLimiter_slowAnswersDoNotCostTheRate(t *testing.T) {
	t.Parallel()
	const perSecond, calls = 20, 400
	tests := map[string]struct {
		way, work, vary time.Duration
		atMost          float64 // times the floor
	}{
		"quick":              {time.Millisecond, time.Millisecond, 2 * time.Millisecond, 1.05},
		"0.1 s":              {20 * time.Millisecond, 50 * time.Millisecond, 10 * time.Millisecond, 1.1},
		"0.5 s, of the way":  {220 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 1.3},
		"0.5 s, of the work": {20 * time.Millisecond, 430 * time.Millisecond, 15 * time.Millisecond, 1.3},
		"0.9 s":              {100 * time.Millisecond, 650 * time.Millisecond, 25 * time.Millisecond, 1.45},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				varied := func(d time.Duration) time.Duration { return d + rand.N(2*tt.vary) }
				took := makeCalls(t, perSecond, calls, func() (counted, answered time.Duration) {
					counted = varied(tt.way)
					return counted, counted + varied(tt.work) + varied(tt.way)
				})
				over := took.Seconds() * perSecond / calls
				t.Logf("%.2f times the floor", over)
				if over > tt.atMost {
					t.Errorf("%.2f times the floor, at most %.2f", over, tt.atMost)
				}
			})
		})
	}
}

// makeCalls makes calls as fast as a limiter lets them, and returns how long that took. answer says how long
// after a request was sent the service counts it, and how long after it the answer is there. No service
// may be exceeded, whether it counts by a sliding second or by whole ones, whenever those begin.
func makeCalls(t *testing.T, perSecond, calls int, answer func() (counted, answered time.Duration)) time.Duration {
	t.Helper()
	l := newLimiter(float64(perSecond), time.Now)
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
// moment of the work between.
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
		"1 to 5 ms":     {time.Millisecond / 2, between(0, 4*time.Millisecond), 0.98},
		"20 to 80 ms":   {10 * time.Millisecond, between(0, 60*time.Millisecond), 0.95},
		"100 to 300 ms": {50 * time.Millisecond, between(0, 200*time.Millisecond), 0.87},
		"5 ms, one in a hundred 0.5 s": {2 * time.Millisecond, func(r *rand.Rand) time.Duration {
			if r.IntN(100) == 0 {
				return 496 * time.Millisecond
			}
			return time.Millisecond
		}, 0.97},
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
