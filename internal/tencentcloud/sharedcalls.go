package tencentcloud

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// sharedCalls makes identical reads that are under way one call, and remembers answers that are final.
// Errors and unfinished answers are never remembered.
type sharedCalls struct {
	mu       sync.Mutex
	underway map[string]*sharedCall
	final    map[string]any
}

type sharedCall struct {
	done    chan struct{}
	value   any
	err     error
	waiters int
	cancel  context.CancelFunc
}

func newSharedCalls() *sharedCalls {
	return &sharedCalls{underway: map[string]*sharedCall{}, final: map[string]any{}}
}

// do returns the remembered answer of key, or that of the call under way, or calls fn, which returns
// an answer and whether it is final. The call does not end with the caller that began it, only when
// nobody waits for it any more.
func (s *sharedCalls) do(ctx context.Context, key string, fn func(context.Context) (any, bool, error)) (any, error) {
	s.mu.Lock()
	if v, ok := s.final[key]; ok {
		s.mu.Unlock()
		return v, nil
	}
	underway := key
	if wait.MayLeaveOut(ctx) {
		underway = "poll " + key // nobody else does without its answer
	}
	call, ok := s.underway[underway]
	if !ok {
		call = s.start(ctx, underway, key, fn)
	}
	call.waiters++
	s.mu.Unlock()

	select {
	case <-call.done:
		return call.value, call.err
	case <-ctx.Done():
		if s.leave(underway, call) {
			return nil, ctx.Err()
		}
	}
	// The call ends now that nobody waits for it. Its failure tells more than the end of the context:
	// what the service answered to the attempts before.
	select {
	case <-call.done:
	case <-time.After(leaveGrace):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var failure *Error
	if errors.As(call.err, &failure) && !errors.Is(failure, context.Canceled) {
		return nil, call.err
	}
	return nil, ctx.Err()
}

// leaveGrace is how long a call that was told to end may take to say what it failed of.
const leaveGrace = 100 * time.Millisecond

// review drops the remembered answer of key unless it is good enough for this caller too.
func (s *sharedCalls) review(key string, good func(any) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.final[key]; ok && !good(v) {
		delete(s.final, key)
	}
}

func (s *sharedCalls) start(ctx context.Context, underway, key string, fn func(context.Context) (any, bool, error)) *sharedCall {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	call := &sharedCall{done: make(chan struct{}), cancel: cancel}
	s.underway[underway] = call
	go func() {
		defer cancel()
		value, final, err := fn(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		call.value, call.err = value, err
		if s.underway[underway] == call {
			delete(s.underway, underway)
		}
		if err == nil && final {
			s.final[key] = value
		}
		close(call.done)
	}()
	return call
}

// leave takes a caller off a call, which ends with its last one. It tells whether others still wait.
func (s *sharedCalls) leave(underway string, call *sharedCall) (others bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call.waiters--
	if call.waiters > 0 {
		return true
	}
	call.cancel()
	if s.underway[underway] == call {
		delete(s.underway, underway)
	}
	return false
}

// SharedCall makes calls of one kind that are under way at the same time one call. The call does not end
// with the caller that began it, only when nobody waits for it any more. The zero value is ready to use.
type SharedCall[T any] struct {
	once   sync.Once
	shared *sharedCalls
}

// Do returns what fn returns, or what the call under way does, or the error of ctx.
func (s *SharedCall[T]) Do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	s.once.Do(func() { s.shared = newSharedCalls() })
	value, err := s.shared.do(ctx, "", func(ctx context.Context) (any, bool, error) {
		value, err := fn(ctx)
		return value, false, err
	})
	result, _ := value.(T)
	return result, err
}
