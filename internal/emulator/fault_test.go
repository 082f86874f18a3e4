package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestFault_breaksAsItsKindSays(t *testing.T) {
	t.Parallel()
	failed := func(_ int, _ []byte, err error) bool { return err != nil }
	tests := map[string]struct {
		fault     emulator.Fault
		broken    func(status int, body []byte, err error) bool
		processed bool
	}{
		"error": {emulator.Fault{Kind: emulator.FaultError, Code: "ActionOffline"}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte(`"Code":"ActionOffline"`)) && bytes.Contains(b, []byte("RequestId"))
		}, false},
		"error afterwards": {emulator.Fault{Kind: emulator.FaultError, After: true}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte(`"Code":"InternalError"`))
		}, true},
		"http": {emulator.Fault{Kind: emulator.FaultHTTP, Status: 503}, func(status int, b []byte, _ error) bool {
			return status == 503 && bytes.Contains(b, []byte("<title>503 Service Unavailable"))
		}, false},
		"http afterwards": {emulator.Fault{Kind: emulator.FaultHTTP, After: true}, func(status int, _ []byte, _ error) bool {
			return status == 502
		}, true},
		"reset":            {emulator.Fault{Kind: emulator.FaultReset}, failed, false},
		"reset afterwards": {emulator.Fault{Kind: emulator.FaultReset, After: true}, failed, true},
		"close":            {emulator.Fault{Kind: emulator.FaultClose}, failed, false},
		"lost":             {emulator.Fault{Kind: emulator.FaultLost}, failed, true},
		"redirect": {emulator.Fault{Kind: emulator.FaultRedirect, Location: "http://127.0.0.1:1/"}, func(status int, _ []byte, _ error) bool {
			return status == 307
		}, false},
		"clock": {emulator.Fault{Kind: emulator.FaultClock, Offset: emulator.Duration(10 * time.Minute)}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte("AuthFailure.SignatureExpire"))
		}, true},
		"truncate": {emulator.Fault{Kind: emulator.FaultTruncate}, func(_ int, b []byte, err error) bool {
			return err != nil && len(b) > 10 && !json.Valid(b)
		}, true},
		"text": {emulator.Fault{Kind: emulator.FaultText}, func(status int, b []byte, err error) bool {
			return status == 200 && err == nil && !json.Valid(b) && len(b) > 0
		}, true},
		"empty": {emulator.Fault{Kind: emulator.FaultEmpty}, func(status int, b []byte, err error) bool {
			return status == 200 && err == nil && len(b) == 0
		}, true},
		"huge": {emulator.Fault{Kind: emulator.FaultHuge, Size: 3 << 20}, func(_ int, b []byte, err error) bool {
			return err == nil && len(b) > 3<<20 && json.Valid(b)
		}, true},
		"types": {emulator.Fault{Kind: emulator.FaultTypes}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte(`"LocalTaskID":[1]`)) && bytes.Contains(b, []byte(`"Status":{"Value":"SCANNED"}`))
		}, true},
		"types of one": {emulator.Fault{Kind: emulator.FaultTypes, Fields: []string{"LocalTaskID"}}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte(`"LocalTaskID":[1]`)) && bytes.Contains(b, []byte(`"Status":"SCANNED"`))
		}, true},
		"missing": {emulator.Fault{Kind: emulator.FaultMissing}, func(_ int, b []byte, _ error) bool {
			return !bytes.Contains(b, []byte("Status")) && bytes.Contains(b, []byte("RequestId"))
		}, true},
		"another value": {emulator.Fault{Kind: emulator.FaultValue, Fields: []string{"LocalTaskID"}, Value: json.RawMessage("9007199254740993")}, func(_ int, b []byte, _ error) bool {
			return bytes.Contains(b, []byte(`"LocalTaskID":9007199254740993`)) && bytes.Contains(b, []byte(`"Status":"SCANNED"`))
		}, true},
		"slow header": {emulator.Fault{Kind: emulator.FaultSlowHeader, Delay: 1}, func(_ int, b []byte, err error) bool {
			return err == nil && bytes.Contains(b, []byte("SCANNED"))
		}, true},
		"slow body": {emulator.Fault{Kind: emulator.FaultSlowBody, Delay: 1}, func(_ int, b []byte, err error) bool {
			return err == nil && bytes.Contains(b, []byte("SCANNED"))
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t).tcss()
			test.fault.Times = 1
			c.server.Fault(test.fault)
			status, body, err := c.send(c.request("DescribeVulScanInfo", `{}`))
			if !test.broken(status, body, err) {
				t.Errorf("status %d, error %v, body %.300s", status, err, body)
			}
			call := c.server.Ledger().Calls[0]
			if call.Fault != test.fault.Kind || call.Processed != test.processed {
				t.Errorf("ledger %+v", call)
			}
			if got := c.code("DescribeVulScanInfo", `{}`); got != "" {
				t.Errorf("the next call: %q", got)
			}
		})
	}
}

