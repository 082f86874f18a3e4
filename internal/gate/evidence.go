package gate

import (
	"encoding/json"
	"strings"
	"time"
)

// addScanTime adds the time of one scan that the evidence rests on; nil where the service gave none.
func (e *Evidence) addScanTime(at *time.Time) {
	if at == nil || at.IsZero() {
		e.ScanTimeMissing = true
		return
	}
	e.ScanTimes = append(e.ScanTimes, *at)
}

// demands is everything in the policy that decides which evidence is needed. Evidence keeps it, so
// that [Evaluate] notices evidence which was gathered for weaker demands, for a summary for instance.
func (p Policy) demands() string {
	text, _ := json.Marshal([]any{ // strings and numbers alone: cannot fail
		p.Source,
		distinct(p.RequiredMD5s, strings.ToLower),
		p.requiredScanTypes(),
		distinct(p.RequiredMachines, strings.ToLower),
		p.MaxFailedMachines,
		p.failOn(),
		p.MaxFindings,
		distinct(categoryNames(p.DeniedCategories), strings.ToLower),
		len(p.DeniedIDs) > 0,
	})
	return string(text)
}

// failOn is FailOn with its default.
func (p Policy) failOn() Severity {
	if p.FailOn == "" {
		return High
	}
	return p.FailOn
}

// orDefault is the enforcement with its default.
func (e Enforcement) orDefault() Enforcement {
	if e == "" {
		return Mandatory
	}
	return e
}

func categoryNames(categories []Category) []string {
	names := make([]string, len(categories))
	for i, category := range categories {
		names[i] = string(category)
	}
	return names
}
