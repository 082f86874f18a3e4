package evidence

import (
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ScanResults returns the input of the gate for an answer. object names what was read in messages; asked are
// the lower-case MD5s that the request was narrowed to.
func ScanResults(object string, asked []string, answer *tencentcloud.DescribeScanResultsResponse) gate.ScanResults {
	results := gate.ScanResults{Object: object, Asked: asked}
	if answer == nil {
		return results
	}
	results.TotalCount = answer.TotalCount.Value
	results.Listed = answer.ScanSet.State()
	for _, row := range answer.ScanSet.Items {
		results.Rows = append(results.Rows, scannedApp(row))
	}
	return results
}

func scannedApp(row tencentcloud.ScanSetInfo) gate.ScannedApp {
	return gate.ScannedApp{
		State: RowState(row), MD5: RowMD5(row), Problem: rowProblem(row),
		Package:     row.AppDetailInfo.Get().AppPkgName.String(),
		Scanned:     gate.Span{Begin: unixTime(row.TaskTime)},
		Vul:         vulSection(row.VulInfo),
		Virus:       virusSection(row.VirusInfo),
		Ads:         adSection(row.AdInfo),
		Permissions: permissionSection(row.PermissionInfo),
		Sensitive:   sensitiveSection(row.SensitiveInfo),
	}
}

func vulSection(v tencentcloud.Object[tencentcloud.VulInfo]) gate.VulSection {
	info := v.Get()
	section := gate.VulSection{State: v.State(), Score: info.VulFileScore.State(), List: info.VulList.State()}
	for _, vul := range info.VulList.Items {
		section.Vuls = append(section.Vuls, gate.Vul{
			ID:        vul.VulID.Value,
			Name:      vul.VulName.String(),
			Location:  vul.VulFilepath.String(),
			RiskLevel: vul.RiskLevel.Value,
		})
	}
	return section
}

func virusSection(v tencentcloud.Object[tencentcloud.VirusInfo]) gate.VirusSection {
	info := v.Get()
	return gate.VirusSection{State: v.State(), SafeType: info.SafeType.Value, Name: info.VirusName.Value}
}

func adSection(a tencentcloud.Object[tencentcloud.AdInfo]) gate.AdSection {
	section := gate.AdSection{State: a.State()}
	info := a.Get()
	for _, list := range adLists(&info) {
		if list.plugins.State() == field.Unreadable {
			section.State = field.Unreadable
		}
		for _, plugin := range list.plugins.Items {
			section.Plugins = append(section.Plugins, gate.AdPlugin{Name: plugin.PluginName.Value, List: list.name})
		}
	}
	return section
}

func permissionSection(p tencentcloud.Object[tencentcloud.PermissionInfo]) gate.NameSection {
	section := gate.NameSection{State: worst(p.State(), p.Get().PermissionList.State())}
	for _, item := range p.Get().PermissionList.Items {
		section.Names = append(section.Names, item.Permission.Value)
	}
	return section
}

func sensitiveSection(s tencentcloud.Object[tencentcloud.SensitiveInfo]) gate.NameSection {
	section := gate.NameSection{State: worst(s.State(), s.Get().SensitiveList.State())}
	for _, item := range s.Get().SensitiveList.Items {
		section.Names = append(section.Names, item.FilePath.Value)
	}
	return section
}

type adList struct {
	name    string
	plugins tencentcloud.List[tencentcloud.AdPlugin]
}

// adLists returns the six lists under their names in the schema.
func adLists(a *tencentcloud.AdInfo) []adList {
	return []adList{
		{"spots", a.Spots},
		{"boutique_recommands", a.BoutiqueRecommands},
		{"float_windows", a.FloatWindows},
		{"banners", a.Banners},
		{"integral_walls", a.IntegralWalls},
		{"notify_bars", a.NotifyBars},
	}
}

// RowMD5 returns the lower-case MD5 that a row is about, or "" where the row does not say.
func RowMD5(row tencentcloud.ScanSetInfo) string {
	return strings.ToLower(trimmed(row.AppDetailInfo.Get().AppMD5))
}

// RowState returns how far a row is: done needs TaskStatus 1 and a StatusCode of 0 or none at all.
// A StatusCode that cannot be read is a failure, since it is there and does not say success.
func RowState(row tencentcloud.ScanSetInfo) gate.RowState {
	switch {
	case row.TaskStatus.Is(tencentcloud.TaskDone) && (row.StatusCode.Absent() || row.StatusCode.Is(0)):
		return gate.RowDone
	case row.TaskStatus.Is(tencentcloud.TaskDone), row.TaskStatus.Is(tencentcloud.TaskError):
		return gate.RowFailed
	case row.TaskStatus.Is(tencentcloud.TaskTimedOut):
		return gate.RowTimedOut
	case row.TaskStatus.Is(tencentcloud.TaskProcessing):
		return gate.RowRunning
	default:
		return gate.RowUnknown
	}
}

// rowProblem tells in the service's words why a row is not done.
func rowProblem(row tencentcloud.ScanSetInfo) string {
	if RowState(row) == gate.RowDone {
		return ""
	}
	var parts []string
	switch code, state := row.StatusCode.Get(); {
	case state == field.Unreadable:
		parts = append(parts, "StatusCode is there, but cannot be read")
	case code != 0:
		parts = append(parts, fmt.Sprintf("StatusCode %d", code))
		if meaning := tencentcloud.CodeMeaning(code); meaning != "" {
			parts = append(parts, meaning)
		}
	}
	for _, text := range []string{row.StatusDesc.String(), row.StatusRef.String()} {
		if text = strings.TrimSpace(text); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}
