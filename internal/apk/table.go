package apk

import (
	"errors"
	"fmt"
	"sort"
)

const (
	tableHeaderBytes   = 12
	packageHeaderBytes = 284 // older packages have it without the last field, typeIdOffset
	typeHeaderBytes    = 20  // up to the configuration
	specHeaderBytes    = 16

	typeSparse, typeOffset16 = 1, 2
	entryComplex             = 0x0001
	entryCompact             = 0x0008

	// maxReferences bounds how many references a text may lead through, as the platform does.
	maxReferences = 20
	// maxEntryReads bounds the work of all lookups in a table: a type may be there a million times.
	maxEntryReads = 1 << 20
	// maxValues bounds the values of one resource in all configurations; there are some hundred locales.
	maxValues = 4096
)

// Bits of a resource id, 0xPPTTEEEE: package, type and entry.
const (
	entryMask        = 0xFFFF
	packageShift     = 24
	frameworkPackage = 0x01
)

// specFlags are the bits of a type specification that name parts of a configuration. The others say
// that a resource is public or staged.
const specFlags = 0x00FFFFFF

// table is a resource table, with the values of each resource in all configurations.
type table struct {
	pool  stringPool
	types map[int64][]typeChunk // by resource id without its entry
	specs map[int64]chunk       // by the same; the parts of the configuration that an entry depends on
	own   int64                 // the id of the package that the table is of
	reads int                   // how many entries were looked up
	err   error                 // why there is no table
}

// typeChunk holds the values of one type of resources in one configuration.
type typeChunk struct {
	chunk
	config configuration
}

// configured is the value of a resource in one configuration.
type configured struct {
	value
	config configuration
}

var errNoTable = errors.New("the package has no resource table")

// readTable indexes resources.arsc; nil data means that there is none. Its error is also what every
// lookup in the table then fails with.
func readTable(data []byte) (*table, error) {
	t := &table{types: make(map[int64][]typeChunk), specs: make(map[int64]chunk)}
	if data == nil {
		t.err = errNoTable
		return t, t.err
	}
	if err := t.takeAll(data); err != nil {
		t.err = fmt.Errorf("the resource table cannot be read: %w", err)
	}
	return t, t.err
}

func (t *table) takeAll(data []byte) error {
	from, to, err := outer(data, chunkTable, tableHeaderBytes)
	if err != nil {
		return err
	}
	pools := 0
	return eachTableChunk(data[:to], from, to, func(c chunk) error {
		switch c.kind {
		case chunkStringPool:
			if pools++; pools > 1 {
				return nil // the platform takes the first
			}
			var err error
			t.pool, err = newStringPool(c.data)
			return err
		case chunkPackage:
			return t.takePackage(c)
		}
		return nil
	})
}

func (t *table) takePackage(c chunk) error {
	if c.header < packageHeaderBytes {
		return fmt.Errorf("a package at %d is cut off", c.at)
	}
	pkg := le32(c.data, 8)
	if pkg > 0xFF { // no resource id leads there
		return nil
	}
	if len(t.types) == 0 {
		t.own = pkg
	}
	return eachTableChunk(c.data, c.header, size(c.data), func(c chunk) error {
		switch c.kind {
		case chunkTypeSpec:
			if c.header < specHeaderBytes {
				return fmt.Errorf("a type specification at %d is cut off", c.at)
			}
			t.specs[pkg<<packageShift|int64(c.data[8])<<16] = c
		case chunkType:
			if c.header < typeHeaderBytes+4 {
				return fmt.Errorf("a type at %d is cut off", c.at)
			}
			key := pkg<<packageShift | int64(c.data[8])<<16
			t.types[key] = append(t.types[key], typeChunk{chunk: c, config: newConfiguration(c.data[typeHeaderBytes:c.header])})
		}
		return nil
	})
}

// id is the resource id that a reference means. A dynamic reference to the package 0 is one into the
// package's own table, whatever id that has.
func (t *table) id(v value) int64 {
	if v.kind == kindDynamicReference && v.data>>packageShift == 0 {
		return t.own<<packageShift | v.data
	}
	return v.data
}

