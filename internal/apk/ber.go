package apk

import "errors"

// berElement is one element of the Basic Encoding Rules (X.690), of which DER is a part. Its bytes are
// those of the data, so that the digest of a certificate is that of its own bytes.
//
// encoding/asn1 takes DER only. The kept BER readers either refuse what certificates hold in practice,
// such as an @ in a PrintableString, or do not give the original bytes.
type berElement struct {
	class       byte
	tag         int
	constructed bool
	content     []byte
	whole       []byte
}

// Classes and tags that signatures need.
const (
	berUniversal = 0
	berContext   = 2

	berInteger  = 2
	berOID      = 6
	berSequence = 16
	berSet      = 17

	// berMaxDepth bounds how deep elements may nest; a certificate needs about ten.
	berMaxDepth = 64
)

var (
	errBER     = errors.New("an element is cut off, or has a length that is none")
	errBERDeep = errors.New("elements nest too deep")
)

// readBER reads the element that begins data, and returns what follows it.
func readBER(data []byte) (e berElement, rest []byte, err error) { return readBERAt(data, 0) }

func readBERAt(data []byte, depth int) (e berElement, rest []byte, err error) {
	if depth > berMaxDepth {
		return berElement{}, nil, errBERDeep
	}
	after, err := e.takeIdentifier(data)
	if err != nil {
		return berElement{}, nil, err
	}
	length, indefinite, after, err := berLength(after)
	switch {
	case err != nil:
		return berElement{}, nil, err
	case !indefinite && length > len(after), indefinite && !e.constructed:
		return berElement{}, nil, errBER
	case !indefinite:
		e.content, rest = after[:length], after[length:]
	default:
		// The content ends where an element of two zeros would begin.
		end := after
		for len(end) < 2 || end[0] != 0 || end[1] != 0 {
			if _, end, err = readBERAt(end, depth+1); err != nil {
				return berElement{}, nil, err
			}
		}
		e.content, rest = after[:len(after)-len(end)], end[2:]
	}
	e.whole = data[:len(data)-len(rest)]
	return e, rest, nil
}

// takeIdentifier reads class, form and tag.
func (e *berElement) takeIdentifier(data []byte) (rest []byte, err error) {
	if len(data) == 0 {
		return nil, errBER
	}
	e.class, e.constructed, e.tag = data[0]>>6, data[0]&0x20 != 0, int(data[0]&0x1F)
	data = data[1:]
	if e.tag != 0x1F {
		return data, nil
	}
	e.tag = 0
	for i, b := range data {
		if i == 4 {
			break
		}
		e.tag = e.tag<<7 | int(b&0x7F)
		if b&0x80 == 0 {
			return data[i+1:], nil
		}
	}
	return nil, errBER
}

// berLength reads a length, which may be written with leading zeros, or be left open.
func berLength(data []byte) (length int, indefinite bool, rest []byte, err error) {
	if len(data) == 0 {
		return 0, false, nil, errBER
	}
	first, data := data[0], data[1:]
	switch {
	case first < 0x80:
		return int(first), false, data, nil
	case first == 0x80:
		return 0, true, data, nil
	case int(first&0x7F) > len(data):
		return 0, false, nil, errBER
	}
	for _, b := range data[:first&0x7F] {
		if length = length<<8 | int(b); length > maxSignatureBytes {
			return 0, false, nil, errBER
		}
	}
	return length, false, data[first&0x7F:], nil
}

// children are the elements that a constructed element consists of.
func (e berElement) children() ([]berElement, error) {
	if !e.constructed {
		return nil, errBER
	}
	var all []berElement
	for rest := e.content; len(rest) > 0; {
		var child berElement
		var err error
		if child, rest, err = readBER(rest); err != nil {
			return nil, err
		}
		all = append(all, child)
	}
	return all, nil
}

func (e berElement) is(class byte, tag int) bool { return e.class == class && e.tag == tag }

// sequence are the children of a SEQUENCE with at least n of them.
func (e berElement) sequence(n int) ([]berElement, error) {
	if !e.is(berUniversal, berSequence) {
		return nil, errBER
	}
	all, err := e.children()
	if err == nil && len(all) < n {
		err = errBER
	}
	return all, err
}

// text is the content of a string, which BER may cut into pieces.
func (e berElement) text() ([]byte, error) {
	if !e.constructed {
		return e.content, nil
	}
	pieces, err := e.children()
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, piece := range pieces {
		if piece.constructed {
			return nil, errBER
		}
		all = append(all, piece.content...)
	}
	return all, nil
}
