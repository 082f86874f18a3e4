package apk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	poolHeaderBytes = 28
	poolUTF8        = 1 << 8
)

// stringPool is the string pool of a binary XML file or of a resource table. Strings are decoded when
// they are asked for: a pool may have a million of them, and all may overlap.
type stringPool struct {
	data      []byte
	indexAt   int64
	count     int64
	stringsAt int64
	utf8      bool
}

// errOutsidePool and errUnended are of strings that the platform takes for absent. Build tools write neither.
var (
	errOutsidePool = evasion("a string is outside of its pool")
	errUnended     = evasion("a string of its pool does not end where it says")
)

// newStringPool checks the header of a pool; data is its chunk.
func newStringPool(data []byte) (stringPool, error) {
	if len(data) < poolHeaderBytes {
		return stringPool{}, fmt.Errorf("a string pool of %d bytes", len(data))
	}
	// The header says itself how long it is; the platform goes by that.
	pool := stringPool{data: data, indexAt: le16(data, 2), count: le32(data, 8), stringsAt: le32(data, 20), utf8: le32(data, 16)&poolUTF8 != 0}
	// Of styles, which no text here has, it looks at where they begin, not at how many there are.
	if styles, start := le32(data, 12), le32(data, 24); styles != 0 && (start <= pool.stringsAt || start >= size(data)) {
		return stringPool{}, fmt.Errorf("a string pool of %d styles that begin at %d in %d bytes", styles, start, len(data))
	}
	if pool.indexAt < poolHeaderBytes || pool.indexAt+4*pool.count > size(data) {
		return stringPool{}, fmt.Errorf("a string pool of %d strings in %d bytes", pool.count, len(data))
	}
	return pool, nil
}

// text decodes the string with an index.
func (p stringPool) text(index int64) (string, error) {
	if index < 0 || index >= p.count {
		return "", errOutsidePool
	}
	offset := le32(p.data, p.indexAt+4*index)
	if !p.utf8 {
		offset &^= 1 // as the platform, which counts in units
	}
	at := p.stringsAt + offset
	if p.utf8 {
		// First comes the length in UTF-16 units, then that in bytes.
		_, at, ok := lengthAt(p.data, at, 1)
		if !ok {
			return "", errOutsidePool
		}
		length, at, ok := lengthAt(p.data, at, 1)
		if !ok || at+length >= size(p.data) {
			return "", errOutsidePool
		}
		// Of a long text the length is what is left of it in 15 bits; the platform looks for its end.
		for p.data[at+length] != 0 {
			if length += 0x8000; at+length >= size(p.data) {
				return "", errUnended
			}
		}
		// Java takes such a text as far as its first zero.
		content, _, _ := bytes.Cut(p.data[at:at+length], []byte{0})
		return decodeUTF8(content), nil
	}
	length, at, ok := lengthAt(p.data, at, 2)
	if !ok || at+2*length+2 > size(p.data) {
		return "", errOutsidePool
	}
	if le16(p.data, at+2*length) != 0 {
		return "", errUnended
	}
	units := make([]uint16, length)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(p.data[at+2*int64(i):])
	}
	return string(utf16.Decode(units)), nil
}

// decodeUTF8 decodes the UTF-8 of a pool. Build tools write characters beyond the basic plane as two
// surrogates of three bytes each, as Java does. What is no UTF-8 becomes U+FFFD.
func decodeUTF8(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	text := make([]rune, 0, len(data))
	for len(data) > 0 {
		if r := utf16.DecodeRune(surrogate(data), surrogate(data[min(3, len(data)):])); r != utf8.RuneError {
			text, data = append(text, r), data[6:]
			continue
		}
		r, n := utf8.DecodeRune(data)
		text, data = append(text, r), data[n:]
	}
	return string(text)
}

// surrogate is the surrogate that begins data in three bytes, else a rune that is none.
func surrogate(data []byte) rune {
	if len(data) < 3 || data[0] != 0xED || data[1] < 0xA0 || data[1] > 0xBF || data[2]&0xC0 != 0x80 {
		return utf8.RuneError
	}
	return 0xD000 | rune(data[1]&0x3F)<<6 | rune(data[2]&0x3F)
}

// lengthAt reads a length of one or two units of width bytes each; the top bit of the first unit says
// that there is a second, lower one. It returns the length and where the next item starts.
func lengthAt(data []byte, at, width int64) (length, next int64, ok bool) {
	unit := func(at int64) (int64, bool) {
		switch {
		case at < 0 || at+width > size(data):
			return 0, false
		case width == 1:
			return int64(data[at]), true
		}
		return le16(data, at), true
	}
	bits := 8 * width
	first, ok := unit(at)
	if !ok || first>>(bits-1) == 0 {
		return first, at + width, ok
	}
	second, ok := unit(at + width)
	return first&(1<<(bits-1)-1)<<bits + second, at + 2*width, ok
}
