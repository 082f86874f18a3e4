package report

import (
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// notJudged is the outcome of a scan without a gate. It is not among those of [gate.Outcome]: nothing
// may take it for a pass.
const notJudged gate.Outcome = "not judged"

// worstOutcome is the order of outcomes, the worst first.
var worstOutcome = []gate.Outcome{gate.Fail, gate.Incomplete, notJudged, gate.Pass}

// outcome returns the verdict's outcome. One that this package does not know is incomplete.
func (s *Scan) outcome() gate.Outcome {
	if s.Verdict == nil {
		return notJudged
	}
	switch s.Verdict.Outcome {
	case gate.Pass, gate.Fail:
		return s.Verdict.Outcome
	default:
		return gate.Incomplete
	}
}

// outcome returns the worst outcome of the scans. No scan at all is not judged.
func (r Report) outcome() gate.Outcome {
	for _, outcome := range worstOutcome {
		if r.count(outcome) > 0 {
			return outcome
		}
	}
	return notJudged
}

// count returns how many scans have the outcome.
func (r Report) count(outcome gate.Outcome) int {
	n := 0
	for i := range r.Scans {
		if r.Scans[i].outcome() == outcome {
			n++
		}
	}
	return n
}

// headline sums the outcomes up, as in `2 of 3 gates fail`.
func (r Report) headline() string {
	judged := len(r.Scans) - r.count(notJudged)
	var parts []string
	for _, outcome := range []gate.Outcome{gate.Fail, gate.Incomplete, gate.Pass, notJudged} {
		n := r.count(outcome)
		switch {
		case n == 0:
		case outcome == notJudged:
			parts = append(parts, fmt.Sprintf("%s without a gate", plural(n, "scan", "scans")))
		case judged == 1:
			parts = append(parts, "the gate "+verb(outcome, 1))
		case n == judged:
			parts = append(parts, fmt.Sprintf("all %d gates %s", n, verb(outcome, n)))
		default:
			parts = append(parts, fmt.Sprintf("%d of %d gates %s", n, judged, verb(outcome, n)))
		}
	}
	if len(parts) == 0 {
		return "Nothing was scanned"
	}
	return capital(strings.Join(parts, ", "))
}

// verb says what n gates with the outcome do.
func verb(outcome gate.Outcome, n int) string {
	switch {
	case outcome == gate.Incomplete && n == 1:
		return "is incomplete"
	case outcome == gate.Incomplete:
		return "are incomplete"
	case outcome == gate.Fail && n == 1:
		return "fails"
	case outcome == gate.Pass && n == 1:
		return "passes"
	}
	return string(outcome)
}

// toPass returns what would make the gate pass, in the words of the verdict's message; empty where it
// passes or there is no gate.
func (s *Scan) toPass() string {
	if s.Verdict == nil || s.Verdict.Outcome == gate.Pass {
		return ""
	}
	_, remedy, _ := strings.Cut(s.Verdict.Message, "\nTo pass: ")
	return capital(prose(remedy))
}

// conclusion returns the verdict's message without its lists: what was judged, and how it ended.
func (s *Scan) conclusion() string {
	if s.Verdict == nil {
		return "There is no gate, so that nothing was judged."
	}
	first, _, _ := strings.Cut(s.Verdict.Message, "\n")
	return prose(first)
}

// maxReasons is the most reasons of a verdict that are listed; the rest are counted.
const maxReasons = 100

// reasons says what the verdict says is not proven, each fit to be printed.
func (s *Scan) reasons() []string {
	if s.Verdict == nil {
		return nil
	}
	all := s.Verdict.Reasons
	listed := all[:min(maxReasons, len(all))]
	reasons := make([]string, 0, len(listed)+1)
	for _, reason := range listed {
		reasons = append(reasons, prose(string(reason.Code)+": "+reason.Detail))
	}
	if more := len(all) - len(listed); more > 0 {
		reasons = append(reasons, "and "+plural(more, "more reason", "more reasons"))
	}
	return reasons
}

// maxProse bounds a sentence that holds several texts of the service, in runes.
const maxProse = 1000

// prose makes a longer text fit to be printed as one line.
func prose(text string) string { return sanitize.LineUpTo(text, maxProse) }

// plural puts a number before the form of a word that fits it.
func plural[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// capital returns the text with a capital letter, where it begins with a small ASCII one.
func capital(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}
