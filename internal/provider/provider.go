package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/auth"
	"github.com/tencentscan/terraform-provider-ms/internal/datasources"
	"github.com/tencentscan/terraform-provider-ms/internal/functions"
	"github.com/tencentscan/terraform-provider-ms/internal/resources"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

var (
	_ provider.Provider              = (*msProvider)(nil)
	_ provider.ProviderWithFunctions = (*msProvider)(nil)
)

// New returns a function that makes the provider. version and commit are those of the build.
func New(version, commit string) func() provider.Provider {
	return func() provider.Provider {
		return &msProvider{version: version, commit: commit, environment: os.LookupEnv, home: os.UserHomeDir}
	}
}

type msProvider struct {
	version, commit string
	environment     auth.Environment
	home            auth.Home
}

func (p *msProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ms"
	resp.Version = p.version
}

func (p *msProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure builds the one client. It sends nothing: a configuration without credentials is only an
// error at the first call, unlike one that names a role and cannot be followed.
func (p *msProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.Diagnostics.Append(refuseUnknown(req)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	chain := p.chain(ctx, m, &resp.Diagnostics)
	endpoint, diags := p.endpoint(m)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !endpoint.Official() {
		resp.Diagnostics.AddWarning("Non-default API endpoint",
			fmt.Sprintf("Scans are submitted to %s, and their results come from there. If this is not intended, set domain = %q in the provider configuration.",
				sanitize.Line(endpoint.String()), tencentcloud.RootDomain))
	}
	config := tencentcloud.Config{
		Endpoint:          endpoint,
		Region:            p.environment.Or(m.Region.ValueString(), "TENCENTCLOUD_REGION", defaultRegion),
		Language:          orDefault(m.Language, defaultLanguage),
		RequestsPerSecond: requestsPerSecond(m),
		MaxRetries:        maxRetries(m),
		RequestTimeout:    requestTimeout(m),
		Agent:             fmt.Sprintf("terraform-provider-ms %s %s", p.version, p.commit),
	}
	config.Credentials = chain.Credentials(config)
	client := tencentcloud.New(config)
	resp.ResourceData, resp.DataSourceData = scantask.NewShared(client, p.journal(m, &resp.Diagnostics)), client
}

func (p *msProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{resources.NewScanInstance, resources.NewHostScan, resources.NewImageScan}
}

func (p *msProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		datasources.NewScanResults,
		datasources.NewAPKDetection,
		datasources.NewHostScan,
		datasources.NewHostFindings,
		datasources.NewImageScan,
		datasources.NewImageFindings,
	}
}

func (p *msProvider) Functions(context.Context) []func() function.Function {
	return functions.All(p.version)
}

// refuseUnknown reports every attribute whose value is not known yet: a client cannot be built from it.
func refuseUnknown(req provider.ConfigureRequest) diag.Diagnostics {
	var diags diag.Diagnostics
	var values map[string]tftypes.Value
	if err := req.Config.Raw.As(&values); err != nil {
		diags.AddError("Unable to Read Provider Configuration", err.Error())
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !values[name].IsFullyKnown() {
			diags.AddAttributeError(path.Root(name), "Unable to Configure Provider",
				fmt.Sprintf("The value of %s is not known while planning. Give it as a literal, a variable or an environment variable, or first apply what it depends on.", name))
		}
	}
	return diags
}

// chain returns where credentials are looked for.
func (p *msProvider) chain(ctx context.Context, m model, diags *diag.Diagnostics) auth.Chain {
	settings, problems := m.authSettings(ctx)
	diags.Append(problems...)
	chain := auth.Chain{Settings: settings, Environment: p.environment, Home: p.home}
	if err := chain.Validate(); err != nil {
		detail := "The credentials are not configured correctly: " + sanitize.Line(err.Error()) + "."
		var known *auth.Error
		if errors.As(err, &known) {
			detail += " " + known.Advice()
		}
		diags.AddError("Unable to Configure Provider", detail)
	}
	return chain
}

// endpoint chooses who answers. In the configuration, domain or endpoint_url overrides both environment
// variables, so that a configuration can pin its endpoint.
func (p *msProvider) endpoint(m model) (tencentcloud.Endpoint, diag.Diagnostics) {
	url, domain := p.environment.Get("TENCENTCLOUD_ENDPOINT_URL"), p.environment.Get("TENCENTCLOUD_DOMAIN")
	switch {
	case !m.EndpointURL.IsNull():
		return parseEndpoint(tencentcloud.URLEndpoint, m.EndpointURL.ValueString(), "the attribute endpoint_url")
	case !m.Domain.IsNull():
		return parseEndpoint(tencentcloud.DomainEndpoint, m.Domain.ValueString(), "the attribute domain")
	case url != "":
		return parseEndpoint(tencentcloud.URLEndpoint, url, "the environment variable TENCENTCLOUD_ENDPOINT_URL")
	case domain != "":
		return parseEndpoint(tencentcloud.DomainEndpoint, domain, "the environment variable TENCENTCLOUD_DOMAIN")
	default:
		return tencentcloud.Endpoint{}, nil
	}
}

func parseEndpoint(parse func(string) (tencentcloud.Endpoint, error), value, source string) (tencentcloud.Endpoint, diag.Diagnostics) {
	var diags diag.Diagnostics
	endpoint, err := parse(value)
	if err != nil {
		diags.AddError("Unable to Configure Provider", fmt.Sprintf("The value of %s: %s.", source, err))
	}
	return endpoint, diags
}

func orDefault(attribute types.String, otherwise string) string {
	if attribute.IsNull() {
		return otherwise
	}
	return attribute.ValueString()
}

func requestsPerSecond(m model) float64 {
	if m.RequestsPerSecond.IsNull() {
		return defaultRequestsPerSecond
	}
	return m.RequestsPerSecond.ValueFloat64()
}

func maxRetries(m model) int {
	if m.MaxRetries.IsNull() {
		return defaultMaxRetries
	}
	return int(m.MaxRetries.ValueInt64())
}

func requestTimeout(m model) time.Duration {
	otherwise, _ := time.ParseDuration(defaultRequestTimeout)
	return tf.ParseDuration(m.RequestTimeout, otherwise)
}
