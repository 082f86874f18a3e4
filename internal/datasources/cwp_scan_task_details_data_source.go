package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

var (
	_ datasource.DataSource                   = (*hostScanDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*hostScanDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*hostScanDataSource)(nil)
)

// statusStopped is a host scan all of whose tasks are being stopped.
const statusStopped = "stopped"

// NewHostScan returns the data source ms_cwp_scan_task_details.
func NewHostScan() datasource.DataSource { return &hostScanDataSource{} }

type hostScanDataSource struct {
	client *tencentcloud.Client
}

func (d *hostScanDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cwp_scan_task_details"
}

func (d *hostScanDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = hostScanSchema(ctx)
}

func (d *hostScanDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = clientOf(req, resp)
}

// ValidateConfig checks the gate as far as it is known, and refuses one beside a narrowed view.
func (d *hostScanDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config hostScanModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(validateGate(gate.SourceHostScan, config.Gate)...)
	resp.Diagnostics.Append(config.refuseNarrowedGate()...)
}

// Read asks for the machines of a task, waits where it should, and judges them.
func (d *hostScanDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	var m hostScanModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	resp.Diagnostics.Append(validateGate(gate.SourceHostScan, m.Gate)...)
	resp.Diagnostics.Append(m.refuseNarrowedGate()...)
	request, diags := m.request(ctx)
	resp.Diagnostics.Append(diags...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	object := fmt.Sprintf("%s task %d", request.ModuleType, request.TaskID)
	answer, err := d.await(ctx, &m, request, object)
	reasons, err := outcome(err, !m.Gate.IsNull(), timeout)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Read Scan Task Details", tf.Explain(object, err, ""))
		return
	}
	policy := policyOrDefault(gate.SourceHostScan, m.Gate)
	judged := evidence.HostScan(object, request.ModuleType, answer).Evidence(policy)
	judged.Reasons = append(judged.Reasons, reasons...)
	m.setTask(answer, judged)
	m.Verdict, diags = judge(ctx, d.client, m.Gate, judged, policy, tencentcloud.RequestID(answer))
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(protocol.SetState(ctx, &resp.State, &m)...)
}

// await returns the task as it is, or once it has ended. Beside an error it returns the last answer,
// if there was one.
func (d *hostScanDataSource) await(ctx context.Context, m *hostScanModel, request tencentcloud.DescribeScanTaskDetailsRequest, object string) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
	if !m.waits() {
		return d.describe(ctx, request, true)
	}
	return wait.For(ctx, func(ctx context.Context) (wait.Observation[*tencentcloud.DescribeScanTaskDetailsResponse], error) {
		seen := wait.Observation[*tencentcloud.DescribeScanTaskDetailsResponse]{State: wait.Pending}
		answer, err := d.describe(ctx, request, false)
		if err != nil {
			return seen, err
		}
		status := taskStatus(answer)
		seen.Value, seen.Status, seen.Remaining = answer, fmt.Sprintf("%s, progress %s", status, percent(answer)), remaining(answer)
		if status != statusProcessing {
			seen.State = wait.Final
		}
		return seen, nil
	}, tf.ReadWaitOptions(ctx, m.PollInterval, object))
}

// describe reads the window that was asked for, else all pages.
func (d *hostScanDataSource) describe(ctx context.Context, request tencentcloud.DescribeScanTaskDetailsRequest, everything bool) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
	if request.Narrowed() {
		return d.client.DescribeScanTaskDetails(ctx, request)
	}
	return d.client.DescribeWholeScanTask(ctx, request, everything)
}

func taskStatus(answer *tencentcloud.DescribeScanTaskDetailsResponse) string {
	switch {
	case answer == nil:
		return statusProcessing
	case answer.Stopped():
		return statusStopped
	case answer.Done():
		return statusCompleted
	default:
		return statusProcessing
	}
}
