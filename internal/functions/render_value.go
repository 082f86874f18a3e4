package functions

import (
	"context"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// asReceived is the type of a dynamic value that stays as the CLI sent it. The framework would make a
// value of its own of each attribute of each finding, and then one more of that: two thirds of the time
// that a large report takes.
type asReceived struct{ basetypes.DynamicType }

// ValueFromTerraform keeps the value.
func (asReceived) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	return received{DynamicValue: basetypes.NewDynamicNull(), value: in}, nil
}

// ValueType returns what ValueFromTerraform returns.
func (asReceived) ValueType(context.Context) attr.Value { return received{} }

// received is a value of the type asReceived. It is only ever read by a function that knows it.
type received struct {
	basetypes.DynamicValue
	value tftypes.Value
}

// ToTerraformValue returns the value.
func (r received) ToTerraformValue(context.Context) (tftypes.Value, error) { return r.value, nil }

// IsNull tells whether it is null.
func (r received) IsNull() bool { return r.value.IsNull() }

// IsUnknown tells whether it is unknown.
func (r received) IsUnknown() bool { return !r.value.IsKnown() }

// Equal tells whether both are the same value.
func (r received) Equal(other attr.Value) bool {
	o, ok := other.(received)
	return ok && r.value.Equal(o.value)
}

// elementsOf returns the elements of a list or tuple, and whether it is one.
func elementsOf(value tftypes.Value) (elements []tftypes.Value, ok bool) {
	kind := value.Type()
	if kind == nil || !kind.Is(tftypes.List{}) && !kind.Is(tftypes.Tuple{}) || value.IsNull() {
		return nil, false
	}
	return elements, value.As(&elements) == nil
}

// attributesOf returns the attributes of an object or the elements of a map, and whether it is one.
func attributesOf(value tftypes.Value) (attributes map[string]tftypes.Value, ok bool) {
	kind := value.Type()
	if kind == nil || !kind.Is(tftypes.Object{}) && !kind.Is(tftypes.Map{}) || value.IsNull() {
		return nil, false
	}
	return attributes, value.As(&attributes) == nil
}

// appendJSON appends a value as the JSON that the types of package tencentcloud read: the names of
// attributes without underscores, as JSON names are matched without regard to case, and truth values
// as the 1 and 0 that the service gives.
func appendJSON(document []byte, value tftypes.Value) []byte {
	if value.Type() == nil || value.IsNull() || !value.IsKnown() {
		return append(document, "null"...)
	}
	// Each branch asks for what the type holds, so that none of these fails.
	switch kind := value.Type(); {
	case kind.Is(tftypes.String):
		var text string
		_ = value.As(&text)
		return appendText(document, text)
	case kind.Is(tftypes.Bool):
		var truth bool
		if _ = value.As(&truth); truth {
			return append(document, '1')
		}
		return append(document, '0')
	case kind.Is(tftypes.Number):
		var number big.Float
		if _ = value.As(&number); number.IsInt() {
			return number.Append(document, 'f', 0)
		}
		return number.Append(document, 'g', -1)
	case kind.Is(tftypes.Object{}), kind.Is(tftypes.Map{}):
		attributes, _ := attributesOf(value)
		return appendObject(document, attributes)
	default: // a list, tuple or set
		var elements []tftypes.Value
		_ = value.As(&elements)
		return appendList(document, elements)
	}
}

func appendObject(document []byte, attributes map[string]tftypes.Value) []byte {
	document = append(document, '{')
	for i, name := range slices.Sorted(maps.Keys(attributes)) {
		if i > 0 {
			document = append(document, ',')
		}
		document = append(appendText(document, strings.ReplaceAll(name, "_", "")), ':')
		document = appendJSON(document, attributes[name])
	}
	return append(document, '}')
}

func appendList(document []byte, elements []tftypes.Value) []byte {
	document = append(document, '[')
	for i, element := range elements {
		if i > 0 {
			document = append(document, ',')
		}
		document = appendJSON(document, element)
	}
	return append(document, ']')
}

// appendText appends a JSON string. Most texts need no escape.
func appendText(document []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			encoded, _ := json.Marshal(text) // a string: cannot fail
			return append(document, encoded...)
		}
	}
	document = append(document, '"')
	document = append(document, text...)
	return append(document, '"')
}
