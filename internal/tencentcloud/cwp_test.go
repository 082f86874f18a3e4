package tencentcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// hosts plays a task whose machines may change after a call.
type hosts struct {
	t        *testing.T
	mu       sync.Mutex
	machines []map[string]any
	calls    []string // offset/limit of each
	answer   map[string]any
	// after is run after the n-th call, counted from 1.
	after func(h *hosts, n int)
}

// numbered returns machines whose ids go up from first.
func numbered(first, n int64) []map[string]any {
	var machines []map[string]any
	for id := first; id < first+n; id++ {
		machines = append(machines, map[string]any{"Id": id, "Quuid": fmt.Sprintf("q-%d", id), "Status": "Ok"})
	}
	return machines
}

func (h *hosts) client() *Client {
	return against(h.t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request struct{ Limit, Offset *int64 }
		if err := json.Unmarshal(body, &request); err != nil || request.Limit == nil || request.Offset == nil {
			h.t.Errorf("request %s", body)
			return
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		from := min(int(*request.Offset), len(h.machines))
		rows := h.machines[from:min(from+int(*request.Limit), len(h.machines))]
		response := map[string]any{"ScanTaskDetailList": rows, "TotalCount": len(h.machines), "ScanProgress": 100, "RequestId": "r"}
		for name, value := range h.answer {
			response[name] = value
		}
		answer, err := json.Marshal(map[string]any{"Response": response})
		if err != nil {
			h.t.Error(err)
		}
		h.calls = append(h.calls, fmt.Sprintf("%d/%d", *request.Offset, *request.Limit))
		if h.after != nil {
			h.after(h, len(h.calls))
		}
		_, _ = w.Write(answer)
	})
}

var vulTask = DescribeScanTaskDetailsRequest{ModuleType: "Vul", TaskID: 1}

// expectAll checks that all machines of the moment were read, each once, in order of their ids.
func (h *hosts) expectAll(whole *DescribeScanTaskDetailsResponse) {
	h.t.Helper()
	var got, want []int64
	for _, m := range whole.ScanTaskDetailList.Items {
		got = append(got, *m.ID.Ptr())
	}
	for _, m := range h.machines {
		want = append(want, m["Id"].(int64))
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		h.t.Errorf("got %d machines %v\nwant %d %v", len(got), got, len(want), want)
	}
}

func TestDescribeWholeScanTask_readsEachMachineOnceInOrder(t *testing.T) {
	t.Parallel()
	for n, calls := range map[int64]int{0: 1, 1: 1, 99: 1, 100: 1, 101: 2, 199: 2, 200: 3, 230: 3, 1000: 11} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			h := &hosts{t: t, machines: numbered(9007199254740993, n)}
			slices.Reverse(h.machines)
			c := h.client()
			for range 2 { // a task that has ended is read once
				whole, err := c.DescribeWholeScanTask(t.Context(), vulTask, true)
				if err != nil {
					t.Fatal(err)
				}
				h.expectAll(whole)
			}
			if len(h.calls) != calls {
				t.Errorf("calls %v", h.calls)
			}
		})
	}
}

func TestDescribeWholeScanTask_readsAgainWhenTheListShifts(t *testing.T) {
	t.Parallel()
	tests := map[string]func(h *hosts, n int){
		"machines went before":                 func(h *hosts, _ int) { h.machines = h.machines[3:] },
		"machines came before":                 func(h *hosts, _ int) { h.machines = append(numbered(1, 3), h.machines...) },
		"machines came behind":                 func(h *hosts, _ int) { h.machines = append(slices.Clone(h.machines), numbered(9000, 2)...) },
		"as many went before as came behind":   func(h *hosts, _ int) { h.machines = append(slices.Clone(h.machines[3:]), numbered(9000, 3)...) },
		"as many came before as went behind":   func(h *hosts, _ int) { h.machines = append(numbered(1, 3), h.machines[:len(h.machines)-3]...) },
		"one came between the pages, one went": func(h *hosts, _ int) { h.machines = slices.Concat(h.machines[:50], h.machines[51:], numbered(9000, 1)) },
		"the order changed":                    func(h *hosts, _ int) { h.machines = slices.Clone(h.machines); slices.Reverse(h.machines) },
	}
	for name, shift := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hosts{t: t, machines: numbered(1000, 230)}
			h.after = func(h *hosts, n int) {
				if n == 1 {
					shift(h, n)
				}
			}
			whole, err := h.client().DescribeWholeScanTask(t.Context(), vulTask, true)
			if err != nil {
				t.Fatal(err)
			}
			h.expectAll(whole)
			if len(h.calls) != 6 {
				t.Errorf("calls %v", h.calls)
			}
		})
	}
}

