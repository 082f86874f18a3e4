package tencentcloud

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// joinRules are the ways in which the fields of two pages become one, by the tag `join` of the field. A
// field without a tag stops the program at the first page, and a test before that, so that no field can
// be left to the first page by oversight:
//
//	same      the pages must agree; else the list shifted between them
//	largest   a count: the largest, and unreadable if one of them is
//	oldest    a time: the earliest, likewise
//	any       a flag: true if one of them is; else unreadable, if one is
//	done      a progress: that of the first page that is not at 100
//	rows      the rows of the list: one after the other, the last of a page being the first of the next
//	union     a list that the service may repeat on each page: all elements, each once
//	first     decides nothing: as the first page says
var joinRules = map[string]func(into, from reflect.Value) error{
	"same":    joinSame,
	"largest": joinBy(func(a, b *Int) { a.Value = field.Largest(a.Value, b.Value) }),
	"oldest":  joinBy(joinOldest),
	"any":     joinBy(joinAny),
	"done":    joinBy(joinDone),
	"rows":    joinRows,
	"union":   joinUnion,
	"first":   func(reflect.Value, reflect.Value) error { return nil },
}

// joinFields joins a page into what the pages before it came to. into and from point to the same type.
func joinFields(into, from any) error {
	a, b := reflect.ValueOf(into).Elem(), reflect.ValueOf(from).Elem()
	for i := range a.NumField() {
		one := a.Type().Field(i)
		if one.Anonymous || !one.IsExported() { // the head of the answer, and what is noted of the pages
			continue
		}
		join, known := joinRules[one.Tag.Get("join")]
		if !known {
			panic(fmt.Sprintf("%s.%s has no way to join pages", a.Type(), one.Name)) // a mistake of this package, which its test finds
		}
		if err := join(a.Field(i), b.Field(i)); err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
	}
	return nil
}

// joinBy adapts a join of one type.
func joinBy[T any](join func(into, from *T)) func(into, from reflect.Value) error {
	return func(into, from reflect.Value) error {
		a, ok := into.Addr().Interface().(*T)
		b, same := from.Addr().Interface().(*T)
		if !ok || !same {
			return fmt.Errorf("a field of type %s cannot be joined in this way", into.Type())
		}
		join(a, b)
		return nil
	}
}

func joinSame(into, from reflect.Value) error {
	if !reflect.DeepEqual(into.Interface(), from.Interface()) {
		return fmt.Errorf("it changed between the pages")
	}
	return nil
}

func joinOldest(into, from *Time) {
	if at := into.At(); field.Worse(at, from.At(), time.Time.Before) != at {
		*into = *from
	}
}

func joinAny(into, from *Bool) {
	if !into.Is(true) && (from.Is(true) || into.Absent() || from.Unreadable()) {
		*into = *from
	}
}

func joinDone(into, from *Int) {
	if into.Is(100) {
		*into = *from
	}
}

// list is what a [List] of any type is to a join.
type list interface {
	joinRows(from any) error
	joinUnion(from any)
	// readable tells whether nothing is there that could not be read.
	readable() bool
	// own gives the list an array of its own, with room for so many rows: joining appends to it.
	own(rows int)
	// keepLast drops all rows but the last, which the next page begins with.
	keepLast()
	// dropFirst drops the row that the page before had as well.
	dropFirst()
}

// rowListOf returns the list of rows of a paged answer, which a pointer is given to.
func rowListOf(answer any) list {
	v := reflect.ValueOf(answer).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("join") == "rows" {
			if rows, ok := v.Field(i).Addr().Interface().(list); ok {
				return rows
			}
		}
	}
	panic(fmt.Sprintf("%s has no list of rows", v.Type())) // a mistake of this package, which its test finds
}

func (l *List[T]) own(rows int) { l.Items = append(make([]T, 0, max(rows, len(l.Items))), l.Items...) }

func (l *List[T]) keepLast() {
	if n := len(l.Items); n > 0 {
		l.Items = slices.Clone(l.Items[n-1:])
	}
}

func (l *List[T]) dropFirst() {
	if len(l.Items) > 0 {
		l.Items = l.Items[1:]
	}
}

func joinRows(into, from reflect.Value) error {
	a, ok := into.Addr().Interface().(list)
	if !ok {
		return fmt.Errorf("a field of type %s has no rows", into.Type())
	}
	return a.joinRows(from.Interface())
}

func joinUnion(into, from reflect.Value) error {
	a, ok := into.Addr().Interface().(list)
	if !ok {
		return fmt.Errorf("a field of type %s is no list", into.Type())
	}
	a.joinUnion(from.Interface())
	return nil
}

// keyed is a row that can be recognised on another page.
type keyed interface{ key() string }

// moving is a row whose fields change while it is worked on.
type moving interface{ inProgress() bool }

// meet tells whether two rows of two pages are the same one, and say the same: one that contradicts itself
// between the pages must not be judged by the friendlier copy. Where both copies are in progress, the key is
// enough.
func meet[T any](last, first T) bool {
	if reflect.DeepEqual(last, first) {
		return true
	}
	a, ok := any(last).(moving)
	b, also := any(first).(moving)
	if !ok || !also || !a.inProgress() || !b.inProgress() {
		return false
	}
	x, keyedA := any(last).(keyed)
	y, keyedB := any(first).(keyed)
	return keyedA && keyedB && x.key() != "" && x.key() == y.key()
}

// arrangeOnce sorts rows by their keys, and refuses one that stands twice: a page shifted onto another. Rows
// without a key come first, as they came.
func arrangeOnce[T keyed](rows []T, compare func(a, b T) int) ([]T, error) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, compare)
	seen := make(map[string]bool, len(rows))
	for _, row := range rows {
		key := row.key()
		if seen[key] && key != "" {
			return nil, fmt.Errorf("the row %q is there twice", key)
		}
		seen[key] = true
	}
	return rows, nil
}

// joinRows adds the rows of the next page.
func (l *List[T]) joinRows(next any) error {
	page, _ := next.(List[T])
	if l.state != field.Known || page.state != field.Known || len(l.Items) == 0 || len(page.Items) == 0 {
		return errPagesApart
	}
	if !meet(l.Items[len(l.Items)-1], page.Items[0]) {
		return errPagesApart
	}
	l.Items = append(l.Items, page.Items[1:]...)
	return nil
}

// joinUnion adds the elements that no page before it has; those that one page has twice stay two. A list
// that no page has stays absent, and one that cannot be read on one page is unreadable.
func (l *List[T]) joinUnion(next any) {
	page, _ := next.(List[T])
	seen := make(map[string]bool, len(l.Items))
	for _, item := range l.Items {
		seen[fmt.Sprintf("%+v", item)] = true
	}
	joined := slices.Clip(l.Items)
	for _, item := range page.Items {
		if !seen[fmt.Sprintf("%+v", item)] {
			joined = append(joined, item)
		}
	}
	l.Items = joined
	if l.state != field.Unreadable && page.state != field.Absent {
		l.state = page.state
	}
}
