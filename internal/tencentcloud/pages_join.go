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
		if one.Anonymous { // the head of the answer
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

// joinRows adds the rows of the next page. Rows without a key meet where they are equal.
func (l *List[T]) joinRows(next any) error {
	page, _ := next.(List[T])
	if l.state != field.Known || page.state != field.Known || len(l.Items) == 0 || len(page.Items) == 0 {
		return errPagesApart
	}
	last, first := any(l.Items[len(l.Items)-1]), any(page.Items[0])
	if a, ok := last.(keyed); ok && a.key() != first.(keyed).key() || !ok && !reflect.DeepEqual(last, first) { //nolint:forcetypeassert // both are of one type
		return errPagesApart
	}
	l.Items = append(slices.Clip(l.Items), page.Items[1:]...)
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
