package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	// defaultPage and maxPage bound Limit of every list.
	defaultPage = 10
	maxPage     = 100
	// maxFilters and maxFilterValues bound filters of type Filter; those of type Filters, AssetFilters and
	// RunTimeFilters have no documented bound.
	maxFilters      = 5
	maxFilterValues = 5
)

// listing is a list that is answered page by page. Rows are built when they are needed, since a list may
// have tens of thousands.
type listing struct {
	// invalid is the code for a value that the action does not take.
	invalid string
	size    int
	row     func(i int) map[string]any
	filters map[string]filterRule
	// bounded: at most maxFilters filters of maxFilterValues values.
	bounded bool
	// unknown is what becomes of a filter that is not documented.
	unknown string
}

// What becomes of a filter that the action does not know; the documents do not say.
const (
	unknownRefused = "refuse"
	unknownIgnored = "ignore"
	unknownNothing = "nothing"
)

// filterRule tells whether a row has one of a filter's values.
type filterRule func(row map[string]any, value string, exact bool) bool

// fuzzy compares text: equal with ExactMatch, else the field contains the value.
func fuzzy(fields ...string) filterRule {
	return func(row map[string]any, value string, exact bool) bool {
		return slices.ContainsFunc(fields, func(field string) bool {
			have := shown(row[field])
			return have == value || (!exact && strings.Contains(have, value))
		})
	}
}

// equal compares numbers and words of a set, whatever ExactMatch says; "all" is every row.
func equal(fields ...string) filterRule {
	return func(row map[string]any, value string, _ bool) bool {
		return value == "all" || slices.ContainsFunc(fields, func(field string) bool { return shown(row[field]) == value })
	}
}

// atLeast compares a number with a lower limit.
func atLeast(field string) filterRule {
	return func(row map[string]any, value string, _ bool) bool {
		have, err := strconv.ParseFloat(shown(row[field]), 64)
		limit, limitErr := strconv.ParseFloat(value, 64)
		return err == nil && limitErr == nil && have >= limit
	}
}

// since and until compare times, which are written so that their order is that of their texts.
func since(field string) filterRule {
	return func(row map[string]any, value string, _ bool) bool { return shown(row[field]) >= value }
}

func until(field string) filterRule {
	return func(row map[string]any, value string, _ bool) bool { return shown(row[field]) <= value }
}

// shown is a field as filters see it.
func shown(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// page is the rows that a call asks for, and how many there are in all.
func (s *Server) page(r *request, l listing) (rows []any, total int, f *failure) {
	limit, offset := number(r.parameters["Limit"], defaultPage), number(r.parameters["Offset"], 0)
	if limit < 1 || limit > maxPage {
		return nil, 0, fail(l.invalid, "The value of Limit is not within 1 and %d.", maxPage)
	}
	if offset < 0 {
		return nil, 0, fail(l.invalid, "The value of Offset is negative.")
	}
	l = s.shifted(r.action, l)
	if listOf(r.parameters["Filters"]) != nil || textOf(r.parameters["By"]) != "" {
		if l, f = l.arranged(r); f != nil {
			return nil, 0, f
		}
	}
	rows = []any{}
	for i := min(offset, int64(l.size)); i < min(offset+limit, int64(l.size)); i++ {
		rows = append(rows, l.row(int(i)))
	}
	return rows, l.size, nil
}

// arranged is the list filtered and sorted.
func (l listing) arranged(r *request) (listing, *failure) {
	rows := make([]map[string]any, l.size)
	for i := range rows {
		rows[i] = l.row(i)
	}
	rows, f := l.filtered(rows, listOf(r.parameters["Filters"]))
	if f != nil {
		return l, f
	}
	if by := textOf(r.parameters["By"]); by != "" {
		descending := slices.Contains([]string{"-", "desc", "DESC"}, textOf(r.parameters["Order"]))
		slices.SortStableFunc(rows, func(a, b map[string]any) int {
			order := compare(shown(a[by]), shown(b[by]))
			if descending {
				return -order
			}
			return order
		})
	}
	l.size, l.row = len(rows), func(i int) map[string]any { return rows[i] }
	return l, nil
}

// compare orders numbers by value and other texts by their letters.
func compare(a, b string) int {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	switch {
	case errA != nil || errB != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// filtered are the rows that match every filter.
func (l listing) filtered(rows []map[string]any, filters []any) ([]map[string]any, *failure) {
	if l.bounded && len(filters) > maxFilters {
		return nil, fail(l.invalid, "%d filters are given, at most %d are allowed.", len(filters), maxFilters)
	}
	for _, element := range filters {
		filter := objectOf(element)
		name, values, exact := textOf(filter["Name"]), texts(filter["Values"]), filter["ExactMatch"] == true
		if l.bounded && len(values) > maxFilterValues {
			return nil, fail(l.invalid, "The filter `%s` has %d values, at most %d are allowed.", clip(name), len(values), maxFilterValues)
		}
		rule, known := l.filters[name]
		switch {
		case known:
			rows = slices.DeleteFunc(slices.Clone(rows), func(row map[string]any) bool {
				return !slices.ContainsFunc(values, func(value string) bool { return rule(row, value, exact) })
			})
		case l.unknown == unknownIgnored:
		case l.unknown == unknownNothing:
			rows = nil
		default:
			return nil, fail(l.invalid, "The filter `%s` does not exist.", clip(name))
		}
	}
	return rows, nil
}

// shift changes a list once, after a number of calls of its action.
type shift struct {
	Action     string `json:"action"`
	AfterCalls int    `json:"after_calls"`
	// Remove rows leave the front of the list.
	Remove int `json:"remove"`
	// Insert rows come to the front: the fields given, on a copy of the first row.
	Insert []map[string]any `json:"insert"`
}

func (c shift) check() error {
	if !actions[c.Action].list {
		return fmt.Errorf("%q is no action that answers a list", c.Action)
	}
	if c.AfterCalls < 1 || c.Remove < 0 || len(c.Insert) > maxPage {
		return fmt.Errorf("it removes %d and inserts %d after %d calls", c.Remove, len(c.Insert), c.AfterCalls)
	}
	return nil
}

// shifted counts a call of a list's action, and is the list as that call sees it.
func (s *Server) shifted(action string, l listing) listing {
	inserted, removed := s.lists.see(action)
	removed = min(removed, l.size)
	if removed == 0 && len(inserted) == 0 {
		return l
	}
	base, size := l.row, l.size
	l.size = len(inserted) + size - removed
	l.row = func(i int) map[string]any {
		if i >= len(inserted) {
			return base(i - len(inserted) + removed)
		}
		row := make(map[string]any)
		if size > 0 {
			row = base(0)
		}
		maps.Copy(row, inserted[i])
		return row
	}
	return l
}