func TestDescribeWholeScanTask_aListThatNeverSettlesIsAnError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		after func(h *hosts, n int)
		total any
		says  string
	}{
		"it shrinks with every call": {func(h *hosts, _ int) { h.machines = h.machines[1:] }, nil, "TotalCount: it changed between the pages"},
		"it moves with every call": {func(h *hosts, n int) {
			h.machines = append(slices.Clone(h.machines[1:]), numbered(int64(9000+n), 1)...)
		}, nil, "does not begin with the last row"},
		"an Id is there twice":           {func(h *hosts, _ int) { h.machines[150]["Id"] = int64(1002) }, nil, "the machine with Id 1002 is there twice"},
		"TotalCount is above the list":   {nil, 250, "230 rows in pages of a list of 250"},
		"TotalCount is below the list":   {nil, 220, "230 rows in pages of a list of 220"},
		"TotalCount is below one page":   {nil, 40, "230 rows in pages of a list of 40"},
		"TotalCount promises many pages": {nil, 700, "does not begin with the last row"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hosts{t: t, machines: numbered(1000, 230), after: tt.after}
			if tt.total != nil {
				h.answer = map[string]any{"TotalCount": tt.total}
			}
			whole, err := h.client().DescribeWholeScanTask(t.Context(), vulTask, true)
			if !errors.Is(err, ErrListChanged) || !Permanent(err) || !strings.Contains(err.Error(), tt.says) || whole != nil {
				t.Errorf("got %v after %d calls", err, len(h.calls))
			}
			firsts := 0
			for _, call := range h.calls {
				if call == "0/100" {
					firsts++
				}
			}
			if firsts != steadyTries {
				t.Errorf("read %d times", firsts)
			}
		})
	}
}

func TestDescribeWholeScanTask_withoutATotalReadsToTheEnd(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]any{"null": nil, "in words": "many", "negative": -1} {
		for n, calls := range map[int64]int{60: 1, 100: 2, 230: 3} {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				t.Parallel()
				h := &hosts{t: t, machines: numbered(1, n), answer: map[string]any{"TotalCount": total}}
				whole, err := h.client().DescribeWholeScanTask(t.Context(), vulTask, true)
				if name == "negative" && n >= MaxPage {
					if !errors.Is(err, ErrListChanged) {
						t.Errorf("got %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				h.expectAll(whole)
				if len(h.calls) != calls {
					t.Errorf("calls %v", h.calls)
				}
			})
		}
	}
}

func TestDescribeWholeScanTask_anAbsurdTotalIsNotRead(t *testing.T) {
	t.Parallel()
	h := &hosts{t: t, machines: numbered(1, 1), answer: map[string]any{"TotalCount": int64(1) << 60}}
	if _, err := h.client().DescribeWholeScanTask(t.Context(), vulTask, true); !errors.Is(err, ErrTooLarge) || len(h.calls) != 1 {
		t.Errorf("got %v after %v", err, h.calls)
	}
}

