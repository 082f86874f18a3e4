package tencentcloud

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

var describeScanTaskDetails = operation{
	service: "cwp", version: cwpVersion, action: "DescribeScanTaskDetails", repeatable: true, maxValues: manyValues,
}

// DescribeScanTaskDetailsRequest asks for the machines of a task.
type DescribeScanTaskDetailsRequest struct {
	ModuleType string   // Malware, Vul or Baseline
	TaskID     int64    `json:"TaskId"`
	Filters    []Filter `json:",omitempty"`
	window
}

// Window returns the request for a part of the machines; nil stands for the service's default.
func (r DescribeScanTaskDetailsRequest) Window(limit, offset *int64) DescribeScanTaskDetailsRequest {
	r.window = window{limit, offset}
	return r
}

// Narrowed tells whether the request asks for a part of the machines.
func (r DescribeScanTaskDetailsRequest) Narrowed() bool { return r.Limit != nil || r.Offset != nil }

// Filter narrows the machines.
type Filter struct {
	Name       string
	Values     []string
	ExactMatch *bool `json:",omitempty"`
}

// DescribeScanTaskDetailsResponse tells how far a task is, its machines, and what it found.
type DescribeScanTaskDetailsResponse struct {
	answer
	TotalCount         Int                   `join:"same"`
	ScanTaskDetailList List[ScanTaskDetail]  `join:"rows"`
	ScanMachineCount   Int                   `join:"largest"`
	RiskMachineCount   Int                   `join:"largest"`
	ScanBeginTime      Time                  `join:"oldest"`
	ScanEndTime        Time                  `join:"oldest"`
	ScanTime           Int                   `join:"largest"`
	ScanProgress       Int                   `join:"done"`    // per cent
	ScanLeftTime       Int                   `join:"largest"` // seconds
	ScanContent        List[Text]            `join:"first"`
	VulInfo            List[VulDetailInfo]   `join:"union"`
	PatchInfo          List[PatchInfoDetail] `join:"union"`
	RiskEventCount     Int                   `join:"largest"`
	VulCount           Int                   `join:"largest"`
	Type               Int                   `join:"first"`
	StoppingAll        Bool                  `join:"any"`

	spans []TaskSpan
}

// TaskSpan is begin and end of a task, as one page tells them.
type TaskSpan struct{ Begin, End Time }

// Spans returns begin and end of the task as each page tells them, each pair once: pages may differ, and any
// of them may be the one that is too old, or in the future.
func (r *DescribeScanTaskDetailsResponse) Spans() []TaskSpan {
	if len(r.spans) == 0 {
		return []TaskSpan{{r.ScanBeginTime, r.ScanEndTime}}
	}
	return slices.Clone(r.spans)
}

// As [joinPages] asks.
var _ interface {
	note(*DescribeScanTaskDetailsResponse)
} = (*DescribeScanTaskDetailsResponse)(nil)

// note keeps what must be known of each page, before the next one is joined.
func (r *DescribeScanTaskDetailsResponse) note(page *DescribeScanTaskDetailsResponse) {
	r.spans = r.Spans()
	if next := (TaskSpan{page.ScanBeginTime, page.ScanEndTime}); !slices.Contains(r.spans, next) {
		r.spans = append(r.spans, next)
	}
}

// ScanTaskDetail is one machine: Status is Scanning, Ok or Fail; FailType 3 offline, 4 timed out,
// 5 failed, 8 agent too old.
type ScanTaskDetail struct {
	ID                         Int `json:"Id"`
	Quuid, UUID                Text
	HostName, HostIP, OsName   Text
	Status, Description        Text
	FailType, RiskNum          Int
	ScanBeginTime, ScanEndTime Time
	MachineWanIP               Text
	MachineExtraInfo           Object[MachineExtraInfo]
}

func (m ScanTaskDetail) key() string { return fmt.Sprint(m.ID.Get()) + m.Quuid.String() }

func (m ScanTaskDetail) inProgress() bool { return m.Status.Is("Scanning") }

