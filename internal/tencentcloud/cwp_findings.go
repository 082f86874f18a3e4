package tencentcloud

import (
	"cmp"
	"context"
)

var (
	describeVulList           = operation{service: "cwp", version: cwpVersion, action: "DescribeVulList", repeatable: true, maxValues: manyValues}
	describeVulEffectHostList = operation{service: "cwp", version: cwpVersion, action: "DescribeVulEffectHostList", repeatable: true, maxValues: manyValues}
	describeMalWareList       = operation{service: "cwp", version: cwpVersion, action: "DescribeMalWareList", repeatable: true, maxValues: manyValues}
	describeBaselineItemList  = operation{service: "cwp", version: cwpVersion, action: "DescribeBaselineItemList", repeatable: true, maxValues: manyValues}
)

// The values of Status that the findings of the lists below have; the other ones are open, or not known.
const (
	HostVulFixed = 3

	MalwareIsolated = 6
	MalwareDeleted  = 8
	MalwareHandled  = 14

	BaselinePassed  = 3
	BaselineRunning = 5
)

// DescribeVulListResponse lists the vulnerabilities of the account's hosts, found in whatever task.
type DescribeVulListResponse struct {
	answer
	TotalCount  Int           `join:"same"`
	VulInfoList List[HostVul] `join:"rows"`
}

// HostVul is one vulnerability on one or more hosts: Level 1 low, 2 medium, 3 high, 4 critical; Status 0 open,
// 1 ignored, 3 fixed, 5 being checked, 6 being fixed, 8 not fixed for an error; Labels are divided by commas.
type HostVul struct {
	VulID           Int  `json:"VulId"`
	CveID           Text `json:"CveId"`
	Name, Descript  Text
	Level, Status   Int
	VulCategory     Int
	HostCount       Int
	CvssScore       Float
	Labels          Text
	TaskID          Int `json:"TaskId"` // of the last task that found it
	LastTime        Time
	FirstAppearTime Time
}

// ID returns the id by which the hosts of the vulnerability are asked for; false where the answer gives none.
func (v HostVul) ID() (id int64, ok bool) {
	id, _ = v.VulID.Get()
	return id, id > 0
}

func (v HostVul) key() string { return pair(v.VulID, v.Status) }

// pair returns the key of two numbers, empty where the first cannot be read.
func pair(a, b Int) string {
	if a.text() == "" {
		return ""
	}
	return a.text() + "/" + b.text()
}

func (r *DescribeVulListResponse) rows() (listed int, total Int) {
	return len(r.VulInfoList.Items), r.TotalCount
}

// Complete tells whether as many vulnerabilities are listed as the service counts.
func (r *DescribeVulListResponse) Complete() bool { return complete(r.VulInfoList, r.TotalCount) }

func (r *DescribeVulListResponse) arrange() (err error) {
	r.VulInfoList.Items, err = arrangeOnce(r.VulInfoList.Items, func(a, b HostVul) int {
		return cmp.Or(cmp.Compare(a.VulID.orZero(), b.VulID.orZero()), cmp.Compare(a.Status.orZero(), b.Status.orZero()))
	})
	return err
}

// DescribeHostVuls returns all vulnerabilities of the account's hosts, by VulID. No filter for levels is
// documented. Identical requests under way are one reading.
func (c *Client) DescribeHostVuls(ctx context.Context) (*DescribeVulListResponse, error) {
	list := pagedList[DescribeVulListResponse, *DescribeVulListResponse]{
		op:      describeVulList,
		request: func(w window) any { return w },
	}
	return list.whole(ctx, c, neverFinal)
}

type describeVulEffectHostListRequest struct {
	VulID int64 `json:"VulId"`
	window
}

// DescribeVulEffectHostListResponse lists the hosts of one vulnerability.
type DescribeVulEffectHostListResponse struct {
	answer
	TotalCount        Int                 `join:"same"`
	VulEffectHostList List[VulEffectHost] `join:"rows"`
}

// VulEffectHost is one host of a vulnerability; Level and Status are those of [HostVul], and Status 7 is being
// rolled back.
type VulEffectHost struct {
	EventID            Int `json:"EventId"`
	Quuid, UUID        Text
	AliasName, HostIP  Text
	Level, Status      Int
	Description        Text
	FixStatusMsg       Text
	LastTime           Time
	FirstDiscoveryTime Time
}

func (h VulEffectHost) key() string { return h.EventID.text() }

func (r *DescribeVulEffectHostListResponse) rows() (listed int, total Int) {
	return len(r.VulEffectHostList.Items), r.TotalCount
}

// Complete tells whether as many hosts are listed as the service counts.
func (r *DescribeVulEffectHostListResponse) Complete() bool {
	return complete(r.VulEffectHostList, r.TotalCount)
}

