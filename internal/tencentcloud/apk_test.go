package tencentcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

const (
	askedMD5 = "8c7ef86c259abad33f213405a35a13c2"
	otherMD5 = "d41d8cd98f00b204e9800998ecf8427e"
)

// detected is an answer with one row about askedMD5; row is its further fields, as in `"Errno":"2"`.
func detected(row string) string {
	return fmt.Sprintf(`{"Response":{"Result":"ok","Reason":"success","ResultList":[{"Md5":%q%s}],"RequestId":"r-1"}}`, askedMD5, row)
}

func decodeDetection(t *testing.T, body string) *DescribeApkDetectionResultResponse {
	t.Helper()
	answer, kind, cause := decode[DescribeApkDetectionResultResponse](&exchange{status: http.StatusOK, body: []byte(body)})
	if kind != nil {
		t.Fatalf("%s: %v, %v", body, kind, cause)
	}
	return answer
}

func TestResultListItem_errorNumberOfEitherName(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want   string // the number; "none" where it is absent, "unreadable" where it is that
		failed bool
	}{
		``:                                {"none", false},
		`"Errno":null`:                    {"none", false},
		`"Errno":null,"ErrNo":null`:       {"none", false},
		`"Errno":"0"`:                     {"0", false},
		`"ErrNo":0`:                       {"0", false},
		`"Errno":"1"`:                     {"1", false},
		`"Errno":2`:                       {"2", true},
		`"ErrNo":"1001"`:                  {"1001", true},
		`"Errno":"0","ErrNo":"1"`:         {"0", false},
		`"Errno":"1","ErrNo":"0"`:         {"1", false},
		`"Errno":"0","ErrNo":"3"`:         {"3", true},
		`"Errno":"3","ErrNo":"0"`:         {"3", true},
		`"ErrNo":"3","Errno":"1"`:         {"3", true},
		`"Errno":"2","ErrNo":"3"`:         {"2", true},
		`"Errno":null,"ErrNo":"4"`:        {"4", true},
		`"Errno":"4","ErrNo":null`:        {"4", true},
		`"Errno":"-1"`:                    {"-1", true},
		`"Errno":"bad"`:                   {"unreadable", true},
		`"Errno":"0","ErrNo":"bad"`:       {"unreadable", true},
		`"Errno":"bad","ErrNo":"0"`:       {"unreadable", true},
		`"Errno":[0]`:                     {"unreadable", true},
		`"Errno":"","ErrNo":"0"`:          {"unreadable", true},
		`"Errno":"9223372036854775808"`:   {"unreadable", true},
		`"Errno":"0","ErrNo":null,"X":99`: {"0", false},
	}
	for row, tt := range tests {
		var item ResultListItem
		if err := json.Unmarshal([]byte("{"+row+"}"), &item); err != nil {
			t.Fatal(err)
		}
		got := "none"
		if n := item.ErrorNumber(); n.Ptr() != nil {
			got = fmt.Sprint(*n.Ptr())
		} else if !n.Absent() {
			got = "unreadable"
		}
		n := item.ErrorNumber()
		if got != tt.want || (!n.Absent() && !fine(n)) != tt.failed {
			t.Errorf("%s: got %s", row, got)
		}
	}
}

func TestApkDetectionCheck_eachErrorNumberHasAMeaningOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]int64{}
	for _, number := range []int64{2, 3, 4, 5, 6, 7, 8, 99, 1000, 1001, 1002} {
		err := decodeDetection(t, detected(fmt.Sprintf(`,"Errno":"%d","ErrMsg":"own words"`, number))).Check(askedMD5)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrDetection) || !Permanent(err) || e.Errno != number || e.RequestID != "r-1" || e.Code != fmt.Sprintf("Errno %d", number) {
			t.Fatalf("Errno %d: %#v", number, err)
		}
		meaning := CodeMeaning(number)
		if meaning == "" || e.Message != meaning+" (own words)" {
			t.Errorf("Errno %d: %q", number, e.Message)
		}
		if before, ok := seen[meaning]; ok {
			t.Errorf("Errno %d says the same as %d", number, before)
		}
		seen[meaning] = number
	}
	for _, number := range []int64{0, 1} {
		if err := decodeDetection(t, detected(fmt.Sprintf(`,"Errno":"%d"`, number))).Check(askedMD5); err != nil {
			t.Errorf("Errno %d: %v", number, err)
		}
	}
}

