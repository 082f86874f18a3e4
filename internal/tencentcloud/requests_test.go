package tencentcloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

func TestScanActions_sendWhatTheDocumentsAsk(t *testing.T) {
	t.Parallel()
	id := int64(9007199254740993)
	tests := map[string]struct {
		action, version, want string
		call                  func(ctx context.Context, c *Client) error
	}{
		"local images": {"CreateVulScanTask", tcssVersion, `{"LocalImageScanType":"IMAGEIDS","LocalImageIDs":["sha256:a"]}`, func(ctx context.Context, c *Client) error {
			_, err := c.CreateVulScanTask(ctx, CreateVulScanTaskRequest{LocalImageIDs: []string{"sha256:a"}})
			return err
		}},
		"registry images": {"CreateVulScanTask", tcssVersion, `{"RegistryImageScanType":"IMAGEIDS","RegistryImageIDs":[9007199254740993]}`, func(ctx context.Context, c *Client) error {
			_, err := c.CreateVulScanTask(ctx, CreateVulScanTaskRequest{RegistryImageIDs: []int64{id}})
			return err
		}},
		"stop of images": {"StopVulScanTask", tcssVersion, `{"RegistryTaskID":9007199254740993}`, func(ctx context.Context, c *Client) error {
			_, err := c.StopVulScanTask(ctx, StopVulScanTaskRequest{RegistryTaskID: &id})
			return err
		}},
		"synchronisation": {"SyncAssetImageRegistryAsset", tcssVersion, `{"All":true}`, func(ctx context.Context, c *Client) error {
			_, err := c.SyncRegistries(ctx)
			return err
		}},
		"how far it is": {"DescribeAssetImageRegistryAssetStatus", tcssVersion, `{}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeRegistrySync(ctx)
			return err
		}},
		"quota": {"DescribeImageAuthorizedInfo", tcssVersion, `{}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeImageQuota(ctx)
			return err
		}},
		"images of a task": {"DescribeVulScanLocalImageList", tcssVersion, `{"TaskID":9007199254740993,"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeVulScanLocalImages(ctx, id)
			return err
		}},
		"registry list": {"DescribeAssetImageRegistryList", tcssVersion, `{"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeRegistryImages(ctx, time.Time{})
			return err
		}},
		"one local image": {"DescribeAssetImageList", tcssVersion, `{"Filters":[{"Name":"ImageID","Values":["sha256:a"]}],"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeLocalImage(ctx, "sha256:a")
			return err
		}},
		"of a registry image": {"DescribeAssetImageRegistryVulList", tcssVersion, `{"Id":9007199254740993,"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, _, err := c.EachImageVul(ctx, Image{RegistryID: id}, dropping[ImageVul])
			return err
		}},
		"of a local image": {"DescribeAssetImageVulList", tcssVersion, `{"ImageID":"sha256:a","Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, _, err := c.EachImageVul(ctx, Image{LocalID: "sha256:a"}, dropping[ImageVul])
			return err
		}},
		"ignored": {"DescribeScanIgnoreVulList", tcssVersion, `{"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeIgnoredVuls(ctx)
			return err
		}},
		"all hosts": {"ScanVul", cwpVersion, `{"VulLevels":"1,2,3,4","VulCategories":"1,2,4,5","HostType":1,"ScanMethod":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.ScanVul(ctx, ScanVulRequest{Hosts: Hosts{AllProtected: true}, ScanMethod: ScanByVersion})
			return err
		}},
		"some hosts": {"ScanVul", cwpVersion, `{"VulLevels":"1,2,3,4","VulCategories":"1,2,4,5","HostType":2,"QuuidList":["q"],"ScanMethod":2,"TimeoutPeriod":60}`, func(ctx context.Context, c *Client) error {
			_, err := c.ScanVul(ctx, ScanVulRequest{Hosts: Hosts{Quuids: []string{"q"}}, ScanMethod: ScanByPOC, TimeoutPeriod: 60})
			return err
		}},
		"malware": {"CreateScanMalwareSetting", cwpVersion, `{"ScanPattern":0,"HostType":2,"QuuidList":["q"],"EngineType":3,"TimeoutPeriod":60}`, func(ctx context.Context, c *Client) error {
			_, err := c.CreateScanMalwareSetting(ctx, CreateScanMalwareSettingRequest{Hosts: Hosts{Quuids: []string{"q"}}, ScanPattern: ScanWholeDisk, EngineType: 3, TimeoutPeriod: 60})
			return err
		}},
		"stop of hosts": {"DeleteScanTask", cwpVersion, `{"ModuleType":"Vul","TaskId":9007199254740993}`, func(ctx context.Context, c *Client) error {
			_, err := c.StopHostScan(ctx, StopHostScanRequest{ModuleType: ModuleVul, TaskID: id})
			return err
		}},
		"last task": {"DescribeScanState", cwpVersion, `{"ModuleType":"Baseline","Filters":[{"Name":"StrategyId","Values":["7"]}]}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeScanState(ctx, DescribeScanStateRequest{ModuleType: ModuleBaseline, Filters: []Filter{{Name: "StrategyId", Values: []string{"7"}}}})
			return err
		}},
		"vulnerabilities of hosts": {"DescribeVulList", cwpVersion, `{"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeHostVuls(ctx)
			return err
		}},
		"hosts of a vulnerability": {"DescribeVulEffectHostList", cwpVersion, `{"VulId":9007199254740993,"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeHostsOfVul(ctx, id)
			return err
		}},
		"malware of hosts": {"DescribeMalWareList", cwpVersion, `{"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeHostMalware(ctx)
			return err
		}},
		"baseline": {"DescribeBaselineItemList", cwpVersion, `{"Limit":100,"Offset":0}`, func(ctx context.Context, c *Client) error {
			_, _, err := c.EachBaselineItem(ctx, dropping[BaselineItem])
			return err
		}},
	}
	for name, tt := range tests {
		c := against(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if string(body) != tt.want || r.Header.Get("X-TC-Action") != tt.action || r.Header.Get("X-TC-Version") != tt.version || r.Header.Get("X-TC-Region") != "" {
				t.Errorf("%s: %s %s, region %q, sent %s", name, r.Header.Get("X-TC-Action"), r.Header.Get("X-TC-Version"), r.Header.Get("X-TC-Region"), body)
			}
			_, _ = io.WriteString(w, `{"Response":{"RequestId":"r"}}`)
		})
		if err := tt.call(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScanActions_whatWouldAskForSomethingElseIsNotSent(t *testing.T) {
	t.Parallel()
	c := against(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was made") })
	zero, one := int64(0), int64(1)
	var errs []error
	add := func(_ any, err error) { errs = append(errs, err) }
	add(c.CreateVulScanTask(t.Context(), CreateVulScanTaskRequest{}))
	add(c.CreateVulScanTask(t.Context(), CreateVulScanTaskRequest{LocalImageIDs: []string{"a"}, RegistryImageIDs: []int64{1}}))
	add(c.StopVulScanTask(t.Context(), StopVulScanTaskRequest{}))
	add(c.StopVulScanTask(t.Context(), StopVulScanTaskRequest{LocalTaskID: &zero}))
	add(c.StopVulScanTask(t.Context(), StopVulScanTaskRequest{LocalTaskID: &zero, RegistryTaskID: &one}))
	add(c.StopVulScanTask(t.Context(), StopVulScanTaskRequest{LocalTaskID: &one, RegistryTaskID: &one}))
	add(c.ScanVul(t.Context(), ScanVulRequest{}))
	add(c.ScanVul(t.Context(), ScanVulRequest{Hosts: Hosts{AllProtected: true, Quuids: []string{"q"}}}))
	add(c.CreateScanMalwareSetting(t.Context(), CreateScanMalwareSettingRequest{}))
	add(c.StopHostScan(t.Context(), StopHostScanRequest{ModuleType: ModuleVul}))
	for i, err := range errs {
		if !errors.Is(err, ErrInvalid) || !HadNoEffect(err) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestRegistryImages_areReadOnceForAllThatTheyAreLateEnoughFor(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-TC-Action") == "DescribeAssetImageRegistryList" {
			calls.Add(1)
		}
		_, _ = io.WriteString(w, `{"Response":{"TotalCount":2,"List":[{"Id":2},{"Id":1}],"RegistryTaskID":1,"RequestId":"r"}}`)
	})
	read := func(since time.Time, want int32) *RegistryImages {
		t.Helper()
		images, err := c.DescribeRegistryImages(t.Context(), since)
		if err != nil || calls.Load() != want || images.Began.Before(since) && !since.After(time.Now()) || !images.Complete() || !images.List.Items[0].ID.Is(1) {
			t.Fatalf("%d calls, want %d: %v", calls.Load(), want, err)
		}
		return images
	}
	first := read(time.Time{}, 1)
	read(first.Began, 1)
	read(first.Began.Add(-time.Hour), 1)
	second := read(first.Began.Add(1), 2)
	read(first.Began.Add(1), 2) // another that waits since the first
	read(second.Began, 2)
	read(time.Now().Add(time.Hour), 3) // no reading is later than now
	if _, err := c.CreateVulScanTask(t.Context(), CreateVulScanTaskRequest{RegistryImageIDs: []int64{1}}); err != nil {
		t.Fatal(err)
	}
	read(time.Time{}, 4)
	if _, err := c.SyncRegistries(t.Context()); err != nil {
		t.Fatal(err)
	}
	read(time.Time{}, 5)
	read(time.Time{}, 5)
}

func TestImageScanQuota_left(t *testing.T) {
	t.Parallel()
	n := IntOf
	for _, tt := range []struct{ capacity, used, left Int }{
		{n(300), n(17), n(283)}, {n(300), n(300), n(0)}, {n(300), n(301), n(0)}, {n(0), n(0), Int{}}, {n(0), n(5), Int{}},
		{Int{}, n(5), Int{}}, {n(5), Int{}, Int{}}, {broken(), n(5), broken()}, {n(5), broken(), broken()}, {n(-1), n(0), broken()}, {n(5), n(-1), broken()},
	} {
		if got := (ImageScanQuota{Capacity: tt.capacity, Used: tt.used}).Left(); got != tt.left {
			t.Errorf("%v of %v: %v", tt.used, tt.capacity, got)
		}
	}
}

func TestScanState_narrowed(t *testing.T) {
	t.Parallel()
	for fields, narrowed := range map[string]bool{
		`"VulId":[],"KBNumber":[]`: false, `"VulId":null`: false, `"VulId":[1]`: true, `"KBNumber":["KB1"]`: true, `"VulId":"1"`: true, `"KBNumber":{}`: true, `"VulId":[null]`: true,
	} {
		state, _, _ := decode[DescribeScanStateResponse](&exchange{status: http.StatusOK, body: []byte(`{"Response":{` + fields + `}}`)})
		if state.Narrowed() != narrowed {
			t.Errorf("%s: %t", fields, state.Narrowed())
		}
	}
}

func TestLists_aRowThatStandsTwiceIsAShiftAndRowsMeetByAllFields(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows string
		err  error
	}{
		"each once":         {`{"Id":1},{"Id":2}`, nil},
		"one twice":         {`{"Id":1},{"Id":2},{"Id":"1"}`, ErrListChanged},
		"two without an id": {`{"Id":null},{"Id":"x"}`, nil},
	} {
		c := against(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"Response":{"MalWareList":[`+tt.rows+`],"RequestId":"r"}}`)
		})
		if _, err := c.DescribeHostMalware(t.Context()); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	keyless, other := HostMalware{FilePath: TextOf("/a")}, HostMalware{FilePath: TextOf("/b")}
	known := HostMalware{ID: IntOf(1), FilePath: TextOf("/a")}
	if !meet(keyless, keyless) || meet(keyless, other) || meet(keyless, known) || meet(known, keyless) || meet(known, HostMalware{ID: IntOf(1)}) || !meet(known, known) {
		t.Error("rows of two pages are not told apart")
	}
}

