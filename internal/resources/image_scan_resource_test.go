package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// digest is a digest, or the id of a local image, that a letter stands for.
func digest(letter string) string { return "sha256:" + strings.Repeat(letter, 64) }

const (
	api = "ccr.ccs.tencentyun.com/acme/api"
	img = "ms_tcss_vul_scan.api"
)

// images is a scenario with images of both sides; more are further keys of tcss, each with a comma behind it.
func images(more string) emulator.Option {
	row := func(id int, letter, repository, more string) string {
		return fmt.Sprintf(`{"id":%d,"digest":%q,"repo_address":%q,"tag":"1","registry_id":1%s}`, id, digest(letter), repository, more)
	}
	return emulator.WithScenario([]byte(`{"tcss":{` + more + `"next_task_id":17,"registry_images":[` + strings.Join([]string{
		row(1, "a", "ccr.ccs.tencentyun.com/other/copy", `,"generated":{"critical":1}`),
		row(2, "a", api, `,"generated":{"critical":1,"low":2}`),
		row(3, "b", api, ``), row(4, "c", api, `,"after_sync":true`), row(5, "d", api, `,"unauthorized":true`),
		row(6, "e", api, `,"error":"ConnFailed"`), row(7, "f", "ccr.ccs.tencentyun.com/acme/web", ``),
	}, ",") + `],"local_images":[
		{"id":"` + digest("1") + `","name":"acme/batch:1","generated":{"high":1}},
		{"id":"` + digest("2") + `","name":"acme/batch:0"},
		{"id":"` + digest("3") + `","name":"acme/no:1","unauthorized":true}]}}`))
}

