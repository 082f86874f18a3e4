package tencentcloud

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestInt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want   string // of the value, "nil" for none
		absent bool
	}{
		`3`:                     {want: "3"},
		`"3"`:                   {want: "3"},
		`" -3 "`:                {want: "-3"},
		`"0"`:                   {want: "0"},
		`9007199254740993`:      {want: "9007199254740993"},
		`"9223372036854775807"`: {want: "9223372036854775807"},
		`1.0`:                   {want: "1"},
		`1e3`:                   {want: "1000"},
		`null`:                  {want: "nil", absent: true},
		`"风险级别"`:                {want: "nil"},
		`""`:                    {want: "nil"},
		`1.5`:                   {want: "nil"},
		`9223372036854775808`:   {want: "nil"},
		`1e400`:                 {want: "nil"},
		`"0x10"`:                {want: "nil"},
		`"0x1p4"`:               {want: "nil"},
		`"NaN"`:                 {want: "nil"},
		`"1_000"`:               {want: "nil"},
		`true`:                  {want: "nil"},
		`[1]`:                   {want: "nil"},
		`{"a":1}`:               {want: "nil"},
	}
	for in, tt := range tests {
		var v struct{ X Int }
		if err := json.Unmarshal([]byte(`{"X":`+in+`}`), &v); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		got := "nil"
		if p := v.X.Ptr(); p != nil {
			got = fmt.Sprint(*p)
		}
		if got != tt.want || v.X.Absent() != tt.absent {
			t.Errorf("%s: got %s, absent %t", in, got, v.X.Absent())
		}
	}
	var missing struct{ X Int }
	if !missing.X.Absent() || missing.X.Ptr() != nil {
		t.Error("a field that is not there must be absent")
	}
}

func TestFloatBoolTextAndTexts(t *testing.T) {
	t.Parallel()
	type all struct {
		F Float
		B Bool
		T Text
		L Texts
	}
	tests := map[string]string{
		`{"F":1.5,"B":true,"T":"x","L":["a"]}`:       `1.5 true x [a]`,
		`{"F":"1.5","B":"1","T":7,"L":[1,"b",null]}`: `1.5 true 7 [1 b]`,
		`{"F":"high","B":2,"T":null,"L":null}`:       `nil nil nil []`,
		`{"F":"Inf","B":"no","T":[],"L":"a"}`:        `nil nil nil []`,
		`{"F":"0x1p4","B":0,"T":{},"L":{}}`:          `nil false nil []`,
		`{}`:                                         `nil nil nil []`,
	}
	for in, want := range tests {
		var v all
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if got := fmt.Sprint(show(v.F.Ptr()), show(v.B.Ptr()), show(v.T.Ptr()), []string(v.L)); strings.ReplaceAll(got, `"`, "") != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
		if strings.Contains(in, `"L":{}`) && v.L != nil {
			t.Errorf("%s: a list that is none must be absent", in)
		}
	}
}

func show[T any](p *T) string {
	if p == nil {
		return "nil "
	}
	return fmt.Sprintf("%v ", *p)
}