func TestDescribeWholeScanTask_whileItRunsTheFirstPageIsEnough(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer map[string]any
		calls  int // for two readings of a task of 230 machines
	}{
		"running":              {map[string]any{"ScanProgress": 40}, 2},
		"no progress":          {map[string]any{"ScanProgress": nil}, 2},
		"progress in words":    {map[string]any{"ScanProgress": "done"}, 2},
		"progress beyond 100":  {map[string]any{"ScanProgress": 101}, 2},
		"stopping":             {map[string]any{"ScanProgress": 40, "StoppingAll": true}, 6},
		"done":                 {nil, 3},
		"done, as a text":      {map[string]any{"ScanProgress": "100", "StoppingAll": "0"}, 3},
		"done and stopping":    {map[string]any{"StoppingAll": true}, 3},
		"done, null elsewhere": {map[string]any{"StoppingAll": nil, "VulInfo": nil, "ScanLeftTime": nil}, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hosts{t: t, machines: numbered(1, 230), answer: tt.answer}
			c := h.client()
			for range 2 {
				if _, err := c.DescribeWholeScanTask(t.Context(), vulTask, false); err != nil {
					t.Fatal(err)
				}
			}
			if len(h.calls) != tt.calls {
				t.Errorf("calls %v", h.calls)
			}
		})
	}
}

func TestDescribeWholeScanTask_everythingIsReadWhileItRunsToo(t *testing.T) {
	t.Parallel()
	h := &hosts{t: t, machines: numbered(1, 230), answer: map[string]any{"ScanProgress": 40}}
	whole, err := h.client().DescribeWholeScanTask(t.Context(), vulTask, true)
	if err != nil {
		t.Fatal(err)
	}
	h.expectAll(whole)
	if len(h.calls) != 3 || whole.Done() {
		t.Errorf("calls %v", h.calls)
	}
}

func TestDescribeWholeScanTask_aMachineScanningOnALaterPageIsNotDone(t *testing.T) {
	t.Parallel()
	h := &hosts{t: t, machines: numbered(1, 230)}
	h.machines[220]["Status"] = "Scanning"
	c := h.client()
	for range 2 {
		whole, err := c.DescribeWholeScanTask(t.Context(), vulTask, false)
		if err != nil || whole.Done() {
			t.Errorf("done %t, %v", whole.Done(), err)
		}
	}
	if len(h.calls) != 6 {
		t.Errorf("an unfinished task was remembered: %v", h.calls)
	}
}

// pagesOf decodes answers and chains them as pages: each begins with the last machine of the one before.
func pagesOf(t *testing.T, fields ...string) []*DescribeScanTaskDetailsResponse {
	t.Helper()
	var pages []*DescribeScanTaskDetailsResponse
	for i, f := range fields {
		body := fmt.Sprintf(`{"Response":{"TotalCount":%d,"ScanTaskDetailList":[{"Id":%d},{"Id":%d}],%s}}`, len(fields)+1, i, i+1, f)
		page, kind, cause := decode[DescribeScanTaskDetailsResponse](&exchange{status: http.StatusOK, body: []byte(body)})
		if kind != nil {
			t.Fatal(kind, cause)
		}
		pages = append(pages, page)
	}
	return pages
}

