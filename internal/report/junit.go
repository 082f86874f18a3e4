package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// The elements of a JUnit file, as far as CI systems read them.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Errors     int              `xml:"errors,attr"`
		Skipped    int              `xml:"skipped,attr"`
		Properties *junitProperties `xml:"properties,omitempty"`
		Cases      []junitCase      `xml:"testcase"`
		Output     string           `xml:"system-out,omitempty"`
	}
	junitProperties struct {
		Properties []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		Skipped   *junitSkipped `xml:"skipped"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
)

// evidenceCase is the name of the test case that reports whether the answer proves enough.
const evidenceCase = "evidence"

// maxJUnitFindings is the most findings that the text of one test case lists; the rest are counted.
const maxJUnitFindings = 100

// JUnit returns the report as test results: a suite for each scan, in it a test case for each rule of
// the gate and each app, image or host, and one for the evidence. A case fails with the findings that break
// the rule; the evidence of an incomplete answer is an error. A case passes only where its gate proves
// it: what was not judged, or not proven, is skipped.
//
// CI systems know a case again by its class and name, and split the class at its last dot: the class is the
// app, image or host without a version, and no id of a run is in either. Both together are unique.
func JUnit(r Report) (string, error) {
	suites := junitSuites{Name: "terraform-provider-ms", Suites: make([]junitSuite, 0, len(r.Scans))}
	suiteNames, caseNames := uniqueNames{}, uniqueNames{}
	for i := range r.Scans {
		suite := r.Scans[i].junit()
		suite.Name = suiteNames.of("", suite.Name)
		for j := range suite.Cases {
			suite.Cases[j].Name = caseNames.of(suite.Cases[j].ClassName, suite.Cases[j].Name)
		}
		suites.Tests += suite.Tests
		suites.Failures += suite.Failures
		suites.Errors += suite.Errors
		suites.Skipped += suite.Skipped
		suites.Suites = append(suites.Suites, suite)
	}
	var text bytes.Buffer
	text.WriteString(xml.Header)
	encoder := xml.NewEncoder(&text)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites); err != nil {
		return "", fmt.Errorf("writing JUnit: %w", err)
	}
	text.WriteByte('\n')
	return text.String(), nil
}

func (s *Scan) junit() junitSuite {
	suite := junitSuite{Name: s.suiteName(), Properties: s.junitProperties(), Cases: s.junitCases()}
	suite.Output = strings.Join(slices.Concat([]string{s.title() + ". " + s.conclusion()}, s.remarks(), s.policyLines()), "\n")
	for _, c := range suite.Cases {
		suite.Tests++
		switch {
		case c.Failure != nil:
			suite.Failures++
		case c.Error != nil:
			suite.Errors++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	return suite
}

func (s *Scan) junitProperties() *junitProperties {
	properties := []junitProperty{
		{"source", sanitize.Line(string(s.Source))}, {"object", sanitize.Line(s.Object)}, {"outcome", string(s.outcome())},
		{"findings", fmt.Sprint(s.counts().Total)},
	}
	if at := s.scannedAt(); at != "" {
		properties = append(properties, junitProperty{"scanned", at})
	}
	if v := s.Verdict; v != nil {
		properties = append(properties, junitProperty{"policy_sha256", sanitize.Line(v.PolicySHA256)}, junitProperty{"endpoint", sanitize.Line(s.Endpoint)})
		if v.ValidUntil != nil {
			properties = append(properties, junitProperty{"valid_until", timestamp(*v.ValidUntil)})
		}
	}
	return &junitProperties{properties}
}

// junitCases returns the cases of the scan, that of the evidence first.
func (s *Scan) junitCases() []junitCase {
	subjects := s.judgedSubjects()
	whole := s.wholeClass(subjects)
	if s.Verdict == nil {
		return []junitCase{skipped(s.newCase(whole, "gate"), "there is no gate, so that nothing was judged")}
	}
	cases := []junitCase{s.evidenceCase(whole)}
	broken := s.violatedRules()
	if s.outcome() == gate.Fail && len(broken) == 0 {
		failed := s.newCase(whole, "gate")
		failed.Failure = &junitProblem{Message: s.conclusion(), Type: string(gate.Fail), Text: "To pass: " + s.toPass()}
		cases = append(cases, failed)
	}
	rules, unproven := s.junitRules(), s.unproven()
	classes := s.classes(subjects)
	for i, subject := range subjects {
		for _, rule := range rules {
			c := s.newCase(classes[i].class, sanitize.Line(string(rule))+classes[i].suffix)
			switch findings := broken[ruleAt{rule, subject.key()}]; {
			case len(findings) > 0:
				c.Failure = &junitProblem{Message: failureMessage(findings), Type: sanitize.Line(string(rule)), Text: s.failureText(findings)}
			case unproven != "":
				c = skipped(c, unproven)
			case len(broken[ruleAt{rule, Subject{}.key()}]) > 0:
				c = skipped(c, "not known: a finding that violates it does not say where it is")
			case !subject.Scanned:
				c = skipped(c, "not proven: it was not scanned to the end")
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// unproven says why no rule is proven to hold where no finding at hand violates it; empty where each is.
func (s *Scan) unproven() string {
	switch {
	case len(s.Verdict.Reasons) > 0 || s.outcome() == gate.Incomplete:
		return "not proven: see the case " + evidenceCase
	case !s.listsAllViolations():
		return "not known: the verdict does not list all violations"
	case s.outcome() == gate.Fail && s.Verdict.ViolationCount == 0:
		return "not known: the gate fails, but its verdict counts no violation"
	}
	return ""
}

func skipped(c junitCase, why string) junitCase {
	c.Skipped = &junitSkipped{why}
	return c
}

// evidenceCase is an error where the answer does not prove enough.
func (s *Scan) evidenceCase(class string) junitCase {
	c := s.newCase(class, evidenceCase)
	if reasons := s.reasons(); len(reasons) > 0 || s.outcome() == gate.Incomplete {
		c.Error = &junitProblem{
			Message: "The answer does not prove enough for a pass.", Type: string(gate.Incomplete),
			Text: strings.Join(append(reasons, "To pass: "+s.toPass()), "\n"),
		}
	}
	return c
}

func failureMessage(findings []item) string {
	message := findings[0].sentence()
	if more := len(findings) - 1; more > 0 {
		message += " And " + plural(more, "more finding", "more findings") + "."
	}
	return message
}

func (s *Scan) failureText(findings []item) string {
	lines := make([]string, 0, min(len(findings), maxJUnitFindings)+2)
	for _, finding := range findings[:min(len(findings), maxJUnitFindings)] {
		line := finding.sentence()
		if fix := finding.fix(); fix != "" {
			line += " Fix: " + stopped(fix)
		}
		lines = append(lines, line+" Fingerprint "+sanitize.Line(finding.Fingerprint))
	}
	if more := len(findings) - maxJUnitFindings; more > 0 {
		lines = append(lines, "and "+plural(more, "more finding", "more findings"))
	}
	return strings.Join(append(lines, "To pass: "+s.toPass()), "\n")
}
