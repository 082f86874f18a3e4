package policyfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// version is that of the form of a document.
const version = "1"

// The keys of a document, in order.
const (
	keyVersion = "version"
	keyGate    = "gate"
	keySources = "sources"
)

// place is a part of a document that holds rules. What may be in it follows from the data sources that it
// is for.
type place struct {
	path       string // as `sources.ms_scan_results`; empty for the top level
	source     gate.Source
	rules      []gate.RuleInfo
	categories []gate.Category
	scopes     []gate.Scope
}

// topLevel tells whether the rules of a kind are at the top level of a document rather than in its section
// gate: what they say is about a finding, whoever reports it.
func topLevel(kind gate.Kind) bool {
	return kind == gate.KindExceptions || kind == gate.KindDenials
}

// documentRules returns the rules that a document may hold for a source, or for all of them.
func documentRules(source gate.Source, keep func(gate.Kind) bool) []gate.RuleInfo {
	return slices.DeleteFunc(gate.Rules(source), func(r gate.RuleInfo) bool { return !r.Document || !keep(r.Kind) })
}

// rootPlace is the top level, gatePlace the section gate.
func rootPlace() place {
	return place{rules: documentRules("", topLevel), categories: gate.AllCategories(), scopes: gate.AllScopes()}
}

func gatePlace() place {
	p := rootPlace()
	p.path = keyGate
	p.rules = documentRules("", func(kind gate.Kind) bool { return !topLevel(kind) })
	return p
}

// sourcePlace is the section of a data source.
func sourcePlace(source gate.Source) place {
	return place{
		path: keySources + "." + string(source), source: source,
		rules:      documentRules(source, func(gate.Kind) bool { return true }),
		categories: gate.Categories(source), scopes: gate.Scopes(source),
	}
}

// names returns the keys of the rules of a place.
func (p place) names() []string {
	names := make([]string, len(p.rules))
	for i, rule := range p.rules {
		names[i] = rule.Name
	}
	return names
}

// at returns the path of a key of a place.
func (p place) at(key string) string {
	if p.path == "" {
		return key
	}
	return p.path + "." + key
}

// Read reads a policy document, YAML or JSON. Its error joins one [*Error] for each fault.
func Read(text string) (*Document, error) {
	r := reader{faults{bad: map[*yaml.Node]bool{}}}
	document := &Document{sources: map[gate.Source]gate.Policy{}}
	if root := r.parse(text); root != nil {
		r.document(root, document)
	}
	if err := r.join(); err != nil {
		return nil, err
	}
	return document, nil
}

// reader reads nodes into policies and collects what is wrong with them.
type reader struct{ faults }

// document reads the top level.
func (r *reader) document(root *yaml.Node, d *Document) {
	if !r.isMapping(root, "the document") {
		return
	}
	known, place := []string{keyVersion, keyGate, keySources}, rootPlace()
	known = append(known, place.names()...)
	versioned := false
	for key, value := range pairs(root) {
		versioned = versioned || key.Value == keyVersion
		switch {
		case r.done(key):
		case key.Value == keyVersion:
			if number, ok := r.plain(value, keyVersion, "the number "+version); ok && number != version {
				r.add(value, "version: %s is not supported; this version of the provider reads version %s", quote(number), version)
			}
		case key.Value == keyGate:
			r.place(value, gatePlace(), &d.common)
		case key.Value == keySources:
			r.sources(value, d)
		case r.rule(key, value, place, &d.common):
		default:
			r.unknown(key, "", instead(key.Value, known))
		}
	}
	if !versioned {
		r.add(root, "version: %s is required at the top level", version)
	}
}

// sources reads the sections of data sources.
func (r *reader) sources(n *yaml.Node, d *Document) {
	if !r.isMapping(n, keySources) {
		return
	}
	for key, value := range pairs(n) {
		source := gate.Source(key.Value)
		switch {
		case r.done(key):
		case slices.Contains(gate.Sources(), source):
			var policy gate.Policy
			r.place(value, sourcePlace(source), &policy)
			d.sources[source] = policy
		default:
			r.unknown(key, keySources, instead(key.Value, gate.Sources()))
		}
	}
}

// place reads a section of rules.
func (r *reader) place(n *yaml.Node, p place, into *gate.Policy) {
	if !r.isMapping(n, p.path) {
		return
	}
	for key, value := range pairs(n) {
		if !r.done(key) && !r.rule(key, value, p, into) {
			r.unknown(key, p.path, instead(key.Value, p.names()))
		}
	}
}

// rule reads one rule, or tells where else it belongs. It returns false for a key that is no rule at all.
func (r *reader) rule(key, value *yaml.Node, p place, into *gate.Policy) bool {
	named := func(rule gate.RuleInfo) bool { return rule.Name == key.Value }
	if i := slices.IndexFunc(p.rules, named); i >= 0 {
		rule := p.rules[i]
		forms[rule.Kind].read(r, value, p, p.at(rule.Name), rule.Field(into))
		return true
	}
	all := gate.Rules("")
	i := slices.IndexFunc(all, named)
	if i < 0 {
		return false
	}
	switch rule := all[i]; {
	case !rule.Document:
		r.add(key, "%s cannot be in a policy document, which serves many releases and runs; write it in the gate block", p.at(rule.Name))
	case p.source != "":
		r.add(key, "%s: %s does not have this rule; it is one of %s", p.at(rule.Name), p.source, list(rule.Sources))
	case topLevel(rule.Kind):
		r.add(key, "%s belongs at the top level of the document, or under %s", p.at(rule.Name), keySources)
	default:
		r.add(key, "%s belongs under %s, or under %s", rule.Name, keyGate, keySources)
	}
	return true
}

// unknown refuses a key; hint says what to write instead.
func (r *reader) unknown(key *yaml.Node, path, hint string) {
	where := "at the top level"
	if path != "" {
		where = "in " + path
	}
	r.add(key, "unknown key %s %s; %s", quote(key.Value), where, hint)
}

// isMapping, isList and text refuse nodes of another kind. What is marked as bad is refused already.

func (r *reader) isMapping(n *yaml.Node, path string) bool {
	return r.is(n, yaml.MappingNode, path, "a mapping")
}

func (r *reader) isList(n *yaml.Node, path string) bool {
	return r.is(n, yaml.SequenceNode, path, "a list")
}

func (r *reader) text(n *yaml.Node, path string) (string, bool) {
	return n.Value, r.is(n, yaml.ScalarNode, path, "text")
}

func (r *reader) is(n *yaml.Node, kind yaml.Kind, path, what string) bool {
	if r.done(n) {
		return false
	}
	if n.Kind != kind {
		r.add(n, "%s must be %s, not %s", path, what, kindName(n.Kind))
		return false
	}
	return true
}

// plain returns a scalar without quotes, as numbers and truth values are.
func (r *reader) plain(n *yaml.Node, path, what string) (string, bool) {
	if r.done(n) {
		return "", false
	}
	if n.Kind != yaml.ScalarNode {
		r.add(n, "%s must be %s, not %s", path, what, kindName(n.Kind))
		return "", false
	}
	if n.Style&^yaml.TaggedStyle != 0 {
		r.add(n, "%s must be %s without quotes, not the text %s", path, what, quote(n.Value))
		return "", false
	}
	return n.Value, true
}

func kindName(kind yaml.Kind) string {
	switch kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}
