package apk

import "fmt"

// maxResources bounds the number of entries of all types of a table, in all configurations.
const maxResources = 4 << 20

// checkTable walks a resource table and makes sure that decoding it stays within its bytes and unfolds
// to no more than limit.
func checkTable(data []byte, limit int64) error {
	from, to, err := outer(data, chunkTable, 12)
	if err != nil {
		return err
	}
	walk := tableWalk{left: limit, resources: maxResources}
	return eachChunk(data[:to], from, to, walk.visit)
}

// tableWalk adds up what a resource table unfolds to.
type tableWalk struct {
	left      int64
	resources int64
	havePool  bool
}

func (w *tableWalk) visit(c chunk) error {
	switch c.kind {
	case chunkStringPool:
		if w.havePool {
			return fmt.Errorf("a second string pool at %d", c.at)
		}
		w.havePool = true
		_, err := poolLengths(c.data, &w.left)
		return err
	case chunkPackage:
		return w.tablePackage(c)
	}
	return nil
}

// tablePackage checks one package: its two string pools, and the number of entries of each type.
func (w *tableWalk) tablePackage(c chunk) error {
	// Older packages have a header without the last field, typeIdOffset; the reader wants the rest.
	if c.header < packageBytes || len(c.data) < packageBytes {
		return fmt.Errorf("a package at %d is cut off", c.at)
	}
	for _, field := range []int64{268, 276} { // typeStrings, keyStrings
		at := le32(c.data, field)
		if at < chunkHeaderBytes || at >= size(c.data) {
			return fmt.Errorf("a package at %d has a string pool outside of it", c.at)
		}
		if _, err := poolLengths(c.data[at:], &w.left); err != nil {
			return err
		}
	}
	return eachChunk(c.data, c.header, size(c.data), w.tableType)
}

func (w *tableWalk) tableType(c chunk) error {
	if c.kind != chunkType && c.kind != chunkTypeSpec {
		return nil
	}
	if len(c.data) < 20 && (c.kind == chunkType || len(c.data) < 16) {
		return fmt.Errorf("a type at %d is cut off", c.at)
	}
	count := le32(c.data, 12)
	if c.header+4*count > size(c.data) || count > w.resources {
		return fmt.Errorf("a type at %d has %d entries in %d bytes", c.at, count, len(c.data))
	}
	w.resources -= count
	return nil
}
