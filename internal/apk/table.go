package apk

import (
	"fmt"
	"sort"
)

const (
	tableHeaderBytes   = 12
	packageHeaderBytes = 284 // older packages have it without the last field, typeIdOffset
	typeHeaderBytes    = 20  // up to the configuration

	typeSparse, typeOffset16 = 1, 2
	entryComplex             = 0x0001
	entryCompact             = 0x0008

	// maxReferences bounds how many references a value may lead through.
	maxReferences = 8
)

// table is a resource table. Of each type of resources it knows the values of the default
// configuration: no language, no API level, no screen.
type table struct {
	pool  stringPool
	types map[int64]chunk // by resource id without its entry
}

// readTable indexes resources.arsc. Where a type has several default configurations, the first counts.
func readTable(data []byte) (*table, error) {
	from, to, err := outer(data, chunkTable, tableHeaderBytes)
	if err != nil {
		return nil, err
	}
	t := &table{types: make(map[int64]chunk)}
	pools := 0
	err = eachChunk(data[:to], from, to, func(c chunk) error {
		switch c.kind {
		case chunkStringPool:
			if pools++; pools > 1 {
				return fmt.Errorf("a second string pool at %d", c.at)
			}
			var err error
			t.pool, err = newStringPool(c.data)
			return err
		case chunkPackage:
			return t.takePackage(c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (t *table) takePackage(c chunk) error {
	if c.header < packageHeaderBytes {
		return fmt.Errorf("a package at %d is cut off", c.at)
	}
	pkg := le32(c.data, 8)
	if pkg > 0xFF { // no resource id leads there
		return nil
	}
	return eachChunk(c.data, c.header, size(c.data), func(c chunk) error {
		if c.kind != chunkType {
			return nil
		}
		if c.header < typeHeaderBytes+4 {
			return fmt.Errorf("a type at %d is cut off", c.at)
		}
		key := pkg<<24 | int64(c.data[8])<<16
		if _, found := t.types[key]; !found && isDefault(c.data[typeHeaderBytes:c.header]) {
			t.types[key] = c
		}
		return nil
	})
}

// isDefault tells whether a configuration, which begins with its length, asks for nothing.
func isDefault(config []byte) bool {
	for _, b := range config[4:min(max(le32(config, 0), 4), size(config))] {
		if b != 0 {
			return false
		}
	}
	return true
}

// lookup is the value of a resource in the default configuration; false where the table has none, or
// one of several parts. References are followed.
func (t *table) lookup(id int64) (value, bool) {
	for range maxReferences {
		v, found := t.entry(id)
		if !found || v.kind != kindReference {
			return v, found
		}
		id = v.data
	}
	return value{}, false
}

func (t *table) entry(id int64) (value, bool) {
	if t == nil {
		return value{}, false
	}
	c, found := t.types[id&^0xFFFF]
	if !found {
		return value{}, false
	}
	offset, found := entryOffset(c, id&0xFFFF)
	at := le32(c.data, 16) + offset
	if !found || at+8 > size(c.data) {
		return value{}, false
	}
	length, flags := le16(c.data, at), le16(c.data, at+2)
	switch {
	case flags&entryCompact != 0: // the type of the value is in the upper half of the flags
		return value{kind: c.data[at+3], data: le32(c.data, at+4)}, true
	case flags&entryComplex != 0 || length < 8 || at+length+valueBytes > size(c.data):
		return value{}, false
	}
	return valueAt(c.data[at+length:]), true
}

// entryOffset finds an entry in the offsets of a type, which come in three encodings.
func entryOffset(c chunk, entry int64) (int64, bool) {
	flags, count, offsets := c.data[9], le32(c.data, 12), c.data[c.header:]
	width := int64(4)
	if flags&typeOffset16 != 0 {
		width = 2
	}
	if count*width > size(offsets) {
		return 0, false
	}
	switch {
	case flags&typeSparse != 0 && width == 4: // pairs of an entry and a quarter of its offset, sorted
		i := int64(sort.Search(int(count), func(i int) bool { return le16(offsets, 4*int64(i)) >= entry }))
		if i == count || le16(offsets, 4*i) != entry {
			return 0, false
		}
		return 4 * le16(offsets, 4*i+2), true
	case flags&typeSparse != 0 || entry >= count:
		return 0, false
	case width == 2: // quarters of offsets
		offset := le16(offsets, 2*entry)
		return 4 * offset, offset != 0xFFFF
	}
	offset := le32(offsets, 4*entry)
	return offset, offset != none
}
