package emulator

import (
	"bytes"
	"cmp"
	"strings"
)

// adType is how an advertising SDK shows its ads; the numbers are those of PluginType (api.md).
type adType int

// The ad types. adNone is an SDK that shows none.
const (
	adNone            adType = 0
	adNotificationBar adType = 1
	adIntegralWall    adType = 2
	adBanner          adType = 3
	adFloatingWindow  adType = 4
	adRecommendation  adType = 5
	adInterstitial    adType = 6
)

// sdk is a third-party SDK that is known by the package of its classes.
type sdk struct {
	name string
	// prefix is that of the class descriptors, as in "Lcom/applovin/".
	prefix string
	ad     adType
}

func compareSDKs(a, b sdk) int {
	return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.prefix, b.prefix))
}

// knownSDKs are the SDKs that the emulator looks for. Where prefixes nest, the longest counts. The packages
// are those of the vendors' published SDKs.
var knownSDKs = []sdk{
	{"AdMob", "Lcom/google/android/gms/ads/", adBanner},
	{"AdMob interstitial", "Lcom/google/android/gms/ads/interstitial/", adInterstitial},
	{"Airpush", "Lcom/airpush/", adNotificationBar},
	{"AppLovin", "Lcom/applovin/", adInterstitial},
	{"Audience Network", "Lcom/facebook/ads/", adBanner},
	{"Baidu Mobads", "Lcom/baidu/mobads/", adBanner},
	{"Chartboost", "Lcom/chartboost/", adInterstitial},
	{"Domob", "Lcn/domob/", adRecommendation},
	{"InMobi", "Lcom/inmobi/", adBanner},
	{"ironSource", "Lcom/ironsource/", adInterstitial},
	{"Kuguo", "Lcom/kuguo/", adFloatingWindow},
	{"LeadBolt", "Lcom/pad/android/", adNotificationBar},
	{"Pangle", "Lcom/bytedance/sdk/openadsdk/", adInterstitial},
	{"Tapjoy", "Lcom/tapjoy/", adIntegralWall},
	{"Tencent GDT", "Lcom/qq/e/ads/", adBanner},
	{"Tencent GDT interstitial", "Lcom/qq/e/ads/interstitial2/", adInterstitial},
	{"Unity Ads", "Lcom/unity3d/ads/", adInterstitial},
	{"Vungle", "Lcom/vungle/", adInterstitial},
	{"Youmi offers", "Lnet/youmi/android/offers/", adIntegralWall},
	{"Youmi banner", "Lnet/youmi/android/banner/", adBanner},
	{"Youmi spot", "Lnet/youmi/android/spot/", adInterstitial},

	{"Bugly", "Lcom/tencent/bugly/", adNone},
	{"Firebase", "Lcom/google/firebase/", adNone},
	{"Google Play services", "Lcom/google/android/gms/", adNone},
	{"JPush", "Lcn/jpush/", adNone},
	{"OkHttp", "Lokhttp3/", adNone},
	{"Umeng", "Lcom/umeng/", adNone},
}

// sdkOf is the SDK that a class descriptor belongs to.
func sdkOf(descriptor []byte) (sdk, bool) {
	var best sdk
	for _, known := range knownSDKs {
		if len(known.prefix) > len(best.prefix) && bytes.HasPrefix(descriptor, []byte(known.prefix)) {
			best = known
		}
	}
	return best, best.prefix != ""
}

// description tells by which classes an SDK was found.
func (s sdk) description() string {
	return "Classes below " + strings.ReplaceAll(strings.Trim(s.prefix[1:], "/"), "/", ".") + "."
}