func TestAdInfo_readsEitherSpelling(t *testing.T) {
	t.Parallel()
	documents := `{"Spot":[%s],"BoutiqueRecommand":[%s],"FloatWindows":[%s],"Banner":[%s],"IntegralWall":[%s],"NotifyBar":[%s]}`
	sdk := `{"Spots":[%s],"BoutiqueRecommands":[%s],"FloatWindowses":[%s],"Banners":[%s],"IntegralWalls":[%s],"NotifyBars":[%s]}`
	var plugins []any
	for i := range 6 {
		plugins = append(plugins, fmt.Sprintf(`{"PluginType":"%d","PluginName":"p%d"}`, i, i))
	}
	var a, b AdInfo
	for template, into := range map[string]*AdInfo{documents: &a, sdk: &b} {
		if err := json.Unmarshal(fmt.Appendf(nil, template, plugins...), into); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(a, b) || a.Spots.Items[0].PluginName.String() != "p0" || a.NotifyBars.Items[0].PluginName.String() != "p5" || !a.FloatWindows.Items[0].PluginType.Is(2) {
		t.Errorf("documents %+v\nSDK %+v", a, b)
	}
}

func TestDescribeScanResults_decodesTheDocumentsSample(t *testing.T) {
	t.Parallel()
	const sample = `{"Response":{"TotalCount":1,"ScanSet":[{"VulInfo":{"VulFileScore":"0","VulList":[{"VulName":"漏洞名称","RiskLevel":"风险级别","VulId":"漏洞id","VulSrcType":"漏洞来源类别"}]},
"VirusInfo":{"VirusName":"病毒名称","SafeType":"安全类型"},"TaskStatus":0,"AdInfo":{"BoutiqueRecommand":[],"NotifyBar":[],"Spot":[],"IntegralWall":[],"FloatWindows":[],"Banner":[]},
"TaskTime":124545458,"AppDetailInfo":{"AppMd5":"dd5b29a800246d7089febf228286d901","AppSize":1234565}}],"RequestId":"5e93a212"}}`
	x := &exchange{status: 200, body: []byte(sample)}
	answer, kind, cause := decode[DescribeScanResultsResponse](x)
	if kind != nil {
		t.Fatal(kind, cause)
	}
	row := answer.ScanSet.Items[0]
	if !row.VulInfo.Get().VulFileScore.Is(0) || row.VulInfo.Get().VulList.Items[0].RiskLevel.Ptr() != nil || row.VirusInfo.Get().SafeType.Ptr() != nil ||
		row.VulInfo.Get().VulList.Items[0].VulID.String() != "漏洞id" || row.AdInfo.Get().Spots.State() != field.Known || !row.StatusCode.Absent() || !answer.Complete() {
		t.Errorf("got %+v", row)
	}
}

func TestDescribeScanResults_complete(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`{"TotalCount":0,"ScanSet":[]}`:                 false,
		`{"TotalCount":0}`:                              false,
		`{"TotalCount":1,"ScanSet":[{"TaskStatus":1}]}`: true,
		`{"TotalCount":"2","ScanSet":[{},{}]}`:          true,
		`{"TotalCount":2,"ScanSet":[{"TaskStatus":1}]}`: false,
		`{"ScanSet":[{"TaskStatus":1}]}`:                false,
		`{"TotalCount":"many","ScanSet":[{}]}`:          false,
	}
	for in, want := range tests {
		var r DescribeScanResultsResponse
		if err := json.Unmarshal([]byte(in), &r); err != nil {
			t.Fatal(err)
		}
		if r.Complete() != want {
			t.Errorf("%s: complete %t", in, r.Complete())
		}
	}
}

func TestReadJSON_refusesFieldsThatContradictEachOther(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`:           true,
		`{"a":"\"a\":1","b":["a","a"]}`:                       true,
		`{"Errno":"0","ErrNo":"3"}`:                           true,
		`{"Errno":"0","errno":"3"}`:                           false,
		`{"a":1,"a":2}`:                                       false,
		`{"TaskStatus":3,"taskstatus":1}`:                     false,
		`{"x":[{"VulList":[1]},{"VulList":[],"vulLIST":[]}]}`: false,
		`{"k":1,"\u006b":2}`:                                  false,
		`{"k":1,"\u212a":2}`:                                  false, // the Kelvin sign folds to k
		`{"a\"b":1,"a\"b":2}`:                                 false,
		`[]`:                                                  true,
		`"x"`:                                                 true,
	}
	for in, fine := range tests {
		var v any
		if malformed, err := readJSON([]byte(in), &v); malformed != nil || (err == nil) != fine {
			t.Errorf("%s: %v, %v", in, malformed, err)
		}
	}
	var many strings.Builder
	for i := range maxFields + 1 {
		fmt.Fprintf(&many, `,"f%d":1`, i)
	}
	var v any
	if _, err := readJSON([]byte("{"+many.String()[1:]+"}"), &v); err == nil {
		t.Error("an object of too many fields was taken")
	}
}
