package gate

import (
	"encoding/json"
	"strings"
)

// demands is everything in the policy that decides which evidence is needed. Evidence keeps it, so
// that [Evaluate] notices evidence which was gathered for weaker demands, for a summary for instance.
func (p Policy) demands() string {
	text, _ := json.Marshal([]any{ // strings and numbers alone: cannot fail
		p.Source,
		distinct(p.RequiredMD5s, strings.ToLower),
		p.requiredScanTypes(),
		distinct(p.RequiredMachines, strings.ToLower),
		or(p.MaxFailedMachines, 0),
		p.failOn(),
		p.MaxFindings,
		distinct(categoryNames(p.DeniedCategories), strings.ToLower),
		canonicalDenials(p.Denied),
		or(p.AcceptServiceIgnores, false), or(p.AllowNarrowed, false),
		or(p.MaxFoundVul, 0), or(p.MaxRegistryFoundVul, 0), p.MaxFoundRiskImage,
		p.MaxAge,
	})
	return string(text)
}

// newEvidence returns the evidence of a source for a policy, to be filled in.
func newEvidence(source Source, object string, p Policy) (Evidence, Policy) {
	p.Source = source
	return Evidence{Source: source, Object: object, demands: p.demands()}, p
}

// addScan adds the time of a scan that the evidence rests on.
func (e *Evidence) addScan(at Span) { e.Scans = append(e.Scans, at) }
