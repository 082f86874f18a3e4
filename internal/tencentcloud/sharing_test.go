package tencentcloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Many runs on one account, as processes of their own: the real clients, with their limiters and retries,
// and the real waiter, on a fake clock. Only the service is simulated: it counts the calls of each action
// by the second, as the real one does, and a scan takes ten to eleven minutes.

const (
	sharedQuota  = 20               // requests per second of each action
	sharedScan   = 10 * time.Minute // and up to a minute more
	shortestTrip = 20 * time.Millisecond
	longestTrip  = 80 * time.Millisecond
)

// sharing is how runs use an account.
type sharing struct {
	runs      int
	spread    time.Duration // within which the runs start
	perSecond float64       // requests_per_second of each
	interval  time.Duration // poll_interval; 0 is the adaptive one
}

// sharedOutcome is what became of them.
type sharedOutcome struct {
	submitted []time.Duration // from the start of a run until its submission was accepted
	delays    []time.Duration // from the end of a scan until its run noticed it
	failed    int             // runs that gave up
	refused   map[string]int  // calls beyond the quota, by action
	admitted  map[string]int
	minutes   map[int64]int  // polls admitted in each minute
	polls     map[string]int // polls admitted of each run, by ItemId
}

// account is the service, reached through pipes within the test's bubble.
type account struct {
	mu          sync.Mutex
	second      map[string]int64
	calls       map[string]int // of that second
	outcome     *sharedOutcome
	ends        map[string]time.Time // of scans, by ItemId
	connections chan net.Conn
	// list, if not nil, answers a call with a part of a list; vul is the VulId that was asked for.
	list func(action string, vul, offset, limit int) string
}

// Accept, Close and Addr make the account a listener.
func (a *account) Accept() (net.Conn, error) {
	c, ok := <-a.connections
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (a *account) Close() error   { return nil }
func (a *account) Addr() net.Addr { return &net.TCPAddr{} }

func (a *account) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	a.connections <- server
	return client, nil
}

// allow counts a call within the whole second of the service's clock.
func (a *account) allow(action string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now().Unix(); a.second[action] != now {
		a.second[action], a.calls[action] = now, 0
	}
	if a.calls[action] == sharedQuota {
		a.outcome.refused[action]++
		return false
	}
	a.calls[action]++
	a.outcome.admitted[action]++
	return true
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	trip := shortestTrip + rand.N(longestTrip-shortestTrip)
	<-time.After(trip / 2)
	answer := `"Error":{"Code":"RequestLimitExceeded","Message":"Slow down."}`
	var parameters struct {
		ItemID        string `json:"ItemId"`
		VulID         int    `json:"VulId"`
		Offset, Limit int
	}
	_ = json.NewDecoder(r.Body).Decode(&parameters)
	switch action := r.Header.Get("X-TC-Action"); {
	case !a.allow(action):
	case a.list != nil:
		answer = a.list(action, parameters.VulID, parameters.Offset, parameters.Limit)
	default:
		answer = a.answer(action, parameters.ItemID)
	}
	<-time.After(trip / 2)
	_, _ = fmt.Fprintf(w, `{"Response":{"RequestId":"r",%s}}`, answer)
}

func (a *account) answer(action, item string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if action == "CreateScanInstances" {
		item = fmt.Sprintf("item-%d", len(a.ends))
		a.ends[item] = time.Now().Add(sharedScan + rand.N(time.Minute))
		return fmt.Sprintf(`"ItemId":%q`, item)
	}
	a.outcome.minutes[time.Now().Unix()/60]++
	a.outcome.polls[item]++
	status := tencentcloud.TaskDone
	if time.Now().Before(a.ends[item]) {
		status = tencentcloud.TaskProcessing
	}
	return fmt.Sprintf(`"TotalCount":1,"ScanSet":[{"TaskStatus":%d}]`, status)
}

// client returns a client of the account, and what closes its connections.
func (a *account) client(t *testing.T, perSecond float64) (client *tencentcloud.Client, closeIdle func()) {
	t.Helper()
	endpoint, err := tencentcloud.URLEndpoint("http://127.0.0.1:1")
	if err != nil {
		t.Error(err)
	}
	client = tencentcloud.New(tencentcloud.Config{
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewCredential("AKIDexampleexample", "exampleexampleexample"), nil
		},
		Endpoint: endpoint, Language: "en-US", RequestsPerSecond: perSecond, MaxRetries: 5, RequestTimeout: time.Minute, Agent: "terraform-provider-ms test",
	})
	closeIdle = client.SetDial(a.dial)
	return client, closeIdle
}

// run is one run: it submits, and waits for the end.
func (a *account) run(t *testing.T, s sharing, options wait.Options) {
	t.Helper()
	client, closeIdle := a.client(t, s.perSecond)
	defer closeIdle()
	<-time.After(rand.N(s.spread))
	a.scan(t.Context(), client, options)
}

