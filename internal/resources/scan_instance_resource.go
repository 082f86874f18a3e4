package resources

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

var (
	_ resource.Resource                = (*scanInstanceResource)(nil)
	_ resource.ResourceWithConfigure   = (*scanInstanceResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*scanInstanceResource)(nil)
	_ resource.ResourceWithImportState = (*scanInstanceResource)(nil)
)

// Default time-outs (design "Schemas").
const (
	defaultWaitTimeout = 3 * time.Hour
	defaultReadTimeout = 5 * time.Minute
)

// importedKey marks in the private state a task that was imported: the first apply adopts what the
// service does not tell (scan types, triggers) in place of submitting again.
const importedKey = "imported"

// NewScanInstance returns the resource ms_scan_instance.
func NewScanInstance() resource.Resource { return &scanInstanceResource{} }

type scanInstanceResource struct {
	client  *tencentcloud.Client
	journal *journal.Journal
}

// Shared is what the provider hands to its resources.
type Shared struct {
	Client *tencentcloud.Client
	// Journal is nil where it is turned off or cannot be used.
	Journal *journal.Journal
}

func (r *scanInstanceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_scan_instance"
	// An identity beside a state that was edited by hand is mended, not held against the run.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *scanInstanceResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = scanInstanceSchema(ctx)
}

func (r *scanInstanceResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if req.ProviderData == nil {
		return
	}
	shared, ok := req.ProviderData.(Shared)
	if !ok {
		resp.Diagnostics.AddError("Unable to Configure Resource",
			fmt.Sprintf("The provider handed over a %T. This is a bug of the provider; please report it.", req.ProviderData))
		return
	}
	r.client, r.journal = shared.Client, shared.Journal
}

// Create submits, saves the id, and waits. Once the request may have been sent no outcome is an
// error: an error would taint the resource, and the next apply would pay again.
func (r *scanInstanceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx = tf.WithLog(ctx)
	var plan scanInstanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	request, diags := plan.request(ctx)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultWaitTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := tencentcloud.WithTimeout(ctx, timeout)
	defer cancel()

	made, diags := r.submit(ctx, request, plan.triggers())
	resp.Diagnostics.Append(diags...)
	if made == nil {
		return
	}
	if made.mark != "" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, journalKey, []byte(strconv.Quote(made.mark)))...)
	}
	plan.setSubmitted(made)
	if made.answer.ItemID == "" {
		plan.setUncertain()
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
		return
	}
	accepted := made.answer.AcceptedMD5s
	p := judgeProgress(plan.submittedMD5s(ctx), accepted, request.ScanInfo.ScanTypes, nil)
	plan.setProgress(p)
	resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := made.answer.ItemID
	if plan.WaitForCompletion.ValueBool() && p.status == statusProcessing {
		var err error
		var seen bool
		if p, seen, err = r.await(ctx, &plan, accepted); seen {
			plan.setProgress(p)
		}
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
		if err != nil {
			resp.Diagnostics.AddWarning("Unable to Finish Waiting for Scan", tf.Explain("item "+id, err, nextAfterWait))
		}
	}
	if p.status == statusFailed {
		resp.Diagnostics.AddWarning("Unable to Scan Every App", explainFailures(id, p.failures))
	}
}

// Read asks how far the task is. It never submits and never drops the id.
func (r *scanInstanceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	var state scanInstanceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.forget(ctx, req.Private, state.ItemID)...)
	if state.ItemID.IsNull() { // there is nothing to ask for
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id := state.ItemID.ValueString()
	submitted, accepted, scanTypes := state.submittedMD5s(ctx), state.acceptedMD5s(), state.scanned(ctx)
	answer, err := r.client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id, Final: ended(submitted, accepted)})
	switch {
	case errors.Is(err, tencentcloud.ErrNotFound):
		state.Status = types.StringValue(statusNotFound)
		resp.Diagnostics.AddWarning("Unable to Find Scan", tf.Explain("item "+id, err, nextAfterNotFound(r.client.Account())))
	case err != nil:
		resp.Diagnostics.AddError("Unable to Read Scan", tf.Explain("item "+id, err, ""))
		return
	case len(answer.ScanSet.Items) == 0 && state.ended():
		resp.Diagnostics.AddWarning("Unable to Find Results of Scan", fmt.Sprintf(
			"The task had ended, and the service no longer lists any results of it. What was read before is kept, and nothing is submitted.\n\nObject: item %s\nRequestId: %s\n\n"+
				"To have results again, scan again with -replace or a new value in triggers.", gate.Line(id), gate.Line(answer.RequestID)))
	default:
		state.setProgress(judgeProgress(submitted, accepted, scanTypes, answer))
	}
	resp.Diagnostics.Append(state.save(ctx, &resp.State, resp.Identity)...)
}

