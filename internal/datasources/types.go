package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// elementType returns the object type of nested attributes, so that a type is not written twice.
func elementType(attributes map[string]schema.Attribute) types.ObjectType {
	attrs := make(map[string]attr.Type, len(attributes))
	for name, attribute := range attributes {
		attrs[name] = attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attrs}
}

// each converts the elements of a list; nil stays nil, which becomes null.
func each[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	result := make([]To, 0, len(list))
	for _, element := range list {
		result = append(result, convert(element))
	}
	return result
}
