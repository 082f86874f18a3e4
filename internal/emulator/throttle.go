package emulator

import (
	"sync"
	"time"
)

// throttles count the calls of each account and action within whole seconds of the server's clock,
// as a hard limit does: the first call of a second opens a fresh allowance.
type throttles struct {
	mu      sync.Mutex
	windows map[[2]string]window
}

type window struct {
	second int64
	calls  int
}

// allow counts a call and tells whether it is within limit per second; no limit is 0.
func (t *throttles) allow(account, action string, now time.Time, limit int) bool {
	if limit <= 0 {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := [2]string{account, action}
	w := t.windows[key]
	if second := now.Unix(); w.second != second {
		w = window{second: second}
	}
	if w.calls >= limit {
		return false
	}
	w.calls++
	if t.windows == nil {
		t.windows = make(map[[2]string]window)
	}
	t.windows[key] = w
	return true
}
