package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// maxMarkdown bounds the text in bytes. A comment on GitHub takes 65,536 characters, of which no text
// has more than bytes; the rest is for what a workflow puts around it, as a mark to find its comment by.
const maxMarkdown = 65_000

// How much room each part may take, in bytes, so that the next one has room too.
const (
	maxMarkdownScans = 24_000 // up to the end of the scans
	maxMarkdownFixes = 10_000 // of its own
	maxMarkdownEnd   = 200    // for lines that close a list and count what was left out
)

// shortList is how many lines of a list stand open; a longer one is folded behind its first lines.
const shortList = 10

// Markdown returns the report as a comment on a pull request: how the gates ended, what would make them
// pass, and the findings, worst first, as many as a comment can take; a last line counts the others.
//
// Of a text that does not come from this package everything but plain words is in code spans: there neither
// markup nor a link, a mention, a reference to an issue nor an emoji means anything.
func Markdown(r Report) (string, error) {
	var text strings.Builder
	items := r.items()
	heading := "Security scans: " + lower(r.headline())
	fmt.Fprintf(&text, "%s\n%s\n\n%s\n\n", heading, strings.Repeat("=", len(heading)), r.lead(len(items)))
	r.markdownScans(&text)
	fixes := markdownFixes(items)
	room := 0
	for _, fix := range fixes {
		room = min(room+len(fix), maxMarkdownFixes)
	}
	markdownFindings(&text, items, maxMarkdown-room-2*maxMarkdownEnd)
	writeFixes(&text, fixes)
	return text.String(), nil
}

