package evidence

import (
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// APKDetection returns the input of the gate for an answer about the package with the lower-case MD5 asked.
// packageName is the name that the configuration gives; empty where it gives none.
func APKDetection(object, asked, packageName string, answer *tencentcloud.DescribeApkDetectionResultResponse) gate.APKDetection {
	detection := gate.APKDetection{Object: object, Asked: asked, Package: packageName}
	if answer == nil {
		return detection
	}
	detection.Listed = answer.ResultList.State()
	for _, item := range answer.ResultList.Items {
		detection.Rows = append(detection.Rows, detectedAPK(item))
	}
	return detection
}

func detectedAPK(item tencentcloud.ResultListItem) gate.DetectedAPK {
	apk := gate.DetectedAPK{
		MD5:        DetectedMD5(item),
		SoftName:   item.SoftName.String(),
		Errno:      item.ErrorNumber().Value,
		SafeType:   item.SafeType.Value,
		VirusName:  item.VirusName.Value,
		Repackaged: Flag(item.RepackageStatus),
		Ads:        pluginSection(item.PluginList),
		Plugins:    pluginSection(item.OptPluginList),
	}
	for _, flag := range AdFlags(item) {
		apk.AdFlags = append(apk.AdFlags, gate.Flag{Name: flag.Name, Value: Flag(flag.Value)})
	}
	return apk
}

// DetectedMD5 returns the lower-case MD5 that a row is about, or "" where the row does not say.
func DetectedMD5(item tencentcloud.ResultListItem) string {
	return strings.ToLower(trimmed(item.MD5))
}

// AdFlag is one of the six advertising flags under its schema name.
type AdFlag struct {
	Name  string
	Value tencentcloud.Int
}

// AdFlags returns the six flags in the order of the schema.
func AdFlags(item tencentcloud.ResultListItem) []AdFlag {
	return []AdFlag{
		{"banner", item.Banner},
		{"boutique_recommand", item.BoutiqueRecommand},
		{"float_windows", item.FloatWindows},
		{"integral_wall", item.IntegralWall},
		{"notify_bar", item.NotifyBar},
		{"spot", item.Spot},
	}
}

func pluginSection(plugins tencentcloud.List[tencentcloud.AdPlugin]) gate.NameSection {
	section := gate.NameSection{State: plugins.State()}
	for _, p := range plugins.Items {
		section.Names = append(section.Names, p.PluginName.Value)
	}
	return section
}
