package wait

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// stepClock jumps ahead by each pause at once, and cancels the context when its own deadline passes,
// as a real context would.
type stepClock struct {
	now      time.Time
	deadline time.Time
	expire   func()
	pauses   []time.Duration
}

func (c *stepClock) Now() time.Time { return c.now }

func (c *stepClock) After(d time.Duration) <-chan time.Time {
	c.pauses = append(c.pauses, d)
	c.now = c.now.Add(d)
	if !c.deadline.IsZero() && c.now.After(c.deadline) {
		c.expire()
		return nil
	}
	ch := make(chan time.Time, 1)
	ch <- c.now
	return ch
}

// expiredContext is a context whose deadline passes when the test says so.
type expiredContext struct {
	context.Context
	done chan struct{}
	err  error
}

func (c *expiredContext) Done() <-chan struct{} { return c.done }
func (c *expiredContext) Err() error            { return c.err }
func (c *expiredContext) expire()               { c.err = context.DeadlineExceeded; close(c.done) }

var errPoll = errors.New("poll failed")

// script is a list of what the polls see; an error in place of an observation is a failed poll.
func script(steps ...any) func(context.Context) (Observation[int], error) {
	i := 0
	return func(context.Context) (Observation[int], error) {
		step := steps[min(i, len(steps)-1)]
		i++
		switch s := step.(type) {
		case error:
			return Observation[int]{}, s
		case Observation[int]:
			s.Value = i
			return s, nil
		default:
			panic("script")
		}
	}
}

var (
	pending = Observation[int]{State: Pending, Status: "processing"}
	final   = Observation[int]{State: Final, Status: "done"}
	unknown = Observation[int]{State: Unknown, Status: "odd"}
)

