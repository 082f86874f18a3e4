package gate

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"
)

// Standing is what a policy made of a finding.
type Standing string

// The standings. A finding that nothing judged has none, the empty one.
const (
	Violating Standing = "violating" // it breaks a rule
	Tolerated Standing = "tolerated" // it counts, and breaks no rule
	Excepted  Standing = "excepted"  // an exception takes it out
	Baselined Standing = "baselined" // the baseline takes it out
)

// Ruling is a finding with what a policy made of it.
type Ruling struct {
	Finding
	Standing Standing
	Rules    []Rule // those that it breaks, where it is Violating
	// Reason and Until are those of the exception, where it is Excepted.
	Reason string
	Until  time.Time
}

// ErrVerdict tells that a verdict is not one of the findings and the policy given; the texts of the
// wrapped errors name the figure that differs.
var ErrVerdict = errors.New("verdict")

// Rulings tells what became of each finding in a verdict of [Evaluate], worst first, for a reader that
// has no clock: which exceptions were in force follows from how many findings they took out. Findings,
// policy and verdict must belong together, which the digest of the policy and the counts of the
// verdict have to prove; if they do not, the error wraps [ErrVerdict].
func Rulings(findings []Finding, p Policy, v Verdict) ([]Ruling, error) {
	if p.SHA256() != v.PolicySHA256 {
		return nil, fmt.Errorf("%w: policy_sha256 is another policy's", ErrVerdict)
	}
	ordered := inOrder(findings)
	sieve := newSieve(newWaivers(p.Exceptions, p.judgedAt(ordered, v.ExceptedCount)), p.Baseline)
	rulings := make([]Ruling, len(ordered))
	counted, places := make([]*Finding, 0, len(ordered)), make(map[*Finding]int, len(ordered))
	var excepted, baselined, violations int64
	for i, finding := range ordered {
		standing, waiver := sieve.standing(finding)
		rulings[i] = Ruling{Finding: *finding, Standing: standing}
		switch standing {
		case Excepted:
			rulings[i].Reason, rulings[i].Until = waiver.reason, waiver.end
			excepted++
		case Baselined:
			baselined++
		default:
			counted, places[finding] = append(counted, finding), i
		}
	}
	for _, breach := range p.breaches(counted) {
		ruling := &rulings[places[breach.Finding]]
		ruling.Standing, ruling.Rules = Violating, breach.rules
		violations += int64(len(breach.rules))
	}
	for _, figure := range []struct {
		name        string
		own, stated int64
	}{
		{"excepted_count", excepted, v.ExceptedCount},
		{"baselined_count", baselined, v.BaselinedCount},
		{"violation_count", violations, v.ViolationCount},
	} {
		if figure.own != figure.stated {
			return nil, fmt.Errorf("%w: %s is %d, the findings give %d", ErrVerdict, figure.name, figure.stated, figure.own)
		}
	}
	return rulings, nil
}

// judgedAt returns a time at which the exceptions in force take out as many findings as were counted.
// As time goes on exceptions only end, so the sets of findings that they take out are nested: two of
// the same size are the same set, and the time may be searched for by halves.
func (p Policy) judgedAt(findings []*Finding, excepted int64) time.Time {
	times := []time.Time{{}} // before any end
	for _, exception := range p.Exceptions {
		if end, err := ParseExpiry(exception.ExpiresAt); err == nil {
			times = append(times, end)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	at := sort.Search(len(times)-1, func(i int) bool {
		waivers := newWaivers(p.Exceptions, times[i])
		for _, finding := range findings {
			waivers.cover(finding)
		}
		return int64(len(waivers.ends)) <= excepted
	})
	return times[at]
}

// Violators returns the findings that a verdict lists, worst first, each once with all its rules. They
// are all that break rules only where the verdict lists as many violations as it counts.
func (v Verdict) Violators() []Ruling {
	type identity struct{ fingerprint, md5, name string }
	places := make(map[identity]int, len(v.Violations))
	var rulings []Ruling
	for _, violation := range v.Violations {
		id := identity{violation.Fingerprint, violation.AppMD5, violation.Name}
		place, known := places[id]
		if !known {
			place = len(rulings)
			places[id] = place
			rulings = append(rulings, Ruling{Finding: violation.Finding, Standing: Violating})
		}
		rulings[place].Rules = append(rulings[place].Rules, violation.Rule)
	}
	return rulings
}
