package gated

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// elementType returns the object type of nested attributes, so that a type is not written twice.
func elementType(attributes map[string]schema.Attribute) types.ObjectType {
	attrs := make(map[string]attr.Type, len(attributes))
	for name, attribute := range attributes {
		attrs[name] = attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attrs}
}

// readyTypes gives nested attributes their types ready-made, and returns the attributes. Left to itself the
// framework builds the type of a nested attribute anew, with all types inside, each time it looks at one
// of the fields; of 200 gates that took a good part of the plan (dev-docs/measurements.md).
func readyTypes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.SingleNestedAttribute:
			if a.CustomType == nil {
				a.CustomType = elementType(readyTypes(a.Attributes))
			}
			attributes[name] = a
		case schema.ListNestedAttribute:
			element := elementType(readyTypes(a.NestedObject.Attributes))
			if a.CustomType == nil {
				a.CustomType = types.ListType{ElemType: element}
			}
			a.NestedObject.CustomType = element
			attributes[name] = a
		}
	}
	return attributes
}

// Elements converts the elements of a list of an answer; one that is absent or unreadable becomes null.
func Elements[From, To any](l tencentcloud.List[From], convert func(From) To) []To {
	if l.State() != field.Known {
		return nil
	}
	return Each(l.Items, convert)
}

// Each converts the elements of a list; nil stays nil, which becomes null.
func Each[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	result := make([]To, 0, len(list))
	for _, element := range list {
		result = append(result, convert(element))
	}
	return result
}
