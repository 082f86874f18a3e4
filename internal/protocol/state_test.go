//go:build !frameworkstate

package protocol

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
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

	shared
	_    string   // without a tag, and not shown
	Skip chan int `tfsdk:"-"`
}

// shared is what models have in common, in two steps.
type shared struct {
	Gate types.Object `tfsdk:"gate"`
	Outputs
}

// Outputs is embedded in an embedded struct.
type Outputs struct {
	Verdict *row       `tfsdk:"verdict"`
	Filter  types.List `tfsdk:"filter"`
	Extra   []row      `tfsdk:"extra"`
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
		"verdict": schema.SingleNestedAttribute{Computed: true, Attributes: rowAttributes},
	}, Blocks: map[string]schema.Block{
		"gate": schema.SingleNestedBlock{
			Attributes: map[string]schema.Attribute{"ids": schema.ListAttribute{Computed: true, ElementType: types.StringType}},
			Blocks: map[string]schema.Block{"exception": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
				Attributes: rowAttributes,
				Blocks:     map[string]schema.Block{"inner": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: rowAttributes}}},
			}}},
		},
		"filter": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: rowAttributes}},
		"extra":  schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: rowAttributes}},
	}}
}

var (
	rowType       = types.ObjectType{AttrTypes: map[string]attr.Type{"word": types.StringType, "count": types.Int64Type}}
	rowTypes      = rowType.AttrTypes
	exceptionType = types.ObjectType{AttrTypes: map[string]attr.Type{"word": types.StringType, "count": types.Int64Type, "inner": types.SetType{ElemType: rowType}}}
	gateTypes     = map[string]attr.Type{"ids": types.ListType{ElemType: types.StringType}, "exception": types.ListType{ElemType: exceptionType}}
)

// gateOf returns a gate with the exceptions given, whose other attributes are null.
func gateOf(exceptions types.List) types.Object {
	return types.ObjectValueMust(gateTypes, map[string]attr.Value{"ids": types.ListNull(types.StringType), "exception": exceptions})
}

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
			shared: shared{
				Gate: gateOf(types.ListValueMust(exceptionType, []attr.Value{types.ObjectValueMust(exceptionType.AttrTypes, map[string]attr.Value{
					"word": text, "count": types.Int64Null(), "inner": types.SetNull(rowType),
				})})),
				Outputs: Outputs{Verdict: &row{"v", types.Int64Value(1)}, Filter: types.ListValueMust(rowType, []attr.Value{
					types.ObjectValueMust(rowTypes, map[string]attr.Value{"word": text, "count": types.Int64Value(2)}),
				}), Extra: []row{{"e", types.Int64Value(3)}}},
			},
		},
		"empty": {
			List: types.ListValueMust(types.StringType, nil), Set: types.SetValueMust(types.StringType, nil), Map: types.MapValueMust(types.Int64Type, nil),
			Object: types.ObjectNull(rowTypes), Timeouts: timeouts.Value{Object: types.ObjectNull(timeoutTypes)}, Words: []string{}, Rows: []row{},
			shared: shared{Gate: gateOf(types.ListNull(exceptionType)), Outputs: Outputs{Filter: types.ListValueMust(rowType, nil), Extra: []row{}}},
		},
		"null": {
			List: types.ListNull(types.StringType), Set: types.SetNull(types.StringType), Map: types.MapNull(types.Int64Type),
			Object: types.ObjectNull(rowTypes), Timeouts: timeouts.Value{Object: types.ObjectNull(timeoutTypes)},
			shared: shared{Gate: types.ObjectNull(gateTypes), Outputs: Outputs{Filter: types.ListNull(rowType)}},
		},
	}
}

// TestSetState_setsWhatTheFrameworkSets compares what a server answers with what the framework's own answers
// for State.Set, null lists of attributes and of blocks among it.
func TestSetState_setsWhatTheFrameworkSets(t *testing.T) {
	t.Parallel()
	schema := everythingSchema(t.Context())
	kind := schema.Type().TerraformType(t.Context())
	for name, model := range models() {
		own := read(t, Server(serverOf(func(ctx context.Context, state *tfsdk.State) diag.Diagnostics { return SetState(ctx, state, &model) })), kind)
		framework := read(t, serverOf(func(ctx context.Context, state *tfsdk.State) diag.Diagnostics { return state.Set(ctx, &model) }), kind)
		if !own.Equal(framework) {
			t.Errorf("%s: the state is\n%s\nof the framework it is\n%s", name, own, framework)
		}
		alone := tfsdk.State{Schema: schema}
		if diags := SetState(t.Context(), &alone, &model); diags.HasError() || !alone.Raw.Equal(framework) {
			t.Errorf("%s: without the server the state is\n%s, %v", name, alone.Raw, diags)
		}
	}
}

func TestSetState_refusesWhatIsNoState(t *testing.T) {
	t.Parallel()
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
		`"b", which the schema lacks`: struct {
			B types.String `tfsdk:"b"`
		}{},
		`no "a", which the schema has`: struct{}{},
		`the tag "a" twice`: struct {
			A types.String `tfsdk:"a"`
			embedded
		}{},
		"embeds embedded with a tag": struct {
			embedded `tfsdk:"a"`
		}{},
		"as no struct": struct{ *embedded }{},
		`a: "b", which the schema lacks`: struct {
			A types.Object `tfsdk:"a"`
		}{types.ObjectValueMust(map[string]attr.Type{"b": types.BoolType}, map[string]attr.Value{"b": types.BoolValue(true)})},
		"a: a list where the schema has none": struct {
			A []string `tfsdk:"a"`
		}{[]string{"x"}},
		"a: a map where the schema has none": struct {
			A types.Map `tfsdk:"a"`
		}{types.MapValueMust(types.StringType, map[string]attr.Value{"b": types.StringNull()})},
	} {
		state := tfsdk.State{Schema: schemaFor(want)}
		diags := SetState(t.Context(), &state, model)
		if !diags.HasError() || !strings.Contains(diags[0].Detail(), want) || state.Raw.Type() != nil {
			t.Errorf("want %q: %v, the state is %s", want, diags, state.Raw)
		}
	}
	state := tfsdk.State{Schema: schemaFor("")}
	var past []byte
	if SetState(context.WithValue(t.Context(), stateKey{}, &past), &state, struct{ A float64 }{}); past != nil {
		t.Errorf("half a state goes past the framework: %q", past)
	}
	if diags := SetState(t.Context(), &tfsdk.State{Schema: resourceschema.Schema{}}, struct{}{}); !diags.HasError() {
		t.Error("the state of a resource is set")
	}
}

type embedded struct {
	A types.String `tfsdk:"a"`
}

// schemaFor returns a schema with one attribute, which holds what an error is about.
func schemaFor(want string) schema.Schema {
	var a schema.Attribute = schema.StringAttribute{Computed: true}
	inner := map[string]schema.Attribute{"b": schema.StringAttribute{Computed: true}}
	switch {
	case strings.HasPrefix(want, "a: element 0: b"):
		a = schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: inner}}
	case strings.HasPrefix(want, "a: element"):
		a = schema.ListAttribute{Computed: true, ElementType: types.StringType}
	case strings.HasPrefix(want, "a: b: "):
		a = schema.SingleNestedAttribute{Computed: true, Attributes: inner}
	}
	return schema.Schema{Attributes: map[string]schema.Attribute{"a": a}}
}
