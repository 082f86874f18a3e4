package gate

import (
	"slices"
	"time"
)

// Kind says what the value of a rule is, and with that how it is written, merged and shown.
type Kind int

// The kinds of rules.
const (
	KindSeverity     Kind = iota // a level of fail_on; merging takes the severest
	KindCounts                   // a count for each severity; the smallest of each
	KindCategories               // a set of categories; united
	KindDenials                  // denied ids by category; united
	KindExceptions               // united
	KindFingerprints             // a set of fingerprints; united
	KindAge                      // a duration above zero; the smallest
	KindScanTypes                // a set of scan types; united
	KindMD5s                     // a set of MD5s; united
	KindQuuids                   // a set of machines; united
	KindCount                    // a count from 0 up; the smallest
	KindPermission               // a truth value that relaxes the gate; true only where every place says so
	KindSetting                  // a truth value that judges nothing
	KindEnforcement              // what a verdict does
)

// RuleInfo is a row of the table of rules: everything about a rule but how it judges. Schema, policy
// document, merging, canonical form and JSON Schema are made from it.
type RuleInfo struct {
	// Name is that of the argument in a gate block, and of the key in a policy document. Block is the name
	// where it is a repeatable block, which stands for one element.
	Name, Block string
	Kind        Kind
	// Sources have the rule; none stands for all.
	Sources []Source
	// Document reports whether a policy document may hold it: not what names a release or a run.
	Document bool
	// Always reports whether the canonical form of version 1 writes the rule out where it has its default. A
	// rule that was added later must not, so that no digest changes.
	Always bool
	// Undigested says that the rule is not part of the canonical form.
	Undigested bool
	// Description says what the rule demands, in Markdown, with its default.
	Description string

	field func(*Policy) any
}

// withFindings are the sources that list findings.
var withFindings = []Source{SourceScanResults, SourceAPKDetection, SourceHostScan, SourceHosts, SourceImage}

// rules is the table of rules, in the order in which a reader meets them.
var rules = []RuleInfo{
	{
		Name: "required_md5s", Kind: KindMD5s, Sources: []Source{SourceScanResults}, Undigested: true,
		Description: "MD5s of the packages that the verdict is about: each must be among the results, and scanned.",
		field:       func(p *Policy) any { return &p.RequiredMD5s },
	},
	{
		Name: "required_scan_types", Kind: KindScanTypes, Sources: []Source{SourceScanResults}, Document: true, Always: true,
		Description: "Scan types whose results must be there. Default: `VULSCAN` and `VIRUSSCAN`.",
		field:       func(p *Policy) any { return &p.RequiredScanTypes },
	},
	{
		Name: "required_machines", Kind: KindQuuids, Sources: []Source{SourceHostScan}, Undigested: true,
		Description: "Quuids of machines, each of which must be among the scanned ones with status `Ok`. Default: none.",
		field:       func(p *Policy) any { return &p.RequiredMachines },
	},
	{
		Name: "max_failed_machines", Kind: KindCount, Sources: []Source{SourceHostScan, SourceHosts}, Document: true, Always: true,
		Description: "Maximum number of machines that were not scanned to the end; at least one must have been. Default: `0`.",
		field:       func(p *Policy) any { return &p.MaxFailedMachines },
	},
	{
		Name: "max_found_vul", Kind: KindCount, Sources: []Source{SourceImageScan}, Document: true, Always: true,
		Description: "Maximum number of vulnerabilities in local images. Default: `0`.",
		field:       func(p *Policy) any { return &p.MaxFoundVul },
	},
	{
		Name: "max_registry_found_vul", Kind: KindCount, Sources: []Source{SourceImageScan}, Document: true, Always: true,
		Description: "Maximum number of vulnerabilities in registry images. Default: `0`.",
		field:       func(p *Policy) any { return &p.MaxRegistryFoundVul },
	},
	{
		Name: "max_found_risk_image", Kind: KindCount, Sources: []Source{SourceImageScan}, Document: true,
		Description: "Maximum number of images at risk. Default: no limit.",
		field:       func(p *Policy) any { return &p.MaxFoundRiskImage },
	},
	{
		Name: "fail_on", Kind: KindSeverity, Sources: withFindings, Document: true, Always: true,
		Description: "Severity at and above which a finding fails: `none`, `critical`, `high`, `medium`, `low` or `info`. " +
			"`none` is allowed only beside `max_findings`. A finding of unknown severity fails at every level, at `none` too unless `max_findings` names `unknown`. " +
			"Malicious code (virus, malware, repackaged) fails at every level. Default: `high`.",
		field: func(p *Policy) any { return &p.FailOn },
	},
	{
		Name: "max_findings", Kind: KindCounts, Sources: withFindings, Document: true, Always: true,
		Description: "Maximum number of findings per severity, as in `{ medium = 10, unknown = 0 }`. Default: no limit.",
		field:       func(p *Policy) any { return &p.MaxFindings },
	},
	{
		Name: "denied_categories", Kind: KindCategories, Sources: withFindings, Document: true, Always: true,
		Description: "Categories of which any finding fails, whatever its severity. The scan must have looked for them. Default: none.",
		field:       func(p *Policy) any { return &p.DeniedCategories },
	},
	{
		Name: "denied", Block: "denied", Kind: KindDenials, Sources: withFindings, Document: true, Always: true,
		Description: "A finding that fails by its id, whatever its severity. Ids are compared without regard to case and surrounding space; " +
			"a finding whose id is missing or unreadable counts as the denied one. The scan must have looked for the category. A denied id cannot be excepted.",
		field: func(p *Policy) any { return &p.Denied },
	},
	{
		Name: "exceptions", Block: "exception", Kind: KindExceptions, Sources: withFindings, Document: true, Always: true,
		Description: "A finding that may pass for a while. Every field given must match. " +
			"A vulnerability without an id cannot be excepted, and an exception for `unrated` cannot replace the missing rating: the outcome is then `incomplete`. " +
			"An exception that expires within 14 days is a warning; one that has expired no longer counts.",
		field: func(p *Policy) any { return &p.Exceptions },
	},
	{
		Name: "baseline", Kind: KindFingerprints, Sources: withFindings, Document: true, Always: true,
		Description: "Fingerprints of known findings, which do not count, as recorded by `record_fingerprints`. " +
			"Viruses, malware, risky software, unrated and repackaged apps and findings inferred from a risk count always count. Default: none.",
		field: func(p *Policy) any { return &p.Baseline },
	},
	{
		Name: "record_fingerprints", Kind: KindSetting, Sources: withFindings, Undigested: true,
		Description: "Whether `verdict.fingerprints` lists the fingerprints of all findings that a baseline may hold. Default: `false`.",
		field:       func(p *Policy) any { return &p.RecordFingerprints },
	},
	{
		Name: "max_age", Kind: KindAge, Sources: []Source{SourceScanResults, SourceHostScan, SourceHosts, SourceImageScan, SourceImage}, Document: true, Always: true,
		Description: "Maximum age of the oldest scan, a duration above zero, as in `168h`. The start of a scan counts, or its end if no start is given. " +
			"A time that is missing, unreadable or in the future makes the verdict incomplete. Times without a zone are read as UTC+8. Default: no limit.",
		field: func(p *Policy) any { return &p.MaxAge },
	},
	{
		Name: "accept_service_ignores", Kind: KindPermission, Sources: []Source{SourceHosts, SourceImage}, Document: true,
		Description: "Whether findings that the service is set to ignore may pass. Default: `false`.",
		field:       func(p *Policy) any { return &p.AcceptServiceIgnores },
	},
	{
		Name: "allow_narrowed", Kind: KindPermission, Sources: []Source{SourceHostScan, SourceHosts}, Document: true,
		Description: "Whether a scan that was narrowed to single vulnerabilities or patches may pass. Default: `false`.",
		field:       func(p *Policy) any { return &p.AllowNarrowed },
	},
	{
		Name: "enforcement", Kind: KindEnforcement, Always: true,
		Description: "What anything but a pass does: `mandatory` is an error, `advisory` a warning, `none` leaves it to the attribute, " +
			"for a `postcondition` on `self.verdict.passed`. Default: `mandatory`.",
		field: func(p *Policy) any { return &p.Enforcement },
	},
}

