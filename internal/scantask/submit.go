package scantask

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// submission is what Create has to go on with: the id of a task, or the knowledge that it is
// uncertain whether there is one.
type submission[R any] struct {
	at      time.Time
	id      string // empty where the outcome is uncertain
	own     bool   // submitted by this very call
	mark    string // of the journal's entry
	receipt R
}

// attempt is what one try to submit came to: a submission, errors, or another scan that is running.
type attempt[R any] struct {
	made  *submission[R]
	diags diag.Diagnostics
	busy  bool
	left  time.Duration // of the other scan, as the service estimates it
}

// obtain adopts a scan that an earlier run left in the journal, or submits. Its errors are those of
// which it is certain that nothing was submitted. release ends the turn of this scan among those of
// which the service runs one at a time.
func (t *taskResource[M, R]) obtain(ctx context.Context, m M) (made *submission[R], release func(), diags diag.Diagnostics) {
	release = func() {}
	content, err := t.kind.Content(m)
	if err != nil {
		diags.AddError("Unable to Submit Scan", tf.Explain(t.subject(m), err, ""))
		return nil, release, diags
	}
	key := journal.Key{Kind: t.words.TypeName, Endpoint: t.client.Endpoint().String(), Content: content, Triggers: m.common().triggers()}
	_, exclusive := t.kind.(Exclusive[M])
	if _, prepares := t.kind.(Preparer[M, R]); exclusive || prepares {
		// What is paid for already neither queues nor fails at a quota.
		unlock, diags := t.lock(ctx, key, m)
		if diags.HasError() {
			return nil, release, diags
		}
		made, more := t.recover(ctx, key, m)
		unlock()
		if diags.Append(more...); made != nil || diags.HasError() {
			return made, release, diags
		}
	}
	if exclusive {
		leave, err := t.turns.take(ctx, t.words.TypeName)
		if err != nil {
			diags.AddError("Unable to Submit Scan", t.explainEnded(m, "waited for another scan of this run"))
			return nil, release, diags
		}
		release = leave
	}
	tried, err := t.tryUntilFree(ctx, key, m)
	if err != nil {
		tried.diags.AddError("Unable to Submit Scan", tf.Explain(t.subject(m), err,
			"The service runs one such scan at a time, and another one was running all the while. Nothing was submitted. Apply again later, or set a longer timeouts.create."))
	}
	return tried.made, release, tried.diags
}

// tryUntilFree tries to submit until no other scan is running. It returns the error of a wait that ended
// before that.
func (t *taskResource[M, R]) tryUntilFree(ctx context.Context, key journal.Key, m M) (tried attempt[R], err error) {
	if tried = t.try(ctx, key, m); !tried.busy {
		return tried, nil
	}
	again := false
	_, err = wait.For(ctx, func(ctx context.Context) (wait.Observation[struct{}], error) {
		if again {
			// One that ends with the time before it submits tells less than the one before it.
			if next := t.try(ctx, key, m); next.made != nil || ctx.Err() == nil {
				tried = next
			}
		}
		again = true
		if !tried.busy {
			return wait.Observation[struct{}]{State: wait.Final, Status: "no other scan is running"}, nil
		}
		return wait.Observation[struct{}]{Status: "another scan is running", Remaining: tried.left}, nil
	}, tf.WaitOptions(ctx, m.common().PollInterval, t.subject(m)))
	return tried, err
}

// try prepares, and submits at most once.
func (t *taskResource[M, R]) try(ctx context.Context, key journal.Key, m M) attempt[R] {
	var receipt R
	var diags diag.Diagnostics
	if preparer, ok := t.kind.(Preparer[M, R]); ok {
		if diags = preparer.Prepare(ctx, t.client, m, &receipt); diags.HasError() {
			return attempt[R]{diags: diags}
		}
	}
	made, entry, more := t.recoverOrBegin(ctx, key, m, receipt)
	if diags.Append(more...); made != nil || diags.HasError() {
		return attempt[R]{made: made, diags: diags}
	}
	tried := t.send(ctx, m, receipt, entry)
	tried.diags = append(diags, tried.diags...)
	return tried
}

// send submits. It is the only caller of a kind's Submit.
func (t *taskResource[M, R]) send(ctx context.Context, m M, receipt R, entry *journal.Entry) (tried attempt[R]) {
	at := time.Now()
	answer, err := t.kind.Submit(ctx, t.client, m, &receipt)
	switch {
	case answer.ID != "": // whatever else the answer says, this is a task
	case err != nil && tencentcloud.HadNoEffect(err):
		entry.Remove()
		if exclusive, ok := t.kind.(Exclusive[M]); ok {
			if left, busy := exclusive.Busy(ctx, t.client, m, err); busy {
				return attempt[R]{busy: true, left: left}
			}
		}
		t.log(ctx, "A submission was refused or not sent, nothing is submitted", m, err, nil)
		tried.diags.AddError("Unable to Submit Scan", tf.Explain(t.subject(m), err, ""))
		return tried
	default: // the entry stays until the outcome is met in a state
		t.log(ctx, "Submitted a scan, but no answer tells its id", m, err, map[string]any{"request_id": sanitize.Line(answer.RequestID)})
		tried.diags.AddWarning("Unable to Confirm Submission of Scan: "+t.subject(m), t.explainLostAnswer(ctx, m, answer.RequestID, err))
		tried.made = &submission[R]{at: at, mark: entry.Mark(), receipt: receipt}
		return tried
	}
	tried.made = &submission[R]{at: at, id: answer.ID, own: true, mark: entry.Mark(), receipt: receipt}
	if err := entry.Answered(journal.Answer{ID: answer.ID, Owner: t.client.Owner()}, receipt); err != nil {
		tried.diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The id of the scan, %s, could not be written to disk (%s). If this run is killed while it waits, import the scan by this id.", sanitize.Line(answer.ID), sanitize.Line(err.Error())))
	}
	fields := map[string]any{t.words.IDName: sanitize.Line(answer.ID), "request_id": sanitize.Line(answer.RequestID)}
	maps.Copy(fields, answer.Log)
	t.log(ctx, "Submitted a scan", m, nil, fields)
	return tried
}
