package policyfile

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Document is a policy document that was read.
type Document struct {
	// common is what holds for every data source: the section gate, exceptions and denied. A source may not
	// have all of it.
	common gate.Policy
	// sources is what the section of each data source adds.
	sources map[gate.Source]gate.Policy
}

// For returns what the document writes for a source, as places for [gate.Merge], in the order in which the
// document defines them: what holds for every source, then the section of this one, if there is one. What
// the source cannot produce is left out of the first and named in its Skipped.
func (d *Document) For(source gate.Source) []gate.Policy {
	places := []gate.Policy{narrow(d.common, source)}
	if own, ok := d.sources[source]; ok {
		own.Source = source
		places = append(places, own)
	}
	return places
}

// narrow returns what of a policy for every source one of them can produce. An exception must not apply
// beyond its scope, so one with a scope that the source lacks goes as a whole.
func narrow(policy gate.Policy, source gate.Source) gate.Policy {
	policy.Source = source
	s := skipper{categories: gate.Categories(source), scopes: gate.Scopes(source)}
	for _, rule := range gate.Rules("") {
		if !rule.Written(policy) {
			continue
		}
		switch field := rule.Field(&policy).(type) {
		case *[]gate.Category:
			*field = keep(*field, s.category(rule.Name))
		case *[]gate.Denial:
			*field = keep(*field, s.denial)
		case *[]gate.Exception:
			*field = keep(*field, s.exception)
		default:
			if !rule.Of(source) {
				s.skip("%s", rule.Name)
				reflect.ValueOf(field).Elem().SetZero()
			}
		}
	}
	policy.Skipped = s.skipped
	return policy
}

// keep returns the elements that are kept, in a slice of its own; none of them is the same as not written.
func keep[T any](all []T, kept func(T) bool) []T {
	var some []T
	for _, one := range all {
		if kept(one) {
			some = append(some, one)
		}
	}
	return some
}

// skipper decides what a source can produce, and collects what it cannot.
type skipper struct {
	categories []gate.Category
	scopes     []gate.Scope
	skipped    []string
}

func (s *skipper) skip(format string, args ...any) {
	s.skipped = append(s.skipped, sanitize.Line(fmt.Sprintf(format, args...)))
}

func (s *skipper) category(rule string) func(gate.Category) bool {
	return func(category gate.Category) bool {
		possible := slices.Contains(s.categories, category)
		if !possible {
			s.skip("%s: %s", rule, category)
		}
		return possible
	}
}

func (s *skipper) denial(denial gate.Denial) bool {
	possible := slices.Contains(s.categories, denial.Category)
	if !possible {
		s.skip("denied: %s %s", denial.Category, denial.ID)
	}
	return possible
}

func (s *skipper) exception(exception gate.Exception) bool {
	if !slices.Contains(s.categories, exception.Category) {
		s.skip("exception: %s %s", exception.Category, exception.ID)
		return false
	}
	for _, scope := range gate.AllScopes() {
		if exception.Scope(scope) != nil && !slices.Contains(s.scopes, scope) {
			s.skip("exception: %s %s (%s)", exception.Category, exception.ID, scope)
			return false
		}
	}
	return true
}
