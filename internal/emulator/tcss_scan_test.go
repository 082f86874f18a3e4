package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// digest is a digest, or the id of a local image, that a letter stands for.
func digest(letter string) string { return "sha256:" + strings.Repeat(letter, 64) }

// images is a scenario with images of both sides; more are further keys of tcss, with a comma.
func images(more string) emulator.Option {
	return emulator.WithScenario([]byte(`{"tcss":{` + more + `
		"next_task_id": 17,
		"registry_images": [
			{"id":1,"digest":"` + digest("a") + `","repo_address":"registry.example.com/acme/api","tag":"1","registry_id":1,"generated":{"critical":2,"low":3}},
			{"id":2,"digest":"` + digest("a") + `","repo_address":"registry.example.com/acme/api","tag":"latest","registry_id":1,"generated":{"critical":2,"low":3}},
			{"id":3,"digest":"` + digest("b") + `","repo_address":"registry.example.com/acme/web","tag":"1","registry_id":1,"status":"SCANNED","age":"48h"},
			{"id":4,"digest":"` + digest("c") + `","repo_address":"registry.example.com/acme/new","tag":"1","registry_id":1,"after_sync":true},
			{"id":5,"digest":"` + digest("d") + `","repo_address":"registry.example.com/acme/no","tag":"1","registry_id":1,"unauthorized":true},
			{"id":6,"digest":"` + digest("e") + `","repo_address":"registry.example.com/acme/bad","tag":"1","registry_id":2,"error":"ConnFailed"}],
		"local_images": [
			{"id":"` + digest("1") + `","name":"acme/batch:1","generated":{"high":1},"running":true,"cluster_id":"cls-1"},
			{"id":"` + digest("2") + `","name":"acme/batch:0","outdated":true},
			{"id":"` + digest("3") + `","name":"acme/no:1","unauthorized":true}]}}`))
}

// row finds a row of a list by a field.
func (c *client) row(action, body, field string, value any) map[string]any {
	c.t.Helper()
	answer := c.call(action, body)
	rows, _ := answer["List"].([]any)
	for _, row := range rows {
		if show(at(row, field)) == show(value) {
			return row.(map[string]any)
		}
	}
	c.t.Fatalf("%s: no row with %s %v in %s", action, field, value, show(answer))
	return nil
}

func TestCreateVulScanTask_startsOneTaskForEachSide(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	for _, test := range [][2]string{
		{`{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":[3,1]}`, "local 0, registry 17"},
		{`{"LocalImageScanType":"IMAGEIDS","LocalImageIDs":["` + digest("1") + `"]}`, "local 17, registry 0"},
		{`{"LocalImageScanType":"ALL","RegistryImageScanType":"NOT_SCAN"}`, "local 18, registry 18"},
		{`{"RegistryTaskID":17}`, "local 0, registry 19"},
		{`{"LocalImageScanType":"CLUSTER","LocalClusterIDs":["cls-1"]}`, "local 19, registry 0"},
		{`{"LocalImageScanType":"ALL","LocalImageContainerRunning":true}`, "local 20, registry 0"},
		{`{"LocalImageScanType":"ALL","ExcludeLocalImageIDs":["` + digest("1") + `"]}`, "local 21, registry 0"},
	} {
		answer := c.call("CreateVulScanTask", test[0])
		if got := fmt.Sprintf("local %s, registry %s", show(answer["LocalTaskID"]), show(answer["RegistryTaskID"])); got != test[1] {
			t.Errorf("%s: got %s, want %s", test[0], got, test[1])
		}
	}
	book := c.server.Ledger()
	if got := book.By("CreateVulScanTask"); len(got) != 7 || c.server.Submissions() != 7 || show(got[0].RegistryImageIDs) != "[1,3]" ||
		show(got[2].RegistryImageIDs) != "[2,6]" || len(got[2].LocalImageIDs) != 2 || show(got[5].LocalImageIDs) != show([]string{digest("1")}) {
		t.Errorf("submissions %s", show(got))
	}
	// The digest was scanned by either row of it, and again by its task.
	if got := c.server.ScansOfImage(digest("a")); got != 3 {
		t.Errorf("the image was scanned %d times", got)
	}
}

