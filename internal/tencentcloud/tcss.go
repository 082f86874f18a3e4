package tencentcloud

import (
	"context"
	"fmt"
)

var describeVulScanInfo = operation{
	service: "tcss", version: tcssVersion, action: "DescribeVulScanInfo", repeatable: true, maxValues: fewValues,
}

// DescribeVulScanInfoRequest names the tasks to describe; a task that is not named is the last that ran.
type DescribeVulScanInfoRequest struct {
	LocalTaskID    *int64 `json:"LocalTaskID,omitempty"`
	RegistryTaskID *int64 `json:"RegistryTaskID,omitempty"`
}

// The values of Status. Any other is undocumented.
const (
	ImagesNotScanned = "NOT_SCAN"
	ImagesScanning   = "SCANNING"
	ImagesScanned    = "SCANNED"
	ImagesCanceled   = "CANCELED"
)

// DescribeVulScanInfoResponse counts what a scan of images found (document 004).
type DescribeVulScanInfoResponse struct {
	answer
	LocalImageScanCount, RegistryImageScanCount Int
	FoundVulCount, RegistryFoundVulCount        Int
	FoundRiskImageCount, IgnoreVulCount         Int
	ScanStartTime, ScanEndTime                  Time
	ScanProgress                                Float // per cent
	RemainingTime                               Float // seconds
	LocalTaskID, RegistryTaskID                 Int
	Status                                      Text
}

// Scanned tells whether the scan is done, so that asking again would answer the same.
func (r *DescribeVulScanInfoResponse) Scanned() bool { return r.Status.String() == ImagesScanned }

// DescribeVulScanInfo returns how far a scan of images is and what it found. Identical requests under
// way are one call, and the answer for a named task that is [DescribeVulScanInfoResponse.Scanned] is
// asked for once; so the response is shared and must not be changed.
func (c *Client) DescribeVulScanInfo(ctx context.Context, request DescribeVulScanInfoRequest) (*DescribeVulScanInfoResponse, error) {
	named := request.LocalTaskID != nil || request.RegistryTaskID != nil
	return read(ctx, c, describeVulScanInfo, request, func(r *DescribeVulScanInfoResponse) bool {
		return named && r.Scanned() && r.Check(request) == nil
	})
}

// Check returns an error that wraps [ErrOtherObject] where the answer is not about the tasks that the
// request names.
func (r *DescribeVulScanInfoResponse) Check(request DescribeVulScanInfoRequest) error {
	for _, task := range []struct {
		name  string
		asked *int64
		told  Int
	}{
		{"LocalTaskID", request.LocalTaskID, r.LocalTaskID},
		{"RegistryTaskID", request.RegistryTaskID, r.RegistryTaskID},
	} {
		if task.asked != nil && !task.told.Is(*task.asked) {
			return &Error{
				Action: describeVulScanInfo.action, RequestID: r.RequestID, Sent: true, kind: ErrOtherObject,
				cause: fmt.Errorf("the answer does not name the %s %d", task.name, *task.asked),
			}
		}
	}
	return nil
}
