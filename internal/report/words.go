package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// sourceWords are what a data source reads, in words.
type sourceWords struct {
	title    string // of its scan
	subjects string // what the things scanned are called
}

var sources = map[gate.Source]sourceWords{
	gate.SourceScanResults:   {"Scan of packages", "Packages"},
	gate.SourceAPKDetection:  {"Detection of a package", "Package"},
	gate.SourceHostScan:      {"Scan of hosts", "Hosts"},
	gate.SourceImageScan:     {"Scan of images", "Images"},
	"ms_tcss_image_findings": {"Findings of an image", "Image"},
	"ms_cwp_findings":        {"Findings of hosts", "Hosts"},
}

// words returns those of the scan's data source.
func (s *Scan) words() sourceWords {
	if words, ok := sources[s.Source]; ok {
		return words
	}
	return sourceWords{"Scan", "Scanned"}
}

// title names the scan, as in `Scan of packages: item 1shi2e`.
func (s *Scan) title() string {
	title := s.words().title
	if object := sanitize.Line(s.Object); object != "" {
		title += ": " + object
	}
	return title
}

// categoryTitles say what a category of findings is, for one finding.
var categoryTitles = map[gate.Category]string{
	gate.Vulnerability: "vulnerability",
	gate.Virus:         "virus",
	gate.RiskSoftware:  "risky software",
	gate.Unrated:       "no readable rating of the virus engine",
	gate.Repackaged:    "repackaged app",
	gate.Ad:            "advertising",
	gate.Plugin:        "plugin",
	gate.SensitiveWord: "sensitive word",
	gate.Permission:    "permission",
	gate.Malware:       "host with malware",
	gate.Baseline:      "host that fails its security baseline",
}

func categoryTitle(category gate.Category) string {
	if title := categoryTitles[category]; title != "" {
		return title
	}
	return sanitize.Line(string(category))
}

// name returns what the service calls the finding, or what it is where the service calls it nothing.
func name(f *gate.Finding) string {
	if f.Anonymous && strings.TrimSpace(f.Name) == "" {
		return capital(categoryTitle(f.Category))
	}
	if line := sanitize.Line(f.Name); line != "" {
		return line
	}
	return sanitize.Line(f.ID)
}

// id returns the service's id of the finding; empty where it has none, or none but its name.
func id(f *gate.Finding) string {
	if f.Anonymous || f.ID == f.Name {
		return ""
	}
	return sanitize.Line(f.ID)
}

// location returns where in the app or machine the finding is; empty where the service does not say,
// or where the name says it already.
func location(f *gate.Finding) string {
	if f.Location == f.Name {
		return ""
	}
	return sanitize.Line(f.Location)
}

// at is the location without the name of the host, which stands beside it.
func (i item) at() string {
	at, host := location(&i.Finding), i.subject.title()
	if !i.subject.isHost() || host == "" {
		return at
	}
	if at == host {
		return ""
	}
	return strings.TrimPrefix(at, host+":")
}

// title names an app or machine for people.
func (s Subject) title() string {
	name, label := sanitize.Line(s.Name), sanitize.Line(s.Label)
	switch {
	case name == "" && label == "":
		return sanitize.Line(s.MD5)
	case name == "":
		return label
	case label == "" || label == name:
		return name
	case s.isHost():
		return label
	}
	return fmt.Sprintf("%s (%s)", name, label)
}

// statusWords says in a few words what the gate made of the finding; empty where there is no gate.
func statusWords(r *gate.JudgedFinding) string {
	switch r.Status {
	case gate.StatusViolation:
		return "violates " + joined(r.Rules)
	case gate.StatusAllowed:
		return "violates no rule"
	case gate.StatusExcepted:
		return excepted(r)
	case gate.StatusBaselined:
		return "in the baseline"
	case gate.StatusIgnored:
		return "ignored by a setting at the service, which the gate accepts"
	default:
		return ""
	}
}

func excepted(r *gate.JudgedFinding) string {
	text := "excepted"
	if !r.Until.IsZero() {
		text += " until " + timestamp(r.Until)
	}
	if reason := sanitize.Line(r.Reason); reason != "" {
		text += ": " + reason
	}
	return text
}

func joined(rules []gate.Rule) string {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = sanitize.Line(string(rule))
	}
	return strings.Join(names, ", ")
}

