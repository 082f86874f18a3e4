package tencentcloud

import (
	"cmp"
	"context"
	"strings"
)

var (
	describeAssetImageRegistryList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeAssetImageRegistryList", repeatable: true, maxValues: manyValues,
	}
	describeAssetImageList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeAssetImageList", repeatable: true, maxValues: manyValues,
	}
)

// The statuses of an image that the samples show. Filters spell them in other ways, as in notScan.
const (
	ImageNotScanned = "NOT_SCAN"
	ImageScanning   = "SCANNING"
	ImageScanned    = "SCANNED"
	ImageFailed     = "SCAN_ERR"
)

// ImageCounts are what the service counts for an image; Vul is of all levels.
type ImageCounts struct {
	VulCnt, VirusCnt                     Int
	CriticalLevelVulCnt, HighLevelVulCnt Int
	MediumLevelVulCnt, LowLevelVulCnt    Int
}

// DescribeAssetImageRegistryListResponse lists images of registries.
type DescribeAssetImageRegistryListResponse struct {
	answer
	TotalCount Int                 `join:"same"`
	List       List[ImageRepoInfo] `join:"rows"`
}

// ImageRepoInfo is one image of a registry. The same image stands there once for each tag and repository,
// each time with another ID.
type ImageRepoInfo struct {
	ID               Int `json:"Id"`
	ImageDigest      Text
	ImageID          Text `json:"ImageId"`
	ImageRepoAddress Text
	ImageTag         Text
	IsAuthorized     Int // 1 for yes
	ImageCounts

	ScanTime         Time
	ScanStatus       Text // of all kinds of scans together
	CveStatus        Text // of the scan for vulnerabilities
	VirusStatus      Text // of the scan for malware
	ScanVulError     Text
	ScanVulProgress  Int // per cent
	Reason, Solution Text
}

func (i ImageRepoInfo) key() string { return i.ID.text() }

func (i ImageRepoInfo) inProgress() bool {
	return i.CveStatus.Is(ImageScanning) || i.ScanStatus.Is(ImageScanning)
}

// arrange sorts the images by ID, and refuses one that stands twice.
func (r *DescribeAssetImageRegistryListResponse) arrange() (err error) {
	r.List.Items, err = arrangeOnce(r.List.Items, func(a, b ImageRepoInfo) int { return cmp.Compare(a.ID.orZero(), b.ID.orZero()) })
	return err
}

func (r *DescribeAssetImageRegistryListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.TotalCount
}

// Complete tells whether as many images are listed as the service counts.
func (r *DescribeAssetImageRegistryListResponse) Complete() bool {
	return complete(r.List, r.TotalCount)
}

// assetFilter narrows a list of images. ExactMatch is left out: its name and its text contradict each other.
type assetFilter struct {
	Name   string
	Values []string
}

type describeAssetImageListRequest struct {
	Filters []assetFilter `json:",omitempty"`
	window
}

// DescribeAssetImageListResponse lists local images.
type DescribeAssetImageListResponse struct {
	answer
	TotalCount Int              `join:"same"`
	List       List[ImagesInfo] `join:"rows"`
}

// ImagesInfo is one local image. It tells the progress and the statuses of single kinds of scans nowhere.
type ImagesInfo struct {
	ImageID, ImageName Text
	IsAuthorized       Int // 1 for yes
	ImageCounts

	ScanTime              Time
	ScanStatus            Text // of all kinds of scans together
	ScanVulError          Text // "No Error" in the sample of a success
	ScanError, AgentError Text
	Reason, Solution      Text
}

func (i ImagesInfo) key() string { return i.ImageID.String() }

func (i ImagesInfo) inProgress() bool { return i.ScanStatus.Is(ImageScanning) }

func (r *DescribeAssetImageListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.TotalCount
}

// Complete tells whether as many images are listed as the service counts.
func (r *DescribeAssetImageListResponse) Complete() bool { return complete(r.List, r.TotalCount) }

// Image returns the image with the id, and false where it is not listed. A filter may let others pass.
func (r *DescribeAssetImageListResponse) Image(id string) (ImagesInfo, bool) {
	for _, image := range r.List.Items {
		if strings.EqualFold(image.ImageID.String(), id) {
			return image, true
		}
	}
	return ImagesInfo{}, false
}

// DescribeLocalImage returns the local images that the service lists for an id; see
// [DescribeAssetImageListResponse.Image]. Identical requests under way are one reading.
func (c *Client) DescribeLocalImage(ctx context.Context, id string) (*DescribeAssetImageListResponse, error) {
	list := pagedList[DescribeAssetImageListResponse, *DescribeAssetImageListResponse]{
		op: describeAssetImageList,
		request: func(w window) any {
			return describeAssetImageListRequest{[]assetFilter{{"ImageID", []string{id}}}, w}
		},
	}
	return list.whole(ctx, c, neverFinal)
}
