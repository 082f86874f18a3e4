package protocol

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// AppendJSON appends the value as JSON: truth values as 1 and 0, and names of attributes as rename
// returns them. It returns [ErrUnknown] where something in it is not known yet, or [ErrEncoding].
func (v Value) AppendJSON(document []byte, rename func(string) string) ([]byte, error) {
	w := writer{reader: newReader(v.encoded), rename: rename, document: document}
	if err := w.value(v.kind); err != nil {
		return nil, err
	}
	return w.document, nil
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
		if err := w.value(k.at(i, n)); err != nil {
			return err
		}
	}
	w.document = append(w.document, ']')
	return nil
}
