package gate

// breach is one finding with all the rules that it breaks, at least one.
type breach struct {
	*Finding
	rules []Rule
	// text replaces the description of the finding in the message, where a count was judged.
	text string
}

// breaches holds each finding against every rule and keeps their order. The rules do not know of each
// other, so none relaxes another.
func (p Policy) breaches(findings []*Finding) []breach {
	rules := p.compile(findings)
	var breaches []breach
	for _, finding := range findings {
		if broken := rules.brokenBy(finding); len(broken) > 0 {
			breaches = append(breaches, breach{Finding: finding, rules: broken})
		}
	}
	return breaches
}

// Rules returns the rules that the policy has, in the order in which a finding's are listed.
func (p Policy) Rules() []Rule {
	rules := []Rule{RuleFailOn}
	if len(p.MaxFindings) > 0 {
		rules = append(rules, RuleMaxFindings)
	}
	if len(p.DeniedCategories) > 0 {
		rules = append(rules, RuleDeniedCategory)
	}
	if len(p.DeniedIDs) > 0 {
		rules = append(rules, RuleDeniedID)
	}
	return rules
}

// rulebook is a policy made ready for many findings.
type rulebook struct {
	failOn           Severity
	overfull         map[Severity]bool // severities with more findings than max_findings allows
	unknownBounded   bool              // max_findings names unknown
	deniedCategories map[Category]bool
	deniedIDs        map[string]bool
}

func (p Policy) compile(findings []*Finding) rulebook {
	rules := rulebook{
		failOn:           p.failOn(),
		overfull:         make(map[Severity]bool),
		deniedCategories: make(map[Category]bool),
		deniedIDs:        make(map[string]bool),
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
	for _, id := range p.DeniedIDs {
		rules.deniedIDs[caseless(id)] = true
	}
	return rules
}

func (r rulebook) brokenBy(f *Finding) []Rule {
	var broken []Rule
	if r.failsBySeverity(f.Severity) {
		broken = append(broken, RuleFailOn)
	}
	if r.overfull[f.Severity.known()] {
		broken = append(broken, RuleMaxFindings)
	}
	if r.deniedCategories[f.Category] {
		broken = append(broken, RuleDeniedCategory)
	}
	if len(r.deniedIDs) > 0 && (r.deniedIDs[caseless(f.ID)] || f.obscured()) {
		broken = append(broken, RuleDeniedID)
	}
	return broken
}

// failsBySeverity judges by fail_on. At none, an unknown severity still fails unless max_findings
// says how many of them are acceptable: an unreadable severity must not slip past both rules.
func (r rulebook) failsBySeverity(severity Severity) bool {
	if r.failOn == FailOnNone {
		return severity.known() == Unknown && !r.unknownBounded
	}
	return severity.failsAt(r.failOn)
}
