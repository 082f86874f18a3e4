package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// staysImage checks what must hold after a wait that did not end: the id is there, nothing is tainted, and the
// next apply waits on without another submission.
func staysImage(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, goOn func()) {
	t.Helper()
	holds(t, w, map[string]any{"status": "processing", "id": "registry/17", "task_id": 17})
	w.Plan().Succeeds()
	if got := w.Actions()[img]; got != "update" {
		t.Errorf("planned %q", got)
	}
	goOn()
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "completed", "id": "registry/17"})
	w.Plan().NoChanges()
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccImageScan_timeoutWhileWaitingKeepsTheID(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t, images(""))
		release := cloud.HoldScans()
		w := acctest.New(t)
		w.Write(scanOf(cloud, of("a"), `timeouts { create = "`+timeout+`" }`))
		applied := w.Apply()
		if state := w.State(img); state == nil || state["id"] == nil {
			return false
		}
		applied.Succeeds().Says("Warning: Unable to Finish Waiting for Scan: image scan registry/17", "apply again to resume waiting")
		staysImage(t, cloud, w, release)
		return true
	})
}

func TestAccImageScan_lostAnswerIsNeverPaidForAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"lost":             {Kind: emulator.FaultLost},
		"FailedOperation":  {Kind: emulator.FaultError, Code: "FailedOperation", After: true},
		"InternalError":    {Kind: emulator.FaultError, Code: "InternalError", After: true},
		"RequestTimeout":   {Kind: emulator.FaultError, Code: "InvalidParameter.RequestTimeout", After: true},
		"unlisted detail":  {Kind: emulator.FaultError, Code: "InvalidParameter.Something", After: true},
		"id 0":             {Kind: emulator.FaultValue, Fields: []string{"RegistryTaskID", "LocalTaskID"}, Value: []byte("0")},
		"no id":            {Kind: emulator.FaultMissing, Fields: []string{"RegistryTaskID"}},
		"id of other side": {Kind: emulator.FaultValue, Fields: []string{"RegistryTaskID"}, Value: []byte(`"x"`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(""))
			fault.Action, fault.Times = "CreateVulScanTask", 1
			cloud.Fault(fault)
			w := acctest.New(t)
			w.Write(scanOf(cloud, of("a")))
			w.Apply().Succeeds().Says("Warning: Unable to Confirm Submission of Scan: image "+api+"@"+digest("a"),
				"The last such task of the account is registry/17", "`terraform import` it with registry/17")
			holds(t, w, map[string]any{"status": "uncertain", "id": nil, "task_id": nil})
			w.Plan().NoChanges().Says("Unable to Confirm Submission of Scan", "registry/17")
			w.Apply().Succeeds()
			if cloud.Submissions() != 1 || cloud.Calls("CreateVulScanTask") != 1 {
				t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateVulScanTask"))
			}
		})
	}
}

