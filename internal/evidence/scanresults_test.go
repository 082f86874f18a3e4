package evidence_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestScanResults_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	at := time.Unix(1700000000, 0).UTC()
	got := evidence.ScanResults("item i", []string{"a"}, from[results](t, `{"TotalCount":1,"ScanSet":[{"TaskStatus":"1","StatusCode":0,"TaskTime":1700000000,
	  "AppDetailInfo":{"AppMd5":" ABC ","AppPkgName":"com.example"},
	  "VulInfo":{"VulFileScore":"0","VulList":[{"VulId":"v","VulName":"n","VulFilepath":"f","RiskLevel":"3"},{"RiskLevel":"风险级别"}]},
	  "VirusInfo":{"SafeType":"3","VirusName":"EICAR"},
	  "AdInfo":{"Spot":[{"PluginName":"a1"}],"BoutiqueRecommands":[{"PluginName":"a2"}],"FloatWindowses":[{"PluginName":"a3"}],"Banner":[{"PluginName":"a4"}],"IntegralWall":[{"PluginName":"a5"}],"NotifyBar":[{"PluginName":null}]},
	  "PermissionInfo":{"PermissionList":[{"Permission":"p"}]},
	  "SensitiveInfo":{"SensitiveList":[{"WordList":["secret"],"FilePath":"s"}]}}]}`))
	want := gate.ScanResults{Object: "item i", Asked: []string{"a"}, TotalCount: ptr[int64](1), Rows: []gate.ScannedApp{{
		MD5: "abc", Package: "com.example", State: gate.RowDone, ScannedAt: &at,
		Vul:         &gate.VulSection{HasScore: true, HasList: true, Vuls: []gate.Vul{{ID: "v", Name: "n", Location: "f", RiskLevel: ptr[int64](3)}, {}}},
		Virus:       &gate.VirusSection{SafeType: ptr[int64](3), Name: "EICAR"},
		Ads:         &gate.AdSection{Plugins: []gate.AdPlugin{{Name: "a1", List: "spots"}, {Name: "a2", List: "boutique_recommands"}, {Name: "a3", List: "float_windows"}, {Name: "a4", List: "banners"}, {Name: "a5", List: "integral_walls"}, {List: "notify_bars"}}},
		Permissions: &gate.PermissionSection{Permissions: []string{"p"}},
		Sensitive:   &gate.SensitiveSection{FilePaths: []string{"s"}},
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
		"empty sections":      {`{"VulInfo":{},"VirusInfo":{},"AdInfo":{},"PermissionInfo":{},"SensitiveInfo":{}}`, gate.ScannedApp{Vul: &gate.VulSection{}, Virus: &gate.VirusSection{}, Ads: &gate.AdSection{}, Permissions: &gate.PermissionSection{}, Sensitive: &gate.SensitiveSection{}}},
		"a list, no score":    {`{"VulInfo":{"VulList":[],"VulFileScore":"n/a"}}`, gate.ScannedApp{Vul: &gate.VulSection{HasList: true}}},
		"a score, no list":    {`{"VulInfo":{"VulList":null,"VulFileScore":60}}`, gate.ScannedApp{Vul: &gate.VulSection{HasScore: true}}},
		"a rating in words":   {`{"VirusInfo":{"SafeType":"安全类型","VirusName":null}}`, gate.ScannedApp{Virus: &gate.VirusSection{}}},
		"a time of zero":      {`{"TaskTime":0}`, gate.ScannedApp{}},
		"a time before 1970":  {`{"TaskTime":-5}`, gate.ScannedApp{}},
		"an app without MD5":  {`{"AppDetailInfo":{"AppMd5":null}}`, gate.ScannedApp{}},
		"a permission of nil": {`{"PermissionInfo":{"PermissionList":[{"Permission":null}]}}`, gate.ScannedApp{Permissions: &gate.PermissionSection{Permissions: []string{""}}}},
	}
	for name, tt := range tests {
		got := evidence.ScanResults("x", nil, from[results](t, `{"ScanSet":[`+tt.row+`]}`))
		if want := (gate.ScanResults{Object: "x", Rows: []gate.ScannedApp{tt.want}}); !reflect.DeepEqual(got, want) {
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
		`"TaskStatus":1,"StatusCode":"ok"`:                                {gate.RowFailed, ""},
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
