package tencentcloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

func TestTooManyValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`[1,2,3]`: false, `[1,2,3,4]`: true, `["a,b,c,d\",e",1]`: false, `{"a":[],"b":[{},{}]}`: false, `{"a":[1,2],"b":[{},{}]}`: true, `"unfinished,,,,`: false, ``: false,
	} {
		if got := tooManyValues([]byte(text), 3); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// TestClient_listsAreBounded has every action answered by lists that fit into a body, but not into
// memory once they are rows.
func TestClient_listsAreBounded(t *testing.T) { //nolint:paralleltest // watches the memory of the process
	rows := strings.Repeat("{},", 8<<20) + "{}"
	body := `{"Response":{"RequestId":"r","ItemId":"i","TotalCount":1,"ScanSet":[` + rows + `]}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	defer server.Close()
	endpoint, err := URLEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{
		Credentials: func(context.Context) (common.CredentialIface, error) { return common.NewCredential("id", "key"), nil },
		Endpoint:    endpoint, RequestsPerSecond: 1000, RequestTimeout: time.Minute,
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "values") {
		t.Errorf("error %v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 512<<20 {
		t.Errorf("%d MiB were allocated", used>>20)
	}
}
