package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// MaxAge is how long an entry is of use; an older one is removed when it is met.
const MaxAge = 7 * 24 * time.Hour

// ErrUnsafe tells that a folder must not be used: it is a link, belongs to somebody else, or is open
// to others.
var ErrUnsafe = errors.New("not a private folder of this user")

// Journal is a folder of entries. A nil Journal is one that is turned off: it remembers nothing.
type Journal struct {
	dir string
	now func() time.Time
}

// Open returns the journal in a folder, which is made (0700) if it is not there. It returns an error
// that wraps [ErrUnsafe], or one of the file system.
func Open(dir string) (*Journal, error) {
	if !filepath.IsAbs(dir) {
		absolute, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		dir = absolute
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil { //nolint:gosec // the folder is the user's choice
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) { //nolint:gosec // likewise
		return nil, err
	}
	info, err := os.Lstat(dir) //nolint:gosec // likewise
	if err != nil {
		return nil, err
	}
	if !info.IsDir() || !private(info) {
		return nil, fmt.Errorf("%s: %w", dir, ErrUnsafe)
	}
	j := &Journal{dir: dir, now: time.Now}
	j.sweep()
	return j, nil
}

// sweep removes what crashes left while they wrote an entry.
func (j *Journal) sweep() {
	left, _ := filepath.Glob(filepath.Join(j.dir, unfinished+"*"))
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && j.now().Sub(info.ModTime()) > MaxAge {
			_ = os.Remove(path)
		}
	}
}

// Begin writes the intent to submit, synced to the disk, and locks it. receipt, marshalled as JSON, is
// what the kind knows before the submission. The entry stays until it is removed. It returns nil and no
// error where the journal is turned off.
func (j *Journal) Begin(key Key, receipt any) (*Entry, error) {
	if j == nil {
		return nil, nil //nolint:nilnil // a nil entry is one of a journal that is turned off
	}
	text, err := json.Marshal(receipt)
	if err != nil {
		return nil, err
	}
	e := &Entry{journal: j, path: filepath.Join(j.dir, key.digest()+"."+nonce()), Record: Record{
		Kind: key.Kind, Endpoint: key.Endpoint, Content: key.sets(), BegunAt: j.now().UTC(), Receipt: text,
	}}
	switch taken, err := locks.take(e.lockPath()); {
	case err != nil:
		return nil, fmt.Errorf("the new entry %s cannot be locked: %w", e.Name(), err)
	case !taken:
		return nil, fmt.Errorf("the new entry %s is somebody else's", e.Name())
	}
	if err := e.write(); err != nil {
		e.Remove()
		return nil, err
	}
	return e, nil
}

// Orphans returns the entries of a key whose owners are dead, oldest first, each now locked by this
// process. Those that are too old are removed. Hand each to [Entry.Remove] or [Entry.Release], and hold
// [Journal.Lock] meanwhile: an orphan that is looked at would pass for one whose owner lives.
func (j *Journal) Orphans(key Key) (orphans []*Entry, err error) {
	if j == nil {
		return nil, nil
	}
	names, err := j.names()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !strings.HasPrefix(name, key.digest()+".") {
			continue
		}
		e := &Entry{journal: j, path: filepath.Join(j.dir, strings.TrimSuffix(name, suffix))}
		if e.isAnswered(names) {
			continue
		}
		orphan, err := e.orphaned()
		if err != nil {
			for _, found := range orphans {
				found.Release()
			}
			return nil, fmt.Errorf("the journal entry %s: %w", e.Name(), err)
		}
		if orphan {
			orphans = append(orphans, e)
		}
	}
	sortByAge(orphans)
	return orphans, nil
}

// isAnswered tells whether this is an intent that a crash left beside its answer.
func (e *Entry) isAnswered(names []string) bool {
	intent := filepath.Base(e.path)
	return intent == e.Mark() && slices.ContainsFunc(names, func(name string) bool {
		return strings.HasPrefix(name, intent+".") && name != intent+suffix
	})
}

// orphaned tells whether the entry's owner is dead, and the entry of use; then it is locked and read.
func (e *Entry) orphaned() (bool, error) {
	taken, err := locks.take(e.lockPath())
	if err != nil || !taken {
		return false, err
	}
	switch err := e.read(); {
	case errors.Is(err, os.ErrNotExist): // removed meanwhile
		e.Remove()
		return false, nil
	case err != nil:
		e.Release()
		return false, err
	case e.journal.now().Sub(e.BegunAt) > MaxAge:
		e.Remove()
		return false, nil
	}
	return true, nil
}

// Forget removes the entries of a task that is in a state now: those of its id, and the one with the
// mark, which the state of a submission without an id has. Either may be empty. It does what it can:
// an entry that cannot be removed is met again later.
func (j *Journal) Forget(id, mark string) {
	if j == nil || id == "" && mark == "" {
		return
	}
	names, err := j.names()
	if err != nil {
		return
	}
	for _, name := range names {
		e := &Entry{journal: j, path: filepath.Join(j.dir, strings.TrimSuffix(name, suffix))}
		if id != "" && strings.HasSuffix(name, "."+taskDigest(id)+suffix) || mark != "" && e.Mark() == mark {
			e.Remove()
		}
	}
}

// names lists the entries by file name.
func (j *Journal) names() ([]string, error) {
	files, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		if f.Type().IsRegular() && strings.HasSuffix(f.Name(), suffix) {
			names = append(names, f.Name())
		}
	}
	return names, nil
}
