package resources

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
	mark   string         // of the journal's entry
}

// submit adopts a scan that an earlier run left in the journal, or submits. Its errors are those of
// which it is certain that nothing was submitted.
func (r *scanInstanceResource) submit(ctx context.Context, request tencentcloud.CreateScanInstancesRequest, triggers map[string]string) (*submission, diag.Diagnostics) {
	key := journal.Key{
		Endpoint: r.client.Endpoint().String(), MD5s: md5sOf(request), ScanTypes: request.ScanInfo.ScanTypes, Triggers: triggers,
	}
	found, entry, diags := r.recoverOrBegin(ctx, key, request)
	if found != nil || diags.HasError() {
		return found, diags
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
		logSubmission(ctx, "A submission was refused or not sent, nothing is submitted", request, err, nil)
		diags.AddError("Unable to Submit Scan", tf.Explain(describeApps(request), err, ""))
		return nil, diags
	default: // the entry stays until the outcome is met in a state
		logSubmission(ctx, "Submitted a scan, but no answer tells its id", request, err, map[string]any{"request_id": gate.Line(answer.RequestID)})
		diags.AddWarning("Unable to Confirm Submission of Scan", explainLostAnswer(describeApps(request), answer.RequestID, err))
		return &submission{at: at, mark: entry.Mark()}, diags
	}
	s := &submission{at: at, mark: entry.Mark(), answer: journal.Answer{
		ItemID: id, Owner: r.client.Owner(), AcceptedMD5s: normalMD5s(answer.AppMD5s), LimitCount: answer.LimitCount.Ptr(), LimitTime: answer.LimitTime.Ptr(),
	}}
	if err := entry.Answered(s.answer); err != nil {
		diags.AddWarning("Unable to Write Journal", fmt.Sprintf(
			"The id of the scan, %s, could not be noted on disk (%s). If this run is killed while it waits, import the scan by this id.", gate.Line(id), gate.Line(err.Error())))
	}
	logSubmission(ctx, "Submitted a scan", request, nil, answerFields(id, answer))
	return s, diags
}

func md5sOf(request tencentcloud.CreateScanInstancesRequest) []string {
	md5s := make([]string, 0, len(request.AppInfos))
	for _, app := range request.AppInfos {
		md5s = append(md5s, app.AppMD5)
	}
	return md5s
}
