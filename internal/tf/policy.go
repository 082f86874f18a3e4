package tf

import (
	"fmt"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/policyfile"
)

// GateBlock is what a `gate` block writes, in the raw values of the plugin protocol: both the data sources
// and the functions that render reports read gates in this one way.
type GateBlock struct {
	arguments map[string]tftypes.Value
	source    gate.Source
}

// NewGateBlock reads the arguments of a gate; false where the value is null, unknown or no object: there is
// no gate, or none that can be told yet.
func NewGateBlock(source gate.Source, block tftypes.Value) (GateBlock, bool) {
	if !block.IsKnown() || block.IsNull() {
		return GateBlock{}, false
	}
	var arguments map[string]tftypes.Value
	if block.As(&arguments) != nil {
		return GateBlock{}, false
	}
	return GateBlock{arguments, source}, true
}

// Policy returns the rules of the gate: those that the block writes, and those of its policy document, merged.
// The error joins one line for each fault.
func (b GateBlock) Policy() (gate.Policy, error) {
	block, err := b.own()
	if err != nil || !b.written("policy") {
		return block, err
	}
	text, err := textOf(b.arguments["policy"], "")
	if err != nil {
		return block, fmt.Errorf("gate.policy: %w", err)
	}
	document, err := policyfile.Read(text)
	if err != nil {
		return block, err
	}
	return gate.Merge(b.source, append(document.For(b.source), block)...), nil
}

// own returns the rules that the block itself writes. Values that are not known yet, which is so only
// while validating, are replaced by placeholders that pass every check, so that the rest is checked.
// The error names the argument that is not of the type that the schema gives it.
func (b GateBlock) own() (gate.Policy, error) {
	policy := gate.Policy{Source: b.source}
	for _, rule := range gate.Rules(b.source) {
		value, ok := b.arguments[rule.Argument()]
		if !ok || value.IsNull() {
			continue
		}
		if err := b.read(rule, value, rule.Field(&policy)); err != nil {
			return policy, fmt.Errorf("gate.%s: %w", rule.Argument(), err)
		}
	}
	return policy, nil
}

// written reports whether an argument is there, and known.
func (b GateBlock) written(name string) bool {
	value, ok := b.arguments[name]
	return ok && value.IsKnown() && !value.IsNull()
}

// Placeholders for values that are not known while validating. They pass every check.
const (
	placeholderHex    = "00000000000000000000000000000000" // an MD5, or a fingerprint
	placeholderText   = "not known yet"
	placeholderDenied = "not known yet, but denied" // another: what is denied cannot be excepted
	placeholderExpiry = "9999-12-31"
)

// read reads one argument into the field of its rule.
func (b GateBlock) read(rule gate.RuleInfo, value tftypes.Value, into any) error {
	known := value.IsKnown()
	switch field := into.(type) {
	case *gate.Severity:
		text, err := textOf(value, string(gate.High))
		*field = gate.Severity(text)
		return err
	case *gate.Enforcement:
		text, err := textOf(value, string(gate.Mandatory))
		*field = gate.Enforcement(text)
		return err
	case *time.Duration:
		return readDuration(value, field)
	case **int64:
		count, err := countOf(value)
		*field = &count
		return err
	case **bool:
		truth, err := truthOf(value)
		*field = &truth
		return err
	case *bool:
		truth, err := truthOf(value)
		*field = truth
		return err
	case *map[gate.Severity]int64:
		if !known {
			*field = map[gate.Severity]int64{gate.Critical: 0}
			return nil
		}
		return readCounts(value, field)
	case *[]gate.Category:
		texts, err := textsOf(value, b.placeholderCategory())
		for _, text := range texts {
			*field = append(*field, gate.Category(text))
		}
		return err
	case *[]string:
		placeholder := placeholderHex
		if rule.Kind == gate.KindScanTypes {
			placeholder = gate.VulScan
		}
		texts, err := textsOf(value, placeholder)
		*field = texts
		return err
	case *[]gate.Denial:
		return eachBlock(value, func(one map[string]tftypes.Value) error {
			category, err := textOf(one["category"], b.placeholderCategory())
			if err != nil {
				return err
			}
			id, err := textOf(one["id"], placeholderDenied)
			*field = append(*field, gate.Denial{Category: gate.Category(category), ID: id})
			return err
		})
	case *[]gate.Exception:
		return eachBlock(value, func(one map[string]tftypes.Value) error {
			exception, err := b.exception(one)
			*field = append(*field, exception)
			return err
		})
	}
	return fmt.Errorf("a rule of type %T", into)
}

