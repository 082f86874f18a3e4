package datasources

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// What the service leaves out is null. tftypes.NewValue panics where a value is not of its type, which is
// a fault that any test with such a value meets.

func textValue(t tencentcloud.Text) tftypes.Value { return tftypes.NewValue(tftypes.String, t.Ptr()) }

func numberValue(i tencentcloud.Int) tftypes.Value { return tftypes.NewValue(tftypes.Number, i.Ptr()) }

// typeIn returns the type of an object's attribute.
func typeIn(object tftypes.Type, attribute string) tftypes.Type {
	o, _ := object.(tftypes.Object)
	return o.AttributeTypes[attribute]
}

// sectionValue converts an object that may be missing.
func sectionValue[T any](t tftypes.Type, section *T, convert func(tftypes.Type, *T) tftypes.Value) tftypes.Value {
	if section == nil {
		return tftypes.NewValue(t, nil)
	}
	return convert(t, section)
}

// listValue converts the elements of a list; nil becomes null.
func listValue[T any](t tftypes.Type, elements []T, convert func(tftypes.Type, *T) tftypes.Value) tftypes.Value {
	if elements == nil {
		return tftypes.NewValue(t, nil)
	}
	list, _ := t.(tftypes.List)
	values := make([]tftypes.Value, len(elements))
	for i := range elements {
		values[i] = convert(list.ElementType, &elements[i])
	}
	return tftypes.NewValue(t, values)
}
