package wait

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// TimeoutError says that the deadline passed first. It unwraps to [context.DeadlineExceeded] and to
// the error of the last poll, if that failed.
type TimeoutError struct {
	LastStatus string // empty if no poll succeeded
	Waited     time.Duration
	LastErr    error
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("not finished after %s, last status %q", e.Waited.Round(time.Second), e.LastStatus)
}

// Unwrap returns what ended the wait, and the last failure if there was one.
func (e *TimeoutError) Unwrap() []error { return withLast(context.DeadlineExceeded, e.LastErr) }

// CanceledError says that the wait was interrupted. It unwraps to [context.Canceled].
type CanceledError struct {
	LastStatus string
	Waited     time.Duration
	LastErr    error
}

func (e *CanceledError) Error() string {
	return fmt.Sprintf("interrupted after %s, last status %q", e.Waited.Round(time.Second), e.LastStatus)
}

// Unwrap returns what ended the wait, and the last failure if there was one.
func (e *CanceledError) Unwrap() []error { return withLast(context.Canceled, e.LastErr) }

// UnknownStateError says that the service reported a state that is not documented.
type UnknownStateError struct {
	Status string
}

func (e *UnknownStateError) Error() string {
	return fmt.Sprintf("undocumented status %q", e.Status)
}

// PollError says that a poll failed for good: permanently, or too often in a row. It unwraps to the
// error of the last poll.
type PollError struct {
	LastStatus string
	InARow     int
	Err        error
}

func (e *PollError) Error() string {
	return fmt.Sprintf("%d polls failed in a row: %v", e.InARow, e.Err)
}

// Unwrap returns the error of the last poll.
func (e *PollError) Unwrap() error { return e.Err }

func ended(ctx context.Context, status string, waited time.Duration, lastErr error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &TimeoutError{LastStatus: status, Waited: waited, LastErr: lastErr}
	}
	return &CanceledError{LastStatus: status, Waited: waited, LastErr: lastErr}
}

func withLast(cause, last error) []error {
	if last == nil {
		return []error{cause}
	}
	return []error{cause, last}
}
