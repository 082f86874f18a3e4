package resources

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// NewHostScan returns the resource ms_cwp_scan.
func NewHostScan() resource.Resource {
	return scantask.New[*hostScanModel, hostScanReceipt](hostScan{})
}

// hostScan is the scan of hosts.
type hostScan struct{}

var (
	_ scantask.Preparer[*hostScanModel, hostScanReceipt] = hostScan{}
	_ scantask.Prover[*hostScanModel, hostScanReceipt]   = hostScan{}
	_ scantask.Stopper[*hostScanModel, hostScanReceipt]  = hostScan{}
)

// hostScanReceipt is what was known before the submission, and what its answer told.
type hostScanReceipt struct {
	// LastTask is the last task of the module before; nil where that could not be read.
	LastTask *int64 `json:"last_task"`
	// Since is when that was asked, by the service's clock; zero where it did not say.
	Since time.Time `json:"since"`
	// Accepted and Unlicensed are the counts of hosts; nil where the service did not say.
	Accepted   *int64 `json:"accepted_host_count"`
	Unlicensed *int64 `json:"unlicensed_host_count"`
}

func (hostScan) New() *hostScanModel { return &hostScanModel{} }

func (hostScan) Words() scantask.Words {
	return scantask.Words{
		TypeName: "cwp_scan", Task: "host scan", Things: "hosts", Failed: "not scanned",
		IDName: "id", ID: "module type and task id, as in Vul/123",
		FailedTitle: "Some hosts were not scanned",
		Again:       "-replace or a new value in triggers",
		LookUp: "Look in the Host Security console whether a scan of these hosts began at that time. " +
			"If it did, import it: `terraform state rm` this resource, then `terraform import` it with module type and task id, as in Vul/123. " +
			"If it did not, scan again with -replace. Until then nothing is submitted.",
	}
}

func (hostScan) Content(plan *hostScanModel) (map[string][]string, error) {
	content := map[string][]string{"module_type": {plan.module()}, "quuids": plan.normalQuuids()}
	if plan.all() {
		content["all_protected_hosts"] = []string{"true"}
	}
	for name, option := range plan.options() {
		content[name] = []string{option.ValueString()}
	}
	return content, nil
}

// Subject names the hosts by their Quuids.
func (hostScan) Subject(m *hostScanModel) (name string, count int) {
	if m.all() {
		return m.module() + " scan of all protected hosts", 0
	}
	quuids := m.quuids()
	shown := slices.Clone(quuids[:min(3, len(quuids))])
	if len(quuids) > len(shown) {
		shown = append(shown, fmt.Sprintf("and %d more", len(quuids)-len(shown)))
	}
	return sanitize.Line(m.module() + " scan of hosts " + strings.Join(shown, ", ")), len(quuids)
}

// Prepare remembers the last task of the module, by which an uncertain submission can be proven later.
func (hostScan) Prepare(ctx context.Context, client *tencentcloud.Client, plan *hostScanModel, receipt *hostScanReceipt) (diags diag.Diagnostics) {
	last, err := client.DescribeScanState(ctx, tencentcloud.DescribeScanStateRequest{ModuleType: plan.module()})
	if err != nil {
		name, _ := hostScan{}.Subject(plan)
		diags.AddError("Unable to Submit Scan", tf.Explain(name, err, "Nothing was submitted; apply again."))
		return diags
	}
	receipt.LastTask, receipt.Since = last.TaskID.Ptr(), tencentcloud.AnsweredAt(last)
	return nil
}

func (hostScan) Submit(ctx context.Context, client *tencentcloud.Client, plan *hostScanModel, receipt *hostScanReceipt) (scantask.Answer, error) {
	if plan.module() == tencentcloud.ModuleMalware {
		answer, err := client.CreateScanMalwareSetting(ctx, plan.malwareRequest())
		return scantask.Answer{ID: taskName(plan.module(), answer.TaskID), RequestID: answer.RequestID}, err
	}
	answer, err := client.ScanVul(ctx, plan.vulRequest())
	receipt.Accepted, receipt.Unlicensed = answer.SuccessCount.Ptr(), answer.BasicVersionCount.Ptr()
	log := map[string]any{}
	if receipt.Accepted != nil {
		log["accepted"] = *receipt.Accepted
	}
	return scantask.Answer{ID: taskName(plan.module(), answer.TaskID), RequestID: answer.RequestID, Log: log}, err
}

func (hostScan) Start(m *hostScanModel, id string, receipt hostScanReceipt) {
	m.TaskNumber = types.Int64Null()
	if request, ok := taskRequest(id); ok {
		m.TaskNumber = types.Int64Value(request.TaskID)
	}
	m.AcceptedHostCount, m.UnlicensedHostCount = types.Int64PointerValue(receipt.Accepted), types.Int64PointerValue(receipt.Unlicensed)
	m.setProgress(hostProgress{status: m.Status.ValueString()})
}

