package facts

import (
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// APKDetection returns the facts of an answer about the package with the lower-case MD5 asked.
func APKDetection(object, asked string, answer *tencentcloud.DescribeApkDetectionResultResponse) gate.APKDetection {
	detection := gate.APKDetection{Object: object, Asked: asked}
	if answer == nil {
		return detection
	}
	for _, item := range answer.ResultList {
		detection.Rows = append(detection.Rows, detectedAPK(item))
	}
	return detection
}

func detectedAPK(item tencentcloud.ResultListItem) gate.DetectedAPK {
	apk := gate.DetectedAPK{
		MD5:        DetectedMD5(item),
		SoftName:   item.SoftName.String(),
		SafeType:   item.SafeType.Ptr(),
		VirusName:  item.VirusName.String(),
		Repackaged: Flag(item.RepackageStatus),
		Ads:        pluginNames(item.PluginList),
		HasAds:     item.PluginList != nil,
		Plugins:    pluginNames(item.OptPluginList),
		HasPlugins: item.OptPluginList != nil,
	}
	for _, flag := range AdFlags(item) {
		switch value := Flag(flag.Value); {
		case value == nil:
			apk.UncertainAdFlags = append(apk.UncertainAdFlags, flag.Name)
		case *value:
			apk.AdFlags = append(apk.AdFlags, flag.Name)
		}
	}
	return apk
}

// DetectedMD5 returns the lower-case MD5 that a row is about, or "" where the row does not say.
func DetectedMD5(item tencentcloud.ResultListItem) string {
	return strings.ToLower(strings.TrimSpace(item.MD5.String()))
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

// Flag reads a flag: 1 yes, 0 no, anything else nil.
func Flag(value tencentcloud.Int) *bool {
	yes := value.Is(1)
	if !yes && !value.Is(0) {
		return nil
	}
	return &yes
}

func pluginNames(plugins []tencentcloud.AdPlugin) []string {
	var names []string
	for _, p := range plugins {
		names = append(names, p.PluginName.String())
	}
	return names
}
