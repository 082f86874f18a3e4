package resources

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Defaults sets scan_types to what scan_info asks for.
func (scanInstance) Defaults(plan *scanInstanceModel) { plan.ScanTypes = plan.wantedScanTypes() }

// Replaces compares the sets of MD5s, which are the identity of this resource, and the scan types. Of an
// imported task the service does not tell the scan types: what the configuration says is adopted.
func (scanInstance) Replaces(state, plan *scanInstanceModel, imported bool) path.Paths {
	var paths path.Paths
	if set, known := md5Set(plan.AppInfos); !known || !slices.Equal(set, stateMD5Set(state)) && !acceptedOnly(state, set) {
		paths.Append(path.Root("app_infos"))
	}
	if !imported && !plan.ScanTypes.Equal(state.ScanTypes) {
		paths.Append(path.Root("scan_types"))
	}
	return paths
}

// Keep keeps the app_infos of the state while the set of MD5s is the same, so that a new signature is an
// empty plan. Else rejected apps were taken out.
func (scanInstance) Keep(state, plan *scanInstanceModel) {
	if set, _ := md5Set(plan.AppInfos); slices.Equal(set, stateMD5Set(state)) {
		plan.AppInfos = state.AppInfos
		return
	}
	takeOutRejected(plan)
}

// Expect marks what the end of the scan will tell.
func (scanInstance) Expect(plan *scanInstanceModel) {
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
	if m.Status.ValueString() == scantask.StatusFailed && len(left) == 0 {
		m.Status = types.StringValue(scantask.StatusCompleted)
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
