package apk

import (
	"bytes"
	"cmp"
)

// AdType is how an advertising SDK shows its ads; the numbers are those of PluginType (api.md).
type AdType int

// The ad types. AdNone is an SDK that shows none.
const (
	AdNone            AdType = 0
	AdNotificationBar AdType = 1
	AdIntegralWall    AdType = 2
	AdBanner          AdType = 3
	AdFloatingWindow  AdType = 4
	AdRecommendation  AdType = 5
	AdInterstitial    AdType = 6
)

// Plugin is a third-party SDK that is known by the package of its classes.
type Plugin struct {
	Name string
	// Prefix is that of the class descriptors, as in "Lcom/applovin/".
	Prefix string
	Ad     AdType
}

func comparePlugins(a, b Plugin) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Prefix, b.Prefix))
}

// Plugins are the SDKs that [Read] looks for. Where prefixes nest, the longest counts. The packages
// are those of the vendors' published SDKs.
var Plugins = []Plugin{
	{"AdMob", "Lcom/google/android/gms/ads/", AdBanner},
	{"AdMob interstitial", "Lcom/google/android/gms/ads/interstitial/", AdInterstitial},
	{"Airpush", "Lcom/airpush/", AdNotificationBar},
	{"AppLovin", "Lcom/applovin/", AdInterstitial},
	{"Audience Network", "Lcom/facebook/ads/", AdBanner},
	{"Baidu Mobads", "Lcom/baidu/mobads/", AdBanner},
	{"Chartboost", "Lcom/chartboost/", AdInterstitial},
	{"Domob", "Lcn/domob/", AdRecommendation},
	{"InMobi", "Lcom/inmobi/", AdBanner},
	{"ironSource", "Lcom/ironsource/", AdInterstitial},
	{"Kuguo", "Lcom/kuguo/", AdFloatingWindow},
	{"LeadBolt", "Lcom/pad/android/", AdNotificationBar},
	{"Pangle", "Lcom/bytedance/sdk/openadsdk/", AdInterstitial},
	{"Tapjoy", "Lcom/tapjoy/", AdIntegralWall},
	{"Tencent GDT", "Lcom/qq/e/ads/", AdBanner},
	{"Tencent GDT interstitial", "Lcom/qq/e/ads/interstitial2/", AdInterstitial},
	{"Unity Ads", "Lcom/unity3d/ads/", AdInterstitial},
	{"Vungle", "Lcom/vungle/", AdInterstitial},
	{"Youmi offers", "Lnet/youmi/android/offers/", AdIntegralWall},
	{"Youmi banner", "Lnet/youmi/android/banner/", AdBanner},
	{"Youmi spot", "Lnet/youmi/android/spot/", AdInterstitial},

	{"Bugly", "Lcom/tencent/bugly/", AdNone},
	{"Firebase", "Lcom/google/firebase/", AdNone},
	{"Google Play services", "Lcom/google/android/gms/", AdNone},
	{"JPush", "Lcn/jpush/", AdNone},
	{"OkHttp", "Lokhttp3/", AdNone},
	{"Umeng", "Lcom/umeng/", AdNone},
}

// pluginOf is the plugin that a class descriptor belongs to.
func pluginOf(descriptor []byte) (Plugin, bool) {
	var best Plugin
	for _, plugin := range Plugins {
		if len(plugin.Prefix) > len(best.Prefix) && bytes.HasPrefix(descriptor, []byte(plugin.Prefix)) {
			best = plugin
		}
	}
	return best, best.Prefix != ""
}
