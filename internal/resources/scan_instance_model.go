package resources

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// scanInstanceModel is ms_scan_instance in plan and state.
type scanInstanceModel struct {
	scantask.Common

	AppInfos types.List   `tfsdk:"app_infos"`
	ScanInfo types.Object `tfsdk:"scan_info"`

	ItemID          types.String `tfsdk:"item_id"`
	ScanTypes       types.Set    `tfsdk:"scan_types"`
	AcceptedAppMD5s types.List   `tfsdk:"accepted_app_md5s"`
	RejectedAppMD5s types.List   `tfsdk:"rejected_app_md5s"`
	Failures        types.List   `tfsdk:"failures"`
	LimitCount      types.Int64  `tfsdk:"limit_count"`
	LimitTime       types.Int64  `tfsdk:"limit_time"`
	Summary         types.Object `tfsdk:"summary"`
}

// TaskID returns the ItemId as it is; the attribute id is fit to print.
func (m *scanInstanceModel) TaskID() string { return m.ItemID.ValueString() }

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
)

// scanTypes are the values of scan_types, and defaultScanTypes those of an omitted scan_info
// (api.md "Fields beyond the documents", design "Schemas").
var (
	scanTypes        = []string{"VULSCAN", "VIRUSSCAN", "ADSCAN", "PLUGINSCAN", "PERMISSION", "SENSITIVE"}
	defaultScanTypes = scanTypes[:4]
)

func textList(values []string) types.List {
	return types.ListValueMust(types.StringType, textValues(values))
}

func textValues(values []string) []attr.Value {
	elements := make([]attr.Value, 0, len(values))
	for _, v := range values {
		elements = append(elements, types.StringValue(v))
	}
	return elements
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

// apps returns the elements of app_infos; an element that is null or unknown is an error.
func (m *scanInstanceModel) apps() ([]appInfoModel, error) {
	var apps []appInfoModel
	if m.AppInfos.ElementsAs(context.Background(), &apps, false).HasError() {
		return nil, errors.New("app_infos has an element that is null")
	}
	return apps, nil
}

// request returns the submission that a plan asks for.
func (m *scanInstanceModel) request() tencentcloud.CreateScanInstancesRequest {
	var request tencentcloud.CreateScanInstancesRequest
	apps, _ := m.apps() // its error ended Create before
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
	request.ScanInfo = tencentcloud.ScanInfo{
		ScanTypes:   slices.Sorted(slices.Values(m.scanned())),
		CallbackURL: textOf(m.ScanInfo.Attributes()["callback_url"]),
	}
	return request
}

// wantedScanTypes returns the scan types that the block scan_info asks for, defaults filled in; unknown
// where any of them is.
func (m *scanInstanceModel) wantedScanTypes() types.Set {
	if m.ScanInfo.IsUnknown() {
		return types.SetUnknown(types.StringType)
	}
	wanted, ok := m.ScanInfo.Attributes()["scan_types"].(types.Set)
	if !ok || wanted.IsNull() {
		return types.SetValueMust(types.StringType, textValues(defaultScanTypes))
	}
	if wanted.IsUnknown() || slices.ContainsFunc(wanted.Elements(), attr.Value.IsUnknown) {
		return types.SetUnknown(types.StringType)
	}
	return wanted
}

// scanned returns the scan types that were asked for, as far as the state knows them: an imported
// task does not tell.
func (m *scanInstanceModel) scanned() []string {
	if m.ScanTypes.IsNull() || m.ScanTypes.IsUnknown() {
		return nil
	}
	return texts(m.ScanTypes.Elements())
}

// submittedMD5s returns the lower-case MD5s of app_infos in their order.
func (m *scanInstanceModel) submittedMD5s() []string {
	apps, _ := m.apps()
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

// failuresOf reads the failures back from a value.
func failuresOf(list types.List) []failure {
	var failures []failure
	for _, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		attributes := object.Attributes()
		f := failure{md5: textOf(attributes["app_md5"]), desc: textOf(attributes["desc"]), hint: textOf(attributes["hint"])}
		if code, ok := attributes["code"].(types.Int64); ok {
			f.code = code.ValueInt64Pointer()
		}
		failures = append(failures, f)
	}
	return failures
}

func textOf(value attr.Value) string {
	if s, ok := value.(types.String); ok {
		return s.ValueString()
	}
	return ""
}

func textOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
