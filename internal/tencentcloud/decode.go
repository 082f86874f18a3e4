package tencentcloud

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// The documents and the SDK disagree about the JSON types of many fields (api.md, "the same thing"):
// the scalars below accept either, and none of them ever fails a whole answer. What cannot be read
// is kept apart from what is not there, since only the latter may stand for a default.

// Int is an integer that arrives as a number or as text.
type Int struct{ field.Value[int64] }

// IntOf returns a known Int, for tests and requests built in code.
func IntOf(v int64) Int { return Int{field.Of(v)} }

// Ptr returns the value for an attribute that shows it: nil where it is absent or unreadable, which a
// judgement must tell apart.
func (i Int) Ptr() *int64 { return pointer(i.Value) }

// orZero returns the value, 0 where there is none, for a steady order.
func (i Int) orZero() int64 {
	v, _ := i.Get()
	return v
}

// text returns the number for a key, empty where there is none.
func (i Int) text() string {
	v, state := i.Get()
	if state != field.Known {
		return ""
	}
	return strconv.FormatInt(v, 10)
}

// broken returns an Int that is there and cannot be read.
func broken() Int { return Int{field.Broken[int64]()} }

// UnmarshalJSON accepts whole numbers of 64 bits, also as text; it never returns an error.
func (i *Int) UnmarshalJSON(data []byte) error {
	i.Value = readScalar(data, parseInt)
	return nil
}

// parseInt also takes forms such as 1.0 and 1e3, which some encoders write for whole numbers. It
// calculates exactly: 0.99999999999999999 is no 1.
func parseInt(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v, true
	}
	if len(text) > maxNumber || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		if exponent, err := strconv.Atoi(text[at+1:]); err != nil || exponent > maxNumber || exponent < -maxNumber {
			return 0, false
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

// maxNumber bounds the digits and the exponent of a whole number in another form: enough for 64 bits
// with as many zeros.
const maxNumber = 40

// parseFloat takes decimal notation alone: neither NaN, infinity nor hexadecimal.
func parseFloat(text string) (float64, error) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, 64)
}

// Float is a number that arrives as a number or as text.
type Float struct{ field.Value[float64] }

// Ptr is [Int.Ptr].
func (f Float) Ptr() *float64 { return pointer(f.Value) }

// UnmarshalJSON accepts finite numbers, also as text; it never returns an error.
func (f *Float) UnmarshalJSON(data []byte) error {
	f.Value = readScalar(data, func(text string) (float64, bool) {
		v, err := parseFloat(strings.TrimSpace(text))
		return v, err == nil
	})
	return nil
}

// Bool is a truth value that arrives as one, or as 0 and 1, also as text.
type Bool struct{ field.Value[bool] }

// Ptr is [Int.Ptr].
func (b Bool) Ptr() *bool { return pointer(b.Value) }

// UnmarshalJSON accepts true, false, 0 and 1, also as text; it never returns an error.
func (b *Bool) UnmarshalJSON(data []byte) error {
	b.Value = readScalar(data, func(text string) (bool, bool) {
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
		return false, false
	})
	return nil
}

// Text is a string, kept as it came; a number becomes its JSON text.
type Text struct{ field.Value[string] }

// TextOf returns a known Text, for tests and requests built in code.
func TextOf(v string) Text { return Text{field.Of(v)} }

// Ptr is [Int.Ptr].
func (t Text) Ptr() *string { return pointer(t.Value) }

// String returns the text, empty where there is none.
func (t Text) String() string {
	text, _ := t.Get()
	return text
}

// UnmarshalJSON accepts text and numbers; it never returns an error.
func (t *Text) UnmarshalJSON(data []byte) error {
	t.Value = readScalar(data, func(text string) (string, bool) { return text, !isTruth(data) })
	return nil
}

// Time is a point in time, kept as the text that it came as.
type Time struct{ Text }

// TimeOf returns a Time as if it had come as the text.
func TimeOf(text string) Time { return Time{TextOf(text)} }

// At returns the time in UTC. An empty text counts as absent: so the services write "not yet".
func (t Time) At() field.Value[time.Time] {
	text, state := t.Get()
	if state == field.Unreadable {
		return field.Broken[time.Time]()
	}
	return parseTime(text)
}

// serviceZone is the zone of times that the services give without one (dev-docs/design.md).
var serviceZone = time.FixedZone("UTC+8", 8*60*60)

