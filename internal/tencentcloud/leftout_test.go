package tencentcloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// poll has f be the second poll of a wait, and returns its error.
func poll(t *testing.T, f func(context.Context) error) (err error) {
	t.Helper()
	polls := 0
	_, _ = wait.For(t.Context(), func(ctx context.Context) (wait.Observation[bool], error) {
		if polls++; polls == 1 {
			return wait.Observation[bool]{}, nil
		}
		err = f(ctx)
		return wait.Observation[bool]{State: wait.Final}, nil
	}, wait.Options{Interval: wait.Fixed(0)})
	return err
}

func results(c *Client, item string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.DescribeScanResults(ctx, DescribeScanResultsRequest{ItemID: item})
		return err
	}
}

func TestClient_throttledPollIsLeftOut(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("RequestLimitExceeded")))
	err := poll(t, results(c, "i"))
	if calls.Load() != 1 || !errors.Is(err, ErrThrottled) || !errors.Is(err, wait.ErrCrowded) || Permanent(err) || !HadNoEffect(err) {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

func TestClient_accountIsNotCrowdedWhereOthersOfTheRunGetThrough(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, emptyResults, emptyResults, refusal("RequestLimitExceeded")))
	for i := range 2 {
		if err := results(c, fmt.Sprint(i))(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := poll(t, results(c, "i")); !errors.Is(err, wait.ErrLeftOut) || errors.Is(err, wait.ErrCrowded) {
		t.Errorf("got %v", err)
	}
}

// A poll of many pages would hardly ever come to its end if each of them could end it.
func TestClient_pollThatWasAnsweredInPartIsNotLeftOut(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, emptyResults, refusal("RequestLimitExceeded"), refusal("RequestLimitExceeded"), emptyResults))
	err := poll(t, func(ctx context.Context) error { return errors.Join(results(c, "1")(ctx), results(c, "2")(ctx)) })
	if err != nil || calls.Load() != 4 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

// A read for its own sake needs an answer, also where it meets a poll of the same thing under way.
func TestClient_readIsNotLeftOutWithAPoll(t *testing.T) {
	t.Parallel()
	polling, read := make(chan struct{}), make(chan struct{})
	var calls atomic.Int32
	c := against(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			close(polling)
			<-read
			_, _ = io.WriteString(w, refusal("RequestLimitExceeded"))
			return
		}
		_, _ = io.WriteString(w, emptyResults)
	})
	go func() {
		defer close(read)
		<-polling
		if err := results(c, "i")(t.Context()); err != nil {
			t.Errorf("the read failed: %v", err)
		}
	}()
	if err := poll(t, results(c, "i")); !errors.Is(err, wait.ErrLeftOut) {
		t.Errorf("the poll: %v", err)
	}
}

// A submission is repeated whoever asks: it is never left out.
func TestClient_submissionIsNeverLeftOut(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("RequestLimitExceeded"), `{"Response":{"ItemId":"i-1","RequestId":"r"}}`))
	err := poll(t, func(ctx context.Context) error {
		_, err := c.CreateScanInstances(ctx, CreateScanInstancesRequest{})
		return err
	})
	if err != nil || calls.Load() != 2 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}
