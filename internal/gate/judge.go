package gate

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"
)

// FindingStatus is what a policy made of a finding.
type FindingStatus string

// The statuses. A finding that nothing judged has none, the empty one.
const (
	StatusViolation FindingStatus = "violation" // it violates a rule
	StatusAllowed   FindingStatus = "allowed"   // it counts, and violates no rule
	StatusExcepted  FindingStatus = "excepted"  // an exception takes it out
	StatusBaselined FindingStatus = "baselined" // the baseline takes it out
	StatusIgnored   FindingStatus = "ignored"   // the service is set to ignore it, and the policy accepts that
)

// JudgedFinding is a finding with what a policy made of it.
type JudgedFinding struct {
	Finding
	Status FindingStatus
	Rules  []Rule // those that it violates
	// Reason and Until are those of the exception, where it is excepted.
	Reason string
	Until  time.Time
}

// ErrVerdict says that a verdict is not one of the findings and the policy given; the texts of the
// wrapped errors name the figure that differs.
var ErrVerdict = errors.New("verdict")

// Judge says what became of each finding in a verdict of [Evaluate], worst first, for a reader that
// has no clock: which exceptions were in force follows from how many findings they took out. Findings,
// policy and verdict must belong together, which the digest of the policy and the counts of the
// verdict have to prove; if they do not, the error wraps [ErrVerdict].
func Judge(findings []Finding, p Policy, v Verdict) ([]JudgedFinding, error) {
	if p.SHA256() != v.PolicySHA256 {
		return nil, fmt.Errorf("%w: policy_sha256 is another policy's", ErrVerdict)
	}
	ordered := inOrder(findings)
	filter := newFilter(newExceptionIndex(p.Exceptions, p.judgedAt(ordered, v.ExceptedCount)), p)
	judged := make([]JudgedFinding, len(ordered))
	counted, places := make([]*Finding, 0, len(ordered)), make(map[*Finding]int, len(ordered))
	var excepted, baselined, violations int64
	for i, finding := range ordered {
		status, exception := filter.status(finding)
		judged[i] = JudgedFinding{Finding: *finding, Status: status}
		switch status {
		case StatusExcepted:
			judged[i].Reason, judged[i].Until = exception.reason, exception.end
			excepted++
		case StatusBaselined:
			baselined++
		case StatusIgnored:
		default:
			counted, places[finding] = append(counted, finding), i
		}
	}
	for _, violation := range p.violations(counted) {
		one := &judged[places[violation.Finding]]
		one.Status, one.Rules = StatusViolation, violation.rules
		violations += int64(len(violation.rules))
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
	return judged, nil
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
		index := newExceptionIndex(p.Exceptions, times[i])
		for _, finding := range findings {
			index.cover(finding)
		}
		return int64(len(index.ends)) <= excepted
	})
	return times[at]
}

// Violators returns the findings that a verdict lists, worst first, each once with all its rules. They
// are all that violate rules only where the verdict lists as many violations as it counts.
func (v Verdict) Violators() []JudgedFinding {
	type identity struct{ fingerprint, md5, name string }
	places := make(map[identity]int, len(v.Violations))
	var judged []JudgedFinding
	for _, violation := range v.Violations {
		id := identity{violation.Fingerprint, violation.AppMD5, violation.Name}
		place, known := places[id]
		if !known {
			place = len(judged)
			places[id] = place
			judged = append(judged, JudgedFinding{Finding: violation.Finding, Status: StatusViolation})
		}
		judged[place].Rules = append(judged[place].Rules, violation.Rule)
	}
	return judged
}
