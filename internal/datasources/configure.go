package datasources

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// clientOf returns the provider's client; nil while the provider is not configured.
func clientOf(req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) *tencentcloud.Client {
	if req.ProviderData == nil {
		return nil
	}
	client, ok := req.ProviderData.(*tencentcloud.Client)
	if !ok {
		resp.Diagnostics.AddError("Unable to Configure Data Source",
			fmt.Sprintf("The provider handed over a %T. This is a bug of the provider; please report it.", req.ProviderData))
	}
	return client
}

// validateGate returns the faults of a gate, as far as its values are known.
func validateGate(source gate.Source, object types.Object) diag.Diagnostics {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	return policyDiagnostics(policyOf(source, object).Validate())
}
