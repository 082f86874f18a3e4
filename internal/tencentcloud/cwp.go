package tencentcloud

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
)

var describeScanTaskDetails = operation{
	service: "cwp", version: "2018-02-28", action: "DescribeScanTaskDetails", repeatable: true, maxValues: manyValues,
}

// MaxPage is the most machines of one answer (document 003).
const MaxPage = 100

// ErrUnsteady tells that a list changed while its pages were read, again and again.
var ErrUnsteady = errors.New("the list kept changing while its pages were read")

// DescribeScanTaskDetailsRequest asks for the machines of a task.
type DescribeScanTaskDetailsRequest struct {
	ModuleType string   // Malware, Vul or Baseline
	TaskID     int64    `json:"TaskId"`
	Filters    []Filter `json:",omitempty"`
	Limit      *int64   `json:",omitempty"`
	Offset     *int64   `json:",omitempty"`
}

// Filter narrows the machines.
type Filter struct {
	Name       string
	Values     []string
	ExactMatch *bool `json:",omitempty"`
}

// DescribeScanTaskDetailsResponse tells how far a task is, its machines, and what it found. Lists are
// nil where the service gives none.
type DescribeScanTaskDetailsResponse struct {
	answer
	ScanTaskDetailList                 []ScanTaskDetail
	TotalCount                         Int
	ScanMachineCount, RiskMachineCount Int
	ScanBeginTime, ScanEndTime         Text
	ScanTime                           Int
	ScanProgress                       Int // per cent
	ScanLeftTime                       Int // seconds
	ScanContent                        []Text
	VulInfo                            []VulDetailInfo
	PatchInfo                          []PatchInfoDetail
	RiskEventCount, VulCount           Int
	Type                               Int
	StoppingAll                        Bool
}

// ScanTaskDetail is one machine: Status is Scanning, Ok or Fail; FailType 3 offline, 4 timed out,
// 5 failed, 8 agent too old.
type ScanTaskDetail struct {
	ID                         Int `json:"Id"`
	Quuid, UUID                Text
	HostName, HostIP, OsName   Text
	Status, Description        Text
	FailType, RiskNum          Int
	ScanBeginTime, ScanEndTime Text
	MachineWanIP               Text
	MachineExtraInfo           *MachineExtraInfo
}

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
	return !slices.ContainsFunc(r.ScanTaskDetailList, func(m ScanTaskDetail) bool { return m.Status.String() == "Scanning" })
}

// Stopped tells whether all tasks are being stopped.
func (r *DescribeScanTaskDetailsResponse) Stopped() bool {
	stopping := r.StoppingAll.Ptr()
	return stopping != nil && *stopping
}

// DescribeScanTaskDetails returns one window of a task's machines, that of the request's Limit and
// Offset. Identical requests under way are one call.
func (c *Client) DescribeScanTaskDetails(ctx context.Context, request DescribeScanTaskDetailsRequest) (*DescribeScanTaskDetailsResponse, error) {
	return read(ctx, c, describeScanTaskDetails, request, func(*DescribeScanTaskDetailsResponse) bool { return false })
}

// steadyTries bounds how often all pages are read anew because the list shifted.
const steadyTries = 4

// DescribeWholeScanTask returns all machines of a task in a steady order (by Id), each once. While the
// task runs, and everything is not true, the first page is answer enough to see how far it is. It
// returns an error that wraps [ErrUnsteady] when the list shifts between the pages every time.
// Identical requests under way are one reading, and that of a task that has ended is made once.
func (c *Client) DescribeWholeScanTask(ctx context.Context, request DescribeScanTaskDetailsRequest, everything bool) (*DescribeScanTaskDetailsResponse, error) {
	key, err := json.Marshal(request)
	if err != nil {
		return nil, &Error{Action: describeScanTaskDetails.action, kind: ErrInvalid, cause: err}
	}
	name := fmt.Sprintf("all of %s %t %s", describeScanTaskDetails.action, everything, key)
	value, err := c.shared.do(ctx, name, func(ctx context.Context) (any, bool, error) {
		whole, err := c.allPages(ctx, request, everything)
		return whole, err == nil && whole.Done(), err
	})
	if err != nil {
		return nil, asError(describeScanTaskDetails, err)
	}
	whole, ok := value.(*DescribeScanTaskDetailsResponse)
	if !ok {
		return nil, &Error{Action: describeScanTaskDetails.action, kind: ErrMalformed, cause: fmt.Errorf("an answer of type %T", value)}
	}
	return whole, nil
}

func (c *Client) allPages(ctx context.Context, request DescribeScanTaskDetailsRequest, everything bool) (*DescribeScanTaskDetailsResponse, error) {
	var shifted error
	for range steadyTries {
		first, err := c.page(ctx, request, 0)
		if err != nil || !everything && !first.Done() && !first.Stopped() {
			return first, err
		}
		pages, err := c.furtherPages(ctx, request, first)
		if err != nil {
			return nil, err
		}
		whole, err := join(append([]*DescribeScanTaskDetailsResponse{first}, pages...))
		if err == nil {
			return whole, nil
		}
		shifted = err
	}
	return nil, &Error{Action: describeScanTaskDetails.action, kind: ErrUnsteady, cause: shifted, Sent: true}
}

