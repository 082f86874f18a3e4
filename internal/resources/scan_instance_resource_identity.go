package resources

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithIdentity = (*scanInstanceResource)(nil)

// scanInstanceIdentity is what Terraform 1.12 and OpenTofu 1.12 keep beside the state, and take in an
// import block in place of an id. It is metadata: nothing is decided by it.
type scanInstanceIdentity struct {
	ItemID types.String `tfsdk:"item_id"`
}

// IdentitySchema describes the resource identity.
func (r *scanInstanceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"item_id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The service's id of the scan task. Empty where the answer to the submission was lost.",
			},
		},
	}
}

// identity returns the identity of a task. The framework takes an identity without any value for an
// error, which after a submission would taint the resource and make the next apply pay again: so a
// task without a known id has the empty one, which no task has and no import takes.
func (m *scanInstanceModel) identity() scanInstanceIdentity {
	return scanInstanceIdentity{ItemID: types.StringValue(m.ItemID.ValueString())}
}

// save writes the state and the identity, the one never without the other.
func (m *scanInstanceModel) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	diags := state.Set(ctx, m)
	diags.Append(identity.Set(ctx, m.identity())...)
	return diags
}

// importedID returns the ItemId that an import names, by its id or by its identity.
func importedID(ctx context.Context, req resource.ImportStateRequest) (string, diag.Diagnostics) {
	if req.ID != "" {
		return strings.TrimSpace(req.ID), nil
	}
	var identity scanInstanceIdentity
	if req.Identity.Raw.IsNull() {
		return "", nil
	}
	diags := req.Identity.Get(ctx, &identity)
	return strings.TrimSpace(identity.ItemID.ValueString()), diags
}
