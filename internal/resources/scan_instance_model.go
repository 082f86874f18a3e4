package resources

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// scanInstanceModel is ms_scan_instance in plan and state.
type scanInstanceModel struct {
	AppInfos          types.List     `tfsdk:"app_infos"`
	ScanInfo          types.Object   `tfsdk:"scan_info"`
	Triggers          types.Map      `tfsdk:"triggers"`
	WaitForCompletion types.Bool     `tfsdk:"wait_for_completion"`
	PollInterval      types.String   `tfsdk:"poll_interval"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`

	ID              types.String `tfsdk:"id"`
	ItemID          types.String `tfsdk:"item_id"`
	Status          types.String `tfsdk:"status"`
	AcceptedAppMD5s types.List   `tfsdk:"accepted_app_md5s"`
	RejectedAppMD5s types.List   `tfsdk:"rejected_app_md5s"`
	Failures        types.List   `tfsdk:"failures"`
	LimitCount      types.Int64  `tfsdk:"limit_count"`
	LimitTime       types.Int64  `tfsdk:"limit_time"`
	SubmittedAt     types.String `tfsdk:"submitted_at"`
	Summary         types.Object `tfsdk:"summary"`
}

// appInfoModel is one element of app_infos.
type appInfoModel struct {
	AppURL     types.String `tfsdk:"app_url"`
	AppMD5     types.String `tfsdk:"app_md5"`
	AppSize    types.Int64  `tfsdk:"app_size"`
	FileName   types.String `tfsdk:"file_name"`
	AppPkgName types.String `tfsdk:"app_pkg_name"`
	AppVersion types.String `tfsdk:"app_version"`
	AppIconURL types.String `tfsdk:"app_icon_url"`
	AppName    types.String `tfsdk:"app_name"`
}

// scanInfoModel is scan_info.
type scanInfoModel struct {
	ScanTypes   types.Set    `tfsdk:"scan_types"`
	CallbackURL types.String `tfsdk:"callback_url"`
}

var (
	appInfoType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"app_url":      types.StringType,
		"app_md5":      types.StringType,
		"app_size":     types.Int64Type,
		"file_name":    types.StringType,
		"app_pkg_name": types.StringType,
		"app_version":  types.StringType,
		"app_icon_url": types.StringType,
		"app_name":     types.StringType,
	}}
	scanInfoType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"scan_types":   types.SetType{ElemType: types.StringType},
		"callback_url": types.StringType,
	}}
	failureType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"app_md5": types.StringType,
		"code":    types.Int64Type,
		"desc":    types.StringType,
		"hint":    types.StringType,
	}}
	timeoutsAttributes = map[string]attr.Type{
		"create": types.StringType,
		"read":   types.StringType,
		"update": types.StringType,
	}
)

// scanTypes are the values of scan_types, and defaultScanTypes those of an omitted scan_info
// (api.md "Fields beyond the documents", design "Schemas").
var (
	scanTypes        = []string{"VULSCAN", "VIRUSSCAN", "ADSCAN", "PLUGINSCAN", "PERMISSION", "SENSITIVE"}
	defaultScanTypes = scanTypes[:4]
)

func textSet(values []string) types.Set {
	elements := make([]attr.Value, 0, len(values))
	for _, v := range values {
		elements = append(elements, types.StringValue(v))
	}
	return types.SetValueMust(types.StringType, elements)
}

func defaultScanInfo() types.Object {
	return types.ObjectValueMust(scanInfoType.AttrTypes, map[string]attr.Value{
		"scan_types":   textSet(defaultScanTypes),
		"callback_url": types.StringNull(),
	})
}

func textList(values []string) types.List {
	elements := make([]attr.Value, 0, len(values))
	for _, v := range values {
		elements = append(elements, types.StringValue(v))
	}
	return types.ListValueMust(types.StringType, elements)
}

// texts returns the strings among values.
func texts(values []attr.Value) []string {
	result := make([]string, 0, len(values))
	for _, v := range values {
		if s, ok := v.(types.String); ok {
			result = append(result, s.ValueString())
		}
	}
	return result
}

// apps returns the elements of app_infos.
func (m *scanInstanceModel) apps(ctx context.Context) ([]appInfoModel, diag.Diagnostics) {
	var apps []appInfoModel
	diags := m.AppInfos.ElementsAs(ctx, &apps, false)
	return apps, diags
}

// request returns the submission that a plan asks for.
func (m *scanInstanceModel) request(ctx context.Context) (tencentcloud.CreateScanInstancesRequest, diag.Diagnostics) {
	var request tencentcloud.CreateScanInstancesRequest
	apps, diags := m.apps(ctx)
	for _, app := range apps {
		request.AppInfos = append(request.AppInfos, tencentcloud.AppInfo{
			AppURL:     app.AppURL.ValueString(),
			AppMD5:     tf.NormalMD5(app.AppMD5.ValueString()),
			AppSize:    app.AppSize.ValueInt64Pointer(),
			FileName:   app.FileName.ValueString(),
			AppPkgName: app.AppPkgName.ValueString(),
			AppVersion: app.AppVersion.ValueString(),
			AppIconURL: app.AppIconURL.ValueString(),
			AppName:    app.AppName.ValueString(),
		})
	}
	info, more := m.scanInfo(ctx)
	diags.Append(more...)
	request.ScanInfo = tencentcloud.ScanInfo{
		ScanTypes:   slices.Sorted(slices.Values(texts(info.ScanTypes.Elements()))),
		CallbackURL: info.CallbackURL.ValueString(),
	}
	return request, diags
}