func (c *Client) page(ctx context.Context, request DescribeScanTaskDetailsRequest, offset int64) (*DescribeScanTaskDetailsResponse, error) {
	limit := int64(MaxPage)
	request.Limit, request.Offset = &limit, &offset
	return call[DescribeScanTaskDetailsResponse](ctx, c, describeScanTaskDetails, request)
}

// maxMachines bounds a list, so that a count out of a broken answer does not start endless requests.
const maxMachines = 1_000_000

// pageStep lets each page begin with the last machine of the page before it: pages of a list that
// shifted between them do not meet, even where as many machines came as went.
const pageStep = MaxPage - 1

// furtherPages reads what the first page leaves, the pages side by side; the rate limit paces them.
func (c *Client) furtherPages(ctx context.Context, request DescribeScanTaskDetailsRequest, first *DescribeScanTaskDetailsResponse) ([]*DescribeScanTaskDetailsResponse, error) {
	total := first.TotalCount.Ptr()
	if total == nil || *total < int64(len(first.ScanTaskDetailList)) {
		return c.pagesToTheEnd(ctx, request, first)
	}
	if *total <= MaxPage {
		return nil, nil
	}
	if *total > maxMachines {
		return nil, tooManyMachines(*total)
	}
	pages := make([]*DescribeScanTaskDetailsResponse, (*total-MaxPage+pageStep-1)/pageStep)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i := range pages {
		group.Go(func() error {
			page, err := c.page(ctx, request, int64(i+1)*pageStep)
			pages[i] = page
			return err
		})
	}
	return pages, group.Wait()
}

// pagesToTheEnd reads page after page until one is not full, where no total tells how many there are.
func (c *Client) pagesToTheEnd(ctx context.Context, request DescribeScanTaskDetailsRequest, last *DescribeScanTaskDetailsResponse) ([]*DescribeScanTaskDetailsResponse, error) {
	var pages []*DescribeScanTaskDetailsResponse
	for offset := int64(pageStep); len(last.ScanTaskDetailList) >= MaxPage; offset += pageStep {
		if offset > maxMachines {
			return nil, tooManyMachines(offset)
		}
		page, err := c.page(ctx, request, offset)
		if err != nil {
			return nil, err
		}
		pages, last = append(pages, page), page
	}
	return pages, nil
}

func tooManyMachines(n int64) error {
	return &Error{Action: describeScanTaskDetails.action, kind: ErrTooLarge, cause: fmt.Errorf("%d machines", n), Sent: true}
}

// join puts pages together. It returns an error that says how the list shifted between them.
func join(pages []*DescribeScanTaskDetailsResponse) (*DescribeScanTaskDetailsResponse, error) {
	whole := *pages[0]
	whole.ScanTaskDetailList, whole.VulInfo, whole.PatchInfo = pages[0].ScanTaskDetailList, nil, nil
	seenVul, seenPatch := map[string]bool{}, map[string]bool{}
	var before []ScanTaskDetail
	for i, page := range pages {
		if page.TotalCount != pages[0].TotalCount {
			return nil, errors.New("TotalCount changed between the pages")
		}
		if i > 0 {
			if !meet(before, page.ScanTaskDetailList) {
				return nil, errors.New("a page does not begin with the last machine of the page before it")
			}
			whole.ScanTaskDetailList = slices.Concat(whole.ScanTaskDetailList, page.ScanTaskDetailList[1:])
		}
		before = page.ScanTaskDetailList
		whole.VulInfo = union(whole.VulInfo, page.VulInfo, seenVul)
		whole.PatchInfo = union(whole.PatchInfo, page.PatchInfo, seenPatch)
		if !page.ScanProgress.Is(100) {
			whole.ScanProgress = page.ScanProgress
		}
		if page.Stopped() {
			whole.StoppingAll = page.StoppingAll
		}
	}
	if total := whole.TotalCount.Ptr(); total != nil && len(pages) > 1 && *total != int64(len(whole.ScanTaskDetailList)) {
		return nil, fmt.Errorf("%d machines in pages of a list of %d", len(whole.ScanTaskDetailList), *total)
	}
	whole.ScanTaskDetailList = slices.Clone(whole.ScanTaskDetailList)
	slices.SortStableFunc(whole.ScanTaskDetailList, func(a, b ScanTaskDetail) int {
		return cmp.Or(cmp.Compare(a.ID.value, b.ID.value), cmp.Compare(a.Quuid.String(), b.Quuid.String()))
	})
	return &whole, unique(whole.ScanTaskDetailList)
}

// meet tells whether a page begins with the machine that the page before it ends with.
func meet(before, page []ScanTaskDetail) bool {
	if len(before) == 0 || len(page) == 0 {
		return false
	}
	last, first := before[len(before)-1], page[0]
	return last.ID == first.ID && last.Quuid == first.Quuid
}

// union adds what a page has and no page before it did: the service may repeat such a list on every
// page. A list that no page has stays nil.
func union[T any](whole, page []T, seen map[string]bool) []T {
	if page != nil && whole == nil {
		whole = []T{}
	}
	keys := make([]string, len(page))
	for i, item := range page {
		keys[i] = fmt.Sprintf("%+v", item)
		if !seen[keys[i]] {
			whole = append(whole, item)
		}
	}
	for _, key := range keys {
		seen[key] = true
	}
	return whole
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
