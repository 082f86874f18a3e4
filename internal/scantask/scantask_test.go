package scantask_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func withAll(s *service) func() resource.Resource {
	return func() resource.Resource { return scantask.New[*fakeModel, fakeReceipt](able{plain{s}}) }
}

func withNone(s *service) func() resource.Resource {
	return func() resource.Resource { return scantask.New[*fakeModel, fakeReceipt](plain{s}) }
}

// target is a configuration that polls without a pause to speak of.
func target(more ...any) map[string]any {
	config := map[string]any{"target": "a", "poll_interval": "1ms"}
	for i := 0; i < len(more); i += 2 {
		config[more[i].(string)] = more[i+1]
	}
	return config
}

// answering returns the error of a submission to which the service answers with a code.
func answering(code string) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"Response":{"Error":{"Code":%q,"Message":"no"},"RequestId":"r"}}`, code)
	}))
	defer server.Close()
	endpoint, err := tencentcloud.URLEndpoint(server.URL)
	if err != nil {
		return err
	}
	client := tencentcloud.New(tencentcloud.Config{
		Endpoint: endpoint, RequestsPerSecond: 100, RequestTimeout: time.Minute, Agent: "test",
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewCredential("AKIDtest", "test"), nil
		},
	})
	_, err = client.CreateScanInstances(context.Background(), tencentcloud.CreateScanInstancesRequest{})
	return err
}

// busy is a refusal, after which nothing was done, since another scan runs. After lost nobody knows.
var (
	busy    = answering(busyCode)
	refused = answering("OperationDenied")
	lost    = answering("InternalError")
)

func running(int) (string, error) { return scantask.StatusProcessing, nil }

func TestCreate_errorOfPreparingSubmitsNothing(t *testing.T) {
	t.Parallel()
	s := &service{prepare: func(int) (diags diag.Diagnostics) {
		diags.AddError("No quota", "Buy some.")
		return diags
	}}
	c := newRun(t, withAll(s))
	c.apply(t.Context(), target())
	c.expect("No quota")
	if !c.failed || !c.state.IsNull() || s.count("submit") != 0 || len(c.entries()) != 0 {
		t.Errorf("state %s, calls %v, entries %v", c.state, s.calls, c.entries())
	}
}

func TestCreate_scanThatWasPaidForIsAdoptedBeforePreparing(t *testing.T) {
	t.Parallel()
	s := &service{prepare: func(int) (diags diag.Diagnostics) {
		diags.AddError("No quota", "The first run used the last scan.")
		return diags
	}, poll: running}
	c := newRun(t, withAll(s))
	orphan(t, c, "fake/7")
	c.apply(t.Context(), target("wait_for_completion", false, "stop_on_destroy", true))
	c.expect("Scan Adopted From Journal: task fake/7")
	if c.failed || c.has("id") != "fake/7" || s.count("submit") != 0 || s.count("prepare") != 0 {
		t.Errorf("id %q, calls %v", c.has("id"), s.calls)
	}
	c.refresh()
	if len(c.entries()) != 0 {
		t.Errorf("left %v", c.entries())
	}
	c.destroy()
	if s.count("stop") != 0 {
		t.Error("an adopted task was stopped")
	}
}

// orphan leaves an entry as a run does that was killed; without an id it is one whose answer is lost.
func orphan(t *testing.T, c *run, id string) {
	t.Helper()
	e, err := c.journal.Begin(journal.Key{
		Kind: "fake", Endpoint: tencentcloud.New(tencentcloud.Config{}).Endpoint().String(), Content: map[string][]string{"targets": {"a"}},
	}, fakeReceipt{Prepared: 17})
	if err == nil && id != "" {
		err = e.Answered(journal.Answer{ID: id}, fakeReceipt{Prepared: 17, Answered: 18})
	}
	if err != nil {
		t.Fatal(err)
	}
	e.Release()
}

func TestCreate_busyServiceIsAskedAgainWithinTheTimeout(t *testing.T) {
	t.Parallel()
	s := &service{}
	c := newRun(t, withAll(s))
	s.submit = func(n int) (string, error) {
		if len(c.entries()) != 1 {
			t.Errorf("submission %d with the entries %v", n, c.entries())
		}
		if n < 3 {
			return "", busy
		}
		return "fake/3", nil
	}
	c.apply(t.Context(), target())
	want := []string{"prepare", "submit", "prepare", "submit", "prepare", "submit", "poll"}
	if c.failed || c.has("status") != scantask.StatusCompleted || !slices.Equal(s.calls, want) {
		t.Errorf("status %q, calls %v\n%s", c.has("status"), s.calls, c.says)
	}
}

func TestCreate_busyUntilTheTimeIsUpIsAPlainError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &service{submit: func(n int) (string, error) {
		if n == 3 {
			cancel() // an interrupt
		}
		return "", busy
	}}
	c := newRun(t, withAll(s))
	c.apply(ctx, target())
	c.expect("Unable to Submit Scan", "last seen: another scan is running", "Nothing was submitted")
	if !c.failed || !c.state.IsNull() || len(c.entries()) != 0 || s.count("submit") != 3 {
		t.Errorf("state %s, calls %v, entries %v", c.state, s.calls, c.entries())
	}
}

func TestCreate_scansOfOneProcessTakeTurns(t *testing.T) {
	t.Parallel()
	var s *service
	s = &service{
		submit: func(n int) (string, error) {
			if polls := s.count("poll"); polls != 3*(n-1) {
				t.Errorf("submission %d after %d polls", n, polls)
			}
			return "fake", nil
		},
		poll: func(n int) (string, error) {
			if n%3 == 0 {
				return scantask.StatusCompleted, nil
			}
			return scantask.StatusProcessing, nil
		},
	}
	first := newRun(t, withAll(s))
	shared := scantask.NewShared(tencentcloud.New(tencentcloud.Config{}), first.journal)
	var all sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		c := inJournal(t, withAll(s), first.journal, first.dir, shared)
		all.Go(func() { c.apply(t.Context(), target("target", name)) })
	}
	all.Wait()
	if s.count("submit") != 3 {
		t.Errorf("calls %v", s.calls)
	}
}

func TestCreate_refusedScanGivesItsTurnAway(t *testing.T) {
	t.Parallel()
	s := &service{submit: func(n int) (string, error) {
		if n == 1 {
			return "", refused
		}
		return "fake/2", nil
	}}
	c := newRun(t, withAll(s))
	c.apply(t.Context(), target())
	c.expect("Unable to Submit Scan", "target a")
	c.apply(t.Context(), target())
	if c.failed || c.has("id") != "fake/2" {
		t.Errorf("id %q\n%s", c.has("id"), c.says)
	}
}

// TestState_ofAnotherReceiptIsStillImported reads a private state that another version wrote.
func TestState_ofAnotherReceiptIsStillImported(t *testing.T) {
	t.Parallel()
	s := &service{poll: running}
	c := newRun(t, withAll(s))
	c.importID("fake/9")
	var keys map[string][]byte
	if err := json.Unmarshal(c.private, &keys); err != nil {
		t.Fatal(err)
	}
	keys["task"] = []byte(`{"imported":true,"receipt":["another"]}`)
	var err error
	if c.private, err = json.Marshal(keys); err != nil {
		t.Fatal(err)
	}
	if action := c.apply(t.Context(), target("triggers", map[string]tftypes.Value{"week": tftypes.NewValue(tftypes.String, "47")}, "wait_for_completion", false)); action != "update" {
		t.Errorf("planned %s\n%s", action, c.says)
	}
}

func TestCreate_onlyWhatHadNoEffectIsAnError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err    error
		failed bool
	}{
		"refused":                    {refused, true},
		"busy, and no such ability":  {busy, true},
		"lost":                       {lost, false},
		"an error of something else": {errors.New("odd"), false},
		"no error and no id":         {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{submit: func(int) (string, error) { return "", tt.err }}
			c := newRun(t, withNone(s))
			c.apply(t.Context(), target())
			want := map[bool]string{true: "", false: scantask.StatusUncertain}[tt.failed]
			if c.failed != tt.failed || c.has("status") != want || (len(c.entries()) == 0) != tt.failed {
				t.Errorf("status %q, entries %v\n%s", c.has("status"), c.entries(), c.says)
			}
			if tt.failed {
				return
			}
			c.expect("Unable to Confirm Submission of Scan: target a", "it is unknown whether it was accepted", "Look in the console.")
			c.refresh()
			if action := c.apply(t.Context(), target()); action != "none" || s.count("submit") != 1 || s.count("poll") != 0 || len(c.entries()) != 0 {
				t.Errorf("%s, calls %v, entries %v", action, s.calls, c.entries())
			}
			c.expect("Unable to Confirm Submission of Scan: target a")
		})
	}
}

func TestUncertain_isResolvedWhereItIsProven(t *testing.T) {
	t.Parallel()
	proof := func(receipt fakeReceipt) (string, error) {
		if receipt.Prepared == 0 {
			return "", errors.New("nothing is known of before the submission")
		}
		return "fake/18", nil
	}
	check := func(t *testing.T, c *run, s *service) {
		t.Helper()
		if c.has("id") != "fake/18" || c.has("status") != scantask.StatusProcessing || c.has("submitted_at") == "" {
			t.Errorf("state %s\n%s", c.state, c.says)
		}
		c.destroy()
		if s.count("stop") != 0 {
			t.Error("a task that was found was stopped")
		}
	}
	t.Run("by a refresh", func(t *testing.T) {
		t.Parallel()
		s := &service{submit: func(int) (string, error) { return "", lost }, poll: running}
		c := newRun(t, withAll(s))
		c.apply(t.Context(), target("stop_on_destroy", true))
		c.refresh()
		if c.has("status") != scantask.StatusUncertain || s.count("prove") != 1 {
			t.Errorf("unproven: state %s", c.state)
		}
		s.prove = proof
		c.refresh()
		check(t, c, s)
	})
	t.Run("by the journal", func(t *testing.T) {
		t.Parallel()
		s := &service{prove: proof, poll: running}
		c := newRun(t, withAll(s))
		orphan(t, c, "")
		c.apply(t.Context(), target("stop_on_destroy", true, "wait_for_completion", false))
		if s.count("submit") != 0 {
			t.Errorf("calls %v", s.calls)
		}
		c.expect("Scan Adopted From Journal: task fake/18")
		check(t, c, s)
	})
}

func TestDelete_stopsOnlyItsOwnProcessingTask(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		poll    func(int) (string, error)
		asked   bool
		inPlace bool
		stops   int
	}{
		"asked":                   {running, true, false, 1},
		"asked in a later apply":  {running, true, true, 1},
		"not asked":               {running, false, false, 0},
		"asked, but it has ended": {nil, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{poll: tt.poll, stop: func(id string, receipt fakeReceipt) error {
				if id != "fake/1" || receipt != (fakeReceipt{Prepared: 1, Answered: 1}) {
					t.Errorf("stopped %s with %+v", id, receipt)
				}
				return errors.New("it could not be stopped")
			}}
			c := newRun(t, withAll(s))
			waits := tt.poll == nil
			c.apply(t.Context(), target("wait_for_completion", waits, "stop_on_destroy", tt.asked && !tt.inPlace))
			if tt.inPlace {
				c.apply(t.Context(), target("wait_for_completion", waits, "stop_on_destroy", true))
			}
			c.refresh()
			c.destroy()
			if c.failed || s.count("stop") != tt.stops || strings.Contains(c.says, "Unable to Stop Scan: task fake/1") != (tt.stops > 0) {
				t.Errorf("calls %v\n%s", s.calls, c.says)
			}
		})
	}
}

func TestImport_adoptsInPlaceAndIsNeverStopped(t *testing.T) {
	t.Parallel()
	s := &service{poll: running}
	c := newRun(t, withAll(s))
	c.importID("fake/0")
	c.expect("Unable to Import Scan", "The task has no target.", "RequestId: r", "Check the id.")
	c.importID(" ")
	c.expect("The import id is empty. Give the id of the task.")
	c.importID("fake/9")
	config := target("triggers", nil, "wait_for_completion", false, "stop_on_destroy", true)
	if action := c.apply(t.Context(), config); action != "update" || s.count("submit") != 0 {
		t.Errorf("%s, calls %v\n%s", action, s.calls, c.says)
	}
	c.refresh()
	if action := c.apply(t.Context(), config); action != "none" {
		t.Errorf("%s\n%s", action, c.says)
	}
	c.destroy()
	if s.count("stop") != 0 {
		t.Error("an imported task was stopped")
	}
}

func TestUpdate_waitsAndTellsTheOutcomeAsAnError(t *testing.T) {
	t.Parallel()
	for status, says := range map[string]string{
		scantask.StatusCompleted: "",
		scantask.StatusFailed:    "Some targets were not scanned: task fake/1\nThe task has ended, but 1 of its targets was not scanned.",
		scantask.StatusCanceled:  "Scan Was Canceled: task fake/1",
		scantask.StatusNotFound:  "Unable to Find Scan: task fake/1",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s := &service{poll: running}
			c := newRun(t, withNone(s))
			c.apply(t.Context(), target("wait_for_completion", false))
			s.poll = func(int) (string, error) { return status, nil }
			if action := c.apply(t.Context(), target()); action != "update" || c.failed != (says != "") || c.has("status") != status || c.has("id") != "fake/1" {
				t.Errorf("%s, state %s\n%s", action, c.state, c.says)
			}
			c.expect(says)
			if action := c.apply(t.Context(), target()); action != "none" || s.count("submit") != 1 {
				t.Errorf("then %s, calls %v", action, s.calls)
			}
		})
	}
}

func TestCreate_outcomeIsNeverAnError(t *testing.T) {
	t.Parallel()
	for status, says := range map[string]string{
		scantask.StatusFailed:   "WARNING: Some targets were not scanned: task fake/1",
		scantask.StatusCanceled: "WARNING: Scan Was Canceled: task fake/1",
		scantask.StatusNotFound: "WARNING: Unable to Find Scan: task fake/1",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			c := newRun(t, withNone(&service{poll: func(int) (string, error) { return status, nil }}))
			c.apply(t.Context(), target())
			c.expect(says)
			if c.failed || c.has("status") != status {
				t.Errorf("state %s\n%s", c.state, c.says)
			}
			c.refresh()
			if c.has("id") != "fake/1" || c.failed {
				t.Errorf("state %s\n%s", c.state, c.says)
			}
		})
	}
}
