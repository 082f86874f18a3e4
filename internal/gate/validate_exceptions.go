package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// checkExceptions refuses an exception that does not say what it excepts, why and until when.
func (p Policy) checkExceptions(f *faults) {
	labels := exceptionLabels(p.Exceptions)
	for i, exception := range p.Exceptions {
		element := func(field string) string { return labels[i] + "." + field }
		if fault := p.categoryFault(exception.Category); fault != "" {
			f.add("exception", element("category"), fault, nil)
		}
		if strings.TrimSpace(exception.ID) == "" {
			f.add("exception", element("id"), "is missing", nil)
		}
		if strings.TrimSpace(exception.Reason) == "" {
			f.add("exception", element("reason"), "is missing: say why the finding is acceptable", nil)
		}
		if _, err := ParseExpiry(exception.ExpiresAt); err != nil {
			f.add("exception", labels[i], "", err)
		}
		for _, scope := range AllScopes() {
			if fault := p.scopeFault(scope, exception.Scope(scope)); fault != "" {
				f.add("exception", element(string(scope)), fault, nil)
			}
		}
	}
}

// scopeFault says what is wrong with a scope of an exception; empty if nothing, or if it is not given.
func (p Policy) scopeFault(scope Scope, value *string) string {
	switch {
	case value == nil:
		return ""
	case !slices.Contains(Scopes(p.Source), scope):
		return fmt.Sprintf("cannot narrow an exception of %s", sanitize.Line(string(p.Source)))
	case strings.TrimSpace(*value) == "":
		return "is blank: leave it out where the exception is for any"
	case scope == ScopeMD5 && !isHex32(*value):
		return sanitize.Quote(*value) + " is not an MD5 of 32 hex digits"
	}
	return ""
}

// checkDenied refuses blank ids and ids that are excepted as well: the two contradict each other.
func (p Policy) checkDenied(f *faults) {
	excepted := make(map[kind]string, len(p.Exceptions))
	labels := exceptionLabels(p.Exceptions)
	for i, exception := range p.Exceptions {
		excepted[kind{exception.Category, caseless(exception.ID)}] = "exception" + labels[i]
	}
	labels = elementLabels(len(p.Denied), func(i int) string { return p.Denied[i].Place })
	for i, denial := range p.Denied {
		element := func(field string) string { return labels[i] + "." + field }
		if fault := p.categoryFault(denial.Category); fault != "" {
			f.add("denied", element("category"), fault, nil)
		}
		exception, contradicts := excepted[kind{denial.Category, caseless(denial.ID)}]
		switch {
		case strings.TrimSpace(denial.ID) == "":
			f.add("denied", element("id"), "is missing", nil)
		case contradicts:
			f.add("denied", element("id"), fmt.Sprintf("%s is the id of an exception as well, %s: a denied finding cannot be excepted", sanitize.Quote(denial.ID), exception), nil)
		}
	}
}

func exceptionLabels(exceptions []Exception) []string {
	return elementLabels(len(exceptions), func(i int) string { return exceptions[i].Place })
}

// elementLabels tells the elements of a merged list apart: by their place in a policy document, or by their
// number among those of the gate block.
func elementLabels(count int, place func(i int) string) []string {
	labels, inBlock := make([]string, count), 0
	for i := range labels {
		if at := place(i); at != "" {
			labels[i] = " (" + sanitize.Line(at) + ")"
			continue
		}
		labels[i] = fmt.Sprintf("[%d]", inBlock)
		inBlock++
	}
	return labels
}
