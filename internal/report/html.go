package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

//go:embed page/report.html.tmpl
var pageTemplate string

//go:embed page/report.css
var pageStyle string

//go:embed page/report.js
var pageScript string

// page is read when a page is first written: most runs of the provider write none.
var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("report").Parse(pageTemplate)) })

// contentPolicy lets the page's own style and script work, and nothing else: no other script, no request.
var contentPolicy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
	digest(pageStyle), digest(pageScript))

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// htmlPage is what the page's template shows.
type htmlPage struct {
	Policy   string
	Style    template.CSS
	Script   template.JS
	Version  string
	Outcome  string
	Headline string
	Lead     string

	Scans      []htmlScan
	Charts     []chart
	ChartNotes []string

	Shown      string
	Rows       template.HTML
	Severities []option
	Categories []option
	Standings  []option
}

type htmlScan struct {
	Title, Outcome, OutcomeTitle string
	Conclusion, ToPass           string
	Reasons, Remarks             []string
	Facts                        []fact
}

type fact struct{ Term, Value string }

type htmlRow struct {
	Severity, SeverityTitle string
	Category, CategoryTitle string
	Standing, StandingTitle string
	ID, Name                string
	Subject, Location       string
	Fingerprint             string
}

// option is a choice of a filter.
type option struct{ Key, Title string }

// HTML returns the report as one file that loads nothing and can be read without its script, which
// adds a filter.
func HTML(r Report) (string, error) {
	items := r.items()
	view := htmlPage{
		Policy: contentPolicy,
		// Both are this package's own, without any text of a report.
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), //nolint:gosec // see above
		Version:  gate.Line(r.Version),
		Outcome:  outcomeClasses[r.outcome()],
		Headline: r.headline(),
		Lead:     r.lead(len(items)),
		Shown:    "Nothing is listed.",
	}
	for i := range r.Scans {
		view.Scans = append(view.Scans, r.Scans[i].html())
	}
	if len(items) > 0 {
		view.Shown = fmt.Sprintf("All %d listed findings are shown.", len(items))
		view.rows(items)
	}
	view.Charts, view.ChartNotes = r.charts(items)
	var text bytes.Buffer
	if err := page().Execute(&text, view); err != nil {
		return "", fmt.Errorf("writing HTML: %w", err)
	}
	return text.String(), nil
}

// lead says how much the report is about.
func (r Report) lead(listed int) string {
	var total int64
	for i := range r.Scans {
		if summary := r.Scans[i].Summary; summary != nil {
			total += summary.Total
		}
	}
	lead := fmt.Sprintf("%s in %s.", capital(plural(total, "finding", "findings")), plural(len(r.Scans), "scan", "scans"))
	if int64(listed) < total {
		lead += fmt.Sprintf(" %s listed below.", plural(listed, "is", "are"))
	}
	return lead
}

// outcomeClasses are the outcomes as the page's style knows them.
var outcomeClasses = map[gate.Outcome]string{gate.Pass: "pass", gate.Fail: "fail", gate.Incomplete: "incomplete", notJudged: "none"}

// outcomeTitles are the outcomes as the page says them.
var outcomeTitles = map[gate.Outcome]string{
	gate.Pass: "Passes", gate.Fail: "Fails", gate.Incomplete: "Incomplete", notJudged: "No gate",
}

