package gate

import (
	"fmt"
	"slices"
	"time"
)

// Merge makes one policy of what several places of a configuration write, for one source. A rule that is
// written more than once gets its strictest value, and a permission holds only where every place that writes
// it gives it. Exceptions, denials and baselines are united.
func Merge(source Source, places ...Policy) Policy {
	merged := Policy{Source: source}
	for _, place := range places {
		for _, rule := range rules {
			if rule.Written(place) {
				rule.merge(&merged, place)
			}
		}
		merged.Skipped = append(merged.Skipped, place.Skipped...)
	}
	return merged
}

// merge adds what a place writes to what the places before it do.
func (r RuleInfo) merge(into *Policy, place Policy) {
	first := !r.Written(*into)
	switch from := r.field(&place).(type) {
	case *Severity:
		if to := cast[Severity](r.field(into)); first || stricter(*from, *to) {
			*to = *from
		}
	case *map[Severity]int64:
		to := cast[map[Severity]int64](r.field(into))
		if first {
			*to = map[Severity]int64{}
		}
		for severity, count := range *from {
			if known, written := (*to)[severity]; !written || count < known {
				(*to)[severity] = count
			}
		}
	case *[]Category:
		unite(r.field(into), *from)
	case *[]Denial:
		unite(r.field(into), *from)
	case *[]Exception:
		unite(r.field(into), *from)
	case *[]string:
		unite(r.field(into), *from)
	case *time.Duration:
		if to := cast[time.Duration](r.field(into)); first || *from < *to {
			*to = *from
		}
	case **int64:
		if to := cast[*int64](r.field(into)); first || **from < **to {
			*to = *from
		}
	case **bool:
		if to := cast[*bool](r.field(into)); first || !**from {
			*to = *from
		}
	case *bool:
		*cast[bool](r.field(into)) = *from
	case *Enforcement:
		*cast[Enforcement](r.field(into)) = *from // one place can write it: the block
	}
}

// cast returns a rule's field as a pointer to T, the type that the same rule has in every policy.
func cast[T any](field any) *T {
	pointer, ok := field.(*T)
	if !ok {
		panic(fmt.Sprintf("a rule's field of type %T", field))
	}
	return pointer
}

func unite[T any](into any, from []T) {
	to := cast[[]T](into)
	*to = append(slices.Clip(*to), from...)
	if *to == nil {
		*to = []T{}
	}
}

// stricter reports whether a level of fail_on lets fewer findings pass than another one. What is no level is
// the strictest, so that its error is not hidden.
func stricter(a, b Severity) bool { return level(a) > level(b) }

func level(s Severity) int {
	if at := slices.Index(FailLevels(), s); at >= 0 {
		return at
	}
	return len(FailLevels())
}
