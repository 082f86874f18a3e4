package tf_test

import (
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func TestSize_agreesInNumberForEveryKind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		size     tf.Size
		elements int
		want     string // empty: accepted
	}{
		"none":        {tf.NotEmpty(), 0, "Attribute apps must not be empty."},
		"one":         {tf.NotEmpty(), 1, ""},
		"none of two": {tf.AtMost(2), 0, "Attribute apps must have 1 to 2 elements."},
		"as many":     {tf.AtMost(2), 2, ""},
		"too many":    {tf.AtMost(2), 3, "Attribute apps must have 1 to 2 elements, but has 3."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []attr.Value
			entries := map[string]attr.Value{}
			for i := range tt.elements {
				value := types.StringValue(strconv.Itoa(i))
				list, entries[value.ValueString()] = append(list, value), value
			}
			at := path.Root("apps")
			var inList validator.ListResponse
			var inSet validator.SetResponse
			var inMap validator.MapResponse
			tt.size.ValidateList(t.Context(), validator.ListRequest{Path: at, ConfigValue: types.ListValueMust(types.StringType, list)}, &inList)
			tt.size.ValidateSet(t.Context(), validator.SetRequest{Path: at, ConfigValue: types.SetValueMust(types.StringType, list)}, &inSet)
			tt.size.ValidateMap(t.Context(), validator.MapRequest{Path: at, ConfigValue: types.MapValueMust(types.StringType, entries)}, &inMap)
			for kind, diags := range map[string]diag.Diagnostics{"list": inList.Diagnostics, "set": inSet.Diagnostics, "map": inMap.Diagnostics} {
				got := ""
				if diags.HasError() {
					got = diags[0].Detail()
				}
				if got != tt.want {
					t.Errorf("%s: got %q, want %q", kind, got, tt.want)
				}
			}
		})
	}
}

func TestSize_unknownIsNotJudged(t *testing.T) {
	t.Parallel()
	var list validator.ListResponse
	var set validator.SetResponse
	var m validator.MapResponse
	tf.NotEmpty().ValidateList(t.Context(), validator.ListRequest{ConfigValue: types.ListUnknown(types.StringType)}, &list)
	tf.NotEmpty().ValidateSet(t.Context(), validator.SetRequest{ConfigValue: types.SetUnknown(types.StringType)}, &set)
	tf.NotEmpty().ValidateMap(t.Context(), validator.MapRequest{ConfigValue: types.MapUnknown(types.StringType)}, &m)
	if list.Diagnostics.HasError() || set.Diagnostics.HasError() || m.Diagnostics.HasError() {
		t.Errorf("%v %v %v", list.Diagnostics, set.Diagnostics, m.Diagnostics)
	}
}
