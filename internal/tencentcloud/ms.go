package tencentcloud

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

const msVersion = "2018-04-08"

var (
	createScanInstances = operation{service: "ms", version: msVersion, action: "CreateScanInstances", maxValues: fewValues}
	describeScanResults = operation{service: "ms", version: msVersion, action: "DescribeScanResults", repeatable: true, maxValues: manyValues}
)

// AppInfo is one app to scan. AppURL and AppMD5 are required (document 001, api.md).
type AppInfo struct {
	AppURL     string `json:"AppUrl"`
	AppMD5     string `json:"AppMd5"`
	AppSize    *int64 `json:"AppSize,omitempty"` // bytes
	FileName   string `json:"FileName,omitempty"`
	AppPkgName string `json:"AppPkgName,omitempty"`
	AppVersion string `json:"AppVersion,omitempty"`
	AppIconURL string `json:"AppIconUrl,omitempty"`
	AppName    string `json:"AppName,omitempty"`
}

// ScanInfo says what to scan for and whom to tell.
type ScanInfo struct {
	ScanTypes   []string `json:"ScanTypes,omitempty"`
	CallbackURL string   `json:"CallbackUrl,omitempty"`
}

// CreateScanInstancesRequest submits up to 20 apps.
type CreateScanInstancesRequest struct {
	AppInfos []AppInfo
	ScanInfo ScanInfo
}

// CreateScanInstancesResponse is the answer to a submission. Progress is left out on purpose: it
// decides nothing.
type CreateScanInstancesResponse struct {
	answer
	ItemID Text `json:"ItemId"`
	// AppMD5s are the apps accepted; nil where the service does not say.
	AppMD5s Texts `json:"AppMd5s"`
	// LimitCount is how many scans the account has left; LimitTime when they expire, in Unix
	// seconds, 0 for never.
	LimitCount, LimitTime Int
}

// made tells whether the answer names a task, whatever else it says.
func (r *CreateScanInstancesResponse) made() bool { return strings.TrimSpace(r.ItemID.String()) != "" }

// CreateScanInstances submits apps for scanning, which is paid for. It is repeated only after an
// answer that proves that nothing was done; [HadNoEffect] tells of an error whether that is so.
// The response is never nil, and holds beside an error what could be read of the answer.
func (c *Client) CreateScanInstances(ctx context.Context, request CreateScanInstancesRequest) (*CreateScanInstancesResponse, error) {
	return call[CreateScanInstancesResponse](ctx, c, createScanInstances, request)
}

// DescribeScanResultsRequest asks for the rows of an item, all of them or those of some apps.
type DescribeScanResultsRequest struct {
	ItemID  string   `json:"ItemId"`
	AppMD5s []string `json:"AppMd5s,omitempty"`
	// Final is the caller's judgement whether an answer is final and may be remembered, since an answer
	// cannot tell of itself whether rows are still to come. Nil means never.
	Final func(*DescribeScanResultsResponse) bool `json:"-"`
}

// The values of TaskStatus (document 001, api.md). Any other is undocumented: not done.
const (
	TaskDone       = 1
	TaskProcessing = 2
	TaskError      = 3
	TaskTimedOut   = 4
)

// DescribeScanResultsResponse holds one row for each app (document 000).
type DescribeScanResultsResponse struct {
	answer
	TotalCount Int
	ScanSet    List[ScanSetInfo]
}

// ScanSetInfo is the result of one app. A section is absent where the service left it out.
type ScanSetInfo struct {
	TaskStatus     Int
	StatusCode     Int
	StatusDesc     Text
	StatusRef      Text
	TaskTime       Int // Unix seconds
	AppDetailInfo  Object[AppDetailInfo]
	VirusInfo      Object[VirusInfo]
	VulInfo        Object[VulInfo]
	AdInfo         Object[AdInfo]
	PermissionInfo Object[PermissionInfo]
	SensitiveInfo  Object[SensitiveInfo]
}

// AppDetailInfo describes the app that was scanned.
type AppDetailInfo struct {
	AppMD5     Text `json:"AppMd5"`
	AppSize    Int  // bytes
	FileName   Text
	AppPkgName Text
	AppVersion Text
	AppIconURL Text `json:"AppIconUrl"`
	AppName    Text
}

