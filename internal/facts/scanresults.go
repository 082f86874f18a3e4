package facts

import (
	"fmt"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ScanResults returns the facts of an answer. object names what was read in messages; asked are the
// lower-case MD5s that the request was narrowed to.
func ScanResults(object string, asked []string, answer *tencentcloud.DescribeScanResultsResponse) gate.ScanResults {
	results := gate.ScanResults{Object: object, Asked: asked}
	if answer == nil {
		return results
	}
	results.TotalCount = answer.TotalCount.Ptr()
	for _, row := range answer.ScanSet {
		results.Rows = append(results.Rows, scannedApp(row))
	}
	return results
}

func scannedApp(row tencentcloud.ScanSetInfo) gate.ScannedApp {
	app := gate.ScannedApp{State: RowState(row), MD5: RowMD5(row), Problem: rowProblem(row)}
	if row.AppDetailInfo != nil {
		app.Package = row.AppDetailInfo.AppPkgName.String()
	}
	if seconds := row.TaskTime.Ptr(); seconds != nil && *seconds > 0 {
		at := time.Unix(*seconds, 0).UTC()
		app.ScannedAt = &at
	}
	app.Vul = vulSection(row.VulInfo)
	if v := row.VirusInfo; v != nil {
		app.Virus = &gate.VirusSection{SafeType: v.SafeType.Ptr(), Name: v.VirusName.String()}
	}
	app.Ads = adSection(row.AdInfo)
	if p := row.PermissionInfo; p != nil {
		app.Permissions = &gate.PermissionSection{}
		for _, item := range p.PermissionList {
			app.Permissions.Permissions = append(app.Permissions.Permissions, item.Permission.String())
		}
	}
	if s := row.SensitiveInfo; s != nil {
		app.Sensitive = &gate.SensitiveSection{}
		for _, item := range s.SensitiveList {
			app.Sensitive.FilePaths = append(app.Sensitive.FilePaths, item.FilePath.String())
		}
	}
	return app
}

func vulSection(v *tencentcloud.VulInfo) *gate.VulSection {
	if v == nil {
		return nil
	}
	section := &gate.VulSection{HasScore: v.VulFileScore.Ptr() != nil, HasList: v.VulList != nil}
	for _, vul := range v.VulList {
		section.Vuls = append(section.Vuls, gate.Vul{
			ID:        vul.VulID.String(),
			Name:      vul.VulName.String(),
			Location:  vul.VulFilepath.String(),
			RiskLevel: vul.RiskLevel.Ptr(),
		})
	}
	return section
}

func adSection(a *tencentcloud.AdInfo) *gate.AdSection {
	if a == nil || a.Unreadable {
		return nil
	}
	section := &gate.AdSection{}
	for _, list := range adLists(a) {
		for _, plugin := range list.plugins {
			section.Plugins = append(section.Plugins, gate.AdPlugin{Name: plugin.PluginName.String(), List: list.name})
		}
	}
	return section
}

type adList struct {
	name    string
	plugins []tencentcloud.AdPlugin
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
	if row.AppDetailInfo == nil {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(row.AppDetailInfo.AppMD5.String()))
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
	if code := row.StatusCode.Ptr(); code != nil && *code != 0 {
		parts = append(parts, fmt.Sprintf("StatusCode %d", *code))
		if meaning := tencentcloud.CodeMeaning(*code); meaning != "" {
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