// markdownScans writes a table of the scans, and then what is to be said of each.
func (r Report) markdownScans(text *strings.Builder) {
	text.WriteString("| Scan | Gate | Critical | Unknown | High | Medium | Low | Info | Total |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	left := writeFitting(text, len(r.Scans), func(i int) string { return r.Scans[i].markdownRow() }, maxMarkdownScans/2)
	noteLeftOut(text, left, "scan", "scans")
	text.WriteString("\n")
	left = writeFitting(text, len(r.Scans), func(i int) string { return r.Scans[i].markdownDetails() }, maxMarkdownScans)
	noteLeftOut(text, left, "scan", "scans")
}

func (s *Scan) markdownRow() string {
	counts := s.counts()
	cells := []string{s.markdownTitle(cell), outcomeWords[s.outcome()]}
	for _, n := range append(bySeverity(counts), counts.Total) {
		cells = append(cells, fmt.Sprint(n))
	}
	return markdownLine(cells)
}

// outcomeWords are the outcomes as a table says them.
var outcomeWords = map[gate.Outcome]string{
	gate.Pass: "passes", gate.Fail: "**fails**", gate.Incomplete: "**incomplete**", notJudged: "no gate",
}

// markdownTitle names the scan; span makes a code span of what is not this package's own.
func (s *Scan) markdownTitle(span func(string) string) string {
	title := s.words().title
	if objects := s.objects(Subject.short, span); objects != "" {
		title += " " + objects + ","
	}
	if object := sanitize.Line(s.Object); object != "" {
		title += " " + span(object)
	}
	return title
}

// markdownDetails is the record of a scan: what was scanned and when, what the gate said, and by which policy.
func (s *Scan) markdownDetails() string {
	var text strings.Builder
	if s.Verdict != nil && s.outcome() != gate.Pass {
		fmt.Fprintf(&text, "- %s\n", sentence(s.conclusion()))
		if way := s.toPass(); way != "" {
			fmt.Fprintf(&text, "- To pass: %s\n", sentence(way))
		}
	}
	for _, remark := range s.remarks() {
		fmt.Fprintf(&text, "- %s\n", sentence(remark))
	}
	fmt.Fprintf(&text, "- Scanned: %s\n", cmp.Or(s.scannedAt(), noTime))
	if v := s.Verdict; v != nil && v.ValidUntil != nil {
		fmt.Fprintf(&text, "- The verdict holds until %s.\n", timestamp(*v.ValidUntil))
	}
	text.WriteString("\n")
	fold(&text, "Not proven", s.reasons(), sentence)
	fold(&text, s.words().subjects, s.subjectLines(), func(line string) string { return line })
	fold(&text, "Policy", s.policyLines(), sentence)
	return fmt.Sprintf("**%s**\n\n%s", s.markdownTitle(code), text.String())
}

// subjectLines names what was scanned, one app, image or host a line.
func (s *Scan) subjectLines() []string {
	var lines []string
	for _, subject := range s.subjects() {
		line := code(subject.title())
		if identity := subject.identity(); identity != "" {
			line += " " + code(identity)
		}
		if at := subject.scannedAt(); at != "" {
			line += ", " + at
		}
		lines = append(lines, line)
	}
	return lines
}

// maxFolded bounds a folded list in lines; the rest are counted.
const maxFolded = 30

// fold writes a list under a title, which unfolds where the list is long.
func fold(text *strings.Builder, title string, lines []string, markup func(string) string) {
	if len(lines) == 0 {
		return
	}
	folded := len(lines) > shortList
	if folded {
		fmt.Fprintf(text, "<details><summary>%s: %d</summary>\n\n", title, len(lines))
	} else {
		fmt.Fprintf(text, "%s:\n\n", title)
	}
	for _, line := range lines[:min(len(lines), maxFolded)] {
		fmt.Fprintf(text, "- %s\n", markup(line))
	}
	if more := len(lines) - maxFolded; more > 0 {
		fmt.Fprintf(text, "- and %d more\n", more)
	}
	text.WriteString("\n")
	if folded {
		text.WriteString("</details>\n\n")
	}
}

// markdownFindings writes as many of the findings as there is room for, the first ones open.
func markdownFindings(text *strings.Builder, items []item, limit int) {
	if len(items) == 0 {
		return
	}
	heading := "Findings, worst first"
	fmt.Fprintf(text, "%s\n%s\n\n", heading, strings.Repeat("-", len(heading)))
	open := min(len(items), shortList)
	writeFindings(text, items[:open], limit)
	if more := items[open:]; len(more) > 0 {
		fmt.Fprintf(text, "\n<details><summary>%s</summary>\n\n", plural(len(more), "more finding", "more findings"))
		left := writeFindings(text, more, limit)
		text.WriteString("\n</details>\n")
		noteLeftOut(text, left, "finding", "findings")
	}
}

// writeFindings writes a table, without columns that would be empty, and returns how many rows it left out.
func writeFindings(text *strings.Builder, items []item, limit int) int {
	columns := columnsOf(items)
	header, line := "| Severity | Finding |", "|---|---|"
	if columns.Where {
		header, line = header+" Where |", line+"---|"
	}
	if columns.Gate {
		header, line = header+" Gate |", line+"---|"
	}
	text.WriteString(header + "\n" + line + "\n")
	return writeFitting(text, len(items), func(i int) string { return items[i].markdownRow(columns) }, limit)
}

// columns says which columns of a table of findings hold something.
type columns struct{ Where, Gate bool }

func columnsOf(items []item) (c columns) {
	for i := range items {
		c.Where = c.Where || items[i].subject.title() != "" || location(&items[i].Finding) != "" || items[i].number != items[0].number
		c.Gate = c.Gate || items[i].Status != ""
	}
	return c
}

func (i item) markdownRow(columns columns) string {
	what := cellSentence(name(&i.Finding))
	if id := id(&i.Finding); id != "" {
		what += " " + cell(id)
	}
	if title := categoryTitles[i.Category]; title != "" {
		what += ", " + title
	} else {
		what += ", " + cell(string(i.Category))
	}
	cells := []string{string(severity(&i.Finding)), what}
	if columns.Where {
		where := cell(cmp.Or(i.subject.title(), sanitize.Line(i.scan.Object)))
		if at := i.at(); at != "" {
			where += " " + cell(at)
		}
		cells = append(cells, where)
	}
	if columns.Gate {
		cells = append(cells, cellSentence(statusWords(i.JudgedFinding)))
	}
	return markdownLine(cells)
}

// markdownFixes says how to fix what violates a gate or was not judged, once for each id.
func markdownFixes(items []item) []string {
	var fixes []string
	known := make(map[Topic]bool)
	for i := range items {
		about := topic(&items[i].Finding)
		if known[about] || items[i].Status == gate.StatusBaselined || items[i].Status == gate.StatusIgnored || items[i].Status == gate.StatusExcepted {
			continue
		}
		if fix := items[i].fix(); fix != "" {
			known[about] = true
			fixes = append(fixes, fmt.Sprintf("- %s: %s\n", code(items[i].ID), sentence(fix)))
		}
	}
	return fixes
}

// writeFixes writes them as a folded list.
func writeFixes(text *strings.Builder, fixes []string) {
	if len(fixes) == 0 {
		return
	}
	fmt.Fprintf(text, "\n<details><summary>How to fix: %s</summary>\n\n", plural(len(fixes), "id", "ids"))
	left := writeFitting(text, len(fixes), func(i int) string { return fixes[i] }, maxMarkdown-maxMarkdownEnd)
	text.WriteString("\n</details>\n")
	noteLeftOut(text, left, "fix", "fixes")
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
