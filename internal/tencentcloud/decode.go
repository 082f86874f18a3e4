package tencentcloud

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The documents and the SDK disagree about the JSON types of many fields (api.md, "the same thing"):
// the scalars below accept either, and none of them ever fails a whole answer. What cannot be read
// is kept apart from what is not there, since only the latter may stand for a default.

// Int is an integer that arrives as a number or as text.
type Int struct {
	value      int64
	known      bool
	unreadable bool
}

// IntOf returns a known Int, for tests and requests built in code.
func IntOf(v int64) Int { return Int{value: v, known: true} }

// Ptr returns the value, or nil where it is absent, null or unreadable.
func (i Int) Ptr() *int64 {
	if !i.known {
		return nil
	}
	v := i.value
	return &v
}

// Is tells whether the value is known and v.
func (i Int) Is(v int64) bool { return i.known && i.value == v }

// Absent tells whether the service left the field out or gave null. An unreadable value is not absent.
func (i Int) Absent() bool { return !i.known && !i.unreadable }

// UnmarshalJSON accepts whole numbers of 64 bits, also as text; it never returns an error.
func (i *Int) UnmarshalJSON(data []byte) error {
	*i = Int{}
	text, ok := scalar(data)
	if !ok {
		i.unreadable = !isNull(data)
		return nil
	}
	i.value, i.known = parseInt(text)
	i.unreadable = !i.known
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
type Float struct {
	value float64
	known bool
}

// Ptr returns the value, or nil where it is absent, null or unreadable.
func (f Float) Ptr() *float64 {
	if !f.known {
		return nil
	}
	v := f.value
	return &v
}

// UnmarshalJSON accepts finite numbers, also as text; it never returns an error.
func (f *Float) UnmarshalJSON(data []byte) error {
	*f = Float{}
	text, ok := scalar(data)
	if !ok {
		return nil
	}
	v, err := parseFloat(strings.TrimSpace(text))
	f.value, f.known = v, err == nil
	return nil
}

// Bool is a truth value that arrives as one, or as 0 and 1, also as text.
type Bool struct {
	value bool
	known bool
}

// Ptr returns the value, or nil where it is absent, null or unreadable.
func (b Bool) Ptr() *bool {
	if !b.known {
		return nil
	}
	v := b.value
	return &v
}

// UnmarshalJSON accepts true, false, 0 and 1, also as text; it never returns an error.
func (b *Bool) UnmarshalJSON(data []byte) error {
	*b = Bool{}
	text, ok := scalar(data)
	if !ok {
		return nil
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "1":
		b.value, b.known = true, true
	case "false", "0":
		b.known = true
	}
	return nil
}

// Text is a string, kept as it came; a number or truth value becomes its JSON text.
type Text struct {
	value string
	known bool
}

// TextOf returns a known Text, for tests and requests built in code.
func TextOf(v string) Text { return Text{value: v, known: true} }

// Ptr returns the text, or nil where it is absent, null or no scalar.
func (t Text) Ptr() *string {
	if !t.known {
		return nil
	}
	v := t.value
	return &v
}

// String returns the text, empty where there is none.
func (t Text) String() string { return t.value }

// UnmarshalJSON accepts any scalar; it never returns an error.
func (t *Text) UnmarshalJSON(data []byte) error {
	t.value, t.known = scalar(data)
	return nil
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
		if item.known {
			texts = append(texts, item.value)
		}
	}
	if len(texts) > 0 || len(items) == 0 { // a list of nothing readable is not an empty list
		*t = texts
	}
	return nil
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

func isNull(data []byte) bool { return bytes.Equal(bytes.TrimSpace(data), []byte("null")) }
