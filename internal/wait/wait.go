package wait

import (
	"context"
	"errors"
	"math/rand/v2"
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
	// Interval returns the pause before the next poll. The default is [AfterSubmission] where
	// JustSubmitted is set, [Adaptive] else.
	Interval Interval
	// JustSubmitted says that what is waited for was only just begun: its first poll may be left out, too.
	JustSubmitted bool
	Clock         Clock
	// Tolerance is how many polls in a row may fail; 0 means [DefaultTolerance].
	Tolerance int
	// Permanent reports whether an error makes further polls pointless.
	Permanent func(error) bool
	// OnStatus is called after the first poll, whenever the status changes, and as long as it does not,
	// every [ReportInterval]. next is the pause before the next poll, 0 where there is none.
	OnStatus func(status string, waited, next time.Duration)
	// OnFailure is called for each poll that fails and does not end the wait; inARow counts them.
	// A poll that was left out is none.
	OnFailure func(err error, inARow int, waited, next time.Duration)
	// OnLeftOut is called for each poll that was left out.
	OnLeftOut func(err error, waited, next time.Duration)
}

// ReportInterval is how often a wait in which nothing changes is reported.
const ReportInterval = time.Minute

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
		crowd   crowd
		pending = opts.JustSubmitted
		start   = opts.Clock.Now()
		reports = reports{onStatus: opts.OnStatus}
	)
	for {
		pollCtx := ctx
		if pending {
			pollCtx = withPoll(ctx)
		}
		begun := opts.Clock.Now()
		seen, err := poll(pollCtx)
		waited, took := opts.Clock.Now().Sub(start), opts.Clock.Now().Sub(begun)
		switch {
		case err == nil && seen.State != Pending:
			reports.saw(seen.Status, waited, 0)
			if seen.State == Unknown {
				return seen.Value, &UnknownStateError{Status: seen.Status}
			}
			return seen.Value, nil
		case err == nil:
			last, lastErr, failed, pending = seen, nil, 0, true
			crowd.answered()
		case ctx.Err() != nil:
			if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
				lastErr = err // the poll failed of something else before its time was up
			}
			return last.Value, ended(ctx, last.Status, waited, lastErr)
		case errors.Is(err, ErrLeftOut):
			lastErr = err
			crowd.leftOut(err)
		default:
			failed++
			lastErr = err
			if opts.Permanent(err) || failed >= opts.Tolerance {
				return last.Value, &PollError{LastStatus: last.Status, InARow: failed, Err: err}
			}
		}
		pause := max(opts.Interval(waited, last.Remaining), crowd.pause(rand.Float64())-took)
		switch {
		case err == nil:
			reports.saw(seen.Status, waited, pause)
		case errors.Is(err, ErrLeftOut):
			opts.OnLeftOut(err, waited, pause)
		default:
			opts.OnFailure(err, failed, waited, pause)
		}
		select {
		case <-ctx.Done():
			return last.Value, ended(ctx, last.Status, opts.Clock.Now().Sub(start), lastErr)
		case <-opts.Clock.After(pause):
		}
	}
}

func (o Options) withDefaults() Options {
	if o.Interval == nil && o.JustSubmitted {
		o.Interval = AfterSubmission()
	}
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
	if o.OnStatus == nil {
		o.OnStatus = func(string, time.Duration, time.Duration) {}
	}
	if o.OnLeftOut == nil {
		o.OnLeftOut = func(error, time.Duration, time.Duration) {}
	}
	if o.OnFailure == nil {
		o.OnFailure = func(error, int, time.Duration, time.Duration) {}
	}
	return o
}

// reports decides when the status of a wait is reported.
type reports struct {
	onStatus func(status string, waited, next time.Duration)
	made     bool
	status   string        // of the last report
	at       time.Duration // waited until then
}

func (r *reports) saw(status string, waited, next time.Duration) {
	if r.made && status == r.status && waited-r.at < ReportInterval {
		return
	}
	r.made, r.status, r.at = true, status, waited
	r.onStatus(status, waited, next)
}