func TestFault_choosesCalls(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithSeed(1))
	pattern := func(f emulator.Fault, calls int) string {
		f.Kind = emulator.FaultError
		defer c.server.Fault(f)()
		var b strings.Builder
		for range calls {
			if c.code("DescribeScanResults", anyItem) == "InternalError" {
				b.WriteByte('x')
			} else {
				b.WriteByte('.')
			}
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  string
	}{
		"always":       {emulator.Fault{}, "xxxxxx"},
		"times":        {emulator.Fault{Times: 2}, "xx...."},
		"skip":         {emulator.Fault{Skip: 1, Times: 2}, ".xx..."},
		"every":        {emulator.Fault{Every: 3}, "..x..x"},
		"other action": {emulator.Fault{Action: "CreateScanInstances"}, "......"},
		"this action":  {emulator.Fault{Action: "DescribeScanResults", Times: 1}, "x....."},
	} {
		if got := pattern(test.fault, 6); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	if hits := strings.Count(pattern(emulator.Fault{Probability: 0.5}, 60), "x"); hits < 15 || hits > 45 {
		t.Errorf("%d of 60 by half chance", hits)
	}
}

func TestFault_lostAnswerLeavesTheSubmission(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base, md5 := serve(t, map[string][]byte{"clean": clean}), packages.MD5(clean)
	c := start(t)
	c.server.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost, Times: 1})
	_, _, err := c.send(c.request("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", md5))))
	if err == nil || c.server.SubmissionsOf(md5) != 1 {
		t.Errorf("error %v, %d submissions", err, c.server.SubmissionsOf(md5))
	}
	item := c.server.Ledger().Submissions[0].ItemID
	if got := statuses(c.results(item)); got != "1/0" {
		t.Errorf("the lost item: %s", got)
	}
	c.server.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultReset, Times: 1})
	_, _, err = c.send(c.request("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", md5))))
	if err == nil || c.server.Submissions() != 1 {
		t.Errorf("a reset before processing: error %v, %d submissions", err, c.server.Submissions())
	}
}

func TestFault_slowAnswersEndWithTheClientOrTheServer(t *testing.T) {
	t.Parallel()
	for _, fault := range []emulator.Fault{
		{Kind: emulator.FaultSlowHeader, Delay: emulator.Duration(time.Hour)},
		{Kind: emulator.FaultSlowBody, Delay: emulator.Duration(time.Hour)},
		{Kind: emulator.FaultHuge, Size: 1 << 40},
		{Kind: emulator.FaultError, After: true, Delay: emulator.Duration(time.Hour)},
	} {
		c := start(t).tcss()
		c.server.Fault(fault)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			response, err := http.DefaultTransport.RoundTrip(c.request("DescribeVulScanInfo", `{}`).WithContext(ctx))
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
			ended <- err
		}()
		for c.server.Calls("") == 0 {
			runtime.Gosched()
		}
		cancel()
		if err := <-ended; err == nil {
			t.Errorf("%s: the client got an answer", fault.Kind)
		}
		c.server.Close() // returns only when no call is left
	}
}

func TestParseFault_readsWhatTheHelpDescribes(t *testing.T) {
	t.Parallel()
	got, err := emulator.ParseFault("action=A,kind=error,code=C,message=m,times=3,skip=1,every=2,probability=0.25,after=true,delay=2s,fields=X+Y")
	want := emulator.Fault{
		Action: "A", Kind: emulator.FaultError, Code: "C", Message: "m", Times: 3, Skip: 1, Every: 2, Probability: 0.25,
		After: true, Delay: emulator.Duration(2 * time.Second), Fields: []string{"X", "Y"},
	}
	if err != nil || show(got) != show(want) {
		t.Errorf("got %s, %v", show(got), err)
	}
	again, err := emulator.ParseFault(show(want))
	if err != nil || show(again) != show(want) {
		t.Errorf("from JSON: %s, %v", show(again), err)
	}
	for _, spec := range []string{
		"", "kind", "kind=none", "action=A", "kind=error,unknown=1", "kind=error,times=x", "kind=error,probability=2",
		"kind=error,times=-1", "kind=redirect", "kind=clock", "kind=slow-body,delay=5", "kind=value,fields=A", "kind=value,value=0", "kind=value,fields=A,value=x", "{", `{"kind":"error","unknown":1}`,
	} {
		if _, err := emulator.ParseFault(spec); err == nil {
			t.Errorf("accepted %q", spec)
		}
	}
	kinds := []emulator.FaultKind{
		emulator.FaultError, emulator.FaultHTTP, emulator.FaultReset, emulator.FaultClose, emulator.FaultLost, emulator.FaultRedirect,
		emulator.FaultClock, emulator.FaultTruncate, emulator.FaultText, emulator.FaultEmpty, emulator.FaultHuge,
		emulator.FaultSlowHeader, emulator.FaultSlowBody, emulator.FaultTypes, emulator.FaultMissing,
		emulator.FaultValue,
	}
	for _, kind := range kinds {
		if !slices.Contains(strings.Fields(emulator.FaultFormat), string(kind)) {
			t.Errorf("the help does not describe %s", kind)
		}
	}
}
