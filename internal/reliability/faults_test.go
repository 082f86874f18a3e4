package reliability_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The matrix of internal/tencentcloud has every fault; here a few of each sort go through the CLI, which
// is where a pass would let a release through.
func TestFaults_aGateNeverPassesWhileAFaultLasts(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed, with the token %q", r.Header.Get("X-TC-Token"))
	}))
	t.Cleanup(elsewhere.Close)
	const hour = emulator.Duration(time.Hour)
	tests := map[string]struct {
		fault emulator.Fault
		says  string
	}{
		"throttled":   {emulator.Fault{Kind: emulator.FaultError, Code: "RequestLimitExceeded"}, "too many requests"},
		"failing":     {emulator.Fault{Kind: emulator.FaultError, Code: "InternalError"}, "(the last of 2 attempts is shown)"},
		"HTML":        {emulator.Fault{Kind: emulator.FaultHTTP}, "HTTP status 502"},
		"reset":       {emulator.Fault{Kind: emulator.FaultReset}, "the connection broke"},
		"slow":        {emulator.Fault{Kind: emulator.FaultSlowHeader, Delay: hour}, "could not be reached"},
		"huge":        {emulator.Fault{Kind: emulator.FaultHuge}, "cannot be read"},
		"wrong types": {emulator.Fault{Kind: emulator.FaultTypes}, "cannot be read"},
		"no fields":   {emulator.Fault{Kind: emulator.FaultMissing}, "incomplete"},
		"clock":       {emulator.Fault{Kind: emulator.FaultClock, Offset: hour}, "Set the clock of this machine"},
		"redirect":    {emulator.Fault{Kind: emulator.FaultRedirect, Location: elsewhere.URL}, "answered with a redirect"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			w.Write(cloud.Provider(`request_timeout = "2s"`, `max_retries = 1`) + scans(cloud, "app", 1))
			w.Apply().Succeeds()
			w.Write(cloud.Provider(`request_timeout = "2s"`, `max_retries = 1`) + fmt.Sprintf(`
data "ms_scan_results" "gate" {
  item_id  = %q
  gate     = { required_md5s = [%q] }
  timeouts = { read = "10s" }

  wait_for_completion = false
}
output "released" { value = data.ms_scan_results.gate.id }
`, cloud.Ledger().Submissions[0].ItemID, cloud.MD5("app-0.apk")))
			tt.fault.Action = "DescribeScanResults"
			lift := cloud.Fault(tt.fault)
			begun := time.Now()
			w.Apply("-refresh=false").Fails().Says(tt.says).DoesNotSay("released =", "<html")
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("it took %s with a time-out of 10s", took)
			}
			lift()
			w.Apply().Succeeds().Says("released =")
			submittedOnce(t, cloud, 1)
		})
	}
}
