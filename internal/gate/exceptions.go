package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// expiryNotice is how long before its end an exception is warned about (design, exceptions).
const expiryNotice = 14 * 24 * time.Hour

// kind is what every exception names.
type kind struct {
	category Category
	id       string
}

// target is what an exception applies to: findings of one kind, narrowed by scopes; an empty one means any.
type target struct {
	kind
	scopes [4]string // in the order of AllScopes
}

// activeException is all exceptions of one target that are in force, the longest one standing for them.
type activeException struct {
	end     time.Time
	reason  string
	matched bool
}

// exceptionIndex finds exceptions by kind and then by scopes: a few look-ups for a finding, whatever the
// number of exceptions.
type exceptionIndex struct {
	kinds    map[kind]bool
	byTarget map[target]*activeException
	ends     []time.Time // of the exceptions that findings rest on
}

// newExceptionIndex takes the exceptions that are in force at now; one whose end cannot be read is not.
func newExceptionIndex(exceptions []Exception, now time.Time) *exceptionIndex {
	index := &exceptionIndex{kinds: make(map[kind]bool), byTarget: make(map[target]*activeException)}
	for _, exception := range exceptions {
		end, err := ParseExpiry(exception.ExpiresAt)
		if err != nil || !now.Before(end) || strings.TrimSpace(exception.ID) == "" {
			continue
		}
		target := exception.target()
		known := index.byTarget[target]
		if known == nil {
			index.kinds[target.kind] = true
			index.byTarget[target] = &activeException{end: end, reason: strings.TrimSpace(exception.Reason)}
		} else if known.end.Before(end) {
			known.end, known.reason = end, strings.TrimSpace(exception.Reason)
		}
	}
	return index
}

func (x Exception) target() target {
	t := target{kind: kind{x.Category, strings.TrimSpace(x.ID)}}
	for i, scope := range AllScopes() {
		switch value := x.Scope(scope); {
		case value == nil:
		case scope.normal(*value) == "":
			t.scopes[i] = nowhere
		default:
			t.scopes[i] = scope.normal(*value)
		}
	}
	return t
}

// nowhere is in no scope: what a field that is given but blank narrows an exception to, should it come
// this far without having been refused.
const nowhere = "\x00"

// normal is the form in which values of a scope are compared.
func (s Scope) normal(value string) string {
	if s == ScopePackage {
		return strings.TrimSpace(value)
	}
	return caseless(value)
}

// inScopes returns the values of a finding by which exceptions may be narrowed, in the order of AllScopes.
func (f *Finding) inScopes() [4]string {
	return [4]string{
		ScopePackage.normal(f.Package), ScopeMD5.normal(f.AppMD5), ScopeMachine.normal(f.Machine), ScopeImage.normal(f.Image),
	}
}

// cover returns the exception in force that takes the finding out, nil where none does, and remembers
// its use. Where several do, the finding stays excepted until the last of them ends. A vulnerability
// without an id of its own is covered by none: nobody could say which one the exception meant.
func (x *exceptionIndex) cover(f *Finding) *activeException {
	of := kind{f.Category, f.ID}
	if !x.kinds[of] || f.Category == Vulnerability && f.Anonymous || f.isRedacted() {
		return nil
	}
	var longest *activeException
	x.match(target{kind: of}, f.inScopes(), 0, &longest)
	if longest != nil {
		x.ends = append(x.ends, longest.end)
	}
	return longest
}

// match looks up every combination of "any" and the finding's own value in the scopes from at on.
func (x *exceptionIndex) match(t target, own [4]string, at int, longest **activeException) {
	if at == len(own) {
		found := x.byTarget[t]
		if found == nil {
			return
		}
		found.matched = true
		if *longest == nil || (*longest).end.Before(found.end) {
			*longest = found
		}
		return
	}
	x.match(t, own, at+1, longest)
	if own[at] != "" {
		t.scopes[at] = own[at]
		x.match(t, own, at+1, longest)
	}
}

// unused names the exceptions in force that matched nothing as `category/id`, sorted, without doubles.
func (x *exceptionIndex) unused() []string {
	var unused []string
	for target, exception := range x.byTarget {
		if !exception.matched {
			unused = append(unused, string(target.category)+"/"+target.id)
		}
	}
	slices.Sort(unused)
	return slices.Compact(unused)
}

// validUntil is the first end among the exceptions that findings rest on; nil where none does.
func (x *exceptionIndex) validUntil() *time.Time {
	if len(x.ends) == 0 {
		return nil
	}
	first := slices.MinFunc(x.ends, time.Time.Compare)
	return &first
}

// Expiry says that an exception has expired or expires soon. It is no part of the judgement.
type Expiry struct {
	// Exception names it, as in `vulnerability CVE-2026-1`.
	Exception string
	Expired   bool
	At        time.Time
}

// expiries says which exceptions have expired and which expire soon, sorted, each once: of those that
// match a finding, since a shared policy holds many that concern other scans.
func expiries(exceptions []Exception, findings []Finding, now time.Time) []Expiry {
	index := newExceptionIndex(exceptions, time.Time{}) // a time at which all of them are in force
	for i := range findings {
		index.cover(&findings[i])
	}
	var warnings []Expiry
	for _, exception := range exceptions {
		end, err := ParseExpiry(exception.ExpiresAt)
		if err != nil || end.Sub(now) > expiryNotice {
			continue // what cannot be read is an invalid policy; Validate says so
		}
		if of := index.byTarget[exception.target()]; of == nil || !of.matched {
			continue
		}
		warnings = append(warnings, Expiry{sanitize.Line(string(exception.Category) + " " + strings.TrimSpace(exception.ID)), !now.Before(end), end})
	}
	slices.SortFunc(warnings, func(a, b Expiry) int {
		return cmp.Or(strings.Compare(a.Exception, b.Exception), a.At.Compare(b.At))
	})
	return slices.CompactFunc(warnings, func(a, b Expiry) bool { return a.Exception == b.Exception && a.At.Equal(b.At) })
}

// String says what to do about it. It gives the date and no remaining time, so that the same exception gives
// the same text every day.
func (e Expiry) String() string {
	if e.Expired {
		return fmt.Sprintf("The exception for %s expired at %s and no longer applies: remove it, or renew it with a new reason.", e.Exception, e.At.Format(time.RFC3339))
	}
	return fmt.Sprintf("The exception for %s expires at %s: fix the finding, or renew the exception, before then.", e.Exception, e.At.Format(time.RFC3339))
}
