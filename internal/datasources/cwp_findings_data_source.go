package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// NewHostFindings returns the data source ms_cwp_findings.
func NewHostFindings() datasource.DataSource {
	return gated.New(gated.Kind[hostFindingsModel, *hostFindingsModel, hostFindings]{
		Source:   gate.SourceHosts,
		Schema:   hostFindingsSchema,
		GateNote: "Without `task_id`, `max_age` is required. Each of `quuids` must have been scanned to its end in the task.",
		ReadNote: "How long to wait and read, a duration.",
		Check: func(ctx context.Context, m *hostFindingsModel) diag.Diagnostics {
			return checkTaskChoice(ctx, &m.Config, gate.SourceHosts, m.ModuleType, m.TaskID, m.StrategyID)
		},
		Object:    (*hostFindingsModel).object,
		Unread:    "Unable to Read Host Findings",
		Await:     awaitHostFindings,
		RequestID: (*hostFindings).requestID,
		Readable:  func(answer *hostFindings) error { return answer.found.Readable() },
		Evidence: func(m *hostFindingsModel, answer *hostFindings, policy gate.Policy) gate.Evidence {
			return m.input(answer).Evidence(policy)
		},
		Set: (*hostFindingsModel).set,
	})
}

// awaitHostFindings waits for the end of the task, and then reads what was found.
func awaitHostFindings(ctx context.Context, client *tencentcloud.Client, m *hostFindingsModel) (*hostFindings, error) {
	waits, choice, quuids := gated.Waits(m.WaitForCompletion), m.choice(), m.quuids()
	return gated.Wait(ctx, waits, tf.ReadWaitOptions(ctx, m.PollInterval, m.object()), func(ctx context.Context) (seen wait.Observation[*hostFindings], err error) {
		seenTask, err := observeTask(ctx, client, choice, !waits, func(ctx context.Context, task int64, everything bool) (*tencentcloud.DescribeScanTaskDetailsResponse, error) {
			return client.DescribeWholeScanTask(ctx, tencentcloud.DescribeScanTaskDetailsRequest{ModuleType: choice.module, TaskID: task}, everything)
		})
		if err != nil {
			return seen, err
		}
		seen.Value = &hostFindings{task: seenTask.Value}
		seen.State, seen.Status, seen.Remaining = seenTask.State, seenTask.Status, seenTask.Remaining
		if waits && seen.State == wait.Pending {
			return seen, nil
		}
		seen.Value.found, err = readFindings(ctx, client, choice.module, evidence.NewHostFilter(quuids, seen.Value.task.details()), m.needs(ctx))
		return seen, err
	})
}

// needs returns which levels of vulnerabilities have to be read: all, but where only the verdict is kept those that
// can decide.
func (m *hostFindingsModel) needs(ctx context.Context) func(field.Value[int64]) bool {
	if m.details() || !m.HasGate() {
		return func(field.Value[int64]) bool { return true }
	}
	return m.Policy(ctx, gate.SourceHosts).NeedsLevel
}

// input returns the input of the gate.
func (m *hostFindingsModel) input(answer *hostFindings) gate.HostFindings {
	var found *evidence.HostFindings
	if answer != nil {
		found = answer.found
	}
	return evidence.Hosts(m.object(), m.quuids(), m.choice().scanOf(answer.hostTask()), found)
}
