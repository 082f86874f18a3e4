package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	return &Journal{dir: dir, now: time.Now}, nil
}

// Begin writes the intent to submit, synced to the disk, and locks it. The entry stays until it is
// removed. It returns nil and no error where the journal is turned off.
func (j *Journal) Begin(key Key) (*Entry, error) {
	if j == nil {
		return nil, nil //nolint:nilnil // a nil entry is one of a journal that is turned off
	}
	e := &Entry{journal: j, path: filepath.Join(j.dir, key.digest()+"."+nonce()), Record: Record{
		Endpoint: key.Endpoint, MD5s: key.normalMD5s(), ScanTypes: key.ScanTypes, BegunAt: j.now().UTC(),
	}}
	if !locks.take(e.lockPath()) {
		return nil, fmt.Errorf("the new entry %s cannot be locked", e.Name())
	}
	if err := e.write(); err != nil {
		e.Remove()
		return nil, err
	}
	return e, nil
}

// Orphans returns the entries of a key whose owners are dead, oldest first, each now locked by this
// process. Those that are too old are removed. Hand each to [Entry.Remove] or [Entry.Release].
func (j *Journal) Orphans(key Key) ([]*Entry, error) {
	if j == nil {
		return nil, nil
	}
	names, err := j.names()
	if err != nil {
		return nil, err
	}
	var orphans []*Entry
	for _, name := range names {
		if !strings.HasPrefix(name, key.digest()+".") {
			continue
		}
		e := &Entry{journal: j, path: filepath.Join(j.dir, strings.TrimSuffix(name, suffix))}
		if !locks.take(e.lockPath()) {
			continue // its owner lives
		}
		switch err := e.read(); {
		case errors.Is(err, os.ErrNotExist): // removed meanwhile
			e.Remove()
		case err != nil:
			e.Release()
			return orphans, fmt.Errorf("the journal entry %s: %w", e.Name(), err)
		case j.now().Sub(e.BegunAt) > MaxAge:
			e.Remove()
		default:
			orphans = append(orphans, e)
		}
	}
	sortByAge(orphans)
	return orphans, nil
}

// Forget removes the entries of a task whose id is in a state now. It does what it can: an entry that
// cannot be removed is met again later.
func (j *Journal) Forget(itemID string) {
	if j == nil || itemID == "" {
		return
	}
	names, err := j.names()
	if err != nil {
		return
	}
	for _, name := range names {
		if strings.HasSuffix(name, "."+itemDigest(itemID)+suffix) {
			e := &Entry{journal: j, path: filepath.Join(j.dir, strings.TrimSuffix(name, suffix))}
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