func TestAccImageScan_refusalsFreeTheScan(t *testing.T) {
	t.Parallel()
	for code, says := range map[string]string{
		"ResourceUnavailable": "refused", "ResourceNotFound": "does not know", "MissingParameter": "refused the request as invalid",
		"InvalidParameter": "invalid", "InvalidParameter.InvalidFormat": "invalid", "InvalidParameter.ParsingError": "invalid",
		"InternalError.ErrRoleNotExist": "service role",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(""))
			cloud.Fault(emulator.Fault{Action: "CreateVulScanTask", Kind: emulator.FaultError, Code: code, Times: 1})
			w := acctest.New(t)
			w.Write(scanOf(cloud, of("a")))
			w.Apply().Fails().Says("Error: Unable to Submit Scan", says, code, "RequestId: ")
			if w.State(img) != nil {
				t.Errorf("state %v", w.State(img))
			}
			w.Apply().Succeeds()
			holds(t, w, map[string]any{"status": "completed"})
			if cloud.Submissions() != 1 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccImageScan_lostAnswerOfALocalScanIsProven(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		others [][]string // tasks of others that begin meanwhile
		id     any
	}{
		"alone":               {nil, "local/17"},
		"beside other images": {[][]string{{digest("1"), digest("2")}, {digest("2")}}, "local/17"},
		"beside an equal one": {[][]string{{digest("1")}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(`"local":[{"task_id":3,"image_ids":["`+digest("1")+`"]}],`))
			cloud.Fault(emulator.Fault{Action: "CreateVulScanTask", Kind: emulator.FaultLost, Times: 1})
			w := acctest.New(t)
			w.Write(scanOf(cloud, local("1")))
			w.Apply().Succeeds().Says("Unable to Confirm Submission of Scan")
			holds(t, w, map[string]any{"status": "uncertain", "id": nil})
			for _, ids := range test.others {
				cloud.BeginImageScan(ids...)
			}
			w.Apply().Succeeds()
			w.Apply().Succeeds()
			want := map[string]any{"status": "uncertain", "id": test.id}
			if test.id != nil {
				want = map[string]any{"status": "completed", "id": test.id, "task_id": 17}
			}
			holds(t, w, want)
			w.Plan().NoChanges()
			if cloud.Submissions() != 1 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccImageScan_earlierTaskOfTheSameImagesProvesNothing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(`"local":[{"task_id":3,"image_ids":["`+digest("1")+`"]}],`))
	cloud.Fault(emulator.Fault{Action: "CreateVulScanTask", Kind: emulator.FaultReset, Times: 1}) // before it is processed
	w := acctest.New(t)
	w.Write(scanOf(cloud, local("1")))
	w.Apply().Succeeds()
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "uncertain", "id": nil})
	if cloud.Submissions() != 0 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccImageScan_eachImageOfForEachIsScannedOnce(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""), emulator.WithScanPolls(2))
	w := acctest.New(t)
	w.Write(cloud.Provider() + fmt.Sprintf(`
resource "ms_tcss_vul_scan" "api" {
  for_each      = toset([%q, %q, %q])
  images        = ["%s@${each.key}"]
  poll_interval = "20ms"
}
`, digest("a"), digest("b"), digest("f"), api))
	w.Apply().Succeeds()
	w.Plan().NoChanges()
	if cloud.Submissions() != 3 || cloud.Rejections() != 0 { // the scans of one run queue
		t.Errorf("%d submissions, %d rejections", cloud.Submissions(), cloud.Rejections())
	}
}

func TestAccImageScan_waitsForScansOfOthers(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(`"local":[{"task_id":1,"images":1,"progress":[10,20,30,100]}],`))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a")))
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "completed"})
	if cloud.Submissions() != 1 || cloud.Calls("CreateVulScanTask") < 2 {
		t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateVulScanTask"))
	}
}

func TestAccImageScan_scanOfOthersThatOutlastsTheTimeoutIsAPlainError(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t, images(`"registry":[{"task_id":1,"image_ids":[3],"status":"SCANNING"}],`))
		w := acctest.New(t)
		w.Write(scanOf(cloud, of("a"), `timeouts { create = "`+timeout+`" }`))
		applied := w.Apply().Fails()
		if cloud.Calls("CreateVulScanTask") == 0 {
			return false
		}
		applied.Says("Unable to Submit Scan", "another one was running all the while", "Nothing was submitted")
		if w.State(img) != nil || cloud.Submissions() != 0 {
			t.Errorf("state %v, %d submissions", w.State(img), cloud.Submissions())
		}
		return true
	})
}

func TestAccImageScan_throttledSubmissionIsRepeated(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	for _, action := range []string{"CreateVulScanTask", "DescribeAssetImageRegistryList"} {
		cloud.Fault(emulator.Fault{Action: action, Kind: emulator.FaultError, Code: "RequestLimitExceeded", Times: 1})
	}
	cloud.Fault(emulator.Fault{Action: "DescribeAssetImageRegistryList", Kind: emulator.FaultError, Code: "InvalidParameter.RequestTimeout", Times: 1})
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a")))
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "completed"})
	if cloud.Submissions() != 1 || cloud.Calls("CreateVulScanTask") != 2 {
		t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateVulScanTask"))
	}
}

