package reliability_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The matrix of internal/tencentcloud has every fault; here a few of each sort go through the CLI, which
// is where a pass would let a release through.
func TestAccFaults_aGateNeverPassesWhileAFaultLasts(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed, with the token %q", r.Header.Get("X-TC-Token"))
	}))
	t.Cleanup(elsewhere.Close)
	const hour = emulator.Duration(time.Hour)
	const short, long = "3s", "60s" // to meet a time-out, and not to
	tests := map[string]struct {
		fault         emulator.Fault
		request, read string // time-outs
		says          string
	}{
		"throttled":   {emulator.Fault{Kind: emulator.FaultError, Code: "RequestLimitExceeded"}, long, short, "too many requests"},
		"failing":     {emulator.Fault{Kind: emulator.FaultError, Code: "InternalError"}, long, long, "(the last of 2 attempts is shown)"},
		"HTML":        {emulator.Fault{Kind: emulator.FaultHTTP}, long, long, "HTTP status 502"},
		"reset":       {emulator.Fault{Kind: emulator.FaultReset}, long, long, "the connection broke"},
		"slow":        {emulator.Fault{Kind: emulator.FaultSlowHeader, Delay: hour}, short, long, "could not be reached"},
		"huge":        {emulator.Fault{Kind: emulator.FaultHuge}, long, long, "cannot be read"},
		"wrong types": {emulator.Fault{Kind: emulator.FaultTypes}, long, long, "cannot be read"},
		"no fields":   {emulator.Fault{Kind: emulator.FaultMissing}, long, long, "incomplete"},
		"clock":       {emulator.Fault{Kind: emulator.FaultClock, Offset: hour}, long, long, "Set the clock of this machine"},
		"redirect":    {emulator.Fault{Kind: emulator.FaultRedirect, Location: elsewhere.URL}, long, long, "answered with a redirect"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.New(t)
			provider := cloud.Provider("request_timeout = "+strconv.Quote(tt.request), "max_retries = 1")
			w.Write(provider + scans(cloud, "app", 1))
			w.Apply().Succeeds()
			w.Write(provider + fmt.Sprintf(`
data "ms_scan_results" "gate" {
  item_id  = %q
  gate { required_md5s = [%q] }
  timeouts { read = %q }

  wait_for_completion = false
}
output "released" { value = data.ms_scan_results.gate.id }
`, cloud.Ledger().Submissions[0].ItemID, cloud.MD5("app-0.apk"), tt.read))
			tt.fault.Action = "DescribeScanResults"
			lift := cloud.Fault(tt.fault)
			w.Apply("-refresh=false").Fails().Says(tt.says).DoesNotSay("released =", "<html")
			lift()
			w.Apply().Succeeds().Says("released =")
			submittedOnce(t, cloud, 1)
		})
	}
}
