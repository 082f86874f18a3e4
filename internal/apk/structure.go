package apk

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Chunk types of Android's binary resources (ResourceTypes.h).
const (
	chunkStringPool     = 0x0001
	chunkTable          = 0x0002
	chunkXML            = 0x0003
	chunkStartNamespace = 0x0100
	chunkStartElement   = 0x0102
	chunkPackage        = 0x0200
	chunkType           = 0x0201
	chunkTypeSpec       = 0x0202
)

const (
	chunkHeaderBytes = 8
	poolHeaderBytes  = 28
	packageBytes     = 284
	attributeBytes   = 20
	poolUTF8         = 1 << 8
	noString         = 0xFFFFFFFF
	maxNamespaces    = 64
)

// le16 and le32 read little-endian numbers, as int64 so that sums and products of them cannot overflow;
// the callers have checked the bounds.
func le16(b []byte, at int64) int64 { return int64(binary.LittleEndian.Uint16(b[at:])) }
func le32(b []byte, at int64) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }

// size is the length of data, for comparisons with what le16 and le32 read.
func size(data []byte) int64 { return int64(len(data)) }

// chunk is one chunk of data, which begins at at.
type chunk struct {
	kind   int64
	header int64
	data   []byte // header included
	at     int64
}

// eachChunk calls visit for each chunk between from and to. A chunk that reaches beyond, or that
// would not move on, is an error.
func eachChunk(data []byte, from, to int64, visit func(chunk) error) error {
	for at := from; at < to; {
		if to-at < chunkHeaderBytes {
			return fmt.Errorf("a chunk at %d is cut off", at)
		}
		header, whole := le16(data, at+2), le32(data, at+4)
		if header < chunkHeaderBytes || header > whole || whole > to-at {
			return fmt.Errorf("a chunk at %d has %d bytes and a header of %d", at, whole, header)
		}
		if err := visit(chunk{kind: le16(data, at), header: header, data: data[at : at+whole], at: at}); err != nil {
			return err
		}
		at += whole
	}
	return nil
}

// outer checks the header that surrounds a whole file and returns where its chunks begin and end.
func outer(data []byte, kind, minHeader int64) (from, to int64, err error) {
	if size(data) < minHeader {
		return 0, 0, fmt.Errorf("only %d bytes", len(data))
	}
	from, to = le16(data, 2), le32(data, 4)
	if le16(data, 0) != kind || from < minHeader || from > to || to > size(data) {
		return 0, 0, fmt.Errorf("a header of type %#x, %d bytes, for %d bytes", le16(data, 0), from, to)
	}
	return from, to, nil
}

// poolLengths checks a string pool that begins data and may reach to its end, and returns the length
// in bytes that each string unfolds to, at most. All of them together are taken from left.
func poolLengths(data []byte, left *int64) ([]int64, error) {
	if len(data) < poolHeaderBytes {
		return nil, fmt.Errorf("a string pool of %d bytes", len(data))
	}
	count, styles := le32(data, 8), le32(data, 12)
	flags, stringsAt, stylesAt := le32(data, 16), le32(data, 20), le32(data, 24)
	if poolHeaderBytes+4*(count+styles) > size(data) {
		return nil, fmt.Errorf("a string pool of %d strings and %d styles in %d bytes", count, styles, len(data))
	}
	lengths := make([]int64, count)
	for i := range count {
		at := add32(stringsAt, le32(data, poolHeaderBytes+4*i))
		length, err := stringLength(data, at, flags&poolUTF8 != 0)
		if err != nil {
			return nil, err
		}
		lengths[i] = length
		if *left -= length; *left < 0 {
			return nil, fmt.Errorf("%w: a string pool unfolds too far", ErrTooLarge)
		}
	}
	for i := range styles {
		at := add32(stylesAt, le32(data, poolHeaderBytes+4*(count+i)))
		if at+8 > size(data) {
			return nil, fmt.Errorf("a style is outside of its pool")
		}
	}
	return lengths, nil
}

// add32 adds offsets in 32 bits, as the reader that follows does.
func add32(a, b int64) int64 { return (a + b) & 0xFFFFFFFF }

// stringLength is how many bytes the string at an offset of a pool may unfold to: three for each
// UTF-16 unit, or for each byte, since a byte that is no UTF-8 becomes U+FFFD.
func stringLength(data []byte, at int64, utf8 bool) (int64, error) {
	if utf8 {
		// First the length in UTF-16 units, which the reader skips, then that in bytes.
		_, at, ok := lengthAt(data, at, 1)
		if !ok {
			return 0, errOutsidePool
		}
		length, at, ok := lengthAt(data, at, 1)
		if !ok || at+length > size(data) {
			return 0, errOutsidePool
		}
		return 3 * length, nil
	}
	length, at, ok := lengthAt(data, at, 2)
	if !ok || at+2*length > size(data) {
		return 0, errOutsidePool
	}
	return 3 * length, nil
}

var errOutsidePool = errors.New("a string is outside of its pool")

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
