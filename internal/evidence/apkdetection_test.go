package evidence_test

import (
	"reflect"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestAPKDetection_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	const flags = `"Banner":"0","BoutiqueRecommand":"0","FloatWindows":"0","IntegralWall":"0","NotifyBar":"0","Spot":"0"`
	all := []string{"banner", "boutique_recommand", "float_windows", "integral_wall", "notify_bar", "spot"}
	tests := map[string]struct {
		row  string
		want gate.DetectedAPK
	}{
		"everything": {
			`{"Md5":" D41D8CD98F00B204E9800998ECF8427E ","SoftName":"App","SafeType":"3","VirusName":"EICAR","RepackageStatus":"1",
			  "Banner":"1","BoutiqueRecommand":1,"FloatWindows":"1","IntegralWall":"1","NotifyBar":"1","Spot":"1",
			  "PluginList":[{"PluginName":"admob"},{"PluginName":null}],"OptPluginList":[{"PluginName":"push"}]}`,
			gate.DetectedAPK{MD5: "d41d8cd98f00b204e9800998ecf8427e", SoftName: "App", SafeType: ptr[int64](3), VirusName: "EICAR", Repackaged: ptr(true),
				Ads: []string{"admob", ""}, AdFlags: all, HasAds: true, Plugins: []string{"push"}, HasPlugins: true},
		},
		"clean":               {`{"SafeType":1,"RepackageStatus":"0","PluginList":[],"OptPluginList":[],` + flags + `}`, gate.DetectedAPK{SafeType: ptr[int64](1), Repackaged: ptr(false), HasAds: true, HasPlugins: true}},
		"nothing":             {`{}`, gate.DetectedAPK{UncertainAdFlags: all}},
		"null":                {`null`, gate.DetectedAPK{UncertainAdFlags: all}},
		"null everywhere":     {`{"Md5":null,"SafeType":null,"RepackageStatus":null,"PluginList":null,"OptPluginList":null,"Spot":null}`, gate.DetectedAPK{UncertainAdFlags: all}},
		"a rating in words":   {`{"SafeType":"safe",` + flags + `}`, gate.DetectedAPK{}},
		"uncertain":           {`{"RepackageStatus":"-1","Spot":"-1","Banner":"1","BoutiqueRecommand":"2","FloatWindows":"yes","IntegralWall":"","NotifyBar":"0"}`, gate.DetectedAPK{AdFlags: []string{"banner"}, UncertainAdFlags: []string{"boutique_recommand", "float_windows", "integral_wall", "spot"}}},
		"repackaged in words": {`{"RepackageStatus":"true",` + flags + `}`, gate.DetectedAPK{}},
	}
	for name, tt := range tests {
		got := evidence.APKDetection("package x", "asked", from[detection](t, `{"Result":"ok","ResultList":[`+tt.row+`]}`))
		want := gate.APKDetection{Object: "package x", Asked: "asked", Rows: []gate.DetectedAPK{tt.want}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got  %+v\nwant %+v", name, got, want)
		}
	}
}

func TestAPKDetection_withoutAnAnswerOrRows(t *testing.T) {
	t.Parallel()
	want := gate.APKDetection{Object: "x", Asked: "y"}
	if got := evidence.APKDetection("x", "y", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := evidence.APKDetection("x", "y", from[detection](t, `{"Result":"ok","ResultList":[]}`)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
