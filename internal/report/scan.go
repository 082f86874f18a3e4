package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// Report is what is rendered.
type Report struct {
	// Version is the provider's.
	Version string
	Scans   []Scan
}

// Scan is what one data source read, and what its gate made of it.
type Scan struct {
	Source gate.Source
	// Kind narrows the source where it scans more than one thing, as the module of a host scan. Like the
	// source it is the same in every run.
	Kind string
	// Object names what was read, as in `item 1shi2e`.
	Object string
	// Scope identifies what was scanned, for findings that name no app, image or host themselves.
	Scope string
	// Began and Ended are those of the scan as a whole; nil where the service does not say.
	Began, Ended *time.Time
	// Policy is the policy that was judged, as canonical JSON; empty where it is not at hand.
	Policy string
	// Status is the data source's word on the progress, as in `completed`; empty where it has none.
	Status string
	// Subjects are the apps, images or hosts that were scanned.
	Subjects []Subject
	// OneForAll says that the findings do not say in which of the subjects they are.
	OneForAll bool
	// Findings are those that the data source derived, worst first; where Partial is set, only those
	// that its verdict lists.
	Findings []gate.JudgedFinding
	// Partial says that the findings themselves are not at hand, and why: the details were left out, or
	// the service gives counts alone.
	Partial string
	// Summary counts all findings; nil where the service gives no findings to count, or none yet.
	Summary *gate.Summary
	// Counts are the service's own, where it gives counts and no findings.
	Counts []Count
	// Rules are those of the gate that are about findings; nil where there is no gate.
	Rules []gate.Rule
	// Verdict is nil where there is no gate. Endpoint is then empty too.
	Verdict  *gate.Verdict
	Endpoint string
	// Texts are the service's words about the findings of an id.
	Texts map[Topic]Text
	// Notes tell what the reader must know about the report itself.
	Notes []string
}

// Subject is an app, an image or a host.
type Subject struct {
	// Name is the app's package name, the image's repository or the host's Quuid: what
	// [gate.Finding.Subject] holds.
	Name string
	// Label is what people call it: the app's name and version, or the host name. It may be empty.
	Label  string
	MD5    string     // of an app
	Digest string     // of an image
	At     *time.Time // when it was scanned; nil where the service does not say
	// Scanned reports whether it was scanned to the end. Of one that was not nothing is proven.
	Scanned bool
}

// remarks are what is to be said beside the verdict, each fit to be printed: the counts, that findings
// are not at hand, and the notes.
func (s *Scan) remarks() []string {
	var remarks []string
	for _, remark := range append([]string{s.countsLine(), s.Partial}, s.Notes...) {
		if remark = prose(remark); remark != "" {
			remarks = append(remarks, remark)
		}
	}
	return remarks
}

// Count is a number that the service gives instead of findings; a nil Value is one that it left out.
type Count struct {
	Label string
	Value *int64
}

// Topic is what findings of a kind are about.
type Topic struct {
	Category gate.Category
	ID       string
}

// Text is what the service says about a topic.
type Text struct {
	Description, Remedy string
}

// topic returns what the finding is about.
func topic(f *gate.Finding) Topic { return Topic{f.Category, f.ID} }

// item is one finding of one of the scans, and the app or machine that it is in.
type item struct {
	*gate.JudgedFinding
	scan    *Scan
	number  int // of the scan in the report, from 1
	subject Subject
}

// directory finds the app or machine that a finding names.
type directory struct {
	byMD5, byName map[string]Subject
	only          *Subject // of a scan of one
}

func (s *Scan) directory() directory {
	d := directory{byMD5: make(map[string]Subject, len(s.Subjects)), byName: make(map[string]Subject, len(s.Subjects))}
	if subjects := s.subjects(); len(subjects) == 1 {
		d.only = &subjects[0]
	}
	for _, subject := range s.Subjects {
		if subject.MD5 != "" {
			d.byMD5[subject.MD5] = subject
		} else {
			d.byName[subject.Name] = subject
		}
	}
	return d
}

// of returns the app or machine as the scan describes it, else what the finding itself tells of it.
func (d directory) of(f *gate.Finding) Subject {
	if known, ok := d.find(f); ok {
		return known
	}
	return Subject{Name: f.Subject, MD5: f.AppMD5}
}

// has reports whether the scan lists the app or machine.
func (d directory) has(f *gate.Finding) bool {
	_, ok := d.find(f)
	return ok
}

// find returns the app or machine that a finding names. One that names none is in the only one there is: a verdict
// does not repeat that.
func (d directory) find(f *gate.Finding) (Subject, bool) {
	if f.AppMD5 == "" && f.Subject == "" && d.only != nil {
		return *d.only, true
	}
	if f.AppMD5 != "" {
		known, ok := d.byMD5[f.AppMD5]
		return known, ok
	}
	known, ok := d.byName[f.Subject]
	return known, ok
}

// statusOrder is how findings are listed: first what violates a gate, then what nothing judged or
// nothing forbids, last what was accepted by hand.
var statusOrder = []gate.FindingStatus{gate.StatusViolation, "", gate.StatusAllowed, gate.StatusBaselined, gate.StatusIgnored, gate.StatusExcepted}

// counts returns the number of findings of each severity: those of the summary, which knows also what is
// not listed, or else the listed ones.
func (s *Scan) counts() gate.Summary {
	if s.Summary != nil {
		return *s.Summary
	}
	var listed gate.Summary
	for i := range s.Findings {
		listed = sum(listed, gate.Summarize([]gate.Finding{s.Findings[i].Finding}))
	}
	return listed
}

// counts returns the findings of all scans, the one count that every format gives.
func (r Report) counts() (total gate.Summary) {
	for i := range r.Scans {
		total = sum(total, r.Scans[i].counts())
	}
	return total
}

// lead says how much the report is about, and how much of it is listed.
func (r Report) lead(listed int) string {
	total := r.counts().Total
	lead := plural(total, "finding", "findings") + " in " + plural(len(r.Scans), "scan", "scans") + "."
	if int64(listed) < total {
		lead += fmt.Sprintf(" %s listed.", plural(listed, "is", "are"))
	}
	return lead
}

// items returns the findings of all scans, worst first: by what their gates made of them, then by
// severity. Equal ones keep the order of the scans.
func (r Report) items() []item {
	total := 0
	for i := range r.Scans {
		total += len(r.Scans[i].Findings)
	}
	items := make([]item, 0, total)
	for i := range r.Scans {
		scan := &r.Scans[i]
		subjects := scan.directory()
		for j := range scan.Findings {
			ruling := &scan.Findings[j]
			subject := subjects.of(&ruling.Finding)
			if subject.Name == "" { // without details only the findings name the app
				subject.Name = ruling.Subject
			}
			items = append(items, item{ruling, scan, i + 1, subject})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(
			slices.Index(statusOrder, a.Status)-slices.Index(statusOrder, b.Status),
			gate.CompareFindings(&a.Finding, &b.Finding),
		)
	})
	return items
}
