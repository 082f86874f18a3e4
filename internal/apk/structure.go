package apk

import (
	"encoding/binary"
	"fmt"
)

// Chunk types of Android's binary resources (ResourceTypes.h).
const (
	chunkStringPool   = 0x0001
	chunkTable        = 0x0002
	chunkXML          = 0x0003
	chunkStartElement = 0x0102
	chunkEndElement   = 0x0103
	chunkResourceMap  = 0x0180
	chunkPackage      = 0x0200
	chunkType         = 0x0201
	chunkTypeSpec     = 0x0202
)

const chunkHeaderBytes = 8

// none is the string reference, or the offset of an entry, that stands for there being none.
const none = 0xFFFFFFFF

// le16 and le32 read little-endian numbers, as int64 so that sums and products of them cannot overflow;
// the callers have checked the bounds.
func le16(b []byte, at int64) int64 { return int64(binary.LittleEndian.Uint16(b[at:])) }
func le32(b []byte, at int64) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }

// size is the length of data, for comparisons with what le16 and le32 read.
func size(data []byte) int64 { return int64(len(data)) }

// chunk is one chunk of data: its type, the length of its header, and its bytes with that header.
type chunk struct {
	kind   int64
	header int64
	data   []byte
	at     int64 // where it begins in what surrounds it
}

// eachChunk calls visit for each chunk between from and to. A chunk that reaches beyond, or that
// would not move on, is an error.
func eachChunk(data []byte, from, to int64, visit func(chunk) error) error {
	for at := from; at < to; {
		c, err := chunkAt(data, at, to)
		if err == nil {
			err = visit(c)
		}
		if err != nil {
			return err
		}
		at += size(c.data)
	}
	return nil
}

// eachTableChunk is eachChunk for resource tables, which for the platform end before a chunk that reaches
// beyond, unless that is the first.
func eachTableChunk(data []byte, from, to int64, visit func(chunk) error) error {
	end := from
	for end < to && (end == from || to-end >= chunkHeaderBytes && le32(data, end+4) <= to-end) {
		c, err := chunkAt(data, end, to)
		if err != nil {
			return err
		}
		end += size(c.data)
	}
	return eachChunk(data, from, end, visit)
}

// chunkAt is the chunk that begins at a place before to.
func chunkAt(data []byte, at, to int64) (chunk, error) {
	if to-at < chunkHeaderBytes {
		return chunk{}, fmt.Errorf("a chunk at %d is cut off", at)
	}
	header, whole := le16(data, at+2), le32(data, at+4)
	if header < chunkHeaderBytes || header > whole || whole > to-at {
		return chunk{}, fmt.Errorf("a chunk at %d has %d bytes and a header of %d", at, whole, header)
	}
	return chunk{kind: le16(data, at), header: header, data: data[at : at+whole], at: at}, nil
}

// outer checks the header that surrounds a whole file and returns where its chunks begin and end.
func outer(data []byte, kind, minHeader int64) (from, to int64, err error) {
	if size(data) < minHeader {
		return 0, 0, fmt.Errorf("only %d bytes", len(data))
	}
	from, to = le16(data, 2), le32(data, 4)
	if le16(data, 0) != kind || from < minHeader || from > to || to > size(data) {
		return 0, 0, fmt.Errorf("a header of type %#x, %d bytes, for %d bytes of %d", le16(data, 0), from, to, len(data))
	}
	return from, to, nil
}
