package scantask

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan decides what a change of the configuration means: nothing, an update in place, or a new
// submission.
func (t *taskResource[M, R]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	plan := t.kind.New()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	t.kind.Defaults(plan)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	state := t.kind.New()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	memory, diags := t.recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// A task that is in a state is no orphan, even if it is replaced before it is deleted.
	t.forget(state, memory)
	resp.RequiresReplace = t.kind.Replaces(state, plan, memory.Imported)
	if !memory.Imported && !sameTriggers(plan.common().Triggers, state.common().Triggers) {
		resp.RequiresReplace.Append(path.Root("triggers"))
	}
	if len(resp.RequiresReplace) == 0 {
		plan = t.inPlace(ctx, req, state, resp)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// inPlace returns a plan that submits nothing: the outputs stay as they are, but for what waiting will
// change.
func (t *taskResource[M, R]) inPlace(ctx context.Context, req resource.ModifyPlanRequest, state M, resp *resource.ModifyPlanResponse) M {
	plan := t.kind.New()
	req.Plan.Raw = keepOutputs(req.Plan, req.State)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	t.kind.Defaults(plan)
	t.kind.Keep(state, plan)
	resp.Diagnostics.Append(t.outcome(ctx, plan)...)
	if plan.common().waits() {
		plan.common().Status = types.StringUnknown()
		t.kind.Expect(plan)
	}
	return plan
}
