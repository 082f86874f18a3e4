package protocol

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// everything is a model with each kind of field that there may be.
type everything struct {
	Text     types.String   `tfsdk:"text"`
	Truth    types.Bool     `tfsdk:"truth"`
	Whole    types.Int64    `tfsdk:"whole"`
	Fraction types.Float64  `tfsdk:"fraction"`
	Zero     types.Float64  `tfsdk:"zero"`
	List     types.List     `tfsdk:"list"`
	Set      types.Set      `tfsdk:"set"`
	Map      types.Map      `tfsdk:"map"`
	Object   types.Object   `tfsdk:"object"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
	Words    []string       `tfsdk:"words"`
	Rows     []row          `tfsdk:"rows"`
	Section  *row           `tfsdk:"section"`
}

type row struct {
	Word  string      `tfsdk:"word"`
	Count types.Int64 `tfsdk:"count"`
}

func everythingSchema(ctx context.Context) schema.Schema {
	rowAttributes := map[string]schema.Attribute{"word": schema.StringAttribute{Computed: true}, "count": schema.Int64Attribute{Computed: true}}
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"text": schema.StringAttribute{Computed: true}, "truth": schema.BoolAttribute{Computed: true}, "whole": schema.Int64Attribute{Computed: true},
		"fraction": schema.Float64Attribute{Computed: true}, "zero": schema.Float64Attribute{Computed: true}, "list": schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"set": schema.SetAttribute{Computed: true, ElementType: types.StringType}, "map": schema.MapAttribute{Computed: true, ElementType: types.Int64Type},
		"object": schema.SingleNestedAttribute{Computed: true, Attributes: rowAttributes}, "timeouts": timeouts.Attributes(ctx),
		"words":   schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"rows":    schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: rowAttributes}},
		"section": schema.SingleNestedAttribute{Computed: true, Attributes: rowAttributes},
	}}
}

var rowTypes = map[string]attr.Type{"word": types.StringType, "count": types.Int64Type}

// models are the same but for what is in them.
func models() map[string]everything {
	timeoutTypes := map[string]attr.Type{"read": types.StringType}
	text := types.StringValue("a \"b\" – ü \x01")
	return map[string]everything{
		"full": {
			Text: text, Truth: types.BoolValue(true), Whole: types.Int64Value(-1 << 53), Fraction: types.Float64Value(7.1), Zero: types.Float64Value(math.Copysign(0, -1)),
			List: types.ListValueMust(types.StringType, []attr.Value{text, types.StringNull()}), Set: types.SetValueMust(types.StringType, []attr.Value{text}),
			Map:      types.MapValueMust(types.Int64Type, map[string]attr.Value{"b": types.Int64Value(1), "a": types.Int64Null()}),
			Object:   types.ObjectValueMust(rowTypes, map[string]attr.Value{"word": text, "count": types.Int64Value(1 << 40)}),
			Timeouts: timeouts.Value{Object: types.ObjectValueMust(timeoutTypes, map[string]attr.Value{"read": types.StringValue("1h")})},
			Words:    []string{"x", ""}, Rows: []row{{"a", types.Int64Value(300)}, {"b", types.Int64Null()}}, Section: &row{"s", types.Int64Value(0)},
		},
		"empty": {
			List: types.ListValueMust(types.StringType, nil), Set: types.SetValueMust(types.StringType, nil), Map: types.MapValueMust(types.Int64Type, nil),
			Object: types.ObjectNull(rowTypes), Timeouts: timeouts.Value{Object: types.ObjectNull(timeoutTypes)}, Words: []string{}, Rows: []row{},
		},
		"null": {
			List: types.ListNull(types.StringType), Set: types.SetNull(types.StringType), Map: types.MapNull(types.Int64Type),
			Object: types.ObjectNull(rowTypes), Timeouts: timeouts.Value{Object: types.ObjectNull(timeoutTypes)},
		},
	}
}

// TestSetState_setsWhatTheFrameworkSets compares with the framework's own State.Set.
func TestSetState_setsWhatTheFrameworkSets(t *testing.T) {
	t.Parallel()
	schema := everythingSchema(t.Context())
	for name, model := range models() {
		framework, own := tfsdk.State{Schema: schema}, tfsdk.State{Schema: schema}
		framework.Raw = tftypes.NewValue(schema.Type().TerraformType(t.Context()), nil)
		diags := framework.Set(t.Context(), &model)
		diags.Append(SetState(t.Context(), &own, &model)...)
		if diags.HasError() {
			t.Fatalf("%s: %v", name, diags)
		}
		if !own.Raw.Equal(framework.Raw) {
			t.Errorf("%s: the state is\n%s\nof the framework it is\n%s", name, own.Raw, framework.Raw)
		}

		var past []byte
		own = tfsdk.State{Schema: schema}
		if diags := SetState(context.WithValue(t.Context(), stateKey{}, &past), &own, &model); diags.HasError() {
			t.Fatal(diags)
		}
		raw, err := tfprotov6.DynamicValue{MsgPack: past}.Unmarshal(schema.Type().TerraformType(t.Context()))
		if err != nil || !raw.Equal(framework.Raw) || !own.Raw.IsNull() {
			t.Errorf("%s: past the framework goes %s, %v; it sees %s", name, raw, err, own.Raw)
		}
	}
}

func TestSetState_refusesWhatIsNoState(t *testing.T) {
	t.Parallel()
	state := tfsdk.State{Schema: schema.Schema{Attributes: map[string]schema.Attribute{"a": schema.StringAttribute{Computed: true}}}}
	for want, model := range map[string]any{
		"a: a value that is not known": struct {
			A types.String `tfsdk:"a"`
		}{types.StringUnknown()},
		"a: element 1: a value that is not known": struct {
			A types.List `tfsdk:"a"`
		}{types.ListValueMust(types.StringType, []attr.Value{types.StringNull(), types.StringUnknown()})},
		"a: element 0: b: a model with a float64": struct {
			A []struct {
				B float64 `tfsdk:"b"`
			} `tfsdk:"a"`
		}{make([]struct {
			B float64 `tfsdk:"b"`
		}, 1)},
		"a: b: a value of type basetypes.DynamicValue": struct {
			A types.Object `tfsdk:"a"`
		}{types.ObjectValueMust(map[string]attr.Type{"b": types.DynamicType}, map[string]attr.Value{"b": types.DynamicValue(types.StringValue("x"))})},
		"a model with a field without a tag": struct{ A types.String }{},
		`unknown attribute "b"`: struct {
			B types.String `tfsdk:"b"`
		}{},
	} {
		state.Raw = tftypes.Value{}
		diags := SetState(t.Context(), &state, model)
		if !diags.HasError() || !strings.Contains(diags[0].Detail(), want) || state.Raw.Type() != nil {
			t.Errorf("want %q: %v, the state is %s", want, diags, state.Raw)
		}
	}
	var past []byte
	if SetState(context.WithValue(t.Context(), stateKey{}, &past), &state, struct{ A float64 }{}); past != nil {
		t.Errorf("half a state goes past the framework: %q", past)
	}
}