// scanOf is a configuration with one ms_tcss_vul_scan.api; the images are in the arguments.
func scanOf(cloud *acctest.Cloud, arguments ...string) string {
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_tcss_vul_scan" "api" {
  poll_interval = "20ms"
  %s
}
`, strings.Join(arguments, "\n  "))
}

// of is the argument images with one reference for each letter.
func of(letters ...string) string {
	var references []string
	for _, letter := range letters {
		references = append(references, fmt.Sprintf("%q", api+"@"+digest(letter)))
	}
	return "images = [" + strings.Join(references, ", ") + "]"
}

// local is the argument local_image_ids.
func local(letters ...string) string {
	var ids []string
	for _, letter := range letters {
		ids = append(ids, fmt.Sprintf("%q", digest(letter)))
	}
	return "local_image_ids = [" + strings.Join(ids, ", ") + "]"
}

// holds fails the test unless the state has the values.
func holds(t *testing.T, w *acctest.Workspace, want map[string]any) {
	t.Helper()
	state := w.State(img)
	for name, value := range want {
		if fmt.Sprint(state[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v; state %v", name, state[name], value, state)
		}
	}
	if w.Tainted(img) {
		t.Error("it is tainted")
	}
}

func TestAccImageScan_scansOnceAndThePlanIsEmptyAfterwards(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(`"quota":{"capacity":5,"used":1},`), emulator.WithScanPolls(3))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a", "b")))
	w.Apply().Succeeds()
	holds(t, w, map[string]any{
		"id": "registry/17", "task_id": 17, "status": "completed", "found_vul_count": 3, "found_risk_image_count": 1, "scanned_image_count": 2,
		"quota_left": 4, "failures": "[]", "local_image_ids": nil,
	})
	if state := w.State(img); state["submitted_at"] == nil || state["scan_start_time"] == nil || state["scan_end_time"] == nil {
		t.Errorf("state %v", state)
	}
	w.Plan().NoChanges()
	submissions := cloud.Ledger().Submissions
	if len(submissions) != 1 || fmt.Sprint(submissions[0].RegistryImageIDs) != "[2 3]" {
		t.Errorf("submissions %+v", submissions)
	}
}

func TestAccImageScan_ofLocalImages(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"samples", "texts"} {
		cloud := acctest.NewCloud(t, images(`"statuses":"`+words+`",`))
		w := acctest.New(t)
		w.Write(scanOf(cloud, local("1", "2")))
		w.Apply().Succeeds()
		holds(t, w, map[string]any{"id": "local/17", "task_id": 17, "status": "completed", "found_vul_count": 1, "scanned_image_count": 2, "images": nil})
		w.Plan().NoChanges()
		if cloud.Submissions() != 1 || cloud.ScansOfImage(digest("1")) != 1 {
			t.Errorf("submissions %+v", cloud.Ledger().Submissions)
		}
	}
}

func TestAccImageScan_identityIsTheSetOfDigests(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a")))
	w.Apply().Succeeds()
	for _, same := range []string{
		fmt.Sprintf(`images = ["%s:2.0@%s"]`, api, digest("a")),
		fmt.Sprintf(`images = ["CCR.ccs.tencentyun.com/acme/api@%s", "ccr.ccs.tencentyun.com/other/copy@%[1]s"]`, digest("a")),
	} {
		w.Write(scanOf(cloud, same))
		w.Plan().NoChanges()
	}
	w.Write(scanOf(cloud, of("a"), `stop_on_destroy = true`, `timeouts { update = "1h" }`))
	w.Plan().Succeeds()
	if got := w.Actions()[img]; got != "update" {
		t.Errorf("planned %q", got)
	}
	w.Apply().Succeeds()
	if cloud.Submissions() != 1 {
		t.Fatalf("%d submissions", cloud.Submissions())
	}
	for i, other := range []string{of("b"), of("b") + "\n  triggers = { week = \"1\" }", local("1")} {
		w.Write(scanOf(cloud, other))
		w.Apply().Succeeds()
		if cloud.Submissions() != i+2 {
			t.Errorf("%s: %d submissions", other, cloud.Submissions())
		}
	}
	w.Apply("-replace=" + img).Succeeds()
	if cloud.Submissions() != 5 {
		t.Errorf("%d submissions after -replace", cloud.Submissions())
	}
}

func TestAccImageScan_refusesConfigurations(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	for arguments, want := range map[string]string{
		"":                                        "local_image_ids",
		of("a") + "\n" + local("1"):               "Exactly one of images and local_image_ids is required",
		`images = []`:                             "must have 1 to 100 elements",
		`images = ["` + api + `:1"]`:              "a tag can move",
		`images = ["https://` + api + `"]`:        "must be the reference of an image with its digest",
		`local_image_ids = ["` + api + `:1"]`:     "must be the id of a local image",
		of("a") + "\ntimeouts { create = \"0\" }": "must be a duration above zero",
	} {
		w.Write(scanOf(cloud, arguments))
		w.Run("validate", "-no-color").Fails().Says(want)
	}
}

func TestAccImageScan_nothingIsSubmittedForWhatCannotBeScanned(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scenario, images string
		says             []string
	}{
		"unknown digest":                 {"", of("9"), []string{"lists no image with this digest", api + "@" + digest("9"), "--provenance=false", "not synchronized yet", "RequestId"}},
		"not listed, no synchronization": {"", of("c") + "\nsync_registry = false", []string{"lists no image with this digest", "sync_registry = true"}},
		"failed synchronization": {
			`"sync":{"failures":{"1":"no route"}},`, of("c"), []string{"lists no image with this digest", "The synchronization of the registries failed: no route"},
		},
		"not authorized":       {"", of("a", "d"), []string{"no license", api + "@" + digest("d"), "Authorize the image"}},
		"unknown local image":  {"", local("9"), []string{"does not list this local image: " + digest("9"), "not its digest in a registry"}},
		"local not authorized": {"", local("1", "3"), []string{"no license", digest("3")}},
		"no quota":             {`"quota":{"capacity":3,"used":3},`, of("a"), []string{"no image scan left", api + "@" + digest("a"), "Buy more scans"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(test.scenario))
			w := acctest.New(t)
			w.Write(scanOf(cloud, test.images))
			w.Apply().Fails().Says(append(test.says, "Error: Unable to Submit Scan", "Nothing was submitted")...)
			if cloud.Calls("CreateVulScanTask") != 0 || w.State(img) != nil {
				t.Errorf("%d calls, state %v", cloud.Calls("CreateVulScanTask"), w.State(img))
			}
		})
	}
}

func TestAccImageScan_waitsForTheSynchronization(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(`"sync":{"polls":4,"failures":{"2":"another registry"}},`))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("c")))
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "completed"})
	if cloud.Calls("SyncAssetImageRegistryAsset") != 1 || cloud.Submissions() != 1 {
		t.Errorf("%d synchronizations, %d submissions", cloud.Calls("SyncAssetImageRegistryAsset"), cloud.Submissions())
	}
}

func TestAccImageScan_warnsWhereTheQuotaIsShort(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(`"quota":{"capacity":3,"used":2},`))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a", "b")))
	w.Apply().Succeeds().Says("Warning: Few Image Scans Left", "Image scans left: 1; images to be scanned: 2")
	holds(t, w, map[string]any{"status": "uncertain", "quota_left": 1}) // a bare FailedOperation proves nothing
}

func TestAccImageScan_quotaThatIsNotToldIsNoObstacle(t *testing.T) {
	t.Parallel()
	for _, quota := range []string{`{"answer":{"Capcity":"many"}}`, `{"answer":{"Capcity":0,"Useage":0}}`, `{"answer":{"Useage":-1}}`} {
		cloud := acctest.NewCloud(t, images(`"quota":`+quota+`,`))
		w := acctest.New(t)
		w.Write(scanOf(cloud, of("a")))
		w.Apply().Succeeds().DoesNotSay("Image Scans Left")
		holds(t, w, map[string]any{"status": "completed", "quota_left": nil})
	}
}

func TestAccImageScan_imageThatWasNotScannedIsNamed(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a", "e")))
	w.Apply().Succeeds().Says("Warning: Some images were not scanned", api+"@"+digest("e")+": ConnFailed")
	holds(t, w, map[string]any{"status": "failed"})
	failures := fmt.Sprint(w.State(img)["failures"])
	if !strings.Contains(failures, digest("e")) || !strings.Contains(failures, "SCAN_ERR") || strings.Contains(failures, digest("a")) {
		t.Errorf("failures %s", failures)
	}
	w.Plan().NoChanges().Says("Some images were not scanned")
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccImageScan_endsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ scenario, status, says string }{
		"canceled":       {`"started":{"status":"CANCELED"},`, "canceled", "Scan Was Canceled"},
		"NOT_SCAN first": {`"started":{"not_scan_polls":3},`, "completed", ""},
		"another first":  {`"registry":[{"task_id":16,"images":1}],"started":{"unlisted_polls":3},`, "completed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, images(test.scenario))
			w := acctest.New(t)
			w.Write(scanOf(cloud, of("a")))
			w.Apply().Succeeds().Says(test.says)
			holds(t, w, map[string]any{"status": test.status, "id": "registry/17"})
			w.Plan().NoChanges()
			if cloud.Submissions() != 1 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccImageScan_taskThatTheServiceForgot(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	w := acctest.New(t)
	w.Write(scanOf(cloud, of("a")))
	w.Apply().Succeeds()
	cloud.Forget("registry/17")
	w.Plan().Says("Unable to Find Scan", "The id is kept in the state")
	w.Apply().Succeeds()
	holds(t, w, map[string]any{"status": "not_found", "id": "registry/17"})
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}
