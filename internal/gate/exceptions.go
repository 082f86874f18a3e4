package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// expiryNotice is how long before its end an exception is warned about (design, exceptions).
const expiryNotice = 14 * 24 * time.Hour

// scope is what an exception applies to: findings of one kind in an app, empty app or md5 meaning any.
type scope struct {
	kind
	app string
	md5 string
}

// kind is what every exception names.
type kind struct {
	category Category
	id       string
}

// waiver is all exceptions of one scope that are in force, the longest one standing for them.
type waiver struct {
	end     time.Time
	reason  string
	matched bool
}

// waivers looks exceptions up by kind and then by scope, at most five look-ups for a finding, whatever
// their number.
type waivers struct {
	kinds   map[kind]bool
	byScope map[scope]*waiver
	ends    []time.Time // of the waivers that findings rest on
}

// newWaivers takes the exceptions that are in force at now; one whose end cannot be read is not.
func newWaivers(exceptions []Exception, now time.Time) *waivers {
	w := &waivers{kinds: make(map[kind]bool), byScope: make(map[scope]*waiver)}
	for _, exception := range exceptions {
		end, err := ParseExpiry(exception.ExpiresAt)
		if err != nil || !now.Before(end) || strings.TrimSpace(exception.ID) == "" {
			continue
		}
		scope := exception.scope()
		known := w.byScope[scope]
		if known == nil {
			w.kinds[scope.kind] = true
			w.byScope[scope] = &waiver{end: end, reason: strings.TrimSpace(exception.Reason)}
		} else if known.end.Before(end) {
			known.end, known.reason = end, strings.TrimSpace(exception.Reason)
		}
	}
	return w
}

func (x Exception) scope() scope {
	return scope{kind{x.Category, strings.TrimSpace(x.ID)}, narrowed(x.AppPkgName, strings.TrimSpace), narrowed(x.AppMD5, caseless)}
}

// nowhere is no app: what a field that is given but blank narrows an exception to, should it come
// this far without having been refused.
const nowhere = "\x00"

// narrowed returns what a field of an exception narrows it to; empty, which means any, only where it
// is not given.
func narrowed(field *string, normal func(string) string) string {
	switch {
	case field == nil:
		return ""
	case normal(*field) == "":
		return nowhere
	default:
		return normal(*field)
	}
}

// cover returns the exception in force that takes the finding out, nil where none does, and remembers
// its use. Where several do, the finding stays excepted until the last of them ends. A vulnerability
// without an id of its own is covered by none: nobody could say which one the exception meant.
func (w *waivers) cover(f *Finding) *waiver {
	of := kind{f.Category, f.ID}
	if !w.kinds[of] || (f.Category == Vulnerability && f.Anonymous) || f.obscured() {
		return nil
	}
	var longest *waiver
	for _, app := range alternatives(f.Subject) {
		for _, md5 := range alternatives(caseless(f.AppMD5)) {
			found := w.byScope[scope{of, app, md5}]
			if found == nil {
				continue
			}
			found.matched = true
			if longest == nil || longest.end.Before(found.end) {
				longest = found
			}
		}
	}
	if longest != nil {
		w.ends = append(w.ends, longest.end)
	}
	return longest
}

// alternatives are the values of an exception's field that match the finding's: any, or the same.
func alternatives(value string) []string {
	if value == "" {
		return []string{""}
	}
	return []string{"", value}
}

// unused names the exceptions in force that matched nothing as `category/id`, sorted, without doubles.
func (w *waivers) unused() []string {
	var unused []string
	for scope, waiver := range w.byScope {
		if !waiver.matched {
			unused = append(unused, string(scope.category)+"/"+scope.id)
		}
	}
	slices.Sort(unused)
	return slices.Compact(unused)
}

// validUntil is the first end among the waivers that findings rest on; nil where none does.
func (w *waivers) validUntil() *time.Time {
	if len(w.ends) == 0 {
		return nil
	}
	first := slices.MinFunc(w.ends, time.Time.Compare)
	return &first
}

// expiryWarnings tells which exceptions have ended and which end soon, sorted. It gives dates and no
// remaining time, so that the same exceptions give the same text every day.
func expiryWarnings(exceptions []Exception, now time.Time) []string {
	var warnings []string
	for _, exception := range exceptions {
		end, err := ParseExpiry(exception.ExpiresAt)
		if err != nil {
			continue // an invalid policy; Validate says so
		}
		label := Line(string(exception.Category) + "/" + exception.ID)
		at := end.Format(time.RFC3339)
		switch {
		case !now.Before(end):
			warnings = append(warnings, fmt.Sprintf("The exception %s ended at %s and no longer applies: remove it, or renew it with a new reason.", label, at))
		case end.Sub(now) <= expiryNotice:
			warnings = append(warnings, fmt.Sprintf("The exception %s ends at %s: mend the finding, or renew the exception, before then.", label, at))
		}
	}
	slices.Sort(warnings)
	return slices.Compact(warnings)
}