// values are the values of a resource in all configurations, in the order of the table. Entries that
// cannot be read are an error.
func (t *table) values(id int64) ([]configured, error) {
	if t.err != nil {
		return nil, fmt.Errorf("refers to resource 0x%08x, but %w", id, t.err)
	}
	chunks := t.types[id&^entryMask]
	if t.reads += len(chunks); t.reads > maxEntryReads {
		return nil, fmt.Errorf("%w: its references lead through too many resources", ErrTooLarge)
	}
	var found []configured
	for _, c := range chunks {
		v, err := entryOf(c.chunk, id&entryMask)
		switch {
		case errors.Is(err, errNoEntry):
			continue
		case err != nil:
			return nil, fmt.Errorf("refers to resource 0x%08x, which %w", id, err)
		case len(found) == maxValues:
			return nil, fmt.Errorf("%w: resource 0x%08x has more than %d values", ErrTooLarge, id, maxValues)
		}
		found = append(found, configured{value: v, config: c.config})
	}
	if len(found) == 0 && id>>packageShift == frameworkPackage {
		return nil, fmt.Errorf("refers to resource 0x%08x of Android itself, which is not in the package", id)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("refers to resource 0x%08x, which is not in the package's table", id)
	}
	return found, nil
}

// depends tells whether a resource has several values, or is said to depend on the configuration.
func (t *table) depends(id int64, values []configured) bool {
	spec, found := t.specs[id&^entryMask]
	if at := spec.header + 4*(id&entryMask); found && id&entryMask < le32(spec.data, 12) && at+4 <= size(spec.data) && le32(spec.data, at)&specFlags != 0 {
		return true
	}
	return len(values) > 1
}

// best is the value that a device of no particular kind finds, by configuration.less. References are
// followed; the value is of the null type where they lead to @null.
func (t *table) best(v value) (value, error) {
	for range maxReferences {
		if !v.isReference() {
			return v, nil
		}
		found, err := t.values(t.id(v))
		if err != nil {
			return value{}, err
		}
		first := found[0]
		for _, other := range found[1:] {
			if other.config.less(first.config) {
				first = other
			}
		}
		v = first.value
	}
	return value{}, fmt.Errorf("leads through more than %d references", maxReferences)
}

// all are the values that a reference leads to in any configuration, and whether there may be more than
// one: which of them counts is up to the device.
func (t *table) all(v value) (found []value, varies bool, err error) {
	if !v.isReference() {
		return []value{v}, false, nil
	}
	seen := make(map[int64]bool)
	for open := []value{v}; len(open) > 0; {
		v, open = open[0], open[1:]
		if !v.isReference() {
			found = append(found, v)
			continue
		}
		id := t.id(v)
		if seen[id] {
			continue
		}
		seen[id] = true
		values, err := t.values(id)
		if err != nil {
			return nil, false, err
		}
		varies = varies || t.depends(id, values)
		for _, c := range values {
			open = append(open, c.value)
		}
	}
	if len(found) == 0 {
		return nil, false, errors.New("refers to resources that refer to each other")
	}
	return found, varies, nil
}

var (
	errNoEntry = errors.New("there is no such entry")
	errComplex = errors.New("has several parts in place of one value")
	errEntry   = errors.New("lies outside of the table")
)

// entryOf is an entry of a type. Errors: errNoEntry, errComplex, errEntry.
func entryOf(c chunk, entry int64) (value, error) {
	offset, err := entryOffset(c, entry)
	if err != nil {
		return value{}, err
	}
	at := le32(c.data, 16) + offset
	if at+8 > size(c.data) {
		return value{}, errEntry
	}
	length, flags := le16(c.data, at), le16(c.data, at+2)
	switch {
	case flags&entryCompact != 0: // the type of the value is in the upper half of the flags
		return value{kind: c.data[at+3], data: le32(c.data, at+4)}, nil
	case flags&entryComplex != 0:
		return value{}, errComplex
	case length < 8 || at+length+valueBytes > size(c.data):
		return value{}, errEntry
	}
	return valueAt(c.data[at+length:]), nil
}

// entryOffset finds an entry in the offsets of a type, which come in three encodings.
func entryOffset(c chunk, entry int64) (int64, error) {
	flags, count, offsets := c.data[9], le32(c.data, 12), c.data[c.header:]
	width := int64(4)
	if flags&typeOffset16 != 0 {
		width = 2
	}
	if count*width > size(offsets) {
		return 0, errEntry
	}
	switch {
	case flags&typeSparse != 0 && width == 4: // pairs of an entry and a quarter of its offset, sorted
		i := int64(sort.Search(int(count), func(i int) bool { return le16(offsets, 4*int64(i)) >= entry }))
		if i == count || le16(offsets, 4*i) != entry {
			return 0, errNoEntry
		}
		return 4 * le16(offsets, 4*i+2), nil
	case flags&typeSparse != 0:
		return 0, errEntry
	case entry >= count:
		return 0, errNoEntry
	case width == 2: // quarters of offsets
		if offset := le16(offsets, 2*entry); offset != 0xFFFF {
			return 4 * offset, nil
		}
		return 0, errNoEntry
	}
	if offset := le32(offsets, 4*entry); offset != none {
		return offset, nil
	}
	return 0, errNoEntry
}
