package scantask

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Default time-outs (design "Schemas").
const (
	defaultWaitTimeout = 3 * time.Hour
	defaultReadTimeout = 5 * time.Minute
)

// Shared is what the provider hands to its resources.
type Shared struct {
	client  *tencentcloud.Client
	journal *journal.Journal
	turns   *turns
}

// NewShared returns what resources share. The journal is nil where it is turned off or cannot be used.
func NewShared(client *tencentcloud.Client, journal *journal.Journal) Shared {
	return Shared{client: client, journal: journal, turns: &turns{taken: map[string]chan struct{}{}}}
}

// New returns the resource of a kind.
func New[M Model, R any](kind Kind[M, R]) resource.Resource {
	return &taskResource[M, R]{kind: kind, words: kind.Words()}
}

// taskResource is the resource of a kind.
type taskResource[M Model, R any] struct {
	kind  Kind[M, R]
	words Words
	Shared
}

var (
	_ resource.ResourceWithConfigure   = (*taskResource[*Common, struct{}])(nil)
	_ resource.ResourceWithModifyPlan  = (*taskResource[*Common, struct{}])(nil)
	_ resource.ResourceWithImportState = (*taskResource[*Common, struct{}])(nil)
	_ resource.ResourceWithIdentity    = (*taskResource[*Common, struct{}])(nil)
)

func (t *taskResource[M, R]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + t.words.TypeName
	// An identity beside a state that was edited by hand is corrected, not held against the run.
	resp.ResourceBehavior.MutableIdentity = true
}

func (t *taskResource[M, R]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if req.ProviderData == nil {
		return
	}
	shared, ok := req.ProviderData.(Shared)
	if !ok {
		resp.Diagnostics.AddError("Unable to Configure Resource",
			fmt.Sprintf("The provider handed over a %T. This is a bug of the provider; please report it.", req.ProviderData))
		return
	}
	t.Shared = shared
}

