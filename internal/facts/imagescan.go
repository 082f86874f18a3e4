package facts

import (
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ImageScan returns the facts of an answer to a request that named the given tasks.
func ImageScan(object string, request tencentcloud.DescribeVulScanInfoRequest, answer *tencentcloud.DescribeVulScanInfoResponse) gate.ImageScan {
	scan := gate.ImageScan{
		Object:        object,
		AskedLocal:    request.LocalTaskID != nil,
		AskedRegistry: request.RegistryTaskID != nil,
	}
	if answer == nil {
		return scan
	}
	scan.Status = answer.Status.String()
	scan.LocalImageScanCount, scan.RegistryImageScanCount = answer.LocalImageScanCount.Ptr(), answer.RegistryImageScanCount.Ptr()
	scan.FoundVulCount, scan.RegistryFoundVulCount = answer.FoundVulCount.Ptr(), answer.RegistryFoundVulCount.Ptr()
	scan.FoundRiskImageCount = answer.FoundRiskImageCount.Ptr()
	scan.ScannedAt = Time(answer.ScanEndTime.String())
	return scan
}
