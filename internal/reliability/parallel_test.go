package reliability_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// passing are the faults that reads get over, together a tenth of their calls.
var passing = []emulator.Fault{
	{Kind: emulator.FaultError, Code: "InternalError"},
	{Kind: emulator.FaultError, Code: "RequestLimitExceeded"},
	{Kind: emulator.FaultHTTP, Status: 502},
	{Kind: emulator.FaultReset},
	{Kind: emulator.FaultLost},
	{Kind: emulator.FaultTruncate},
	{Kind: emulator.FaultText},
	{Kind: emulator.FaultEmpty},
}

// breakTenth puts faults in force that together break a tenth of an action's calls.
func breakTenth(cloud *acctest.Cloud, action string, faults ...emulator.Fault) {
	for _, f := range faults {
		f.Action, f.Probability = action, 0.1/float64(len(faults))
		cloud.Fault(f)
	}
}

// size is how many resources a test of parallel work has.
func size() int {
	if testing.Short() {
		return 25
	}
	return 100
}

// fast is the provider's configuration for a cloud without a quota.
const fast = "requests_per_second = 1000"

func TestAccParallel_resourcesAndDataSourcesGetOverATenthOfFaults(t *testing.T) {
	t.Parallel()
	n := size()
	cloud := acctest.NewCloud(t, emulator.WithSeed(1))
	for _, action := range []string{"DescribeScanResults", "DescribeApkDetectionResult", "DescribeScanTaskDetails", "DescribeVulScanInfo"} {
		breakTenth(cloud, action, passing...)
	}
	// A submission is repeated only after what proves that nothing was done.
	breakTenth(cloud, "CreateScanInstances", emulator.Fault{Kind: emulator.FaultError, Code: "RequestLimitExceeded"},
		emulator.Fault{Kind: emulator.FaultError, Code: "LimitExceeded.RateLimitExceeded"})
	w := acctest.New(t)
	w.Write(cloud.Provider(fast) + scans(cloud, "app", n) + `
data "ms_scan_results" "app" {
  count   = length(local.apps)
  item_id = ms_scan_instance.app[count.index].item_id
  gate { required_md5s = [local.apps[count.index].app_md5] }
}
data "ms_apk_detection" "app" {
  count         = ` + fmt.Sprint(2*n/5) + `
  apk_url       = local.apps[count.index].app_url
  apk_md5       = local.apps[count.index].app_md5
  poll_interval = "1s"
  gate {}
}
data "ms_cwp_scan_task_details" "hosts" {
  count       = ` + fmt.Sprint(3*n/10) + `
  module_type = "Malware"
  task_id     = 3
  gate {}
}
data "ms_tcss_vul_scan_info" "images" {
  count         = ` + fmt.Sprint(3*n/10) + `
  local_task_id = 1
  gate {}
}
output "passed" {
  value = length([for d in concat(data.ms_scan_results.app[*].verdict, data.ms_apk_detection.app[*].verdict,
    data.ms_cwp_scan_task_details.hosts[*].verdict, data.ms_tcss_vul_scan_info.images[*].verdict) : d if d.passed])
}
`)
	w.Apply("-parallelism=100").Succeeds()
	var passed int
	if err := json.Unmarshal([]byte(w.Run("output", "-json", "passed").Succeeds().Output), &passed); err != nil || passed != n+2*n/5+2*(3*n/10) {
		t.Errorf("%d gates passed, %v", passed, err)
	}
	submittedOnce(t, cloud, n)
	w.Plan("-parallelism=100").NoChanges()
	submittedOnce(t, cloud, n)
	report(t, "parallel.md", fmt.Sprintf("- %d resources and %d data sources with `-parallelism=100`: %s\n", n, n+2*n/5+2*(3*n/10), broken(cloud)))
}

func TestAccParallel_brokenSubmissionsAreNeverRepeated(t *testing.T) {
	t.Parallel()
	n := size()
	cloud := acctest.NewCloud(t, emulator.WithSeed(2))
	breakTenth(cloud, "CreateScanInstances", passing...)
	w := acctest.New(t)
	w.Write(cloud.Provider(fast) + scans(cloud, "app", n) + `
output "statuses" { value = ms_scan_instance.app[*].status }
output "items" { value = ms_scan_instance.app[*].item_id }
`)
	check := func() {
		t.Helper()
		var statuses []string
		if err := json.Unmarshal([]byte(w.Run("output", "-json", "statuses").Succeeds().Output), &statuses); err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, status := range statuses {
			count[status]++
		}
		book := cloud.Ledger()
		for md5, times := range book.MD5Counts {
			if times > 1 {
				t.Errorf("%s was submitted %d times", md5, times)
			}
		}
		uncertain := 0
		for _, call := range book.Of("CreateScanInstances") {
			if call.Fault != "" && call.Code != "RequestLimitExceeded" {
				uncertain++
			}
		}
		if uncertain == 0 || count["uncertain"] != uncertain || count["completed"] != n-uncertain || len(book.Of("CreateScanInstances")) < n {
			t.Errorf("%v after %d broken submissions", count, uncertain)
		}
	}
	w.Apply("-parallelism=100").Succeeds()
	check()
	cloud.ClearFaults()
	w.Apply("-parallelism=100").Succeeds().Says("0 added")
	check()
	report(t, "parallel-lost.md", fmt.Sprintf("- %d resources whose submissions break: %s\n", n, broken(cloud)))
}

// broken tells what the cloud saw.
func broken(cloud *acctest.Cloud) string {
	book := cloud.Ledger()
	met, most := 0, 0
	for _, call := range book.Calls {
		if call.Fault != "" {
			met++
		}
	}
	for _, times := range book.MD5Counts {
		most = max(most, times)
	}
	return fmt.Sprintf("%d calls, %d of them broken, %d submissions accepted, at most %d for each app.", len(book.Calls), met, len(book.Submissions), most)
}