// Rules returns the table of rules of a source, in order; of all sources for an empty source.
func Rules(source Source) []RuleInfo {
	return slices.DeleteFunc(slices.Clone(rules), func(r RuleInfo) bool { return source != "" && !r.Of(source) })
}

// Of reports whether the source has the rule.
func (r RuleInfo) Of(source Source) bool {
	return len(r.Sources) == 0 || slices.Contains(r.Sources, source)
}

// Argument returns the name under which a gate block has the rule.
func (r RuleInfo) Argument() string {
	if r.Block != "" {
		return r.Block
	}
	return r.Name
}

// Field returns a pointer to the rule's field of a policy. Its type follows from the kind:
// *Severity, *map[Severity]int64, *[]Category, *[]Denial, *[]Exception, *[]string, *time.Duration, **int64,
// **bool, *bool or *Enforcement.
func (r RuleInfo) Field(p *Policy) any { return r.field(p) }

// Written reports whether the policy writes the rule.
func (r RuleInfo) Written(p Policy) bool {
	switch value := r.field(&p).(type) {
	case *Severity:
		return *value != ""
	case *map[Severity]int64:
		return *value != nil
	case *[]Category:
		return *value != nil
	case *[]Denial:
		return *value != nil
	case *[]Exception:
		return *value != nil
	case *[]string:
		return *value != nil
	case *time.Duration:
		return *value != 0
	case **int64:
		return *value != nil
	case **bool:
		return *value != nil
	case *bool:
		return *value
	case *Enforcement:
		return *value != ""
	}
	panic("a rule of a type that nobody knows: " + r.Name) // a test walks the table
}

// Rule names a rule that a finding or count violates, as [Violation] does.
type Rule string

// The rules that findings can violate, and the limits of the sources that only count.
const (
	RuleFailOn              Rule = "fail_on"
	RuleMaxFindings         Rule = "max_findings"
	RuleDeniedCategory      Rule = "denied_category"
	RuleDeniedID            Rule = "denied_id"
	RuleMaxFoundVul         Rule = "max_found_vul"
	RuleMaxRegistryFoundVul Rule = "max_registry_found_vul"
	RuleMaxFoundRiskImage   Rule = "max_found_risk_image"
)
