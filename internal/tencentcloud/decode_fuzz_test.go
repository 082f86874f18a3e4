package tencentcloud

import (
	"encoding/json"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// scalarSeeds are values that the documents, the SDK and broken services give for one field.
var scalarSeeds = []string{
	`0`, `1`, `-1`, `"1"`, `" 7 "`, `9007199254740993`, `"9223372036854775807"`, `9223372036854775808`, `-9223372036854775808`, `1e3`, `1.0`, `"1.50"`,
	`1e400`, `"0x10"`, `"NaN"`, `"Inf"`, `"1_000"`, `null`, `true`, `"true"`, `[]`, `{}`, `""`, `"风险级别"`, `"\ud800"`, `9007199254740992.5`, `4503599627370497.5`,
}

// number reads a JSON number, or text that is one, without loss; nil for anything else. It shares
// nothing with the decoder.
func number(document []byte) *big.Rat {
	text := strings.TrimSpace(string(document))
	if strings.HasPrefix(text, `"`) {
		var s string
		if json.Unmarshal(document, &s) != nil {
			return nil
		}
		text = strings.TrimSpace(s)
	}
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" || len(text) > 400 {
		return nil
	}
	if _, exponent, found := strings.Cut(strings.ToLower(text), "e"); found {
		if n, err := strconv.Atoi(exponent); err != nil || n > 400 || n < -400 {
			return nil // a Rat of it would take all memory
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}

func FuzzInt(f *testing.F) {
	for _, seed := range scalarSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var i Int
		if json.Unmarshal(document, &i) != nil {
			return
		}
		exact, value := number(document), i.Ptr()
		if value != nil && (exact == nil || exact.Cmp(new(big.Rat).SetInt64(*value)) != 0) {
			t.Fatalf("%q was read as %d", document, *value)
		}
		if _, err := strconv.ParseInt(string(document), 10, 64); err == nil && value == nil {
			t.Fatalf("%q was not read", document)
		}
		if i.Absent() != (strings.TrimSpace(string(document)) == "null") {
			t.Fatalf("%q is absent: %t", document, i.Absent())
		}
	})
}

func FuzzFloat(f *testing.F) {
	for _, seed := range scalarSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var v Float
		if json.Unmarshal(document, &v) != nil || v.Ptr() == nil {
			return
		}
		got := new(big.Rat)
		if got.SetFloat64(*v.Ptr()) == nil {
			t.Fatalf("%q was read as %v", document, *v.Ptr())
		}
		exact := number(document)
		if exact == nil {
			return // beyond what the oracle reads
		}
		if nearest, _ := exact.Float64(); nearest != *v.Ptr() {
			t.Fatalf("%q was read as %v", document, *v.Ptr())
		}
	})
}

func FuzzBool(f *testing.F) {
	for _, seed := range append(scalarSeeds, `false`, `"FALSE"`, `" 1 "`, `"yes"`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var b Bool
		if json.Unmarshal(document, &b) != nil || b.Ptr() == nil {
			return
		}
		want := map[string]bool{"true": true, "1": true, "false": false, "0": false}
		text := strings.ToLower(strings.TrimSpace(string(document)))
		if strings.HasPrefix(text, `"`) {
			var s string
			_ = json.Unmarshal(document, &s)
			text = strings.ToLower(strings.TrimSpace(s))
		}
		if value, known := want[text]; !known || value != *b.Ptr() {
			t.Fatalf("%q was read as %t", document, *b.Ptr())
		}
	})
}

func FuzzText(f *testing.F) {
	for _, seed := range append(scalarSeeds, `"a\u0000b"`, `["a",1,null,{}]`, `[[]]`, `[null]`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var text Text
		if json.Unmarshal(document, &text) == nil && text.Ptr() != nil {
			var s string
			switch err := json.Unmarshal(document, &s); {
			case !utf8.ValidString(text.String()):
				t.Fatalf("%q was read as %q", document, text.String())
			case err == nil && s != text.String():
				t.Fatalf("%q was read as %q", document, text.String())
			case err != nil && text.String() != strings.TrimSpace(string(document)):
				t.Fatalf("%q was read as %q", document, text.String())
			}
		}
		var texts Texts
		var items []any
		if json.Unmarshal(document, &texts) != nil {
			return
		}
		list := json.Unmarshal(document, &items) == nil && items != nil
		if texts != nil && (!list || len(texts) > len(items) || len(texts) == 0 && len(items) > 0) {
			t.Fatalf("%q was read as %q", document, texts)
		}
	})
}