// parseTime reads a time of the cwp and tcss services: RFC 3339, or date and time without a zone, which
// is UTC+8.
func parseTime(text string) field.Value[time.Time] {
	text = strings.TrimSpace(text)
	if text == "" {
		return field.Value[time.Time]{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, text, serviceZone); err == nil && at.Year() > 1970 {
			return field.Of(at.UTC())
		}
	}
	return field.Broken[time.Time]()
}

// Texts is a list of strings. Anything but a list counts as absent, never as an empty list.
type Texts []string

// UnmarshalJSON accepts a list of scalars; it never returns an error.
func (t *Texts) UnmarshalJSON(data []byte) error {
	*t = nil
	var items []Text
	_ = json.Unmarshal(data, &items) // what is no list leaves items nil
	if items == nil {
		return nil
	}
	texts := make(Texts, 0, len(items))
	for _, item := range items {
		if item.State() == field.Known {
			texts = append(texts, item.String())
		}
	}
	if len(texts) > 0 || len(items) == 0 { // a list of nothing readable is not an empty list
		*t = texts
	}
	return nil
}

// List is a list of objects. An element that is no object stays in it as an object without fields, so
// that it is counted, and judged as one of which nothing is known.
type List[T any] struct {
	Items []T
	state field.State
}

// ListOf returns a known list, for tests and for lists read back from a state.
func ListOf[T any](items ...T) List[T] { return List[T]{append([]T{}, items...), field.Known} }

// State tells whether the list is there and is one. An unreadable list may hold what could be read of it.
func (l List[T]) State() field.State { return l.state }

// readable tells whether nothing is there that could not be read: a list, or none.
func (l List[T]) readable() bool { return l.state != field.Unreadable }

// UnmarshalJSON accepts a list; it never returns an error.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = List[T]{}
	switch kind := kindOfJSON(data); kind {
	case '[':
		l.state = field.Known
		// An error is about an element that is no object, and leaves it without fields.
		_ = json.Unmarshal(data, &l.Items)
	case 'n':
	default:
		l.state = field.Unreadable
	}
	return nil
}

// Object is an object within an answer. The zero value is absent.
type Object[T any] struct {
	// Read holds what could be read; nil where nothing was there to read.
	Read  *T
	state field.State
}

// State tells whether the object is there and is one.
func (o Object[T]) State() field.State { return o.state }

// Get returns what could be read of the object, an empty one where that is nothing.
func (o Object[T]) Get() T {
	if o.Read == nil {
		return *new(T)
	}
	return *o.Read
}

// Ptr returns the object for an attribute that shows it; nil where it is absent or unreadable.
func (o Object[T]) Ptr() *T {
	if o.state != field.Known {
		return nil
	}
	return o.Read
}

// UnmarshalJSON accepts an object; it never returns an error.
func (o *Object[T]) UnmarshalJSON(data []byte) error {
	*o = Object[T]{}
	switch kindOfJSON(data) {
	case '{':
		o.Read, o.state = new(T), field.Known
		if json.Unmarshal(data, o.Read) != nil {
			o.state = field.Unreadable
		}
	case 'n':
	default:
		o.state = field.Unreadable
	}
	return nil
}

// readScalar returns a scalar as parse reads its text.
func readScalar[T comparable](data []byte, parse func(string) (T, bool)) field.Value[T] {
	text, ok := scalar(data)
	if !ok && kindOfJSON(data) == 'n' {
		return field.Value[T]{}
	}
	if ok {
		if value, ok := parse(text); ok {
			return field.Of(value)
		}
	}
	return field.Broken[T]()
}

func pointer[T comparable](v field.Value[T]) *T {
	value, state := v.Get()
	if state != field.Known {
		return nil
	}
	return &value
}

// kindOfJSON returns the first byte of a JSON value: one of {, [, ", n, t, f, - and the digits.
func kindOfJSON(data []byte) byte {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return 0
	}
	return data[0]
}

func isTruth(data []byte) bool {
	kind := kindOfJSON(data)
	return kind == 't' || kind == 'f'
}

// scalar returns the text of a JSON string, number or truth value, and false for anything else.
func scalar(data []byte) (string, bool) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return "", false
	}
	switch data[0] {
	case '"':
		// A text without escapes is what stands between its quotes; most are, and a second decoder for
		// each would double the time that a large answer takes.
		if text := data[1:]; len(text) > 0 && bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) {
			return string(text[:len(text)-1]), true
		}
		var s string
		err := json.Unmarshal(data, &s)
		return s, err == nil
	case '{', '[', 'n':
		return "", false
	default:
		return string(data), true
	}
}