// VirusInfo is the virus engine's rating: SafeType 0 unknown, 1 safe, 2 risky, 3 virus.
type VirusInfo struct {
	SafeType  Int
	VirusName Text
	VirusDesc Text
}

// VulInfo lists the vulnerabilities of an app.
type VulInfo struct {
	VulFileScore Int
	VulList      List[VulListItem]
}

// VulListItem is one vulnerability: RiskLevel 1 low, 2 medium, 3 high; VulSrcType 0 the app itself,
// 1 a plugin of somebody else.
type VulListItem struct {
	VulID       Text `json:"VulId"`
	VulName     Text
	VulCode     Text
	VulDesc     Text
	VulSolution Text
	VulSrcType  Int
	VulFilepath Text
	RiskLevel   Int
}

// AdPlugin is one advertising plugin.
type AdPlugin struct {
	PluginType Int
	PluginName Text
	PluginDesc Text
}

// AdInfo holds the six lists of advertising plugins.
type AdInfo struct {
	Spots, BoutiqueRecommands, FloatWindows, Banners, IntegralWalls, NotifyBars List[AdPlugin]
}

// UnmarshalJSON reads the six lists under the documents' names as well as the SDK's.
func (a *AdInfo) UnmarshalJSON(data []byte) error {
	var both struct {
		Spot, Spots                           List[AdPlugin]
		BoutiqueRecommand, BoutiqueRecommands List[AdPlugin]
		FloatWindows, FloatWindowses          List[AdPlugin]
		Banner, Banners                       List[AdPlugin]
		IntegralWall, IntegralWalls           List[AdPlugin]
		NotifyBar, NotifyBars                 List[AdPlugin]
	}
	err := json.Unmarshal(data, &both)
	*a = AdInfo{
		Spots:              either(both.Spot, both.Spots),
		BoutiqueRecommands: either(both.BoutiqueRecommand, both.BoutiqueRecommands),
		FloatWindows:       either(both.FloatWindows, both.FloatWindowses),
		Banners:            either(both.Banner, both.Banners),
		IntegralWalls:      either(both.IntegralWall, both.IntegralWalls),
		NotifyBars:         either(both.NotifyBar, both.NotifyBars),
	}
	return err
}

// either joins what stands under two names for one list: unreadable if one of them is.
func either[T any](a, b List[T]) List[T] {
	if a.state == field.Absent {
		return b
	}
	a.Items = append(slices.Clip(a.Items), b.Items...)
	if b.state == field.Unreadable {
		a.state = b.state
	}
	return a
}

// PermissionInfo lists the permissions that an app declares.
type PermissionInfo struct {
	PermissionList List[PermissionItem]
}

// PermissionItem is one declared permission.
type PermissionItem struct {
	Permission Text
}

// SensitiveInfo lists files with sensitive words.
type SensitiveInfo struct {
	SensitiveList List[SensitiveItem]
}

// SensitiveItem is one file with sensitive words; FileSha is the file's SHA-1.
type SensitiveItem struct {
	WordList Texts
	FilePath Text
	FileSha  Text
}

// Complete tells whether the number of rows is as told, and not zero.
func (r *DescribeScanResultsResponse) Complete() bool {
	return len(r.ScanSet.Items) > 0 && r.TotalCount.Is(int64(len(r.ScanSet.Items)))
}

// DescribeScanResults returns the rows of an item. Identical requests under way are one call, and an
// answer that is final is asked for once; so the response is shared and must not be changed. An
// answer that another caller held for final is given only where it is by this caller's judgement too.
func (c *Client) DescribeScanResults(ctx context.Context, request DescribeScanResultsRequest) (*DescribeScanResultsResponse, error) {
	request.AppMD5s = slices.Sorted(slices.Values(request.AppMD5s))
	final := request.Final
	if final == nil {
		final = func(*DescribeScanResultsResponse) bool { return false }
	}
	return read(ctx, c, describeScanResults, request, final)
}
