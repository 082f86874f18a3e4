//go:build !frameworkstate

package protocol

import (
	"context"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// testProvider has one data source, with the schema everythingSchema, which sets its state by a function.
type testProvider struct {
	provider.Provider
	set func(context.Context, *tfsdk.State) diag.Diagnostics
}

func (testProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}

func (testProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p testProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return testSource{p.set} }}
}

type testSource struct {
	set func(context.Context, *tfsdk.State) diag.Diagnostics
}

func (testSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "test"
}

func (testSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = everythingSchema(ctx)
}

func (s testSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.Diagnostics.Append(s.set(ctx, &resp.State)...)
}

// serverOf returns the framework's server of a provider whose data source sets its state by a function.
func serverOf(set func(context.Context, *tfsdk.State) diag.Diagnostics) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(testProvider{set: set})()
}

// respond reads the data source.
func respond(t *testing.T, server tfprotov6.ProviderServer, kind tftypes.Type) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "test", Config: &config})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// read returns the state that a server answers with, without an error.
func read(t *testing.T, server tfprotov6.ProviderServer, kind tftypes.Type) tftypes.Value {
	t.Helper()
	resp := respond(t, server, kind)
	if len(resp.Diagnostics) > 0 {
		t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
	}
	state, err := resp.State.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// TestServer_hidesNothingOfTheFrameworks: what an upgrade of the framework adds must reach the CLI.
func TestServer_hidesNothingOfTheFrameworks(t *testing.T) {
	t.Parallel()
	framework := serverOf(nil)
	own := reflect.TypeOf(Server(framework))
	for i := range reflect.TypeOf(framework).NumMethod() {
		if method := reflect.TypeOf(framework).Method(i).Name; !hasMethod(own, method) {
			t.Errorf("%s of the framework's server is hidden", method)
		}
	}
}

func hasMethod(t reflect.Type, name string) bool {
	_, ok := t.MethodByName(name)
	return ok
}

func TestServer_answersWithTheStateThatWasSet(t *testing.T) {
	t.Parallel()
	kind := everythingSchema(t.Context()).Type().TerraformType(t.Context())
	full, empty := models()["full"], models()["empty"]
	unknown := models()["full"]
	unknown.Text = types.StringUnknown()
	for name, test := range map[string]struct {
		set  []everything
		want *everything
	}{
		"nothing is set":                {nil, nil},
		"a state is set":                {[]everything{full}, &full},
		"what cannot be set is ignored": {[]everything{unknown}, nil},
		"the last one counts":           {[]everything{full, empty}, &empty},
		"nor does what was set before":  {[]everything{full, unknown}, nil},
	} {
		resp := respond(t, Server(serverOf(func(ctx context.Context, state *tfsdk.State) diag.Diagnostics {
			var diags diag.Diagnostics
			for _, model := range test.set {
				diags = SetState(ctx, state, &model)
			}
			return diags
		})), kind)
		state, err := resp.State.Unmarshal(kind)
		if err != nil {
			t.Fatal(err)
		}
		if test.want == nil {
			if !state.IsNull() {
				t.Errorf("%s: the state is %s", name, state)
			}
			continue
		}
		want := tfsdk.State{Schema: everythingSchema(t.Context())}
		if diags := SetState(t.Context(), &want, test.want); diags.HasError() || !state.Equal(want.Raw) {
			t.Errorf("%s: the state is %s, %v", name, state, diags)
		}
	}
}
