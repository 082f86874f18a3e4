package tencentcloud

import (
	"context"
	"errors"
	"testing"
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
	if _, err := l.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the second request need not wait: %v", err)
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
