package scantask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// lock makes this scan the only one that looks for equal submissions. Its one error is the end of the run.
func (t *taskResource[M, R]) lock(ctx context.Context, key journal.Key, m M) (unlock func(), diags diag.Diagnostics) {
	unlock, err := t.journal.Lock(ctx, key)
	switch {
	case err == nil:
		return unlock, nil
	case ctx.Err() != nil:
		diags.AddError("Unable to Submit Scan", t.explainEnded(m, "looked into the journal"))
	default: // an entry that is there cannot be locked either, and is an error then
		diags.AddWarning("Unable to Lock Journal", fmt.Sprintf(
			"The journal's folder cannot be locked (%s). Two runs that submit the same %s now may not notice each other.", sanitize.Line(err.Error()), t.words.Things))
	}
	return func() {}, diags
}

// recoverOrBegin looks for what an earlier run left of an equal submission. Where there is nothing to
// go on with, it begins an entry for a new one.
func (t *taskResource[M, R]) recoverOrBegin(ctx context.Context, key journal.Key, m M, receipt R) (*submission[R], *journal.Entry, diag.Diagnostics) {
	unlock, diags := t.lock(ctx, key, m)
	defer unlock()
	if diags.HasError() {
		return nil, nil, diags
	}
	found, more := t.recover(ctx, key, m)
	diags.Append(more...)
	if found != nil || diags.HasError() {
		return found, nil, diags
	}
	entry, err := t.journal.Begin(key, receipt)
	if err != nil {
		diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The submission could not be written to disk (%s). If this run is killed while it waits, the id of the scan will be lost.", sanitize.Line(err.Error())))
	}
	return nil, entry, diags
}

// recover looks for what an earlier run left: a task that is this scan is adopted, whatever became of
// it, as it would have been by the run that submitted it; an intent without an answer is uncertain. It
// returns nil and no error where there is nothing to go on with.
func (t *taskResource[M, R]) recover(ctx context.Context, key journal.Key, m M) (found *submission[R], diags diag.Diagnostics) {
	orphans, err := t.journal.Orphans(key)
	if err != nil {
		diags.AddError("Unable to Read Journal", fmt.Sprintf("An earlier run may have submitted these %s, but its journal entry cannot be read: %s.\n\n"+
			"Object: %s\n\nNothing was submitted. Remove the entry from the journal's folder if you are sure that no scan is running.", t.words.Things, sanitize.Line(err.Error()), t.subject(m)))
		return nil, diags
	}
	// Tasks come before bare intents: the one that can be told from a second payment.
	slices.SortStableFunc(orphans, func(a, b *journal.Entry) int { return rank(a) - rank(b) })
	for _, entry := range orphans {
		if found != nil || diags.HasError() {
			entry.Release() // for another resource with the same content
			continue
		}
		var more diag.Diagnostics
		found, more = t.adopt(ctx, entry, m)
		diags.Append(more...)
		if found == nil {
			entry.Release()
		}
	}
	return found, diags
}

func rank(entry *journal.Entry) int {
	if entry.Answer != nil {
		return 0
	}
	return 1
}

// adopt takes over an entry of a dead owner. It returns nil and no error for a task that is of no use
// here; its entry stays, since it may be of use to the account that it belongs to.
func (t *taskResource[M, R]) adopt(ctx context.Context, entry *journal.Entry, m M) (*submission[R], diag.Diagnostics) {
	var diags diag.Diagnostics
	begun := entry.BegunAt.Format(time.RFC3339)
	made := &submission[R]{at: entry.BegunAt, mark: entry.Mark()}
	if err := json.Unmarshal(entry.Receipt, &made.receipt); len(entry.Receipt) > 0 && err != nil {
		diags.AddError("Unable to Read Journal", fmt.Sprintf("An earlier run had submitted these %s, but the receipt in the journal entry %s cannot be read.\n\nObject: %s\n\n"+
			"Nothing was submitted. Remove the entry from the journal's folder if you are sure that no scan is running.", t.words.Things, entry.Name(), t.subject(m)))
		return nil, diags
	}
	if entry.Answer != nil {
		made.id = entry.Answer.ID
		adoptable, err := t.kind.Adoptable(ctx, t.client, m, made.id, made.receipt)
		switch {
		case errors.Is(err, tencentcloud.ErrNotFound) && (t.isOfAnother(entry) || !isYoung(entry)):
			return nil, diags
		case err != nil:
			diags.AddError("Unable to Check Earlier Submission", tf.Explain(t.task(made.id), err, fmt.Sprintf(
				"An earlier run on this machine had submitted the same %s at %s (journal entry %s), and it could not be checked what became of them. Nothing was submitted; apply again.",
				t.words.Things, begun, entry.Name())))
			return nil, diags
		case !adoptable:
			return nil, diags
		}
	} else if made.id = t.proven(ctx, m, &made.receipt, entry.BegunAt); made.id == "" {
		t.log(ctx, "Found a submission without an answer in the journal", m, nil, map[string]any{"begun_at": begun, "entry": entry.Name()})
		diags.AddWarning("Unable to Confirm Submission of Scan: "+t.subject(m), fmt.Sprintf(
			"An earlier run on this machine began to submit these %s at %s, and the journal has no answer (journal entry %s): it is unknown whether the submission was accepted.\n\nObject: %s\n\n%s",
			t.words.Things, begun, entry.Name(), t.subject(m), t.lookUp(ctx, m)))
		return made, diags
	}
	t.log(ctx, "Adopted a scan from the journal", m, nil, map[string]any{t.words.IDName: sanitize.Line(made.id), "begun_at": begun})
	diags.AddWarning("Scan Adopted From Journal: "+t.task(made.id), fmt.Sprintf(
		"An earlier run on this machine submitted the same %s at %s, and no state has recorded it since; that scan is reused. Nothing is submitted.\n\nObject: %s",
		t.words.Things, begun, t.task(made.id)))
	return made, diags
}

// proven returns the id of the task that an uncertain submission became, where the kind can prove it.
func (t *taskResource[M, R]) proven(ctx context.Context, m M, receipt *R, begun time.Time) string {
	prover, ok := t.kind.(Prover[M, R])
	if !ok {
		return ""
	}
	id, err := prover.Prove(ctx, t.client, m, receipt, begun)
	if err != nil {
		t.log(ctx, "An uncertain submission could not be looked up", m, err, nil)
		return ""
	}
	return id
}

// prove gives a state without an id the task that its submission became, where that is proven.
func (t *taskResource[M, R]) prove(ctx context.Context, m M, receipt *R) bool {
	begun, err := time.Parse(time.RFC3339, m.common().SubmittedAt.ValueString())
	if err != nil {
		return false
	}
	id := t.proven(ctx, m, receipt, begun)
	if id == "" {
		return false
	}
	t.start(m, id, begun, *receipt)
	return true
}

// isOfAnother tells whether an entry's task is known to be somebody else's: of the account, role or key
// of another run on this machine.
func (t *taskResource[M, R]) isOfAnother(entry *journal.Entry) bool {
	owner := t.client.Owner()
	return owner != "" && entry.Answer.Owner != "" && owner != entry.Answer.Owner
}

// KnownBy is how long after a submission the service may not know the task yet.
const KnownBy = 10 * time.Minute

// isYoung tells whether the service may not know the task yet. A time in the future, by a clock that
// was off, says nothing.
func isYoung(entry *journal.Entry) bool {
	return time.Since(entry.BegunAt).Abs() < KnownBy
}
