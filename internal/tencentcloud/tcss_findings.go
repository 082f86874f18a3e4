package tencentcloud

import (
	"cmp"
	"context"
	"errors"
)

var (
	describeAssetImageRegistryVulList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeAssetImageRegistryVulList", repeatable: true, maxValues: manyValues,
	}
	describeAssetImageVulList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeAssetImageVulList", repeatable: true, maxValues: manyValues,
	}
	describeScanIgnoreVulList = operation{
		service: "tcss", version: tcssVersion, action: "DescribeScanIgnoreVulList", repeatable: true, maxValues: manyValues,
	}
	describeImageAuthorizedInfo = operation{
		service: "tcss", version: tcssVersion, action: "DescribeImageAuthorizedInfo", repeatable: true, maxValues: fewValues,
	}
)

// Image names one image: exactly one of the two.
type Image struct {
	RegistryID int64  // ID of an [ImageRepoInfo], above 0
	LocalID    string // ImageID of an [ImagesInfo]
}

type describeRegistryVulsRequest struct {
	ID int64 `json:"Id"`
	window
}

type describeLocalVulsRequest struct {
	ImageID string
	window
}

// DescribeImageVulListResponse lists the vulnerabilities of an image: the answer of two actions, one for
// images of registries and one for local images, which differ in their rows alone.
type DescribeImageVulListResponse struct {
	answer
	TotalCount Int            `join:"same"`
	List       List[ImageVul] `join:"rows"`
}

// ImageVul is one vulnerability of an image. The lists of registry and of local images have POCID, Components,
// CvssScore and CvssVector, or CVSSV3Score and CVSSV3Desc.
type ImageVul struct {
	CVEID, POCID, Name Text
	// Level is 1 to 4, as a number or as text; what the numbers mean is not documented. Other lists of the
	// service have words, as in CRITICAL and MIDDLE.
	Level                            Text
	Component, Version               Text
	Components                       List[ImageVulComponent]
	FixedVersions                    Text
	CvssScore, CVSSV3Score           Float
	CvssVector, CVSSV3Desc           Text
	Tag                              Texts
	Des, OfficialSolution, Reference Text
}

// ImageVulComponent is one component that has a vulnerability; Component is an older name of Name.
type ImageVulComponent struct {
	Name, Component, Version, FixedVersion, Path Text
}

// Score returns the CVSS score, by whichever name it came.
func (v ImageVul) Score() Float {
	if v.CvssScore.Absent() {
		return v.CVSSV3Score
	}
	return v.CvssScore
}

// Vector returns the CVSS vector, by whichever name it came.
func (v ImageVul) Vector() Text {
	if v.CvssVector.Absent() {
		return v.CVSSV3Desc
	}
	return v.CvssVector
}

func (r *DescribeImageVulListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.TotalCount
}

// Complete tells whether as many vulnerabilities are listed as the service counts.
func (r *DescribeImageVulListResponse) Complete() bool { return complete(r.List, r.TotalCount) }

func (i Image) vuls() (pagedList[DescribeImageVulListResponse, *DescribeImageVulListResponse], error) {
	list := pagedList[DescribeImageVulListResponse, *DescribeImageVulListResponse]{op: describeAssetImageRegistryVulList}
	switch {
	case i.RegistryID > 0 && i.LocalID == "":
		list.request = func(w window) any { return describeRegistryVulsRequest{i.RegistryID, w} }
	case i.RegistryID == 0 && i.LocalID != "":
		list.op = describeAssetImageVulList
		list.request = func(w window) any { return describeLocalVulsRequest{i.LocalID, w} }
	default:
		return list, unsendable(list.op, errors.New("not exactly one image"))
	}
	return list, nil
}

