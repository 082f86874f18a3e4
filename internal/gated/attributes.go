package gated

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Text returns a computed text.
func Text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// Number returns a computed integer.
func Number(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// Float returns a computed number.
func Float(description string) schema.Float64Attribute {
	return schema.Float64Attribute{Computed: true, MarkdownDescription: description}
}

// Bool returns a computed truth value.
func Bool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

// Object returns a computed object.
func Object(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description + " Null where the service leaves it out.", Attributes: attributes}
}

// List returns a computed list of objects.
func List(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

// Summary returns the attribute `summary`.
func Summary(more string) schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(tf.SummaryFields))
	for _, f := range tf.SummaryFields {
		attributes[f.Name] = Number(f.Description)
	}
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: strings.TrimSpace("Number of findings by severity, before exceptions and baseline. " + more),
		Attributes:          attributes,
	}
}

// WaitForCompletion returns the argument `wait_for_completion`.
func WaitForCompletion(description string) schema.Attribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: description + " Default: `true`."}
}

// PollInterval returns the argument `poll_interval` of a wait that paces itself. estimated tells that the
// service estimates the remaining time.
func PollInterval(estimated bool) schema.Attribute {
	paced := "a tenth of the time waited so far, within 2s and 60s"
	if estimated {
		paced = "paced by the remaining time that the service gives, else " + paced
	}
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Pause between polls, a duration as in `30s`. Default: " + paced + ".",
		Validators:          []validator.String{tf.Duration(0)},
	}
}

// IncludeDetails returns the argument `include_details`.
func IncludeDetails(what string) schema.Attribute {
	return schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Whether to keep " + what + ". With `false` the state stays small; counts and verdict are the same. Default: `true`.",
	}
}
