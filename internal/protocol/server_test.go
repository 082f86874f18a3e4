package protocol

import (
	"bytes"
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// framework stands in for the framework's server.
type framework struct {
	tfprotov6.ProviderServer
	read func(context.Context) *tfprotov6.DynamicValue
	call func(context.Context, []*tfprotov6.DynamicValue)
}

func (f framework) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return &tfprotov6.ReadDataSourceResponse{State: f.read(ctx)}, nil
}

func (f framework) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	f.call(ctx, req.Arguments)
	return &tfprotov6.CallFunctionResponse{}, nil
}

func TestServer_answersWithTheStateThatWasSet(t *testing.T) {
	t.Parallel()
	own := &tfprotov6.DynamicValue{MsgPack: []byte{0xc0}}
	type model struct {
		A types.String `tfsdk:"a"`
	}
	for name, test := range map[string]struct {
		set  []any
		want string
	}{
		"nothing is set":                        {nil, "\xc0"},
		"a state is set":                        {[]any{model{types.StringValue("x")}}, "\x81\xa1a\xa1x"},
		"what cannot be set counts for nothing": {[]any{model{types.StringUnknown()}}, "\xc0"},
		"the last one counts":                   {[]any{model{types.StringValue("x")}, model{types.StringValue("y")}}, "\x81\xa1a\xa1y"},
		"nor does what was set before":          {[]any{model{types.StringValue("x")}, model{types.StringUnknown()}}, "\xc0"},
	} {
		server := Server(framework{read: func(ctx context.Context) *tfprotov6.DynamicValue {
			state := tfsdk.State{Schema: schema.Schema{Attributes: map[string]schema.Attribute{"a": schema.StringAttribute{Computed: true}}}}
			for _, m := range test.set {
				_ = SetState(ctx, &state, m)
			}
			return own
		}})
		resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{})
		if err != nil || string(resp.State.MsgPack) != test.want {
			t.Errorf("%s: %q, %v", name, resp.State.MsgPack, err)
		}
	}
}

func TestServer_keepsLargeArgumentsFromTheFramework(t *testing.T) {
	t.Parallel()
	dynamic := func(v tftypes.Value) *tfprotov6.DynamicValue {
		encoded, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, v)
		if err != nil {
			t.Fatal(err)
		}
		return &encoded
	}
	list := dynamic(tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{text("x")}))
	path, err := tfprotov6.NewDynamicValue(tftypes.String, text("app.apk"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		arguments []*tfprotov6.DynamicValue
		kept      bool
	}{
		"list":          {[]*tfprotov6.DynamicValue{list}, true},
		"object":        {[]*tfprotov6.DynamicValue{dynamic(tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}))}, true},
		"text":          {[]*tfprotov6.DynamicValue{dynamic(text("x"))}, false},
		"null":          {[]*tfprotov6.DynamicValue{dynamic(tftypes.NewValue(tftypes.DynamicPseudoType, nil))}, false},
		"null list":     {[]*tfprotov6.DynamicValue{dynamic(tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, nil))}, false},
		"unknown":       {[]*tfprotov6.DynamicValue{dynamic(tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue))}, false},
		"unknown list":  {[]*tfprotov6.DynamicValue{dynamic(tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, tftypes.UnknownValue))}, false},
		"of no dynamic": {[]*tfprotov6.DynamicValue{&path}, false},
		"in JSON":       {[]*tfprotov6.DynamicValue{{JSON: []byte(`["x"]`)}}, false},
		"two":           {[]*tfprotov6.DynamicValue{list, list}, false},
		"none":          {nil, false},
	} {
		server := Server(framework{call: func(ctx context.Context, got []*tfprotov6.DynamicValue) {
			encoded, kept := ctx.Value(argumentKey{}).([]byte)
			if kept != test.kept || kept && !bytes.Equal(encoded, test.arguments[0].MsgPack) {
				t.Errorf("%s: kept %t, %q", name, kept, encoded)
			}
			for i := range got {
				if (got[i] != test.arguments[i]) != test.kept {
					t.Errorf("%s: the framework gets %q", name, got[i].MsgPack)
				}
			}
			if !test.kept {
				return
			}
			in, err := got[0].Unmarshal(tftypes.DynamicPseudoType)
			if err != nil {
				t.Fatal(err)
			}
			if value, err := (ArgumentType{}).ValueFromTerraform(ctx, in); err != nil || !value.Equal(Argument{encoded: test.arguments[0].MsgPack}) {
				t.Errorf("%s: arrives as %v, %v", name, value, err)
			}
		}})
		if _, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "f", Arguments: test.arguments}); err != nil {
			t.Error(err)
		}
	}
}
