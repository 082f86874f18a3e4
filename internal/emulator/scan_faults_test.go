package emulator_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// TestSubmission_isInTheLedgerExactlyIfItWasAccepted is what tests rest on that nothing is paid for twice.
func TestSubmission_isInTheLedgerExactlyIfItWasAccepted(t *testing.T) {
	t.Parallel()
	submissions := []struct{ service, action, body, id string }{
		{"tcss", "CreateVulScanTask", `{"RegistryImageIDs":[1]}`, "RegistryTaskID"},
		{"cwp", "ScanVul", `{` + allLevels + `,"HostType":1}`, "TaskId"},
		{"cwp", "CreateScanMalwareSetting", `{"ScanPattern":1,"HostType":1}`, "TaskId"},
	}
	for _, s := range submissions {
		faults := map[string]struct {
			fault    emulator.Fault
			accepted int
			id       string // as JSON, where an answer arrives
		}{
			"refused":               {emulator.Fault{Kind: emulator.FaultError, Code: "FailedOperation"}, 0, "null"},
			"failed afterwards":     {emulator.Fault{Kind: emulator.FaultError, Code: "FailedOperation", After: true}, 1, "null"},
			"reset before":          {emulator.Fault{Kind: emulator.FaultReset}, 0, ""},
			"lost":                  {emulator.Fault{Kind: emulator.FaultLost}, 1, ""},
			"bad gateway":           {emulator.Fault{Kind: emulator.FaultHTTP}, 0, ""},
			"bad gateway after it":  {emulator.Fault{Kind: emulator.FaultHTTP, After: true}, 1, ""},
			"no id":                 {emulator.Fault{Kind: emulator.FaultMissing, Fields: []string{s.id}}, 1, "null"},
			"id 0":                  {emulator.Fault{Kind: emulator.FaultValue, Fields: []string{s.id}, Value: json.RawMessage("0")}, 1, "0"},
			"another task's id":     {emulator.Fault{Kind: emulator.FaultValue, Fields: []string{s.id}, Value: json.RawMessage("999")}, 1, "999"},
			"an id of another type": {emulator.Fault{Kind: emulator.FaultTypes, Fields: []string{s.id}}, 1, "[1]"},
		}
		for name, test := range faults {
			t.Run(s.action+" "+name, func(t *testing.T) {
				t.Parallel()
				c := start(t, emulator.WithScenario([]byte(`{"tcss":{"registry_images":[{"id":1,"digest":"`+digest("a")+`","repo_address":"r/a"}]},
					"cwp":{"hosts":[{"name":"a"}]}}`))).with(func(c *client) { c.service = s.service })
				test.fault.Action, test.fault.Times = s.action, 1
				c.server.Fault(test.fault)
				_, text, err := c.send(c.request(s.action, s.body))
				var answer struct{ Response map[string]any }
				if readable := err == nil && json.Unmarshal(text, &answer) == nil; readable != (test.id != "") {
					t.Fatalf("answer %s, %v", text, err)
				}
				if got := show(answer.Response[s.id]); test.id != "" && got != test.id {
					t.Errorf("the id is %s", got)
				}
				book := c.server.Ledger()
				scanned := c.server.ScansOfImage(digest("a")) + c.server.ScansOfHost("quuid-a")
				if len(book.By(s.action)) != test.accepted || scanned != test.accepted || c.server.Submissions() != test.accepted {
					t.Errorf("submissions %s, %d scans", show(book.Submissions), scanned)
				}
				if call := book.Of(s.action)[0]; call.Fault != test.fault.Kind || call.Processed != (test.accepted == 1) {
					t.Errorf("call %+v", call)
				}
			})
		}
	}
}

func TestAnswers_areDatedByTheClockOfTasks(t *testing.T) {
	t.Parallel()
	c := startFrozen(t, images("")).tcss()
	c.server.Advance(48 * time.Hour)
	request := c.request("CreateVulScanTask", `{"RegistryImageIDs":[1]}`)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	dated, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	info := c.call("DescribeVulScanInfo", `{"RegistryTaskID":17}`)
	began, err := time.ParseInLocation(time.DateTime, info["ScanStartTime"].(string), time.FixedZone("", 8*3600))
	if err != nil || !began.Equal(dated) {
		t.Errorf("dated %v, begun %v, %v", dated, began, err)
	}
}