func (hostScan) Poll(ctx context.Context, client *tencentcloud.Client, m *hostScanModel, receipt *hostScanReceipt) (scantask.Progress, error) {
	request, ok := taskRequest(m.TaskID())
	if !ok {
		return scantask.Progress{}, fmt.Errorf("the id in the state, %s, names no task; import the scan again", sanitize.Line(m.TaskID()))
	}
	answer, err := client.DescribeWholeScanTask(ctx, request, false)
	if err != nil {
		return scantask.Progress{}, err
	}
	if len(answer.ScanTaskDetailList.Items) == 0 && m.Ended() {
		return scantask.Progress{Expired: true, RequestID: answer.RequestID}, nil
	}
	canceled, err := wasStopped(ctx, client, request, answer)
	if err != nil {
		return scantask.Progress{}, err
	}
	submitted, err := time.Parse(time.RFC3339, m.SubmittedAt.ValueString())
	p := evaluateHosts(m.task(*receipt, err == nil && time.Since(submitted).Abs() < scantask.KnownBy, canceled), answer)
	m.setProgress(p)
	progress := scantask.Progress{Detail: p.detail, RequestID: answer.RequestID}
	if left := answer.ScanLeftTime.Ptr(); left != nil {
		progress.Remaining = tf.Seconds(float64(*left))
	}
	return progress, nil
}

// task is what the answers about the task are compared with.
func (m *hostScanModel) task(receipt hostScanReceipt, young, canceled bool) hostTask {
	task := hostTask{module: m.module(), accepted: receipt.Accepted, unlicensed: receipt.Unlicensed, young: young, canceled: canceled}
	if !m.all() {
		task.asked = m.normalQuuids()
	}
	return task
}

// wasStopped tells whether a task that has not come to its end never will: the service says that it was stopped,
// or runs another one while no machine of this one is being scanned.
func wasStopped(ctx context.Context, client *tencentcloud.Client, request tencentcloud.DescribeScanTaskDetailsRequest, answer *tencentcloud.DescribeScanTaskDetailsResponse) (bool, error) {
	if !answer.Stopped() && (answer.Done() || len(answer.ScanTaskDetailList.Items) == 0 || !haveEnded(answer)) {
		return false, nil
	}
	last, err := client.DescribeScanState(ctx, tencentcloud.DescribeScanStateRequest{ModuleType: request.ModuleType})
	if err != nil {
		return false, err
	}
	if last.TaskID.Is(request.TaskID) {
		return last.ScanState.Is(tencentcloud.HostsStopped), nil
	}
	whole, err := client.DescribeWholeScanTask(ctx, request, true)
	if err != nil {
		return false, err
	}
	return !whole.Done() && haveEnded(whole) && whole.TotalCount.Is(int64(len(whole.ScanTaskDetailList.Items))), nil
}

// haveEnded tells whether each machine that an answer lists was scanned to its end or failed.
func haveEnded(answer *tencentcloud.DescribeScanTaskDetailsResponse) bool {
	return !slices.ContainsFunc(answer.ScanTaskDetailList.Items, func(m tencentcloud.ScanTaskDetail) bool {
		return m.Status.String() != machineOK && m.Status.String() != "Fail"
	})
}

// Adoptable tells whether every machine of the task is one of the plan.
func (hostScan) Adoptable(ctx context.Context, client *tencentcloud.Client, plan *hostScanModel, id string, _ hostScanReceipt) (bool, error) {
	request, ok := taskRequest(id)
	if !ok {
		return false, nil
	}
	answer, err := client.DescribeWholeScanTask(ctx, request, true)
	if err != nil {
		return false, err
	}
	quuids := plan.normalQuuids()
	return plan.all() || !slices.ContainsFunc(answer.ScanTaskDetailList.Items, func(m tencentcloud.ScanTaskDetail) bool {
		quuid := normalQuuid(m.Quuid.String())
		return quuid != "" && !slices.Contains(quuids, quuid)
	}), nil
}

// Prove returns the last task of the module where it can only be this submission: it is newer than the last one
// before, was started by somebody, began no earlier than the submission was sent by the service's own clock, is
// narrowed to nothing, and its machines are exactly the hosts asked for.
func (hostScan) Prove(ctx context.Context, client *tencentcloud.Client, m *hostScanModel, receipt *hostScanReceipt, _ time.Time) (string, error) {
	if m.all() || receipt.LastTask == nil || receipt.Since.IsZero() {
		return "", nil
	}
	last, err := client.DescribeScanState(ctx, tencentcloud.DescribeScanStateRequest{ModuleType: m.module()})
	if err != nil {
		return "", err
	}
	id := taskName(m.module(), last.TaskID)
	begun, _ := last.ScanBeginTime.At().Get()
	if id == "" || *last.TaskID.Ptr() <= *receipt.LastTask || !last.Type.Is(0) || last.Narrowed() || begun.Before(receipt.Since) {
		return "", nil
	}
	request, _ := taskRequest(id)
	answer, err := client.DescribeWholeScanTask(ctx, request, true)
	if err != nil || !isExactly(m.normalQuuids(), answer) {
		return "", err
	}
	return id, nil
}

// StopOnDestroy returns stop_on_destroy.
func (hostScan) StopOnDestroy(state *hostScanModel) bool { return state.StopOnDestroy.ValueBool() }

// Stop stops this one task.
func (hostScan) Stop(ctx context.Context, client *tencentcloud.Client, state *hostScanModel, _ hostScanReceipt) error {
	request, _ := taskRequest(state.TaskID())
	_, err := client.StopHostScan(ctx, tencentcloud.StopHostScanRequest{ModuleType: request.ModuleType, TaskID: request.TaskID})
	return err
}

func (hostScan) Failures(m *hostScanModel) []string {
	var lines []string
	for _, element := range m.Failures.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		attributes := object.Attributes()
		line := ""
		if machine := textOf(attributes["machine"]); machine != "" {
			line = "host " + sanitize.Line(machine) + ": "
		}
		lines = append(lines, line+strings.TrimRight(textOf(attributes["desc"]), ".")+". "+textOf(attributes["hint"]))
	}
	return lines
}
