package gate

import (
	"fmt"
	"slices"
	"strings"
)

// The most findings and reasons that a message lists; the rest are counted.
const (
	messageFindings = 10
	messageReasons  = 10
)

// message tells what was judged, what broke which rules, what is not proven, and what would make it
// pass. It gives no remaining time and no RequestId (design, promise 4 and "verdict").
func (v Verdict) message(object, tally string, breaches []breach) string {
	if object = Line(object); object == "" {
		object = "the scan"
	}
	switch v.Outcome {
	case Pass:
		return fmt.Sprintf("The gate passes for %s: %s%s.", object, tally, v.takenOut())
	case Fail:
	case Incomplete:
		head := fmt.Sprintf("The gate is incomplete for %s: nothing breaks the gate's rules%s, but the answer does not prove enough for a pass.", object, v.takenOut())
		return strings.Join(append(v.reasonLines(head), "To pass: "+v.remedy()+"."), "\n")
	}
	lines := breachLines(fmt.Sprintf("The gate fails for %s: %s%s.", object, tally, v.takenOut()), breaches)
	pass := "To pass: " + breachRemedy(breaches)
	if len(v.Reasons) > 0 {
		lines = append(lines, v.reasonLines("The answer is incomplete as well:")...)
		pass += "; and " + v.remedy()
	}
	return strings.Join(append(lines, pass+"."), "\n")
}

// tallyFindings sums up how many of the findings break rules.
func tallyFindings(findings, broken int) string {
	switch {
	case findings == 0:
		return "nothing was found"
	case broken == 0:
		return plural(findings, "finding, which breaks no rule", "findings, none of which breaks a rule")
	case broken == 1:
		return fmt.Sprintf("%s breaks the gate's rules", oneOf(findings))
	}
	return fmt.Sprintf("%d of %d findings break the gate's rules", broken, findings)
}

func oneOf(findings int) string {
	if findings == 1 {
		return "the only finding"
	}
	return fmt.Sprintf("1 of %d findings", findings)
}

// tallyCounts sums up how many counts of an image scan exceed their limits.
func tallyCounts(broken int) string {
	if broken == 0 {
		return "no count exceeds its limit"
	}
	return plural(broken, "limit is exceeded", "limits are exceeded")
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

func breachLines(head string, breaches []breach) []string {
	lines := []string{head}
	for _, breach := range breaches[:min(messageFindings, len(breaches))] {
		lines = append(lines, "  - "+breach.line())
	}
	if more := len(breaches) - messageFindings; more > 0 {
		lines = append(lines, "  and "+plural(more, "more finding", "more findings"))
	}
	return lines
}

// line describes one finding and the rules that it breaks, as in
// `high vulnerability CVE-2026-1 "Name" at lib/a.so in com.example (MD5 dd5b…) (rule: fail_on)`.
func (b breach) line() string {
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
	text := string(f.Severity.known()) + " " + Line(string(f.Category))
	if !f.Anonymous {
		text += " " + Line(f.ID)
	}
	if name := Line(f.Name); name != "" && f.Name != f.ID {
		text += ` "` + name + `"`
	}
	if location := Line(f.Location); location != "" && f.Location != f.ID {
		text += " at " + location
	}
	switch {
	case f.AppMD5 != "":
		text += " in " + appTitle(f.AppMD5, f.Subject)
	case f.Subject != "" && f.Subject != f.ID:
		text += " in " + Line(f.Subject)
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

func breachRemedy(breaches []breach) string {
	if breaches[0].text != "" {
		return "mend the images and scan them again, or raise the limits of the gate"
	}
	const mend = "fix what was found and scan again"
	for _, breach := range breaches {
		switch {
		case slices.Contains(breach.rules, RuleDeniedID):
			return mend + "; a denied id cannot be excepted"
		case breach.Category == Virus || breach.Category == Malware:
			return mend
		}
	}
	return mend + "; a finding that is acceptable can be named in the gate's exceptions, with a reason and an end"
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
