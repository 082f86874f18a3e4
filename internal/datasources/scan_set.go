package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/facts"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// The type of scan_set, taken from its schema, and the protocol's form of it.
var (
	scanSetType     = protocolListOf(elementType(scanSetAttributes()))
	scanSetProtocol = scanSetType.TerraformType(context.Background())
)

// scanSetValue returns the results of an answer; an answer that never came has none.
func scanSetValue(answer *tencentcloud.DescribeScanResultsResponse) protocolList {
	if answer == nil {
		return scanSetType.null()
	}
	raw := listValue(scanSetProtocol, answer.ScanSet, scanSetRow)
	return protocolList{typ: scanSetType, raw: &raw}
}

func scanSetRow(t tftypes.Type, row *tencentcloud.ScanSetInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"task_status":     numberValue(row.TaskStatus),
		"status_code":     numberValue(row.StatusCode),
		"status_desc":     textValue(row.StatusDesc),
		"status_ref":      textValue(row.StatusRef),
		"task_time":       numberValue(row.TaskTime),
		"app_detail_info": sectionValue(typeIn(t, "app_detail_info"), row.AppDetailInfo, appDetailInfo),
		"virus_info":      sectionValue(typeIn(t, "virus_info"), row.VirusInfo, virusInfo),
		"vul_info":        sectionValue(typeIn(t, "vul_info"), row.VulInfo, vulInfo),
		"ad_info":         sectionValue(typeIn(t, "ad_info"), row.AdInfo, adInfo),
		"permission_info": sectionValue(typeIn(t, "permission_info"), row.PermissionInfo, permissionInfo),
		"sensitive_info":  sectionValue(typeIn(t, "sensitive_info"), row.SensitiveInfo, sensitiveInfo),
	})
}

func appDetailInfo(t tftypes.Type, a *tencentcloud.AppDetailInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"app_md5":      textValue(a.AppMD5),
		"app_size":     numberValue(a.AppSize),
		"file_name":    textValue(a.FileName),
		"app_pkg_name": textValue(a.AppPkgName),
		"app_version":  textValue(a.AppVersion),
		"app_icon_url": textValue(facts.PlainURL(a.AppIconURL)),
		"app_name":     textValue(a.AppName),
	})
}

func virusInfo(t tftypes.Type, v *tencentcloud.VirusInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"safe_type":  numberValue(v.SafeType),
		"virus_name": textValue(v.VirusName),
		"virus_desc": textValue(v.VirusDesc),
	})
}

func vulInfo(t tftypes.Type, v *tencentcloud.VulInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"vul_file_score": numberValue(v.VulFileScore),
		"vul_list":       listValue(typeIn(t, "vul_list"), v.VulList, vulnerability),
	})
}

func vulnerability(t tftypes.Type, v *tencentcloud.VulListItem) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"vul_id":       textValue(v.VulID),
		"vul_name":     textValue(v.VulName),
		"vul_code":     textValue(v.VulCode),
		"vul_desc":     textValue(v.VulDesc),
		"vul_solution": textValue(v.VulSolution),
		"vul_src_type": numberValue(v.VulSrcType),
		"vul_filepath": textValue(v.VulFilepath),
		"risk_level":   numberValue(v.RiskLevel),
		"severity":     tftypes.NewValue(tftypes.String, string(gate.RiskSeverity(v.RiskLevel.Ptr()))),
	})
}

func adInfo(t tftypes.Type, a *tencentcloud.AdInfo) tftypes.Value {
	if a.Unreadable {
		return tftypes.NewValue(t, nil)
	}
	lists := make(map[string]tftypes.Value)
	for _, list := range facts.AdLists(a) {
		lists[list.Name] = listValue(typeIn(t, list.Name), list.Plugins, adPlugin)
	}
	return tftypes.NewValue(t, lists)
}

func adPlugin(t tftypes.Type, p *tencentcloud.AdPlugin) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"plugin_type": numberValue(p.PluginType),
		"plugin_name": textValue(p.PluginName),
		"plugin_desc": textValue(p.PluginDesc),
	})
}

func permissionInfo(t tftypes.Type, p *tencentcloud.PermissionInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"permission_list": listValue(typeIn(t, "permission_list"), p.PermissionList, func(t tftypes.Type, item *tencentcloud.PermissionItem) tftypes.Value {
			return tftypes.NewValue(t, map[string]tftypes.Value{"permission": textValue(item.Permission)})
		}),
	})
}

func sensitiveInfo(t tftypes.Type, s *tencentcloud.SensitiveInfo) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"sensitive_list": listValue(typeIn(t, "sensitive_list"), s.SensitiveList, sensitiveFile),
	})
}

func sensitiveFile(t tftypes.Type, s *tencentcloud.SensitiveItem) tftypes.Value {
	return tftypes.NewValue(t, map[string]tftypes.Value{
		"word_list": listValue(typeIn(t, "word_list"), s.WordList, func(t tftypes.Type, word *string) tftypes.Value {
			return tftypes.NewValue(t, *word)
		}),
		"file_path": textValue(s.FilePath),
		"file_sha":  textValue(s.FileSha),
	})
}