// MachineExtraInfo is more about a machine.
type MachineExtraInfo struct {
	WanIP, PrivateIP, NetworkName, InstanceID, HostName Text
	NetworkType                                         Int
}

// VulDetailInfo is one vulnerability: Level 1 low, 2 medium, 3 high, 4 critical; VulCategory
// 0 emergency, 1 web CMS, 2 application, 4 Linux, 5 Windows.
type VulDetailInfo struct {
	VulID       Int  `json:"VulId"`
	CveID       Text `json:"CveId"`
	Name        Text
	Level       Int
	CvssScore   Float
	Cvss        Text
	Fix         Text
	Descript    Text
	Reference   Text
	PublishTime Text
	VulCategory Int
}

// PatchInfoDetail is one missing patch.
type PatchInfoDetail struct {
	ID           Int `json:"Id"`
	KBNo         Text
	Name         Text
	PublishTime  Text
	RelatedCveID Texts `json:"RelatedCveId"`
	KbDocURL     Text  `json:"KbDocUrl"`
}

// Done tells whether the task has ended as far as the answer shows: progress 100, and no machine of
// it is scanning.
func (r *DescribeScanTaskDetailsResponse) Done() bool {
	if !r.ScanProgress.Is(100) {
		return false
	}
	return !slices.ContainsFunc(r.ScanTaskDetailList.Items, func(m ScanTaskDetail) bool { return m.Status.String() == "Scanning" })
}

// Stopped tells whether the service says that all tasks are being stopped.
func (r *DescribeScanTaskDetailsResponse) Stopped() bool { return r.StoppingAll.Is(true) }

func (r *DescribeScanTaskDetailsResponse) rows() (listed int, total Int) {
	return len(r.ScanTaskDetailList.Items), r.TotalCount
}

// DescribeScanTaskDetails returns one window of a task's machines, that of the request's Limit and
// Offset. Identical requests under way are one call.
func (c *Client) DescribeScanTaskDetails(ctx context.Context, request DescribeScanTaskDetailsRequest) (*DescribeScanTaskDetailsResponse, error) {
	return read(ctx, c, describeScanTaskDetails, request, func(*DescribeScanTaskDetailsResponse) bool { return false })
}

// DescribeWholeScanTask returns all machines of a task in a steady order (by Id), each once. While the
// task runs, and everything is not true, the first page is answer enough to see how far it is. It
// returns an error that wraps [ErrListChanged] when the list shifts between the pages every time.
// Identical requests under way are one reading, and that of a task that has ended is made once.
func (c *Client) DescribeWholeScanTask(ctx context.Context, request DescribeScanTaskDetailsRequest, everything bool) (*DescribeScanTaskDetailsResponse, error) {
	list := pagedList[DescribeScanTaskDetailsResponse, *DescribeScanTaskDetailsResponse]{
		op:      describeScanTaskDetails,
		request: func(w window) any { return request.Window(w.Limit, w.Offset) },
	}
	if !everything {
		list.enough = func(first *DescribeScanTaskDetailsResponse) bool { return !first.Done() && !first.Stopped() }
	}
	return list.whole(ctx, c, (*DescribeScanTaskDetailsResponse).Done)
}

// arrange sorts the machines, and refuses those that stand twice: a page shifted onto another.
func (r *DescribeScanTaskDetailsResponse) arrange() error {
	machines := slices.Clone(r.ScanTaskDetailList.Items)
	slices.SortStableFunc(machines, func(a, b ScanTaskDetail) int {
		return cmp.Or(cmp.Compare(a.ID.orZero(), b.ID.orZero()), cmp.Compare(a.Quuid.String(), b.Quuid.String()))
	})
	r.ScanTaskDetailList.Items = machines
	return unique(machines)
}

// unique refuses machines that stand twice in a sorted list: a page shifted onto another.
func unique(machines []ScanTaskDetail) error {
	seen := make(map[int64]bool, len(machines))
	for _, m := range machines {
		id := m.ID.Ptr()
		if id == nil {
			continue
		}
		if seen[*id] {
			return fmt.Errorf("the machine with Id %d is there twice", *id)
		}
		seen[*id] = true
	}
	return nil
}
