package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

var (
	// ErrUnknown tells that a value, or one within it, is not known yet.
	ErrUnknown = errors.New("not known yet")
	// ErrEncoding tells that bytes are not what the protocol has for a value of its type.
	ErrEncoding = errors.New("not as the plugin protocol encodes a value")
)

// Value is a value as the protocol encodes it.
type Value struct {
	kind    *kind
	encoded []byte
}

// valueOf returns the value of a dynamic type, which is encoded together with it.
func valueOf(encoded []byte) (Value, error) {
	r := newReader(encoded)
	kind, err := r.dynamic()
	if err != nil {
		return Value{}, err
	}
	if kind == nil {
		return Value{kind: &dynamicKind, encoded: encoded}, nil
	}
	return Value{kind: kind, encoded: r.rest()}, nil
}

var dynamicKind = kind{word: "dynamic"}

// IsUnknown tells whether the value is not known yet; something within it may be, all the same.
func (v Value) IsUnknown() bool { return len(v.encoded) > 0 && msgpcode.IsExt(v.encoded[0]) }

// Elements returns the elements of a list or tuple, and whether it is one.
func (v Value) Elements() (elements []Value, ok bool) {
	if v.kind.word != "list" && v.kind.word != "tuple" {
		return nil, false
	}
	r := newReader(v.encoded)
	n, err := r.DecodeArrayLen()
	if err != nil || n < 0 {
		return nil, false
	}
	elements = make([]Value, 0, min(n, len(v.encoded)))
	for i := range n {
		element, err := r.value(v.kind.at(i, n))
		if err != nil {
			return nil, false
		}
		elements = append(elements, element)
	}
	return elements, true
}

// Attributes returns the attributes of an object or the elements of a map, and whether it is one.
func (v Value) Attributes() (attributes map[string]Value, ok bool) {
	if v.kind.word != "object" && v.kind.word != "map" {
		return nil, false
	}
	r := newReader(v.encoded)
	n, err := r.DecodeMapLen()
	if err != nil || n < 0 {
		return nil, false
	}
	attributes = make(map[string]Value, min(n, len(v.encoded)))
	for range n {
		name, err := r.text()
		if err != nil {
			return nil, false
		}
		if attributes[string(name)], err = r.value(v.kind.of(string(name))); err != nil {
			return nil, false
		}
	}
	return attributes, true
}

// Size returns the length in bytes of the value as it is encoded.
func (v Value) Size() int { return len(v.encoded) }

// at returns the kind of an element of a list, set or tuple with so many.
func (k *kind) at(i, n int) *kind {
	switch {
	case k.word != "tuple":
		return k.element
	case n != len(k.elements):
		return nil
	}
	return k.elements[i]
}

// of returns the kind of an attribute, or of an element of a map.
func (k *kind) of(name string) *kind {
	if k.word == "object" {
		return k.attributes[name]
	}
	return k.element
}

// reader reads encoded values, and knows where it is.
type reader struct {
	*msgpack.Decoder
	encoded []byte
	source  *bytes.Reader // which the decoder reads without a buffer of its own
}

func newReader(encoded []byte) reader {
	source := bytes.NewReader(encoded)
	return reader{msgpack.NewDecoder(source), encoded, source}
}

func (r reader) rest() []byte { return r.encoded[len(r.encoded)-r.source.Len():] }

// text returns the bytes of the next text or binary value, of which no more can be there than there are: the
// decoder would take the length at its word.
func (r reader) text() ([]byte, error) {
	n, err := r.DecodeBytesLen()
	if err != nil || n < 0 || n > r.source.Len() {
		return nil, ErrEncoding
	}
	text := r.rest()[:n]
	_, err = r.source.Seek(int64(n), io.SeekCurrent)
	return text, err
}

// value returns the next value.
func (r reader) value(k *kind) (Value, error) {
	if k == nil {
		return Value{}, ErrEncoding
	}
	before := r.rest()
	if err := r.Skip(); err != nil {
		return Value{}, ErrEncoding
	}
	v := Value{k, before[:len(before)-r.source.Len()]}
	if k.word == "dynamic" && !v.IsUnknown() {
		return valueOf(v.encoded)
	}
	return v, nil
}

// dynamic returns the type of the next value, which stands before it; nil before a null, which has none.
func (r reader) dynamic() (*kind, error) {
	code, err := r.PeekCode()
	switch {
	case err != nil:
		return nil, ErrEncoding
	case msgpcode.IsExt(code):
		return nil, ErrUnknown
	case code == msgpcode.Nil:
		return nil, nil //nolint:nilnil // the type of a null
	}
	if n, err := r.DecodeArrayLen(); err != nil || n != 2 {
		return nil, ErrEncoding
	}
	text, err := r.text()
	if err != nil {
		return nil, err
	}
	k := new(kind)
	if err := json.Unmarshal(text, k); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return k, nil
}
