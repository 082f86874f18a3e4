package functions

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// shape is how a data source is known by its attributes, and how it is read.
type shape struct {
	source gate.Source
	// attributes are those that are read. All must be there: a part of a data source could lack the
	// very attribute that says that it did not pass.
	attributes []string
	// optional are those that say more, and nothing about whether it passed.
	optional []string
	// read reads the attributes as JSON, and the gate as it came.
	read func(document []byte, block tftypes.Value) (report.Scan, error)
}

// shapes are those of the provider's data sources.
var shapes = []shape{
	{gate.SourceScanResults, []string{"item_id", "status", "summary", "include_details", "scan_set", "verdict"}, nil, readScanResults},
	{gate.SourceAPKDetection, []string{"apk_md5", "app_pkg_name", "result", "summary", "result_list", "verdict"}, nil, readAPKDetection},
	{gate.SourceHostScan, []string{"module_type", "task_id", "status", "summary", "scan_task_detail_list", "vul_info", "verdict"}, []string{"scan_begin_time", "scan_end_time"}, readHostScan},
	{gate.SourceHosts, []string{"module_type", "quuids", "task_id", "status", "summary", "include_details", "machines", "findings", "verdict"}, []string{"scan_begin_time", "scan_end_time"}, readHostFindings},
	{gate.SourceImageScan, []string{"local_task_id", "registry_task_id", "status", "local_image_scan_count", "registry_image_scan_count",
		"found_vul_count", "registry_found_vul_count", "found_risk_image_count", "ignore_vul_count", "verdict"},
		[]string{"scan_start_time", "scan_end_time"}, readImageScan},
	{gate.SourceImage, []string{"image", "local_image_id", "repo_address", "image_tags", "scan_status", "virus_count", "summary", "include_details", "vulnerabilities", "verdict"},
		[]string{"scan_time"}, readImageFindings},
}

// scanOf reads a data source. Its error says in which way the value is none.
func scanOf(value tftypes.Value) (report.Scan, error) {
	if !value.IsKnown() {
		return report.Scan{}, errUnknown
	}
	attributes, ok := attributesOf(value)
	if !ok {
		return report.Scan{}, fmt.Errorf("the value is %w, of which a renderer takes one as a whole, or a list of them", errShape)
	}
	for _, shape := range shapes {
		if hasAll(attributes, append(shape.attributes, "gate")) {
			document, err := documentOf(shape.named(attributes), attributes)
			if err != nil {
				return report.Scan{}, err
			}
			scan, err := shape.read(document, attributes["gate"])
			if err != nil {
				return report.Scan{}, fmt.Errorf("the value has the attributes of %s, but %w", shape.source, err)
			}
			scan.Source = shape.source
			return scan, nil
		}
	}
	return report.Scan{}, fmt.Errorf("the object is %w: give a whole data source, as in data.ms_scan_results.app, with all its attributes, or a list of them; "+
		"of one with for_each give values(…)", errShape)
}

// named returns the attributes that are read.
func (s shape) named(attributes map[string]tftypes.Value) []string {
	names := slices.Clone(s.attributes)
	for _, name := range s.optional {
		if _, ok := attributes[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

func hasAll(attributes map[string]tftypes.Value, names []string) bool {
	for _, name := range names {
		if _, ok := attributes[name]; !ok {
			return false
		}
	}
	return true
}

// documentOf returns the named attributes as JSON.
func documentOf(names []string, attributes map[string]tftypes.Value) ([]byte, error) {
	document := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			document = append(document, ',')
		}
		var err error
		if document, err = appendJSON(append(appendText(document, serviceName(name)), ':'), attributes[name]); err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
	}
	return append(document, '}'), nil
}

// judged is what the data sources with findings have in common.
type judged struct {
	Summary *gate.Summary    `json:"Summary"`
	Verdict *verdictDocument `json:"Verdict"`
	block   tftypes.Value    // the gate
}

// factual is what a source established; the data sources derive their findings by the same method.
type factual interface {
	Evidence(gate.Policy) gate.Evidence
}

// show adds the findings to a scan, with what the gate made of them.
func (j judged) show(scan *report.Scan, source gate.Source, facts factual) error {
	j.Verdict.show(scan)
	scan.Summary = j.Summary
	policy, err := j.policy(source)
	if err != nil {
		return err
	}
	if scan.Partial == "" {
		findings := facts.Evidence(policy).Findings
		j.rule(scan, policy, findings)
		if own := gate.Summarize(findings); j.Summary != nil && own != *j.Summary {
			scan.Notes = append(scan.Notes, fmt.Sprintf("Findings given: %d, but the summary counts %d: this is not as the data source gave it.", own.Total, j.Summary.Total))
		}
	}
	if j.Verdict == nil {
		return nil
	}
	scan.Rules = policy.JudgingRules()
	if scan.Partial != "" {
		scan.Findings = scan.Verdict.Violators()
	}
	return nil
}

// policy returns the policy of the gate; without a gate, one that gathers findings by the defaults, as
// the data sources do.
func (j judged) policy(source gate.Source) (gate.Policy, error) {
	if block, ok := tf.NewGateBlock(source, j.block); ok {
		return block.Policy()
	}
	if j.Verdict != nil {
		return gate.Policy{}, errors.New("there is a verdict, but no gate")
	}
	return gate.Policy{Source: source}, nil
}

// rule adds what the gate made of each finding, as far as that can be told.
func (j judged) rule(scan *report.Scan, policy gate.Policy, findings []gate.Finding) {
	if j.Verdict == nil {
		scan.Findings = unjudged(findings)
		return
	}
	rulings, err := gate.Judge(findings, policy, *scan.Verdict)
	if err != nil {
		scan.Notes = append(scan.Notes, fmt.Sprintf("What the gate made of each finding cannot be told but for the violations that its verdict lists (%s).", err))
		rulings = listed(findings, scan.Verdict)
	}
	scan.Findings = rulings
}

func unjudged(findings []gate.Finding) []gate.JudgedFinding {
	rulings := make([]gate.JudgedFinding, len(findings))
	for i := range findings {
		rulings[i].Finding = findings[i]
	}
	return rulings
}

// listed returns the violations that a verdict lists, and the findings that are not among them.
func listed(findings []gate.Finding, verdict *gate.Verdict) []gate.JudgedFinding {
	rulings := verdict.Violators()
	known := make(map[string]bool, len(rulings))
	for i := range rulings {
		known[rulings[i].Fingerprint+rulings[i].AppMD5] = true
	}
	for _, ruling := range unjudged(findings) {
		if !known[ruling.Fingerprint+ruling.AppMD5] {
			rulings = append(rulings, ruling)
		}
	}
	return rulings
}
