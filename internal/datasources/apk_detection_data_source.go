package datasources

import (
	"context"
	"fmt"

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
	_ datasource.DataSource                   = (*apkDetectionDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*apkDetectionDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*apkDetectionDataSource)(nil)
)

// NewAPKDetection returns the data source ms_apk_detection.
func NewAPKDetection() datasource.DataSource { return &apkDetectionDataSource{} }

type apkDetectionDataSource struct {
	client *tencentcloud.Client
}

func (d *apkDetectionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_apk_detection"
}

func (d *apkDetectionDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = apkDetectionSchema(ctx)
}

func (d *apkDetectionDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = clientOf(req, resp)
}

// ValidateConfig checks the gate as far as it is known.
func (d *apkDetectionDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var object types.Object
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("gate"), &object)...)
	resp.Diagnostics.Append(validateGate(gate.SourceAPKDetection, object)...)
}

// Read submits the package by asking for its detection, and asks on until there is one.
func (d *apkDetectionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	var m apkDetectionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	resp.Diagnostics.Append(validateGate(gate.SourceAPKDetection, m.Gate)...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	request := m.request()
	object := "package with MD5 " + request.ApkMD5
	answer, err := d.await(ctx, &m, request, object)
	reasons, err := outcome(err, !m.Gate.IsNull(), timeout)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Detect Package", tf.Explain(object, err, ""))
		return
	}
	policy := policyOrDefault(gate.SourceAPKDetection, m.Gate)
	judged := evidence.APKDetection(object, request.ApkMD5, m.AppPkgName.ValueString(), answer).Evidence(policy)
	judged.Reasons = append(judged.Reasons, reasons...)
	m.setDetection(answer, judged)
	m.Verdict, diags = judge(ctx, d.client, m.Gate, judged, policy, tencentcloud.RequestID(answer))
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(protocol.SetState(ctx, &resp.State, &m)...)
}

// await asks with the same parameters until the detection has a result (document 002). Beside an
// error it returns the last answer, if there was one.
func (d *apkDetectionDataSource) await(ctx context.Context, m *apkDetectionModel, request tencentcloud.DescribeApkDetectionResultRequest, object string) (*tencentcloud.DescribeApkDetectionResultResponse, error) {
	interval := types.StringValue(tf.ParseDuration(m.PollInterval, defaultDetectionInterval).String())
	return wait.For(ctx, func(ctx context.Context) (wait.Observation[*tencentcloud.DescribeApkDetectionResultResponse], error) {
		seen := wait.Observation[*tencentcloud.DescribeApkDetectionResultResponse]{State: wait.Pending}
		answer, err := d.client.DescribeApkDetectionResult(ctx, request)
		if err != nil {
			return seen, err
		}
		if err := answer.Check(request.ApkMD5); err != nil {
			return seen, err
		}
		seen.Value, seen.Status = answer, fmt.Sprintf("result %q, %d rows", answer.Result.String(), len(answer.ResultList.Items))
		if answer.OK() {
			seen.State = wait.Final
		}
		return seen, nil
	}, tf.ReadWaitOptions(ctx, interval, object))
}
