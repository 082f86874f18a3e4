package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// uniqueNames tells names of one class apart that would be the same, in the order in which they come.
type uniqueNames map[[2]string]int

// of returns the name, with a number after it unless it is the first one.
func (u uniqueNames) of(class, name string) string {
	key := [2]string{class, name}
	u[key]++
	if u[key] == 1 {
		return name
	}
	return u.of(class, fmt.Sprintf("%s #%d", name, u[key]))
}

// newCase returns a case of a class, with the data source in its name: several may judge one app.
func (s *Scan) newCase(class, name string) junitCase {
	return junitCase{Name: name + " (" + s.sourceName() + ")", ClassName: class, Time: "0"}
}

// sourceName names the data source, and what it scans where that differs.
func (s *Scan) sourceName() string {
	name := cmp.Or(sanitize.Line(string(s.Source)), "scan")
	if kind := sanitize.Line(s.Kind); kind != "" {
		name += " " + kind
	}
	return name
}

// caseClass is the class of a subject's cases, and what tells their names apart from those of another of
// the same class.
type caseClass struct{ class, suffix string }

// classes returns the class of each subject: its name without a version. Hosts of one name are told
// apart by their ids, which stay; builds of one app by nothing that stays.
func (s *Scan) classes(subjects []Subject) []caseClass {
	classes, times := make([]caseClass, len(subjects)), make(map[string]int, len(subjects))
	for i, subject := range subjects {
		classes[i].class = s.class(subject)
		times[classes[i].class]++
	}
	for i, subject := range subjects {
		if id := sanitize.Line(subject.Name); times[classes[i].class] > 1 && subject.isHost() && id != "" && id != classes[i].class {
			classes[i].suffix = " on " + id
		}
	}
	return classes
}

func (s *Scan) class(subject Subject) string { return cmp.Or(subject.class(), s.sourceName()) }

// class returns the name of the subject without a version; empty where it has none.
func (s Subject) class() string {
	if label := sanitize.Line(strings.TrimSpace(s.Label)); s.isHost() && label != "" {
		return label
	}
	return sanitize.Line(strings.TrimSpace(s.Name))
}

// short returns what a reader knows the subject by: its name, else the MD5.
func (s Subject) short() string {
	if name := s.class(); name != "" || s.MD5 == "" {
		return name
	}
	return "MD5 " + sanitize.Line(s.MD5)
}

// wholeClass is the class of the cases that are about the scan as a whole: that of its only subject, or
// the data source.
func (s *Scan) wholeClass(subjects []Subject) string {
	if len(subjects) == 1 {
		return s.class(subjects[0])
	}
	return s.sourceName()
}

// suiteName names the scan by what was scanned, which is the same in every run, unlike the id of a task and the MD5
// of a build.
func (s *Scan) suiteName() string { return s.named(Subject.class) }

// heading names the scan for a reader, by the MD5 where nothing else is known.
func (s *Scan) heading() string { return s.named(Subject.short) }

func (s *Scan) named(name func(Subject) string) string {
	title, objects := s.words().title, s.objects(name, func(text string) string { return text })
	if kind := sanitize.Line(s.Kind); kind != "" {
		title += " (" + kind + ")"
	}
	if objects != "" {
		title += ": " + objects
	}
	return title
}

// maxObjects is how many apps, images or hosts the name of a scan has; the rest are counted.
const maxObjects = 3

// objects names what was scanned, each marked up; empty where nothing says so.
func (s *Scan) objects(name func(Subject) string, markup func(string) string) string {
	listed, more := make([]string, 0, maxObjects), 0
	for _, subject := range s.subjects() {
		switch known := name(subject); {
		case known == "":
		case len(listed) == maxObjects:
			more++
		default:
			listed = append(listed, markup(known))
		}
	}
	text := strings.Join(listed, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
