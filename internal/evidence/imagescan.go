package evidence

import (
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ImageScan returns the input of the gate for an answer to a request that named the given tasks.
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
	scan.LocalImageScanCount, scan.RegistryImageScanCount = answer.LocalImageScanCount.Value, answer.RegistryImageScanCount.Value
	scan.FoundVulCount, scan.RegistryFoundVulCount = answer.FoundVulCount.Value, answer.RegistryFoundVulCount.Value
	scan.FoundRiskImageCount = answer.FoundRiskImageCount.Value
	scan.Scanned = span(answer.ScanStartTime, answer.ScanEndTime)
	return scan
}
