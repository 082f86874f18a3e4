package datasources

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// lateGrace is how long a wait tolerates missing rows: they may be a moment behind a submission,
// but an item that stays without them has nothing to wait for.
const lateGrace = 30 * time.Second

// NewScanResults returns the data source ms_scan_results.
func NewScanResults() datasource.DataSource {
	return gated.New(gated.Kind[scanResultsModel, *scanResultsModel, tencentcloud.DescribeScanResultsResponse]{
		Source:    gate.SourceScanResults,
		Schema:    scanResultsSchema,
		GateNote:  "`required_md5s` is required.",
		ReadNote:  "How long to read and wait, a duration.",
		Object:    (*scanResultsModel).object,
		Unread:    "Unable to Read Scan Results",
		Await:     awaitScanResults,
		RequestID: tencentcloud.RequestID[tencentcloud.DescribeScanResultsResponse],
		Evidence: func(m *scanResultsModel, answer *tencentcloud.DescribeScanResultsResponse, policy gate.Policy) gate.Evidence {
			return evidence.ScanResults(m.object(), m.request().AppMD5s, answer).Evidence(policy)
		},
		Set: (*scanResultsModel).setResults,
	})
}

// awaitScanResults returns the answer, as it is or once nothing in it is processing.
func awaitScanResults(ctx context.Context, client *tencentcloud.Client, m *scanResultsModel) (*tencentcloud.DescribeScanResultsResponse, error) {
	request := m.request()
	request.Final = func(answer *tencentcloud.DescribeScanResultsResponse) bool {
		return !running(answer) && !missing(answer, request.AppMD5s)
	}
	start := time.Now()
	return gated.Wait(ctx, gated.Waits(m.WaitForCompletion), tf.ReadWaitOptions(ctx, m.PollInterval, m.object()),
		func(ctx context.Context) (seen wait.Observation[*tencentcloud.DescribeScanResultsResponse], err error) {
			answer, err := client.DescribeScanResults(ctx, request)
			if err != nil {
				return seen, err
			}
			seen.Value, seen.State = answer, wait.Final
			seen.Status = scanStatus(answer, request.AppMD5s) + ", " + countRows(len(answer.ScanSet.Items))
			if running(answer) || missing(answer, request.AppMD5s) && time.Since(start) < lateGrace {
				seen.State = wait.Pending
			}
			return seen, nil
		})
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
func (m *scanResultsModel) setResults(answer *tencentcloud.DescribeScanResultsResponse, judged gate.Evidence) {
	m.ID = m.ItemID
	m.Status = types.StringValue(scanStatus(answer, m.request().AppMD5s))
	m.Summary = types.ObjectNull(tf.SummaryType.AttrTypes)
	if answer == nil {
		return
	}
	m.TotalCount = types.Int64PointerValue(answer.TotalCount.Ptr())
	if len(answer.ScanSet.Items) > 0 && !running(answer) {
		m.Summary = tf.SummaryValue(gate.Summarize(judged.Findings))
	}
	if m.IncludeDetails.IsNull() || m.IncludeDetails.ValueBool() {
		m.ScanSet = gated.Elements(answer.ScanSet, rowOf)
	}
}
