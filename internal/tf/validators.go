package tf

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// MD5 accepts the hex form of an MD5 digest, in any case.
func MD5() validator.String {
	return md5Validator{}
}

// md5Validator does not repeat the value: what was put here by mistake may be a signed URL.
type md5Validator struct{}

func (md5Validator) Description(context.Context) string {
	return "must be an MD5 digest of 32 hexadecimal digits, as filemd5() gives it"
}

func (v md5Validator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v md5Validator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || IsMD5(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", fmt.Sprintf("Attribute %s %s.", req.Path, v.Description(ctx)))
}

// IsMD5 reports whether a text is the hex form of an MD5 digest.
func IsMD5(text string) bool {
	digest, err := hex.DecodeString(text)
	return err == nil && len(digest) == 16
}

var blankless = regexp.MustCompile(`\S`)

// NotBlank accepts any text but white space.
func NotBlank() validator.String {
	return stringvalidator.RegexMatches(blankless, "must not be blank")
}

// Duration accepts a Go duration above zero and not below least.
func Duration(least time.Duration) validator.String { return durationValidator{least: least} }

type durationValidator struct{ least time.Duration }

func (v durationValidator) Description(context.Context) string {
	if v.least > 0 {
		return fmt.Sprintf("must be a duration of at least %s, as in \"90s\" or \"2h45m\"", v.least)
	}
	return "must be a duration above zero, as in \"90s\" or \"2h45m\""
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	d, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || d <= 0 || d < v.least {
		resp.Diagnostics.Append(invalid(req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}

// HTTPURL accepts an http or https URL. The value is sensitive, so the error does not repeat it.
func HTTPURL() validator.String { return httpURLValidator{} }

type httpURLValidator struct{}

func (httpURLValidator) Description(context.Context) string {
	return "must be a URL that starts with http:// or https:// and names a host"
}

func (v httpURLValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v httpURLValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	u, err := url.Parse(req.ConfigValue.ValueString())
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value",
			fmt.Sprintf("Attribute %s %s. (The value is not shown, since it may hold a signature.)", req.Path, v.Description(ctx)))
	}
}

// NotNull explains why a required value that turns out null cannot be used. The framework reports
// the null itself; this says what to do about it.
func NotNull(because string) validator.String { return notNullValidator{because: because} }

type notNullValidator struct{ because string }

func (v notNullValidator) Description(context.Context) string { return "must not be null" }

func (v notNullValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v notNullValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Scan ID is unknown", v.because)
	}
}

// Requires demands attributes of an element of a list. The framework's own Required takes the
// attributes of an element that is not known yet, as each.value while validating, for missing ones
// (seen in v1.19.0); this leaves such an element alone.
func Requires(names ...string) validator.Object { return requiresValidator{names: names} }

type requiresValidator struct{ names []string }

func (v requiresValidator) Description(context.Context) string {
	return "must have " + strings.Join(v.names, ", ")
}

func (v requiresValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v requiresValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsUnknown() || req.ConfigValue.IsNull() {
		return
	}
	attributes := req.ConfigValue.Attributes()
	for _, name := range v.names {
		if value, ok := attributes[name]; !ok || value.IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Missing Attribute Value", fmt.Sprintf("Attribute %s is required.", req.Path.AtName(name)))
		}
	}
}

func invalid(at path.Path, description, value string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Invalid Attribute Value",
		fmt.Sprintf("Attribute %s %s, got: %q", at, description, value))
}

// ParseDuration returns the duration of an attribute that was validated by [Duration], or otherwise
// where the attribute is null.
func ParseDuration(value types.String, otherwise time.Duration) time.Duration {
	d, err := time.ParseDuration(value.ValueString())
	if err != nil || d <= 0 {
		return otherwise
	}
	return d
}

// NormalMD5 returns an MD5 digest in the form that comparisons use.
func NormalMD5(md5 string) string { return strings.ToLower(md5) }
