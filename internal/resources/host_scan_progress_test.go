package resources

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func TestEvaluateHosts(t *testing.T) {
	t.Parallel()
	const ok, two = `{"Id":1,"Quuid":"A","Status":"Ok","RiskNum":2}`, `{"Id":1,"Quuid":"a","Status":"Ok"},{"Id":2,"Quuid":"b","Status":"Ok"}`
	number := func(n int64) *int64 { return &n }
	for name, tt := range map[string]struct {
		task   hostTask
		answer string
		want   string // status and number of failures
	}{
		"all are Ok":                       {hostTask{asked: []string{"a", "b"}}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + two + `]}`, "completed 0"},
		"Quuids are compared without case": {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "completed 0"},
		"one is missing":                   {hostTask{asked: []string{"a", "b", "c"}}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + two + `]}`, "failed 1"},
		"a foreign one fails":              {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + ok + `,{"Id":2,"Quuid":"z","Status":"Fail"}]}`, "completed 0"},
		"of all, one fails":                {hostTask{}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + ok + `,{"Id":2,"Quuid":"z","Status":"Fail"}]}`, "failed 1"},
		"a status nobody documented":       {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[{"Id":1,"Quuid":"a","Status":"Queued"}]}`, "failed 1"},
		"no status":                        {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[{"Id":1,"Quuid":"a"}]}`, "failed 1"},
		"one row without a Quuid":          {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[{"Id":1,"Status":"Ok"}]}`, "failed 1"},
		"still scanning":                   {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[{"Id":1,"Quuid":"a","Status":"Scanning"}]}`, "processing 0"},
		"no progress":                      {hostTask{asked: []string{"a"}}, `{"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "processing 0"},
		"a progress that cannot be read":   {hostTask{asked: []string{"a"}}, `{"ScanProgress":[],"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "processing 0"},
		"an empty list, at first":          {hostTask{asked: []string{"a"}, young: true}, `{"ScanProgress":100,"TotalCount":0,"ScanTaskDetailList":[]}`, "processing 0"},
		"an empty list, later":             {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":0,"ScanTaskDetailList":[]}`, "failed 2"},
		"no list of all hosts":             {hostTask{}, `{"ScanProgress":100,"TotalCount":0}`, "failed 1"},
		"a list that is not whole":         {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + ok + `]}`, "failed 1"},
		"no total":                         {hostTask{asked: []string{"a"}}, `{"ScanProgress":100,"ScanTaskDetailList":[` + ok + `]}`, "failed 1"},
		"stopped":                          {hostTask{asked: []string{"a"}, canceled: true}, `{"ScanProgress":50,"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "canceled 0"},
		"fewer accepted":                   {hostTask{asked: []string{"a", "b"}, accepted: number(1)}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + two + `]}`, "failed 1"},
		"as many accepted as listed":       {hostTask{asked: []string{"a", "b", "c"}, accepted: number(2), unlicensed: number(1)}, `{"ScanProgress":100,"TotalCount":2,"ScanTaskDetailList":[` + two + `]}`, "failed 1"},
		"counts that cannot be":            {hostTask{asked: []string{"a"}, accepted: number(-1), unlicensed: number(-1)}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "failed 1"},
		"counts of all are not compared":   {hostTask{accepted: number(0), unlicensed: number(5)}, `{"ScanProgress":100,"TotalCount":1,"ScanTaskDetailList":[` + ok + `]}`, "completed 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var answer tencentcloud.DescribeScanTaskDetailsResponse
			if err := json.Unmarshal([]byte(tt.answer), &answer); err != nil {
				t.Fatal(err)
			}
			tt.task.module = "Malware"
			p := evaluateHosts(tt.task, &answer)
			if got := fmt.Sprintf("%s %d", p.status, len(p.failures)); got != tt.want {
				t.Errorf("got %s, want %s: %v", got, tt.want, p.failures)
			}
			if ended := p.status == scantask.StatusCompleted || p.status == scantask.StatusFailed; p.summary != nil && !ended {
				t.Errorf("a summary of a task that is %s", p.status)
			}
		})
	}
}