// answerSeeds are whole answers, with the documents' names and the SDK's, and broken ones.
var answerSeeds = []string{
	`{"Response":{"ItemId":"i-1","Progress":1,"AppMd5s":["44d88612fea8a8f36de82e1278abb02f"],"LimitCount":9007199254740993,"LimitTime":"0","RequestId":"r"}}`,
	`{"Response":{"TotalCount":1,"ScanSet":[{"TaskStatus":1,"StatusCode":0,"TaskTime":1700000000,"AppDetailInfo":{"AppMd5":"A","AppSize":1},"VulInfo":{"VulFileScore":"60","VulList":[{"VulId":"v","RiskLevel":"3"}]},"VirusInfo":{"SafeType":1},"AdInfo":{"Spot":[{"PluginType":"1"}],"Banners":[]},"PermissionInfo":{"PermissionList":[{"Permission":"p"}]},"SensitiveInfo":{"SensitiveList":[{"WordList":["w"]}]}}],"RequestId":"r"}}`,
	`{"Response":{"Result":"ok","Reason":"","ResultList":[{"Md5":"a","SafeType":"1","Banner":"-1","Errno":"0","ErrNo":0,"PluginList":[{"PluginName":"p"}]}],"RequestId":"r"}}`,
	`{"Response":{"ScanTaskDetailList":[{"Id":1,"Quuid":"q","Status":"Ok","RiskNum":0,"MachineExtraInfo":{"NetworkType":1}}],"TotalCount":1,"ScanProgress":100,"StoppingAll":false,"ScanContent":["a"],"VulInfo":[{"VulId":1,"Level":4,"CvssScore":9.8}],"PatchInfo":[{"RelatedCveId":["c"]}],"RequestId":"r"}}`,
	`{"Response":{"LocalTaskID":1,"RegistryTaskID":2,"Status":"SCANNED","FoundVulCount":0,"ScanProgress":99.5,"RemainingTime":"0.5","RequestId":"r"}}`,
	`{"Response":{"TotalCount":1,"List":[{"Id":7,"ImageID":"sha256:a","ImageDigest":"sha256:d","CVEID":"CVE-1","POCID":"p","PocID":"p","Level":"3","Component":"c","Components":[{"Name":"c"}],"CvssScore":"9.8","Tag":["SYS"],"TaskID":17,"ScanStatus":"SCANNED","IsAuthorized":1,"VulCnt":1}],"RequestId":"r"}}`,
	`{"Response":{"TotalCount":2,"Total":2,"VulInfoList":[{"VulId":1,"Status":0},{"VulId":1,"Status":0}],"VulEffectHostList":[{"EventId":1}],"MalWareList":[{"Id":1,"ProcessExists":1}],"List":[{"ItemId":1,"DetectStatus":"3"}],"RequestId":"r"}}`,
	`{"Response":{"TaskId":"7","SuccessCount":1,"ScanState":2,"VulId":[1,"x",null],"KBNumber":"KB1","ImageScanInquireInfo":{"Capcity":"300","Useage":301},"Status":"doing","RequestId":"r"}}`,
	`{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire","Message":"why"},"RequestId":"r"}}`,
	`{"Response":{"Error":{"Code":7},"RequestId":[]}}`,
	`{"Response":null}`, `{"Response":[]}`, `{"response":{"itemid":"i"}}`, `{}`, `null`, `[]`, ``, `{"Response":{"ScanSet":[[[[]]]]}}`, `{"Response":{"ScanSet":[null,{}]}}`,
}

// askedID is a secret that an answer may repeat.
const askedID = "AKID0123456789abcdef"

// fuzzAnswer feeds a decoder with whole bodies. An answer that is taken is one JSON document with a
// Response and without an Error; then check looks at what was read.
func fuzzAnswer[T any, P answered[T]](f *testing.F, check func(P)) {
	f.Helper()
	for _, seed := range answerSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, kind, cause := decode[T, P](&exchange{status: http.StatusOK, body: body})
		if answer == nil || answer.head() == nil {
			t.Fatal("no answer at all")
		}
		_ = tooManyValues(body, 10)
		newRedactor(common.NewCredential(askedID, askedID), "", nil).answer(answer)
		if strings.Contains(answer.head().RequestID, askedID) {
			t.Fatal("a secret came back")
		}
		if cause != nil && len(body) > 40 && strings.Contains(cause.Error(), string(body)) {
			t.Fatalf("the error repeats the body: %v", cause)
		}
		if kind != nil {
			return
		}
		if !json.Valid(body) || answer.head().Error != nil {
			t.Fatalf("taken: %q", body)
		}
		check(answer)
	})
}

func FuzzCreateScanInstances(f *testing.F) {
	fuzzAnswer(f, func(r *CreateScanInstancesResponse) { _ = r.ItemID.String() })
}

func FuzzDescribeScanResults(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeScanResultsResponse) {
		for _, row := range r.ScanSet.Items {
			if row.TaskStatus.Is(TaskDone) && row.TaskStatus.Absent() {
				panic("a row that says nothing is done")
			}
		}
	})
}

