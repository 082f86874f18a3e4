package resources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/facts"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// submission is what Create has to go on with: the id of a task, or the knowledge that it is
// uncertain whether there is one.
type submission struct {
	at     time.Time
	answer journal.Answer // no ItemID where the outcome is uncertain
}

// submit adopts a scan that a run which was killed left in the journal, or submits. Its errors are
// those of which it is certain that nothing was submitted.
func (r *scanInstanceResource) submit(ctx context.Context, request tencentcloud.CreateScanInstancesRequest, triggers map[string]string) (*submission, diag.Diagnostics) {
	key := journal.Key{
		Endpoint: r.client.Endpoint().String(), MD5s: md5sOf(request), ScanTypes: request.ScanInfo.ScanTypes, Triggers: triggers,
	}
	found, diags := r.recover(ctx, key, request)
	if found != nil || diags.HasError() {
		return found, diags
	}
	entry, err := r.journal.Begin(key)
	if err != nil {
		diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The submission could not be noted on disk (%s). If this run is killed while it waits, the id of the scan will be lost.", err))
	}
	found, more := r.send(ctx, request, entry)
	diags.Append(more...)
	return found, diags
}

func (r *scanInstanceResource) send(ctx context.Context, request tencentcloud.CreateScanInstancesRequest, entry *journal.Entry) (*submission, diag.Diagnostics) {
	var diags diag.Diagnostics
	at := time.Now()
	answer, err := r.client.CreateScanInstances(ctx, request)
	id := strings.TrimSpace(answer.ItemID.String())
	switch {
	case id != "": // whatever else the answer says, this is a task
	case err != nil && tencentcloud.Undone(err):
		entry.Remove()
		diags.AddError("Unable to Submit Scan", tf.Explain(describeApps(request), err, ""))
		return nil, diags
	default:
		entry.Remove() // the state has it now
		diags.AddWarning("Unable to Confirm Submission of Scan", explainLostAnswer(describeApps(request), answer.RequestID, err))
		return &submission{at: at}, diags
	}
	tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, "Submitted a scan", map[string]any{
		"item_id": gate.Line(id), "apps": len(request.AppInfos), "request_id": gate.Line(answer.RequestID),
	})
	s := &submission{at: at, answer: journal.Answer{
		ItemID: id, AcceptedMD5s: normalMD5s(answer.AppMD5s), LimitCount: answer.LimitCount.Ptr(), LimitTime: answer.LimitTime.Ptr(),
	}}
	if err := entry.Answered(s.answer); err != nil {
		diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The id of the scan, %s, could not be noted on disk (%s). If this run is killed while it waits, import the scan by this id.", gate.Line(id), err))
	}
	return s, diags
}

// recover looks for what a killed run left: a task is adopted if the service knows it with the same
// apps and it has not failed; an intent without an answer is uncertain. It returns nil and no error
// where there is nothing to go on with.
func (r *scanInstanceResource) recover(ctx context.Context, key journal.Key, request tencentcloud.CreateScanInstancesRequest) (*submission, diag.Diagnostics) {
	var diags diag.Diagnostics
	orphans, err := r.journal.Orphans(key)
	if err != nil {
		diags.AddError("Unable to Read Journal", fmt.Sprintf("An earlier run may have submitted these apps, but its note cannot be read: %s.\n\n"+
			"Object: %s\n\nNothing was submitted. Remove the entry from the journal's folder if you are sure that no scan is under way.", err, describeApps(request)))
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
	}
	return found, diags
}

func rank(entry *journal.Entry) int {
	if entry.Answer != nil {
		return 0
	}
	return 1
}

// adopt takes over an entry of a dead owner. It returns nil and no error for a task that is of no use.
func (r *scanInstanceResource) adopt(ctx context.Context, entry *journal.Entry, request tencentcloud.CreateScanInstancesRequest) (*submission, diag.Diagnostics) {
	var diags diag.Diagnostics
	object := describeApps(request)
	if entry.Answer == nil {
		diags.AddWarning("Unable to Confirm Submission of Scan", fmt.Sprintf(
			"A run that was killed at or after %s had begun to submit these apps, and no answer was noted (journal entry %s), so that it is not known whether a scan began.\n\nObject: %s\n\n%s",
			entry.BegunAt.Format(time.RFC3339), entry.Name(), object, lookUp))
		entry.Remove() // the state has it now
		return &submission{at: entry.BegunAt}, diags
	}
	id := entry.Answer.ItemID
	answer, err := r.client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id})
	switch {
	case errors.Is(err, tencentcloud.ErrNotFound) && time.Since(entry.BegunAt) > knownBy:
		entry.Remove()
		return nil, diags
	case err != nil:
		entry.Release()
		diags.AddError("Unable to Check Earlier Submission", tf.Explain("item "+id, err,
			"A run that was killed had submitted the same apps, and it could not be checked what became of them. Nothing was submitted; run again."))
		return nil, diags
	case !sameApps(answer, request) || judgeProgress(md5sOf(request), entry.Answer.AcceptedMD5s, request.ScanInfo.ScanTypes, answer).status == statusFailed:
		entry.Remove()
		return nil, diags
	}
	diags.AddWarning("Scan Adopted From Journal", fmt.Sprintf(
		"A run that was killed had submitted the same apps at %s. Its scan is taken over, and nothing is submitted.\n\nObject: item %s",
		entry.BegunAt.Format(time.RFC3339), id))
	return &submission{at: entry.BegunAt, answer: *entry.Answer}, diags
}

// knownBy is how long after a submission the service may not know the task yet.
const knownBy = 10 * time.Minute

// sameApps tells whether every row that names an app names one of the request.
func sameApps(answer *tencentcloud.DescribeScanResultsResponse, request tencentcloud.CreateScanInstancesRequest) bool {
	md5s := md5sOf(request)
	return !slices.ContainsFunc(answer.ScanSet, func(row tencentcloud.ScanSetInfo) bool {
		md5 := facts.RowMD5(row)
		return md5 != "" && !slices.Contains(md5s, md5)
	})
}

func md5sOf(request tencentcloud.CreateScanInstancesRequest) []string {
	md5s := make([]string, 0, len(request.AppInfos))
	for _, app := range request.AppInfos {
		md5s = append(md5s, app.AppMD5)
	}
	return md5s
}
