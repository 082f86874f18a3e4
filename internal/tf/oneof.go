package tf

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Either demands one of two attributes: that which has the validator, and another of the same object.
type Either struct{ Other string }

// Description says what is demanded.
func (v Either) Description(context.Context) string {
	return "exactly one of this and " + v.Other + " is required"
}

// MarkdownDescription is Description.
func (v Either) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString demands one of two attributes, the first of which is a text.
func (v Either) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	resp.Diagnostics.Append(v.check(ctx, req.Config, req.Path, req.ConfigValue)...)
}

// ValidateSet demands one of two attributes, the first of which is a set.
func (v Either) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	resp.Diagnostics.Append(v.check(ctx, req.Config, req.Path, req.ConfigValue)...)
}

func (v Either) check(ctx context.Context, config tfsdk.Config, at path.Path, value attr.Value) (diags diag.Diagnostics) {
	var other attr.Value
	diags.Append(config.GetAttribute(ctx, at.ParentPath().AtName(v.Other), &other)...)
	if !diags.HasError() && !value.IsUnknown() && !other.IsUnknown() && value.IsNull() == other.IsNull() {
		diags.AddAttributeError(at, "Invalid Attribute Combination", fmt.Sprintf("Exactly one of %s and %s is required.", at, v.Other))
	}
	return diags
}
