package datasources

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// imageScanModel is ms_tcss_vul_scan_info in configuration and state.
type imageScanModel struct {
	gated.Config
	LocalTaskID       types.Int64  `tfsdk:"local_task_id"`
	RegistryTaskID    types.Int64  `tfsdk:"registry_task_id"`
	WaitForCompletion types.Bool   `tfsdk:"wait_for_completion"`
	PollInterval      types.String `tfsdk:"poll_interval"`

	Status                 types.String  `tfsdk:"status"`
	ScanProgress           types.Float64 `tfsdk:"scan_progress"`
	RemainingTime          types.Float64 `tfsdk:"remaining_time"`
	ScanStartTime          types.String  `tfsdk:"scan_start_time"`
	ScanEndTime            types.String  `tfsdk:"scan_end_time"`
	LocalImageScanCount    types.Int64   `tfsdk:"local_image_scan_count"`
	RegistryImageScanCount types.Int64   `tfsdk:"registry_image_scan_count"`
	FoundVulCount          types.Int64   `tfsdk:"found_vul_count"`
	RegistryFoundVulCount  types.Int64   `tfsdk:"registry_found_vul_count"`
	FoundRiskImageCount    types.Int64   `tfsdk:"found_risk_image_count"`
	IgnoreVulCount         types.Int64   `tfsdk:"ignore_vul_count"`
}

func (m *imageScanModel) object() string { return describeImageTasks(m.request()) }

func (m *imageScanModel) request() tencentcloud.DescribeVulScanInfoRequest {
	return tencentcloud.DescribeVulScanInfoRequest{
		LocalTaskID:    m.LocalTaskID.ValueInt64Pointer(),
		RegistryTaskID: m.RegistryTaskID.ValueInt64Pointer(),
	}
}

// setScan takes over the answer; of one that never came everything is null.
func (m *imageScanModel) setScan(answer *tencentcloud.DescribeVulScanInfoResponse, _ gate.Evidence) {
	if answer == nil {
		answer = &tencentcloud.DescribeVulScanInfoResponse{}
	}
	if m.LocalTaskID.IsNull() {
		m.LocalTaskID = types.Int64PointerValue(answer.LocalTaskID.Ptr())
	}
	if m.RegistryTaskID.IsNull() {
		m.RegistryTaskID = types.Int64PointerValue(answer.RegistryTaskID.Ptr())
	}
	m.ID = types.StringValue(fmt.Sprintf("%s/%s", number(m.LocalTaskID), number(m.RegistryTaskID)))
	m.Status = types.StringPointerValue(answer.Status.Ptr())
	m.ScanProgress = types.Float64PointerValue(answer.ScanProgress.Ptr())
	m.RemainingTime = types.Float64PointerValue(answer.RemainingTime.Ptr())
	m.ScanStartTime = types.StringPointerValue(answer.ScanStartTime.Ptr())
	m.ScanEndTime = types.StringPointerValue(answer.ScanEndTime.Ptr())
	m.LocalImageScanCount = types.Int64PointerValue(answer.LocalImageScanCount.Ptr())
	m.RegistryImageScanCount = types.Int64PointerValue(answer.RegistryImageScanCount.Ptr())
	m.FoundVulCount = types.Int64PointerValue(answer.FoundVulCount.Ptr())
	m.RegistryFoundVulCount = types.Int64PointerValue(answer.RegistryFoundVulCount.Ptr())
	m.FoundRiskImageCount = types.Int64PointerValue(answer.FoundRiskImageCount.Ptr())
	m.IgnoreVulCount = types.Int64PointerValue(answer.IgnoreVulCount.Ptr())
}

func number(n types.Int64) string {
	if n.IsNull() {
		return "-"
	}
	return fmt.Sprint(n.ValueInt64())
}
