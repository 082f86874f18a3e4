package scantask

import (
	"context"
	"sync"
)

// turns lets the scans of one kind that share a client submit one after the other, each from its
// submission to the end of its wait.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{}
}

// take waits for the turn of a scan. It returns the error of the context if that ends first.
func (t *turns) take(ctx context.Context, kind string) (release func(), err error) {
	t.mu.Lock()
	turn, ok := t.taken[kind]
	if !ok {
		turn = make(chan struct{}, 1)
		t.taken[kind] = turn
	}
	t.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
