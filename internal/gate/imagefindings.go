package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// Image is what the service tells of one content of a container image: the rows that have it, and the scan that
// was named, if any.
type Image struct {
	Object string
	// Repository is that of the configuration; empty for a local image, which none is told of. Subject stands for
	// the image in fingerprints.
	Repository, Subject string
	Local               bool
	Task                *ImageTask // the scan that was named; nil where none was
	// Listed is the state of the list of images, and TotalCount the service's count of its ListedRows.
	Listed     field.State
	TotalCount Count
	ListedRows int
	Rows       []ImageRow
	Nameless   int // rows of the list that may be of this image, since their id cannot be read
	// Ignored is what the account's scans are set to ignore for images of this side.
	Ignored      []IgnoredVul
	IgnoredList  field.State
	IgnoredTotal Count
}

// ImageTask is the scan that was named.
type ImageTask struct {
	Status  string // SCANNED and the other words of document 004
	Scanned Span
	// Of a local task: whether its list of images is complete, and the image in it.
	ListComplete bool
	InTask       RowState
	Listed       bool // the image is in the list
	ImageScanned Span
}

// ImageRow is one row of the lists of images.
type ImageRow struct {
	Name string // in messages
	// State is that of the scan for vulnerabilities; NeverScanned tells that there was none.
	State        RowState
	NeverScanned bool
	Problem      string
	ScannedAt    field.Value[time.Time]
	// VirusScanned tells whether malware was looked for.
	VirusScanned                            bool
	VulCnt, VirusCnt                        Count
	CriticalCnt, HighCnt, MediumCnt, LowCnt Count
	Vuls                                    []ImageVul
	// VulsTotal is the service's count of the list; Skipped tells that the list was not read, since the counters
	// are clean under every rule. Changed tells that status or time changed while it was read.
	VulsTotal        Count
	Skipped, Changed bool
}

// ImageVul is one vulnerability of an image, as far as it decides.
type ImageVul struct {
	CVEID, POCID             field.Value[string]
	Name, Component, Version string
	Level                    field.Value[string]
}

// RatedVul is a vulnerability of a row with what it counts as.
type RatedVul struct {
	ImageVul
	Severity Severity
	Ignored  bool
	Row, At  int // where it stands
}

func (v ImageVul) ids() []string { return idsOf(v.CVEID, v.POCID) }

