package tencentcloud

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Bounds of the values of an answer, as [tooManyValues] counts them: a body within [MaxBody] can hold
// twenty million empty rows, each of which takes up to two hundred times its own length in memory.
const (
	// fewValues is for answers without lists, or with one of the 20 apps of a submission.
	fewValues = 1_000
	// appValues is for the facts of one package: two lists of plugins, a few dozen each, with room for
	// 10,000.
	appValues = 25_000
	// manyValues is for the results of 20 apps, and for a page of 100 machines with all vulnerabilities
	// of their task: 20 apps of 2,000 vulnerabilities and 10,000 plugins, permissions and sensitive words
	// each have 240,000 values.
	manyValues = 250_000
)

// tooManyValues tells whether a JSON text has more than limit values that take memory of their own when
// they are decoded: elements of lists, whatever they are, and objects in fields. Other fields have their
// place in the object that they belong to. What is no JSON is found out later.
func tooManyValues(text []byte, limit int) bool {
	values := 0
	var lists []bool // which of the open values are lists
	inList := func() bool { return len(lists) > 0 && lists[len(lists)-1] }
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = stringEnd(text, i)
		case '[':
			values++ // for the first element
			lists = append(lists, true)
		case '{':
			if !inList() {
				values++
			}
			lists = append(lists, false)
		case ',':
			if inList() {
				values++
			}
		case ']', '}':
			if len(lists) > 0 {
				lists = lists[:len(lists)-1]
			}
		}
		if values > limit {
			return true
		}
	}
	return false
}

// smallBody is the size in bytes up to which a body is decoded at any time.
const smallBody = 1 << 20

// decodes bounds the bodies that this process decodes at once, in bytes: of ten large answers that
// arrive together, each would take several times its length.
var decodes = semaphore.NewWeighted(MaxBody)

// decoding waits until a body of so many bytes may be decoded. It returns what to call when that is done,
// which is never nil, and the context's error, if any.
func decoding(ctx context.Context, size int) (done func(), err error) {
	if size <= smallBody {
		return func() {}, nil
	}
	weight := min(int64(size), MaxBody)
	if err := decodes.Acquire(ctx, weight); err != nil {
		return func() {}, err
	}
	return func() { decodes.Release(weight) }, nil
}
