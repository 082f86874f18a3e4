package tf

import (
	"context"

	datasourcetimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	resourcetimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const timeoutsDescription = "How long operations may take."

// ResourceTimeouts returns a `timeouts` attribute whose durations must be above zero, which the
// framework's own does not check.
func ResourceTimeouts(ctx context.Context, opts resourcetimeouts.Opts) resource.Attribute {
	nested, ok := resourcetimeouts.Attributes(ctx, opts).(resource.SingleNestedAttribute)
	if !ok {
		return resourcetimeouts.Attributes(ctx, opts)
	}
	nested.MarkdownDescription = timeoutsDescription
	for name, attribute := range nested.Attributes {
		if text, ok := attribute.(resource.StringAttribute); ok {
			text.MarkdownDescription, text.Description = text.Description, ""
			text.Validators = []validator.String{Duration(0)}
			nested.Attributes[name] = text
		}
	}
	return nested
}

// DataSourceTimeouts is [ResourceTimeouts] for a data source, which has `read` alone.
func DataSourceTimeouts(ctx context.Context, description string) datasource.Block {
	opts := datasourcetimeouts.Opts{ReadDescription: description}
	nested, ok := datasourcetimeouts.BlockWithOpts(ctx, opts).(datasource.SingleNestedBlock)
	if !ok {
		return datasourcetimeouts.BlockWithOpts(ctx, opts)
	}
	nested.MarkdownDescription = timeoutsDescription
	for name, attribute := range nested.Attributes {
		if text, ok := attribute.(datasource.StringAttribute); ok {
			text.MarkdownDescription, text.Description = text.Description, ""
			text.Validators = []validator.String{Duration(0)}
			nested.Attributes[name] = text
		}
	}
	return nested
}
