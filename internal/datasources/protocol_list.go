package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.ListTypable  = protocolListType{}
	_ basetypes.ListValuable = protocolList{}
)

// protocolListType is a list whose values stay as the protocol has them. The framework converts a value
// six times on its way from a Read to the wire; for the details of a large scan that took most of the
// read's time and memory, and nothing looks at them in between (dev-docs/performance.md).
type protocolListType struct{ basetypes.ListType }

func protocolListOf(element attr.Type) protocolListType {
	return protocolListType{basetypes.ListType{ElemType: element}}
}

// Equal tells whether the other type is the same.
func (t protocolListType) Equal(o attr.Type) bool {
	other, ok := o.(protocolListType)
	return ok && t.ListType.Equal(other.ListType)
}

// String names the type in messages of the framework.
func (t protocolListType) String() string { return "protocolListType[" + t.ElemType.String() + "]" }

// ValueType returns an empty value of the type.
func (t protocolListType) ValueType(context.Context) attr.Value { return t.null() }

// ValueFromTerraform wraps what the protocol gives.
func (t protocolListType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	return protocolList{typ: t, raw: &in}, nil
}

// ValueFromList takes over a list of the framework.
func (t protocolListType) ValueFromList(ctx context.Context, in basetypes.ListValue) (basetypes.ListValuable, diag.Diagnostics) {
	raw, err := in.ToTerraformValue(ctx)
	if err != nil {
		return t.null(), diag.Diagnostics{conversionError(err)}
	}
	return protocolList{typ: t, raw: &raw}, nil
}

func (t protocolListType) null() protocolList {
	raw := tftypes.NewValue(t.TerraformType(context.Background()), nil)
	return protocolList{typ: t, raw: &raw}
}

// protocolList is a value of a [protocolListType].
type protocolList struct {
	typ protocolListType
	raw *tftypes.Value // never changed
}

// Type returns the type of the value.
func (l protocolList) Type(context.Context) attr.Type { return l.typ }

// ToTerraformValue returns the value as it is.
func (l protocolList) ToTerraformValue(context.Context) (tftypes.Value, error) { return *l.raw, nil }

// Equal tells whether the other value is the same list.
func (l protocolList) Equal(o attr.Value) bool {
	other, ok := o.(protocolList)
	return ok && (l.raw == other.raw || l.raw.Equal(*other.raw))
}

// IsNull tells whether there is no list.
func (l protocolList) IsNull() bool { return l.raw.IsNull() }

// IsUnknown tells whether the list is not known yet.
func (l protocolList) IsUnknown() bool { return !l.raw.IsKnown() }

// String returns the list for messages of the framework.
func (l protocolList) String() string { return l.raw.String() }

// ToListValue returns the list in the framework's form.
func (l protocolList) ToListValue(ctx context.Context) (basetypes.ListValue, diag.Diagnostics) {
	value, err := l.typ.ListType.ValueFromTerraform(ctx, *l.raw)
	if err != nil {
		return basetypes.NewListUnknown(l.typ.ElemType), diag.Diagnostics{conversionError(err)}
	}
	list, ok := value.(basetypes.ListValue)
	if !ok {
		return basetypes.NewListUnknown(l.typ.ElemType), diag.Diagnostics{conversionError(fmt.Errorf("a value of type %T", value))}
	}
	return list, nil
}

func conversionError(err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Convert List", "A list could not be converted: "+err.Error()+". This is a fault of the provider.")
}
