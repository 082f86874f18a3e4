package tencentcloud_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// quota is the service's own limit of each action, in requests per second.
const quota = emulator.ServiceRequestsPerSecond

// load is what a number of clients made of a hard quota.
type load struct {
	took      time.Duration
	refused   int
	parts     []float64 // each client's part of the answers until the first client was through
	overFloor float64   // took, as a multiple of what the quota allows at best
}

// drive has clients make calls at once, each with so many workers, as runs of their own do.
func drive(t *testing.T, clients, workers, calls int) load {
	t.Helper()
	server, err := emulator.New(emulator.WithRequestsPerSecond(quota))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)

	var result load
	answered := make([]atomic.Int32, clients)
	atFirstEnd := make([]float64, clients)
	var firstEnd sync.Once
	var all sync.WaitGroup
	begun := time.Now()
	for i := range clients {
		client := newClient(t, server)
		var left atomic.Int32
		left.Store(int32(calls))
		for range workers {
			all.Go(func() {
				for n := left.Add(-1); n >= 0; n = left.Add(-1) {
					// Another item each time, so that no answer is shared.
					_, err := client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: fmt.Sprintf("%d-%d", i, n)})
					if !errors.Is(err, tencentcloud.ErrNotFound) {
						t.Errorf("client %d: %v", i, err)
					}
					if int(answered[i].Add(1)) == calls {
						firstEnd.Do(func() {
							for j := range answered {
								atFirstEnd[j] = float64(answered[j].Load())
							}
						})
					}
				}
			})
		}
	}
	all.Wait()
	result.took = time.Since(begun)
	sum := 0.0
	for _, n := range atFirstEnd {
		sum += n
	}
	for _, n := range atFirstEnd {
		result.parts = append(result.parts, n/sum)
	}
	result.overFloor = result.took.Seconds() * quota / float64(clients*calls)
	for _, call := range server.Ledger().Calls {
		if call.Code == "RequestLimitExceeded" {
			result.refused++
		}
	}
	return result
}

func (l load) String() string {
	return fmt.Sprintf("%.1f s, %.2f times the floor, %d refused, parts %.2f", l.took.Seconds(), l.overFloor, l.refused, l.parts)
}

func newClient(t *testing.T, server *emulator.Server) *tencentcloud.Client {
	t.Helper()
	endpoint, err := tencentcloud.URLEndpoint(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	credential := common.NewCredential(server.SecretID(), server.SecretKey())
	return tencentcloud.New(tencentcloud.Config{
		Credentials:       func(context.Context) (common.CredentialIface, error) { return credential, nil },
		Endpoint:          endpoint,
		Region:            server.Region(),
		Language:          "en-US",
		RequestsPerSecond: quota,
		MaxRetries:        5,
		RequestTimeout:    10 * time.Second,
		Agent:             "terraform-provider-ms test",
	})
}

func TestQuota_oneClientIsNeverRefused(t *testing.T) {
	t.Parallel()
	calls := 300
	if testing.Short() {
		calls = 80
	}
	got := drive(t, 1, 100, calls)
	t.Log(got)
	// How long it takes is a figure of the long form: a busy machine must not fail the suite.
	if got.refused > 0 || !testing.Short() && got.overFloor > 1.3 {
		t.Errorf("%d calls: %s", calls, got)
	}
}

func TestQuota_fourClientsShareIt(t *testing.T) {
	t.Parallel()
	if testing.Short() { // too short to settle: that every call succeeds is what counts
		t.Log(drive(t, 4, 10, 20))
		return
	}
	got := drive(t, 4, 10, 200)
	t.Log(got)
	if got.overFloor > 1.3 || slices.Min(got.parts) < 0.15 || slices.Max(got.parts) > 0.4 {
		t.Errorf("it should take at most 1.3 times the floor, in fair parts: %s", got)
	}
}
