package wait

import (
	"context"
	"errors"
	"time"
)

// DefaultTolerance is how many polls in a row may fail before a wait gives up.
const DefaultTolerance = 5

// State says what a poll saw.
type State int

// The states of what is waited for. Unknown is a state that nobody documented: waiting on would be
// guessing, so it ends the wait.
const (
	Pending State = iota
	Final
	Unknown
)

// Observation is what one successful poll saw.
type Observation[T any] struct {
	Value T
	State State
	// Status describes the state in the service's words, for messages and logs.
	Status string
	// Remaining is the service's own estimate of the time left; 0 where it gives none.
	Remaining time.Duration
}

// Clock tells the time and wakes a waiter. [RealClock] is the one outside tests.
type Clock interface {
	Now() time.Time
	After(time.Duration) <-chan time.Time
}

// RealClock is the clock of the machine.
type RealClock struct{}

// Now returns the current time.
func (RealClock) Now() time.Time { return time.Now() }

// After returns a channel that delivers the time once d has passed.
func (RealClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Options tune a wait. The zero value is ready: adaptive interval, real clock, default tolerance, no
// permanent errors.
type Options struct {
	// Interval returns the pause before the next poll.
	Interval Interval
	Clock    Clock
	// Tolerance is how many polls in a row may fail; 0 means [DefaultTolerance].
	Tolerance int
	// Permanent tells whether an error makes further polls pointless.
	Permanent func(error) bool
	// OnStatus is called after the first poll and whenever the status changes.
	OnStatus func(status string, waited time.Duration)
}

// For polls until an observation is final and returns its value.
//
// On any error the value is that of the last successful poll, or the zero value if there was none.
// It returns a [*TimeoutError] when the context's deadline passes, a [*CanceledError] when the
// context is cancelled, an [*UnknownStateError] for a state that is not documented, and a
// [*PollError] for a permanent error or too many failed polls in a row.
func For[T any](ctx context.Context, poll func(context.Context) (Observation[T], error), opts Options) (T, error) {
	opts = opts.withDefaults()
	var (
		last    Observation[T]
		lastErr error
		failed  int
		polls   int
		start   = opts.Clock.Now()
	)
	for {
		seen, err := poll(ctx)
		polls++
		waited := opts.Clock.Now().Sub(start)
		switch {
		case err == nil && seen.State == Final:
			opts.report(last.Status, seen.Status, polls, waited)
			return seen.Value, nil
		case err == nil:
			opts.report(last.Status, seen.Status, polls, waited)
			last, lastErr, failed = seen, nil, 0
			if seen.State == Unknown {
				return last.Value, &UnknownStateError{Status: seen.Status}
			}
		case ctx.Err() != nil:
			if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
				lastErr = err // the poll failed of something else before its time was up
			}
			return last.Value, ended(ctx, last.Status, waited, lastErr)
		default:
			failed++
			lastErr = err
			if opts.Permanent(err) || failed >= opts.Tolerance {
				return last.Value, &PollError{LastStatus: last.Status, InARow: failed, Err: err}
			}
		}
		select {
		case <-ctx.Done():
			return last.Value, ended(ctx, last.Status, opts.Clock.Now().Sub(start), lastErr)
		case <-opts.Clock.After(opts.Interval(waited, last.Remaining)):
		}
	}
}

func (o Options) withDefaults() Options {
	if o.Interval == nil {
		o.Interval = Adaptive()
	}
	if o.Clock == nil {
		o.Clock = RealClock{}
	}
	if o.Tolerance == 0 {
		o.Tolerance = DefaultTolerance
	}
	if o.Permanent == nil {
		o.Permanent = func(error) bool { return false }
	}
	return o
}

func (o Options) report(before, now string, polls int, waited time.Duration) {
	if o.OnStatus != nil && (polls == 1 || before != now) {
		o.OnStatus(now, waited)
	}
}