func (b GateBlock) placeholderCategory() string { return string(gate.Categories(b.source)[0]) }

func (b GateBlock) exception(one map[string]tftypes.Value) (gate.Exception, error) {
	var x gate.Exception
	category, err := textOf(one["category"], b.placeholderCategory())
	if err != nil {
		return x, err
	}
	x.Category = gate.Category(category)
	for _, text := range []struct {
		name, placeholder string
		into              *string
	}{
		{"id", placeholderText, &x.ID}, {"reason", placeholderText, &x.Reason}, {"expires_at", placeholderExpiry, &x.ExpiresAt},
	} {
		if *text.into, err = textOf(one[text.name], text.placeholder); err != nil {
			return x, err
		}
	}
	for _, scope := range gate.AllScopes() {
		value, ok := one[string(scope)]
		if !ok || value.IsNull() {
			continue
		}
		text, err := textOf(value, placeholderHex)
		if err != nil {
			return x, err
		}
		x.SetScope(scope, &text)
	}
	return x, nil
}

// eachBlock visits the blocks of a repeatable block. Where it is not known how many there are, none is
// visited: the list is read again once it is known.
func eachBlock(value tftypes.Value, visit func(map[string]tftypes.Value) error) error {
	if !value.IsKnown() {
		return nil
	}
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return err
	}
	for _, element := range elements {
		if !element.IsKnown() || element.IsNull() {
			continue
		}
		var one map[string]tftypes.Value
		if err := element.As(&one); err != nil {
			return err
		}
		if err := visit(one); err != nil {
			return err
		}
	}
	return nil
}

// textOf returns a text, empty where it is null, the placeholder where it is not known.
func textOf(value tftypes.Value, placeholder string) (string, error) {
	if !value.IsKnown() {
		return placeholder, nil
	}
	if value.IsNull() || value.Type() == nil {
		return "", nil
	}
	var text string
	err := value.As(&text)
	return text, err
}

func textsOf(value tftypes.Value, placeholder string) ([]string, error) {
	if !value.IsKnown() {
		return []string{placeholder}, nil
	}
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(elements))
	for _, element := range elements {
		text, err := textOf(element, placeholder)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func countOf(value tftypes.Value) (int64, error) {
	if !value.IsKnown() {
		return 0, nil
	}
	var number big.Float
	if err := value.As(&number); err != nil {
		return 0, err
	}
	count, _ := number.Int64()
	return count, nil
}

func truthOf(value tftypes.Value) (truth bool, err error) {
	if !value.IsKnown() {
		return false, nil
	}
	err = value.As(&truth)
	return truth, err
}

func readCounts(value tftypes.Value, into *map[gate.Severity]int64) error {
	var elements map[string]tftypes.Value
	if err := value.As(&elements); err != nil {
		return err
	}
	*into = make(map[gate.Severity]int64, len(elements))
	for severity, element := range elements {
		count, err := countOf(element)
		if err != nil {
			return err
		}
		(*into)[gate.Severity(severity)] = count
	}
	return nil
}

func readDuration(value tftypes.Value, into *time.Duration) error {
	text, err := textOf(value, "1h")
	if err != nil {
		return err
	}
	*into, err = time.ParseDuration(text)
	if err != nil || *into <= 0 {
		return fmt.Errorf("not a duration above zero")
	}
	return nil
}
