package journal

import (
	"sync"

	"github.com/gofrs/flock"
)

// locks are those that this process holds. They belong to the process, not to a Journal: a second
// Journal on the same folder must not take an entry of the first for that of a dead owner.
var locks = held{locks: map[string]*flock.Flock{}}

type held struct {
	mu    sync.Mutex
	locks map[string]*flock.Flock
}

// take locks a file that nobody else holds, not even this process.
func (h *held) take(path string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, mine := h.locks[path]; mine {
		return false
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	if ok, err := lock.TryLock(); err != nil || !ok {
		_ = lock.Close()
		return false
	}
	h.locks[path] = lock
	return true
}

// release gives a lock up; one that this process does not hold is fine.
func (h *held) release(path string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if lock, mine := h.locks[path]; mine {
		_ = lock.Unlock()
		delete(h.locks, path)
	}
}
