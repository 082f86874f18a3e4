package journal

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// lockPause is the pause between two tries for a lock that is to be waited for.
const lockPause = 10 * time.Millisecond

// Lock makes the caller the only one, of this and all other processes, that looks for orphans of a key
// and begins an entry of it, until it calls unlock: of several that look at once, each must find
// another orphan. It waits for its turn and returns the context's error if that ends first, else one
// of the file system.
func (j *Journal) Lock(ctx context.Context, key Key) (unlock func(), err error) {
	if j == nil {
		return func() {}, nil
	}
	// One of sixteen files, so that no file for each key is left; other keys wait a moment for nothing.
	lock := flock.New(filepath.Join(j.dir, key.digest()[:1]+lockSuffix), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// locks are those that this process holds. They belong to the process, not to a Journal: a second
// Journal on the same folder must not take an entry of the first for that of a dead owner.
var locks = held{locks: map[string]*flock.Flock{}}

type held struct {
	mu    sync.Mutex
	locks map[string]*flock.Flock
}

// take locks a file that nobody else holds, not even this process. An error says nothing about
// whether somebody does.
func (h *held) take(path string) (taken bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, mine := h.locks[path]; mine {
		return false, nil
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	if ok, err := lock.TryLock(); err != nil || !ok {
		_ = lock.Close()
		return false, err
	}
	h.locks[path] = lock
	return true, nil
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
