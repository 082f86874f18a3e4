package emulator

import "sync"

// listState counts the calls of lists and knows how they changed meanwhile.
type listState struct {
	mu     sync.Mutex
	shifts []shift
	calls  map[string]int
}

func (t *listState) start(shifts []shift) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shifts, t.calls = shifts, make(map[string]int)
}

// see counts a call and returns what came to the front of the list, and how many of its own rows left.
func (t *listState) see(action string) (inserted []map[string]any, removed int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, change := range t.shifts {
		if change.Action != action || t.calls[action] < change.AfterCalls {
			continue
		}
		own := min(change.Remove, len(inserted))
		inserted, removed = inserted[own:], removed+change.Remove-own
		inserted = append(append([]map[string]any{}, change.Insert...), inserted...)
	}
	t.calls[action]++
	return inserted, removed
}
