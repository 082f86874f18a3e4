package tencentcloud_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// bulk is what a few runs of many scans each made of the quota.
type bulk struct {
	overFloor   float64 // until all were submitted, as a multiple of what the quota allows at best
	submissions float64 // refused, of all
	polls       float64 // refused, of all
}

// submitAtOnce has runs of many scans each begin within a tenth of a second, and wait for them or not.
func submitAtOnce(t *testing.T, runs, scans int, waiting bool) bulk {
	t.Helper()
	var last time.Duration
	got := onAccount(t, func(t *testing.T, a *account) {
		var all sync.WaitGroup
		begun := time.Now()
		submit := func(client *tencentcloud.Client) {
			if waiting {
				a.scan(t.Context(), client, wait.Options{Permanent: tencentcloud.Permanent, JustSubmitted: true})
				return
			}
			if _, err := client.CreateScanInstances(t.Context(), tencentcloud.CreateScanInstancesRequest{}); err != nil {
				a.fail()
			}
			a.mu.Lock()
			defer a.mu.Unlock()
			last = max(last, time.Since(begun))
		}
		for range runs {
			client, closeIdle := a.client(t, sharedQuota)
			all.Go(func() {
				<-time.After(rand.N(100 * time.Millisecond))
				var each sync.WaitGroup
				for range scans {
					each.Go(func() { submit(client) })
				}
				each.Wait()
				closeIdle()
			})
		}
		all.Wait()
	})
	if got.failed > 0 || got.admitted[sharedSubmit] != runs*scans {
		t.Errorf("%d gave up, %d were submitted", got.failed, got.admitted[sharedSubmit])
	}
	for _, d := range got.submitted {
		last = max(last, d)
	}
	return bulk{
		overFloor:   last.Seconds() * sharedQuota / float64(runs*scans),
		submissions: got.refusedPart(sharedSubmit),
		polls:       got.refusedPart(sharedPoll),
	}
}

func (b bulk) String() string {
	return fmt.Sprintf("%.2f | %.1f %% | %.1f %%", b.overFloor, 100*b.submissions, 100*b.polls)
}

// TestSharing_fewRunsOfManyScans looks at the mean of some rounds: when the seconds of the service begin,
// and which run comes first, is chance.
func TestSharing_fewRunsOfManyScans(t *testing.T) {
	t.Parallel()
	rounds, tolerance := 60, 1.06
	if testing.Short() {
		rounds, tolerance = 10, 1.3
	}
	var mean bulk
	for range rounds {
		got := submitAtOnce(t, 3, 60, false)
		mean.overFloor += got.overFloor / float64(rounds)
		mean.submissions += got.submissions / float64(rounds)
	}
	lines := fmt.Sprintf("| runs | scans each | times the floor | refused submissions | refused polls |\n|---|---|---|---|---|\n| 3, mean of %d | 60 | %s |\n", rounds, mean)
	if mean.overFloor > 1.2*tolerance || mean.submissions > 0.05*tolerance {
		t.Errorf("at most 1.2 times the floor, and 5 %% refused: %s", mean)
	}
	if !testing.Short() {
		once := submitAtOnce(t, 3, 60, true)
		lines += fmt.Sprintf("| 3, waited for | 60 | %s |\n", once)
		if once.polls > 0.05 {
			t.Errorf("at most 5 %% of the polls refused: %s", once)
		}
	}
	t.Log("\n" + lines)
	report(t, "sharing-bulk.md", lines)
}

// TestSharing_pollsDelayNoSubmission has a process submit whose polls want three times the quota.
func TestSharing_pollsDelayNoSubmission(t *testing.T) {
	t.Parallel()
	onAccount(t, func(t *testing.T, a *account) {
		client, closeIdle := a.client(t, sharedQuota)
		defer closeIdle()
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() { a.scan(ctx, client, wait.Options{Interval: wait.Fixed(time.Second), JustSubmitted: true}) })
		}
		<-time.After(20 * time.Second)
		begun := time.Now()
		if _, err := client.CreateScanInstances(t.Context(), tencentcloud.CreateScanInstancesRequest{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > longestTrip {
			t.Errorf("the submission took %s", took)
		}
		cancel()
		all.Wait()
		<-time.After(time.Second) // for the service to notice
		if polls := a.outcome.admitted[sharedPoll]; polls < 15*sharedQuota {
			t.Errorf("%d polls are no load", polls)
		}
	})
}
