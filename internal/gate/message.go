package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// The most findings and reasons that a message lists; the rest are counted.
const (
	messageFindings = 10
	messageReasons  = 10
)

// message says what was judged, what violated which rules, what is not proven, and what would make it
// pass. It gives no remaining time and no RequestId (dev-docs/design.md, promise 4).
func (v Verdict) message(object, tally string, violations []violated) string {
	if object = sanitize.Line(object); object == "" {
		object = "the scan"
	}
	switch v.Outcome {
	case Pass:
		return fmt.Sprintf("The security gate passed for %s: %s%s.", object, tally, v.takenOut())
	case Fail:
	case Incomplete:
		head := fmt.Sprintf("The security gate is incomplete for %s: no rule is violated%s, but the results are incomplete.", object, v.takenOut())
		return strings.Join(append(v.reasonLines(head), "To pass: "+v.remedy()+"."), "\n")
	}
	lines := violationLines(fmt.Sprintf("The security gate failed for %s: %s%s.", object, tally, v.takenOut()), violations)
	pass := "To pass: " + violationRemedy(violations)
	if len(v.Reasons) > 0 {
		lines = append(lines, v.reasonLines("The results are incomplete as well:")...)
		pass += "; and " + v.remedy()
	}
	return strings.Join(append(lines, pass+"."), "\n")
}

// tallyFindings sums up how many of the findings violate rules.
func tallyFindings(findings, violating int) string {
	switch {
	case findings == 0:
		return "nothing was found"
	case violating == 0:
		return plural(findings, "finding, which violates no rule", "findings, none of which violates a rule")
	case violating == findings:
		return plural(violating, "finding violates the gate", "findings violate the gate")
	case violating == 1:
		return fmt.Sprintf("1 of %d findings violates the gate", findings)
	}
	return fmt.Sprintf("%d of %d findings violate the gate", violating, findings)
}

// tallyCounts sums up how many counts of a scan exceed their limits.
func tallyCounts(exceeded int) string {
	if exceeded == 0 {
		return "no count exceeds its limit"
	}
	return plural(exceeded, "limit is exceeded", "limits are exceeded")
}

// takenOut says how many findings do not count, so that nobody reads a pass as a clean scan.
func (v Verdict) takenOut() string {
	var parts []string
	if v.ExceptedCount > 0 {
		parts = append(parts, fmt.Sprintf("%d excepted", v.ExceptedCount))
	}
	if v.BaselinedCount > 0 {
		parts = append(parts, fmt.Sprintf("%d in the baseline", v.BaselinedCount))
	}
	return parenthesised(strings.Join(parts, ", "))
}

func violationLines(head string, violations []violated) []string {
	lines := []string{head}
	for _, violation := range violations[:min(messageFindings, len(violations))] {
		lines = append(lines, "  - "+violation.line())
	}
	if more := len(violations) - messageFindings; more > 0 {
		lines = append(lines, "  and "+plural(more, "more finding", "more findings"))
	}
	return lines
}

// line describes one finding and the rules that it violates, as in
// `high vulnerability CVE-2026-1 "Name" at lib/a.so in com.example (MD5 dd5b…) (rule: fail_on)`.
func (b violated) line() string {
	rules := make([]string, len(b.rules))
	for i, rule := range b.rules {
		rules[i] = string(rule)
	}
	what := b.text
	if what == "" {
		what = b.describe()
	}
	return fmt.Sprintf("%s (%s: %s)", what, numbered(len(rules), "rule", "rules"), strings.Join(rules, ", "))
}

func (f *Finding) describe() string {
	text := string(f.Severity.known()) + " " + sanitize.Line(string(f.Category))
	if !f.Anonymous {
		text += " " + sanitize.Line(f.ID)
	}
	if name := sanitize.Line(f.Name); name != "" && f.Name != f.ID {
		text += ` "` + name + `"`
	}
	if location := sanitize.Line(f.Location); location != "" && f.Location != f.ID {
		text += " at " + location
	}
	switch {
	case f.AppMD5 != "":
		text += " in " + appTitle(f.AppMD5, f.Subject)
	case f.Subject != "" && f.Subject != f.ID:
		text += " in " + sanitize.Line(f.Subject)
	}
	return text
}

func (v Verdict) reasonLines(head string) []string {
	lines := []string{head}
	for _, reason := range v.Reasons[:min(messageReasons, len(v.Reasons))] {
		lines = append(lines, fmt.Sprintf("  - %s: %s", reason.Code, reason.Detail))
	}
	if more := len(v.Reasons) - messageReasons; more > 0 {
		lines = append(lines, "  and "+plural(more, "more reason", "more reasons"))
	}
	return lines
}

// remedy joins what would take the reasons away, each way once.
func (v Verdict) remedy() string {
	var ways []string
	for _, reason := range v.Reasons {
		way, ok := remedies[reason.Code]
		if !ok {
			way = "plan again"
		}
		if !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	return strings.Join(ways, "; ")
}

func violationRemedy(violations []violated) string {
	if violations[0].text != "" {
		return "fix the images and scan them again, or raise the limits of the gate"
	}
	const fix = "fix what was found and scan again"
	for _, violation := range violations {
		switch {
		case slices.Contains(violation.rules, RuleDeniedID):
			return fix + "; a denied id cannot be excepted"
		case categories[violation.Category].malicious:
			return fix
		}
	}
	return fix + "; a finding that is acceptable can be named in an exception of the gate, with a reason and an expiry date"
}

// numbered returns the form of a word that fits a number.
func numbered(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
