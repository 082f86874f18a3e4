package resources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// journalKey marks in the private state the journal's entry of the submission: only when it comes back
// with a state is that state known to be kept, and the entry of no more use.
const journalKey = "journal"

// recoverOrBegin looks for what an earlier run left of an equal submission. Where there is nothing to
// go on with, it begins an entry for a new one.
func (r *scanInstanceResource) recoverOrBegin(ctx context.Context, key journal.Key, request tencentcloud.CreateScanInstancesRequest) (*submission, *journal.Entry, diag.Diagnostics) {
	var diags diag.Diagnostics
	unlock, err := r.journal.Lock(ctx, key)
	switch {
	case err != nil && ctx.Err() != nil:
		diags.AddError("Unable to Submit Scan", fmt.Sprintf("The run ended while it looked into the journal, and nothing was submitted.\n\nObject: %s\n\nApply again.", describeApps(request)))
		return nil, nil, diags
	case err != nil: // an entry that is there cannot be locked either, and is an error then
		diags.AddWarning("Unable to Lock Journal", fmt.Sprintf(
			"The journal's folder cannot be locked (%s). Two runs that submit the same apps now may not notice each other.", gate.Line(err.Error())))
	default:
		defer unlock()
	}
	found, more := r.recover(ctx, key, request)
	diags.Append(more...)
	if found != nil || diags.HasError() {
		return found, nil, diags
	}
	entry, err := r.journal.Begin(key)
	if err != nil {
		diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The submission could not be noted on disk (%s). If this run is killed while it waits, the id of the scan will be lost.", gate.Line(err.Error())))
	}
	return nil, entry, diags
}

// recover looks for what an earlier run left: a task that the service knows with the same apps is
// adopted, whatever became of it, as it would have been by the run that submitted it; an intent without
// an answer is uncertain. It returns nil and no error where there is nothing to go on with.
func (r *scanInstanceResource) recover(ctx context.Context, key journal.Key, request tencentcloud.CreateScanInstancesRequest) (*submission, diag.Diagnostics) {
	var diags diag.Diagnostics
	orphans, err := r.journal.Orphans(key)
	if err != nil {
		diags.AddError("Unable to Read Journal", fmt.Sprintf("An earlier run may have submitted these apps, but its note cannot be read: %s.\n\n"+
			"Object: %s\n\nNothing was submitted. Remove the entry from the journal's folder if you are sure that no scan is under way.", gate.Line(err.Error()), describeApps(request)))
		return nil, diags
	}
	// Tasks come before bare intents: the one that can be told from a second payment.
	slices.SortStableFunc(orphans, func(a, b *journal.Entry) int { return rank(a) - rank(b) })
	var found *submission
	for _, entry := range orphans {
		if found != nil || diags.HasError() {
			entry.Release() // for another resource with the same apps
			continue
		}
		var more diag.Diagnostics
		found, more = r.adopt(ctx, entry, request)
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
func (r *scanInstanceResource) adopt(ctx context.Context, entry *journal.Entry, request tencentcloud.CreateScanInstancesRequest) (*submission, diag.Diagnostics) {
	var diags diag.Diagnostics
	begun := entry.BegunAt.Format(time.RFC3339)
	if entry.Answer == nil {
		logSubmission(ctx, "Found a submission without an answer in the journal", request, nil, map[string]any{"begun_at": begun, "entry": entry.Name()})
		diags.AddWarning("Unable to Confirm Submission of Scan", fmt.Sprintf(
			"An earlier run on this machine had begun to submit these apps at %s, and no answer was noted (journal entry %s), so that it is not known whether a scan began.\n\nObject: %s\n\n%s",
			begun, entry.Name(), describeApps(request), lookUp))
		return &submission{at: entry.BegunAt, mark: entry.Mark()}, diags
	}
	id := entry.Answer.ItemID
	answer, err := r.client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id})
	switch {
	case errors.Is(err, tencentcloud.ErrNotFound) && (r.isOfAnother(entry) || !isYoung(entry)):
		return nil, diags
	case err != nil:
		diags.AddError("Unable to Check Earlier Submission", tf.Explain("item "+id, err, fmt.Sprintf(
			"An earlier run on this machine had submitted the same apps at %s (journal entry %s), and it could not be checked what became of them. Nothing was submitted; run again.",
			begun, entry.Name())))
		return nil, diags
	case !sameApps(answer, request):
		return nil, diags
	}
	logSubmission(ctx, "Adopted a scan from the journal", request, nil, map[string]any{"item_id": gate.Line(id), "begun_at": begun})
	diags.AddWarning("Scan Adopted From Journal", fmt.Sprintf(
		"An earlier run on this machine had submitted the same apps at %s, and no state of it was met since. Its scan is taken over, and nothing is submitted.\n\nObject: item %s",
		begun, gate.Line(id)))
	return &submission{at: entry.BegunAt, answer: *entry.Answer, mark: entry.Mark()}, diags
}

// isOfAnother tells whether an entry's task is known to be somebody else's: of the account, role or key
// of another run on this machine.
func (r *scanInstanceResource) isOfAnother(entry *journal.Entry) bool {
	owner := r.client.Owner()
	return owner != "" && entry.Answer.Owner != "" && owner != entry.Answer.Owner
}

// knownBy is how long after a submission the service may not know the task yet.
const knownBy = 10 * time.Minute

// isYoung tells whether the service may not know the task yet. A time in the future, by a clock that
// was off, says nothing.
func isYoung(entry *journal.Entry) bool {
	return time.Since(entry.BegunAt).Abs() < knownBy
}

// privateState is the private state that a request brings.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// forget removes the journal's entries of a task that is met in a state. That of an import is not kept
// yet.
func (r *scanInstanceResource) forget(ctx context.Context, private privateState, id types.String) diag.Diagnostics {
	imported, diags := private.GetKey(ctx, importedKey)
	quoted, more := private.GetKey(ctx, journalKey)
	diags.Append(more...)
	if imported != nil || diags.HasError() {
		return diags
	}
	mark, _ := strconv.Unquote(string(quoted))
	r.journal.Forget(id.ValueString(), mark)
	return diags
}

// sameApps tells whether every row that names an app names one of the request.
func sameApps(answer *tencentcloud.DescribeScanResultsResponse, request tencentcloud.CreateScanInstancesRequest) bool {
	md5s := md5sOf(request)
	return !slices.ContainsFunc(answer.ScanSet.Items, func(row tencentcloud.ScanSetInfo) bool {
		md5 := evidence.RowMD5(row)
		return md5 != "" && !slices.Contains(md5s, md5)
	})
}