func TestImagesOfTask_ofAnotherTaskAreNotTaken(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]error{`"TaskID":17`: nil, `"TaskID":"17"`: nil, `"TaskID":null`: nil, `"TaskID":18`: ErrOtherObject} {
		c := against(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"Response":{"TotalCount":1,"List":[{"ImageID":"sha256:a",`+fields+`}],"RequestId":"r"}}`)
		})
		images, err := c.DescribeVulScanLocalImages(t.Context(), 17)
		if !errors.Is(err, want) || (images == nil) != (want != nil) {
			t.Errorf("%s: %v", fields, err)
		}
	}
}

func TestLocalImage_isFoundByItsIDAlone(t *testing.T) {
	t.Parallel()
	list := &DescribeAssetImageListResponse{List: ListOf(ImagesInfo{ImageID: TextOf("sha256:ab")}, ImagesInfo{ImageID: TextOf("sha256:a"), ImageName: TextOf("it")}, ImagesInfo{})}
	if image, found := list.Image("sha256:A"); !found || image.ImageName.String() != "it" {
		t.Errorf("%+v, %t", image, found)
	}
	if _, found := list.Image("sha256:abc"); found {
		t.Error("an image that is not listed was found")
	}
}

// dropping begins a reading whose rows nobody needs.
func dropping[T any]() func([]T) { return func([]T) {} }
