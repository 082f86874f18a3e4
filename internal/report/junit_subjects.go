package report

import (
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// ruleAt is a rule in an app or machine, by [Subject.key].
type ruleAt struct {
	rule gate.Rule
	key  string
}

// key tells subjects apart: two builds of one app are two.
func (s Subject) key() string { return s.MD5 + "\x00" + s.Name }

// violatedRules returns the findings that violate each rule in each app or machine, worst first.
func (s *Scan) violatedRules() map[ruleAt][]item {
	broken := make(map[ruleAt][]item)
	subjects := s.directory()
	for i := range s.Findings {
		ruling := &s.Findings[i]
		subject := subjects.of(&ruling.Finding)
		for _, rule := range ruling.Rules {
			at := ruleAt{rule, subject.key()}
			broken[at] = append(broken[at], item{JudgedFinding: ruling, scan: s, subject: subject})
		}
	}
	return broken
}

// judgedSubjects returns the apps or machines, each once, and after them those that only findings name.
// Where there are none, or the findings are of all of them together, it is the scan as a whole.
func (s *Scan) judgedSubjects() []Subject {
	var judged []Subject
	places := make(map[string]int, len(s.Subjects))
	add := func(subject Subject) {
		place, known := places[subject.key()]
		if !known {
			places[subject.key()] = len(judged)
			judged = append(judged, subject)
			return
		}
		judged[place].Scanned = judged[place].Scanned && subject.Scanned
	}
	if !s.OneForAll || len(s.subjects()) == 1 {
		for _, subject := range s.Subjects {
			add(subject)
		}
	}
	subjects := s.directory()
	for i := range s.Findings {
		if f := &s.Findings[i].Finding; len(s.Findings[i].Rules) > 0 && !subjects.has(f) {
			add(Subject{Name: f.Subject, MD5: f.AppMD5, Scanned: true})
		}
	}
	if len(judged) == 0 {
		judged = []Subject{{Scanned: true}}
	}
	return judged
}

// junitRules returns the gate's rules, and those that a violation names beside them.
func (s *Scan) junitRules() []gate.Rule {
	rules := slices.Clone(s.Rules)
	for i := range s.Findings {
		for _, rule := range s.Findings[i].Rules {
			if !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

// listsAllViolations reports whether the findings at hand hold everything that the verdict counts.
func (s *Scan) listsAllViolations() bool {
	var listed int64
	for i := range s.Findings {
		listed += int64(len(s.Findings[i].Rules))
	}
	return listed >= s.Verdict.ViolationCount
}