// scan submits a scan, and waits for its end.
func (a *account) scan(ctx context.Context, client *tencentcloud.Client, options wait.Options) {
	begun := time.Now()
	submission, err := client.CreateScanInstances(ctx, tencentcloud.CreateScanInstancesRequest{})
	if err != nil {
		a.fail()
		return
	}
	accepted := time.Since(begun)
	_, err = wait.For(ctx, func(ctx context.Context) (wait.Observation[bool], error) {
		answer, err := client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: submission.ItemID.String()})
		if err != nil {
			return wait.Observation[bool]{}, err
		}
		seen := wait.Observation[bool]{State: wait.Final}
		if !answer.ScanSet.Items[0].TaskStatus.Is(tencentcloud.TaskDone) {
			seen.State = wait.Pending
		}
		return seen, nil
	}, options)
	if err != nil {
		a.fail()
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.outcome.submitted = append(a.outcome.submitted, accepted)
	a.outcome.delays = append(a.outcome.delays, time.Since(a.ends[submission.ItemID.String()]))
}

func (a *account) fail() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.outcome.failed++
}

// onAccount runs f on a fake clock with an account of its own, and returns what became of the calls.
func onAccount(t *testing.T, f func(*testing.T, *account)) sharedOutcome {
	t.Helper()
	result := sharedOutcome{refused: map[string]int{}, admitted: map[string]int{}, minutes: map[int64]int{}, polls: map[string]int{}}
	synctest.Test(t, func(t *testing.T) {
		a := &account{second: map[string]int64{}, calls: map[string]int{}, ends: map[string]time.Time{}, outcome: &result, connections: make(chan net.Conn)}
		server := &http.Server{Handler: a}
		served := make(chan struct{})
		go func() {
			defer close(served)
			_ = server.Serve(a)
		}()
		f(t, a)
		close(a.connections)
		<-served
		_ = server.Close()
	})
	return result
}

// share has all runs share the account.
func share(t *testing.T, s sharing) sharedOutcome {
	t.Helper()
	result := onAccount(t, func(t *testing.T, a *account) {
		var all sync.WaitGroup
		for range s.runs {
			all.Go(func() {
				options := wait.Options{Permanent: tencentcloud.Permanent, JustSubmitted: true}
				if s.interval > 0 {
					options.Interval = wait.Fixed(s.interval)
				}
				a.run(t, s, options)
			})
		}
		all.Wait()
	})
	slices.Sort(result.submitted)
	slices.Sort(result.delays)
	return result
}

// part returns the value below which a part of a sorted list is.
func part(of []time.Duration, p float64) time.Duration {
	if len(of) == 0 {
		return 0
	}
	return of[min(int(p*float64(len(of))), len(of)-1)]
}

func mean(of []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range of {
		sum += d
	}
	return sum / time.Duration(max(1, len(of)))
}

const (
	sharedSubmit = "CreateScanInstances"
	sharedPoll   = "DescribeScanResults"
)

// quotaUsed is the part of the quota for polls that was used in the busiest minute.
func (o sharedOutcome) quotaUsed() float64 {
	most := 0
	for _, n := range o.minutes {
		most = max(most, n)
	}
	return float64(most) / (60 * sharedQuota)
}

// fairness is Jain's index of the polls that each run had admitted: 1 where all had as many, 1/n where
// one of n had all.
func (o sharedOutcome) fairness() float64 {
	sum, squares := 0.0, 0.0
	for _, n := range o.polls {
		sum += float64(n)
		squares += float64(n) * float64(n)
	}
	return sum * sum / (float64(len(o.polls)) * squares)
}

// refusedPart is the part of the calls of an action that was refused.
func (o sharedOutcome) refusedPart(action string) float64 {
	return float64(o.refused[action]) / float64(max(1, o.refused[action]+o.admitted[action]))
}

func (o sharedOutcome) String() string {
	return fmt.Sprintf("%.1f s, %.1f s | %d | %.1f s, %.1f s | %d of %d, %.1f %% | %.0f %% | %.2f | %d",
		part(o.submitted, 0.5).Seconds(), part(o.submitted, 1).Seconds(), o.refused[sharedSubmit],
		mean(o.delays).Seconds(), part(o.delays, 1).Seconds(), o.refused[sharedPoll], o.refused[sharedPoll]+o.admitted[sharedPoll], 100*o.refusedPart(sharedPoll), 100*o.quotaUsed(), o.fairness(), o.failed)
}

// reach is what runs with the default settings must come to.
type reach struct {
	refused  float64 // polls, at most
	delay    time.Duration
	fairness float64 // at least
}

