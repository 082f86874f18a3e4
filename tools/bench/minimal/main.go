// Command minimal is the least that a provider on terraform-plugin-framework can be: no resource, no
// data source, no dependency of its own. It is the floor of start, memory and size.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

type minimal struct{}

func (minimal) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "minimal"
}

func (minimal) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{}
}

func (minimal) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (minimal) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (minimal) Resources(context.Context) []func() resource.Resource { return nil }

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return minimal{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/tencentscan/minimal"})
	if err != nil {
		log.Fatal(err)
	}
}
