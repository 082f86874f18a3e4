package gate

import "fmt"

// violated is one finding with all the rules that it violates, at least one.
type violated struct {
	*Finding
	rules []Rule
	// text replaces the description of the finding in the message, where a count was judged.
	text string
}

// violations compares each finding with every rule and keeps their order. The rules do not know of each
// other, so none relaxes another.
func (p Policy) violations(findings []*Finding) []violated {
	rules := p.compile(findings)
	var violations []violated
	for _, finding := range findings {
		if broken := rules.violatedBy(finding); len(broken) > 0 {
			violations = append(violations, violated{Finding: finding, rules: broken})
		}
	}
	return violations
}

// exceeded returns the counts that are above their limits. Their severity is unknown: the service counts,
// and says nothing of how bad what it counted is.
func (e Evidence) exceeded() []violated {
	var violations []violated
	for _, limit := range e.Limits {
		count, _ := limit.Value.Get()
		if count <= limit.Bound {
			continue
		}
		text := fmt.Sprintf("%d %s, %d allowed", count, limit.What, limit.Bound)
		findings := identify([]Finding{{
			Category: Vulnerability, Severity: Unknown, ID: string(limit.Rule), Name: text, Anonymous: true, FromCount: true,
		}})
		violations = append(violations, violated{Finding: &findings[0], rules: []Rule{limit.Rule}, text: text})
	}
	return violations
}

// JudgingRules returns the rules by which the policy judges findings, in the order in which a finding's are
// listed.
func (p Policy) JudgingRules() []Rule {
	rules := []Rule{RuleFailOn}
	if len(p.MaxFindings) > 0 {
		rules = append(rules, RuleMaxFindings)
	}
	if len(p.DeniedCategories) > 0 {
		rules = append(rules, RuleDeniedCategory)
	}
	if len(p.Denied) > 0 {
		rules = append(rules, RuleDeniedID)
	}
	return rules
}

// compiled is a policy prepared for many findings.
type compiled struct {
	failOn           Severity
	overfull         map[Severity]bool // severities with more findings than max_findings allows
	unknownBounded   bool              // max_findings names unknown
	deniedCategories map[Category]bool
	denied           map[kind]bool
	deniesIn         map[Category]bool // categories in which an id is denied
}

func (p Policy) compile(findings []*Finding) compiled {
	rules := compiled{
		failOn:           p.failOn(),
		overfull:         make(map[Severity]bool),
		deniedCategories: make(map[Category]bool),
		denied:           make(map[kind]bool),
		deniesIn:         make(map[Category]bool),
	}
	counts := make(map[Severity]int64, len(worstFirst))
	for _, finding := range findings {
		counts[finding.Severity.known()]++
	}
	for severity, limit := range p.MaxFindings {
		rules.overfull[severity] = counts[severity] > limit
	}
	_, rules.unknownBounded = p.MaxFindings[Unknown]
	for _, category := range p.DeniedCategories {
		rules.deniedCategories[category] = true
	}
	for _, d := range p.Denied {
		rules.denied[kind{d.Category, caseless(d.ID)}] = true
		rules.deniesIn[d.Category] = true
	}
	return rules
}

func (r compiled) violatedBy(f *Finding) []Rule {
	var broken []Rule
	if categories[f.Category].malicious || r.failsBySeverity(f.Severity) {
		broken = append(broken, RuleFailOn)
	}
	if r.overfull[f.Severity.known()] {
		broken = append(broken, RuleMaxFindings)
	}
	if r.deniedCategories[f.Category] {
		broken = append(broken, RuleDeniedCategory)
	}
	if r.deniesID(f) {
		broken = append(broken, RuleDeniedID)
	}
	return broken
}

// denies tells whether a finding fails by its category or id, whatever its severity.
func (r compiled) denies(f *Finding) bool { return r.deniedCategories[f.Category] || r.deniesID(f) }

func (r compiled) deniesID(f *Finding) bool {
	return r.deniesIn[f.Category] && (f.Unnamed || f.isRedacted() || r.denied[kind{f.Category, caseless(f.ID)}])
}

// failsBySeverity judges by fail_on. At none, an unknown severity still fails unless max_findings
// says how many of them are acceptable: an unreadable severity must not slip past both rules.
func (r compiled) failsBySeverity(severity Severity) bool {
	if r.failOn == FailOnNone {
		return severity.known() == Unknown && !r.unknownBounded
	}
	return severity.failsAt(r.failOn)
}
