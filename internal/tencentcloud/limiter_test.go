package tencentcloud

import (
	"context"
	"errors"
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
