package functions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// argumentType is the type of a dynamic parameter whose argument is read as Terraform gave it. The framework
// would make a value of its own of each attribute of each finding, which takes most of a report's time.
type argumentType struct{ basetypes.DynamicType }

// Equal tells whether the other is this type, too.
func (argumentType) Equal(other attr.Type) bool { _, ok := other.(argumentType); return ok }

// ValueFromTerraform keeps the value. The framework calls it twice for each argument.
func (argumentType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	return argument{raw: in}, nil
}

// ValueType returns an empty argument.
func (argumentType) ValueType(context.Context) attr.Value { return argument{} }

// argument is the value of an [argumentType].
type argument struct {
	basetypes.DynamicValue
	raw tftypes.Value
}

func (argument) Type(context.Context) attr.Type { return argumentType{} }
func (a argument) IsNull() bool                 { return a.raw.IsNull() }
func (a argument) IsUnknown() bool              { return !a.raw.IsKnown() }

// ToTerraformValue returns the value, from which the framework makes what a function gets.
func (a argument) ToTerraformValue(context.Context) (tftypes.Value, error) { return a.raw, nil }

func (a argument) Equal(other attr.Value) bool {
	o, ok := other.(argument)
	return ok && a.raw.Equal(o.raw)
}

// errUnknown tells that something in an argument is not known yet.
var errUnknown = errors.New("not known yet")

// elementsOf returns the elements of a list or tuple, and whether it is one that is known.
func elementsOf(v tftypes.Value) (elements []tftypes.Value, ok bool) {
	switch v.Type().(type) {
	case tftypes.List, tftypes.Tuple:
		ok = !v.IsNull() && v.As(&elements) == nil
	}
	return elements, ok
}

// attributesOf returns the attributes of an object or the elements of a map, and whether it is one that is known.
func attributesOf(v tftypes.Value) (attributes map[string]tftypes.Value, ok bool) {
	switch v.Type().(type) {
	case tftypes.Object, tftypes.Map:
		ok = !v.IsNull() && v.As(&attributes) == nil
	}
	return attributes, ok
}

// appendJSON appends a value as JSON that the types of package tencentcloud read: attributes by the service's
// names, and truth values as the 1 and 0 that the service gives.
func appendJSON(document []byte, v tftypes.Value) ([]byte, error) {
	if !v.IsKnown() {
		return nil, errUnknown
	}
	if v.IsNull() {
		return append(document, "null"...), nil
	}
	switch kind := v.Type(); kind.(type) {
	case tftypes.Object, tftypes.Map:
		var attributes map[string]tftypes.Value
		if err := v.As(&attributes); err != nil {
			return nil, err
		}
		return appendObject(document, attributes)
	case tftypes.List, tftypes.Set, tftypes.Tuple:
		var elements []tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		return appendList(document, elements)
	default:
		return appendScalar(document, v)
	}
}

func appendScalar(document []byte, v tftypes.Value) ([]byte, error) {
	switch kind := v.Type(); {
	case kind.Is(tftypes.String):
		var text string
		err := v.As(&text)
		return appendText(document, text), err
	case kind.Is(tftypes.Number):
		var number big.Float
		err := v.As(&number)
		return appendNumber(document, &number), err
	case kind.Is(tftypes.Bool):
		var truth bool
		err := v.As(&truth)
		if truth {
			return append(document, '1'), err
		}
		return append(document, '0'), err
	default:
		return nil, fmt.Errorf("a value of type %s", kind)
	}
}

// appendNumber appends a number: an integer of Go's with all its digits, as encoding/json demands of one.
func appendNumber(document []byte, number *big.Float) []byte {
	if whole, accuracy := number.Int64(); accuracy == big.Exact {
		return strconv.AppendInt(document, whole, 10)
	}
	if number.IsInt() && number.MantExp(nil) <= 64 {
		return number.Append(document, 'f', -1)
	}
	return number.Append(document, 'g', -1)
}

func appendObject(document []byte, attributes map[string]tftypes.Value) ([]byte, error) {
	if free := cap(document) - len(document); free < 4<<10 {
		document = slices.Grow(document, cap(document)+4<<10) // twice the size: append grows large ones by a quarter
	}
	document = append(document, '{')
	first := true
	for name, attribute := range attributes {
		if !first {
			document = append(document, ',')
		}
		first = false
		var err error
		if document, err = appendJSON(append(appendText(document, serviceName(name)), ':'), attribute); err != nil {
			return nil, err
		}
	}
	return append(document, '}'), nil
}

func appendList(document []byte, elements []tftypes.Value) ([]byte, error) {
	document = append(document, '[')
	for i, element := range elements {
		if i > 0 {
			document = append(document, ',')
		}
		var err error
		if document, err = appendJSON(document, element); err != nil {
			return nil, err
		}
	}
	return append(document, ']'), nil
}

// appendText appends a string. Most need no escape.
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

// irregularNames are those of the service's that no rule gives.
var irregularNames = map[string]string{"local_task_id": "LocalTaskID", "registry_task_id": "RegistryTaskID"}

// serviceName returns the service's name of an attribute: vul_id is VulId.
func serviceName(attribute string) string {
	if name, ok := irregularNames[attribute]; ok {
		return name
	}
	var name strings.Builder
	for word := range strings.SplitSeq(attribute, "_") {
		if word != "" {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return name.String()
}
