package tencentcloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestClient_throttledCallsCostNoRetry(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded", "LimitExceeded.RateLimitExceeded"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			const refusals = 12
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, _ *http.Request) {
				if calls.Add(1) <= refusals {
					_, _ = io.WriteString(w, refusal(code))
					return
				}
				_, _ = io.WriteString(w, `{"Response":{"ItemId":"i-1","TotalCount":0,"ScanSet":[],"RequestId":"r"}}`)
			})
			c.config.MaxRetries = 1
			answer, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
			if err != nil || answer.ItemID.String() != "i-1" || calls.Load() != refusals+1 {
				t.Errorf("submission: %v after %d calls", err, calls.Load())
			}
			calls.Store(0)
			if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"}); err != nil || calls.Load() != refusals+1 {
				t.Errorf("read: %v after %d calls", err, calls.Load())
			}
		})
	}
}

func TestClient_throttledForLongerThanItsPatienceGivesUp(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("RequestLimitExceeded")))
	c.patience = 50 * time.Millisecond
	_, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
	var e *Error
	if !errors.Is(err, ErrThrottled) || !HadNoEffect(err) || !errors.As(err, &e) || e.Attempts != int(calls.Load()) || e.Attempts < 2 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
	calls.Store(0)
	c.config.MaxRetries = 0
	if _, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{}); !errors.Is(err, ErrThrottled) || calls.Load() != 1 {
		t.Errorf("without retries: %v after %d calls", err, calls.Load())
	}
}

func TestClient_callThatEndsWhileThrottledSaysSo(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("RequestLimitExceeded")))
	_, err := c.CreateScanInstances(endsAfterThrottling(t, c, operation{action: "CreateScanInstances"}), CreateScanInstancesRequest{})
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrThrottled) || !HadNoEffect(err) || e.Attempts != 1 || e.RequestID != "r-RequestLimitExceeded" {
		t.Errorf("got %v", err)
	}
}

// endsAfterThrottling returns a context that ends once a throttling answer to the action was read. The next
// request of the action would leave half an hour later.
func endsAfterThrottling(t *testing.T, c *Client, op operation) context.Context {
	t.Helper()
	c.throttling = throttling{slowest: 0.1, rest: time.Hour}
	l := c.limiter(op)
	for range few {
		l.answered = append(l.answered, time.Now().Add(time.Hour)) // so that the account is not a crowded one
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		for tick := time.NewTicker(time.Millisecond); ctx.Err() == nil; <-tick.C {
			l.mu.Lock()
			throttled := !l.cutAt.IsZero()
			l.mu.Unlock()
			if throttled {
				cancel()
			}
		}
	}()
	return ctx
}

func TestClient_retriedFailureTellsHowOftenAndShowsTheLast(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	last := strings.Replace(refusal("InternalError.DbError"), "r-InternalError.DbError", "r-last", 1)
	c := against(t, answering(&calls, refusal("InternalError"), refusal("RequestLimitExceeded"), "<html>", refusal("InternalError"), last))
	_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	var e *Error
	if !errors.As(err, &e) || e.Attempts != 5 || e.RequestID != "r-last" || e.Code != "InternalError.DbError" {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "5 attempts") || !strings.Contains(text, "r-last") {
		t.Errorf("it says %s", text)
	}
}

func TestClient_readThatEndsWhileThrottledSaysSo(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("RequestLimitExceeded")))
	_, err := c.DescribeScanResults(endsAfterThrottling(t, c, operation{action: "DescribeScanResults"}), DescribeScanResultsRequest{ItemID: "i"})
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrThrottled) || e.Attempts != 1 || e.RequestID != "r-RequestLimitExceeded" {
		t.Errorf("got %v", err)
	}
}