func TestApkDetectionCheck(t *testing.T) {
	t.Parallel()
	whole := func(fields string) string { return `{"Response":{` + fields + `,"RequestId":"r"}}` }
	tests := map[string]struct {
		body string
		says string // empty where it is no error
		ok   bool
	}{
		"done":                          {detected(`,"Errno":"0"`), "", true},
		"no Errno at all":               {detected(``), "", true},
		"the MD5 in upper case":         {strings.Replace(detected(``), askedMD5, strings.ToUpper(askedMD5), 1), "", true},
		"an empty list":                 {whole(`"Result":"ok","ResultList":[]`), "", false},
		"no list":                       {whole(`"Result":"ok"`), "", false},
		"null everywhere":               {whole(`"Result":null,"Reason":null,"ResultList":null`), "", false},
		"rows but no ok":                {whole(`"Result":"waiting","ResultList":[{"Errno":"2"}]`), "", false},
		"OK in upper case":              {strings.Replace(detected(``), `"ok"`, `"OK"`, 1), "", true},
		"error":                         {whole(`"Result":"error","Reason":"no engine"`), `("error": "no engine")`, false},
		"ERROR without a reason":        {whole(`"Result":"ERROR","Reason":null`), "the service gives no reason", false},
		"error with a number":           {whole(`"Result":"error","Reason":"bad link","ResultList":[{"Errno":"1000"}]`), "could not download the package (bad link)", false},
		"a number unheard of":           {detected(`,"Errno":"42","ErrMsg":"words"`), `("Errno 42": "words")`, true},
		"a number unheard of, no words": {detected(`,"Errno":"42","ErrMsg":""`), "is not documented", true},
		"an unreadable number":          {detected(`,"Errno":"x"`), "cannot be read", true},
		"about another package":         {strings.Replace(detected(``), askedMD5, otherMD5, 1), otherMD5, true},
		"about nobody knows which":      {whole(`"Result":"ok","ResultList":[{"Md5":null}]`), "does not say which package", true},
		"a second row about another":    {whole(`"Result":"ok","ResultList":[{"Md5":"` + askedMD5 + `"},{"Md5":"` + otherMD5 + `"}]`), otherMD5, true},
		"a null row":                    {whole(`"Result":"ok","ResultList":[null]`), "does not say which package", true},
		"a number beats another MD5":    {strings.Replace(detected(`,"Errno":"1001"`), askedMD5, otherMD5, 1), "is not the one that was given", true},
	}
	for name, tt := range tests {
		answer := decodeDetection(t, tt.body)
		err := answer.Check(askedMD5)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) || answer.OK() != tt.ok {
			t.Errorf("%s: %v, OK %t", name, err, answer.OK())
		}
	}
}