func TestFor(t *testing.T) {
	t.Parallel()
	permanent := errors.New("wrong key")
	tests := map[string]struct {
		steps     []any
		tolerance int
		want      int
		check     func(error) bool
	}{
		"final at once":                   {steps: []any{final}, want: 1},
		"pending, then final":             {steps: []any{pending, pending, final}, want: 3},
		"few failures are tolerated":      {steps: []any{errPoll, errPoll, errPoll, errPoll, final}, want: 5},
		"a success resets the count":      {steps: []any{errPoll, errPoll, pending, errPoll, errPoll, final}, tolerance: 3, want: 6},
		"too many failures in a row end":  {steps: []any{pending, errPoll}, want: 1, check: isPollError(DefaultTolerance, errPoll)},
		"a permanent error ends at once":  {steps: []any{pending, permanent, final}, want: 1, check: isPollError(1, permanent)},
		"an undocumented state ends":      {steps: []any{pending, unknown, final}, want: 2, check: isUnknown("odd")},
		"no value before the first poll":  {steps: []any{permanent}, want: 0, check: isPollError(1, permanent)},
		"tolerance of one ends on error":  {steps: []any{errPoll, final}, tolerance: 1, want: 0, check: isPollError(1, errPoll)},
		"failure, then an unknown status": {steps: []any{errPoll, unknown}, want: 2, check: isUnknown("odd")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := For(t.Context(), script(tt.steps...), Options{
				Clock:     &stepClock{},
				Tolerance: tt.tolerance,
				Permanent: func(err error) bool { return errors.Is(err, permanent) },
			})
			if got != tt.want {
				t.Errorf("value %d, want %d", got, tt.want)
			}
			if tt.check == nil && err != nil || tt.check != nil && !tt.check(err) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func isPollError(inARow int, cause error) func(error) bool {
	return func(err error) bool {
		var pe *PollError
		return errors.As(err, &pe) && pe.InARow == inARow && errors.Is(err, cause)
	}
}

func isUnknown(status string) func(error) bool {
	return func(err error) bool {
		var ue *UnknownStateError
		return errors.As(err, &ue) && ue.Status == status
	}
}

func TestFor_deadlineIsATimeoutWithTheLastStatus(t *testing.T) {
	t.Parallel()
	ctx := &expiredContext{Context: context.Background(), done: make(chan struct{})}
	clock := &stepClock{deadline: time.Time{}.Add(time.Minute), expire: ctx.expire}
	got, err := For(ctx, script(pending, errPoll, pending), Options{Clock: clock, Interval: Fixed(25 * time.Second)})
	var te *TimeoutError
	if !errors.As(err, &te) || te.LastStatus != "processing" || te.Waited != 75*time.Second || te.LastErr != nil {
		t.Fatalf("got %#v", err)
	}
	if got != 3 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("value %d, error %v", got, err)
	}
}

func TestFor_deadlineKeepsTheLastFailure(t *testing.T) {
	t.Parallel()
	ctx := &expiredContext{Context: context.Background(), done: make(chan struct{})}
	clock := &stepClock{deadline: time.Time{}.Add(time.Minute), expire: ctx.expire}
	_, err := For(ctx, script(errPoll), Options{Clock: clock, Interval: Fixed(25 * time.Second)})
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errPoll) {
		t.Errorf("got %v", err)
	}
}

func TestFor_cancelDuringAPollIsNotAFailedPoll(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := For(ctx, func(context.Context) (Observation[int], error) {
		cancel()
		return Observation[int]{}, errPoll
	}, Options{Clock: &stepClock{}, Tolerance: 1})
	var ce *CanceledError
	if !errors.As(err, &ce) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFor_cancelDuringThePauseReturnsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := For(ctx, script(pending), Options{Interval: func(_, _ time.Duration) time.Duration {
		cancel()
		return time.Hour
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// reported is one call of OnStatus, or of OnFailure where failed is not 0.
type reported struct {
	status       string
	failed       int
	waited, next time.Duration
}

// reporting waits by a script with a fixed interval and returns what was reported.
func reporting(t *testing.T, interval time.Duration, steps ...any) ([]reported, error) {
	t.Helper()
	var seen []reported
	_, err := For(t.Context(), script(steps...), Options{
		Clock:    &stepClock{},
		Interval: Fixed(interval),
		OnStatus: func(status string, waited, next time.Duration) {
			seen = append(seen, reported{status: status, waited: waited, next: next})
		},
		OnFailure: func(err error, inARow int, waited, next time.Duration) {
			seen = append(seen, reported{err.Error(), inARow, waited, next})
		},
	})
	return seen, err
}

func TestFor_reportsChangesAndFailuresAtOnce(t *testing.T) {
	t.Parallel()
	const d = 10 * time.Second
	got, err := reporting(t, d, pending, pending, errPoll, errPoll, pending, Observation[int]{State: Pending, Status: "halfway"}, pending, final)
	want := []reported{
		{"processing", 0, 0, d}, {"poll failed", 1, 2 * d, d}, {"poll failed", 2, 3 * d, d},
		{"halfway", 0, 5 * d, d}, {"processing", 0, 6 * d, d}, {"done", 0, 7 * d, 0},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("reported %v, want %v, error %v", got, want, err)
	}
}

func TestFor_reportsOnceAMinuteWhatDoesNotChange(t *testing.T) {
	t.Parallel()
	steps := []any{pending}
	for range 3 * 60 { // three minutes of a poll a second
		steps = append(steps, pending)
	}
	got, err := reporting(t, time.Second, append(steps, final)...)
	want := []reported{
		{"processing", 0, 0, time.Second}, {"processing", 0, time.Minute, time.Second},
		{"processing", 0, 2 * time.Minute, time.Second}, {"processing", 0, 3 * time.Minute, time.Second},
		{"done", 0, 3*time.Minute + time.Second, 0},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("reported %v, want %v, error %v", got, want, err)
	}
}

func TestFor_reportsNoFailureThatEndsTheWait(t *testing.T) {
	t.Parallel()
	got, err := reporting(t, time.Second, errPoll)
	if !isPollError(DefaultTolerance, errPoll)(err) || len(got) != DefaultTolerance-1 {
		t.Errorf("reported %v, error %v", got, err)
	}
	if got, err = reporting(t, time.Second, unknown); !isUnknown("odd")(err) || len(got) != 1 || got[0].status != "odd" {
		t.Errorf("reported %v, error %v", got, err)
	}
}
