package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"
)

// finding is a violation of a gate that no finding passes.
type finding struct {
	Severity string `json:"severity"`
	Category string `json:"category"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	Location string `json:"location"`
}

// title is the name, else the id.
func (f finding) title() string {
	if f.Name != "" {
		return f.Name
	}
	return f.ID
}

// table prints findings in the order given, each with its place below it. What is the same as in the
// row above is left out. total is the number of all findings.
func (n *narrator) table(rows []finding, total int64) {
	if len(rows) == 0 {
		return
	}
	n.line("")
	var text strings.Builder
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(columns, "SEVERITY\tCATEGORY\tFINDING")
	var above finding
	for _, f := range rows {
		severity, category := f.Severity, f.Category
		if severity == above.Severity && category == above.Category {
			severity, category = "", ""
		}
		if severity != "" || f.title() != above.title() {
			_, _ = fmt.Fprintf(columns, "%s\t%s\t%s\n", printable(severity), printable(category), printable(f.title()))
		}
		if f.Location != "" && f.Location != f.title() {
			_, _ = fmt.Fprintf(columns, "\t\t  %s\n", printable(f.Location))
		}
		above = f
	}
	_ = columns.Flush()
	if more := total - int64(len(rows)); more > 0 {
		_, _ = fmt.Fprintf(&text, "... and %d more", more)
	}
	n.indented(strings.Split(strings.TrimRight(text.String(), "\n"), "\n")...)
}

// fact prints a name and a value.
func (n *narrator) fact(name, value string) {
	n.line("%s %s", n.styled(bold, fmt.Sprintf("%-9s", name)), value)
}

// printable replaces what a package's texts could do to a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}