func FuzzDescribeApkDetectionResult(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeApkDetectionResultResponse) {
		const asked = "44d88612fea8a8f36de82e1278abb02f"
		if !r.OK() || r.Check(asked) != nil {
			return
		}
		for _, row := range r.ResultList.Items {
			if !row.ErrorNumber().Absent() && !fine(row.ErrorNumber()) || !strings.EqualFold(strings.TrimSpace(row.MD5.String()), asked) {
				panic("a detection of nothing or of another package is taken")
			}
		}
	})
}

func FuzzDescribeScanTaskDetails(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeScanTaskDetailsResponse) {
		whole, err := joinPages([]*DescribeScanTaskDetailsResponse{r})
		if err == nil && len(whole.ScanTaskDetailList.Items) != len(r.ScanTaskDetailList.Items) {
			panic("machines were lost")
		}
		// What begins with the last machine of the page before it may be its successor; the counts
		// must still agree.
		if whole, err = joinPages([]*DescribeScanTaskDetailsResponse{r, r}); err == nil {
			if total := whole.TotalCount.Ptr(); total != nil && *total != int64(len(whole.ScanTaskDetailList.Items)) {
				panic("pages that shifted are taken")
			}
		}
	})
}

func FuzzDescribeVulScanInfo(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeVulScanInfoResponse) {
		local := int64(1)
		if r.Check(DescribeVulScanInfoRequest{LocalTaskID: &local}) == nil && !r.LocalTaskID.Is(1) {
			panic("an answer about another task is taken")
		}
	})
}

// fuzzPages feeds the joining of a list's pages, as a whole and page by page.
func fuzzPages[T any, P pagedAnswer[T]](f *testing.F) {
	f.Helper()
	fuzzAnswer(f, func(r P) {
		rows, _ := r.rows()
		if whole, err := joinPages([]P{r}); err == nil {
			if n, _ := whole.rows(); n != rows {
				panic("rows were lost")
			}
		}
		whole, err := joinPages([]P{r, r})
		if err == nil {
			if n, total := whole.rows(); total.Ptr() != nil && !total.Is(int64(n)) {
				panic("pages that shifted are taken")
			}
		}
		// Sorting, and refusing what stands twice, is for the whole list alone.
		again, handed := *r, 0
		chain := pageChain[T, P]{take: func(page P) { n, _ := page.rows(); handed += n }}
		chain.begin(r)
		if chain.add(&again) == nil {
			if listed, _, shifted := chain.end(); shifted == nil && handed != listed {
				panic("rows were lost between the pages")
			}
		}
	})
}

func FuzzRegistryImages(f *testing.F) {
	fuzzPages[DescribeAssetImageRegistryListResponse](f)
}

func FuzzLocalImages(f *testing.F) { fuzzPages[DescribeAssetImageListResponse](f) }

func FuzzImagesOfTask(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeVulScanLocalImageListResponse) {
		if r.Check(17) != nil {
			return
		}
		for _, image := range r.List.Items {
			if image.TaskID.Ptr() != nil && !image.TaskID.Is(17) {
				panic("an image of another task is taken")
			}
		}
	})
}

func FuzzImageVuls(f *testing.F) { fuzzPages[DescribeImageVulListResponse](f) }

func FuzzIgnoredVuls(f *testing.F) { fuzzPages[DescribeScanIgnoreVulListResponse](f) }

func FuzzHostVuls(f *testing.F) { fuzzPages[DescribeVulListResponse](f) }

func FuzzHostsOfVul(f *testing.F) { fuzzPages[DescribeVulEffectHostListResponse](f) }

func FuzzHostMalware(f *testing.F) { fuzzPages[DescribeMalWareListResponse](f) }

func FuzzBaselineItems(f *testing.F) { fuzzPages[DescribeBaselineItemListResponse](f) }

func FuzzImageQuota(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeImageAuthorizedInfoResponse) {
		quota := r.ImageScanInquireInfo.Get()
		if left := quota.Left().Ptr(); left != nil && (*left < 0 || quota.Capacity.Ptr() == nil || *left > *quota.Capacity.Ptr()) {
			panic("a quota out of nothing")
		}
	})
}

func FuzzScanState(f *testing.F) {
	fuzzAnswer(f, func(r *DescribeScanStateResponse) {
		if !r.Narrowed() && (len(r.VulID.Items) > 0 || len(r.KBNumber.Items) > 0) {
			panic("a narrowed task is taken for a whole one")
		}
	})
}

func FuzzSubmissions(f *testing.F) {
	for _, seed := range answerSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		x := &exchange{status: http.StatusOK, body: body}
		images, _, _ := decode[CreateVulScanTaskResponse](x)
		hosts, _, _ := decode[ScanVulResponse](x)
		if images.made() && images.LocalTaskID.orZero() <= 0 && images.RegistryTaskID.orZero() <= 0 || hosts.made() != (hosts.TaskID.orZero() > 0) {
			t.Fatalf("%q names no task", body)
		}
	})
}
