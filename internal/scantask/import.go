package scantask

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// IdentitySchema describes what Terraform 1.12 and OpenTofu 1.12 keep beside the state, and take in an
// import block in place of an id. It is metadata: nothing is decided by it.
func (t *taskResource[M, R]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			t.words.IDName: identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "Identifies the scan task: " + t.words.ID + ". Empty where the answer to the submission was lost.",
			},
		},
	}
}

// save writes the state and the identity, the one never without the other. The framework takes an
// identity without any value for an error, which after a submission would taint the resource and make
// the next apply pay again: so a task without a known id has the empty one, which no task has and no
// import takes.
func (t *taskResource[M, R]) save(ctx context.Context, m M, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	diags := state.Set(ctx, m)
	diags.Append(identity.SetAttribute(ctx, path.Root(t.words.IDName), types.StringValue(m.TaskID()))...)
	return diags
}

// importedID returns the id that an import names, by itself or by the identity.
func (t *taskResource[M, R]) importedID(ctx context.Context, req resource.ImportStateRequest) (string, diag.Diagnostics) {
	if req.ID != "" || req.Identity.Raw.IsNull() {
		return strings.TrimSpace(req.ID), nil
	}
	var id types.String
	diags := req.Identity.GetAttribute(ctx, path.Root(t.words.IDName), &id)
	return strings.TrimSpace(id.ValueString()), diags
}

// ImportState takes over a task by its id.
func (t *taskResource[M, R]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx = tf.WithLog(ctx)
	id, diags := t.importedID(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if id == "" {
		resp.Diagnostics.AddError("Unable to Import Scan", "The import id is empty. Give "+t.words.ID+".")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()
	m, receipt, err := t.kind.Import(ctx, t.client, id)
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		resp.Diagnostics.AddError("Unable to Import Scan", problem.explain(t.task(id)))
		return
	case err != nil:
		resp.Diagnostics.AddError("Unable to Import Scan", tf.Explain(t.task(id), err, ""))
		return
	}
	c := m.common()
	c.ID, c.Triggers = printable(id), types.MapNull(types.StringType)
	c.Timeouts.Object = types.ObjectNull(t.timeoutTypes())
	resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(memory[R]{Imported: true, Receipt: receipt}.save(ctx, resp.Private)...)
}

func (p *Problem) explain(object string) string {
	text := fmt.Sprintf("%s.\n\nObject: %s", p.What, sanitize.Line(object))
	if p.RequestID != "" {
		text += "\nRequestId: " + sanitize.Line(p.RequestID)
	}
	return text + "\n\n" + p.Next
}

// timeoutTypes are the types of the block timeouts.
func (t *taskResource[M, R]) timeoutTypes() map[string]attr.Type {
	names := map[string]attr.Type{"create": types.StringType, "read": types.StringType, "update": types.StringType}
	if t.stops() {
		names["delete"] = types.StringType
	}
	return names
}