func (m *scanInstanceModel) scanInfo(ctx context.Context) (scanInfoModel, diag.Diagnostics) {
	info := scanInfoModel{ScanTypes: types.SetNull(types.StringType)}
	if m.ScanInfo.IsNull() || m.ScanInfo.IsUnknown() {
		return info, nil
	}
	diags := m.ScanInfo.As(ctx, &info, basetypes.ObjectAsOptions{})
	return info, diags
}

// scanned returns the scan types that were asked for, as far as the state knows them: an imported
// task does not tell.
func (m *scanInstanceModel) scanned(ctx context.Context) []string {
	info, _ := m.scanInfo(ctx)
	if info.ScanTypes.IsNull() || info.ScanTypes.IsUnknown() {
		return nil
	}
	return texts(info.ScanTypes.Elements())
}

// submittedMD5s returns the lower-case MD5s of app_infos in their order.
func (m *scanInstanceModel) submittedMD5s(ctx context.Context) []string {
	apps, _ := m.apps(ctx)
	md5s := make([]string, 0, len(apps))
	for _, app := range apps {
		md5s = append(md5s, tf.NormalMD5(app.AppMD5.ValueString()))
	}
	return md5s
}

// acceptedMD5s returns the MD5s that the service accepted, or nil as long as it has not said.
func (m *scanInstanceModel) acceptedMD5s() []string {
	if m.AcceptedAppMD5s.IsNull() || m.AcceptedAppMD5s.IsUnknown() {
		return nil
	}
	return texts(m.AcceptedAppMD5s.Elements())
}

// triggers returns the triggers; those of a plan that is applied are all known.
func (m *scanInstanceModel) triggers() map[string]string {
	triggers := map[string]string{}
	for name, value := range m.Triggers.Elements() {
		if text, ok := value.(types.String); ok {
			triggers[name] = text.ValueString()
		}
	}
	return triggers
}

// setSubmitted takes over what is known of a submission, before anything is known of the results.
func (m *scanInstanceModel) setSubmitted(s *submission) {
	// The CLI prints the id as it is, so that it must be fit to print.
	m.ID, m.ItemID = textOrNull(gate.Line(s.answer.ItemID)), textOrNull(s.answer.ItemID)
	m.LimitCount = types.Int64PointerValue(s.answer.LimitCount)
	m.LimitTime = types.Int64PointerValue(s.answer.LimitTime)
	m.SubmittedAt = types.StringValue(s.at.UTC().Format(time.RFC3339))
}

// setUncertain says that nobody knows whether there is a task.
func (m *scanInstanceModel) setUncertain() {
	m.Status = types.StringValue(statusUncertain)
	m.AcceptedAppMD5s = types.ListNull(types.StringType)
	m.RejectedAppMD5s = types.ListNull(types.StringType)
	m.Failures = types.ListValueMust(failureType, nil)
	m.Summary = types.ObjectNull(tf.SummaryType.AttrTypes)
}

// ended tells whether the state knows that the task is over.
func (m *scanInstanceModel) ended() bool {
	status := m.Status.ValueString()
	return status == statusCompleted || status == statusFailed
}

// setProgress takes over what is known of the results.
func (m *scanInstanceModel) setProgress(p progress) {
	m.Status = types.StringValue(p.status)
	m.AcceptedAppMD5s, m.RejectedAppMD5s = types.ListNull(types.StringType), types.ListNull(types.StringType)
	if p.accepted != nil {
		m.AcceptedAppMD5s, m.RejectedAppMD5s = textList(p.accepted), textList(p.rejected)
	}
	m.Failures = failuresValue(p.failures)
	m.Summary = types.ObjectNull(tf.SummaryType.AttrTypes)
	if p.summary != nil {
		m.Summary = tf.SummaryValue(*p.summary)
	}
}

func failuresValue(failures []failure) types.List {
	elements := make([]attr.Value, 0, len(failures))
	for _, f := range failures {
		elements = append(elements, types.ObjectValueMust(failureType.AttrTypes, map[string]attr.Value{
			"app_md5": types.StringValue(f.md5),
			"code":    types.Int64PointerValue(f.code),
			"desc":    textOrNull(f.desc),
			"hint":    textOrNull(f.hint),
		}))
	}
	return types.ListValueMust(failureType, elements)
}

// setComputedFrom keeps the results that the state has.
func (m *scanInstanceModel) setComputedFrom(state *scanInstanceModel) {
	m.ID, m.ItemID, m.Status = state.ID, state.ItemID, state.Status
	m.AcceptedAppMD5s, m.RejectedAppMD5s = state.AcceptedAppMD5s, state.RejectedAppMD5s
	m.Failures, m.Summary = state.Failures, state.Summary
	m.LimitCount, m.LimitTime, m.SubmittedAt = state.LimitCount, state.LimitTime, state.SubmittedAt
}

func textOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
