package evidence_test

import (
	"reflect"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestAPKDetection_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	const flags = `"Banner":"0","BoutiqueRecommand":"0","FloatWindows":"0","IntegralWall":"0","NotifyBar":"0","Spot":"0"`
	names := []string{"banner", "boutique_recommand", "float_windows", "integral_wall", "notify_bar", "spot"}
	all := func(value field.Value[bool]) []gate.Flag {
		var flags []gate.Flag
		for _, name := range names {
			flags = append(flags, gate.Flag{Name: name, Value: value})
		}
		return flags
	}
	yes, no, uncertain := field.Of(true), field.Of(false), field.Broken[bool]()
	listed := gate.NameSection{State: field.Known}
	tests := map[string]struct {
		row  string
		want gate.DetectedAPK
	}{
		"everything": {
			`{"Md5":" D41D8CD98F00B204E9800998ECF8427E ","SoftName":"App","SafeType":"3","VirusName":"EICAR","RepackageStatus":"1","Errno":"0",
			  "Banner":"1","BoutiqueRecommand":1,"FloatWindows":"1","IntegralWall":"1","NotifyBar":"1","Spot":"1",
			  "PluginList":[{"PluginName":"admob"},{"PluginName":null}],"OptPluginList":[{"PluginName":"push"}]}`,
			gate.DetectedAPK{MD5: "d41d8cd98f00b204e9800998ecf8427e", SoftName: "App", Errno: num(0), SafeType: num(3), VirusName: text("EICAR"), Repackaged: yes, AdFlags: all(yes),
				Ads:     gate.NameSection{State: field.Known, Names: []field.Value[string]{text("admob"), {}}},
				Plugins: gate.NameSection{State: field.Known, Names: []field.Value[string]{text("push")}}},
		},
		"clean":               {`{"SafeType":1,"RepackageStatus":"0","PluginList":[],"OptPluginList":[],` + flags + `}`, gate.DetectedAPK{SafeType: num(1), Repackaged: no, AdFlags: all(no), Ads: listed, Plugins: listed}},
		"nothing":             {`{}`, gate.DetectedAPK{AdFlags: all(field.Value[bool]{})}},
		"null":                {`null`, gate.DetectedAPK{AdFlags: all(field.Value[bool]{})}},
		"null everywhere":     {`{"Md5":null,"SafeType":null,"RepackageStatus":null,"PluginList":null,"OptPluginList":null,"Spot":null}`, gate.DetectedAPK{AdFlags: all(field.Value[bool]{})}},
		"a rating in words":   {`{"SafeType":"safe",` + flags + `}`, gate.DetectedAPK{SafeType: brokenNumber, AdFlags: all(no)}},
		"uncertain":           {`{"RepackageStatus":"-1","Spot":"-1","Banner":"-1","BoutiqueRecommand":"2","FloatWindows":"yes","IntegralWall":"","NotifyBar":[]}`, gate.DetectedAPK{Repackaged: uncertain, AdFlags: all(uncertain)}},
		"repackaged in words": {`{"RepackageStatus":"true",` + flags + `}`, gate.DetectedAPK{Repackaged: uncertain, AdFlags: all(no)}},
		"broken lists":        {`{"PluginList":"x","OptPluginList":{},` + flags + `}`, gate.DetectedAPK{AdFlags: all(no), Ads: gate.NameSection{State: field.Unreadable}, Plugins: gate.NameSection{State: field.Unreadable}}},
	}
	for name, tt := range tests {
		got := evidence.APKDetection("package x", "asked", "com.example", from[detection](t, `{"Result":"ok","ResultList":[`+tt.row+`]}`))
		want := gate.APKDetection{Object: "package x", Asked: "asked", Package: "com.example", Listed: field.Known, Rows: []gate.DetectedAPK{tt.want}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got  %+v\nwant %+v", name, got, want)
		}
	}
}

func TestAPKDetection_withoutAnAnswerOrRows(t *testing.T) {
	t.Parallel()
	want := gate.APKDetection{Object: "x", Asked: "y"}
	if got := evidence.APKDetection("x", "y", "", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	want.Listed = field.Known
	if got := evidence.APKDetection("x", "y", "", from[detection](t, `{"Result":"ok","ResultList":[]}`)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
