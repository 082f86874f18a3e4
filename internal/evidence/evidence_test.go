package evidence_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
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

func num(n int64) field.Value[int64] { return field.Of(n) }

func text(s string) field.Value[string] { return field.Of(s) }

func at(when time.Time) field.Value[time.Time] { return field.Of(when.UTC()) }

var brokenNumber, brokenText = field.Broken[int64](), field.Broken[string]()

// TestEvidence_neverTakesUnreadableForAbsent: a pointer cannot tell the two apart.
func TestEvidence_neverTakesUnreadableForAbsent(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(code), "."+"Ptr()") && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s asks a field of an answer for a pointer", file)
		}
	}
}
