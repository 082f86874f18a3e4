package evidence_test

import (
	"encoding/json"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// from reads the Response object of an answer, as the client does.
func from[T any](t *testing.T, document string) *T {
	t.Helper()
	var answer T
	if err := json.Unmarshal([]byte(document), &answer); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return &answer
}

type (
	detection  = tencentcloud.DescribeApkDetectionResultResponse
	hostScan   = tencentcloud.DescribeScanTaskDetailsResponse
	imageScan  = tencentcloud.DescribeVulScanInfoResponse
	imageTasks = tencentcloud.DescribeVulScanInfoRequest
	results    = tencentcloud.DescribeScanResultsResponse
)

func ptr[T any](v T) *T { return &v }
