package functions

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// concrete returns what a dynamic value holds; nil where that is null.
func concrete(value attr.Value) attr.Value {
	if dynamic, ok := value.(types.Dynamic); ok {
		return dynamic.UnderlyingValue()
	}
	return value
}

// elementsOf returns the elements of a list or tuple, and whether it is one.
func elementsOf(value attr.Value) ([]attr.Value, bool) {
	switch v := value.(type) {
	case types.List:
		return v.Elements(), true
	case types.Tuple:
		return v.Elements(), true
	default:
		return nil, false
	}
}

// attributesOf returns the attributes of an object or the elements of a map; nil for anything else.
func attributesOf(value attr.Value) map[string]attr.Value {
	switch v := value.(type) {
	case types.Object:
		return v.Attributes()
	case types.Map:
		return v.Elements()
	default:
		return nil
	}
}

// children returns the values inside a value.
func children(value attr.Value) []attr.Value {
	if dynamic, ok := value.(types.Dynamic); ok {
		if inside := dynamic.UnderlyingValue(); inside != nil {
			return []attr.Value{inside}
		}
		return nil
	}
	if set, ok := value.(types.Set); ok {
		return set.Elements()
	}
	if elements, ok := elementsOf(value); ok {
		return elements
	}
	return slices.Collect(maps.Values(attributesOf(value)))
}

// appendJSON appends a value as the JSON that the types of package tencentcloud read: the names of
// attributes without underscores, as JSON names are matched without regard to case, and truth values
// as the 1 and 0 that the service gives.
func appendJSON(document []byte, value attr.Value) []byte {
	value = concrete(value)
	if value == nil || value.IsNull() || value.IsUnknown() {
		return append(document, "null"...)
	}
	switch v := value.(type) {
	case types.String:
		return appendText(document, v.ValueString())
	case types.Bool:
		if v.ValueBool() {
			return append(document, '1')
		}
		return append(document, '0')
	case types.Number:
		if number := v.ValueBigFloat(); number.IsInt() {
			return number.Append(document, 'f', 0)
		}
		return v.ValueBigFloat().Append(document, 'g', -1)
	case types.Object, types.Map:
		return appendObject(document, attributesOf(v))
	default:
		return appendList(document, children(v))
	}
}

func appendObject(document []byte, attributes map[string]attr.Value) []byte {
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

func appendList(document []byte, elements []attr.Value) []byte {
	document = append(document, '[')
	for i, element := range elements {
		if i > 0 {
			document = append(document, ',')
		}
		document = appendJSON(document, element)
	}
	return append(document, ']')
}

func appendText(document []byte, text string) []byte {
	encoded, _ := json.Marshal(text) // a string: cannot fail
	return append(document, encoded...)
}
