package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// describeScanResults is document 000: a row for each accepted app, at once, in the order of the
// submission, or only those of AppMd5s.
func (s *Server) describeScanResults(r *request) (map[string]any, *failure) {
	known := s.ms.find(r.account, textOf(r.parameters["ItemId"]))
	if known == nil {
		return nil, fail("ResourceNotFound.ItemIdNotFound", "The ItemId does not exist.")
	}
	var wanted []string
	for _, md5 := range texts(r.parameters["AppMd5s"]) {
		wanted = append(wanted, strings.ToLower(md5))
	}
	rows := []any{}
	for _, app := range known.apps {
		if wanted != nil && !slices.Contains(wanted, app.task.md5) {
			continue
		}
		rows = append(rows, s.row(r, known, app))
	}
	return map[string]any{"ScanSet": rows, "TotalCount": len(rows)}, nil
}

// row is one ScanSetInfo.
func (s *Server) row(r *request, known *item, app submittedApp) map[string]any {
	row := map[string]any{
		"TaskStatus": statusProcessing, "TaskTime": app.task.submitted.Unix(),
		"AppDetailInfo": app.info, "StatusCode": codeOK, "StatusDesc": "", "StatusRef": "",
	}
	if !s.settle(r.ctx, app.task, true) {
		return row
	}
	result := app.task.result
	row["TaskStatus"], row["TaskTime"] = statusDone, app.task.finished.Unix()
	if result.code != codeOK || result.timedOut {
		row["TaskStatus"], row["StatusCode"], row["StatusDesc"] = statusError, result.code, result.reason
		if result.timedOut {
			row["TaskStatus"] = statusTimedOut
		}
		return row
	}
	row["AppDetailInfo"] = appDetail(app.info, result.found.facts)
	maps.Copy(row, s.sections(known.scanTypes, result.found))
	return row
}

// appDetail is the AppDetailInfo of an analysed app: what the package says beats what was submitted.
func appDetail(info map[string]any, facts *apk.Facts) map[string]any {
	detail := maps.Clone(info)
	detail["AppPkgName"], detail["AppVersion"], detail["AppSize"] = facts.Package, facts.VersionName, facts.Size
	if facts.Label != "" {
		detail["AppName"] = facts.Label
	}
	return detail
}

// sections are the findings, only of the scan types that were asked for. PLUGINSCAN has no section.
func (s *Server) sections(types []string, f *found) map[string]any {
	sections := make(map[string]any)
	for _, scanType := range types {
		switch scanType {
		case "VULSCAN":
			sections["VulInfo"] = s.vulInfo(f)
		case "VIRUSSCAN":
			sections["VirusInfo"] = s.virusInfo(f)
		case "ADSCAN":
			sections["AdInfo"] = s.adInfo(f)
		case "PERMISSION":
			sections["PermissionInfo"] = permissionInfo(f)
		case "SENSITIVE":
			sections["SensitiveInfo"] = map[string]any{"SensitiveList": sensitiveList(f)}
		}
	}
	return sections
}

// numeral is a number as the documents give it, a text, or as the SDK's types do.
func (s *Server) numeral(n int) any {
	if s.settings.sdkTypes {
		return n
	}
	return strconv.Itoa(n)
}

func (s *Server) vulInfo(f *found) map[string]any {
	vulnerabilities := []any{}
	score := 100
	for _, v := range f.vulnerabilities {
		score -= v.deduction()
		vulnerabilities = append(vulnerabilities, map[string]any{
			"VulId": v.id, "VulName": v.name, "VulCode": v.code, "VulDesc": v.description,
			"VulSolution": v.solution, "VulSrcType": s.numeral(v.sourceType), "VulFilepath": v.path,
			"RiskLevel": s.numeral(v.level),
		})
	}
	return map[string]any{"VulFileScore": s.numeral(max(score, 0)), "VulList": vulnerabilities}
}

func (s *Server) virusInfo(f *found) map[string]any {
	info := map[string]any{"SafeType": s.numeral(safeTypeSafe), "VirusName": "", "VirusDesc": ""}
	if f.virus != nil {
		info["SafeType"] = s.numeral(safeTypeVirus)
		info["VirusName"], info["VirusDesc"] = f.virus.name, f.virus.description
	}
	return info
}

// adLists are the six lists, as the documents and as the SDK spell them.
var adLists = []struct {
	ad             adType
	document, sdk  string
	detectionField string // the flag of DescribeApkDetectionResult
}{
	{adInterstitial, "Spot", "Spots", "Spot"},
	{adRecommendation, "BoutiqueRecommand", "BoutiqueRecommands", "BoutiqueRecommand"},
	{adFloatingWindow, "FloatWindows", "FloatWindowses", "FloatWindows"},
	{adBanner, "Banner", "Banners", "Banner"},
	{adIntegralWall, "IntegralWall", "IntegralWalls", "IntegralWall"},
	{adNotificationBar, "NotifyBar", "NotifyBars", "NotifyBar"},
}

func (s *Server) adInfo(f *found) map[string]any {
	info := make(map[string]any, len(adLists))
	for _, ads := range adLists {
		plugins := []any{}
		for _, sdk := range f.sdks {
			if sdk.ad == ads.ad {
				plugins = append(plugins, map[string]any{
					"PluginType": s.numeral(int(sdk.ad)), "PluginName": sdk.name, "PluginDesc": sdk.description(),
				})
			}
		}
		name := ads.document
		if s.settings.sdkNames {
			name = ads.sdk
		}
		info[name] = plugins
	}
	return info
}

func permissionInfo(f *found) map[string]any {
	permissions := []any{}
	for _, name := range f.facts.Permissions {
		permissions = append(permissions, map[string]any{"Permission": name})
	}
	return map[string]any{"PermissionList": permissions}
}

func sensitiveList(f *found) []any {
	sensitive := []any{}
	for _, s := range f.sensitive {
		sensitive = append(sensitive, map[string]any{"WordList": s.words, "FilePath": s.path, "FileSha": s.sha1})
	}
	return sensitive
}
