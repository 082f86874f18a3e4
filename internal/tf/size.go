package tf

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NotEmpty accepts a list, set or map with at least one element.
func NotEmpty() Size { return Size{} }

// AtMost accepts a list, set or map of 1 to most elements.
func AtMost(most int) Size { return Size{most: most} }

// Size is a bound on the number of elements, whose message agrees in number.
type Size struct{ most int } // 0: none

// Description implements [validator.Describer].
func (s Size) Description(context.Context) string {
	if s.most == 0 {
		return "must not be empty"
	}
	return fmt.Sprintf("must have 1 to %d elements", s.most)
}

// MarkdownDescription implements [validator.Describer].
func (s Size) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

// ValidateList implements [validator.List].
func (s Size) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		s.check(ctx, req.Path, len(req.ConfigValue.Elements()), &resp.Diagnostics)
	}
}

// ValidateSet implements [validator.Set].
func (s Size) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		s.check(ctx, req.Path, len(req.ConfigValue.Elements()), &resp.Diagnostics)
	}
}

// ValidateMap implements [validator.Map].
func (s Size) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		s.check(ctx, req.Path, len(req.ConfigValue.Elements()), &resp.Diagnostics)
	}
}

func (s Size) check(ctx context.Context, at path.Path, elements int, diags *diag.Diagnostics) {
	switch {
	case elements == 0:
		diags.AddAttributeError(at, "Invalid Attribute Value", fmt.Sprintf("Attribute %s %s.", at, s.Description(ctx)))
	case s.most > 0 && elements > s.most:
		diags.AddAttributeError(at, "Invalid Attribute Value", fmt.Sprintf("Attribute %s %s, but has %d.", at, s.Description(ctx), elements))
	}
}
