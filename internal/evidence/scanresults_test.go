package evidence_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestScanResults_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	got := evidence.ScanResults("item i", []string{"a"}, from[results](t, `{"TotalCount":1,"ScanSet":[{"TaskStatus":"1","StatusCode":0,"TaskTime":1700000000,
	  "AppDetailInfo":{"AppMd5":" ABC ","AppPkgName":"com.example"},
	  "VulInfo":{"VulFileScore":"0","VulList":[{"VulId":"v","VulName":"n","VulFilepath":"f","RiskLevel":"3"},{"RiskLevel":"风险级别"}]},
	  "VirusInfo":{"SafeType":"3","VirusName":"EICAR"},
	  "AdInfo":{"Spot":[{"PluginName":"a1"}],"BoutiqueRecommands":[{"PluginName":"a2"}],"FloatWindowses":[{"PluginName":"a3"}],"Banner":[{"PluginName":"a4"}],"IntegralWall":[{"PluginName":"a5"}],"NotifyBar":[{"PluginName":null}]},
	  "PermissionInfo":{"PermissionList":[{"Permission":"p"}]},
	  "SensitiveInfo":{"SensitiveList":[{"WordList":["secret"],"FilePath":"s"}]}}]}`))
	want := gate.ScanResults{Object: "item i", Asked: []string{"a"}, Listed: field.Known, TotalCount: num(1), Rows: []gate.ScannedApp{{
		MD5: "abc", Package: "com.example", State: gate.RowDone, Scanned: gate.Span{Begin: at(time.Unix(1700000000, 0))},
		Vul:   gate.VulSection{State: field.Known, Score: field.Known, List: field.Known, Vuls: []gate.Vul{{ID: text("v"), Name: "n", Location: "f", RiskLevel: num(3)}, {RiskLevel: brokenNumber}}},
		Virus: gate.VirusSection{State: field.Known, SafeType: num(3), Name: text("EICAR")},
		Ads: gate.AdSection{State: field.Known, Plugins: []gate.AdPlugin{{Name: text("a1"), List: "spots"}, {Name: text("a2"), List: "boutique_recommands"}, {Name: text("a3"), List: "float_windows"},
			{Name: text("a4"), List: "banners"}, {Name: text("a5"), List: "integral_walls"}, {List: "notify_bars"}}},
		Permissions: gate.NameSection{State: field.Known, Names: []field.Value[string]{text("p")}},
		Sensitive:   gate.NameSection{State: field.Known, Names: []field.Value[string]{text("s")}},
	}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestScanResults_whatIsLeftOutIsNoEvidence(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		row  string
		want gate.ScannedApp
	}{
		"nothing":             {`{}`, gate.ScannedApp{}},
		"null":                {`null`, gate.ScannedApp{}},
		"null everywhere":     {`{"TaskStatus":null,"StatusCode":null,"TaskTime":null,"AppDetailInfo":null,"VulInfo":null,"VirusInfo":null,"AdInfo":null,"PermissionInfo":null,"SensitiveInfo":null}`, gate.ScannedApp{}},
		"empty sections":      {`{"VulInfo":{},"VirusInfo":{},"AdInfo":{},"PermissionInfo":{},"SensitiveInfo":{}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known}, Virus: gate.VirusSection{State: field.Known}, Ads: gate.AdSection{State: field.Known}, Permissions: gate.NameSection{State: field.Known}, Sensitive: gate.NameSection{State: field.Known}}},
		"a list, no score":    {`{"VulInfo":{"VulList":[],"VulFileScore":"n/a"}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known, List: field.Known, Score: field.Unreadable}}},
		"a score, no list":    {`{"VulInfo":{"VulList":null,"VulFileScore":60}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known, Score: field.Known}}},
		"a rating in words":   {`{"VirusInfo":{"SafeType":"安全类型","VirusName":null}}`, gate.ScannedApp{Virus: gate.VirusSection{State: field.Known, SafeType: brokenNumber}}},
		"a time of zero":      {`{"TaskTime":0}`, gate.ScannedApp{}},
		"a time before 1970":  {`{"TaskTime":-5}`, gate.ScannedApp{Scanned: gate.Span{Begin: field.Broken[time.Time]()}}},
		"an app without MD5":  {`{"AppDetailInfo":{"AppMd5":null}}`, gate.ScannedApp{}},
		"a permission of nil": {`{"PermissionInfo":{"PermissionList":[{"Permission":null}]}}`, gate.ScannedApp{Permissions: gate.NameSection{State: field.Known, Names: []field.Value[string]{{}}}}},
		"broken sections":     {`{"VulInfo":"x","VirusInfo":[],"AdInfo":7,"PermissionInfo":true,"SensitiveInfo":[[]]}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Unreadable}, Virus: gate.VirusSection{State: field.Unreadable}, Ads: gate.AdSection{State: field.Unreadable}, Permissions: gate.NameSection{State: field.Unreadable}, Sensitive: gate.NameSection{State: field.Unreadable}}},
		"broken lists":        {`{"VulInfo":{"VulList":{}},"AdInfo":{"Spot":"x","Banner":[{"PluginName":"ad-sdk"}]},"PermissionInfo":{"PermissionList":"p"},"SensitiveInfo":{"SensitiveList":0}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known, List: field.Unreadable}, Ads: gate.AdSection{State: field.Unreadable, Plugins: []gate.AdPlugin{{Name: text("ad-sdk"), List: "banners"}}}, Permissions: gate.NameSection{State: field.Unreadable}, Sensitive: gate.NameSection{State: field.Unreadable}}},
		"an element of text":  {`{"VulInfo":{"VulList":["x",{"VulId":"v"}]}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known, List: field.Known, Vuls: []gate.Vul{{}, {ID: text("v")}}}}},
		"an id that is none":  {`{"VulInfo":{"VulList":[{"VulId":{}},{"VulId":true},{"VulId":7}]}}`, gate.ScannedApp{Vul: gate.VulSection{State: field.Known, List: field.Known, Vuls: []gate.Vul{{ID: brokenText}, {ID: brokenText}, {ID: text("7")}}}}},
	}
	for name, tt := range tests {
		got := evidence.ScanResults("x", nil, from[results](t, `{"ScanSet":[`+tt.row+`]}`))
		if want := (gate.ScanResults{Object: "x", Listed: field.Known, Rows: []gate.ScannedApp{tt.want}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got  %+v\nwant %+v", name, got, want)
		}
	}
	if got := evidence.ScanResults("x", []string{"a"}, nil); !reflect.DeepEqual(got, gate.ScanResults{Object: "x", Asked: []string{"a"}}) {
		t.Errorf("no answer: %+v", got)
	}
}

