package scantask_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// fakeProvider has the one resource ms_fake.
type fakeProvider struct {
	resource func() resource.Resource
	shared   scantask.Shared
}

func (fakeProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ms"
}
func (fakeProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p fakeProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = p.shared
}
func (fakeProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p fakeProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{p.resource}
}

// run plays the CLI for one resource: it plans, applies, refreshes and destroys by the plugin protocol.
type run struct {
	t       *testing.T
	server  tfprotov6.ProviderServer
	schema  resource.SchemaResponse
	journal *journal.Journal
	dir     string

	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	says     string // the diagnostics of the last step, one a line
	failed   bool
}

func newRun(t *testing.T, r func() resource.Resource) *run {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "journal")
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return inJournal(t, r, j, dir, scantask.NewShared(tencentcloud.New(tencentcloud.Config{}), j))
}

func inJournal(t *testing.T, r func() resource.Resource, j *journal.Journal, dir string, shared scantask.Shared) *run {
	t.Helper()
	c := &run{t: t, journal: j, dir: dir, server: providerserver.NewProtocol6(fakeProvider{resource: r, shared: shared})()}
	r().Schema(t.Context(), resource.SchemaRequest{}, &c.schema)
	c.state = tftypes.NewValue(c.kind(), nil)
	none := c.dynamic(tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}))
	resp, err := c.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: none})
	c.check(err, resp.Diagnostics)
	return c
}

func (c *run) kind() tftypes.Type { return c.schema.Schema.Type().TerraformType(context.Background()) }

func (c *run) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	c.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		c.t.Fatal(err)
	}
	return &d
}

func (c *run) check(err error, diags []*tfprotov6.Diagnostic) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	c.says, c.failed = "", false
	for _, d := range diags {
		c.says += d.Severity.String() + ": " + d.Summary + "\n" + d.Detail + "\n"
		c.failed = c.failed || d.Severity == tfprotov6.DiagnosticSeverityError
	}
}

// apply plans and applies a configuration. It returns the plan's action: create, update, replace or none.
func (c *run) apply(ctx context.Context, config map[string]any) (action string) {
	c.t.Helper()
	object, prior := c.object(config), map[string]tftypes.Value{}
	if !c.state.IsNull() {
		if err := c.state.As(&prior); err != nil {
			c.t.Fatal(err)
		}
	}
	proposed := map[string]tftypes.Value{}
	for name, value := range object {
		proposed[name] = value
		if a, ok := c.schema.Schema.Attributes[name]; ok && a.IsComputed() && value.IsNull() && !c.state.IsNull() {
			proposed[name] = prior[name]
		}
	}
	configured := c.dynamic(tftypes.NewValue(c.kind(), object))
	before := c.state
	plan, err := c.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: "ms_fake", PriorState: c.dynamic(before), Config: configured, PriorPrivate: c.private, PriorIdentity: c.identity,
		ProposedNewState: c.dynamic(tftypes.NewValue(c.kind(), proposed)),
	})
	c.check(err, plan.Diagnostics)
	if c.failed {
		return "none"
	}
	if len(plan.RequiresReplace) > 0 {
		return "replace"
	}
	planned := c.value(plan.PlannedState)
	if planned.Equal(before) {
		return "none"
	}
	action = "update"
	if before.IsNull() {
		action = "create"
	}
	applied, err := c.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "ms_fake", PriorState: c.dynamic(before), PlannedState: plan.PlannedState, Config: configured,
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	c.check(err, applied.Diagnostics)
	c.state, c.private, c.identity = c.value(applied.NewState), applied.Private, applied.NewIdentity
	c.keepsPromises(planned)
	return action
}

// keepsPromises fails the test where the state differs from what the plan knew.
func (c *run) keepsPromises(planned tftypes.Value) {
	c.t.Helper()
	if c.state.IsNull() {
		return
	}
	var want, got map[string]tftypes.Value
	if planned.As(&want) != nil || c.state.As(&got) != nil {
		c.t.Fatal("no object")
	}
	for name, value := range want {
		if value.IsFullyKnown() && !value.Equal(got[name]) {
			c.t.Errorf("%s was planned as %s and is %s", name, value, got[name])
		}
		if !got[name].IsFullyKnown() {
			c.t.Errorf("%s is unknown after the apply", name)
		}
	}
}

func (c *run) refresh() {
	c.t.Helper()
	resp, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "ms_fake", CurrentState: c.dynamic(c.state), Private: c.private, CurrentIdentity: c.identity,
	})
	c.check(err, resp.Diagnostics)
	c.state, c.private, c.identity = c.value(resp.NewState), resp.Private, resp.NewIdentity
}

func (c *run) destroy() {
	c.t.Helper()
	null := c.dynamic(tftypes.NewValue(c.kind(), nil))
	resp, err := c.server.ApplyResourceChange(c.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "ms_fake", PriorState: c.dynamic(c.state), PlannedState: null, Config: null, PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	c.check(err, resp.Diagnostics)
	if !c.value(resp.NewState).IsNull() {
		c.t.Error("the resource is still there")
	}
}

func (c *run) importID(id string) {
	c.t.Helper()
	resp, err := c.server.ImportResourceState(c.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "ms_fake", ID: id})
	c.check(err, resp.Diagnostics)
	if !c.failed {
		imported := resp.ImportedResources[0]
		c.state, c.private, c.identity = c.value(imported.State), imported.Private, imported.Identity
	}
}

// object fills up a configuration with null.
func (c *run) object(config map[string]any) map[string]tftypes.Value {
	c.t.Helper()
	object := map[string]tftypes.Value{}
	types, _ := c.kind().(tftypes.Object)
	for name, kind := range types.AttributeTypes {
		value := config[name]
		if list, ok := value.(map[string]any); ok {
			inside, _ := kind.(tftypes.Object)
			attributes := map[string]tftypes.Value{}
			for name, kind := range inside.AttributeTypes {
				attributes[name] = tftypes.NewValue(kind, list[name])
			}
			value = attributes
		}
		object[name] = tftypes.NewValue(kind, value)
	}
	return object
}

func (c *run) value(d *tfprotov6.DynamicValue) tftypes.Value {
	c.t.Helper()
	v, err := d.Unmarshal(c.kind())
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// has returns a text of the state; empty where it is null.
func (c *run) has(name string) string {
	c.t.Helper()
	if c.state.IsNull() {
		return ""
	}
	var object map[string]tftypes.Value
	if err := c.state.As(&object); err != nil {
		c.t.Fatal(err)
	}
	var text *string
	if err := object[name].As(&text); err != nil {
		c.t.Fatal(err)
	}
	if text == nil {
		return ""
	}
	return *text
}

// entries are the files of the journal that are no locks.
func (c *run) entries() []string {
	c.t.Helper()
	names, err := filepath.Glob(filepath.Join(c.dir, "*.json"))
	if err != nil {
		c.t.Fatal(err)
	}
	return names
}

func (c *run) expect(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		if !strings.Contains(c.says, text) {
			c.t.Errorf("no %q in:\n%s", text, c.says)
		}
	}
}
