package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// rowModel is one element of scan_set.
type rowModel struct {
	TaskStatus     types.Int64      `tfsdk:"task_status"`
	StatusCode     types.Int64      `tfsdk:"status_code"`
	StatusDesc     types.String     `tfsdk:"status_desc"`
	StatusRef      types.String     `tfsdk:"status_ref"`
	TaskTime       types.Int64      `tfsdk:"task_time"`
	AppDetailInfo  *appModel        `tfsdk:"app_detail_info"`
	VirusInfo      *virusModel      `tfsdk:"virus_info"`
	VulInfo        *vulModel        `tfsdk:"vul_info"`
	AdInfo         *adModel         `tfsdk:"ad_info"`
	PermissionInfo *permissionModel `tfsdk:"permission_info"`
	SensitiveInfo  *sensitiveModel  `tfsdk:"sensitive_info"`
}

type appModel struct {
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

type vulModel struct {
	VulFileScore types.Int64          `tfsdk:"vul_file_score"`
	VulList      []vulnerabilityModel `tfsdk:"vul_list"`
}

type vulnerabilityModel struct {
	VulID       types.String `tfsdk:"vul_id"`
	VulName     types.String `tfsdk:"vul_name"`
	VulCode     types.String `tfsdk:"vul_code"`
	VulDesc     types.String `tfsdk:"vul_desc"`
	VulSolution types.String `tfsdk:"vul_solution"`
	VulSrcType  types.Int64  `tfsdk:"vul_src_type"`
	VulFilepath types.String `tfsdk:"vul_filepath"`
	RiskLevel   types.Int64  `tfsdk:"risk_level"`
	Severity    string       `tfsdk:"severity"`
}

type adModel struct {
	Spots              []pluginModel `tfsdk:"spots"`
	BoutiqueRecommands []pluginModel `tfsdk:"boutique_recommands"`
	FloatWindows       []pluginModel `tfsdk:"float_windows"`
	Banners            []pluginModel `tfsdk:"banners"`
	IntegralWalls      []pluginModel `tfsdk:"integral_walls"`
	NotifyBars         []pluginModel `tfsdk:"notify_bars"`
}

type permissionModel struct {
	PermissionList []permissionItemModel `tfsdk:"permission_list"`
}

type permissionItemModel struct {
	Permission types.String `tfsdk:"permission"`
}

type sensitiveModel struct {
	SensitiveList []sensitiveFileModel `tfsdk:"sensitive_list"`
}

type sensitiveFileModel struct {
	WordList []string     `tfsdk:"word_list"`
	FilePath types.String `tfsdk:"file_path"`
	FileSha  types.String `tfsdk:"file_sha"`
}

func rowOf(row tencentcloud.ScanSetInfo) rowModel {
	return rowModel{
		TaskStatus:     types.Int64PointerValue(row.TaskStatus.Ptr()),
		StatusCode:     types.Int64PointerValue(row.StatusCode.Ptr()),
		StatusDesc:     types.StringPointerValue(row.StatusDesc.Ptr()),
		StatusRef:      types.StringPointerValue(row.StatusRef.Ptr()),
		TaskTime:       types.Int64PointerValue(row.TaskTime.Ptr()),
		AppDetailInfo:  section(row.AppDetailInfo.Ptr(), appOf),
		VirusInfo:      section(row.VirusInfo.Ptr(), virusOf),
		VulInfo:        section(row.VulInfo.Ptr(), vulOf),
		AdInfo:         adOf(row.AdInfo.Ptr()),
		PermissionInfo: section(row.PermissionInfo.Ptr(), permissionOf),
		SensitiveInfo:  section(row.SensitiveInfo.Ptr(), sensitiveOf),
	}
}

// section converts an object that may be missing; nil becomes null.
func section[From, To any](from *From, convert func(*From) To) *To {
	if from == nil {
		return nil
	}
	to := convert(from)
	return &to
}

func appOf(a *tencentcloud.AppDetailInfo) appModel {
	return appModel{
		AppMD5:     types.StringPointerValue(a.AppMD5.Ptr()),
		AppSize:    types.Int64PointerValue(a.AppSize.Ptr()),
		FileName:   types.StringPointerValue(a.FileName.Ptr()),
		AppPkgName: types.StringPointerValue(a.AppPkgName.Ptr()),
		AppVersion: types.StringPointerValue(a.AppVersion.Ptr()),
		AppIconURL: types.StringPointerValue(evidence.PlainURL(a.AppIconURL).Ptr()),
		AppName:    types.StringPointerValue(a.AppName.Ptr()),
	}
}

func virusOf(v *tencentcloud.VirusInfo) virusModel {
	return virusModel{
		SafeType:  types.Int64PointerValue(v.SafeType.Ptr()),
		VirusName: types.StringPointerValue(v.VirusName.Ptr()),
		VirusDesc: types.StringPointerValue(v.VirusDesc.Ptr()),
	}
}

func vulOf(v *tencentcloud.VulInfo) vulModel {
	return vulModel{VulFileScore: types.Int64PointerValue(v.VulFileScore.Ptr()), VulList: gated.Elements(v.VulList, vulnerabilityOf)}
}

func vulnerabilityOf(v tencentcloud.VulListItem) vulnerabilityModel {
	return vulnerabilityModel{
		VulID:       types.StringPointerValue(v.VulID.Ptr()),
		VulName:     types.StringPointerValue(v.VulName.Ptr()),
		VulCode:     types.StringPointerValue(v.VulCode.Ptr()),
		VulDesc:     types.StringPointerValue(v.VulDesc.Ptr()),
		VulSolution: types.StringPointerValue(v.VulSolution.Ptr()),
		VulSrcType:  types.Int64PointerValue(v.VulSrcType.Ptr()),
		VulFilepath: types.StringPointerValue(v.VulFilepath.Ptr()),
		RiskLevel:   types.Int64PointerValue(v.RiskLevel.Ptr()),
		Severity:    string(gate.RiskSeverity(v.RiskLevel.Value)),
	}
}

// adOf returns null for a section that is there but not of the documented form, as for one that is missing.
func adOf(a *tencentcloud.AdInfo) *adModel {
	if a == nil {
		return nil
	}
	return &adModel{
		Spots:              gated.Elements(a.Spots, pluginOf),
		BoutiqueRecommands: gated.Elements(a.BoutiqueRecommands, pluginOf),
		FloatWindows:       gated.Elements(a.FloatWindows, pluginOf),
		Banners:            gated.Elements(a.Banners, pluginOf),
		IntegralWalls:      gated.Elements(a.IntegralWalls, pluginOf),
		NotifyBars:         gated.Elements(a.NotifyBars, pluginOf),
	}
}

func permissionOf(p *tencentcloud.PermissionInfo) permissionModel {
	return permissionModel{PermissionList: gated.Elements(p.PermissionList, func(item tencentcloud.PermissionItem) permissionItemModel {
		return permissionItemModel{Permission: types.StringPointerValue(item.Permission.Ptr())}
	})}
}

func sensitiveOf(s *tencentcloud.SensitiveInfo) sensitiveModel {
	return sensitiveModel{SensitiveList: gated.Elements(s.SensitiveList, func(file tencentcloud.SensitiveItem) sensitiveFileModel {
		return sensitiveFileModel{WordList: file.WordList, FilePath: types.StringPointerValue(file.FilePath.Ptr()), FileSha: types.StringPointerValue(file.FileSha.Ptr())}
	})}
}
