package tencentcloud

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter keeps the requests of one action below the account's quota. Several runs may share that
// quota without knowing of each other, so it halves its rate when the service throttles and wins it
// back bit by bit (additive increase, multiplicative decrease).
type limiter struct {
	bucket *rate.Limiter
	full   float64 // requests per second when nothing throttles

	mu      sync.Mutex
	now     func() time.Time
	changed time.Time // of the rate
}

const (
	slowest      = 0.5 // requests per second that the limiter never goes below, if full allows
	settle       = time.Second
	recoverSteps = 20 // additive steps, one each settle time, from nothing to full
)

func newLimiter(perSecond float64, now func() time.Time) *limiter {
	// A burst of one spaces requests evenly: a service that counts by the second never sees more
	// than the quota, however its seconds fall.
	return &limiter{bucket: rate.NewLimiter(rate.Limit(perSecond), 1), full: perSecond, now: now}
}

// wait blocks until a request may be sent, or returns the context's error.
func (l *limiter) wait(ctx context.Context) error {
	r := l.bucket.Reserve()
	if err := sleep(ctx, r.Delay()); err != nil {
		r.Cancel()
		return err
	}
	return nil
}

// throttled halves the rate, once for all the requests that were under way together.
func (l *limiter) throttled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.changed) < settle {
		return
	}
	l.changed = now
	l.bucket.SetLimit(max(l.bucket.Limit()/2, rate.Limit(min(slowest, l.full))))
}

// succeeded wins back a part of the rate, at most once in the settle time.
func (l *limiter) succeeded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.bucket.Limit() >= rate.Limit(l.full) || now.Sub(l.changed) < settle {
		return
	}
	l.changed = now
	l.bucket.SetLimit(min(l.bucket.Limit()+rate.Limit(l.full/recoverSteps), rate.Limit(l.full)))
}

// sleep waits for d, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
