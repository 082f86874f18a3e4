package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// endpointValidator accepts what parses as an endpoint.
type endpointValidator struct {
	description string
	parse       func(string) (tencentcloud.Endpoint, error)
}

func domain() validator.String {
	return endpointValidator{description: "must be a root domain", parse: tencentcloud.DomainEndpoint}
}

func endpointURL() validator.String {
	return endpointValidator{description: "must be the URL of an endpoint", parse: tencentcloud.URLEndpoint}
}

func (v endpointValidator) Description(context.Context) string { return v.description }

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := v.parse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", fmt.Sprintf("Attribute %s: %s.", req.Path, err))
	}
}

// jsonObject accepts the text of a JSON object.
type jsonObject struct{}

func (jsonObject) Description(context.Context) string {
	return "must be a JSON object, as jsonencode() gives"
}

func (v jsonObject) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v jsonObject) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var object map[string]any
	if json.Unmarshal([]byte(req.ConfigValue.ValueString()), &object) != nil || object == nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", fmt.Sprintf("Attribute %s %s.", req.Path, v.Description(ctx)))
	}
}