func TestApkDetection_decodesTheDocumentsSampleAndTheSDKsTypes(t *testing.T) {
	t.Parallel()
	const documents = `{"Response":{"Reason":"success","ResultList":[{"SafeType":"1","BoutiqueRecommand":"1",
"OptPluginList":[{"PluginDesc":"非广告插件描述","PluginName":"非广告插件名称","PluginType":"1"}],"Sid":"sid-xxxxxx","VirusDesc":"病毒描述","Official":"1","Spot":"0","Errno":"0",
"SoftName":"安装包名称","RepackageStatus":"0","PluginList":[{"PluginDesc":"广告插件描述","PluginName":"广告插件名称","PluginType":"1"}],"IntegralWall":"1","NotifyBar":"1",
"FloatWindows":"1","Md5":"8c7ef86c259abad33f213405a35a13c2","Banner":"-1","ErrMsg":"success","VirusName":"病毒名称"}],"RequestId":"RequestId-xxxxx","Result":"ok"}}`
	numbers := documents
	for _, n := range []string{"1", "0", "-1"} {
		numbers = strings.ReplaceAll(numbers, `:"`+n+`"`, ":"+n)
	}
	for name, body := range map[string]string{"texts": documents, "numbers": numbers} {
		row := decodeDetection(t, body).ResultList.Items[0]
		if !row.SafeType.Is(1) || !row.BoutiqueRecommand.Is(1) || !row.Spot.Is(0) || !row.Banner.Is(-1) || !row.FloatWindows.Is(1) || !row.IntegralWall.Is(1) || !row.NotifyBar.Is(1) ||
			!row.Official.Is(1) || !row.RepackageStatus.Is(0) || !row.Errno.Is(0) || !row.ErrNo.Absent() || row.MD5.String() != askedMD5 || row.Sid.String() != "sid-xxxxxx" ||
			row.PluginList.Items[0].PluginName.String() != "广告插件名称" || !row.PluginList.Items[0].PluginType.Is(1) || row.OptPluginList.Items[0].PluginDesc.String() != "非广告插件描述" ||
			row.VirusName.String() != "病毒名称" || row.SoftName.String() != "安装包名称" || row.ErrMsg.String() != "success" {
			t.Errorf("%s: %+v", name, row)
		}
	}
}

func TestApkDetection_listsOfAWrongTypeAreUnreadable(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`"ResultList":{}`, `"ResultList":"none"`, `"ResultList":[{"PluginList":"none"}]`} {
		answer, kind, cause := decode[DescribeApkDetectionResultResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":{"Result":"ok",` + in + `}}`)})
		if kind != nil || answer.ResultList.State() != field.Unreadable && answer.ResultList.Items[0].PluginList.State() != field.Unreadable {
			t.Errorf("%s: %v, %v", in, kind, cause)
		}
	}
	answer := decodeDetection(t, `{"Response":{"Result":"ok","ResultList":[7]}}`)
	if err := answer.Check(askedMD5); !errors.Is(err, ErrOtherObject) {
		t.Errorf("a row that is no object: %v", err)
	}
}

func TestDescribeApkDetectionResult_sendsRegionAndRemembersOnlyWhatIsGood(t *testing.T) {
	t.Parallel()
	pending := `{"Response":{"Result":"ok","ResultList":[],"RequestId":"r"}}`
	tests := map[string]struct {
		bodies []string
		calls  int32 // for four reads
	}{
		"a good result":     {[]string{detected(`,"Errno":"0"`)}, 1},
		"pending, then one": {[]string{pending, pending, detected(``)}, 3},
		"an error number":   {[]string{detected(`,"Errno":"1000"`)}, 4},
		"another MD5":       {[]string{strings.Replace(detected(``), askedMD5, otherMD5, 1)}, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, r *http.Request) {
				n := int(calls.Add(1))
				body, _ := io.ReadAll(r.Body)
				if r.Header.Get("X-TC-Region") != "ap-guangzhou" || r.Header.Get("X-TC-Version") != "2018-04-08" ||
					string(body) != `{"ApkUrl":"https://example.com/a.apk?x=1\u0026y=2","ApkMd5":"`+strings.ToUpper(askedMD5)+`"}` {
					t.Errorf("region %q, version %q, body %s", r.Header.Get("X-TC-Region"), r.Header.Get("X-TC-Version"), body)
				}
				_, _ = io.WriteString(w, tt.bodies[min(n, len(tt.bodies))-1])
			})
			for range 4 {
				if _, err := c.DescribeApkDetectionResult(t.Context(), DescribeApkDetectionResultRequest{ApkURL: "https://example.com/a.apk?x=1&y=2", ApkMD5: strings.ToUpper(askedMD5)}); err != nil {
					t.Fatal(err)
				}
			}
			if calls.Load() != tt.calls {
				t.Errorf("%d calls", calls.Load())
			}
		})
	}
}
