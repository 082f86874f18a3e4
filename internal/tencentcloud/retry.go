package tencentcloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// retryPolicy tells for a kind of failure whether to try again (api.md "Errors"). A submission is
// paid for, so it is repeated only after what proves that nothing was done: a throttling answer, or
// a request that never left this machine.
type retryPolicy struct {
	kind error
	read bool
	// submit says whether an answer of this kind proves that nothing was done; a failure before
	// anything was sent proves it for every kind.
	submit bool
}

var retryPolicies = []retryPolicy{
	{kind: ErrThrottled, read: true, submit: true},
	{kind: ErrServer, read: true},
	{kind: ErrTransport, read: true},
	{kind: ErrMalformed, read: true},
}

// retryable tells whether a failed call may be tried again.
func (o operation) retryable(err *Error) bool {
	if !o.repeatable && (err.made || err.Sent && err.provesNothing()) {
		return false
	}
	for _, p := range retryPolicies {
		// The kind alone: what is beneath a failure of the credentials was retried there.
		if errors.Is(err.kind, p.kind) {
			return p.read && o.repeatable || p.submit || p.read && !err.Sent
		}
	}
	return false
}

// retries counts what one call has spent on failed attempts.
type retries struct {
	failed int // attempts that failed, throttled ones not among them

	throttled bool      // by the last answer
	since     time.Time // in a row

	last *Error
}

// allow books a failed attempt and tells whether there may be another one. A throttling answer is no
// failure but a place further back in the queue: it costs none of MaxRetries, since several runs that
// share an account are to wait for each other, not to fail. Only a call that is throttled for longer
// than the client's patience gives up; a client that never retries does not retry this either.
func (r *retries) allow(c *Client, err *Error) bool {
	r.last = err
	if !errors.Is(err.kind, ErrThrottled) {
		r.throttled = false
		r.failed++
		return r.failed <= c.config.MaxRetries
	}
	if !r.throttled {
		r.since = time.Now()
	}
	r.throttled = true
	return c.config.MaxRetries > 0 && time.Since(r.since) < c.patience
}

// pause returns how long to wait before the next attempt. What slows the requests down after throttling
// is the limiter.
func (r *retries) pause(c *Client) time.Duration {
	if r.throttled {
		return 0
	}
	return c.backoff(r.failed)
}

// lastAnswered returns the failure to show when a call ends with its context: an attempt that was not
// even sent, or that was cut short, tells less than the one before it. But that a submission may have
// arrived is never dropped.
func (r *retries) lastAnswered(op operation, err *Error) *Error {
	cut := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if r.last == nil || err.Sent && !(op.repeatable && cut) {
		return err
	}
	return r.last
}

// Bounds of the pause before a retry.
const (
	minBackoff = 500 * time.Millisecond
	maxBackoff = 20 * time.Second

	// throttlePatience is how long a call is repeated that gets nothing but throttling answers.
	throttlePatience = 5 * time.Minute
)

// backoff returns the pause after a number of failed attempts (1 and up): it doubles each time and is
// spread over its upper half, so that runs that failed together do not come back together.
func backoff(attempts int) time.Duration {
	d := maxBackoff
	if attempts < 7 {
		d = min(minBackoff<<(attempts-1), maxBackoff)
	}
	return d/2 + rand.N(d/2)
}
