package policyfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// maxFaults bounds the errors of one document that are shown, and maxKept those that are kept to choose the
// first ones from. maxMessage bounds the runes of one, and maxQuoted those of a value that one repeats.
const (
	maxFaults  = 20
	maxKept    = 1000
	maxMessage = 600
	maxQuoted  = 80
)

// Error is one fault of a policy document. Its message is one line, fit to be printed as [sanitize.Line] makes it.
type Error struct {
	Line, Column int // from 1, in characters
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// faults collects the errors of a document.
type faults struct {
	errs []*Error
	// bad marks the nodes that are reported already, so that their values are not judged as well.
	bad map[*yaml.Node]bool
}

// add notes a fault at a node and marks it.
func (f *faults) add(at *yaml.Node, format string, args ...any) {
	if !f.done(at) {
		f.addAt(at.Line, at.Column, fmt.Sprintf(format, args...))
		f.bad[at] = true
	}
}

func (f *faults) addAt(line, column int, message string) {
	if len(f.errs) < maxKept {
		f.errs = append(f.errs, &Error{Line: max(line, 1), Column: max(column, 1), Message: sanitize.LineUpTo(message, maxMessage)})
	}
}

// done tells whether a node needs no judgement any more: it is marked, or there are enough errors.
func (f *faults) done(n *yaml.Node) bool { return f.bad[n] || len(f.errs) == maxKept }

// join returns the errors in the order of the document, at most maxFaults of them; nil where there is none.
func (f *faults) join() error {
	slices.SortStableFunc(f.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for _, err := range f.errs[:min(len(f.errs), maxFaults)] {
		errs = append(errs, err)
	}
	if more := len(f.errs) - maxFaults; more > 0 {
		message := fmt.Sprintf("%d more errors from here on", more)
		switch len(f.errs) {
		case maxFaults + 1:
			message = "1 more error from here on"
		case maxKept:
			message = "at least " + message
		}
		errs = append(errs, &Error{Line: f.errs[maxFaults].Line, Column: f.errs[maxFaults].Column, Message: message})
	}
	return errors.Join(errs...)
}

// quote repeats a value of the document, so that an empty or blank one is seen.
func quote(s string) string { return sanitize.LineUpTo(strconv.Quote(s), maxQuoted) }

// instead returns what to put for a name that is none of the known ones: the nearest, where one is near, or
// all of them.
func instead[S ~string](name string, known []S) string {
	if hint := nearest(name, known); hint != "" {
		return hint
	}
	return "known are " + list(known)
}

// nearest asks whether the known name was meant that takes the fewest changes; empty where it takes many.
func nearest[S ~string](name string, known []S) string {
	if len(name) > maxQuoted {
		return "" // no name is near, and comparing takes time
	}
	best, least := "", 0
	for _, candidate := range known {
		distance := levenshtein.Distance(strings.ToLower(name), strings.ToLower(string(candidate)), nil)
		if best == "" || distance < least {
			best, least = string(candidate), distance
		}
	}
	if best == "" || least > 1+len(best)/3 {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

func list[S ~string](names []S) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}