// Create submits, saves the id, and waits. Once the request may have been sent no outcome is an
// error: an error would taint the resource, and the next apply would pay again.
func (t *taskResource[M, R]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx = tf.WithLog(ctx)
	m := t.kind.New()
	resp.Diagnostics.Append(req.Plan.Get(ctx, m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := m.common().Timeouts.Create(ctx, defaultWaitTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := tencentcloud.WithTimeout(ctx, timeout)
	defer cancel()

	made, release, diags := t.obtain(ctx, m)
	defer release()
	resp.Diagnostics.Append(diags...)
	if made == nil {
		return
	}
	t.start(m, made.id, made.at, made.receipt)
	memory := memory[R]{Mark: made.mark, Receipt: made.receipt}
	if made.own {
		memory.Own = made.id
	}
	resp.Diagnostics.Append(memory.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
	if resp.Diagnostics.HasError() || made.id == "" {
		return
	}
	if m.common().waits() {
		err := t.await(ctx, m, &memory.Receipt)
		resp.Diagnostics.Append(memory.save(ctx, resp.Private)...)
		resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
		if err != nil {
			resp.Diagnostics.AddWarning("Unable to Finish Waiting for Scan: "+t.object(m), tf.Explain(t.object(m), err, nextAfterWait))
		}
	}
	resp.Diagnostics.Append(t.polled(ctx, m)...)
}

// start sets all outputs of a task of which nothing was polled yet.
func (t *taskResource[M, R]) start(m M, id string, at time.Time, receipt R) {
	c := m.common()
	c.ID, c.SubmittedAt = printable(id), types.StringValue(at.UTC().Format(time.RFC3339))
	c.Status = types.StringValue(StatusProcessing)
	if id == "" {
		c.Status = types.StringValue(StatusUncertain)
	}
	t.kind.Start(m, id, receipt)
}

// Read asks how far the task is. It never submits and never drops the id.
func (t *taskResource[M, R]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	m := t.kind.New()
	resp.Diagnostics.Append(req.State.Get(ctx, m)...)
	memory, diags := t.recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := m.common().Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	t.forget(m, memory)
	if m.TaskID() == "" && !t.prove(ctx, m, &memory.Receipt) { // there is nothing to ask for
		resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
		return
	}
	progress, err := t.kind.Poll(ctx, t.client, m, &memory.Receipt)
	switch {
	case errors.Is(err, tencentcloud.ErrNotFound):
		m.common().Status = types.StringValue(StatusNotFound)
		resp.Diagnostics.AddWarning("Unable to Find Scan: "+t.object(m), tf.Explain(t.object(m), err, t.nextAfterNotFound()))
	case err != nil:
		resp.Diagnostics.AddError("Unable to Read Scan", tf.Explain(t.object(m), err, ""))
		return
	case progress.Expired:
		resp.Diagnostics.AddWarning("Unable to Find Results of Scan: "+t.object(m), t.explainExpired(m, progress))
	case m.common().Status.ValueString() == StatusNotFound:
		resp.Diagnostics.Append(t.polled(ctx, m)...)
	}
	resp.Diagnostics.Append(memory.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
}

// Update adopts what changed without a new scan, and keeps waiting where the plan says so. Its errors
// do not taint, so that time-outs and failures are errors here.
func (t *taskResource[M, R]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx = tf.WithLog(ctx)
	plan, m := t.kind.New(), t.kind.New()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	// What is not known in the plan is so far as the state has it.
	resp.Diagnostics.Append(tfsdk.State{Schema: req.State.Schema, Raw: prefer(req.Plan.Raw, req.State.Raw)}.Get(ctx, m)...)
	memory, diags := t.recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.common().Timeouts.Update(ctx, defaultWaitTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	t.forget(m, memory)
	memory.Imported = false
	if !plan.common().Status.IsUnknown() {
		resp.Diagnostics.Append(memory.save(ctx, resp.Private)...)
		resp.Diagnostics.Append(t.save(ctx, plan, &resp.State, resp.Identity)...)
		return
	}
	err := t.await(ctx, m, &memory.Receipt)
	resp.Diagnostics.Append(memory.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(t.save(ctx, m, &resp.State, resp.Identity)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// What the plan has promised stays so, even where a poll has seen more.
	resp.State.Raw = prefer(req.Plan.Raw, resp.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Finish Waiting for Scan", tf.Explain(t.object(m), err, nextAfterWait))
	}
	resp.Diagnostics.Append(asErrors(t.polled(ctx, m))...)
}

// Delete forgets. It calls the service only to stop a task, where the user asked for that and the kind
// can.
func (t *taskResource[M, R]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	ctx = tf.WithLog(ctx)
	m := t.kind.New()
	resp.Diagnostics.Append(req.State.Get(ctx, m)...)
	memory, diags := t.recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	t.forget(m, memory)
	stopper, ok := t.kind.(Stopper[M, R])
	if !ok || !stopper.StopOnDestroy(m) || m.common().Status.ValueString() != StatusProcessing || !memory.owns(m) {
		return
	}
	timeout, diags := m.common().Timeouts.Delete(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := stopper.Stop(ctx, t.client, m, memory.Receipt); err != nil {
		resp.Diagnostics.AddWarning("Unable to Stop Scan: "+t.object(m), tf.Explain(t.object(m), err, "The resource is destroyed all the same. Stop the task in the Tencent Cloud console, or let it end."))
	}
}

// await polls until nothing of the task is processing. The model has what was seen last.
func (t *taskResource[M, R]) await(ctx context.Context, m M, receipt *R) error {
	_, err := wait.For(ctx, func(ctx context.Context) (wait.Observation[struct{}], error) {
		progress, err := t.kind.Poll(ctx, t.client, m, receipt)
		if err != nil {
			return wait.Observation[struct{}]{}, err
		}
		observation := wait.Observation[struct{}]{State: wait.Final, Status: progress.Detail, Remaining: progress.Remaining}
		if m.common().Status.ValueString() == StatusProcessing {
			observation.State = wait.Pending
		}
		return observation, nil
	}, tf.WaitOptions(ctx, m.common().PollInterval, t.object(m)))
	return err
}