// Update adopts what changed without a new scan, and waits on where the plan says so. Its errors do
// not taint, so that time-outs and failures are errors here.
func (r *scanInstanceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx = tf.WithLog(ctx)
	var plan, state scanInstanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultWaitTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	resp.Diagnostics.Append(r.forget(ctx, req.Private, state.ItemID)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	if !plan.Status.IsUnknown() {
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
		return
	}
	planned := plan
	plan.setComputedFrom(&state)
	p, seen, err := r.await(ctx, &plan, plan.acceptedMD5s())
	if seen {
		plan.setProgress(p)
	}
	if !planned.AcceptedAppMD5s.IsUnknown() { // the plan has promised them, in its own order
		plan.AcceptedAppMD5s, plan.RejectedAppMD5s = planned.AcceptedAppMD5s, planned.RejectedAppMD5s
	}
	resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
	id := plan.ItemID.ValueString()
	switch {
	case err != nil:
		resp.Diagnostics.AddError("Unable to Finish Waiting for Scan", tf.Explain("item "+id, err, nextAfterWait))
	case p.status == statusFailed:
		resp.Diagnostics.AddError("Unable to Scan Every App", explainFailures(id, p.failures))
	}
}

// Delete calls nothing: the API cannot cancel or delete a scan.
func (r *scanInstanceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("item_id"), &id)...)
	resp.Diagnostics.Append(r.forget(ctx, req.Private, id)...)
}

// ImportState takes over a task by its ItemId. The results must name at least one app, since the
// identity of this resource is the set of MD5s.
func (r *scanInstanceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx = tf.WithLog(ctx)
	id, diags := importedID(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	object := "item " + id
	if id == "" {
		resp.Diagnostics.AddError("Unable to Import Scan", "The import id is empty. Give the ItemId of the scan task.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()
	answer, err := r.client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id})
	if err != nil {
		resp.Diagnostics.AddError("Unable to Import Scan", tf.Explain(object, err, ""))
		return
	}
	if problem := incompleteForImport(answer); problem != "" {
		resp.Diagnostics.AddError("Unable to Import Scan", fmt.Sprintf(
			"%s, so that the apps cannot be compared with the configuration; a difference would be scanned and paid for again.\n\nObject: %s\nRequestId: %s\n\n"+
				"Check the ItemId; if the task was submitted just now, import it again in a minute.", problem, gate.Line(object), gate.Line(answer.RequestID)))
		return
	}
	state := importedModel(id, answer)
	resp.Diagnostics.Append(state.save(ctx, &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// await polls until nothing of the task is processing. Beside an error it returns what was seen last,
// and whether anything was.
func (r *scanInstanceResource) await(ctx context.Context, m *scanInstanceModel, accepted []string) (last progress, seen bool, err error) {
	id, submitted, types := m.ItemID.ValueString(), m.submittedMD5s(ctx), m.scanned(ctx)
	_, err = wait.For(ctx, func(ctx context.Context) (wait.Observation[progress], error) {
		answer, err := r.client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id, Final: ended(submitted, accepted)})
		if err != nil {
			return wait.Observation[progress]{}, err
		}
		last, seen = judgeProgress(submitted, accepted, types, answer), true
		observation := wait.Observation[progress]{Value: last, State: wait.Final, Status: last.describe(len(submitted))}
		if last.status == statusProcessing {
			observation.State = wait.Pending
		}
		return observation, nil
	}, tf.WaitOptions(ctx, m.PollInterval, "item "+id))
	return last, seen, err
}

// ended returns the judgement whether an answer is final for a task of these apps.
func ended(submitted, accepted []string) func(*tencentcloud.DescribeScanResultsResponse) bool {
	return func(answer *tencentcloud.DescribeScanResultsResponse) bool {
		return answer.Complete() && judgeProgress(submitted, accepted, nil, answer).status != statusProcessing
	}
}

func normalMD5s(md5s []string) []string {
	if md5s == nil {
		return nil
	}
	normal := make([]string, 0, len(md5s))
	for _, md5 := range md5s {
		normal = append(normal, tf.NormalMD5(strings.TrimSpace(md5)))
	}
	return normal
}

func planDiagnostics(m *scanInstanceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	switch m.Status.ValueString() {
	case statusUncertain:
		diags.AddWarning("Unable to Confirm Submission of Scan", explainUncertain(m.SubmittedAt.ValueString()))
	case statusFailed:
		diags.AddWarning("Unable to Scan Every App", explainFailures(m.ItemID.ValueString(), failuresOf(m.Failures)))
	}
	return diags
}
