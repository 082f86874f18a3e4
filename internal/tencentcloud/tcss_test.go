package tencentcloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func decodeImages(t *testing.T, fields string) *DescribeVulScanInfoResponse {
	t.Helper()
	answer, kind, cause := decode[DescribeVulScanInfoResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":{` + fields + `}}`)})
	if kind != nil {
		t.Fatalf("%s: %v, %v", fields, kind, cause)
	}
	return answer
}

func TestVulScanInfo_decodesTheDocumentsSampleTextsAndNulls(t *testing.T) {
	t.Parallel()
	numbers := `"Status":"SCANNED","IgnoreVulCount":4,"LocalImageScanCount":1,"ScanEndTime":"e","ScanProgress":99.5,"ScanStartTime":"s","RegistryImageScanCount":2,
"RegistryTaskID":9007199254740993,"RemainingTime":0.5,"RegistryFoundVulCount":3,"RequestId":"xx","LocalTaskID":9223372036854775807,"FoundRiskImageCount":5,"FoundVulCount":6`
	texts := strings.NewReplacer(":4,", `:"4",`, ":1,", `:"1",`, ":99.5,", `:"99.5",`, ":2,", `:"2",`, ":0.5,", `:"0.5",`, ":3,", `:"3",`, ":5,", `:"5",`,
		":9007199254740993,", `:"9007199254740993",`, ":9223372036854775807,", `:"9223372036854775807",`).Replace(numbers)
	for name, fields := range map[string]string{"numbers": numbers, "texts": texts} {
		a := decodeImages(t, fields)
		if !a.IgnoreVulCount.Is(4) || !a.LocalImageScanCount.Is(1) || !a.RegistryImageScanCount.Is(2) || !a.RegistryFoundVulCount.Is(3) || !a.FoundRiskImageCount.Is(5) || !a.FoundVulCount.Is(6) ||
			!a.RegistryTaskID.Is(9007199254740993) || !a.LocalTaskID.Is(9223372036854775807) || *a.ScanProgress.Ptr() != 99.5 || *a.RemainingTime.Ptr() != 0.5 ||
			a.ScanStartTime.String() != "s" || a.ScanEndTime.String() != "e" || !a.Scanned() {
			t.Errorf("%s: %+v", name, a)
		}
	}
	none := strings.NewReplacer(`"SCANNED"`, "null", ":4,", ":null,", ":1,", ":[],", `"e"`, "null", ":99.5,", `:"soon",`, `"s"`, "{}", ":2,", ":1.5,", ":9007199254740993,", ":null,",
		":0.5,", ":null,", ":3,", ":true,", ":9223372036854775807,", ":9223372036854775808,", ":5,", `:"",`, `"FoundVulCount":6`, `"FoundVulCount":null`).Replace(numbers)
	a := decodeImages(t, none)
	for name, n := range map[string]Int{
		"IgnoreVulCount": a.IgnoreVulCount, "LocalImageScanCount": a.LocalImageScanCount, "RegistryImageScanCount": a.RegistryImageScanCount, "RegistryFoundVulCount": a.RegistryFoundVulCount,
		"FoundRiskImageCount": a.FoundRiskImageCount, "FoundVulCount": a.FoundVulCount, "RegistryTaskID": a.RegistryTaskID, "LocalTaskID": a.LocalTaskID,
	} {
		if n.Ptr() != nil {
			t.Errorf("%s is %d", name, *n.Ptr())
		}
	}
	if a.Status.Ptr() != nil || a.ScanStartTime.Ptr() != nil || a.ScanEndTime.Ptr() != nil || a.ScanProgress.Ptr() != nil || a.RemainingTime.Ptr() != nil || a.Scanned() {
		t.Errorf("%+v", a)
	}
}

func TestVulScanInfoCheck_tasksThatWereAskedForMustComeBack(t *testing.T) {
	t.Parallel()
	const huge = int64(9007199254740993)
	seven := int64(7)
	asked := func(id int64) *int64 { return &id }
	tests := map[string]struct {
		local, registry *int64
		fields          string
		says            string
	}{
		"both":                   {&seven, asked(huge), `"LocalTaskID":7,"RegistryTaskID":"9007199254740993"`, ""},
		"none asked":             {nil, nil, `"LocalTaskID":1,"RegistryTaskID":2`, ""},
		"none asked, none told":  {nil, nil, `"Status":"SCANNED"`, ""},
		"another registry":       {&seven, nil, `"LocalTaskID":7,"RegistryTaskID":99`, ""},
		"another local task":     {&seven, nil, `"LocalTaskID":8`, "LocalTaskID 7"},
		"no local task":          {&seven, nil, `"RegistryTaskID":7`, "LocalTaskID 7"},
		"null":                   {&seven, nil, `"LocalTaskID":null`, "LocalTaskID 7"},
		"zero for none":          {&seven, nil, `"LocalTaskID":0`, "LocalTaskID 7"},
		"a task in words":        {&seven, nil, `"LocalTaskID":"seven"`, "LocalTaskID 7"},
		"a neighbour of a huge":  {nil, asked(huge), `"RegistryTaskID":9007199254740992`, "RegistryTaskID 9007199254740993"},
		"the second of the two":  {&seven, &seven, `"LocalTaskID":7,"RegistryTaskID":8`, "RegistryTaskID 7"},
		"task 0 that comes back": {asked(0), nil, `"LocalTaskID":0`, ""},
		"task 0 that does not":   {asked(0), nil, `"LocalTaskID":null`, "LocalTaskID 0"},
	}
	for name, tt := range tests {
		err := decodeImages(t, tt.fields+`,"RequestId":"r-9"`).Check(DescribeVulScanInfoRequest{LocalTaskID: tt.local, RegistryTaskID: tt.registry})
		if (err == nil) != (tt.says == "") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!errors.Is(err, ErrOtherObject) || !Permanent(err) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "r-9")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDescribeVulScanInfo_remembersOnlyNamedTasksThatAreScanned(t *testing.T) {
	t.Parallel()
	id := int64(9007199254740993)
	named := DescribeVulScanInfoRequest{LocalTaskID: &id}
	tests := map[string]struct {
		request DescribeVulScanInfoRequest
		answer  string
		calls   int32 // for three reads
		sent    string
	}{
		"scanned":             {named, `"LocalTaskID":9007199254740993,"Status":"SCANNED"`, 1, `{"LocalTaskID":9007199254740993}`},
		"scanning":            {named, `"LocalTaskID":9007199254740993,"Status":"SCANNING"`, 3, `{"LocalTaskID":9007199254740993}`},
		"the last, scanned":   {DescribeVulScanInfoRequest{}, `"LocalTaskID":1,"Status":"SCANNED"`, 3, `{}`},
		"scanned, of another": {named, `"LocalTaskID":1,"Status":"SCANNED"`, 3, `{"LocalTaskID":9007199254740993}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				body, _ := io.ReadAll(r.Body)
				if string(body) != tt.sent || r.Header.Get("X-TC-Region") != "" || r.Header.Get("X-TC-Version") != "2020-11-01" {
					t.Errorf("region %q, body %s", r.Header.Get("X-TC-Region"), body)
				}
				_, _ = io.WriteString(w, `{"Response":{`+tt.answer+`,"RequestId":"r"}}`)
			})
			for range 3 {
				if _, err := c.DescribeVulScanInfo(t.Context(), tt.request); err != nil {
					t.Fatal(err)
				}
			}
			if calls.Load() != tt.calls {
				t.Errorf("%d calls", calls.Load())
			}
		})
	}
}
