package report

import (
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// maxMarkdown bounds the text in bytes. A comment on GitHub takes 65,536 characters, of which no text
// has more than bytes; the rest is for what a workflow puts around it, as a mark to find its comment by.
const maxMarkdown = 65_000

// The most that the text says of the scans one by one, in bytes, so that findings have room too.
const maxMarkdownScans = 24_000

// Markdown returns the report as a comment on a pull request: how the gates ended, what would make them
// pass, and the findings, worst first, as many as a comment can take; a last line counts the others.
//
// Every text that does not come from this package is in a code span: there neither markup nor a link,
// a mention, a reference to an issue nor an emoji means anything.
func Markdown(r Report) (string, error) {
	var text strings.Builder
	heading := "Security scans: " + lower(r.headline())
	fmt.Fprintf(&text, "%s\n%s\n\n", heading, strings.Repeat("=", len(heading)))
	r.markdownScans(&text)
	r.markdownFindings(&text)
	return text.String(), nil
}

// markdownScans writes a table of the scans, and then what is to be said of each.
func (r Report) markdownScans(text *strings.Builder) {
	text.WriteString("| Scan | Gate | Critical | Unknown | High | Medium | Low | Info |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	left := writeFitting(text, len(r.Scans), func(i int) string { return r.Scans[i].markdownRow() }, maxMarkdownScans/2)
	noteLeftOut(text, left, "scan", "scans")
	text.WriteString("\n")
	left = writeFitting(text, len(r.Scans), func(i int) string { return r.Scans[i].markdownDetails() }, maxMarkdownScans)
	noteLeftOut(text, left, "scan", "scans")
}

func (s *Scan) markdownRow() string {
	cells := []string{s.markdownTitle(cell), outcomeWords[s.outcome()]}
	if s.Summary == nil {
		for range gate.Severities() {
			cells = append(cells, "–")
		}
	} else {
		for _, n := range bySeverity(*s.Summary) {
			cells = append(cells, fmt.Sprint(n))
		}
	}
	return markdownLine(cells)
}

// outcomeWords are the outcomes as a table says them.
var outcomeWords = map[gate.Outcome]string{
	gate.Pass: "passes", gate.Fail: "**fails**", gate.Incomplete: "**incomplete**", notJudged: "no gate",
}

// markdownTitle names the scan; span makes a code span of what is not this package's own.
func (s *Scan) markdownTitle(span func(string) string) string {
	title := sourceTitles[s.Source]
	if title == "" {
		title = "Scan"
	}
	if object := gate.Line(s.Object); object != "" {
		title += " " + span(object)
	}
	return title
}

// markdownDetails says what the table cannot; empty where there is nothing to say.
func (s *Scan) markdownDetails() string {
	var text strings.Builder
	if s.Verdict != nil && s.outcome() != gate.Pass {
		fmt.Fprintf(&text, "- %s\n", code(s.conclusion()))
		for _, reason := range s.reasons() {
			fmt.Fprintf(&text, "- %s\n", code(reason))
		}
		if way := s.toPass(); way != "" {
			fmt.Fprintf(&text, "- To pass: %s\n", code(way))
		}
	}
	for _, remark := range s.remarks() {
		fmt.Fprintf(&text, "- %s\n", code(remark))
	}
	if v := s.Verdict; v != nil && v.ValidUntil != nil {
		fmt.Fprintf(&text, "- The verdict holds until %s.\n", timestamp(*v.ValidUntil))
	}
	if text.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("**%s**\n\n%s\n", s.markdownTitle(code), text.String())
}

// markdownFindings writes as many of the findings as there is room for.
func (r Report) markdownFindings(text *strings.Builder) {
	items := r.items()
	if len(items) == 0 {
		return
	}
	heading := fmt.Sprintf("%s, worst first", capital(plural(len(items), "finding", "findings")))
	fmt.Fprintf(text, "%s\n%s\n\n| Severity | Finding | Where | Gate |\n|---|---|---|---|\n", heading, strings.Repeat("-", len(heading)))
	left := writeFitting(text, len(items), func(i int) string { return items[i].markdownRow() }, maxMarkdown-maxMarkdownEnd)
	noteLeftOut(text, left, "finding", "findings")
}

// maxMarkdownEnd is the room for a line that counts what was left out, in bytes.
const maxMarkdownEnd = 200

func (i item) markdownRow() string {
	what := cell(name(&i.Finding))
	if id := id(&i.Finding); id != "" {
		what += " " + cell(id)
	}
	if title := categoryTitles[i.Category]; title != "" {
		what += " " + title
	} else {
		what += " " + cell(string(i.Category))
	}
	where := cell(i.subject.title())
	if at := location(&i.Finding); at != "" {
		where += " " + cell(at)
	}
	return markdownLine([]string{string(severity(&i.Finding)), what, where, cell(standing(i.JudgedFinding))})
}

func markdownLine(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// writeFitting writes n texts as long as the whole stays within limit bytes, and returns how many it
// left out.
func writeFitting(text *strings.Builder, n int, of func(i int) string, limit int) int {
	for i := range n {
		part := of(i)
		if text.Len()+len(part) > limit {
			return n - i
		}
		text.WriteString(part)
	}
	return 0
}

func noteLeftOut(text *strings.Builder, n int, one, many string) {
	if n > 0 {
		fmt.Fprintf(text, "\nAnd %s that this comment has no room for.\n", plural(n, "more "+one, "more "+many))
	}
}

// maxBackticks is the longest run of backticks that a code span holds: parsers give up on fences that
// are much longer.
const maxBackticks = 8

// code returns text as a code span, or a dash where there is none.
func code(text string) string {
	text = prose(text)
	if text == "" {
		return "–"
	}
	longest := strings.Repeat("`", maxBackticks)
	for strings.Contains(text, longest+"`") {
		text = strings.ReplaceAll(text, longest+"`", longest+" `")
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if text[0] == '`' || text[len(text)-1] == '`' {
		text = " " + text + " "
	}
	return fence + text + fence
}

// cell returns text as a code span in a cell of a table, where a pipe ends the cell even in code. A
// backslash before a pipe is doubled, or it would take the place of the pipe's own.
func cell(text string) string {
	span := code(text)
	if !strings.Contains(span, "|") {
		return span
	}
	var escaped strings.Builder
	backslashes := 0
	for _, r := range span {
		if r == '|' {
			escaped.WriteString(strings.Repeat(`\`, backslashes+1))
		}
		if r == '\\' {
			backslashes++
		} else {
			backslashes = 0
		}
		escaped.WriteRune(r)
	}
	return escaped.String()
}

// lower returns the text with a small letter, where it begins with a capital ASCII one.
func lower(text string) string {
	if text == "" || text[0] < 'A' || text[0] > 'Z' {
		return text
	}
	return string(text[0]+'a'-'A') + text[1:]
}
