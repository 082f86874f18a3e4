package apk

import (
	"math"
	"strconv"
	"strings"
)

// Types of values (Res_value in ResourceTypes.h).
const (
	kindNull      = 0x00
	kindReference = 0x01
	kindString    = 0x03
	kindFloat     = 0x04
	kindFirstInt  = 0x10
	kindHex       = 0x11
	kindBoolean   = 0x12
	kindLastInt   = 0x1F

	valueBytes = 8
)

// value is a typed value of an attribute or a resource. The zero value is null, and so absent.
type value struct {
	kind byte
	data int64
}

// valueAt decodes the value that begins data.
func valueAt(data []byte) value { return value{kind: data[3], data: le32(data, 4)} }

func (v value) isInt() bool { return v.kind >= kindFirstInt && v.kind <= kindLastInt }

// int is the number in its 32 bits.
func (v value) int() int64 { return int64(int32(v.data)) } //nolint:gosec // the upper half is empty, and the sign is wanted

// Flag is a boolean attribute that may be absent or unreadable.
type Flag int

// The values of a Flag. FlagUnresolved refers to a resource that cannot be read.
const (
	FlagUnset Flag = iota
	FlagFalse
	FlagTrue
	FlagUnresolved
)

// values reads the attributes of a manifest, and what they refer to.
type values struct {
	pool  stringPool
	table *table
	left  int64 // bytes that all texts together may still take
	err   error // of the first text that could not be read
}

// resolve follows a reference; false where it leads to nothing.
func (r *values) resolve(v value) (value, stringPool, bool) {
	if v.kind != kindReference {
		return v, r.pool, true
	}
	found, ok := r.table.lookup(v.data)
	if !ok {
		return value{}, stringPool{}, false
	}
	return found, r.table.pool, true
}

// text is an attribute's text, "" where it is absent or refers to what is not there. Numbers are
// written as the platform writes them.
func (r *values) text(e *element, id int64) string {
	v, pool, ok := r.resolve(e.get(id))
	switch {
	case !ok:
		return ""
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

// number is an attribute's number, nil where it is absent or none. A preview release has a codename
// for an SDK level, which is none.
func (r *values) number(e *element, id int64) *int64 {
	v, pool, ok := r.resolve(e.get(id))
	switch {
	case ok && v.isInt():
		n := v.int()
		return &n
	case ok && v.kind == kindString:
		digits, base := r.take(pool, v.data), 10
		if hex, found := strings.CutPrefix(digits, "0x"); found {
			digits, base = hex, 16
		}
		if n, err := strconv.ParseInt(digits, base, 64); err == nil {
			return &n
		}
	}
	return nil
}

// flag is a boolean attribute. As for the platform, a number is true unless it is 0, and a text is
// true if it is one of those three.
func (r *values) flag(e *element, id int64) Flag {
	v, pool, ok := r.resolve(e.get(id))
	switch {
	case !ok:
		return FlagUnresolved
	case v.kind == kindNull:
		return FlagUnset
	case v.isInt() && v.data != 0:
		return FlagTrue
	case v.isInt():
		return FlagFalse
	case v.kind == kindString:
		switch r.take(pool, v.data) {
		case "1", "true", "TRUE":
			return FlagTrue
		}
		return FlagFalse
	}
	return FlagUnresolved
}
