package gated

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// The types of a verdict, taken from its schema.
var (
	verdictType   = elementType(verdictAttributes())
	reasonType    = elementType(reasonAttributes())
	violationType = elementType(violationAttributes())
)

func verdictValue(v gate.Verdict, endpoint string) types.Object {
	reasons := make([]attr.Value, 0, len(v.Reasons))
	for _, r := range v.Reasons {
		reasons = append(reasons, types.ObjectValueMust(reasonType.AttrTypes, map[string]attr.Value{
			"code":   types.StringValue(string(r.Code)),
			"detail": types.StringValue(r.Detail),
		}))
	}
	violations := make([]attr.Value, 0, len(v.Violations))
	for _, violation := range v.Violations {
		violations = append(violations, violationValue(violation))
	}
	validUntil := types.StringNull()
	if v.ValidUntil != nil {
		validUntil = types.StringValue(v.ValidUntil.UTC().Format(time.RFC3339))
	}
	fingerprints := types.ListNull(types.StringType)
	if v.Fingerprints != nil {
		fingerprints = textList(v.Fingerprints)
	}
	return types.ObjectValueMust(verdictType.AttrTypes, map[string]attr.Value{
		"outcome":           types.StringValue(string(v.Outcome)),
		"passed":            types.BoolValue(v.Passed()),
		"message":           types.StringValue(v.Message),
		"reasons":           types.ListValueMust(reasonType, reasons),
		"violations":        types.ListValueMust(violationType, violations),
		"violation_count":   types.Int64Value(v.ViolationCount),
		"excepted_count":    types.Int64Value(v.ExceptedCount),
		"baselined_count":   types.Int64Value(v.BaselinedCount),
		"unused_exceptions": textList(v.UnusedExceptions),
		"valid_until":       validUntil,
		"policy":            types.StringValue(v.Policy),
		"policy_sha256":     types.StringValue(v.PolicySHA256),
		"endpoint":          types.StringValue(endpoint),
		"fingerprints":      fingerprints,
	})
}

func violationValue(v gate.Violation) attr.Value {
	return types.ObjectValueMust(violationType.AttrTypes, map[string]attr.Value{
		"rule":        types.StringValue(string(v.Rule)),
		"category":    types.StringValue(string(v.Category)),
		"severity":    types.StringValue(string(v.Severity)),
		"id":          types.StringValue(v.ID),
		"name":        textOrNull(v.Name),
		"location":    textOrNull(v.Location),
		"app_md5":     textOrNull(v.AppMD5),
		"fingerprint": types.StringValue(v.Fingerprint),
	})
}

func textList(values []string) types.List {
	elements := make([]attr.Value, 0, len(values))
	for _, v := range values {
		elements = append(elements, types.StringValue(v))
	}
	return types.ListValueMust(types.StringType, elements)
}

func textOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// reasonCodes joins the codes of reasons, each once.
func reasonCodes(reasons []gate.Reason) string {
	var codes []string
	for _, r := range reasons {
		if code := string(r.Code); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, ", ")
}

// enforce reports a verdict as the gate's enforcement says, and the exceptions that expire. Summaries name
// their object, since the CLI shows one warning of those with the same summary.
func enforce(ctx context.Context, v gate.Verdict, enforcement gate.Enforcement, object, requestID string) diag.Diagnostics {
	var diags diag.Diagnostics
	object = sanitize.Line(object)
	tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, "Judged a scan", map[string]any{
		"object": object, "outcome": string(v.Outcome), "policy_sha256": v.PolicySHA256, "enforcement": string(cmp.Or(enforcement, gate.Mandatory)),
		"violations": v.ViolationCount, "excepted": v.ExceptedCount, "baselined": v.BaselinedCount, "reasons": reasonCodes(v.Reasons),
	})
	at := path.Root("gate")
	for _, expiry := range v.Expiries {
		title := "Exception expires soon: "
		if expiry.Expired {
			title = "Exception expired: "
		}
		diags.AddAttributeWarning(at, title+expiry.Exception, expiry.String())
	}
	if v.Passed() {
		return diags
	}
	summary := "Security gate failed: " + object
	if v.Outcome == gate.Incomplete {
		summary = "Security gate incomplete: " + object
	}
	message := v.Message
	if requestID != "" {
		message += "\n\nRequestId: " + sanitize.Line(requestID)
	}
	switch enforcement {
	case gate.None:
	case gate.Advisory:
		diags.AddAttributeWarning(at, summary, message)
	default:
		diags.AddAttributeError(at, summary, message)
	}
	return diags
}
