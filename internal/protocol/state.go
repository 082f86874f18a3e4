//go:build !frameworkstate

package protocol

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/vmihailenco/msgpack/v5"
)

func encode(ctx context.Context, schema, model any) ([]byte, error) {
	s, err := shapeOf(schema)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := (encoder{ctx, msgpack.NewEncoder(&out)}).model(reflect.ValueOf(model), s); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// encoder writes MessagePack as Terraform reads it. Writing into memory does not fail, so that the errors
// of single writes mean nothing.
type encoder struct {
	ctx context.Context //nolint:containedctx // lives as long as one call
	*msgpack.Encoder
}

func (e encoder) model(v reflect.Value, s *shape) error {
	switch {
	case v.Type().Implements(valueType):
		return e.valueIn(v, s)
	case v.Kind() == reflect.String:
		return e.EncodeString(v.String())
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return e.model(v.Elem(), s)
	case v.Kind() == reflect.Slice && !v.IsNil():
		return e.list(v, s)
	case v.Kind() == reflect.Pointer, v.Kind() == reflect.Slice:
		return e.null(s)
	case v.Kind() == reflect.Struct:
		return e.object(v, s)
	default:
		return fmt.Errorf("a model with a %s", v.Type())
	}
}

// null writes a null, or the empty list in place of it that the CLI demands where blocks are.
func (e encoder) null(s *shape) error {
	if s.isBlocks {
		return e.EncodeArrayLen(0)
	}
	return e.EncodeNil()
}

func (e encoder) list(v reflect.Value, s *shape) error {
	if s.element == nil {
		return fmt.Errorf("a list where the schema has none")
	}
	_ = e.EncodeArrayLen(v.Len())
	for i := range v.Len() {
		if err := e.model(v.Index(i), s.element); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

func (e encoder) object(v reflect.Value, s *shape) error {
	fields, err := fieldsOf(v.Type())
	if err != nil {
		return err
	}
	_ = e.EncodeMapLen(len(fields))
	for _, field := range fields {
		in, err := s.attribute(field.name)
		if err != nil {
			return err
		}
		_ = e.EncodeString(field.name)
		encode := e.model
		if field.isValue {
			encode = e.valueIn
		}
		if err := encode(v.FieldByIndex(field.index), in); err != nil {
			return fmt.Errorf("%s: %w", field.name, err)
		}
	}
	return s.complete(len(fields), func(name string) bool {
		return slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
	})
}

// attribute returns the shape of an attribute or block.
func (s *shape) attribute(name string) (*shape, error) {
	in, ok := s.attributes[name]
	if !ok {
		return nil, fmt.Errorf("%q, which the schema lacks", name)
	}
	return in, nil
}

// complete returns an error where an object of n attributes, all of which the schema has, is not all of them.
func (s *shape) complete(n int, has func(string) bool) error {
	if n == len(s.attributes) {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(s.attributes)) {
		if !has(name) {
			return fmt.Errorf("no %q, which the schema has", name)
		}
	}
	return nil
}

func (e encoder) valueIn(v reflect.Value, s *shape) error {
	value, ok := v.Interface().(attr.Value)
	if !ok {
		return fmt.Errorf("a value that is nil")
	}
	return e.value(value, s)
}

func (e encoder) value(v attr.Value, s *shape) error {
	switch {
	case v.IsUnknown():
		return fmt.Errorf("a value that is not known")
	case v.IsNull():
		return e.null(s)
	}
	switch v := v.(type) {
	case basetypes.StringValue:
		return e.EncodeString(v.ValueString())
	case basetypes.BoolValue:
		return e.EncodeBool(v.ValueBool())
	case basetypes.Int64Value:
		return e.EncodeInt(v.ValueInt64())
	case basetypes.Float64Value:
		return e.EncodeFloat64(v.ValueFloat64() + 0) // -0 is no number of Terraform's
	case basetypes.ListValue:
		return e.elements(v.Elements(), s)
	case basetypes.SetValue:
		return e.elements(v.Elements(), s)
	case basetypes.MapValue:
		return e.mapping(v.Elements(), func(string) (*shape, error) { return s.element, nil })
	case basetypes.ObjectValue:
		attributes := v.Attributes()
		if err := e.mapping(attributes, s.attribute); err != nil {
			return err
		}
		return s.complete(len(attributes), func(name string) bool { _, ok := attributes[name]; return ok })
	case basetypes.ObjectValuable:
		object, diags := v.ToObjectValue(e.ctx)
		if diags.HasError() {
			return fmt.Errorf("%s", diags[0].Detail())
		}
		return e.value(object, s)
	default:
		return fmt.Errorf("a value of type %T", v)
	}
}

func (e encoder) elements(elements []attr.Value, s *shape) error {
	if s.element == nil {
		return fmt.Errorf("a list where the schema has none")
	}
	_ = e.EncodeArrayLen(len(elements))
	for i, element := range elements {
		if err := e.value(element, s.element); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

// mapping writes the elements of a map or the attributes of an object, sorted by name.
func (e encoder) mapping(elements map[string]attr.Value, shapeOf func(name string) (*shape, error)) error {
	_ = e.EncodeMapLen(len(elements))
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		in, err := shapeOf(name)
		if err != nil {
			return err
		}
		_ = e.EncodeString(name)
		if in == nil {
			return fmt.Errorf("a map where the schema has none")
		}
		if err := e.value(elements[name], in); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
