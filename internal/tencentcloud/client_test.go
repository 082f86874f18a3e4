package tencentcloud

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

const (
	testID    = "AKIDtest0123456789"
	testKey   = "key-that-never-shows"
	testToken = "token-that-never-shows"
)

// against returns a client whose calls are answered by handle, without a pause before retries.
func against(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return clientFor(t, server.URL)
}

func clientFor(t *testing.T, url string) *Client {
	t.Helper()
	endpoint, err := URLEndpoint(url)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewTokenCredential(testID, testKey, testToken), nil
		},
		Endpoint:          endpoint,
		Region:            "ap-guangzhou",
		Language:          "en-US",
		RequestsPerSecond: 10000,
		MaxRetries:        3,
		RequestTimeout:    5 * time.Second,
		Agent:             "terraform-provider-ms test",
	})
	c.backoff, c.throttling = func(int) time.Duration { return 0 }, unthrottled
	return c
}

// answering writes each body in turn; the last one is repeated.
func answering(calls *atomic.Int32, bodies ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		n := int(calls.Add(1))
		_, _ = io.WriteString(w, bodies[min(n, len(bodies))-1])
	}
}

const emptyResults = `{"Response":{"TotalCount":0,"ScanSet":[],"RequestId":"r-1"}}`

func refusal(code string) string {
	return fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"because"},"RequestId":"r-%s"}}`, code, code)
}

func TestClient_sendsWhatTheDocumentsAsk(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"Response":{"ItemId":"i","RequestId":"r"}}`)
	})
	size := int64(9007199254740993)
	_, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{
		AppInfos: []AppInfo{{AppURL: "https://example.com/a?x=1&y=<2>", AppMD5: "d4", AppSize: &size}},
		ScanInfo: ScanInfo{ScanTypes: []string{"VULSCAN"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"X-TC-Action": "CreateScanInstances", "X-TC-Version": "2018-04-08", "X-TC-Token": testToken,
		"X-TC-Language": "en-US", "X-TC-Region": "", "Content-Type": "application/json",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if agent := got.Header.Get("X-TC-RequestClient"); !strings.Contains(agent, "terraform-provider-ms test") {
		t.Errorf("X-TC-RequestClient is %q", agent)
	}
	var sent struct {
		AppInfos []struct {
			AppURL  string      `json:"AppUrl"`
			AppSize json.Number `json:"AppSize"`
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	if sent.AppInfos[0].AppURL != "https://example.com/a?x=1&y=<2>" || sent.AppInfos[0].AppSize != "9007199254740993" {
		t.Errorf("sent %s", body)
	}
}

func TestClient_retriesReadsButNeverAPaidSubmission(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status        int
		body          string
		kind          error
		reads, writes int32 // calls that are made
		undone        bool
	}{
		"InternalError":                {200, refusal("InternalError"), ErrServer, 4, 1, false},
		"InternalError.ServerError":    {200, refusal("InternalError.ServerError"), ErrServer, 4, 1, false},
		"HTTP 503":                     {503, "<html>", ErrServer, 4, 1, false},
		"no JSON":                      {200, "<html>", ErrMalformed, 4, 1, false},
		"empty":                        {200, "", ErrMalformed, 4, 1, false},
		"no Response":                  {200, `{}`, ErrMalformed, 4, 1, false},
		"a Response that is a list":    {200, `{"Response":[]}`, ErrMalformed, 4, 1, false},
		"LimitExceeded":                {200, refusal("LimitExceeded"), ErrQuota, 1, 1, true},
		"AuthFailure.SecretIdNotFound": {200, refusal("AuthFailure.SecretIdNotFound"), ErrDenied, 1, 1, true},
		"AuthFailure.SignatureExpire":  {200, refusal("AuthFailure.SignatureExpire"), ErrClock, 1, 1, true},
		"UnauthorizedOperation":        {200, refusal("UnauthorizedOperation.NotWhiteUser"), ErrDenied, 1, 1, true},
		"MissingParameter":             {200, refusal("MissingParameter.MissingItemId"), ErrInvalid, 1, 1, true},
		"UnknownParameter":             {200, refusal("UnknownParameter"), ErrInvalid, 1, 1, true},
		"ResourceNotFound":             {200, refusal("ResourceNotFound.ItemIdNotFound"), ErrNotFound, 1, 1, true},
		"ActionOffline":                {200, refusal("ActionOffline"), ErrActionUnavailable, 1, 1, true},
		"InvalidAction":                {200, refusal("InvalidAction"), ErrActionUnavailable, 1, 1, true},
		"UnsupportedOperation":         {200, refusal("UnsupportedOperation"), ErrActionUnavailable, 1, 1, true},
		"an undocumented code":         {200, refusal("FailedOperation.What"), ErrOther, 1, 1, false},
		"an error with an empty code":  {200, `{"Response":{"Error":{},"RequestId":"r"}}`, ErrOther, 1, 1, false},
		"HTTP 403":                     {403, "<html>", ErrOther, 1, 1, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			})
			_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
			if !errors.Is(err, tt.kind) || calls.Load() != tt.reads {
				t.Errorf("read: %v after %d calls, want %v after %d", err, calls.Load(), tt.kind, tt.reads)
			}
			calls.Store(0)
			_, err = c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
			if !errors.Is(err, tt.kind) || calls.Load() != tt.writes || HadNoEffect(err) != tt.undone {
				t.Errorf("submit: %v after %d calls, no effect %t; want %v after %d, no effect %t", err, calls.Load(), HadNoEffect(err), tt.kind, tt.writes, tt.undone)
			}
			var e *Error
			if errors.As(err, &e) && strings.Contains(tt.body, "RequestId\":\"r-") && !strings.HasPrefix(e.RequestID, "r-") {
				t.Errorf("RequestID %q", e.RequestID)
			}
			for _, secret := range []string{testKey, testToken, "<html>"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%v shows %q", err, secret)
				}
			}
		})
	}
}