func TestJoin_listsThatPagesRepeatAndProgressThatTheyDoNot(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pages    []string
		vuls     string // ids, or "absent"
		progress int64
		stopped  bool
	}{
		"repeated on every page":   {[]string{`"ScanProgress":100,"VulInfo":[{"VulId":1},{"VulId":2}]`, `"ScanProgress":100,"VulInfo":[{"VulId":1},{"VulId":2}]`}, "1 2", 100, false},
		"each page its own":        {[]string{`"ScanProgress":100,"VulInfo":[{"VulId":1}]`, `"ScanProgress":100,"VulInfo":[{"VulId":2}]`}, "1 2", 100, false},
		"doubles within a page":    {[]string{`"ScanProgress":100,"VulInfo":[{"VulId":1},{"VulId":1}]`, `"ScanProgress":100,"VulInfo":[{"VulId":1}]`}, "1 1", 100, false},
		"only on the second page":  {[]string{`"ScanProgress":100,"VulInfo":null`, `"ScanProgress":100,"VulInfo":[{"VulId":2}]`}, "2", 100, false},
		"empty lists":              {[]string{`"ScanProgress":100,"VulInfo":[]`, `"ScanProgress":100,"VulInfo":null`}, "", 100, false},
		"on no page":               {[]string{`"ScanProgress":100`, `"ScanProgress":100,"VulInfo":null`}, "absent", 100, false},
		"less progress later":      {[]string{`"ScanProgress":100`, `"ScanProgress":90`}, "absent", 90, false},
		"stopping on a later page": {[]string{`"ScanProgress":100,"StoppingAll":false`, `"ScanProgress":100,"StoppingAll":true`}, "absent", 100, true},
		"ids beyond 2^53":          {[]string{`"ScanProgress":100,"VulInfo":[{"VulId":9007199254740993}]`, `"ScanProgress":100,"VulInfo":[{"VulId":9007199254740992}]`}, "9007199254740993 9007199254740992", 100, false},
	}
	for name, tt := range tests {
		whole, err := joinPages(pagesOf(t, tt.pages...))
		if err != nil {
			t.Fatal(name, err)
		}
		var ids []string
		for _, v := range whole.VulInfo.Items {
			ids = append(ids, fmt.Sprint(*v.VulID.Ptr()))
		}
		got := strings.Join(ids, " ")
		if whole.VulInfo.State() == field.Absent {
			got = "absent"
		}
		if got != tt.vuls || !whole.ScanProgress.Is(tt.progress) || whole.Stopped() != tt.stopped || len(whole.ScanTaskDetailList.Items) != 3 {
			t.Errorf("%s: vulnerabilities %q, progress %v, stopped %t, %d machines", name, got, whole.ScanProgress.Ptr(), whole.Stopped(), len(whole.ScanTaskDetailList.Items))
		}
	}
}

func TestJoin_patchesThatPagesRepeat(t *testing.T) {
	t.Parallel()
	whole, err := joinPages(pagesOf(t, `"PatchInfo":[{"Id":1,"RelatedCveId":["CVE-1"]}]`, `"PatchInfo":[{"Id":1,"RelatedCveId":["CVE-1"]},{"Id":2}]`))
	if err != nil || len(whole.PatchInfo.Items) != 2 || whole.VulInfo.State() != field.Absent {
		t.Errorf("%+v, %v", whole.PatchInfo, err)
	}
}