func (s *Scan) html() htmlScan {
	view := htmlScan{
		Title: s.title(), Outcome: outcomeClasses[s.outcome()], OutcomeTitle: outcomeTitles[s.outcome()],
		Conclusion: s.conclusion(), ToPass: s.toPass(), Reasons: s.reasons(), Remarks: s.remarks(),
	}
	add := func(term, value string) {
		if value != "" {
			view.Facts = append(view.Facts, fact{term, value})
		}
	}
	add("Status", gate.Line(s.Status))
	if n := len(s.Subjects); n > 0 {
		add(subjectsTerm[s.Source], s.subjectsLine())
	}
	v := s.Verdict
	if v == nil {
		return view
	}
	add("Violations", fmt.Sprint(v.ViolationCount))
	add("Findings excepted", fmt.Sprint(v.ExceptedCount))
	add("Findings in the baseline", fmt.Sprint(v.BaselinedCount))
	if v.ValidUntil != nil {
		add("The verdict holds until", timestamp(*v.ValidUntil))
	}
	add("Exceptions that cover nothing", lines(v.UnusedExceptions))
	add("Answered by", gate.Line(s.Endpoint))
	add("Gate (policy_sha256)", gate.Line(v.PolicySHA256))
	return view
}

// rows fills in the table and the choices of its filter, which are those that occur.
func (p *htmlPage) rows(items []item) {
	var rows strings.Builder
	severities, categories, standings := newOptions(), newOptions(), newOptions()
	for _, item := range items {
		row := item.html()
		row.write(&rows)
		severities.add(row.Severity, row.SeverityTitle)
		categories.add(row.Category, row.CategoryTitle)
		standings.add(row.Standing, standingTitles[item.Status])
	}
	p.Rows = template.HTML(rows.String()) //nolint:gosec // escaped, field by field
	p.Severities, p.Categories, p.Standings = severities.list, categories.list, standings.list
}

// write writes the row of the table. Through the page's template, 40,000 of them would take half of the time
// of a report; to a browser it is the same.
func (r *htmlRow) write(rows *strings.Builder) {
	text := func(before, value, after string) {
		rows.WriteString(before)
		rows.WriteString(template.HTMLEscapeString(value))
		rows.WriteString(after)
	}
	optional := func(before, value, after string) {
		if value != "" {
			text(before, value, after)
		}
	}
	text("\n"+`<tr role="row" data-s="`, r.Severity, `"`)
	text(` data-c="`, r.Category, `"`)
	text(` data-g="`, r.Standing, `">`)
	text(`<td role="cell"><b>`, r.SeverityTitle, `</b></td>`)
	text(`<th role="rowheader" scope="row">`, r.Name, ``)
	optional(` <code>`, r.ID, `</code>`)
	text(`<small>`, r.CategoryTitle, `</small></th>`)
	text(`<td role="cell">`, r.Subject, ``)
	optional(`<code class="path">`, r.Location, `</code>`)
	text(`</td><td role="cell">`, r.StandingTitle, ``)
	optional(`<code class="fingerprint" title="Fingerprint, for a baseline">`, r.Fingerprint, `</code>`)
	rows.WriteString(`</td></tr>`)
}

// standingTitles are the choices of the filter by what gates made of findings.
var standingTitles = map[gate.FindingStatus]string{
	gate.StatusViolation: "Breaks a rule", gate.StatusAllowed: "Breaks no rule", gate.StatusExcepted: "Excepted", gate.StatusBaselined: "In the baseline", "": "Not judged",
}

func (i item) html() htmlRow {
	row := htmlRow{
		Severity: string(severity(&i.Finding)),
		Category: gate.Line(string(i.Category)), CategoryTitle: capital(categoryTitle(i.Category)),
		Standing: string(i.Status), StandingTitle: capital(standing(i.JudgedFinding)),
		ID: id(&i.Finding), Name: name(&i.Finding),
		Subject: i.subject.title(), Location: location(&i.Finding),
		Fingerprint: gate.Line(i.Fingerprint),
	}
	row.SeverityTitle = capital(row.Severity)
	if row.StandingTitle == "" {
		row.Standing, row.StandingTitle = "unjudged", standingTitles[""]
	}
	return row
}

// options collects the choices of a filter in the order in which they occur.
type options struct {
	list  []option
	known map[string]bool
}

func newOptions() *options { return &options{known: map[string]bool{}} }

func (o *options) add(key, title string) {
	if !o.known[key] {
		o.known[key] = true
		o.list = append(o.list, option{key, title})
	}
}
