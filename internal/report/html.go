package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"sync"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
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
	LeftOut    string // what the table has no room for
	Columns    columns
	Rows       []htmlRow
	ByScan     []option
	Severities []option
	Categories []option
	Statuses   []option
}

type htmlScan struct {
	Title, Outcome, OutcomeTitle string
	Conclusion, ToPass           string
	Reasons, Remarks             []string
	Facts                        []fact
	SubjectsTitle                string
	Subjects                     []htmlSubject
	MoreSubjects                 string
	Policy                       []string
}

type htmlSubject struct{ Name, Identity, At string }

type fact struct{ Term, Value string }

type htmlRow struct {
	Scan                    int
	Rank                    int // of the severity, 0 is the worst
	Severity, SeverityTitle string
	Category, CategoryTitle string
	Status, StatusTitle     string
	ID, Name, Fix           string
	Subject, Location       string
	Fingerprint             string
}

// option is a choice of a filter.
type option struct{ Key, Title string }

// maxHTMLRows is the most findings that the page lists: more help no reader, and slow a browser down.
const maxHTMLRows = 2000

// maxHTMLSubjects is the most apps, images or hosts that a scan lists.
const maxHTMLSubjects = 200

// HTML returns the report as one file that loads nothing and can be read without its script, which
// adds a filter and sorting.
func HTML(r Report) (string, error) {
	items := r.items()
	listed := items[:min(len(items), maxHTMLRows)]
	view := htmlPage{
		Policy: contentPolicy,
		// Both are this package's own, without any text of a report.
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), //nolint:gosec // see above
		Version:  sanitize.Line(r.Version),
		Outcome:  outcomeClasses[r.outcome()],
		Headline: r.headline(),
		Lead:     r.lead(len(listed)),
		Shown:    "Nothing is listed.",
	}
	for i := range r.Scans {
		view.Scans = append(view.Scans, r.Scans[i].html(i+1, len(r.Scans)))
	}
	if len(listed) > 0 {
		view.Shown = fmt.Sprintf("%s.", plural(len(listed), "finding is listed", "findings are listed"))
		view.rows(listed, len(r.Scans))
	}
	if more := len(items) - len(listed); more > 0 {
		view.LeftOut = fmt.Sprintf("%s not listed here: this page lists the worst %d of %d. render_sarif lists up to %d.",
			plural(more, "finding is", "findings are"), len(listed), len(items), maxSARIFResults)
	}
	view.Charts, view.ChartNotes = r.charts(items)
	var text bytes.Buffer
	if err := page().Execute(&text, view); err != nil {
		return "", fmt.Errorf("writing HTML: %w", err)
	}
	return text.String(), nil
}

// outcomeClasses are the outcomes as the page's style knows them.
var outcomeClasses = map[gate.Outcome]string{gate.Pass: "pass", gate.Fail: "fail", gate.Incomplete: "incomplete", notJudged: "none"}

// outcomeTitles are the outcomes as the page says them.
var outcomeTitles = map[gate.Outcome]string{
	gate.Pass: "Passes", gate.Fail: "Fails", gate.Incomplete: "Incomplete", notJudged: "No gate",
}

// html returns the scan with the number that findings name it by, if there are more scans than one.
func (s *Scan) html(number, scans int) htmlScan {
	title := s.heading()
	if scans > 1 {
		title = fmt.Sprintf("%d. %s", number, title)
	}
	view := htmlScan{
		Title: title, Outcome: outcomeClasses[s.outcome()], OutcomeTitle: outcomeTitles[s.outcome()],
		Conclusion: s.conclusion(), ToPass: s.toPass(), Reasons: s.reasons(), Remarks: s.remarks(),
	}
	add := func(term, value string) {
		if value != "" {
			view.Facts = append(view.Facts, fact{term, value})
		}
	}
	add("Object", sanitize.Line(s.Object))
	add("Scanned", cmp.Or(s.scannedAt(), noTime))
	add("Status", sanitize.Line(s.Status))
	add("Findings", fmt.Sprint(s.counts().Total))
	view.SubjectsTitle, view.Policy = s.words().subjects, s.policyLines()
	subjects := s.subjects()
	for _, subject := range subjects[:min(len(subjects), maxHTMLSubjects)] {
		view.Subjects = append(view.Subjects, htmlSubject{subject.title(), subject.identity(), subject.scannedAt()})
	}
	if more := len(subjects) - maxHTMLSubjects; more > 0 {
		view.MoreSubjects = fmt.Sprintf("and %d more", more)
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
	add("Answered by", sanitize.Line(s.Endpoint))
	add("Gate (policy_sha256)", sanitize.Line(v.PolicySHA256))
	return view
}

// rows fills in the table and the choices of its filter, which are those that occur.
func (p *htmlPage) rows(items []item, scans int) {
	p.Columns = columnsOf(items)
	p.Columns.Where = p.Columns.Where || scans > 1
	byScan, severities, categories, statuses := newOptions(), newOptions(), newOptions(), newOptions()
	for _, item := range items {
		row := item.html()
		if scans > 1 {
			row.Scan = item.number
			byScan.add(fmt.Sprint(row.Scan), sanitize.LineUpTo(fmt.Sprintf("%d. %s", row.Scan, item.scan.heading()), 80))
		}
		p.Rows = append(p.Rows, row)
		severities.add(row.Severity, row.SeverityTitle)
		categories.add(row.Category, row.CategoryTitle)
		statuses.add(row.Status, statusTitles[item.Status])
	}
	p.ByScan, p.Severities, p.Categories, p.Statuses = byScan.list, severities.list, categories.list, statuses.list
}

// maxFix bounds the advice beside a finding, in runes.
const maxFix = 400

// statusTitles are the choices of the filter by what gates made of findings.
var statusTitles = map[gate.FindingStatus]string{
	gate.StatusViolation: "Violation", gate.StatusAllowed: "Allowed", gate.StatusExcepted: "Excepted", gate.StatusBaselined: "In the baseline",
	gate.StatusIgnored: "Ignored by the service", "": "Not judged",
}

func (i item) html() htmlRow {
	row := htmlRow{
		Severity: string(severity(&i.Finding)),
		Category: sanitize.Line(string(i.Category)), CategoryTitle: capital(categoryTitle(i.Category)),
		Status: string(i.Status), StatusTitle: capital(statusWords(i.JudgedFinding)),
		ID: id(&i.Finding), Name: name(&i.Finding),
		Subject: i.subject.title(), Location: i.at(), Fix: sanitize.LineUpTo(i.fix(), maxFix),
		Fingerprint: sanitize.Line(i.Fingerprint),
	}
	row.Rank = slices.Index(gate.Severities(), severity(&i.Finding))
	row.SeverityTitle = capital(row.Severity)
	if row.StatusTitle == "" {
		row.Status, row.StatusTitle = "unjudged", statusTitles[""]
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
