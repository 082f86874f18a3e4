package tencentcloud

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// limiter keeps the requests of one action below the account's quota, which the service counts by the
// second, and shares it with runs that it knows nothing of.
//
//   - It has a slot for each request of a second. A request takes one, and gives it back a second after
//     its answer came. So no second of the service's clock sees more requests than there are slots,
//     wherever its seconds begin and however long requests are on their way.
//   - Requests are spaced evenly. Those that had to wait for a slot catch up, a tenth of a second's worth.
//   - A throttling answer says that others want the quota, too. Then the rate is a little less than what
//     was answered within the last second, or, where that is next to nothing, half of what it was; and the
//     rest of the service's second is left to those who have a request in it already.
//   - The rate comes back with the square of the time: slowly while others need the quota, and within half
//     a minute where they are gone.
type limiter struct {
	slots chan struct{}
	turn  chan struct{} // held by the one request that waits for its moment
	full  float64       // requests per second when nothing throttles
	throttling

	mu       sync.Mutex
	next     time.Time   // when the next request may leave
	answered []time.Time // within the last second
	cut      float64     // the rate after the last throttling answer
	cutAt    time.Time
}

// throttling is what a throttling answer leads to.
type throttling struct {
	slowest float64       // requests per second that the limiter never goes below, if full allows
	rest    time.Duration // of the service's second, on average
}

var defaultThrottling = throttling{slowest: 0.1, rest: time.Second / 2}

const (
	// counted is for how long the service counts a request, and a little more for clocks that differ.
	counted = time.Second + 10*time.Millisecond
	// transit is the longest that a request is thought to be on its way: slow answers must not slow
	// down the requests after them.
	transit = time.Second
	catchUp = time.Second / 10

	// kept is the part of what was answered that is still asked for when others want more.
	kept = 0.92
	// few answers within a second say nothing about the rate, but that it is low.
	few = 2
	// startOver is at most the rate that is halved when few are answered.
	startOver = 4
	// recovery is how long it takes from nothing to the full rate.
	recovery = 30 * time.Second
)

func newLimiter(perSecond float64, t throttling) *limiter {
	return &limiter{
		slots:      make(chan struct{}, max(1, int(perSecond))),
		turn:       make(chan struct{}, 1),
		full:       perSecond,
		throttling: t,
	}
}

// wait blocks until a request may be sent, or returns the context's error. The caller then calls sent
// or unsent.
func (l *limiter) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := l.waitTurn(ctx); err != nil {
		l.unsent()
		return err
	}
	return nil
}

// unsent gives the slot back of a request that is not made after all.
func (l *limiter) unsent() { <-l.slots }

// sent says that a request leaves now. The caller calls answered when the answer is there, or will not
// come.
func (l *limiter) sent() (answered func()) {
	back := time.AfterFunc(transit+counted, l.unsent)
	return func() {
		if back.Stop() {
			back.Reset(counted)
		}
	}
}

// waitTurn spaces requests. One waits at a time: were all to sleep until a moment of their own, those
// that a busy machine woke late would leave together.
func (l *limiter) waitTurn(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	for {
		pause := l.take()
		if pause <= 0 {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// take takes the next moment if it has come, and returns how long it is until then otherwise.
func (l *limiter) take() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if pause := l.next.Sub(now); pause > 0 {
		return pause
	}
	if earliest := now.Add(-catchUp); l.next.Before(earliest) {
		l.next = earliest
	}
	l.next = l.next.Add(time.Duration(float64(time.Second) / l.rate(now)))
	return 0
}

// rate returns the requests per second of a moment.
func (l *limiter) rate(now time.Time) float64 {
	if l.cutAt.IsZero() {
		return l.full
	}
	since := now.Sub(l.cutAt).Seconds() / recovery.Seconds()
	return min(l.full, l.cut+l.full*since*since)
}

// succeeded notes an answer that was not a throttling one.
func (l *limiter) succeeded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered = append(l.lastSecond(), time.Now())
}

// lastSecond returns the moments of the answers within the last second.
func (l *limiter) lastSecond() []time.Time {
	for len(l.answered) > 0 && time.Since(l.answered[0]) > time.Second {
		l.answered = l.answered[1:]
	}
	return l.answered
}

// throttled slows the requests down, once for all that were under way together. It tells whether the
// account is crowded: whether next to nothing gets through.
func (l *limiter) throttled(sent time.Time) (crowded bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, answered := time.Now(), len(l.lastSecond())
	crowded = answered < few
	if sent.Before(l.cutAt) {
		return crowded
	}
	rate := kept * float64(answered)
	pause := l.rest
	if crowded {
		rate = min(l.rate(now), startOver) / 2
	}
	l.cut, l.cutAt = min(max(rate, l.slowest), l.full), now
	if crowded {
		pause = time.Duration(float64(time.Second) / l.cut)
	}
	l.next = now.Add(jittered(pause))
	return crowded
}

// jittered spreads a pause from half to one and a half of it, so that runs do not march in step.
func jittered(d time.Duration) time.Duration { return d/2 + time.Duration(rand.Float64()*float64(d)) }

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