func (r *DescribeVulEffectHostListResponse) arrange() (err error) {
	r.VulEffectHostList.Items, err = arrangeOnce(r.VulEffectHostList.Items, func(a, b VulEffectHost) int {
		return cmp.Compare(a.EventID.orZero(), b.EventID.orZero())
	})
	return err
}

// DescribeHostsOfVul returns all hosts of a vulnerability. Its filters take five hosts at most, so it is read
// without any. Identical requests under way are one reading.
func (c *Client) DescribeHostsOfVul(ctx context.Context, vul int64) (*DescribeVulEffectHostListResponse, error) {
	list := pagedList[DescribeVulEffectHostListResponse, *DescribeVulEffectHostListResponse]{
		op:      describeVulEffectHostList,
		request: func(w window) any { return describeVulEffectHostListRequest{vul, w} },
	}
	return list.whole(ctx, c, neverFinal)
}

// DescribeMalWareListResponse lists the malware of the account's hosts.
type DescribeMalWareListResponse struct {
	answer
	TotalCount  Int               `join:"same"`
	MalWareList List[HostMalware] `join:"rows"`
}

// HostMalware is one file on one host: Level 0 unknown, 1 low, 2 medium, 3 high, 4 critical; Status 4 open,
// 5 trusted, 6 isolated, 8 deleted, 10 being isolated, 11 being restored, 13 on the allow list, 14 handled.
type HostMalware struct {
	ID                        Int `json:"Id"`
	Quuid, UUID               Text
	Alias, HostIP             Text
	FilePath, VirusName       Text
	Level, Status             Int
	ProcessExists, FileExists Int // 1 for yes
	MD5                       Text
	CreateTime                Time
	LatestScanTime            Time
}

func (m HostMalware) key() string { return m.ID.text() }

func (r *DescribeMalWareListResponse) rows() (listed int, total Int) {
	return len(r.MalWareList.Items), r.TotalCount
}

// Complete tells whether as many files are listed as the service counts.
func (r *DescribeMalWareListResponse) Complete() bool { return complete(r.MalWareList, r.TotalCount) }

func (r *DescribeMalWareListResponse) arrange() (err error) {
	r.MalWareList.Items, err = arrangeOnce(r.MalWareList.Items, func(a, b HostMalware) int {
		return cmp.Compare(a.ID.orZero(), b.ID.orZero())
	})
	return err
}

// DescribeHostMalware returns all malware of the account's hosts, whatever became of it. Identical requests
// under way are one reading.
func (c *Client) DescribeHostMalware(ctx context.Context) (*DescribeMalWareListResponse, error) {
	list := pagedList[DescribeMalWareListResponse, *DescribeMalWareListResponse]{
		op:      describeMalWareList,
		request: func(w window) any { return w },
	}
	return list.whole(ctx, c, neverFinal)
}

// DescribeBaselineItemListResponse lists the checks of the account's hosts; its count has another name than in
// the other lists.
type DescribeBaselineItemListResponse struct {
	answer
	Total Int                `join:"same"`
	List  List[BaselineItem] `join:"rows"`
}

// BaselineItem is one check on one host: DetectStatus 0 failed, 1 ignored, 3 passed, 5 being checked. What Level
// means is not documented here; elsewhere in baselines it is 1 low to 4 critical.
type BaselineItem struct {
	ItemID                 Int `json:"ItemId"`
	ItemName, ItemDesc     Text
	RuleName               Text
	FixMethod              Text
	DetectResultDesc       Text
	Level, DetectStatus    Int
	HostID                 Text `json:"HostId"`
	HostName, HostIP, UUID Text
	MachineExtraInfo       Object[MachineExtraInfo]
	FirstTime, LastTime    Time
}

func (r *DescribeBaselineItemListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.Total
}

// Complete tells whether as many checks are listed as the service counts.
func (r *DescribeBaselineItemListResponse) Complete() bool { return complete(r.List, r.Total) }

// EachBaselineItem hands over all checks page by page, as [Client.EachImageVul] does: a thousand hosts have
// hundreds of thousands of them, with the same long texts for each host.
func (c *Client) EachBaselineItem(ctx context.Context, begin func() func([]BaselineItem)) (listed int, total Int, err error) {
	list := pagedList[DescribeBaselineItemListResponse, *DescribeBaselineItemListResponse]{
		op:      describeBaselineItemList,
		request: func(w window) any { return w },
	}
	return list.each(ctx, c, func() func(*DescribeBaselineItemListResponse) {
		take := begin()
		return func(page *DescribeBaselineItemListResponse) { take(page.List.Items) }
	})
}
