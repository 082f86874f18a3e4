package bench_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// newHosts is a finished host scan of so many machines.
func newHosts(t *testing.T, machines int, delay time.Duration) *service {
	t.Helper()
	all := make([]any, machines)
	for i := range all {
		all[i] = map[string]any{"Id": i + 1, "Quuid": fmt.Sprintf("quuid-%05d", i), "HostName": fmt.Sprintf("web-%05d", i), "Status": "Ok", "RiskNum": 0}
	}
	return newService(t, delay, func(parameters map[string]any) []byte {
		number := func(name string) int {
			n, _ := parameters[name].(float64)
			return min(int(n), machines)
		}
		from := number("Offset")
		return body(t, map[string]any{
			"TotalCount": machines, "ScanMachineCount": machines, "ScanProgress": 100, "RiskEventCount": 0,
			"ScanTaskDetailList": all[from:min(from+number("Limit"), machines)],
		})
	})
}

func TestHosts_pagesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	const delay = 100 * time.Millisecond
	var lines strings.Builder
	lines.WriteString("| machines | calls | most at once | round trips of 100 ms, at best | took |\n|---|---|---|---|---|\n")
	for _, machines := range []int{50, 500, 5000} {
		service := newHosts(t, machines, delay)
		client := service.client(t)
		begun := time.Now()
		whole, err := client.DescribeWholeScanTask(t.Context(), tencentcloud.DescribeScanTaskDetailsRequest{ModuleType: "Malware", TaskID: 1}, true)
		took := time.Since(begun)
		if err != nil || len(whole.ScanTaskDetailList.Items) != machines {
			t.Fatalf("%d machines: %v", machines, err)
		}
		// Each page begins with the last machine of the page before it.
		calls := 1 + max(0, machines-tencentcloud.MaxPage+tencentcloud.MaxPage-2)/(tencentcloud.MaxPage-1)
		if machines <= tencentcloud.MaxPage {
			calls = 1
		}
		together := min(calls-1, 8)
		if got := service.calls.Load(); got != int64(calls) {
			t.Errorf("%d machines: %d calls, want %d", machines, got, calls)
		}
		if most := service.mostFlying.Load(); most > 8 || together > 1 && most < 2 {
			t.Errorf("%d machines: %d calls at once", machines, most)
		}
		trips := 1
		if together > 0 {
			trips += (calls - 1 + together - 1) / together
		}
		fmt.Fprintf(&lines, "| %s | %d | %d | %d | %.1f |\n", count(machines), calls, service.mostFlying.Load(), trips, took.Seconds()/delay.Seconds())
	}
	report(t, "hosts", lines.String())
}