// EachImageVul hands over all vulnerabilities of an image page by page, so that no more than a few pages are
// held at a time. begin is called before each reading and returns what takes the rows of that reading: what
// an earlier reading handed over does not count any more, since the list shifted while it was read. It returns
// how many rows the last reading handed over, and the service's count, which is unreadable where a page has no list
// but something else. The error wraps [ErrListChanged] when the list shifts between the pages every time. Nothing
// is remembered: the next scan changes it. begin and what it returns are never called at the same time.
func (c *Client) EachImageVul(ctx context.Context, image Image, begin func() func([]ImageVul)) (listed int, total Int, err error) {
	list, err := image.vuls()
	if err != nil {
		return 0, Int{}, err
	}
	return list.each(ctx, c, func() func(*DescribeImageVulListResponse) {
		take := begin()
		return func(page *DescribeImageVulListResponse) { take(page.List.Items) }
	})
}

// DescribeScanIgnoreVulListResponse lists what the account's scans are set to ignore.
type DescribeScanIgnoreVulListResponse struct {
	answer
	TotalCount Int                 `join:"same"`
	List       List[ScanIgnoreVul] `join:"rows"`
}

// ScanIgnoreVul is one vulnerability that is ignored, for all images or for some.
type ScanIgnoreVul struct {
	CVEID                               Text
	PocID                               Text
	VulName                             Text
	IsIgnoreAll                         Int // 1 for all images
	RegistryImageCount, LocalImageCount Int // of the images that it is ignored for
}

func (v ScanIgnoreVul) key() string {
	if v.CVEID.String() == "" && v.PocID.String() == "" {
		return ""
	}
	return v.CVEID.String() + "/" + v.PocID.String()
}

// arrange sorts what is ignored by its ids, and refuses what stands twice.
func (r *DescribeScanIgnoreVulListResponse) arrange() (err error) {
	r.List.Items, err = arrangeOnce(r.List.Items, func(a, b ScanIgnoreVul) int { return cmp.Compare(a.key(), b.key()) })
	return err
}

func (r *DescribeScanIgnoreVulListResponse) rows() (listed int, total Int) {
	return len(r.List.Items), r.TotalCount
}

// Complete tells whether as many vulnerabilities are listed as the service counts.
func (r *DescribeScanIgnoreVulListResponse) Complete() bool { return complete(r.List, r.TotalCount) }

// DescribeIgnoredVuls returns what the account's scans are set to ignore. Identical requests under way are one
// reading.
func (c *Client) DescribeIgnoredVuls(ctx context.Context) (*DescribeScanIgnoreVulListResponse, error) {
	list := pagedList[DescribeScanIgnoreVulListResponse, *DescribeScanIgnoreVulListResponse]{
		op:      describeScanIgnoreVulList,
		request: func(w window) any { return w },
	}
	return list.whole(ctx, c, neverFinal)
}

// DescribeImageAuthorizedInfoResponse tells what the account may scan.
type DescribeImageAuthorizedInfoResponse struct {
	answer
	TotalAuthorizedCnt, UsedAuthorizedCnt Int
	ImageScanInquireInfo                  Object[ImageScanQuota]
}

// ImageScanQuota is how many scans of images are bought and used; the service spells the names so.
type ImageScanQuota struct {
	Capacity       Int `json:"Capcity"`
	Used           Int `json:"Useage"`
	PurchaseStatus Text
	EndTime        Time
}

// Left returns how many scans are left. It is absent where none can be bought or the service does not say,
// and unreadable where one of the two numbers is.
func (q ImageScanQuota) Left() Int {
	if q.Capacity.Unreadable() || q.Used.Unreadable() {
		return broken()
	}
	capacity, used := q.Capacity.Ptr(), q.Used.Ptr()
	switch {
	case capacity == nil || used == nil || *capacity == 0:
		return Int{}
	case *capacity < 0 || *used < 0:
		return broken()
	}
	return IntOf(max(0, *capacity-*used))
}

// DescribeImageQuota tells how many scans of images are left. Identical requests under way are one call.
func (c *Client) DescribeImageQuota(ctx context.Context) (*DescribeImageAuthorizedInfoResponse, error) {
	return read(ctx, c, describeImageAuthorizedInfo, struct{}{}, neverFinal[*DescribeImageAuthorizedInfoResponse])
}
