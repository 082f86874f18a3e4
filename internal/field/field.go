// Package field tells apart the three things that a field of an answer can be: left out, there but
// unreadable, or a value. Only the first may stand for a default; whoever needs the value has to decide
// about the other two, since there is no way to it around them.
//
// It imports nothing of this project, so that the client's decoder and the gate share one type.
package field

// State is what is known of a field.
type State int

// The states. The zero value is Absent: left out, or null.
const (
	Absent State = iota
	// Unreadable: there, but of another type than documented, no number, or out of range.
	Unreadable
	Known
)

// Value is a field of an answer. The zero value is absent.
type Value[T comparable] struct {
	value T
	state State
}

// Of returns a known value.
func Of[T comparable](value T) Value[T] { return Value[T]{value, Known} }

// Broken returns a value that is there and cannot be read.
func Broken[T comparable]() Value[T] { return Value[T]{state: Unreadable} }

// Get returns the value, which is the zero value unless the state is Known.
func (v Value[T]) Get() (T, State) { return v.value, v.state }

// State returns what is known of the field.
func (v Value[T]) State() State { return v.state }

// Absent tells whether the service left the field out or gave null.
func (v Value[T]) Absent() bool { return v.state == Absent }

// Unreadable tells whether the field is there and cannot be read.
func (v Value[T]) Unreadable() bool { return v.state == Unreadable }

// Is tells whether the value is known and want.
func (v Value[T]) Is(want T) bool { return v.state == Known && v.value == want }

// Check returns v where it is absent, unreadable, or a value that ok accepts; else it is unreadable.
func (v Value[T]) Check(ok func(T) bool) Value[T] {
	if v.state == Known && !ok(v.value) {
		return Broken[T]()
	}
	return v
}

// Worse returns the one of two values of a field, of two pages or rows, that a judgement must rest on: an
// unreadable one, else the one that less prefers, else the one that is there.
func Worse[T comparable](a, b Value[T], less func(a, b T) bool) Value[T] {
	switch {
	case a.state == Unreadable || b.state == Absent:
		return a
	case b.state == Unreadable || a.state == Absent || less(b.value, a.value):
		return b
	}
	return a
}

// Largest returns the larger of two counts by [Worse]. A negative one is no count, and so worse than any.
func Largest(a, b Value[int64]) Value[int64] {
	return Worse(a, b, func(a, b int64) bool { return a < 0 || b >= 0 && a > b })
}
