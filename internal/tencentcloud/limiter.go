package tencentcloud

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter keeps the requests of one action below the account's quota, which the service counts by
// the second. It holds a token for each request of a second. A request takes one, and gives it back
// a second after its answer came; so no second of the service's clock ever sees more requests than
// there are tokens, wherever its seconds begin and however long requests are on their way. Beside
// that, requests are spaced evenly, but for a few that catch up.
//
// Of the time until an answer, what every request takes need not be waited for: the next one with the
// same token takes as long to arrive, and its answer was as long on the way back. So the token comes
// back that much earlier, once as many answers were seen as there are tokens: by three quarters of the
// quickest, since a yet quicker one may come. Without that, answers of half a second would leave two
// thirds of the rate.
//
// Several runs may share the quota without knowing of each other. So the limiter halves its rate
// when the service throttles and wins it back bit by bit (additive increase, multiplicative
// decrease), by which runs come to even parts.
type limiter struct {
	tokens chan struct{} // one for each request that the service may count in this second
	turn   chan struct{} // held by the one request that waits for its moment
	pace   *rate.Limiter
	full   float64 // requests per second when nothing throttles

	mu     sync.Mutex
	now    func() time.Time
	halved time.Time // when the rate was last halved
	raised time.Time // when it was last raised, or halved

	answers  int           // seen since a throttling answer
	quickest time.Duration // of them
}

const (
	slowest      = 0.5 // requests per second that the limiter never goes below, if full allows
	settle       = time.Second
	recoverSteps = 10 // additive steps, one each settle time, from nothing to full

	// counted is for how long the service counts a request, and a little more for clocks that differ.
	counted = time.Second + 10*time.Millisecond
	// transit is the longest that a request is thought to be on its way: slow answers must not slow
	// down the requests after them.
	transit = time.Second
)

func newLimiter(perSecond float64, now func() time.Time) *limiter {
	l := &limiter{
		tokens: make(chan struct{}, max(1, int(perSecond))),
		turn:   make(chan struct{}, 1),
		pace:   rate.NewLimiter(rate.Limit(perSecond), 1),
		full:   perSecond,
		now:    now,
	}
	l.setRate(l.pace.Limit())
	return l
}

// setRate spaces requests. Tokens come back at uneven times; at the full rate, requests that had to wait
// for theirs may follow each other at once, up to those of a fifth of a second, or each such wait would be
// lost. Below the full rate others want the quota too, and none catches up.
func (l *limiter) setRate(perSecond rate.Limit) {
	burst := 1
	if perSecond == rate.Limit(l.full) {
		burst = max(1, cap(l.tokens)/5)
	}
	l.pace.SetLimit(perSecond)
	l.pace.SetBurst(burst)
}

// wait blocks until a request may be sent, or returns the context's error. The caller then calls sent
// or unsent.
func (l *limiter) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.tokens <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := l.waitTurn(ctx); err != nil {
		l.unsent()
		return err
	}
	return nil
}

// unsent gives the token back of a request that is not made after all.
func (l *limiter) unsent() { <-l.tokens }

// sent says that a request leaves now. The caller calls answered when the answer is there, or will not
// come.
func (l *limiter) sent() (answered func()) {
	begun := l.now()
	back := time.AfterFunc(transit+counted, func() { <-l.tokens })
	return func() {
		rest := counted - l.answered(l.now().Sub(begun))
		if back.Stop() {
			back.Reset(rest)
		}
	}
}

// answered notes how long an answer took. It returns how much of that every request takes.
func (l *limiter) answered(took time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers++
	if l.answers == 1 || took < l.quickest {
		l.quickest = took
	}
	if l.answers <= cap(l.tokens) {
		return 0
	}
	return min(l.quickest*3/4, counted)
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
	r := l.pace.Reserve()
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
	l.answers = 0
	if now.Sub(l.halved) < settle {
		return
	}
	l.halved, l.raised = now, now
	l.setRate(max(l.pace.Limit()/2, rate.Limit(min(slowest, l.full))))
}

// succeeded wins back a part of the rate, at most once in the settle time.
func (l *limiter) succeeded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.pace.Limit() >= rate.Limit(l.full) || now.Sub(l.raised) < settle {
		return
	}
	l.raised = now
	l.setRate(min(l.pace.Limit()+rate.Limit(l.full/recoverSteps), rate.Limit(l.full)))
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
