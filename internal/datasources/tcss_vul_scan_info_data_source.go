package datasources

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

var (
	_ datasource.DataSource                   = (*imageScanDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageScanDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageScanDataSource)(nil)
)

// NewImageScan returns the data source ms_tcss_vul_scan_info.
func NewImageScan() datasource.DataSource { return &imageScanDataSource{} }

type imageScanDataSource struct {
	client *tencentcloud.Client
}

func (d *imageScanDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tcss_vul_scan_info"
}

func (d *imageScanDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imageScanSchema(ctx)
}

func (d *imageScanDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = clientOf(req, resp)
}

// ValidateConfig checks the gate as far as it is known. Where no task is named, the service answers
// for whatever ran last, so the gate must bound its age.
func (d *imageScanDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config imageScanModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Gate.IsNull() || config.Gate.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(policyDiagnostics(imagePolicyOf(config.Gate).Validate())...)
	if config.LocalTaskID.IsNull() && config.RegistryTaskID.IsNull() && config.Gate.Attributes()["max_age"].IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("gate"), "Unable to Use Gate",
			"gate.max_age is missing: neither local_task_id nor registry_task_id is given, so that the service answers for whatever ran last. Name a task, or bound the age of the scan.")
	}
}

// Read asks for the scan, waits where it should, and judges it.
func (d *imageScanDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	var m imageScanModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	request := m.request()
	object := describeImageTasks(request)
	answer, err := d.await(ctx, &m, request, object)
	reasons, err := outcome(err, !m.Gate.IsNull(), timeout)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Read Image Scan", tf.Explain(object, err, ""))
		return
	}
	m.setScan(answer)
	m.Verdict = types.ObjectNull(verdictType.AttrTypes)
	if !m.Gate.IsNull() {
		policy := imagePolicyOf(m.Gate)
		judged := evidence.ImageScan(object, request, answer).Evidence(policy)
		judged.Reasons = append(judged.Reasons, reasons...)
		verdict := gate.Evaluate(judged, policy, time.Now())
		m.Verdict = verdictValue(verdict, d.client.Endpoint().String())
		resp.Diagnostics.Append(enforce(ctx, verdict, policy.Enforcement, object, tencentcloud.RequestID(answer))...)
	}
	resp.Diagnostics.Append(protocol.SetState(ctx, &resp.State, &m)...)
}

// await returns the scan as it is, or once it has ended, paced by its remaining time. Beside an error
// it returns the last answer, if there was one.
func (d *imageScanDataSource) await(ctx context.Context, m *imageScanModel, request tencentcloud.DescribeVulScanInfoRequest, object string) (*tencentcloud.DescribeVulScanInfoResponse, error) {
	if !m.waits() {
		return d.describe(ctx, request)
	}
	return wait.For(ctx, func(ctx context.Context) (wait.Observation[*tencentcloud.DescribeVulScanInfoResponse], error) {
		answer, err := d.describe(ctx, request)
		if err != nil {
			return wait.Observation[*tencentcloud.DescribeVulScanInfoResponse]{}, err
		}
		seen := wait.Observation[*tencentcloud.DescribeVulScanInfoResponse]{Value: answer, Status: cmp.Or(answer.Status.String(), "no status")}
		switch answer.Status.String() {
		case tencentcloud.ImagesScanning:
			seen.State = wait.Pending
		case tencentcloud.ImagesScanned, tencentcloud.ImagesNotScanned, tencentcloud.ImagesCanceled:
			seen.State = wait.Final
		default:
			seen.State = wait.Unknown
		}
		if left := answer.RemainingTime.Ptr(); left != nil {
			seen.Remaining = tf.Seconds(*left)
		}
		return seen, nil
	}, tf.ReadWaitOptions(ctx, m.PollInterval, object))
}

// describe asks for the scan, and refuses an answer about other tasks.
func (d *imageScanDataSource) describe(ctx context.Context, request tencentcloud.DescribeVulScanInfoRequest) (*tencentcloud.DescribeVulScanInfoResponse, error) {
	answer, err := d.client.DescribeVulScanInfo(ctx, request)
	if err != nil {
		return nil, err
	}
	if err := answer.Check(request); err != nil {
		return nil, err
	}
	return answer, nil
}

// describeImageTasks names the tasks in messages.
func describeImageTasks(request tencentcloud.DescribeVulScanInfoRequest) string {
	local, registry := request.LocalTaskID, request.RegistryTaskID
	switch {
	case local != nil && registry != nil:
		return fmt.Sprintf("local image task %d and registry image task %d", *local, *registry)
	case local != nil:
		return fmt.Sprintf("local image task %d", *local)
	case registry != nil:
		return fmt.Sprintf("registry image task %d", *registry)
	default:
		return "last image scan"
	}
}
