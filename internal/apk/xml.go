package apk

import (
	"errors"
	"fmt"
)

const (
	elementBytes   = 20 // what follows the header of an element
	attributeBytes = 20

	// maxDepth bounds how deep elements may nest; a manifest needs six.
	maxDepth = 64
	// frameworkIDs begins the resource ids of the platform, to which its attributes belong.
	frameworkIDs, frameworkMask = 0x01000000, 0xFF000000
)

// document is a binary XML file. It is read as the platform reads it, by the resource ids of the
// attributes and their typed values: the names and texts that stand beside them are for people, and
// may say something else.
type document struct {
	pool   stringPool
	ids    []byte // the resource map: the id of the attribute name with the same index
	root   *element
	open   []*element
	pooled bool
	left   int64 // bytes that all names together may still take
}

type element struct {
	name       string
	attributes []attribute
	children   []*element
}

// attribute is an attribute with a resource id of the platform. The manifest's own package attribute
// has none, and attrPackage in its place.
type attribute struct {
	id    int64
	value value
	raw   int64 // the text beside the value, in the pool; none where there is none
}

// readXML decodes a binary XML file. The names that it reads may take up to limit bytes.
func readXML(data []byte, limit int64) (*document, error) {
	from, to, err := outer(data, chunkXML, chunkHeaderBytes)
	if err != nil {
		return nil, disguised(data, err)
	}
	d := &document{left: limit}
	err = eachChunk(data[:to], from, to, func(c chunk) error {
		switch c.kind {
		case chunkStringPool:
			return d.takePool(c)
		case chunkResourceMap:
			return d.takeIDs(c)
		case chunkStartElement:
			return d.start(c)
		case chunkEndElement:
			return d.end()
		}
		return nil // namespaces, text, and what is not known
	})
	switch {
	case err != nil && d.root != nil && len(d.open) == 0 && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrEvasion):
		// The platform reads no further than the end of the root element.
		return nil, evasion("behind the root element there is what cannot be read: %s", err)
	case err != nil:
		return nil, err
	case d.root == nil:
		return nil, errors.New("there is no element")
	case len(d.open) > 0:
		// For the platform the document ends there. One that is cut off has another length than its header says.
		return nil, evasion("an element has no end")
	}
	return d, nil
}

// disguised explains what is no binary XML by its outer chunk, but is by what it holds: the platform does
// not look at the outer type.
func disguised(data []byte, err error) error {
	if size(data) < 2*chunkHeaderBytes || le16(data, 0) == chunkXML {
		return err
	}
	from, to := le16(data, 2), le32(data, 4)
	if from < chunkHeaderBytes || from > to-chunkHeaderBytes || to > size(data) || le16(data, from) != chunkStringPool {
		return err
	}
	return evasion("its outer chunk is of type %#04x in place of %#04x", le16(data, 0), chunkXML)
}

// The platform takes the first pool and map, others the last: a second one, or one that comes late, is
// refused.
func (d *document) takePool(c chunk) error {
	if d.pooled || d.root != nil {
		return evasion("a second or late string pool at %d", c.at)
	}
	d.pooled = true
	var err error
	d.pool, err = newStringPool(c.data)
	return err
}

func (d *document) takeIDs(c chunk) error {
	if d.ids != nil || d.root != nil {
		return evasion("a second or late resource map at %d", c.at)
	}
	d.ids = c.data[c.header:]
	return nil
}

func (d *document) start(c chunk) error {
	if c.header < 16 || c.header+elementBytes > size(c.data) {
		return fmt.Errorf("an element at %d is cut off", c.at)
	}
	if len(d.open) == maxDepth {
		return fmt.Errorf("%w: elements nest deeper than %d", ErrTooLarge, maxDepth)
	}
	name, err := d.name(le32(c.data, c.header+4))
	if err != nil {
		return fmt.Errorf("an element at %d: %w", c.at, err)
	}
	e := &element{name: name}
	switch {
	case len(d.open) > 0:
		parent := d.open[len(d.open)-1]
		parent.children = append(parent.children, e)
	case d.root != nil:
		return evasion("a second root element at %d", c.at)
	default:
		d.root = e
	}
	d.open = append(d.open, e)
	return d.takeAttributes(c, e)
}

func (d *document) end() error {
	if len(d.open) == 0 {
		return errors.New("an end without a beginning")
	}
	d.open = d.open[:len(d.open)-1]
	return nil
}

func (d *document) takeAttributes(c chunk, e *element) error {
	start, width, count := le16(c.data, c.header+8), le16(c.data, c.header+10), le16(c.data, c.header+12)
	first := c.header + start
	if count > 0 && (width < attributeBytes || first+count*width > size(c.data)) {
		return fmt.Errorf("an element at %d has attributes outside of it", c.at)
	}
	last, packages := int64(0), 0
	for i := range count {
		data := c.data[first+i*width:]
		id := d.id(le32(data, 4))
		isPackage := false
		if e == d.root && le32(data, 0) == none { // without a namespace
			name, err := d.name(le32(data, 4))
			if err != nil {
				return fmt.Errorf("an element at %d: %w", c.at, err)
			}
			isPackage = name == "package" // the platform looks for it by its name
		}
		switch {
		case isPackage:
			packages++
			id = attrPackage
		case id&frameworkMask != frameworkIDs:
			continue
		case id <= last:
			// The platform looks attributes up in ascending order, so that it misses others.
			return evasion("an element at %d has attributes that are double or out of order", c.at)
		default:
			last = id
		}
		e.attributes = append(e.attributes, attribute{id: id, value: valueAt(data[12:]), raw: le32(data, 8)})
	}
	if packages > 1 {
		return evasion("the package is named twice")
	}
	return nil
}

// name decodes a name and takes it out of what is left.
func (d *document) name(index int64) (string, error) {
	name, err := d.pool.text(index)
	if d.left -= int64(len(name)); d.left < 0 {
		return "", errUnfolds
	}
	return name, err
}

// id is the resource id that belongs to an attribute's name, 0 where there is none.
func (d *document) id(name int64) int64 {
	if 4*name+4 > size(d.ids) {
		return 0
	}
	return le32(d.ids, 4*name)
}

// attribute is an attribute by its id, nil where it is absent.
func (e *element) attribute(id int64) *attribute {
	for i := range e.attributes {
		if e.attributes[i].id == id {
			return &e.attributes[i]
		}
	}
	return nil
}

// get is an attribute's value, of the null type where it is absent.
func (e *element) get(id int64) value {
	if a := e.attribute(id); a != nil {
		return a.value
	}
	return value{}
}

// spelledPackage is the text that stands beside the value of the package; false where there is none.
func (e *element) spelledPackage() (int64, bool) {
	a := e.attribute(attrPackage)
	if a == nil || a.raw == none {
		return 0, false
	}
	return a.raw, true
}

// named are the children with a name.
func (e *element) named(name string) []*element {
	var found []*element
	for _, child := range e.children {
		if child.name == name {
			found = append(found, child)
		}
	}
	return found
}
