package datasources

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// NewImageScan returns the data source ms_tcss_vul_scan_info.
func NewImageScan() datasource.DataSource {
	return gated.New(gated.Kind[imageScanModel, *imageScanModel, tencentcloud.DescribeVulScanInfoResponse]{
		Source: gate.SourceImageScan,
		Schema: imageScanSchema,
		GateNote: "Only the sides whose task id is given are judged; with none given both are, and `max_age` is required. " +
			"Nothing but `SCANNED`, with at least one image scanned, can pass.",
		ReadNote:  "How long to read and wait, a duration.",
		Check:     func(ctx context.Context, m *imageScanModel) diag.Diagnostics { return m.check(ctx) },
		Object:    (*imageScanModel).object,
		Unread:    "Unable to Read Image Scan",
		Await:     awaitImageScan,
		RequestID: tencentcloud.RequestID[tencentcloud.DescribeVulScanInfoResponse],
		Evidence: func(m *imageScanModel, answer *tencentcloud.DescribeVulScanInfoResponse, policy gate.Policy) gate.Evidence {
			return evidence.ImageScan(m.object(), m.request(), answer).Evidence(policy)
		},
		Set: (*imageScanModel).setScan,
	})
}

// check demands a bound of the age where no task is named: the service returns its latest scan then.
func (m *imageScanModel) check(ctx context.Context) (diags diag.Diagnostics) {
	if m.HasGate() && m.LocalTaskID.IsNull() && m.RegistryTaskID.IsNull() && !m.BoundsAge(ctx, gate.SourceImageScan) {
		diags.AddAttributeError(path.Root("gate"), "Invalid gate",
			"gate.max_age is missing: neither local_task_id nor registry_task_id is given, so the service returns its latest scan. Name a task, or bound the age of the scan.")
	}
	return diags
}

// awaitImageScan returns the scan as it is, or once it has ended, paced by its remaining time.
func awaitImageScan(ctx context.Context, client *tencentcloud.Client, m *imageScanModel) (*tencentcloud.DescribeVulScanInfoResponse, error) {
	request := m.request()
	return gated.Wait(ctx, gated.Waits(m.WaitForCompletion), tf.ReadWaitOptions(ctx, m.PollInterval, m.object()),
		func(ctx context.Context) (seen wait.Observation[*tencentcloud.DescribeVulScanInfoResponse], err error) {
			answer, err := client.DescribeVulScanInfo(ctx, request)
			if err == nil {
				err = answer.Check(request)
			}
			if err != nil {
				return seen, err
			}
			seen.Value, seen.Status = answer, cmp.Or(answer.Status.String(), "no status")
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
		})
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