func idsOf(values ...field.Value[string]) (ids []string) {
	for _, value := range values {
		if id, _ := value.Get(); strings.TrimSpace(id) != "" {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}

// location is where a vulnerability is: component@version.
func (v ImageVul) location() string {
	component, version := strings.TrimSpace(v.Component), strings.TrimSpace(v.Version)
	if version == "" {
		return component
	}
	return component + "@" + version
}

// Vuls returns the vulnerabilities of all rows that were scanned, rated. What several rows list is there once,
// with the worst severity: the rows are one content.
func (s Image) Vuls() []RatedVul {
	ignored := s.ignoredIDs()
	type key struct {
		id, location string
		nth          int
	}
	places := map[key]int{}
	var vuls []RatedVul
	for r, row := range s.Rows {
		severities := row.severities(ignored)
		seen := map[key]int{}
		for i, vul := range row.Vuls {
			same := key{id: strings.Join(vul.ids(), " "), location: vul.location()}
			nth := seen[same]
			seen[same]++
			same.nth = nth
			rated := RatedVul{ImageVul: vul, Severity: severities[i], Ignored: vul.in(ignored), Row: r, At: i}
			at, known := places[same]
			switch {
			case !known:
				places[same] = len(vuls)
				vuls = append(vuls, rated)
			case severities[i].rank() < vuls[at].Severity.rank():
				vuls[at].Severity = severities[i]
			}
		}
	}
	return vuls
}

// Findings returns what was found, worst first, with fingerprints.
func (s Image) Findings() []Finding {
	listed := ListedImage{Repository: s.Repository, Subject: s.Subject, Vuls: s.Vuls()}
	for _, row := range s.Rows {
		listed.Viruses = max(listed.Viruses, known(row.VirusCnt))
	}
	return listed.findings()
}

// ListedImage is what a state tells of an [Image]: its vulnerabilities, rated.
type ListedImage struct {
	Repository, Subject string
	Viruses             int64
	Vuls                []RatedVul
}

// Evidence returns the findings alone: what kept them from proving anything is in the verdict.
func (l ListedImage) Evidence(p Policy) Evidence {
	e, _ := newEvidence(SourceImage, "", p)
	e.Findings = l.findings()
	return e
}

func (l ListedImage) findings() []Finding {
	var findings []Finding
	if l.Viruses > 0 {
		virus := anonymous(Virus, Critical)
		virus.Name, virus.FromCount = fmt.Sprintf("%d malicious files (VirusCnt)", l.Viruses), true
		findings = append(findings, virus)
	}
	for _, vul := range l.Vuls {
		finding := named(Vulnerability, vul.Severity, vul.CVEID, vul.POCID)
		finding.Name, finding.Location, finding.Ignored = strings.TrimSpace(vul.Name), vul.location(), vul.Ignored
		finding.component = strings.TrimSpace(vul.Component)
		findings = append(findings, finding)
	}
	for i := range findings {
		findings[i].Subject, findings[i].Image = l.Subject, l.Repository
	}
	return identify(findings)
}

// Summary counts the findings. Where lists were not read it rests on the counters, which are exact then.
func (s Image) Summary() Summary {
	summary := Summarize(s.Findings())
	var counted Summary
	for _, row := range s.Rows {
		if row.Skipped {
			counted.Critical, counted.High = max(counted.Critical, known(row.CriticalCnt)), max(counted.High, known(row.HighCnt))
			counted.Medium, counted.Low = max(counted.Medium, known(row.MediumCnt)), max(counted.Low, known(row.LowCnt))
		}
	}
	summary.Critical, summary.High = max(summary.Critical, counted.Critical), max(summary.High, counted.High)
	summary.Medium, summary.Low = max(summary.Medium, counted.Medium), max(summary.Low, counted.Low)
	summary.Total = summary.Critical + summary.High + summary.Medium + summary.Low + summary.Info + summary.Unknown
	return summary
}

// Evidence returns what was found and why it may prove nothing yet.
func (s Image) Evidence(p Policy) Evidence {
	e, p := newEvidence(SourceImage, s.Object, p)
	e.Findings = s.Findings()
	e.Reasons = slices.Concat(s.scanReasons(p), s.taskReasons(), s.rowReasons(p), s.ignoreReasons(p))
	if !or(p.AcceptServiceIgnores, false) {
		e.hidden = s.hidden()
	}
	s.addScans(&e)
	return e
}

// addScans adds the times that the evidence rests on.
func (s Image) addScans(e *Evidence) {
	if s.Task != nil {
		e.timesDecide = true
		e.addScan(s.Task.Scanned)
		if s.Task.Listed {
			e.addScan(s.Task.ImageScanned)
		}
	}
	for _, row := range s.Rows {
		if row.State == RowDone {
			e.addScan(Span{End: row.ScannedAt})
		}
	}
}

// scanReasons demands that something says which scan counts.
func (s Image) scanReasons(p Policy) []Reason {
	if s.Task == nil && p.MaxAge <= 0 {
		return []Reason{{UnboundedAge, "neither scan_id nor max_age is given, so the results may be of any earlier scan"}}
	}
	return nil
}

// taskReasons judges the scan that was named.
func (s Image) taskReasons() []Reason {
	if s.Task == nil {
		return nil
	}
	reasons := ImageScan{Status: s.Task.Status}.statusReasons()
	if s.Local {
		return append(reasons, s.Task.localReasons()...)
	}
	begun, state := s.Task.Scanned.Begin.Get()
	if state != field.Known {
		return append(reasons, Reason{ScanTimeMissing, "the scan gives no begin that can be read, so it is unknown whether the results are of it"})
	}
	for _, row := range s.Rows {
		if at, state := row.ScannedAt.Get(); row.State == RowDone && state == field.Known && !at.Before(begun) {
			return reasons
		}
	}
	if slices.ContainsFunc(s.Rows, func(row ImageRow) bool { return row.unfinished() != nil }) {
		return reasons // which rowReasons tell; to be scanned later than that is no other remedy
	}
	return append(reasons, Reason{ImageNotInScan, fmt.Sprintf("no row of the image was scanned since the scan began at %s", stamp(begun))})
}

func (t ImageTask) localReasons() []Reason {
	switch {
	case !t.ListComplete:
		return []Reason{{CountMismatch, "the list of the scan's images is not complete"}}
	case !t.Listed:
		return []Reason{{ImageNotInScan, "the image is not in the scan"}}
	case t.InTask == RowRunning:
		return []Reason{{NotFinished, "the image is still being scanned"}}
	case t.InTask != RowDone:
		return []Reason{{ImageFailed, "the scan did not finish the image"}}
	case t.ImageScanned.End.State() != field.Known:
		return []Reason{{ScanTimeMissing, "the scan gives no end of the image's scan that can be read"}}
	}
	return nil
}

// rowReasons judges the rows: at least one must be evidence, and none may contradict it.
func (s Image) rowReasons(p Policy) []Reason {
	reasons := totalReasons(s.TotalCount, s.ListedRows, "images")
	if s.Nameless > 0 {
		reasons = append(reasons, Reason{MissingEvidence, fmt.Sprintf("rows of the list of images that may be of this image, since their id cannot be read: %d", s.Nameless)})
	}
	if len(s.Rows) == 0 {
		if s.Listed == field.Unreadable {
			return append(reasons, Reason{NothingScanned, "the list of images is there, but cannot be read"})
		}
		return append(reasons, Reason{NothingScanned, "the service does not list the image"})
	}
	told := false
	for _, row := range s.Rows {
		switch unfinished := row.unfinished(); {
		case unfinished != nil:
			reasons, told = append(reasons, *unfinished), true
		case row.State == RowDone && !row.NeverScanned:
			reasons, told = append(reasons, row.reasons(p)...), true
		}
	}
	if !told {
		reasons = append(reasons, Reason{NotScanned, "the image was not scanned"})
	}
	return reasons
}

// unfinished is why a row whose scan began is no evidence; nil for one that was scanned, and for one that never
// was.
func (r ImageRow) unfinished() *Reason {
	switch {
	case r.NeverScanned, r.State == RowDone:
		return nil
	case r.State == RowRunning:
		return &Reason{NotFinished, r.Name + " is still being scanned"}
	case r.State == RowUnknown:
		return &Reason{StatusUnknown, r.Name + " has a status that is not documented" + parenthesised(r.Problem)}
	}
	return &Reason{ImageFailed, "the scan of " + r.Name + " failed" + parenthesised(r.Problem)}
}

// reasons tells why the row may prove less than its counters say.
func (r ImageRow) reasons(p Policy) []Reason {
	var reasons []Reason
	if r.ScannedAt.State() != field.Known {
		reasons = append(reasons, Reason{ScanTimeMissing, r.Name + " gives no time of its scan that can be read"})
	}
	if r.Changed {
		reasons = append(reasons, Reason{ChangedWhileRead, r.Name + " was scanned again while its vulnerabilities were read"})
	}
	if p.denies(Virus) && !r.VirusScanned {
		reasons = append(reasons, Reason{MissingEvidence, r.Name + " tells no finished scan for malware, which the gate denies"})
	}
	reasons = append(reasons, countReasons("VirusCnt of "+r.Name, r.VirusCnt)...)
	for _, counter := range r.counters() {
		reasons = append(reasons, countReasons(counter.name+" of "+r.Name, counter.count)...)
	}
	if r.Skipped {
		return append(reasons, countReasons("VulCnt of "+r.Name, r.VulCnt)...)
	}
	return append(reasons, totalReasons(r.VulsTotal, len(r.Vuls), "vulnerabilities of "+r.Name)...)
}

// countedReasons compares what the row counts with what it lists.
func (r ImageRow) countedReasons(ignored map[string]bool) []Reason {
	if r.Skipped {
		return nil
	}
	count, state := r.VulCnt.Get()
	if state != field.Known || count < 0 {
		return countReasons("VulCnt of "+r.Name, r.VulCnt)
	}
	var reasons []Reason
	rows := int64(len(r.Vuls))
	if !slices.ContainsFunc(r.histograms(ignored, numericLevel), func(h histogram) bool { return h.total() == count }) {
		code := CountMismatch
		if count > rows {
			code = UnexplainedCount
		}
		reasons = append(reasons, Reason{code, fmt.Sprintf("VulCnt of %s is %d; vulnerabilities listed: %d", r.Name, count, rows)})
	}
	var sum int64
	for _, counter := range r.counters() {
		sum = saturatingAdd(sum, known(counter.count))
	}
	if sum > rows {
		reasons = append(reasons, Reason{UnexplainedCount, fmt.Sprintf("the counters of severities of %s add up to %d; vulnerabilities listed: %d", r.Name, sum, rows)})
	}
	return reasons
}
