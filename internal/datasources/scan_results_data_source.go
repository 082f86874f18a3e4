package datasources

import (
	"context"
	"fmt"
	"slices"
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
	_ datasource.DataSource                   = (*scanResultsDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*scanResultsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*scanResultsDataSource)(nil)
)

const defaultReadTimeout = 3 * time.Hour

// lateGrace is how long a wait bears rows that are missing: they may be a moment behind a submission,
// but an item that stays without them has nothing to wait for.
const lateGrace = 30 * time.Second

// NewScanResults returns the data source ms_scan_results.
func NewScanResults() datasource.DataSource { return &scanResultsDataSource{} }

type scanResultsDataSource struct {
	client *tencentcloud.Client
}

func (d *scanResultsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_scan_results"
}

func (d *scanResultsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = scanResultsSchema(ctx)
}

func (d *scanResultsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = clientOf(req, resp)
}

// ValidateConfig checks the gate as far as it is known.
func (d *scanResultsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var object types.Object
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("gate"), &object)...)
	resp.Diagnostics.Append(validateGate(gate.SourceScanResults, object)...)
}

// Read asks for the results, waits where it should, and judges them.
func (d *scanResultsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	var m scanResultsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	resp.Diagnostics.Append(validateGate(gate.SourceScanResults, m.Gate)...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	request := m.request()
	request.Final = func(answer *tencentcloud.DescribeScanResultsResponse) bool {
		return !running(answer) && !missing(answer, request.AppMD5s)
	}
	object := "item " + request.ItemID
	answer, err := d.await(ctx, &m, request)
	reasons, err := outcome(err, !m.Gate.IsNull(), timeout)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Read Scan Results", tf.Explain(object, err, ""))
		return
	}
	policy := policyOrDefault(gate.SourceScanResults, m.Gate)
	results := evidence.ScanResults(object, request.AppMD5s, answer)
	judged := results.Evidence(policy)
	judged.Reasons = append(judged.Reasons, reasons...)
	m.setResults(answer, results, judged)
	m.Verdict, diags = judge(ctx, d.client, m.Gate, judged, policy, tencentcloud.RequestID(answer))
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(protocol.SetState(ctx, &resp.State, &m)...)
}

// await returns the answer, as it is or once nothing in it is processing. Beside an error it returns
// the last answer, if there was one.
func (d *scanResultsDataSource) await(ctx context.Context, m *scanResultsModel, request tencentcloud.DescribeScanResultsRequest) (*tencentcloud.DescribeScanResultsResponse, error) {
	if !m.waits() {
		return d.client.DescribeScanResults(ctx, request)
	}
	start := time.Now()
	return wait.For(ctx, func(ctx context.Context) (wait.Observation[*tencentcloud.DescribeScanResultsResponse], error) {
		answer, err := d.client.DescribeScanResults(ctx, request)
		if err != nil {
			return wait.Observation[*tencentcloud.DescribeScanResultsResponse]{}, err
		}
		status := scanStatus(answer, request.AppMD5s)
		seen := wait.Observation[*tencentcloud.DescribeScanResultsResponse]{
			Value: answer, State: wait.Final, Status: fmt.Sprintf("%s, %d apps", status, len(answer.ScanSet.Items)),
		}
		if running(answer) || missing(answer, request.AppMD5s) && time.Since(start) < lateGrace {
			seen.State = wait.Pending
		}
		return seen, nil
	}, tf.ReadWaitOptions(ctx, m.PollInterval, "item "+request.ItemID))
}

// The values of the status attribute.
const (
	statusProcessing = "processing"
	statusCompleted  = "completed"
	statusFailed     = "failed"
)

// scanStatus says what the rows come to: completed needs every app that was asked for, done.
func scanStatus(answer *tencentcloud.DescribeScanResultsResponse, asked []string) string {
	if answer == nil || running(answer) || missing(answer, asked) {
		return statusProcessing
	}
	for _, row := range answer.ScanSet.Items {
		if evidence.RowState(row) != gate.RowDone {
			return statusFailed
		}
	}
	return statusCompleted
}

// running tells whether a row is neither done nor failed.
func running(answer *tencentcloud.DescribeScanResultsResponse) bool {
	for _, row := range answer.ScanSet.Items {
		switch evidence.RowState(row) {
		case gate.RowDone, gate.RowFailed, gate.RowTimedOut:
		default:
			return true
		}
	}
	return false
}

// missing tells whether there are no rows, another number than the service tells, or none for an app
// that was asked for.
func missing(answer *tencentcloud.DescribeScanResultsResponse, asked []string) bool {
	if !answer.Complete() {
		return true
	}
	for _, md5 := range asked {
		if !slices.ContainsFunc(answer.ScanSet.Items, func(row tencentcloud.ScanSetInfo) bool { return evidence.RowMD5(row) == md5 }) {
			return true
		}
	}
	return false
}

// setResults takes over the answer.
func (m *scanResultsModel) setResults(answer *tencentcloud.DescribeScanResultsResponse, results gate.ScanResults, judged gate.Evidence) {
	m.ID = m.ItemID
	m.TotalCount = types.Int64Null()
	if answer != nil {
		m.TotalCount = types.Int64PointerValue(answer.TotalCount.Ptr())
	}
	m.Status = types.StringValue(scanStatus(answer, results.Asked))
	m.Summary = types.ObjectNull(tf.SummaryType.AttrTypes)
	if answer != nil && len(answer.ScanSet.Items) > 0 && !running(answer) {
		m.Summary = tf.SummaryValue(gate.Summarize(judged.Findings))
	}
	if m.IncludeDetails.IsNull() || m.IncludeDetails.ValueBool() {
		m.ScanSet = scanSetOf(answer)
	}
}
