package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// scanResultsModel is ms_scan_results in configuration and state.
type scanResultsModel struct {
	ItemID            types.String   `tfsdk:"item_id"`
	AppMD5s           types.Set      `tfsdk:"app_md5s"`
	WaitForCompletion types.Bool     `tfsdk:"wait_for_completion"`
	PollInterval      types.String   `tfsdk:"poll_interval"`
	IncludeDetails    types.Bool     `tfsdk:"include_details"`
	Gate              types.Object   `tfsdk:"gate"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`

	ID         types.String `tfsdk:"id"`
	TotalCount types.Int64  `tfsdk:"total_count"`
	Status     types.String `tfsdk:"status"`
	Summary    types.Object `tfsdk:"summary"`
	Verdict    types.Object `tfsdk:"verdict"`
	ScanSet    types.List   `tfsdk:"scan_set"`
}

func (m *scanResultsModel) waits() bool {
	return m.WaitForCompletion.IsNull() || m.WaitForCompletion.ValueBool()
}

func (m *scanResultsModel) request() tencentcloud.DescribeScanResultsRequest {
	request := tencentcloud.DescribeScanResultsRequest{ItemID: m.ItemID.ValueString()}
	for _, element := range m.AppMD5s.Elements() {
		request.AppMD5s = append(request.AppMD5s, tf.NormalMD5(known(element, "")))
	}
	return request
}

type pluginModel struct {
	PluginType types.Int64  `tfsdk:"plugin_type"`
	PluginName types.String `tfsdk:"plugin_name"`
	PluginDesc types.String `tfsdk:"plugin_desc"`
}

type scanSetModel struct {
	TaskStatus     types.Int64          `tfsdk:"task_status"`
	StatusCode     types.Int64          `tfsdk:"status_code"`
	StatusDesc     types.String         `tfsdk:"status_desc"`
	StatusRef      types.String         `tfsdk:"status_ref"`
	TaskTime       types.Int64          `tfsdk:"task_time"`
	AppDetailInfo  *appDetailModel      `tfsdk:"app_detail_info"`
	VirusInfo      *virusModel          `tfsdk:"virus_info"`
	VulInfo        *vulInfoModel        `tfsdk:"vul_info"`
	AdInfo         *adInfoModel         `tfsdk:"ad_info"`
	PermissionInfo *permissionInfoModel `tfsdk:"permission_info"`
	SensitiveInfo  *sensitiveInfoModel  `tfsdk:"sensitive_info"`
}

type appDetailModel struct {
	AppMD5     types.String `tfsdk:"app_md5"`
	AppSize    types.Int64  `tfsdk:"app_size"`
	FileName   types.String `tfsdk:"file_name"`
	AppPkgName types.String `tfsdk:"app_pkg_name"`
	AppVersion types.String `tfsdk:"app_version"`
	AppIconURL types.String `tfsdk:"app_icon_url"`
	AppName    types.String `tfsdk:"app_name"`
}

type virusModel struct {
	SafeType  types.Int64  `tfsdk:"safe_type"`
	VirusName types.String `tfsdk:"virus_name"`
	VirusDesc types.String `tfsdk:"virus_desc"`
}

type vulInfoModel struct {
	VulFileScore types.Int64 `tfsdk:"vul_file_score"`
	VulList      []vulModel  `tfsdk:"vul_list"`
}

type vulModel struct {
	VulID       types.String `tfsdk:"vul_id"`
	VulName     types.String `tfsdk:"vul_name"`
	VulCode     types.String `tfsdk:"vul_code"`
	VulDesc     types.String `tfsdk:"vul_desc"`
	VulSolution types.String `tfsdk:"vul_solution"`
	VulSrcType  types.Int64  `tfsdk:"vul_src_type"`
	VulFilepath types.String `tfsdk:"vul_filepath"`
	RiskLevel   types.Int64  `tfsdk:"risk_level"`
	Severity    types.String `tfsdk:"severity"`
}

type adInfoModel struct {
	Spots              []pluginModel `tfsdk:"spots"`
	BoutiqueRecommands []pluginModel `tfsdk:"boutique_recommands"`
	FloatWindows       []pluginModel `tfsdk:"float_windows"`
	Banners            []pluginModel `tfsdk:"banners"`
	IntegralWalls      []pluginModel `tfsdk:"integral_walls"`
	NotifyBars         []pluginModel `tfsdk:"notify_bars"`
}

type permissionInfoModel struct {
	PermissionList []permissionModel `tfsdk:"permission_list"`
}

type permissionModel struct {
	Permission types.String `tfsdk:"permission"`
}

type sensitiveInfoModel struct {
	SensitiveList []sensitiveModel `tfsdk:"sensitive_list"`
}

type sensitiveModel struct {
	WordList []string     `tfsdk:"word_list"`
	FilePath types.String `tfsdk:"file_path"`
	FileSha  types.String `tfsdk:"file_sha"`
}

