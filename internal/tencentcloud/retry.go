package tencentcloud

import (
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
	if err.made && !o.repeatable {
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

// Bounds of the pause before a retry.
const (
	minBackoff = 500 * time.Millisecond
	maxBackoff = 20 * time.Second
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