func TestScanTaskDetails_decodesTheDocumentsSampleTextsAndNulls(t *testing.T) {
	t.Parallel()
	read := func(body string) *DescribeScanTaskDetailsResponse {
		t.Helper()
		answer, kind, cause := decode[DescribeScanTaskDetailsResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":` + body + `}`)})
		if kind != nil {
			t.Fatal(kind, cause)
		}
		return answer
	}
	const sample = `{"ScanContent":["xx"],"VulInfo":[{"CveId":"c","CvssScore":9.8,"Name":"n","Reference":"r","Level":1,"Fix":"f","Descript":"d","PublishTime":"p","VulId":9007199254740993,"Cvss":"v","VulCategory":1}],
"PatchInfo":[{"KBNo":"KB1","Name":"n","PublishTime":"p","RelatedCveId":["CVE-1"],"KbDocUrl":"u","Id":9007199254740993}],
"ScanMachineCount":1,"ScanTaskDetailList":[{"Status":"Ok","Uuid":"uu","ScanEndTime":"e","FailType":1,"HostName":"h","ScanBeginTime":"b","OsName":"o","Quuid":"q","HostIp":"i","RiskNum":1,"Id":9007199254740993,"Description":"d",
"MachineWanIp":"w","MachineExtraInfo":{"WanIP":"1","PrivateIP":"2","NetworkType":1,"NetworkName":"nn","InstanceID":"ins","HostName":"hh"}}],
"ScanEndTime":"E","ScanTime":1,"ScanProgress":1,"ScanLeftTime":1,"ScanBeginTime":"B","TotalCount":1,"RequestId":"xx","RiskEventCount":1,"VulCount":1,"RiskMachineCount":1,"Type":1,"StoppingAll":false}`
	texts := strings.NewReplacer(":1,", `:"1",`, ":9.8,", `:"9.8",`, ":9007199254740993,", `:"9007199254740993",`, ":9007199254740993}", `:"9007199254740993"}`, ":false", `:"false"`, `:1}`, `:"1"}`).Replace(sample)
	for name, body := range map[string]string{"numbers": sample, "texts": texts} {
		a := read(body)
		m, v, p := a.ScanTaskDetailList.Items[0], a.VulInfo.Items[0], a.PatchInfo.Items[0]
		if !m.ID.Is(9007199254740993) || m.Quuid.String() != "q" || m.UUID.String() != "uu" || m.HostIP.String() != "i" || !m.RiskNum.Is(1) || !m.FailType.Is(1) || m.MachineWanIP.String() != "w" ||
			m.MachineExtraInfo.Get().InstanceID.String() != "ins" || m.MachineExtraInfo.Get().WanIP.String() != "1" || !m.MachineExtraInfo.Get().NetworkType.Is(1) ||
			!v.VulID.Is(9007199254740993) || v.CveID.String() != "c" || !v.Level.Is(1) || *v.CvssScore.Ptr() != 9.8 || !v.VulCategory.Is(1) ||
			!p.ID.Is(9007199254740993) || p.KBNo.String() != "KB1" || !slices.Equal(p.RelatedCveID, []string{"CVE-1"}) || p.KbDocURL.String() != "u" ||
			!a.TotalCount.Is(1) || !a.VulCount.Is(1) || !a.RiskEventCount.Is(1) || !a.RiskMachineCount.Is(1) || !a.ScanMachineCount.Is(1) || !a.Type.Is(1) || *a.StoppingAll.Ptr() ||
			!a.ScanProgress.Is(1) || !a.ScanLeftTime.Is(1) || !a.ScanTime.Is(1) || a.ScanContent.Items[0].String() != "xx" || a.Done() {
			t.Errorf("%s: %+v", name, a)
		}
	}

	nulls := `{"ScanContent":null,"VulInfo":null,"PatchInfo":null,"ScanMachineCount":null,"ScanTaskDetailList":null,"ScanEndTime":null,"ScanTime":null,"ScanProgress":null,"ScanLeftTime":null,
"ScanBeginTime":null,"TotalCount":null,"RiskEventCount":null,"VulCount":null,"RiskMachineCount":null,"Type":null,"StoppingAll":null}`
	for name, body := range map[string]string{"null": nulls, "left out": `{}`, "of another type": `{"ScanProgress":{},"TotalCount":[1],"StoppingAll":"maybe","Type":"often","VulCount":1.5,"ScanEndTime":[]}`} {
		a := read(body)
		if a.ScanContent.State() != field.Absent || a.VulInfo.State() != field.Absent || a.PatchInfo.State() != field.Absent || a.ScanTaskDetailList.State() != field.Absent || a.TotalCount.Ptr() != nil || a.VulCount.Ptr() != nil || a.RiskEventCount.Ptr() != nil ||
			a.RiskMachineCount.Ptr() != nil || a.ScanMachineCount.Ptr() != nil || a.Type.Ptr() != nil || a.StoppingAll.Ptr() != nil || a.ScanEndTime.Ptr() != nil || a.ScanProgress.Ptr() != nil || a.Done() || a.Stopped() {
			t.Errorf("%s: %+v", name, a)
		}
	}
	a := read(`{"ScanTaskDetailList":[null,{"Id":null,"MachineExtraInfo":null,"RiskNum":null,"Status":null}],"VulInfo":[{"VulId":null,"Level":"high","CvssScore":"none"}],"PatchInfo":[{"RelatedCveId":"CVE-1"}]}`)
	if m, v := a.ScanTaskDetailList.Items[1], a.VulInfo.Items[0]; len(a.ScanTaskDetailList.Items) != 2 || m.ID.Ptr() != nil || m.MachineExtraInfo.State() != field.Absent || m.RiskNum.Ptr() != nil ||
		v.VulID.Ptr() != nil || v.Level.Ptr() != nil || v.CvssScore.Ptr() != nil || a.PatchInfo.Items[0].RelatedCveID != nil {
		t.Errorf("%+v", a)
	}
}

func TestScanTaskDetails_listsOfAWrongTypeAreUnreadableAndHideNothing(t *testing.T) {
	t.Parallel()
	for in, state := range map[string]func(*DescribeScanTaskDetailsResponse) field.State{
		`"ScanTaskDetailList":{}`: func(r *DescribeScanTaskDetailsResponse) field.State { return r.ScanTaskDetailList.State() },
		`"VulInfo":"none"`:        func(r *DescribeScanTaskDetailsResponse) field.State { return r.VulInfo.State() },
		`"PatchInfo":0`:           func(r *DescribeScanTaskDetailsResponse) field.State { return r.PatchInfo.State() },
		`"ScanContent":"all"`:     func(r *DescribeScanTaskDetailsResponse) field.State { return r.ScanContent.State() },
		`"ScanTaskDetailList":[{"MachineExtraInfo":[]}]`: func(r *DescribeScanTaskDetailsResponse) field.State {
			return r.ScanTaskDetailList.Items[0].MachineExtraInfo.State()
		},
	} {
		answer, kind, cause := decode[DescribeScanTaskDetailsResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":{` + in + `,"VulCount":7}}`)})
		if kind != nil || state(answer) != field.Unreadable || !answer.VulCount.Is(7) {
			t.Errorf("%s: %v, %v, state %v, VulCount %v", in, kind, cause, state(answer), answer.VulCount)
		}
	}
	answer, kind, cause := decode[DescribeScanTaskDetailsResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":{"VulInfo":[1,{"VulId":2}]}}`)})
	if kind != nil || len(answer.VulInfo.Items) != 2 || !answer.VulInfo.Items[1].VulID.Is(2) || !answer.VulInfo.Items[0].VulID.Absent() {
		t.Errorf("an element that is no object: %v, %v, %+v", kind, cause, answer)
	}
}

func TestDescribeScanTaskDetails_sendsTheWindowAndTheFilters(t *testing.T) {
	t.Parallel()
	limit, offset, exact := int64(5), int64(0), true
	tests := map[string]struct {
		request DescribeScanTaskDetailsRequest
		want    string
	}{
		"a window": {DescribeScanTaskDetailsRequest{ModuleType: "Malware", TaskID: 9007199254740993, window: window{&limit, &offset}}, `{"ModuleType":"Malware","TaskId":9007199254740993,"Limit":5,"Offset":0}`},
		"filters":  {DescribeScanTaskDetailsRequest{ModuleType: "Vul", TaskID: 0, Filters: []Filter{{Name: "Status", Values: []string{"Ok", "Fail"}, ExactMatch: &exact}, {Name: "HostName", Values: []string{"w"}}}}, `{"ModuleType":"Vul","TaskId":0,"Filters":[{"Name":"Status","Values":["Ok","Fail"],"ExactMatch":true},{"Name":"HostName","Values":["w"]}]}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := against(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if string(body) != tt.want || r.Header.Get("X-TC-Region") != "" || r.Header.Get("X-TC-Version") != "2018-02-28" {
					t.Errorf("region %q, body %s", r.Header.Get("X-TC-Region"), body)
				}
				_, _ = io.WriteString(w, `{"Response":{"RequestId":"r"}}`)
			})
			if _, err := c.DescribeScanTaskDetails(t.Context(), tt.request); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestDescribeWholeScanTask_aFailedPageIsAnError(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if !strings.Contains(string(body), `"Offset":0`) {
			_, _ = io.WriteString(w, refusal("AuthFailure.SecretIdNotFound"))
			return
		}
		page, _ := json.Marshal(map[string]any{"Response": map[string]any{"ScanTaskDetailList": numbered(1, 100), "TotalCount": 230, "ScanProgress": 100}})
		_, _ = w.Write(page)
	})
	if whole, err := c.DescribeWholeScanTask(t.Context(), vulTask, false); !errors.Is(err, ErrDenied) || whole != nil {
		t.Errorf("got %v", err)
	}
}
