package gate

import "slices"

// worstFirst is the order in which findings are listed. Unknown could be anything and so stands right
// after Critical.
var worstFirst = []Severity{Critical, Unknown, High, Medium, Low, Info}

// Severities returns every severity of a finding, worst first: the keys of max_findings.
func Severities() []Severity { return slices.Clone(worstFirst) }

// FailLevels returns the values of fail_on, strictest last.
func FailLevels() []Severity { return []Severity{FailOnNone, Critical, High, Medium, Low, Info} }

// known returns s, or Unknown where s is no severity of this package.
func (s Severity) known() Severity {
	if slices.Contains(worstFirst, s) {
		return s
	}
	return Unknown
}

// rank is the place of s in worstFirst; what is no severity ranks as Unknown.
func (s Severity) rank() int { return slices.Index(worstFirst, s.known()) }

// failsAt reports whether a finding of severity s fails at the level, which is a severity or
// FailOnNone. Unknown fails at each of them but FailOnNone; a level that is none of these counts as
// the strictest, Info.
func (s Severity) failsAt(level Severity) bool {
	if level == FailOnNone {
		return false
	}
	if s.known() == Unknown {
		return true
	}
	if !slices.Contains(FailLevels(), level) {
		level = Info
	}
	return s.rank() <= level.rank()
}

// Summarize counts findings by severity. It takes no account of exceptions or a baseline.
func Summarize(findings []Finding) Summary {
	counts := make(map[Severity]int64, len(worstFirst))
	for i := range findings {
		counts[findings[i].Severity.known()]++
	}
	return Summary{
		Critical: counts[Critical],
		High:     counts[High],
		Medium:   counts[Medium],
		Low:      counts[Low],
		Info:     counts[Info],
		Unknown:  counts[Unknown],
		Total:    int64(len(findings)),
	}
}
