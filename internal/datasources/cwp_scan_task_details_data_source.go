package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// statusStopped is a host scan all of whose tasks are being stopped.
const statusStopped = "stopped"

// statusNeverScanned is a module that was never scanned.
const statusNeverScanned = "never_scanned"

// NewHostScan returns the data source ms_cwp_scan_task_details.
func NewHostScan() datasource.DataSource {
	return gated.New(gated.Kind[hostScanModel, *hostScanModel, hostTask]{
		Source:   gate.SourceHostScan,
		Schema:   hostScanSchema,
		GateNote: "Without `task_id`, `max_age` is required.",
		ReadNote: "How long to read and wait, a duration.",
		Check: func(ctx context.Context, m *hostScanModel) diag.Diagnostics {
			return append(m.check(), checkTaskChoice(ctx, &m.Config, gate.SourceHostScan, m.ModuleType, m.TaskID, m.StrategyID)...)
		},
		Object:    (*hostScanModel).object,
		Unread:    "Unable to Read Scan Task Details",
		Await:     awaitHostScan,
		RequestID: (*hostTask).requestID,
		Evidence: func(m *hostScanModel, task *hostTask, policy gate.Policy) gate.Evidence {
			return m.choice().scanOf(task).Evidence(policy)
		},
		Set: (*hostScanModel).setTask,
	})
}

// awaitHostScan returns the task as it is, or once it has ended.
func awaitHostScan(ctx context.Context, client *tencentcloud.Client, m *hostScanModel) (*hostTask, error) {
	choice, request := m.choice(), m.request()
	waits := gated.Waits(m.WaitForCompletion)
	return gated.Wait(ctx, waits, tf.ReadWaitOptions(ctx, m.PollInterval, m.object()), func(ctx context.Context) (wait.Observation[*hostTask], error) {
		return observeTask(ctx, client, choice, !waits, func(ctx context.Context, task int64, everything bool) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
			request.TaskID = task
			return describeTask(ctx, client, request, everything)
		})
	})
}

// describeMachines reads the machines of a task; everything also while it runs.
type describeMachines func(ctx context.Context, task int64, everything bool) (*tencentcloud.DescribeScanTaskDetailsResponse, error)

// observeTask reads a task once, and tells whether it has ended.
func observeTask(ctx context.Context, client *tencentcloud.Client, choice taskChoice, everything bool, describe describeMachines) (seen wait.Observation[*hostTask], err error) {
	task, err := choice.read(ctx, client, func(id int64) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
		return describe(ctx, id, everything)
	})
	if err != nil {
		return seen, err
	}
	seen.Value, seen.Status, seen.State = task, statusNeverScanned, wait.Final
	if details := task.Details; details != nil {
		status := taskStatus(details)
		seen.Status, seen.Remaining = fmt.Sprintf("%s, progress %s", status, percent(details)), remaining(details)
		if status == statusProcessing {
			seen.State = wait.Pending
		}
	}
	return seen, nil
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
