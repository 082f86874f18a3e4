package protocol

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// ArgumentType is the type of a dynamic parameter whose argument stays as it came. Its values are of the
// type [Argument].
type ArgumentType struct{ basetypes.DynamicType }

// ValueFromTerraform returns what [Server] kept from the framework, or else encodes the value anew.
func (ArgumentType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if encoded, ok := ctx.Value(argumentKey{}).([]byte); ok {
		return Argument{encoded: encoded}, nil
	}
	switch {
	case in.IsNull():
		return Argument{DynamicValue: basetypes.NewDynamicNull()}, nil
	case !in.IsKnown():
		return Argument{DynamicValue: basetypes.NewDynamicUnknown()}, nil
	}
	dynamic, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, in)
	return Argument{encoded: dynamic.MsgPack}, err
}

// ValueType returns an empty argument.
func (ArgumentType) ValueType(context.Context) attr.Value { return Argument{} }

// Argument is an argument as it came. What it is, only [Argument.Value] tells.
type Argument struct {
	basetypes.DynamicValue // null or unknown, where it is not encoded

	encoded []byte
}

// IsNull tells whether it is null.
func (a Argument) IsNull() bool { return a.encoded == nil && a.DynamicValue.IsNull() }

// Equal tells whether both are encoded alike.
func (a Argument) Equal(other attr.Value) bool {
	o, ok := other.(Argument)
	return ok && bytes.Equal(a.encoded, o.encoded) && a.DynamicValue.Equal(o.DynamicValue)
}

// Value returns the argument. Where it is not known yet the error is [ErrUnknown].
func (a Argument) Value() (Value, error) {
	switch {
	case a.IsUnknown():
		return Value{}, ErrUnknown
	case a.encoded == nil:
		return valueOf([]byte{msgpcode.Nil})
	}
	return valueOf(a.encoded)
}

// standIn is what the framework gets in place of an argument that it is not to look at.
var standIn = &tfprotov6.DynamicValue{MsgPack: []byte("\x92\xc4\x06\"bool\"\xc3")}

// isCollection tells whether an encoded value is one of a dynamic type, and a collection or an object.
// What is small is left to the framework, with null and what is not known yet.
func isCollection(encoded []byte) bool {
	r := newReader(encoded)
	if n, err := r.DecodeArrayLen(); err != nil || n != 2 {
		return false
	}
	if code, err := r.PeekCode(); err != nil || !msgpcode.IsBin(code) {
		return false
	}
	if _, err := r.text(); err != nil {
		return false
	}
	code, err := r.PeekCode()
	return err == nil && (isMap(code) || isArray(code))
}

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}

func isArray(code byte) bool {
	return msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32
}
