package scantask

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// prefer returns the object first, in which each attribute that is not wholly known is that of second.
func prefer(first, second tftypes.Value) tftypes.Value {
	return merge(first, second, func(_ string, value tftypes.Value) bool { return !value.IsFullyKnown() })
}

// keepOutputs returns a plan with the outputs of the state: the attributes that only the provider sets.
// The framework marks them all as unknown as soon as one attribute differs.
func keepOutputs(plan tfsdk.Plan, state tfsdk.State) tftypes.Value {
	attributes := plan.Schema.GetAttributes()
	return merge(plan.Raw, state.Raw, func(name string, _ tftypes.Value) bool {
		attribute, ok := attributes[name].(schema.Attribute)
		return ok && attribute.IsComputed() && !attribute.IsOptional()
	})
}

func merge(first, second tftypes.Value, takes func(name string, first tftypes.Value) bool) tftypes.Value {
	var merged, others map[string]tftypes.Value
	if first.As(&merged) != nil || second.As(&others) != nil { // no object, which a resource always is
		return first
	}
	merged = maps.Clone(merged) // As gives the map of the value itself
	for name, value := range merged {
		if takes(name, value) {
			merged[name] = others[name]
		}
	}
	return tftypes.NewValue(first.Type(), merged)
}

// printable returns an id as the CLI may print it; null where there is none.
func printable(id string) types.String {
	if id == "" {
		return types.StringNull()
	}
	return types.StringValue(sanitize.Line(id))
}
