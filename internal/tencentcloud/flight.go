package tencentcloud

import (
	"context"
	"errors"
	"sync"
	"time"
)

// flights makes identical reads that are under way one call, and remembers answers that are final.
// Errors and unfinished answers are never remembered.
type flights struct {
	mu       sync.Mutex
	underway map[string]*flight
	final    map[string]any
}

type flight struct {
	done    chan struct{}
	value   any
	err     error
	waiters int
	cancel  context.CancelFunc
}

func newFlights() *flights {
	return &flights{underway: map[string]*flight{}, final: map[string]any{}}
}

// do returns the remembered answer of key, or that of the call under way, or calls fn, which returns
// an answer and whether it is final. The call does not end with the caller that began it, only when
// nobody waits for it any more.
func (f *flights) do(ctx context.Context, key string, fn func(context.Context) (any, bool, error)) (any, error) {
	f.mu.Lock()
	if v, ok := f.final[key]; ok {
		f.mu.Unlock()
		return v, nil
	}
	fl, ok := f.underway[key]
	if !ok {
		fl = f.start(ctx, key, fn)
	}
	fl.waiters++
	f.mu.Unlock()

	select {
	case <-fl.done:
		return fl.value, fl.err
	case <-ctx.Done():
		if f.leave(key, fl) {
			return nil, ctx.Err()
		}
	}
	// The call ends now that nobody waits for it. Its failure tells more than the end of the context:
	// what the service answered to the attempts before.
	select {
	case <-fl.done:
	case <-time.After(leaveGrace):
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var failure *Error
	if errors.As(fl.err, &failure) && !errors.Is(failure, context.Canceled) {
		return nil, fl.err
	}
	return nil, ctx.Err()
}

// leaveGrace is how long a call that was told to end may take to say what it failed of.
const leaveGrace = 100 * time.Millisecond

// review drops the remembered answer of key unless it is good enough for this caller too.
func (f *flights) review(key string, good func(any) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v, ok := f.final[key]; ok && !good(v) {
		delete(f.final, key)
	}
}

func (f *flights) start(ctx context.Context, key string, fn func(context.Context) (any, bool, error)) *flight {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	fl := &flight{done: make(chan struct{}), cancel: cancel}
	f.underway[key] = fl
	go func() {
		defer cancel()
		value, final, err := fn(ctx)
		f.mu.Lock()
		defer f.mu.Unlock()
		fl.value, fl.err = value, err
		if f.underway[key] == fl {
			delete(f.underway, key)
		}
		if err == nil && final {
			f.final[key] = value
		}
		close(fl.done)
	}()
	return fl
}

// leave takes a caller off a call, which ends with its last one. It tells whether others still wait.
func (f *flights) leave(key string, fl *flight) (others bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.waiters--
	if fl.waiters > 0 {
		return true
	}
	fl.cancel()
	if f.underway[key] == fl {
		delete(f.underway, key)
	}
	return false
}

// SharedCall makes calls of one kind that are under way at the same time one call. The call does not end
// with the caller that began it, only when nobody waits for it any more. The zero value is ready to use.
type SharedCall[T any] struct {
	once    sync.Once
	flights *flights
}

// Do returns what fn returns, or what the call under way does, or the error of ctx.
func (s *SharedCall[T]) Do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	s.once.Do(func() { s.flights = newFlights() })
	value, err := s.flights.do(ctx, "", func(ctx context.Context) (any, bool, error) {
		value, err := fn(ctx)
		return value, false, err
	})
	result, _ := value.(T)
	return result, err
}