// add adds the outcome of another round, on an account of its own.
func (o *sharedOutcome) add(other sharedOutcome, round int) {
	o.submitted, o.delays = append(o.submitted, other.submitted...), append(o.delays, other.delays...)
	slices.Sort(o.submitted)
	slices.Sort(o.delays)
	o.failed += other.failed
	for action, n := range other.refused {
		o.refused[action] += n
	}
	for action, n := range other.admitted {
		o.admitted[action] += n
	}
	for item, n := range other.polls {
		o.polls[fmt.Sprintf("%d/%s", round, item)] = n
	}
}

// TestSharing_manyRunsOnOneAccount holds the bounds with what chance adds. Ten runs that poll once a minute are few:
// their mean delay, 30 s, varies by 5 s, so that twenty rounds of them count.
func TestSharing_manyRunsOnOneAccount(t *testing.T) {
	t.Parallel()
	cases := []struct {
		sharing
		reach
	}{
		{sharing{runs: 10, spread: time.Second}, reach{0, 34600 * time.Millisecond, 0.98}},
		{sharing{runs: 100, spread: time.Second}, reach{0.05, 37 * time.Second, 0.95}},
		{sharing{runs: 100, spread: time.Minute}, reach{0.05, 37 * time.Second, 0.95}},
		{sharing{runs: 1000, spread: time.Minute}, reach{0.105, 60 * time.Second, 0.94}},
		{sharing{runs: 1000, spread: time.Minute, interval: time.Minute}, reach{0.05, 60 * time.Second, 0.95}},
	}
	if testing.Short() {
		cases = cases[:2]
	}
	var lines strings.Builder
	lines.WriteString("| runs | start within | `poll_interval` | until the submission is accepted: half of the runs, all | refused submissions | delay until the end is noticed: mean, longest | refused polls | quota for polls used in the busiest minute | fairness of polls | runs that gave up |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, tt := range cases {
		tt.perSecond = sharedQuota
		got, rounds := share(t, tt.sharing), max(1, 200/tt.runs)
		if slowness > 1 { // the race detector looks at one round, whose delay is chance
			rounds, tt.delay = 1, max(tt.delay, 50*time.Second)
		}
		for round := 1; round < rounds; round++ {
			got.add(share(t, tt.sharing), round)
		}
		interval := "adaptive"
		if tt.interval > 0 {
			interval = tt.interval.String()
		}
		fmt.Fprintf(&lines, "| %d | %s | %s | %s |\n", tt.runs, tt.spread, interval, got)
		if got.failed > 0 || len(got.delays) != tt.runs*rounds {
			t.Errorf("%d of %d runs gave up, %d noticed the end", got.failed, tt.runs*rounds, len(got.delays))
		}
		if got.refusedPart(sharedPoll) > tt.refused || mean(got.delays) > tt.delay || got.fairness() < tt.reach.fairness {
			t.Errorf("%d runs within %s: %.3f of the polls refused, mean delay %s, fairness %.3f; they must reach %+v",
				tt.runs, tt.spread, got.refusedPart(sharedPoll), mean(got.delays), got.fairness(), tt.reach)
		}
	}
	t.Log("\n" + lines.String())
	report(t, "sharing.md", lines.String())
}

func TestSharing_oneRunUsesTheQuotaAtAnySize(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	lines.WriteString("| submissions | floor | took | times the floor | refused |\n|---|---|---|---|---|\n")
	for _, n := range []int{20, 200, 2000} {
		var took time.Duration
		got := onAccount(t, func(t *testing.T, a *account) {
			client, closeIdle := a.client(t, sharedQuota)
			defer closeIdle()
			begun := time.Now()
			var all sync.WaitGroup
			for range 100 { // as many as work at once by -parallelism=100
				all.Go(func() {
					for range n / 100 {
						if _, err := client.CreateScanInstances(t.Context(), tencentcloud.CreateScanInstancesRequest{}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for range n % 100 {
				all.Go(func() { _, _ = client.CreateScanInstances(t.Context(), tencentcloud.CreateScanInstancesRequest{}) })
			}
			all.Wait()
			took = time.Since(begun)
		})
		floor := time.Duration(n) * time.Second / sharedQuota
		fmt.Fprintf(&lines, "| %d | %.1f s | %.1f s | %.2f | %d |\n", n, floor.Seconds(), took.Seconds(), took.Seconds()/floor.Seconds(), got.refused[sharedSubmit])
		// A slot is taken for a second and the time of a call, which is 20 to 80 ms here. That leaves 94 % of
		// the quota; the clock is a fake one.
		if got.refused[sharedSubmit] > 0 || got.admitted[sharedSubmit] != n || took > floor*100/93 {
			t.Errorf("%d submissions: %s, %d refused, %d accepted", n, took, got.refused[sharedSubmit], got.admitted[sharedSubmit])
		}
	}
	t.Log("\n" + lines.String())
	report(t, "quota-growth.md", lines.String())
}