// severity returns the severity if it is one, else unknown.
func severity(f *gate.Finding) gate.Severity {
	for _, known := range gate.Severities() {
		if f.Severity == known {
			return known
		}
	}
	return gate.Unknown
}

// bySeverity returns the number of findings of each severity, in the order of [gate.Severities].
func bySeverity(s gate.Summary) []int64 {
	counts := map[gate.Severity]int64{
		gate.Critical: s.Critical, gate.Unknown: s.Unknown, gate.High: s.High,
		gate.Medium: s.Medium, gate.Low: s.Low, gate.Info: s.Info,
	}
	severities := gate.Severities()
	numbers := make([]int64, len(severities))
	for i, severity := range severities {
		numbers[i] = counts[severity]
	}
	return numbers
}

// countsLine lists the service's own counts, as in `Images: 12, vulnerabilities: 3.`
func (s *Scan) countsLine() string {
	parts := make([]string, 0, len(s.Counts))
	for _, count := range s.Counts {
		parts = append(parts, sanitize.Line(count.Label)+": "+count.text())
	}
	if len(parts) == 0 {
		return ""
	}
	return capital(strings.Join(parts, ", ")) + "."
}

func (c Count) text() string {
	if c.Value == nil {
		return "not given"
	}
	return fmt.Sprint(*c.Value)
}

// stopped ends a sentence with a full stop, where it does not end with a mark already.
func stopped(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// timestamp writes a time as RFC 3339 in UTC.
func timestamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// maxListed is the most names that one line lists; the rest are counted.
const maxListed = 10

// subjects returns the apps, images or hosts, each once.
func (s *Scan) subjects() []Subject {
	known := make(map[string]bool, len(s.Subjects))
	var subjects []Subject
	for _, subject := range s.Subjects {
		if !known[subject.key()] {
			known[subject.key()] = true
			subjects = append(subjects, subject)
		}
	}
	return subjects
}

// identity returns what tells the app, image or host apart from another of the same name.
func (s Subject) identity() string {
	switch {
	case s.MD5 != "" && s.MD5 != s.title():
		return "MD5 " + sanitize.Line(s.MD5)
	case s.Digest != "":
		return sanitize.Line(s.Digest)
	case s.isHost() && s.Label != "":
		return sanitize.Line(s.Name)
	}
	return ""
}

// isHost reports whether it is neither an app nor an image.
func (s Subject) isHost() bool { return s.MD5 == "" && s.Digest == "" }

// scannedAt says when it was scanned, or that it was not.
func (s Subject) scannedAt() string {
	switch {
	case !s.Scanned:
		return "not scanned to the end"
	case s.At != nil:
		return timestamp(*s.At)
	}
	return ""
}

// noTime stands in a record where nothing says when a scan ran.
const noTime = "time not given"

// scannedAt says when the scan ran; empty where nothing says so.
func (s *Scan) scannedAt() string {
	switch {
	case s.Began != nil && s.Ended != nil && timestamp(*s.Began) == timestamp(*s.Ended):
		return timestamp(*s.Ended)
	case s.Began != nil && s.Ended != nil:
		return timestamp(*s.Began) + " to " + timestamp(*s.Ended)
	case s.Began != nil:
		return "from " + timestamp(*s.Began)
	case s.Ended != nil:
		return "until " + timestamp(*s.Ended)
	}
	var first, last *time.Time
	for _, subject := range s.Subjects {
		if subject.At != nil && (first == nil || subject.At.Before(*first)) {
			first = subject.At
		}
		if subject.At != nil && (last == nil || subject.At.After(*last)) {
			last = subject.At
		}
	}
	switch {
	case first == nil:
		return ""
	case first.Equal(*last):
		return timestamp(*first)
	}
	return timestamp(*first) + " to " + timestamp(*last)
}

// fix returns the service's advice on how to fix a finding; empty where it gives none.
func (i item) fix() string { return prose(i.scan.Texts[topic(&i.Finding)].Remedy) }

// lines joins texts into a line, as many as one line can take.
func lines(texts []string) string {
	listed := make([]string, 0, maxListed+1)
	for _, text := range texts[:min(len(texts), maxListed)] {
		listed = append(listed, sanitize.Line(text))
	}
	if more := len(texts) - maxListed; more > 0 {
		listed = append(listed, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(listed, "; ")
}
