package emulator

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Rewrite changes the Response object of an answer, RequestId and Error included, just before it is
// sent. Numbers are json.Number on both sides. What it returns is sent; nil sends `"Response":null`.
type Rewrite func(request, response map[string]any) map[string]any

// hook is one Rewrite; its lock lets the function keep state without a lock of its own.
type hook struct {
	mu      sync.Mutex
	action  string
	rewrite Rewrite
}

// barrier holds calls of one action until it is released.
type barrier struct {
	action   string
	after    bool
	arrived  chan struct{}
	released chan struct{}
	held     atomic.Int32 // calls that wait here now
}

// control is what tests do to a running server.
type control struct {
	mu       sync.Mutex
	hooks    []*hook
	barriers []*barrier
	held     int
	advanced time.Duration
}

// OnAnswer has every answer of the action (empty: every action) pass through rewrite, in the order in
// which the functions were added. It returns what takes the function out again.
func (s *Server) OnAnswer(action string, rewrite func(request, response map[string]any) map[string]any) (remove func()) {
	added := &hook{action: action, rewrite: rewrite}
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	s.control.hooks = append(s.control.hooks, added)
	return func() {
		s.control.mu.Lock()
		defer s.control.mu.Unlock()
		for i, other := range s.control.hooks {
			if other == added {
				s.control.hooks = append(s.control.hooks[:i:i], s.control.hooks[i+1:]...)
				return
			}
		}
	}
}

// rewrite runs the hooks of an action over a response.
func (c *control) rewrite(action string, request, response map[string]any) map[string]any {
	c.mu.Lock()
	hooks := append([]*hook{}, c.hooks...)
	c.mu.Unlock()
	for _, h := range hooks {
		if h.action != "" && h.action != action {
			continue
		}
		response = h.run(request, response)
	}
	return response
}

// run calls the function under its lock, which is given up even if a test ends within it.
func (h *hook) run(request, response map[string]any) map[string]any {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rewrite(request, response)
}

// Block holds every call of the action (empty: every action) **before** it is processed. Each call
// that arrives is signalled on arrived. A call whose client goes away while it is held is never
// processed. release lets all held and later calls go; calling it twice is harmless.
func (s *Server) Block(action string) (arrived <-chan struct{}, release func()) {
	return s.control.block(action, false)
}

// BlockAnswer holds every answer of the action **after** the call was processed, so that a submission
// is accepted while its client still waits. The rest is as for [Server.Block].
func (s *Server) BlockAnswer(action string) (arrived <-chan struct{}, release func()) {
	return s.control.block(action, true)
}

func (c *control) block(action string, after bool) (<-chan struct{}, func()) {
	g := &barrier{action: action, after: after, arrived: make(chan struct{}, 1024), released: make(chan struct{})}
	c.mu.Lock()
	c.barriers = append(c.barriers, g)
	c.mu.Unlock()
	var once sync.Once
	return g.arrived, func() {
		once.Do(func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			for i, other := range c.barriers {
				if other == g {
					c.barriers = append(c.barriers[:i:i], c.barriers[i+1:]...)
					break
				}
			}
			close(g.released)
		})
	}
}

// pass waits until the barrier is released, and says whether the caller waited as long.
func (g *barrier) pass(ctx context.Context) bool {
	g.held.Add(1)
	defer g.held.Add(-1)
	select {
	case g.arrived <- struct{}{}:
	default: // nobody counts beyond the channel's room
	}
	select {
	case <-g.released:
		return true
	case <-ctx.Done():
		return false
	}
}

// pass waits at the barriers of an action and says whether the call goes on.
func (c *control) pass(ctx context.Context, action string, after bool) bool {
	c.mu.Lock()
	barriers := append([]*barrier{}, c.barriers...)
	c.mu.Unlock()
	for _, g := range barriers {
		if g.after != after || (g.action != "" && g.action != action) {
			continue
		}
		if !g.pass(ctx) {
			return false
		}
	}
	return ctx.Err() == nil
}

// HoldScans keeps every scan and APK detection in processing until release is called, whatever the
// scan duration says. Holds add up.
func (s *Server) HoldScans() (release func()) {
	s.control.mu.Lock()
	s.control.held++
	s.control.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			s.control.mu.Lock()
			s.control.held--
			s.control.mu.Unlock()
		})
	}
}

func (c *control) holdsScans() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held > 0
}

// Advance moves the clock of scans, tasks, quotas and rate limits ahead, and the ledger's with it,
// but not the clock that signatures are judged by.
func (s *Server) Advance(d time.Duration) {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	s.control.advanced += d
}

// now is the clock of everything but signatures.
func (s *Server) now() time.Time {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	return s.settings.clock().Add(s.control.advanced)
}

// Reset empties the ledger and lifts faults and rewriting functions. Scans, quotas, the clock, blocks
// and holds stay.
func (s *Server) Reset() {
	s.callLog.clear()
	s.faults.clear()
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	s.control.hooks = nil
}
