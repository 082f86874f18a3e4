package journal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// suffix ends the file name of an entry: digest of the key, a random part and, once the task's id is
// known, the digest of that.
const suffix = ".json"

// lockSuffix ends the file name of a lock.
const lockSuffix = ".lock"

// unfinished begins the name of an entry's file while it is written.
const unfinished = ".new-"

// maxEntry bounds the size of an entry's file in bytes; a real one has a few thousand.
const maxEntry = 1 << 20

// Key identifies a submission by what would be paid for: equal keys are scans that would be paid for
// twice. It knows neither the key that signs (roles rotate it) nor the folder (runners change it).
type Key struct {
	// Kind is the type of the resource; another kind never finds the entry.
	Kind     string
	Endpoint string
	// Content is what is scanned and how, as named sets of values in their normal form; neither order
	// nor repetition counts. It is written to the disk, so that it may hold no secret.
	Content map[string][]string
	// Triggers are free text of the user: of them only a digest is written.
	Triggers map[string]string
}

func (k Key) sets() map[string][]string {
	sets := make(map[string][]string, len(k.Content))
	for name, values := range k.Content {
		sets[name] = slices.Compact(slices.Sorted(slices.Values(values)))
	}
	return sets
}

func (k Key) digest() string {
	triggers := maps.Collect(maps.All(k.Triggers)) // none at all is the same as an empty map
	// Maps are marshalled in the order of their keys, and texts cannot fail to be.
	text, _ := json.Marshal([]any{k.Kind, k.Endpoint, k.sets(), triggers})
	return digestOf(string(text))
}

func taskDigest(id string) string { return digestOf("task " + id)[:16] }

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:32]
}

func nonce() string { return strings.ToLower(rand.Text())[:16] }

// Record is what an entry holds on disk.
type Record struct {
	Kind     string              `json:"kind"`
	Endpoint string              `json:"endpoint"`
	Content  map[string][]string `json:"content"`
	BegunAt  time.Time           `json:"begun_at"`
	// Receipt is what the kind remembers of the submission, opaque to the journal: what it prepared, and
	// once there is an answer, what that said.
	Receipt json.RawMessage `json:"receipt,omitempty"`
	// Answer is nil until the service has answered.
	Answer *Answer `json:"answer,omitempty"`
}

// Answer is what is known once the service has answered.
type Answer struct {
	ID string `json:"id"` // of the task
	// Owner identifies whose credentials submitted; empty where that is not known.
	Owner string `json:"owner,omitempty"`
}

// Entry is one submission, locked by this process. A nil Entry is one of a journal that is turned off.
type Entry struct {
	Record

	journal *Journal
	path    string // without suffix
}

// Name names the entry in messages.
func (e *Entry) Name() string {
	if e == nil {
		return ""
	}
	return filepath.Base(e.path) + suffix
}

// Mark identifies the entry, in whatever state it is: see [Journal.Forget].
func (e *Entry) Mark() string {
	if e == nil {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(e.lockPath()), lockSuffix)
}

// Answered adds the service's answer, synced to the disk. receipt is marshalled as JSON.
func (e *Entry) Answered(answer Answer, receipt any) error {
	if e == nil {
		return nil
	}
	text, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	e.Answer, e.Receipt = &answer, text
	before := e.path
	e.path += "." + taskDigest(answer.ID)
	if err := e.write(); err != nil {
		e.path = before
		return err
	}
	// The lock stays on the name of the intent: whoever finds the answered entry derives it.
	return os.Remove(before + suffix)
}

// Remove removes the entry and its lock. An entry that is no longer there is fine.
func (e *Entry) Remove() {
	if e == nil {
		return
	}
	// The intent first, which a crash within Answered leaves beside the answer: alone it would mean a
	// submission whose answer is lost.
	_ = os.Remove(filepath.Join(e.journal.dir, e.Mark()+suffix))
	_ = os.Remove(e.path + suffix)
	locks.release(e.lockPath())
	_ = os.Remove(e.lockPath())
}

// Release gives the lock up and leaves the entry for another process to find.
func (e *Entry) Release() {
	if e != nil {
		locks.release(e.lockPath())
	}
}

// lockPath is the same before and after the answer: key digest and random part.
func (e *Entry) lockPath() string {
	parts := strings.SplitN(filepath.Base(e.path), ".", 3)
	return filepath.Join(filepath.Dir(e.path), strings.Join(parts[:min(2, len(parts))], ".")+lockSuffix)
}

// write replaces the entry's file, so that a crash leaves the old one or the new one.
func (e *Entry) write() error {
	text, err := json.Marshal(e.Record)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(e.path), unfinished+"*") // 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), e.path+suffix)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return syncDir(filepath.Dir(e.path))
}

func (e *Entry) read() error {
	file, err := os.OpenFile(e.path+suffix, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxEntry))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &e.Record); err != nil {
		return err
	}
	if e.BegunAt.IsZero() {
		return errNoTime // or it would pass for one of long ago, and be removed
	}
	if e.Answer != nil && e.Answer.ID == "" {
		e.Answer = nil
	}
	return nil
}

var errNoTime = errors.New("it does not say when the submission began")

func sortByAge(entries []*Entry) {
	slices.SortStableFunc(entries, func(a, b *Entry) int { return a.BegunAt.Compare(b.BegunAt) })
}
