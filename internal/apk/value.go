package apk

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Types of values (Res_value in ResourceTypes.h).
const (
	kindNull             = 0x00
	kindReference        = 0x01
	kindAttribute        = 0x02
	kindString           = 0x03
	kindFloat            = 0x04
	kindDynamicReference = 0x07
	kindDynamicAttribute = 0x08
	kindFirstInt         = 0x10
	kindHex              = 0x11
	kindBoolean          = 0x12
	kindLastInt          = 0x1F

	valueBytes = 8
)

// value is a typed value of an attribute or a resource. The zero value is null, and so absent.
type value struct {
	kind byte
	data int64
}

// valueAt decodes the value that begins data.
func valueAt(data []byte) value { return value{kind: data[3], data: le32(data, 4)} }

// isNull tells a value that counts as absent; a reference to nothing is @null.
func (v value) isNull() bool {
	return v.kind == kindNull || v.data == 0 && (v.kind == kindReference || v.kind == kindDynamicReference)
}

func (v value) isReference() bool {
	return v.data != 0 && (v.kind == kindReference || v.kind == kindDynamicReference)
}

func (v value) isInt() bool { return v.kind >= kindFirstInt && v.kind <= kindLastInt }

// int is the number in its 32 bits.
func (v value) int() int64 { return int64(int32(v.data)) } //nolint:gosec // the upper half is empty, and the sign is wanted

// Flag is a boolean attribute that may be absent or unreadable.
type Flag int

// The values of a Flag. FlagUnresolved is there and cannot be read; Facts.Unresolved says why.
const (
	FlagUnset Flag = iota
	FlagFalse
	FlagTrue
	FlagUnresolved
)

// Unresolved is an attribute of the manifest that is there, and whose value cannot be told.
type Unresolved struct {
	// Attribute is its name, as in "android:debuggable".
	Attribute string
	// Reason goes on after the attribute, as in "refers to resource 0x7f010001, which …".
	Reason string
}

// values reads the attributes of a manifest, and what they refer to. An attribute may have another
// value in each configuration of a device: what a security fact rests on is then the riskiest of them.
type values struct {
	pool       stringPool
	table      *table
	left       int64 // bytes that all texts together may still take
	err        error // of the first text that could not be read
	unresolved []Unresolved
}

// poolOf is the pool of the strings that a value found for an attribute refers to.
func (r *values) poolOf(attribute value) stringPool {
	if attribute.isReference() {
		return r.table.pool
	}
	return r.pool
}

// text is an attribute's text for people, "" where it is absent or refers to what is not there. It is
// chosen by configuration.less.
func (r *values) text(e *element, id int64) string {
	attribute := e.get(id)
	v, err := r.table.best(attribute)
	if err != nil {
		return ""
	}
	return r.textOf(v, r.poolOf(attribute))
}

// literal is a text that stands in the manifest itself, and says the same as what stands beside it for
// people; "" for any other. The platform reads some names so.
func (r *values) literal(e *element, id int64) string {
	a := e.attribute(id)
	if a == nil || a.value.kind != kindString || a.raw != none && a.raw != a.value.data {
		return ""
	}
	return r.take(r.pool, a.value.data)
}

// textOf writes a value as the platform does, numbers too.
func (r *values) textOf(v value, pool stringPool) string {
	switch {
	case v.kind == kindString:
		return r.take(pool, v.data)
	case v.kind == kindFloat:
		return strconv.FormatFloat(float64(math.Float32frombits(uint32(v.data))), 'g', -1, 32) //nolint:gosec // data is 32 bits
	case v.kind == kindBoolean:
		return strconv.FormatBool(v.data != 0)
	case v.kind == kindHex:
		return "0x" + strconv.FormatInt(v.data, 16)
	case v.isInt():
		return strconv.FormatInt(v.int(), 10)
	}
	return ""
}

// take takes a text out of a pool and out of what is left.
func (r *values) take(pool stringPool, index int64) string {
	if r.err != nil {
		return ""
	}
	text, err := pool.text(index)
	if err != nil {
		r.err = err
		return ""
	}
	if r.left -= int64(len(text)); r.left < 0 {
		r.err = errUnfolds
		return ""
	}
	return text
}

// texts are the texts that an attribute has in any configuration, each once and none empty.
func (r *values) texts(e *element, id int64) []string {
	attribute := e.get(id)
	found, _, err := r.table.all(attribute)
	if err != nil {
		return nil
	}
	var all []string
	for _, v := range found {
		if text := r.textOf(v, r.poolOf(attribute)); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// give notes why an attribute's value cannot be told.
func (r *values) give(attribute string, reason error) {
	r.unresolved = append(r.unresolved, Unresolved{Attribute: attribute, Reason: reason.Error()})
}

// number is an attribute's number, nil where it is absent, or unresolved by the name that is given.
func (r *values) number(e *element, id int64, name string) *int64 {
	found, err := r.numbers(e, id)
	switch {
	case err != nil:
		r.give(name, err)
	case len(found) > 1:
		r.give(name, errors.New("has another value in each configuration of a device"))
	case len(found) == 1 && found[0].codename:
		r.give(name, errors.New("is a text that is no number"))
	case len(found) == 1:
		return &found[0].n
	}
	return nil
}

// flag is a boolean attribute. As for the platform, a number is true unless it is 0, and a text is true
// if it is one of those three. Where configurations differ, it is true: each flag here is a risk. Where
// it is absent in one of them and false in others, it counts as absent, since the default may be true.
func (r *values) flag(e *element, id int64) (Flag, error) {
	attribute := e.get(id)
	found, _, err := r.table.all(attribute)
	if err != nil {
		return FlagUnresolved, err
	}
	absent := false
	for _, v := range found {
		switch {
		case v.isNull():
			absent = true
		case v.isInt() && v.data != 0, v.kind == kindString && isTrue(r.take(r.poolOf(attribute), v.data)):
			return FlagTrue, nil
		case v.isInt(), v.kind == kindString:
		default:
			err = fmt.Errorf("has a value of type %s, which is no boolean", kindName(v.kind))
		}
	}
	switch {
	case err != nil:
		return FlagUnresolved, err
	case absent:
		return FlagUnset, nil
	}
	return FlagFalse, nil
}

func isTrue(text string) bool { return text == "1" || text == "true" || text == "TRUE" }

// kindName names the types that are neither numbers nor texts.
func kindName(kind byte) string {
	switch kind {
	case kindFloat:
		return "float"
	case kindAttribute, kindDynamicAttribute:
		return "theme attribute"
	}
	return fmt.Sprintf("0x%02x", kind)
}