func TestCreateVulScanTask_refusesAndDoesNothing(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	for body, want := range map[string]string{
		`{}`:                                   "MissingParameter",
		`{"RegistryImageScanType":"IMAGEIDS"}`: "InvalidParameter.MissingParameter",
		`{"RegistryImageScanType":"SOME"}`:     "InvalidParameter",
		`{"RegistryImageScanType":"CLUSTER"}`:  "InvalidParameter",
		`{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":[1,99]}`:            "ResourceNotFound",
		`{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":[4]}`:               "ResourceNotFound",
		`{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":[1,5]}`:             "ResourceUnavailable",
		`{"LocalImageScanType":"IMAGEIDS","LocalImageIDs":["` + digest("3") + `"]}`: "ResourceUnavailable",
		`{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":["1"]}`:             "InvalidParameter",
		`{"LocalImageScanType":"CLUSTER","LocalClusterIDs":["cls-none"]}`:           "ResourceNotFound",
		`{"RegistryTaskID":3}`: "ResourceNotFound",
	} {
		if got := c.code("CreateVulScanTask", body); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
	if c.server.Submissions() != 0 || show(at(c.call("DescribeImageAuthorizedInfo", `{}`), "ImageScanInquireInfo", "Useage")) != "0" {
		t.Errorf("something was done: %s", show(c.server.Ledger().Submissions))
	}
}

func TestCreateVulScanTask_leavesUnauthorizedImagesOutIfTold(t *testing.T) {
	t.Parallel()
	c := start(t, images(`"unauthorized":"leave_out",`)).tcss()
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[5]}`); got != "ResourceUnavailable" {
		t.Errorf("no image left: %q", got)
	}
	c.call("CreateVulScanTask", `{"RegistryImageIDs":[1,5]}`)
	if got := c.server.Ledger().Submissions; len(got) != 1 || show(got[0].RegistryImageIDs) != "[1]" {
		t.Errorf("submissions %s", show(got))
	}
}

func TestCreateVulScanTask_oneTaskAtATime(t *testing.T) {
	t.Parallel()
	const first, sameImage, otherImage = `{"RegistryImageIDs":[1]}`, `{"RegistryImageIDs":[1,3]}`, `{"RegistryImageIDs":[3]}`
	otherSide := `{"LocalImageIDs":["` + digest("1") + `"]}`
	for busy, want := range map[string]string{
		"account": "ResourceInUse ResourceInUse ResourceInUse", "side": "ResourceInUse ResourceInUse -",
		"image": "ResourceInUse - -", "none": "- - -",
	} {
		c := start(t, images(`"busy":"`+busy+`",`)).tcss()
		release := c.server.HoldScans()
		c.call("CreateVulScanTask", first)
		var got []string
		for _, body := range []string{sameImage, otherImage, otherSide} {
			code := c.code("CreateVulScanTask", body)
			if code == "" {
				code = "-"
			}
			got = append(got, code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", busy, got, want)
		}
		release()
		if code := c.code("CreateVulScanTask", sameImage); code != "" {
			t.Errorf("%s: afterwards %q", busy, code)
		}
	}
}

func TestCreateVulScanTask_waitsForScansOfOthers(t *testing.T) {
	t.Parallel()
	c := start(t, images(`"local":[{"task_id":1,"images":1,"progress":[10]},{"task_id":2,"images":1,"progress":[10,50,100]}],`)).tcss()
	for _, want := range []string{"SCANNING", "SCANNING", "SCANNED"} {
		if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[1]}`); got != "ResourceInUse" {
			t.Errorf("while it runs: %q", got)
		}
		if info := c.call("DescribeVulScanInfo", `{}`); info["Status"] != want || show(info["LocalTaskID"]) != "2" {
			t.Errorf("the other task: %s", show(info))
		}
	}
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[1]}`); got != "" {
		t.Errorf("afterwards: %q", got)
	}
	stuck := start(t, images(`"registry":[{"task_id":1,"image_ids":[1,3],"status":"SCANNING"}],`)).tcss()
	if got := stuck.code("CreateVulScanTask", `{"RegistryImageIDs":[1]}`); got != "ResourceInUse" {
		t.Errorf("while one never ends: %q", got)
	}
	if got := stuck.row("DescribeAssetImageRegistryList", `{}`, "Id", 3)["CveStatus"]; got != "SCANNING" {
		t.Errorf("its image: %v", got)
	}
}

func TestCreateVulScanTask_takesFromTheQuota(t *testing.T) {
	t.Parallel()
	c := start(t, images(`"quota":{"capacity":3,"used":1,"answer":{"PurchaseStatus":"Isolate"}},`)).tcss()
	used := func() string {
		return show(at(c.call("DescribeImageAuthorizedInfo", `{}`), "ImageScanInquireInfo", "Useage"))
	}
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[1,2,3]}`); got != "FailedOperation" || used() != "1" {
		t.Errorf("three of two: %q, %s used", got, used())
	}
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[1,2]}`); got != "" || used() != "3" {
		t.Errorf("two of two: %q, %s used", got, used())
	}
	info := c.call("DescribeImageAuthorizedInfo", `{}`)
	if show(at(info, "ImageScanInquireInfo", "Capcity")) != "3" || at(info, "ImageScanInquireInfo", "PurchaseStatus") != "Isolate" ||
		show(info["UsedAuthorizedCnt"]) != "6" || show(info["NotScannedImageCnt"]) != "2" || show(info["NotScannedLocalImageCnt"]) != "1" {
		t.Errorf("licences %s", show(info))
	}
	c.server.SetImageScansUsed(0)
	if got := c.code("CreateVulScanTask", `{"RegistryImageIDs":[1]}`); got != "" || used() != "1" {
		t.Errorf("of a new quota: %q, %s used", got, used())
	}
}

func TestVulScan_movesOnAndChangesTheRows(t *testing.T) {
	t.Parallel()
	c := startFrozen(t, images(""), emulator.WithScanDuration(100*time.Second)).tcss()
	c.call("CreateVulScanTask", `{"RegistryImageIDs":[1,6]}`)
	stand := func() string {
		info := c.call("DescribeVulScanInfo", `{"RegistryTaskID":17}`)
		one := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 1)
		six := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 6)
		return fmt.Sprintf("%v %s%%, %s found, %s at risk; %v %s found; %v %q", info["Status"], show(info["ScanProgress"]),
			show(info["RegistryFoundVulCount"]), show(info["FoundRiskImageCount"]), one["CveStatus"], show(one["VulCnt"]), six["CveStatus"], six["ScanVulError"])
	}
	for _, want := range []string{
		`SCANNING 0%, 0 found, 0 at risk; SCANNING 0 found; SCANNING ""`,
		`SCANNING 60%, 5 found, 1 at risk; SCANNED 5 found; SCANNING ""`,
		`SCANNED 100%, 5 found, 1 at risk; SCANNED 5 found; SCAN_ERR "ConnFailed"`,
	} {
		if got := stand(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		c.server.Advance(60 * time.Second)
	}
	row := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 1)
	info := c.call("DescribeVulScanInfo", `{"RegistryTaskID":17}`)
	if row["ScanTime"].(string) < info["ScanStartTime"].(string) || show(row["CriticalLevelVulCnt"]) != "2" || show(row["LowLevelVulCnt"]) != "3" || show(row["ScanVulProgress"]) != "100" {
		t.Errorf("row %s", show(row))
	}
	// The digest has a second row, which no task scanned.
	if second := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 2); second["CveStatus"] != "NOT_SCAN" || second["ImageDigest"] != digest("a") || show(second["VulCnt"]) != "0" {
		t.Errorf("second row %s", show(second))
	}
}

func TestVulScan_waitsForPollsAndOddAnswers(t *testing.T) {
	t.Parallel()
	c := start(t, images(`"registry":[{"task_id":16,"images":1}],"started":{"not_scan_polls":1,"unlisted_polls":1,"answer":{"IgnoreVulCount":7}},`), emulator.WithScanPolls(2)).tcss()
	c.call("CreateVulScanTask", `{"RegistryImageIDs":[1]}`)
	var got []string
	for range 5 {
		info := c.call("DescribeVulScanInfo", `{"RegistryTaskID":17}`)
		got = append(got, fmt.Sprint(show(info["RegistryTaskID"]), info["Status"]))
	}
	if want := []string{"16SCANNED", "17NOT_SCAN", "17SCANNING", "17SCANNED", "17SCANNED"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if info := c.call("DescribeVulScanInfo", `{}`); show(info["IgnoreVulCount"]) != "7" {
		t.Errorf("answer %s", show(info))
	}
}

func TestVulScan_canBeStopped(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	defer c.server.HoldScans()()
	c.call("CreateVulScanTask", `{"LocalImageIDs":["`+digest("1")+`","`+digest("2")+`"]}`)
	for _, body := range []string{`{}`, `{"LocalTaskID":99}`, `{"RegistryTaskID":17}`} {
		if got := c.code("StopVulScanTask", body); got != "FailedOperation" {
			t.Errorf("%s: %q", body, got)
		}
	}
	c.call("StopVulScanTask", `{"LocalTaskID":17,"LocalImageIDs":["`+digest("2")+`"]}`)
	if info := c.call("DescribeVulScanInfo", `{"LocalTaskID":17}`); info["Status"] != "SCANNING" {
		t.Errorf("after one image was stopped: %s", show(info))
	}
	if row := c.row("DescribeVulScanLocalImageList", `{"TaskID":17}`, "ImageID", digest("2")); row["ScanStatus"] != "CANCELED" {
		t.Errorf("that image: %s", show(row))
	}
	c.call("StopVulScanTask", `{"LocalTaskID":17}`)
	if info := c.call("DescribeVulScanInfo", `{"LocalTaskID":17}`); info["Status"] != "CANCELED" || show(info["RemainingTime"]) != "0" {
		t.Errorf("after all: %s", show(info))
	}
	if got := c.code("StopVulScanTask", `{"LocalTaskID":17}`); got != "FailedOperation" {
		t.Errorf("again: %q", got)
	}
	if row := c.row("DescribeAssetImageList", `{}`, "ImageID", digest("2")); row["ScanStatus"] != "NOT_SCAN" {
		t.Errorf("the image afterwards: %s", show(row))
	}
}

func TestVulScan_outlivesTheScenarioUntilForgotten(t *testing.T) {
	t.Parallel()
	c := start(t, images("")).tcss()
	c.call("CreateVulScanTask", `{"RegistryImageIDs":[1]}`)
	elsewhere := c.server.BeginImageScan("3")
	if err := c.server.SetScenario([]byte(`{"tcss":{"registry_images":[{"id":1,"digest":"` + digest("a") + `","repo_address":"r/a"}]}}`)); err != nil {
		t.Fatal(err)
	}
	if info := c.call("DescribeVulScanInfo", `{"RegistryTaskID":17}`); info["Status"] != "SCANNED" || show(info["RegistryFoundVulCount"]) != "0" {
		t.Errorf("with the new scenario: %s", show(info))
	}
	if info := c.call("DescribeVulScanInfo", `{}`); show(info["RegistryTaskID"]) != show(elsewhere) || c.server.Submissions() != 1 {
		t.Errorf("the last task: %s", show(info))
	}
	if !c.server.Forget("registry/17") || c.server.Forget("registry/17") || c.server.Forget("local/17") || c.server.Forget("Vul/17") || c.server.Forget("registry/x") {
		t.Error("it is not forgotten once")
	}
	if got := c.code("DescribeVulScanInfo", `{"RegistryTaskID":17}`); got != "ResourceNotFound" {
		t.Errorf("forgotten: %q", got)
	}
	if row := c.row("DescribeAssetImageRegistryList", `{}`, "Id", 1); row["CveStatus"] != "SCANNED" {
		t.Errorf("its image: %s", show(row))
	}
}
