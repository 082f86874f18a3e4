package tencentcloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

const tcssVersion = "2020-11-01"

var (
	createVulScanTask = operation{service: "tcss", version: tcssVersion, action: "CreateVulScanTask", maxValues: fewValues}
	// A stop names the task that it ends, and a task that has ended stays so: a second stop does nothing.
	// One that is lost leaves a scan running that is paid for.
	stopVulScanTask = operation{service: "tcss", version: tcssVersion, action: "StopVulScanTask", repeatable: true, maxValues: fewValues}

	describeVulScanLocalImageList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeVulScanLocalImageList", repeatable: true, maxValues: manyValues,
	}
)

// CreateVulScanTaskRequest names the images to scan, of one side only: a task of both has one status for
// both. Scans of whatever the account has cannot be asked for, since their price cannot be known before.
type CreateVulScanTaskRequest struct {
	LocalImageIDs    []string // ImageID of DescribeAssetImageList
	RegistryImageIDs []int64  // Id of DescribeAssetImageRegistryList
}

// createVulScanTaskFields is what is sent.
type createVulScanTaskFields struct {
	LocalImageScanType    string   `json:",omitempty"`
	LocalImageIDs         []string `json:",omitempty"`
	RegistryImageScanType string   `json:",omitempty"`
	RegistryImageIDs      []int64  `json:",omitempty"`
}

// onlyListed scans the images of the list, and no others.
const onlyListed = "IMAGEIDS"

func (r CreateVulScanTaskRequest) fields() (createVulScanTaskFields, error) {
	switch local, registry := len(r.LocalImageIDs) > 0, len(r.RegistryImageIDs) > 0; {
	case local && registry:
		return createVulScanTaskFields{}, errors.New("images of both sides in one task")
	case local:
		return createVulScanTaskFields{LocalImageScanType: onlyListed, LocalImageIDs: r.LocalImageIDs}, nil
	case registry:
		return createVulScanTaskFields{RegistryImageScanType: onlyListed, RegistryImageIDs: r.RegistryImageIDs}, nil
	}
	return createVulScanTaskFields{}, errors.New("no images to scan")
}

// CreateVulScanTaskResponse names the task. The side that was not asked for is 0.
type CreateVulScanTaskResponse struct {
	answer
	LocalTaskID, RegistryTaskID Int
}

// made tells whether the answer names a task, whatever else it says.
func (r *CreateVulScanTaskResponse) made() bool {
	return r.LocalTaskID.orZero() > 0 || r.RegistryTaskID.orZero() > 0
}

// CreateVulScanTask submits images for scanning, which is paid for. It is repeated only after an answer
// that proves that nothing was done; [HadNoEffect] tells of an error whether that is so. The response is never
// nil, and holds beside an error what could be read of the answer.
func (c *Client) CreateVulScanTask(ctx context.Context, request CreateVulScanTaskRequest) (*CreateVulScanTaskResponse, error) {
	fields, err := request.fields()
	if err != nil {
		return new(CreateVulScanTaskResponse), unsendable(createVulScanTask, err)
	}
	defer c.registryImages.outdate()
	return call[CreateVulScanTaskResponse](ctx, c, createVulScanTask, fields)
}

// unsendable is the error of a request that is not sent because it would ask for something else than meant.
func unsendable(op operation, cause error) error {
	return &Error{Action: op.action, kind: ErrInvalid, cause: cause}
}

// StopVulScanTaskRequest names the task to stop, of one side.
type StopVulScanTaskRequest struct {
	LocalTaskID    *int64 `json:",omitempty"`
	RegistryTaskID *int64 `json:",omitempty"`
}

// Acknowledgement is an answer that says no more than that the service took the request.
type Acknowledgement struct{ answer }

// StopVulScanTask stops a task. What it does to a task that has ended already is not documented; it may
// be an error.
func (c *Client) StopVulScanTask(ctx context.Context, request StopVulScanTaskRequest) (*Acknowledgement, error) {
	if !oneTask(request.LocalTaskID, request.RegistryTaskID) {
		return nil, unsendable(stopVulScanTask, errors.New("not exactly one task to stop"))
	}
	return call[Acknowledgement](ctx, c, stopVulScanTask, request)
}

// oneTask tells whether exactly one id is given and names a task: 0 is what the service says for none.
func oneTask(ids ...*int64) bool {
	tasks := 0
	for _, id := range ids {
		if id == nil {
			continue
		}
		if *id <= 0 {
			return false
		}
		tasks++
	}
	return tasks == 1
}

// describeVulScanLocalImageListRequest asks for a window of the images of a local task.
type describeVulScanLocalImageListRequest struct {
	TaskID int64
	window
}

// DescribeVulScanLocalImageListResponse lists the images of a local task.
type DescribeVulScanLocalImageListResponse struct {
	answer
	TotalCount Int                    `join:"same"`
	List       List[VulScanImageInfo] `join:"rows"`
}

// VulScanImageInfo is one image of a local task. ScanStatus is WAIT_SCAN, SCANNING, SCANNED, SCAN_ERR or
// CANCELED by the filter of that name, SCANNING, FINISHED, FAILED or CANCELED by its text.
type VulScanImageInfo struct {
	ImageID, ImageName                       Text
	ScanStatus                               Text
	ErrorStatus                              Text // TIMEOUT, TOO_MANY or OFFLINE; "0" in the sample of a success
	CriticalLevelVulCount, HighLevelVulCount Int
	MediumLevelVulCount, LowLevelVulCount    Int
	TaskID                                   Int
	ScanStartTime, ScanEndTime               Time
}

func (i VulScanImageInfo) key() string { return i.ImageID.String() }

func (i VulScanImageInfo) inProgress() bool { return i.ScanStatus.Is(ImageScanning) }

func (r *DescribeVulScanLocalImageListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.TotalCount
}

// Complete tells whether as many images are listed as the service counts.
func (r *DescribeVulScanLocalImageListResponse) Complete() bool {
	return complete(r.List, r.TotalCount)
}

// complete tells whether a list can be read and has as many rows as told.
func complete[T any](l List[T], total Int) bool {
	return l.readable() && total.Is(int64(len(l.Items)))
}

// Check returns an error that wraps [ErrOtherObject] where a row is of another task.
func (r *DescribeVulScanLocalImageListResponse) Check(task int64) error {
	for _, image := range r.List.Items {
		if told := image.TaskID; !told.Absent() && !told.Is(task) {
			return &Error{
				Action: describeVulScanLocalImageList.action, RequestID: r.RequestID, Sent: true, kind: ErrOtherObject,
				cause: fmt.Errorf("an image of the task %s is listed for the task %d", cmp.Or(told.text(), "that cannot be read"), task),
			}
		}
	}
	return nil
}

// DescribeVulScanLocalImages returns all images of a local task. It is not remembered: the service can scan
// a task's images again under its id. Registry tasks have no such list.
func (c *Client) DescribeVulScanLocalImages(ctx context.Context, task int64) (*DescribeVulScanLocalImageListResponse, error) {
	list := pagedList[DescribeVulScanLocalImageListResponse, *DescribeVulScanLocalImageListResponse]{
		op:      describeVulScanLocalImageList,
		request: func(w window) any { return describeVulScanLocalImageListRequest{task, w} },
	}
	images, err := list.whole(ctx, c, neverFinal)
	if err != nil {
		return nil, err
	}
	if err := images.Check(task); err != nil {
		return nil, err
	}
	return images, nil
}

// neverFinal says of every answer that the next may be another.
func neverFinal[P any](P) bool { return false }
