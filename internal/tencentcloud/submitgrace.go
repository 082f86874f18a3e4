package tencentcloud

import (
	"context"
	"errors"
	"time"
)

// submitGrace is how long a submission that is under way may go on after an interrupt: its answer
// holds the id of a scan that is paid for, and an interrupt must be over within two seconds.
const submitGrace = 1500 * time.Millisecond

type interruptKey struct{}

// WithTimeout is [context.WithTimeout] for an operation that submits: where the time runs out while a
// submission is under way, its answer is waited for as long as the request time-out allows, and an
// interrupt, which is the end of the given context, is still told from that.
func WithTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(ctx, interruptKey{}, ctx), timeout)
}

// extend returns a context that outlives an interrupt by grace. It outlives any deadline without a
// bound of its own: nobody waits for the end of an operation whose time is up, and the answer that is
// on its way is paid for.
func extend(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	interrupt := ctx
	if outer, ok := ctx.Value(interruptKey{}).(context.Context); ok {
		interrupt = outer
	}
	extended, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(interrupt, func() {
		if errors.Is(interrupt.Err(), context.DeadlineExceeded) {
			return
		}
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-extended.Done():
		}
	})
	return extended, func() { stop(); cancel() }
}
