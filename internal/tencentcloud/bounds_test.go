package tencentcloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

func TestTooManyValues(t *testing.T) {
	t.Parallel()
	for text, values := range map[string]int{
		`[1,2,3]`: 3, `["a,b,[{\",e",1]`: 2, `{"a":1,"b":"2","c":null}`: 1, `{"a":[],"b":[{},{}]}`: 4, `[[1,2],[3]]`: 5, `[{"a":{"b":{}},"c":[null]},{}]`: 5,
		`]}],1,2`: 0, `"unfinished,[,`: 0, ``: 0, `[[[[`: 4,
	} {
		if tooManyValues([]byte(text), values) || values > 0 && !tooManyValues([]byte(text), values-1) {
			t.Errorf("%s has not %d values", text, values)
		}
	}
}

// ask makes the call of each action that answers by lists, by the list that takes most memory.
var ask = map[string]struct {
	op   operation
	list string
	row  string
	call func(context.Context, *Client) error
}{
	"CreateScanInstances": {createScanInstances, "AppMd5s", `""`, func(ctx context.Context, c *Client) error {
		_, err := c.CreateScanInstances(ctx, CreateScanInstancesRequest{})
		return err
	}},
	"DescribeScanResults, rows": {describeScanResults, "ScanSet", `{}`, func(ctx context.Context, c *Client) error {
		_, err := c.DescribeScanResults(ctx, DescribeScanResultsRequest{ItemID: "i"})
		return err
	}},
	// Six values each.
	"DescribeScanResults, sections": {describeScanResults, "ScanSet", `{"AdInfo":{},"VulInfo":{},"VirusInfo":{},"AppDetailInfo":{},"PermissionInfo":{}}`, func(ctx context.Context, c *Client) error {
		_, err := c.DescribeScanResults(ctx, DescribeScanResultsRequest{ItemID: "i"})
		return err
	}},
	"DescribeApkDetectionResult": {describeApkDetectionResult, "ResultList", `{}`, func(ctx context.Context, c *Client) error {
		_, err := c.DescribeApkDetectionResult(ctx, DescribeApkDetectionResultRequest{})
		return err
	}},
	"DescribeScanTaskDetails": {describeScanTaskDetails, "VulInfo", `{}`, func(ctx context.Context, c *Client) error {
		_, err := c.DescribeScanTaskDetails(ctx, DescribeScanTaskDetailsRequest{})
		return err
	}},
}

// allocated returns how many bytes a call has allocated, freed ones too.
func allocated(t *testing.T, body string, call func(context.Context, *Client) error) (uint64, error) {
	t.Helper()
	c := against(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := call(t.Context(), c)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}

func rowsOf(list, row string, n int) string {
	return `{"Response":{"RequestId":"r","ItemId":"i","Result":"ok","TotalCount":1,"` + list + `":[` + strings.Repeat(row+",", n-1) + row + `]}}`
}

// TestClient_listsAreBounded has actions answered by lists that fit into a body, but not into memory once
// they are rows: 990,001 empty ones in 3 MB.
func TestClient_listsAreBounded(t *testing.T) { //nolint:paralleltest // watches the memory of the process
	for name, tt := range ask {
		used, err := allocated(t, rowsOf(tt.list, tt.row, 990_001), tt.call)
		if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "values") {
			t.Errorf("%s: error %v", name, err)
		}
		if limit := uint64(32<<20 + 10*990_001*len(tt.row)); used > limit {
			t.Errorf("%s: %d MiB were allocated for an answer that is refused", name, used>>20)
		}
	}
}

// TestClient_largestListsFitIntoMemory measures the most that a list within the bounds can take.
func TestClient_largestListsFitIntoMemory(t *testing.T) { //nolint:paralleltest // watches the memory of the process
	for name, tt := range ask {
		values := max(1, strings.Count(tt.row, "{"))
		body := rowsOf(tt.list, tt.row, (tt.op.maxValues-2)/values)
		used, err := allocated(t, body, tt.call)
		if errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %.1f MB, %d MiB allocated", name, float64(len(body))/1e6, used>>20)
		if used > 512<<20 {
			t.Errorf("%s: %d MiB were allocated", name, used>>20)
		}
	}
}

// TestDecoding_boundsWhatIsDecodedAtOnce holds one large body, so that no second one is decoded; small ones
// are, and who waits may be interrupted.
func TestDecoding_boundsWhatIsDecodedAtOnce(t *testing.T) { //nolint:paralleltest // takes all of what the process may decode
	done, err := decoding(t.Context(), 2*MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	small, err := decoding(t.Context(), smallBody)
	if err != nil {
		t.Error(err)
	}
	small()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := decoding(ctx, smallBody+1); !errors.Is(err, context.Canceled) {
		t.Errorf("a second large body is decoded: %v", err)
	}
	done()
	done, err = decoding(t.Context(), MaxBody)
	if err != nil {
		t.Errorf("nothing is decoded any more: %v", err)
	}
	done()
}
