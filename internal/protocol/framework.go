//go:build frameworkstate

package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Server returns the framework's server as it is.
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer { return framework }

// SetState sets the state of a data source to a model, by the framework.
func SetState(ctx context.Context, state *tfsdk.State, model any) diag.Diagnostics {
	state.Raw = tftypes.NewValue(state.Schema.Type().TerraformType(ctx), nil)
	return state.Set(ctx, model)
}
