package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// statusStopped is a host scan all of whose tasks are being stopped.
const statusStopped = "stopped"

// NewHostScan returns the data source ms_cwp_scan_task_details.
func NewHostScan() datasource.DataSource {
	return gated.New(gated.Kind[hostScanModel, *hostScanModel, tencentcloud.DescribeScanTaskDetailsResponse]{
		Source:    gate.SourceHostScan,
		Schema:    hostScanSchema,
		ReadNote:  "How long to read and wait, a duration.",
		Check:     func(_ context.Context, m *hostScanModel) diag.Diagnostics { return m.check() },
		Object:    (*hostScanModel).object,
		Unread:    "Unable to Read Scan Task Details",
		Await:     awaitHostScan,
		RequestID: tencentcloud.RequestID[tencentcloud.DescribeScanTaskDetailsResponse],
		Evidence: func(m *hostScanModel, answer *tencentcloud.DescribeScanTaskDetailsResponse, policy gate.Policy) gate.Evidence {
			return evidence.HostScan(m.object(), m.ModuleType.ValueString(), answer).Evidence(policy)
		},
		Set: (*hostScanModel).setTask,
	})
}

// awaitHostScan returns the task as it is, or once it has ended.
func awaitHostScan(ctx context.Context, client *tencentcloud.Client, m *hostScanModel) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
	request, waits := m.request(), gated.Waits(m.WaitForCompletion)
	return gated.Wait(ctx, waits, tf.ReadWaitOptions(ctx, m.PollInterval, m.object()),
		func(ctx context.Context) (seen wait.Observation[*tencentcloud.DescribeScanTaskDetailsResponse], err error) {
			answer, err := describeTask(ctx, client, request, !waits)
			if err != nil {
				return seen, err
			}
			status := taskStatus(answer)
			seen.Value, seen.Status, seen.Remaining = answer, fmt.Sprintf("%s, progress %s", status, percent(answer)), remaining(answer)
			if status != statusProcessing {
				seen.State = wait.Final
			}
			return seen, nil
		})
}

// describeTask reads the window that was asked for, else all pages.
func describeTask(ctx context.Context, client *tencentcloud.Client, request tencentcloud.DescribeScanTaskDetailsRequest, everything bool) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
	if request.Narrowed() {
		return client.DescribeScanTaskDetails(ctx, request)
	}
	return client.DescribeWholeScanTask(ctx, request, everything)
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