func TestClient_refusedConnectionSendsNothing(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	_, err := clientFor(t, url).CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
	var e *Error
	if !errors.Is(err, ErrTransport) || !HadNoEffect(err) || !errors.As(err, &e) || e.Attempts != 4 {
		t.Errorf("got %v, no effect %t", err, HadNoEffect(err))
	}
}

func TestClient_brokenConnectionMayHaveSubmitted(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	})
	_, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
	if !errors.Is(err, ErrTransport) || HadNoEffect(err) || calls.Load() != 1 {
		t.Errorf("got %v after %d calls, no effect %t", err, calls.Load(), HadNoEffect(err))
	}
}

func TestClient_truncatedBodyIsAFailedConnection(t *testing.T) {
	t.Parallel()
	c := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"Response":{"ItemId":"i"`)
	})
	if _, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{}); !errors.Is(err, ErrTransport) || HadNoEffect(err) {
		t.Errorf("got %v", err)
	}
}

func TestClient_redirectIsNeverFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 307, 308} {
		c := against(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"}); !errors.Is(err, ErrRedirected) {
			t.Errorf("%d: got %v", status, err)
		}
	}
	if reached.Load() {
		t.Error("a redirect was followed")
	}
}

func TestClient_bodyIsBounded(t *testing.T) {
	t.Parallel()
	bodies := map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			chunk := bytes.Repeat([]byte(" "), 1<<16)
			for range 64 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"a bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<22))
			_ = z.Close()
		},
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := against(t, body)
			c.transport = newBoundedTransport(1 << 20)
			if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"}); !errors.Is(err, ErrTooLarge) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestClient_requestTimeoutBoundsAnAttempt(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	c := against(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	c.config.RequestTimeout, c.config.MaxRetries = 20*time.Millisecond, 1
	_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	var e *Error
	if !errors.Is(err, ErrTransport) || !errors.As(err, &e) || e.Attempts != 2 {
		t.Errorf("got %v", err)
	}
}

func TestClient_identicalReadsUnderWayAreOneCall(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	arrived, release := make(chan struct{}), make(chan struct{})
	c := against(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			close(arrived)
		}
		<-release
		_, _ = io.WriteString(w, emptyResults)
	})
	leader, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := c.DescribeScanResults(leader, DescribeScanResultsRequest{ItemID: "i", AppMD5s: []string{"b", "a"}})
		ended <- err
	}()
	<-arrived
	var followers sync.WaitGroup
	for range 10 {
		followers.Go(func() {
			if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i", AppMD5s: []string{"a", "b"}}); err != nil {
				t.Errorf("follower: %v", err)
			}
		})
	}
	waitFor(t, func() bool {
		c.shared.mu.Lock()
		defer c.shared.mu.Unlock()
		for _, f := range c.shared.underway {
			return f.waiters == 11
		}
		return false
	})
	cancel() // the leader's cancel must not fail the followers
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("leader: %v", err)
	}
	close(release)
	followers.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

// waitFor gives other goroutines time until a condition holds. It has no bound but that of go test, since a busy
// machine may take any time.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for !condition() {
		<-ticker.C
	}
}

func TestClient_callEndsWhenNobodyWaitsForIt(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	arrived := make(chan struct{})
	c := against(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices a broken connection only once the body is read
		close(arrived)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, err := c.DescribeScanResults(ctx, DescribeScanResultsRequest{ItemID: "i"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-gone
}

func TestClient_onlyAnswersThatTheCallerHoldsForFinalAreRemembered(t *testing.T) {
	t.Parallel()
	rows := func(n int) string {
		return fmt.Sprintf(`{"Response":{"TotalCount":%d,"ScanSet":[%s],"RequestId":"r"}}`, n, strings.TrimSuffix(strings.Repeat(`{"TaskStatus":1},`, n), ","))
	}
	var calls atomic.Int32
	c := against(t, answering(&calls, emptyResults, refusal("ResourceNotFound.ItemIdNotFound"), rows(1), rows(2)))
	ask := func(apps int, want int32) {
		t.Helper()
		request := DescribeScanResultsRequest{ItemID: "i"}
		if apps > 0 {
			request.Final = func(r *DescribeScanResultsResponse) bool { return len(r.ScanSet.Items) >= apps }
		}
		_, _ = c.DescribeScanResults(t.Context(), request)
		if calls.Load() != want {
			t.Errorf("%d calls, want %d", calls.Load(), want)
		}
	}
	ask(1, 1) // nothing there yet
	ask(1, 2) // an error is not remembered
	ask(1, 3)
	ask(1, 3) // remembered
	ask(2, 4) // not final by this caller's judgement
	ask(2, 4)
	ask(1, 4)
	ask(0, 5) // never final
}

func TestClient_answerThatNamesATaskIsNeverRepeatedAndHadAnEffect(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{"throttled": "RequestLimitExceeded", "quota": "LimitExceeded", "failed": "InternalError"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c := against(t, answering(&calls, `{"Response":{"ItemId":"i-1","Error":{"Code":"`+code+`","Message":"why"},"RequestId":"r"}}`))
			answer, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
			if err == nil || HadNoEffect(err) || answer.ItemID.String() != "i-1" || calls.Load() != 1 {
				t.Errorf("got %q, %v, no effect %t, after %d calls", answer.ItemID.String(), err, HadNoEffect(err), calls.Load())
			}
		})
	}
}

func TestClient_redirectOfASubmissionHadNoEffectOnlyWhereTheStatusSaysSo(t *testing.T) {
	t.Parallel()
	for status, undone := range map[int]bool{301: false, 302: false, 303: false, 307: true, 308: true} {
		c := against(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", status) })
		if _, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{}); !errors.Is(err, ErrRedirected) || HadNoEffect(err) != undone {
			t.Errorf("%d: %v, no effect %t", status, err, HadNoEffect(err))
		}
	}
}

func TestClient_theServicesWordCountsWhateverTheHTTPStatus(t *testing.T) {
	t.Parallel()
	c := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, refusal("AuthFailure.SecretIdNotFound"))
	})
	_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	var e *Error
	if !errors.Is(err, ErrDenied) || !errors.As(err, &e) || e.RequestID != "r-AuthFailure.SecretIdNotFound" {
		t.Errorf("got %v", err)
	}
}

func TestClient_interruptedSubmissionMayStillBringItsID(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := against(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		_, _ = io.WriteString(w, `{"Response":{"ItemId":"i-1","RequestId":"r"}}`)
	})
	answer, err := c.CreateScanInstances(ctx, CreateScanInstancesRequest{})
	if err != nil || answer.ItemID.String() != "i-1" {
		t.Errorf("got %q, %v", answer.ItemID.String(), err)
	}
}

func TestClient_interruptBeforeSendingSendsNothing(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, emptyResults))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.CreateScanInstances(ctx, CreateScanInstancesRequest{})
	if !errors.Is(err, context.Canceled) || !HadNoEffect(err) || calls.Load() != 0 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
}

func TestClient_idBesideAnUnreadableFieldIsNotLost(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, `{"Response":{"AppMd5s":{"a":1},"LimitCount":"many","ItemId":"i-1","RequestId":"r"}}`))
	answer, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
	if err != nil || answer.ItemID.String() != "i-1" || answer.AppMD5s != nil || answer.LimitCount.Ptr() != nil {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestClient_credentialsAreLookedForOnceAndOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, emptyResults))
	asked := 0
	missing := errors.New("none here")
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		asked++
		if asked == 1 {
			return nil, missing
		}
		return common.NewTokenCredential(testID, testKey, ""), nil
	}
	_, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
	if !errors.Is(err, ErrCredentials) || !errors.Is(err, missing) || calls.Load() != 0 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
	for range 3 {
		if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"}); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
	if account := c.Account(); strings.Contains(account, testID) || !strings.Contains(account, testID[len(testID)-4:]) {
		t.Errorf("account %q", account)
	}
}
