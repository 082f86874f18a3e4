package resources

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// ModifyPlan decides what a change of the configuration means: nothing, an update in place, or a new
// submission. Identity is content: while the set of MD5s is the same, the state's app_infos stay.
func (r *scanInstanceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var config, plan, state scanInstanceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ScanInfo = withDefaultScanTypes(config.ScanInfo, plan.ScanInfo)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	imported, diags := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// A task that is in a state is no orphan, even if it is replaced before it is deleted.
	resp.Diagnostics.Append(r.forget(ctx, req.Private, state.ItemID)...)
	if resp.RequiresReplace = newSubmission(&state, &plan, imported != nil); len(resp.RequiresReplace) == 0 {
		inPlace(&state, &plan)
		resp.Diagnostics.Append(planDiagnostics(&plan)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// withDefaultScanTypes fills in the default where the configuration gives no scan_types. A default
// inside the object would not do: the framework keeps the state's value there, and marks a nested
// default as unknown.
func withDefaultScanTypes(config, plan types.Object) types.Object {
	if config.IsNull() {
		return defaultScanInfo()
	}
	configured, ok := config.Attributes()["scan_types"].(types.Set)
	if !ok || !configured.IsNull() {
		return plan
	}
	return types.ObjectValueMust(scanInfoType.AttrTypes, map[string]attr.Value{
		"scan_types":   textSet(defaultScanTypes),
		"callback_url": config.Attributes()["callback_url"],
	})
}

// newSubmission returns the attributes whose change asks for a new scan. For an imported task the
// service tells neither scan types nor triggers: what the configuration says is adopted.
func newSubmission(state, plan *scanInstanceModel, imported bool) path.Paths {
	var paths path.Paths
	if set, known := md5Set(plan.AppInfos); !known || !slices.Equal(set, stateMD5Set(state)) && !acceptedOnly(state, set) {
		paths.Append(path.Root("app_infos"))
	}
	if imported {
		return paths
	}
	if !scanTypesOf(plan.ScanInfo).Equal(scanTypesOf(state.ScanInfo)) {
		paths.Append(path.Root("scan_info").AtName("scan_types"))
	}
	if !sameTriggers(plan.Triggers, state.Triggers) {
		paths.Append(path.Root("triggers"))
	}
	return paths
}

// sameTriggers compares triggers; none at all is the same as an empty map.
func sameTriggers(a, b types.Map) bool {
	if a.IsUnknown() || b.IsUnknown() {
		return false
	}
	return a.Equal(b) || len(a.Elements()) == 0 && len(b.Elements()) == 0
}

// inPlace plans a change that submits nothing: the results stay as they are, but for rejected apps
// that are taken out, and for what waiting on will change.
func inPlace(state, plan *scanInstanceModel) {
	set, _ := md5Set(plan.AppInfos)
	plan.setComputedFrom(state)
	if slices.Equal(set, stateMD5Set(state)) {
		plan.AppInfos = state.AppInfos
	} else {
		takeOutRejected(plan)
	}
	waits := plan.WaitForCompletion.IsUnknown() || plan.WaitForCompletion.ValueBool()
	if plan.Status.ValueString() != statusProcessing || !waits {
		return
	}
	plan.Status = types.StringUnknown()
	plan.Failures = types.ListUnknown(failureType)
	plan.Summary = types.ObjectUnknown(tf.SummaryType.AttrTypes)
	if plan.AcceptedAppMD5s.IsNull() { // the service has not said yet which apps it accepted
		plan.AcceptedAppMD5s = types.ListUnknown(types.StringType)
		plan.RejectedAppMD5s = types.ListUnknown(types.StringType)
	}
}

// takeOutRejected drops the rejected apps from the results. What is left may be complete without them.
func takeOutRejected(m *scanInstanceModel) {
	rejected := texts(m.RejectedAppMD5s.Elements())
	left := slices.DeleteFunc(failuresOf(m.Failures), func(f failure) bool { return slices.Contains(rejected, f.md5) })
	m.RejectedAppMD5s = textList(nil)
	m.Failures = failuresValue(left)
	if m.Status.ValueString() == statusFailed && len(left) == 0 {
		m.Status = types.StringValue(statusCompleted)
	}
}

// md5Set returns the sorted lower-case MD5s of app_infos, and whether all of them are known.
func md5Set(appInfos types.List) ([]string, bool) {
	if appInfos.IsUnknown() {
		return nil, false
	}
	var set []string
	for _, element := range appInfos.Elements() {
		app, ok := element.(types.Object)
		if !ok || app.IsUnknown() {
			return nil, false
		}
		md5, ok := app.Attributes()["app_md5"].(types.String)
		if !ok || md5.IsUnknown() {
			return nil, false
		}
		set = append(set, tf.NormalMD5(md5.ValueString()))
	}
	slices.Sort(set)
	return set, true
}

func stateMD5Set(state *scanInstanceModel) []string {
	set, _ := md5Set(state.AppInfos)
	return set
}

// acceptedOnly tells whether a new set of MD5s is exactly what the service accepted: the user took
// the rejected apps out.
func acceptedOnly(state *scanInstanceModel, set []string) bool {
	accepted := slices.Sorted(slices.Values(state.acceptedMD5s()))
	return len(accepted) > 0 && slices.Equal(set, accepted)
}

func scanTypesOf(scanInfo types.Object) attr.Value {
	if scanInfo.IsUnknown() {
		return types.SetUnknown(types.StringType)
	}
	if v, ok := scanInfo.Attributes()["scan_types"]; ok {
		return v
	}
	return types.SetNull(types.StringType)
}
