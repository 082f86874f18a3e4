package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// valueKind is the type of a parameter.
type valueKind string

const (
	textValue    valueKind = "String"
	integerValue valueKind = "Integer"
	booleanValue valueKind = "Boolean"
	objectValue  valueKind = "Object"
	listValue    valueKind = "Array"
)

// parameter describes one input of an action, as the documents do.
type parameter struct {
	kind valueKind
	// missing is the code for the parameter's absence; empty where it is optional.
	missing string
	fields  parameters // of an object
	element *parameter // of a list
}

// parameters describe the inputs of an action, or the fields of an object.
type parameters map[string]parameter

func text() parameter    { return parameter{kind: textValue} }
func integer() parameter { return parameter{kind: integerValue} }
func boolean() parameter { return parameter{kind: booleanValue} }
func object(fields parameters) parameter {
	return parameter{kind: objectValue, fields: fields}
}
func list(element parameter) parameter {
	return parameter{kind: listValue, element: &element}
}

// required makes a parameter required, with the code for its absence.
func (p parameter) required(code string) parameter {
	p.missing = code
	return p
}

// names are the parameter names in a steady order, so that the same mistake has the same answer.
func (p parameters) names() []string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// decodeParameters reads a JSON object, numbers as json.Number. No body means no parameters.
func decodeParameters(body []byte) (map[string]any, *failure) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil || values == nil {
		return nil, fail("InvalidParameter", "The request body is not a JSON object.")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fail("InvalidParameter", "The request body goes on after its JSON object.")
	}
	return values, nil
}

// check compares values to their description: first unknown names at any depth, then types, then
// what is missing.
func (p parameters) check(values map[string]any) *failure {
	for _, pass := range []func(parameters, map[string]any, string) *failure{
		parameters.unknown, parameters.mistyped, parameters.absent,
	} {
		if f := pass(p, values, ""); f != nil {
			return f
		}
	}
	return nil
}

func (p parameters) unknown(values map[string]any, path string) *failure {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		known, found := p[name]
		if !found {
			return fail("UnknownParameter", "The parameter `%s%s` is not recognized.", path, name)
		}
		if f := known.inside(values[name], path+name, parameters.unknown); f != nil {
			return f
		}
	}
	return nil
}

func (p parameters) mistyped(values map[string]any, path string) *failure {
	for _, name := range p.names() {
		value, found := values[name]
		if !found || value == nil {
			continue
		}
		if f := p[name].typed(value, path+name); f != nil {
			return f
		}
	}
	return nil
}

func (p parameters) absent(values map[string]any, path string) *failure {
	for _, name := range p.names() {
		known, value := p[name], values[name]
		if isAbsent(value) {
			if known.missing != "" {
				return fail(known.missing, "The request is missing a required parameter `%s%s`.", path, name)
			}
			continue
		}
		if f := known.inside(value, path+name, parameters.absent); f != nil {
			return f
		}
	}
	return nil
}

// isAbsent tells what counts as not given: null, an empty text, an empty list.
func isAbsent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// inside applies a pass to the objects within a value.
func (p parameter) inside(value any, path string, pass func(parameters, map[string]any, string) *failure) *failure {
	switch v := value.(type) {
	case map[string]any:
		if p.kind == objectValue {
			return pass(p.fields, v, path+".")
		}
	case []any:
		if p.kind != listValue {
			return nil
		}
		for i, element := range v {
			if f := p.element.inside(element, path+"."+strconv.Itoa(i), pass); f != nil {
				return f
			}
		}
	}
	return nil
}

// textOf, listOf and objectOf read a value whose type was checked; absent ones are "" and nil.
func textOf(value any) string {
	s, _ := value.(string)
	return s
}

func listOf(value any) []any {
	elements, _ := value.([]any)
	return elements
}

func objectOf(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

// texts is a list of texts.
func texts(value any) []string {
	var out []string
	for _, element := range listOf(value) {
		out = append(out, textOf(element))
	}
	return out
}

// number is an integer, or what stands for its absence.
func number(value any, absent int64) int64 {
	n, ok := value.(json.Number)
	if !ok {
		return absent
	}
	v, err := n.Int64()
	if err != nil {
		return absent
	}
	return v
}

// integerForm is what counts as an integer; 1.0 and 1e3 do not.
var integerForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// typed checks the type of a value, and of what is in it. A null within a list is mistyped.
func (p parameter) typed(value any, path string) *failure {
	ok := false
	switch v := value.(type) {
	case string:
		ok = p.kind == textValue
	case bool:
		ok = p.kind == booleanValue
	case json.Number:
		_, err := strconv.ParseInt(v.String(), 10, 64)
		ok = p.kind == integerValue && err == nil && integerForm.MatchString(v.String())
	case map[string]any:
		if ok = p.kind == objectValue; ok {
			return p.fields.mistyped(v, path+".")
		}
	case []any:
		if ok = p.kind == listValue; ok {
			for i, element := range v {
				if f := p.element.typed(element, path+"."+strconv.Itoa(i)); f != nil {
					return f
				}
			}
		}
	}
	if !ok {
		return fail("InvalidParameter", "The value type of parameter `%s` is not %s.", path, p.kind)
	}
	return nil
}
