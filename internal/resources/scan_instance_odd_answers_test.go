package resources_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// firstAnswers changes the first n answers of DescribeScanResults.
func firstAnswers(cloud *acctest.Cloud, n int32, change func(response map[string]any)) {
	var seen atomic.Int32
	cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
		if seen.Add(1) <= n {
			change(response)
		}
		return response
	})
}

// oneRow leaves one row of an answer and tells that this is all.
func oneRow(response map[string]any) {
	rows, _ := response["ScanSet"].([]any)
	if len(rows) > 0 {
		response["ScanSet"], response["TotalCount"] = rows[:1], 1
	}
}

func TestAccScanInstance_rowsThatComeLateAreWaitedFor(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	firstAnswers(cloud, 3, oneRow)
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk")) + advisory(cloud, "ads.apk"))
	w.Apply().Succeeds()
	if w.State(app)["status"] != "completed" || cloud.Calls("DescribeScanResults") != 4 {
		t.Errorf("status %v after %d calls", w.State(app)["status"], cloud.Calls("DescribeScanResults"))
	}
}

func TestAccScanInstance_rowThatComesLateProvesAcceptance(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultMissing, Fields: []string{"AppMd5s"}})
	firstAnswers(cloud, 1, oneRow)
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk")))
	w.Apply().Succeeds()
	w.Apply("-refresh-only").Succeeds()
	if state := w.State(app); state["status"] != "completed" || len(state["accepted_app_md5s"].([]any)) != 2 {
		t.Errorf("state %v", state)
	}
	w.Plan().NoChanges()
}

func TestAccScanInstance_noTriggersAndEmptyTriggersAreTheSame(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for _, triggers := range []string{"", "triggers = {}", ""} {
		w.Write(scan(cloud, cloud.App("clean.apk"), triggers))
		w.Apply().Succeeds()
		w.Plan().NoChanges()
	}
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccScanInstance_redirectAfterTheSubmissionIsUncertain(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultRedirect, Status: 302, Location: "http://127.0.0.1:9/", After: true, Times: 1})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds()
	w.Apply().Succeeds()
	if w.State(app)["status"] != "uncertain" || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", w.State(app), cloud.Submissions())
	}
}

func TestAccScanInstance_idBesideAnErrorIsKept(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RequestLimitExceeded", "LimitExceeded", "InternalError"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			cloud.OnAnswer("CreateScanInstances", func(_, response map[string]any) map[string]any {
				response["Error"] = map[string]any{"Code": code, "Message": "and yet it was accepted"}
				return response
			})
			w := acctest.New(t)
			w.Write(scan(cloud, cloud.App("clean.apk")))
			w.Apply().Succeeds()
			if w.State(app)["status"] != "completed" || cloud.Submissions() != 1 {
				t.Errorf("state %v, %d submissions", w.State(app), cloud.Submissions())
			}
		})
	}
}

func TestAccScanInstance_importWaitsForAllRows(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	config := scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk"))
	id := submitted(t, config)
	firstAnswers(cloud, 1, func(response map[string]any) {
		oneRow(response)
		response["TotalCount"] = 2
	})
	w := acctest.New(t)
	w.Write(config)
	w.Run("import", "-no-color", app, id).Fails().Says("are not all there: 1 are listed", "import it again in a minute", "RequestId: ")
	w.Run("import", "-no-color", app, id).Succeeds()
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "update" || cloud.Submissions() != 1 {
		t.Errorf("planned %q, %d submissions", got, cloud.Submissions())
	}
}

func TestAccScanInstance_resultsThatExpiredAreKept(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("insecure.apk")))
	w.Apply().Succeeds()
	before := w.State(app)
	cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
		response["ScanSet"], response["TotalCount"] = []any{}, 0
		return response
	})
	w.Plan().NoChanges().Says("Unable to Find Results of Scan", "What was read before is kept", "RequestId: ")
	w.Apply().Succeeds()
	if after := w.State(app); after["status"] != "completed" || fmt.Sprint(after["summary"]) != fmt.Sprint(before["summary"]) || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", after, cloud.Submissions())
	}
}

func TestAccScanInstance_failedRowThatNamesNoAppIsToldAtOnce(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
		response["ScanSet"] = []any{map[string]any{"TaskStatus": 3, "StatusCode": 1000, "AppDetailInfo": nil}}
		return response
	})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds().Says("code 1000, the service could not download the package")
	if w.State(app)["status"] != "failed" || cloud.Calls("DescribeScanResults") != 1 {
		t.Errorf("state %v after %d calls", w.State(app), cloud.Calls("DescribeScanResults"))
	}
}

func TestAccScanInstance_failedWaitKeepsWhatWasKnown(t *testing.T) {
	t.Parallel()
	acctest.LongEnough(t, func(timeout string) bool {
		cloud := acctest.NewCloud(t)
		firstAnswers(cloud, 1000, func(response map[string]any) {
			for i, row := range response["ScanSet"].([]any) {
				row.(map[string]any)["TaskStatus"] = 2 + i
			}
		})
		w := acctest.New(t)
		w.Write(scan(cloud, cloud.App("clean.apk")+","+cloud.App("ads.apk"), `timeouts { create = "`+timeout+`" }`))
		w.Apply()
		if w.State(app) == nil {
			return false
		}
		known := fmt.Sprint(w.State(app)["failures"])
		if !strings.Contains(known, cloud.MD5("ads.apk")) {
			t.Logf("failures %s", known)
			return false
		}
		cloud.Fault(emulator.Fault{Action: "DescribeScanResults", Kind: emulator.FaultError, Code: "AuthFailure", Skip: 1})
		w.Apply().Fails()
		if got := fmt.Sprint(w.State(app)["failures"]); got != known {
			t.Errorf("failures %s, before %s", got, known)
		}
		return true
	})
}

func TestAccScanInstance_idIsFitToPrint(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	const hostile = "x\n::error::pwned\n##vso[task]"
	cloud.OnAnswer("CreateScanInstances", func(_, response map[string]any) map[string]any {
		response["ItemId"] = hostile
		return response
	})
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk"), "wait_for_completion = false"))
	w.Apply().Succeeds().DoesNotSay("::error", "##vso")
	if state := w.State(app); state["item_id"] != hostile || strings.Contains(fmt.Sprint(state["id"]), "\n") {
		t.Errorf("state %v", state)
	}
	w.Plan().DoesNotSay("::error", "##vso")
}
