package tf

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// SummaryFields are the attributes of a summary object with their descriptions, in order.
var SummaryFields = []struct{ Name, Description string }{
	{"critical", "Number of critical findings."},
	{"high", "Number of high findings."},
	{"medium", "Number of medium findings."},
	{"low", "Number of low findings."},
	{"info", "Number of informational findings."},
	{"unknown", "Number of findings whose severity the service did not give, or not readably."},
	{"total", "Number of all findings."},
}

// SummaryType is the type of a `summary` attribute.
var SummaryType = types.ObjectType{AttrTypes: summaryAttributes()}

func summaryAttributes() map[string]attr.Type {
	attributes := make(map[string]attr.Type, len(SummaryFields))
	for _, f := range SummaryFields {
		attributes[f.Name] = types.Int64Type
	}
	return attributes
}

// SummaryValue returns a summary object.
func SummaryValue(s gate.Summary) types.Object {
	return types.ObjectValueMust(SummaryType.AttrTypes, map[string]attr.Value{
		"critical": types.Int64Value(s.Critical),
		"high":     types.Int64Value(s.High),
		"medium":   types.Int64Value(s.Medium),
		"low":      types.Int64Value(s.Low),
		"info":     types.Int64Value(s.Info),
		"unknown":  types.Int64Value(s.Unknown),
		"total":    types.Int64Value(s.Total),
	})
}
