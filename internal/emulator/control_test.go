package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestOnAnswer_rewritesWhatIsSent(t *testing.T) {
	t.Parallel()
	c := start(t).cwp()
	calls := 0
	remove := c.server.OnAnswer("DescribeScanTaskDetails", func(request, response map[string]any) map[string]any {
		calls++
		if id, ok := response["ScanTaskDetailList"].([]any)[0].(map[string]any)["Id"].(json.Number); !ok || id != "9007199254740993" {
			t.Errorf("Id %v", id)
		}
		if request["TaskId"] != json.Number("9007199254740993") {
			t.Errorf("TaskId %v", request["TaskId"])
		}
		response["TotalCount"] = calls
		delete(response, "ScanProgress")
		return response
	})
	const body = `{"ModuleType":"Malware","TaskId":9007199254740993}`
	for _, want := range []string{"1", "2"} {
		answer := c.call("DescribeScanTaskDetails", body)
		if _, found := answer["ScanProgress"]; found || show(answer["TotalCount"]) != want {
			t.Errorf("answer %s", show(answer))
		}
	}
	remove()
	if answer := c.call("DescribeScanTaskDetails", body); show(answer["TotalCount"]) != "2" || calls != 2 || answer["ScanProgress"] == nil {
		t.Errorf("after removal: %s", show(answer))
	}
	c.server.OnAnswer("", func(_, response map[string]any) map[string]any {
		if errorCode(response) == "ResourceNotFound" {
			return nil
		}
		return response
	})
	if answer := c.call("DescribeScanTaskDetails", `{"ModuleType":"Vul","TaskId":404}`); answer != nil {
		t.Errorf("an error can be rewritten too: %s", show(answer))
	}
}

func TestBlock_holdsACallBeforeItIsProcessed(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base, md5 := serve(t, map[string][]byte{"clean": clean}), packages.MD5(clean)
	c := start(t)
	arrived, release := c.server.Block("CreateScanInstances")
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	request := c.request("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", md5))).WithContext(ctx)
	go func() { _, _, err := c.send(request); ended <- err }()
	<-arrived
	if got := c.code("DescribeScanResults", anyItem); got != passed {
		t.Errorf("another action: %q", got)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("the held call was answered")
	}
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for c.server.Held() > 0 { // until the server has noticed, too
		select {
		case <-ticker.C:
		case <-t.Context().Done():
			t.Fatal("the call of a client that went away is held for ever")
		}
	}
	go func() {
		_, _, err := c.send(c.request("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", md5))))
		ended <- err
	}()
	<-arrived
	release()
	if err := <-ended; err != nil || c.server.Submissions() != 1 {
		t.Errorf("after release: %v, %d submissions", err, c.server.Submissions())
	}
}

func TestBlockAnswer_holdsTheAnswerOfAProcessedCall(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base, md5 := serve(t, map[string][]byte{"clean": clean}), packages.MD5(clean)
	c := start(t)
	arrived, release := c.server.BlockAnswer("CreateScanInstances")
	ended := make(chan error, 1)
	go func() {
		_, _, err := c.send(c.request("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", md5))))
		ended <- err
	}()
	<-arrived
	if c.server.SubmissionsOf(md5) != 1 {
		t.Error("not submitted yet")
	}
	release()
	release()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestClose_endsHeldCalls(t *testing.T) {
	t.Parallel()
	c := start(t)
	arrived, _ := c.server.Block("")
	ended := make(chan error, 1)
	go func() { _, _, err := c.send(c.request("DescribeScanResults", anyItem)); ended <- err }()
	<-arrived
	c.server.Close()
	c.server.Close()
	if err := <-ended; err == nil {
		t.Error("answered")
	}
}

func TestReset_emptiesTheLedgerAndLiftsFaults(t *testing.T) {
	t.Parallel()
	c := start(t)
	answer, _ := c.submitClean(1)
	c.server.Fault(emulator.Fault{Kind: emulator.FaultError})
	c.server.OnAnswer("", func(_, _ map[string]any) map[string]any { return nil })
	c.server.Reset()
	if c.server.Calls("") != 0 || c.server.Submissions() != 0 {
		t.Error("the ledger is not empty")
	}
	if got := statuses(c.results(answer["ItemId"])); got != "1/0" {
		t.Errorf("the item is gone: %s", got)
	}
}

func TestAdvance_leavesSignaturesAlone(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := start(t, emulator.WithClock(func() time.Time { return now }))
	c.server.Advance(time.Hour)
	if got := c.code("DescribeScanResults", anyItem); got != passed {
		t.Errorf("got %q", got)
	}
	if ahead := c.server.Ledger().Calls[0].Time.Sub(now); ahead != time.Hour {
		t.Errorf("the ledger's clock is %v ahead", ahead)
	}
}

func TestPages_areForThisMachineOnly(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.submitClean(1)
	page := func(method, path, host, body string) (int, []byte) {
		r, err := http.NewRequestWithContext(t.Context(), method, c.server.URL()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("Content-Type", "application/json")
		status, text, err := c.send(r)
		if err != nil {
			t.Fatal(err)
		}
		return status, text
	}
	var ledger emulator.Ledger
	status, text := page(http.MethodGet, "/_emulator/ledger", "127.0.0.1", "")
	if err := json.Unmarshal(text, &ledger); status != http.StatusOK || err != nil || len(ledger.Submissions) != 1 || len(ledger.Calls) != 1 {
		t.Errorf("status %d, %v, %s", status, err, text)
	}
	if strings.Contains(string(text), c.secretKey) || strings.Contains(string(text), "TC3-HMAC-SHA256") {
		t.Error("the ledger has a secret")
	}
	for _, test := range []struct {
		method, path, host, body string
		want                     int
	}{
		{http.MethodGet, "/_emulator/ledger", "rebound.example", "", http.StatusForbidden},
		{http.MethodPost, "/_emulator/reset", "localhost:80", "", http.StatusNoContent},
		{http.MethodPost, "/_emulator/faults", "[::1]:80", `{"kind":"error","times":1,"delay":"1ms"}`, http.StatusNoContent},
		{http.MethodPost, "/_emulator/faults", "ms.localhost", `{"kind":"none"}`, http.StatusBadRequest},
		{http.MethodPost, "/_emulator/forget", "localhost", `{"id":"none"}`, http.StatusNotFound},
	} {
		if status, text := page(test.method, test.path, test.host, test.body); status != test.want {
			t.Errorf("%s at %s: status %d, want %d: %s", test.path, test.host, status, test.want, text)
		}
	}
	if got := c.code("DescribeScanResults", anyItem); got != "InternalError" || c.server.Calls("") != 1 {
		t.Errorf("after reset and fault: %q, %d calls", got, c.server.Calls(""))
	}
}

func TestLog_namesCallsWithoutSecrets(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	server, err := emulator.New(emulator.WithLog(&log), emulator.WithCredentials("id", "the-secret-key"))
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, server: server, method: http.MethodPost, service: "ms", secretID: "id", secretKey: "the-secret-key"}
	c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app("http://127.0.0.1:1/?signature=secret", strings.Repeat("a", 32))))
	server.Close()
	if line := log.String(); !strings.Contains(line, `"CreateScanInstances" ok `) || strings.Contains(line, "secret") {
		t.Errorf("logged %q", line)
	}
}
