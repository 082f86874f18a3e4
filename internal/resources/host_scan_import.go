package resources

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Import takes over a task by its id, as in Vul/123. Its machines are the hosts.
func (k hostScan) Import(ctx context.Context, client *tencentcloud.Client, id string) (*hostScanModel, hostScanReceipt, error) {
	request, ok := taskRequest(id)
	if !ok {
		return nil, hostScanReceipt{}, &scantask.Problem{
			What: "The import id is not Vul or Malware and a task id with a slash between them", Next: "Give it as in Vul/123.",
		}
	}
	answer, err := client.DescribeWholeScanTask(ctx, request, true)
	if err != nil {
		return nil, hostScanReceipt{}, err
	}
	if problem := noHostsToCompare(answer); problem != "" {
		return nil, hostScanReceipt{}, &scantask.Problem{
			What:      problem + ", so that the hosts cannot be compared with the configuration; a difference would be scanned again",
			RequestID: answer.RequestID,
			Next:      "Check the id; if the task was submitted just now, import it again in a minute.",
		}
	}
	m := importedHostScan(request, answer)
	m.ID = types.StringValue(id)
	_, err = k.Poll(ctx, client, m, &hostScanReceipt{})
	return m, hostScanReceipt{}, err
}

// importedHostScan returns the state of a task that is taken over. What the service does not tell is null.
func importedHostScan(request tencentcloud.DescribeScanTaskDetailsRequest, answer *tencentcloud.DescribeScanTaskDetailsResponse) *hostScanModel {
	quuids := make([]attr.Value, 0, len(answer.ScanTaskDetailList.Items))
	for _, row := range answer.ScanTaskDetailList.Items {
		quuids = append(quuids, types.StringValue(sanitize.Line(row.Quuid.String())))
	}
	begun, state := answer.ScanBeginTime.At().Get()
	if state != field.Known {
		begun = time.Now().UTC()
	}
	m := &hostScanModel{
		ModuleType: types.StringValue(request.ModuleType), TaskNumber: types.Int64Value(request.TaskID), Quuids: types.SetValueMust(types.StringType, quuids),
	}
	m.SubmittedAt = types.StringValue(begun.Format(time.RFC3339))
	return m
}

// noHostsToCompare tells what keeps the machines of a task from naming every host; empty if nothing does.
func noHostsToCompare(answer *tencentcloud.DescribeScanTaskDetailsResponse) string {
	rows := answer.ScanTaskDetailList.Items
	switch {
	case len(rows) == 0:
		return "The task lists no host"
	case !answer.TotalCount.Is(int64(len(rows))):
		return fmt.Sprintf("The hosts of the task are not all there: %d are listed", len(rows))
	}
	seen := map[string]bool{}
	for _, row := range rows {
		quuid := normalQuuid(row.Quuid.String())
		if quuid == "" {
			return "A host of the task has no Quuid"
		}
		if seen[quuid] {
			return "A host of the task is listed twice"
		}
		seen[quuid] = true
	}
	return ""
}
