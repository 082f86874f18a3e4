package wait

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// A run that shares its account with many others learns of them by throttled polls only, and each costs
// the account as much as one that is answered. So it cannot feel its way to its part of the quota:
//
//   - A throttled poll is left out, not repeated. The wait goes on with its next poll.
//   - If the run gets next to nothing through, the account is crowded, and the wait polls at the pace of
//     the longest waits, [CrowdedInterval], at once. The pause after the throttled poll is spread, so that
//     each wait finds a free second; from then on it is kept exactly, so that it stays free.
//   - If that is refused as well, again and again, the pause doubles, up to [CrowdedMax].
//   - Ten answers in a row halve the pause again; below CrowdedInterval the wait is back to its own.

// Bounds of the pause between the polls of a wait on a crowded account.
const (
	// CrowdedInterval is the pause with which a thousand waits take 93 % of 20 requests per second.
	CrowdedInterval = 54 * time.Second
	CrowdedMax      = 8 * CrowdedInterval

	crowdedRefusals = 4 // in a row, from which on the pause doubles
	crowdedAnswers  = 10
)

// ErrLeftOut is in the chain of the error of a poll that the service refused for the rate of requests,
// and that was not repeated (see [MayLeaveOut]).
var ErrLeftOut = errors.New("poll left out")

// ErrCrowded is an [ErrLeftOut] of a run that gets next to nothing through.
var ErrCrowded = fmt.Errorf("%w: the account is crowded", ErrLeftOut)

type pollKey struct{}

// poll is one poll of a wait. It may take several calls.
type poll struct{ answered atomic.Bool }

func withPoll(ctx context.Context) context.Context {
	return context.WithValue(ctx, pollKey{}, new(poll))
}

// MayLeaveOut reports whether a call with this context is a poll that the wait does without: where it is
// throttled it is to fail with an [ErrLeftOut], not to be repeated. A poll of several calls is not left
// out any more once one of them was answered.
func MayLeaveOut(ctx context.Context) bool {
	p, ok := ctx.Value(pollKey{}).(*poll)
	return ok && !p.answered.Load()
}

// Answered says that a call with this context was answered.
func Answered(ctx context.Context) {
	if p, ok := ctx.Value(pollKey{}).(*poll); ok {
		p.answered.Store(true)
	}
}

// crowd is what a wait knows of the others on its account.
type crowd struct {
	interval time.Duration // the least pause; 0 where the account is not crowded
	refused  int           // polls in a row
	answers  int           // in a row
}

func (c *crowd) answered() {
	c.refused = 0
	if c.answers++; c.answers%crowdedAnswers == 0 {
		c.interval /= 2
	}
	if c.interval < CrowdedInterval {
		c.interval = 0
	}
}

func (c *crowd) leftOut(err error) {
	if !errors.Is(err, ErrCrowded) {
		return
	}
	c.answers = 0
	if c.refused++; c.refused >= crowdedRefusals {
		c.interval *= 2
	}
	c.interval = min(max(c.interval, CrowdedInterval), CrowdedMax)
}

// pause returns the least time from one poll to the next.
func (c *crowd) pause(random float64) time.Duration {
	if c.refused == 0 {
		return c.interval
	}
	return c.interval/2 + time.Duration(random*float64(c.interval))
}
