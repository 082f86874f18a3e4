package protocol

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// SetState sets the state of a data source to a model, as State.Set does: a struct whose fields have tags
// `tfsdk`, and are values of the framework, texts, structs of the same kind, pointers to such, or slices.
// A nil pointer or slice is null. Whether the model is of the state's schema is for the receiver to check;
// a model with anything else in it, or with a value that is not known, is an error.
func SetState(ctx context.Context, state *tfsdk.State, model any) diag.Diagnostics {
	encoded, err := encode(ctx, model)
	past, ok := ctx.Value(stateKey{}).(*[]byte)
	if ok {
		*past = encoded
		state.RemoveResource(ctx) // the framework has less to look at
	}
	switch {
	case err != nil:
		return failure(err)
	case ok:
		return nil
	}
	raw, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(state.Schema.Type().TerraformType(ctx))
	if err != nil {
		return failure(err)
	}
	state.Raw = raw
	return nil
}

func failure(err error) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Encode State", "The state could not be encoded: "+err.Error()+". This is a bug of the provider; please report it.")}
}

func encode(ctx context.Context, model any) ([]byte, error) {
	var out bytes.Buffer
	if err := (encoder{ctx, msgpack.NewEncoder(&out)}).model(reflect.ValueOf(model)); err != nil {
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

var valueType = reflect.TypeFor[attr.Value]()

func (e encoder) model(v reflect.Value) error {
	switch {
	case v.Type().Implements(valueType):
		return e.valueIn(v)
	case v.Kind() == reflect.String:
		return e.EncodeString(v.String())
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return e.model(v.Elem())
	case v.Kind() == reflect.Slice && !v.IsNil():
		return e.list(v)
	case v.Kind() == reflect.Pointer, v.Kind() == reflect.Slice:
		return e.EncodeNil()
	case v.Kind() == reflect.Struct:
		return e.object(v)
	default:
		return fmt.Errorf("a model with a %s", v.Type())
	}
}

func (e encoder) list(v reflect.Value) error {
	_ = e.EncodeArrayLen(v.Len())
	for i := range v.Len() {
		if err := e.model(v.Index(i)); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

func (e encoder) object(v reflect.Value) error {
	fields := fieldsOf(v.Type())
	_ = e.EncodeMapLen(len(fields))
	for i, field := range fields {
		if field.name == "" {
			return fmt.Errorf("a model with a field without a tag, %s", v.Type())
		}
		_ = e.EncodeString(field.name)
		encode := e.model
		if field.isValue {
			encode = e.valueIn
		}
		if err := encode(v.Field(i)); err != nil {
			return fmt.Errorf("%s: %w", field.name, err)
		}
	}
	return nil
}

// field is what a type tells about a field of a model; to ask it again for each of many objects took
// half of their time.
type field struct {
	name    string
	isValue bool // of the framework
}

var fields sync.Map // of []field by reflect.Type

func fieldsOf(t reflect.Type) []field {
	if known, ok := fields.Load(t); ok {
		return known.([]field) //nolint:forcetypeassert // nothing else is stored
	}
	list := make([]field, t.NumField())
	for i := range list {
		list[i] = field{t.Field(i).Tag.Get("tfsdk"), t.Field(i).Type.Implements(valueType)}
	}
	fields.Store(t, list)
	return list
}

func (e encoder) valueIn(v reflect.Value) error {
	value, _ := v.Interface().(attr.Value)
	return e.value(value)
}

func (e encoder) value(v attr.Value) error {
	switch {
	case v.IsUnknown():
		return fmt.Errorf("a value that is not known")
	case v.IsNull():
		return e.EncodeNil()
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
		return e.elements(v.Elements())
	case basetypes.SetValue:
		return e.elements(v.Elements())
	case basetypes.MapValue:
		return e.attributes(v.Elements())
	case basetypes.ObjectValue:
		return e.attributes(v.Attributes())
	case basetypes.ObjectValuable:
		object, diags := v.ToObjectValue(e.ctx)
		if diags.HasError() {
			return fmt.Errorf("%s", diags[0].Detail())
		}
		return e.value(object)
	default:
		return fmt.Errorf("a value of type %T", v)
	}
}

func (e encoder) elements(elements []attr.Value) error {
	_ = e.EncodeArrayLen(len(elements))
	for i, element := range elements {
		if err := e.value(element); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

func (e encoder) attributes(attributes map[string]attr.Value) error {
	_ = e.EncodeMapLen(len(attributes))
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		_ = e.EncodeString(name)
		if err := e.value(attributes[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