func TestAccImageScan_answerAboutAnotherTaskIsWaitedOut(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	cloud.OnAnswer("DescribeVulScanInfo", func(request, response map[string]any) map[string]any {
		if request["RegistryTaskID"] != nil && cloud.Calls("DescribeVulScanInfo") < 5 {
			response["RegistryTaskID"] = 0
		}
		return response
	})
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a")))
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "completed", "id": "registry/17"})
}

func TestAccImageScan_onlyItsOwnTaskIsStopped(t *testing.T) {
	t.Parallel()
	const stops, waitsNot = `stop_on_destroy = true`, `wait_for_completion = false`
	for name, test := range map[string]struct {
		arguments []string
		imported  bool
		finished  bool
		stopped   int
	}{
		"its own":   {[]string{of("a"), stops, waitsNot}, false, false, 1},
		"not asked": {[]string{of("a"), waitsNot}, false, false, 0},
		"ended":     {[]string{of("a"), stops, waitsNot}, false, true, 0},
		"imported":  {[]string{of("b"), stops, waitsNot}, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(""))
			release := cloud.HoldScans()
			defer release()
			w := acctest.New(t)
			w.Write(scanOf(cloud, test.arguments...))
			if test.imported {
				id := cloud.BeginImageScan("3")
				w.Run("import", "-no-color", img, fmt.Sprintf("registry/%d", id)).Succeeds()
			}
			w.Apply().Succeeds()
			if test.finished {
				release()
			}
			w.Destroy().Succeeds()
			calls := cloud.Ledger().By("StopVulScanTask")
			stopped := cloud.Calls("StopVulScanTask")
			if stopped != test.stopped {
				t.Errorf("%d stops, %v", stopped, calls)
			}
		})
	}
}

func TestAccImageScan_stopThatFailsIsAWarning(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	defer cloud.HoldScans()()
	cloud.Fault(emulator.Fault{Action: "StopVulScanTask", Kind: emulator.FaultError, Code: "FailedOperation"})
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a"), `stop_on_destroy = true`, `wait_for_completion = false`))
	w.Apply().Succeeds()
	w.Destroy().Succeeds().Says("Warning: Unable to Stop Scan: image scan registry/17")
}

func TestAccImageScan_importAdoptsTheConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begin, arguments []string
		side             string
	}{
		"registry": {[]string{"2", "3"}, []string{of("a", "b")}, "registry"},
		"local":    {[]string{digest("1"), digest("2")}, []string{local("1", "2")}, "local"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(""))
			id := fmt.Sprintf("%s/%d", test.side, cloud.BeginImageScan(test.begin...))
			w := acctest.New(t)
			w.Write(scanOf(cloud, append(test.arguments, `triggers = { week = "1" }`)...))
			w.Run("import", "-no-color", img, id).Succeeds()
			holds(t, w, map[string]any{"id": id, "status": "completed", "task_id": 17, "quota_left": nil})
			if at := w.State(img)["submitted_at"]; at == nil || !strings.HasSuffix(fmt.Sprint(at), "Z") {
				t.Errorf("submitted at %v", at)
			}
			w.Plan().Succeeds()
			if got := w.Actions()[img]; got != "update" {
				t.Errorf("planned %q", got)
			}
			w.Apply().Succeeds()
			w.Plan().NoChanges()
			if cloud.Calls("CreateVulScanTask") != 0 {
				t.Error("it submitted")
			}
		})
	}
}

func TestAccImageScan_importOfOtherLocalImagesIsAnotherScan(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	cloud.BeginImageScan(digest("2"))
	w := acctest.New(t)
	w.Write(scanOf(cloud, local("1")))
	w.Run("import", "-no-color", img, "local/17").Succeeds()
	w.Plan().Succeeds()
	if got := w.Actions()[img]; got != "delete+create" {
		t.Errorf("planned %q", got)
	}
	for id, says := range map[string]string{"17": "no id of an image scan", "local/0": "no id of an image scan", "host/3": "no id", "local/99": "ResourceNotFound", "registry/017": "no id"} {
		w.Run("state", "rm", img)
		w.Run("import", "-no-color", img, id).Fails().Says("Unable to Import Scan", says)
	}
}