func TestRowState_andWhatTheServiceSaysAboutIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		state   gate.RowState
		problem string
	}{
		`"TaskStatus":1`: {gate.RowDone, ""},
		`"TaskStatus":"1","StatusCode":"0","StatusDesc":"fine"`:           {gate.RowDone, ""},
		`"TaskStatus":1,"StatusCode":null`:                                {gate.RowDone, ""},
		`"TaskStatus":1,"StatusCode":1001,"StatusDesc":"d"`:               {gate.RowFailed, "StatusCode 1001, the package's MD5 is not the one that was given, d"},
		`"TaskStatus":1,"StatusCode":"ok"`:                                {gate.RowFailed, "StatusCode is there, but cannot be read"},
		`"TaskStatus":2`:                                                  {gate.RowRunning, ""},
		`"TaskStatus":3,"StatusCode":77,"StatusDesc":" d ","StatusRef":1`: {gate.RowFailed, "StatusCode 77, d, 1"},
		`"TaskStatus":3,"StatusCode":0`:                                   {gate.RowFailed, ""},
		`"TaskStatus":4,"StatusRef":"r"`:                                  {gate.RowTimedOut, "r"},
		`"TaskStatus":0`:                                                  {gate.RowUnknown, ""},
		`"TaskStatus":"done","StatusCode":0`:                              {gate.RowUnknown, ""},
		`"StatusCode":0`:                                                  {gate.RowUnknown, ""},
	}
	for fields, tt := range tests {
		row := evidence.ScanResults("x", nil, from[results](t, `{"ScanSet":[{`+fields+`}]}`)).Rows[0]
		if row.State != tt.state || row.Problem != tt.problem {
			t.Errorf("%s: state %d, problem %q", fields, row.State, row.Problem)
		}
	}
}
