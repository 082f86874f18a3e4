package apk

import "fmt"

// checkXML walks a binary XML file and makes sure that decoding it stays within its bytes and unfolds
// to no more than limit.
func checkXML(data []byte, limit int64) error {
	from, to, err := outer(data, chunkXML, chunkHeaderBytes)
	if err != nil {
		return err
	}
	walk := xmlWalk{poolLeft: limit, left: limit}
	return eachChunk(data[:to], from, to, walk.visit)
}

// xmlWalk adds up what the text form of a binary XML file may grow to.
type xmlWalk struct {
	poolLeft   int64 // for the strings themselves
	left       int64 // for their uses
	pool       []int64
	havePool   bool
	namespaces int
}

func (w *xmlWalk) visit(c chunk) error {
	switch c.kind {
	case chunkStringPool:
		if w.havePool {
			return fmt.Errorf("a second string pool at %d", c.at)
		}
		w.havePool = true
		var err error
		w.pool, err = poolLengths(c.data, &w.poolLeft)
		return err
	case chunkStartNamespace:
		if w.namespaces++; w.namespaces > maxNamespaces {
			return fmt.Errorf("more than %d namespaces", maxNamespaces)
		}
		if c.header+8 > size(c.data) {
			return fmt.Errorf("a namespace at %d is cut off", c.at)
		}
		return w.spend(c.data, c.header, c.header+4)
	case chunkStartElement:
		return w.element(c)
	}
	// Ends of elements are no longer than their beginnings; the other chunks are skipped.
	return w.spend(nil)
}

// element checks an element's attributes and spends what they unfold to.
func (w *xmlWalk) element(c chunk) error {
	if c.header < 16 || c.header+20 > size(c.data) {
		return fmt.Errorf("an element at %d is cut off", c.at)
	}
	start, width, count := le16(c.data, c.header+8), le16(c.data, c.header+10), le16(c.data, c.header+12)
	if err := w.spend(c.data, c.header, c.header+4, c.header+4); err != nil {
		return err
	}
	if count == 0 {
		return nil
	}
	// The reader adds start and header in 16 bits.
	first := start + c.header
	if width < attributeBytes || first > 0xFFFF || first+count*width > size(c.data) {
		return fmt.Errorf("an element at %d has attributes outside of it", c.at)
	}
	for i := range count {
		at := first + i*width
		if err := w.spend(c.data, at, at+4, at+8); err != nil {
			return err
		}
	}
	return nil
}

// spend takes the strings that are referenced at some places, and the punctuation around them, from
// what is left. Escaping makes a byte six at most.
func (w *xmlWalk) spend(data []byte, references ...int64) error {
	w.left -= 32
	for _, at := range references {
		if reference := le32(data, at); reference != noString && reference < int64(len(w.pool)) {
			w.left -= w.pool[reference]
		}
	}
	if w.left < 0 {
		return fmt.Errorf("%w: the manifest unfolds too far", ErrTooLarge)
	}
	return nil
}
