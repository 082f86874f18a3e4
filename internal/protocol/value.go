package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

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
	if err != nil || n < 0 || v.kind.word == "tuple" && n != len(v.kind.elements) {
		return nil, false
	}
	elements = make([]Value, 0, min(n, len(v.encoded)))
	for i := range n {
		element, err := r.value(v.kind.at(i))
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

// AppendJSON appends the value as JSON: truth values as 1 and 0, and names of attributes as rename
// returns them. It returns [ErrUnknown] where something in it is not known yet, or [ErrEncoding].
func (v Value) AppendJSON(document []byte, rename func(string) string) ([]byte, error) {
	w := writer{reader: newReader(v.encoded), rename: rename, document: document}
	if err := w.value(v.kind); err != nil {
		return nil, err
	}
	return w.document, nil
}

// at returns the kind of an element of a list, set or tuple.
func (k *kind) at(i int) *kind {
	if k.word == "tuple" && i < len(k.elements) {
		return k.elements[i]
	}
	return k.element
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

// writer reads an encoded value and writes JSON.
type writer struct {
	reader
	rename   func(string) string
	document []byte
}

func (w *writer) value(k *kind) error {
	code, err := w.PeekCode()
	switch {
	case err != nil || k == nil:
		return ErrEncoding
	case msgpcode.IsExt(code):
		return ErrUnknown
	case code == msgpcode.Nil:
		w.document = append(w.document, "null"...)
		return w.Skip()
	}
	switch k.word {
	case "string":
		return w.string()
	case "number":
		return w.number(code)
	case "bool":
		return w.truth()
	case "object", "map":
		return w.object(k)
	case "dynamic":
		inner, err := w.dynamic()
		if err != nil {
			return err
		}
		return w.value(inner)
	default:
		return w.list(k)
	}
}

func (w *writer) string() error {
	text, err := w.text()
	if err != nil {
		return err
	}
	w.document = appendText(w.document, text)
	return nil
}

// appendText appends a string. Most need no escape.
func appendText(document, text []byte) []byte {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			encoded, _ := json.Marshal(string(text)) // a string: cannot fail
			return append(document, encoded...)
		}
	}
	document = append(document, '"')
	document = append(document, text...)
	return append(document, '"')
}

func (w *writer) truth() error {
	truth, err := w.DecodeBool()
	if err != nil {
		return ErrEncoding
	}
	digit := byte('0')
	if truth {
		digit = '1'
	}
	w.document = append(w.document, digit)
	return nil
}

// number writes a number, which is a text where neither an integer nor a float holds it exactly.
func (w *writer) number(code byte) error {
	switch {
	case code == msgpcode.Float || code == msgpcode.Double:
		number, err := w.DecodeFloat64()
		if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
			return ErrEncoding
		}
		w.document = strconv.AppendFloat(w.document, number, 'g', -1, 64)
	case code == msgpcode.Uint64:
		number, err := w.DecodeUint64()
		if err != nil {
			return ErrEncoding
		}
		w.document = strconv.AppendUint(w.document, number, 10)
	case msgpcode.IsString(code):
		number, err := w.text()
		if _, no := strconv.ParseFloat(string(number), 64); err != nil || errors.Is(no, strconv.ErrSyntax) || !json.Valid(number) {
			return ErrEncoding
		}
		w.document = append(w.document, number...)
	default:
		number, err := w.DecodeInt64()
		if err != nil {
			return ErrEncoding
		}
		w.document = strconv.AppendInt(w.document, number, 10)
	}
	return nil
}

func (w *writer) object(k *kind) error {
	n, err := w.DecodeMapLen()
	if err != nil {
		return ErrEncoding
	}
	w.document = append(w.document, '{')
	for i := range n {
		name, err := w.text()
		if err != nil {
			return err
		}
		if i > 0 {
			w.document = append(w.document, ',')
		}
		w.document = append(appendText(w.document, []byte(w.rename(string(name)))), ':')
		if err := w.value(k.of(string(name))); err != nil {
			return err
		}
	}
	w.document = append(w.document, '}')
	return nil
}

func (w *writer) list(k *kind) error {
	n, err := w.DecodeArrayLen()
	if err != nil {
		return ErrEncoding
	}
	w.document = append(w.document, '[')
	for i := range n {
		if i > 0 {
			w.document = append(w.document, ',')
		}
		if err := w.value(k.at(i)); err != nil {
			return err
		}
	}
	w.document = append(w.document, ']')
	return nil
}
