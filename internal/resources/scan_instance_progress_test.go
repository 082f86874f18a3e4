package resources

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// rows is an answer with a row for each of "md5:fields".
func rows(t *testing.T, rows ...string) *tencentcloud.DescribeScanResultsResponse {
	t.Helper()
	var set []string
	for _, row := range rows {
		md5, fields, _ := strings.Cut(row, ":")
		set = append(set, fmt.Sprintf(`{"AppDetailInfo":{"AppMd5":%q},%s}`, md5, fields))
	}
	var answer tencentcloud.DescribeScanResultsResponse
	text := fmt.Sprintf(`{"TotalCount":%d,"ScanSet":[%s]}`, len(rows), strings.Join(set, ","))
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	return &answer
}

func TestEvaluateProgress(t *testing.T) {
	t.Parallel()
	const done, running, failed, late = `"TaskStatus":1`, `"TaskStatus":2`, `"TaskStatus":3`, `"TaskStatus":4`
	both := []string{"a", "b"}
	tests := map[string]struct {
		accepted  []string
		rows      []string
		status    string
		rejected  string
		failures  string
		undecided bool
	}{
		"no rows yet":                          {accepted: both, status: scantask.StatusProcessing},
		"one row missing":                      {accepted: both, rows: []string{"a:" + done}, status: scantask.StatusProcessing},
		"all done":                             {accepted: both, rows: []string{"a:" + done, "b:" + done}, status: scantask.StatusCompleted},
		"MD5 in capitals":                      {accepted: both, rows: []string{"A:" + done, "B:" + done}, status: scantask.StatusCompleted},
		"StatusCode 0":                         {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":"1","StatusCode":"0"`}, status: scantask.StatusCompleted},
		"StatusCode null":                      {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":1,"StatusCode":null`}, status: scantask.StatusCompleted},
		"StatusCode of a failure":              {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":1,"StatusCode":1001`}, status: scantask.StatusFailed, failures: "b 1001"},
		"StatusCode that cannot be read":       {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":1,"StatusCode":"fine"`}, status: scantask.StatusFailed, failures: "b -"},
		"one running":                          {accepted: both, rows: []string{"a:" + done, "b:" + running}, status: scantask.StatusProcessing},
		"one failed, one running":              {accepted: both, rows: []string{"a:" + failed, "b:" + running}, status: scantask.StatusProcessing, failures: "a -"},
		"one failed":                           {accepted: both, rows: []string{"a:" + done, "b:" + failed}, status: scantask.StatusFailed, failures: "b -"},
		"one timed out":                        {accepted: both, rows: []string{"a:" + late, "b:" + done}, status: scantask.StatusFailed, failures: "a -"},
		"TaskStatus 0 is not done":             {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":0`}, status: scantask.StatusProcessing},
		"TaskStatus in words is not done":      {accepted: both, rows: []string{"a:" + done, `b:"TaskStatus":"done"`}, status: scantask.StatusProcessing},
		"no TaskStatus is not done":            {accepted: both, rows: []string{"a:" + done, `b:"x":1`}, status: scantask.StatusProcessing},
		"two rows for an app, one running":     {accepted: both, rows: []string{"a:" + done, "b:" + done, "b:" + running}, status: scantask.StatusProcessing},
		"two rows for an app, one failed":      {accepted: both, rows: []string{"a:" + done, "b:" + failed, "b:" + done}, status: scantask.StatusFailed, failures: "b -"},
		"a stranger's row is ignored":          {accepted: both, rows: []string{"a:" + done, "b:" + done, "c:" + running}, status: scantask.StatusCompleted},
		"one rejected, before any poll":        {accepted: []string{"a"}, status: scantask.StatusProcessing, rejected: "b", failures: "b -"},
		"one rejected":                         {accepted: []string{"a"}, rows: []string{"a:" + done}, status: scantask.StatusFailed, rejected: "b", failures: "b -"},
		"all rejected":                         {accepted: []string{}, status: scantask.StatusFailed, rejected: "a b", failures: "a - b -"},
		"silent answer, no rows":               {status: scantask.StatusProcessing, undecided: true},
		"silent answer, one running":           {rows: []string{"a:" + running}, status: scantask.StatusProcessing, undecided: true},
		"silent answer, both done":             {rows: []string{"a:" + done, "b:" + done}, status: scantask.StatusCompleted},
		"silent answer, one without a row":     {rows: []string{"a:" + done}, status: scantask.StatusFailed, rejected: "b", failures: "b -"},
		"silent answer, only a stranger's row": {rows: []string{"c:" + done}, status: scantask.StatusProcessing, undecided: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := evaluateProgress(both, tt.accepted, nil, rows(t, tt.rows...))
			var failures []string
			for _, f := range p.failures {
				code := "-"
				if f.code != nil {
					code = fmt.Sprint(*f.code)
				}
				if f.hint == "" {
					t.Errorf("no hint for %s", f.md5)
				}
				failures = append(failures, f.md5+" "+code)
			}
			if p.status != tt.status || strings.Join(p.rejected, " ") != tt.rejected || strings.Join(failures, " ") != tt.failures || (p.accepted == nil) != tt.undecided {
				t.Errorf("got %+v, failures %v", p, failures)
			}
			if (p.summary != nil) != (p.status != scantask.StatusProcessing && p.done > 0) {
				t.Errorf("summary %v with %d done", p.summary, p.done)
			}
		})
	}
}

func TestEvaluateProgress_summaryCountsTheSubmittedAppsAlone(t *testing.T) {
	t.Parallel()
	const vul = `"TaskStatus":1,"VirusInfo":{"SafeType":1},"VulInfo":{"VulList":[{"VulId":"v","RiskLevel":3},{"VulId":"w","RiskLevel":"?"}]}`
	p := evaluateProgress([]string{"a"}, []string{"a"}, []string{"VULSCAN"}, rows(t, "a:"+vul, "b:"+vul))
	if p.summary == nil || p.summary.High != 1 || p.summary.Unknown != 1 || p.summary.Total != 2 {
		t.Errorf("summary %+v", p.summary)
	}
	unrated := evaluateProgress([]string{"a"}, []string{"a"}, nil, rows(t, `a:"TaskStatus":1`))
	if unrated.summary == nil || unrated.summary.Unknown != 1 {
		t.Errorf("an unrated app counts as unknown: %+v", unrated.summary)
	}
}
