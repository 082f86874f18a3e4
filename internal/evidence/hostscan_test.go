package evidence_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestHostScan_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	ended := time.Date(2024, 8, 27, 3, 40, 28, 0, time.UTC)
	got := evidence.HostScan("Vul task 1", "Vul", from[hostScan](t, `{"TotalCount":"2","ScanProgress":100,"StoppingAll":"true","VulCount":3,"RiskEventCount":4,"RiskMachineCount":1,"ScanMachineCount":2,
	  "ScanEndTime":"2024-08-27 11:40:28",
	  "ScanTaskDetailList":[{"Id":1,"Quuid":"q1","HostName":"web","HostIp":"10.0.0.1","Status":"Ok","RiskNum":"2","FailType":3,"Description":"d"},{"Quuid":"q2","Status":"Fail","FailType":3,"Description":"d"}],
	  "VulInfo":[{"CveId":"CVE-1","VulId":9007199254740993,"Name":"n","Level":4},{"CveId":"","VulId":"7","Level":"high"},{"Level":9223372036854775807}]}`))
	want := gate.HostScan{
		Object: "Vul task 1", ModuleType: "Vul", TotalCount: num(2), Progress: num(100), Stopping: field.Of(true), Listed: field.Known, VulsListed: field.Known, Scanned: []gate.Span{{End: at(ended)}},
		VulCount: num(3), RiskEventCount: num(4), RiskMachineCount: num(1), ScanMachineCount: num(2),
		Machines: []gate.Machine{
			{Quuid: "q1", HostName: "web", HostIP: "10.0.0.1", Status: "Ok", RiskNum: num(2)},
			{Quuid: "q2", Status: "Fail", Problem: "it was offline"},
		},
		Vuls: []gate.HostVul{
			{CveID: text("CVE-1"), VulID: text("9007199254740993"), Name: "n", Level: num(4)},
			{CveID: text(""), VulID: text("7"), Level: brokenNumber},
			{Level: num(9223372036854775807)},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestHostScan_nullsStayUnknown(t *testing.T) {
	t.Parallel()
	empty := gate.HostScan{Object: "x", ModuleType: "Malware", Scanned: []gate.Span{{}}}
	for name, document := range map[string]string{
		"nothing": `{}`,
		"null": `{"TotalCount":null,"ScanProgress":null,"StoppingAll":null,"VulInfo":null,"VulCount":null,"RiskEventCount":null,"RiskMachineCount":null,"ScanMachineCount":null,
		  "ScanEndTime":null,"ScanTaskDetailList":null}`,
	} {
		if got := evidence.HostScan("x", "Malware", from[hostScan](t, document)); !reflect.DeepEqual(got, empty) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	empty.Scanned = nil
	if got := evidence.HostScan("x", "Malware", nil); !reflect.DeepEqual(got, empty) {
		t.Errorf("no answer: %+v", got)
	}
	broken := evidence.HostScan("x", "Malware", from[hostScan](t, `{"TotalCount":"many","ScanProgress":"done","StoppingAll":"maybe","VulCount":1.5,"RiskEventCount":{},"RiskMachineCount":[],"ScanMachineCount":true,
		"ScanBeginTime":7,"ScanEndTime":"0000-00-00 00:00:00","ScanTaskDetailList":{},"VulInfo":"none"}`))
	noTime := field.Broken[time.Time]()
	if want := (gate.HostScan{
		Object: "x", ModuleType: "Malware", TotalCount: brokenNumber, Progress: brokenNumber, Stopping: field.Broken[bool](), VulCount: brokenNumber, RiskEventCount: brokenNumber,
		RiskMachineCount: brokenNumber, ScanMachineCount: brokenNumber, Scanned: []gate.Span{{Begin: noTime, End: noTime}}, Listed: field.Unreadable, VulsListed: field.Unreadable,
	}); !reflect.DeepEqual(broken, want) {
		t.Errorf("what cannot be read: %+v", broken)
	}
	if got := evidence.HostScan("x", "Vul", from[hostScan](t, `{"VulInfo":[]}`)); got.VulsListed != field.Known || got.Vuls != nil {
		t.Errorf("an empty VulInfo is there: %+v", got)
	}
	if got := evidence.HostScan("x", "Vul", from[hostScan](t, `{"ScanTaskDetailList":[null]}`)); !reflect.DeepEqual(got.Machines, []gate.Machine{{}}) {
		t.Errorf("a machine of null: %+v", got.Machines)
	}
}

func TestHostScan_sayWhyAMachineIsNotOk(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`"Status":"Fail","FailType":3,"Description":"d"`:    "it was offline",
		`"Status":"Fail","FailType":"4","Description":"d"`:  "its scan timed out",
		`"Status":"Fail","FailType":5`:                      "its scan failed",
		`"Status":"Fail","FailType":8`:                      "its agent is too old",
		`"Status":"Fail","FailType":77,"Description":"d"`:   "d",
		`"Status":"Fail","FailType":null,"Description":"d"`: "d",
		`"Status":"Fail"`:                                   "",
		`"Status":"ok","FailType":3`:                        "it was offline",
		`"FailType":3`:                                      "it was offline",
		`"Status":"Scanning","FailType":0`:                  "",
		`"Status":"Ok","FailType":3`:                        "",
		`"Status":"Ok","Description":"words"`:               "",
	}
	for fields, want := range tests {
		scan := evidence.HostScan("x", "Vul", from[hostScan](t, `{"ScanTaskDetailList":[{`+fields+`}]}`))
		if got := scan.Machines[0].Problem; got != want {
			t.Errorf("%s: got %q, want %q", fields, got, want)
		}
	}
}