// scanSetType is the type of an element of scan_set.
var scanSetType = elementType(scanSetAttributes())

// scanSetValue returns the results of an answer; an answer that never came has none.
func scanSetValue(ctx context.Context, answer *tencentcloud.DescribeScanResultsResponse) (types.List, diag.Diagnostics) {
	if answer == nil {
		return types.ListNull(scanSetType), nil
	}
	return types.ListValueFrom(ctx, scanSetType, each(answer.ScanSet, scanSetOf))
}

func scanSetOf(row tencentcloud.ScanSetInfo) scanSetModel {
	m := scanSetModel{
		TaskStatus: types.Int64PointerValue(row.TaskStatus.Ptr()),
		StatusCode: types.Int64PointerValue(row.StatusCode.Ptr()),
		StatusDesc: types.StringPointerValue(row.StatusDesc.Ptr()),
		StatusRef:  types.StringPointerValue(row.StatusRef.Ptr()),
		TaskTime:   types.Int64PointerValue(row.TaskTime.Ptr()),
	}
	if a := row.AppDetailInfo; a != nil {
		m.AppDetailInfo = &appDetailModel{
			AppMD5:     types.StringPointerValue(a.AppMD5.Ptr()),
			AppSize:    types.Int64PointerValue(a.AppSize.Ptr()),
			FileName:   types.StringPointerValue(a.FileName.Ptr()),
			AppPkgName: types.StringPointerValue(a.AppPkgName.Ptr()),
			AppVersion: types.StringPointerValue(a.AppVersion.Ptr()),
			AppIconURL: types.StringPointerValue(a.AppIconURL.Ptr()),
			AppName:    types.StringPointerValue(a.AppName.Ptr()),
		}
	}
	if v := row.VirusInfo; v != nil {
		m.VirusInfo = &virusModel{
			SafeType:  types.Int64PointerValue(v.SafeType.Ptr()),
			VirusName: types.StringPointerValue(v.VirusName.Ptr()),
			VirusDesc: types.StringPointerValue(v.VirusDesc.Ptr()),
		}
	}
	if v := row.VulInfo; v != nil {
		m.VulInfo = &vulInfoModel{VulFileScore: types.Int64PointerValue(v.VulFileScore.Ptr()), VulList: each(v.VulList, vulOf)}
	}
	if a := row.AdInfo; a != nil && !a.Unreadable {
		m.AdInfo = &adInfoModel{
			Spots:              each(a.Spots, pluginOf),
			BoutiqueRecommands: each(a.BoutiqueRecommands, pluginOf),
			FloatWindows:       each(a.FloatWindows, pluginOf),
			Banners:            each(a.Banners, pluginOf),
			IntegralWalls:      each(a.IntegralWalls, pluginOf),
			NotifyBars:         each(a.NotifyBars, pluginOf),
		}
	}
	if p := row.PermissionInfo; p != nil {
		m.PermissionInfo = &permissionInfoModel{PermissionList: each(p.PermissionList, func(item tencentcloud.PermissionItem) permissionModel {
			return permissionModel{Permission: types.StringPointerValue(item.Permission.Ptr())}
		})}
	}
	if s := row.SensitiveInfo; s != nil {
		m.SensitiveInfo = &sensitiveInfoModel{SensitiveList: each(s.SensitiveList, func(item tencentcloud.SensitiveItem) sensitiveModel {
			return sensitiveModel{
				WordList: item.WordList,
				FilePath: types.StringPointerValue(item.FilePath.Ptr()),
				FileSha:  types.StringPointerValue(item.FileSha.Ptr()),
			}
		})}
	}
	return m
}

func vulOf(v tencentcloud.VulListItem) vulModel {
	return vulModel{
		VulID:       types.StringPointerValue(v.VulID.Ptr()),
		VulName:     types.StringPointerValue(v.VulName.Ptr()),
		VulCode:     types.StringPointerValue(v.VulCode.Ptr()),
		VulDesc:     types.StringPointerValue(v.VulDesc.Ptr()),
		VulSolution: types.StringPointerValue(v.VulSolution.Ptr()),
		VulSrcType:  types.Int64PointerValue(v.VulSrcType.Ptr()),
		VulFilepath: types.StringPointerValue(v.VulFilepath.Ptr()),
		RiskLevel:   types.Int64PointerValue(v.RiskLevel.Ptr()),
		Severity:    types.StringValue(string(gate.RiskSeverity(v.RiskLevel.Ptr()))),
	}
}

func pluginOf(p tencentcloud.AdPlugin) pluginModel {
	return pluginModel{
		PluginType: types.Int64PointerValue(p.PluginType.Ptr()),
		PluginName: types.StringPointerValue(p.PluginName.Ptr()),
		PluginDesc: types.StringPointerValue(p.PluginDesc.Ptr()),
	}
}

// each converts the elements of a list; nil stays nil, which becomes null.
func each[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	result := make([]To, 0, len(list))
	for _, element := range list {
		result = append(result, convert(element))
	}
	return result
}
