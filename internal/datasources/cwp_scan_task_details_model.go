package datasources

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// hostScanModel is ms_cwp_scan_task_details in configuration and state.
type hostScanModel struct {
	gated.Config
	ModuleType        types.String `tfsdk:"module_type"`
	TaskID            types.Int64  `tfsdk:"task_id"`
	StrategyID        types.Int64  `tfsdk:"strategy_id"`
	Filters           types.List   `tfsdk:"filter"`
	Limit             types.Int64  `tfsdk:"limit"`
	Offset            types.Int64  `tfsdk:"offset"`
	WaitForCompletion types.Bool   `tfsdk:"wait_for_completion"`
	PollInterval      types.String `tfsdk:"poll_interval"`

	Status             types.String   `tfsdk:"status"`
	Summary            types.Object   `tfsdk:"summary"`
	TotalCount         types.Int64    `tfsdk:"total_count"`
	ScanMachineCount   types.Int64    `tfsdk:"scan_machine_count"`
	RiskMachineCount   types.Int64    `tfsdk:"risk_machine_count"`
	RiskEventCount     types.Int64    `tfsdk:"risk_event_count"`
	VulCount           types.Int64    `tfsdk:"vul_count"`
	ScanBeginTime      types.String   `tfsdk:"scan_begin_time"`
	ScanEndTime        types.String   `tfsdk:"scan_end_time"`
	ScanTime           types.Int64    `tfsdk:"scan_time"`
	ScanProgress       types.Int64    `tfsdk:"scan_progress"`
	ScanLeftTime       types.Int64    `tfsdk:"scan_left_time"`
	ScanContent        []types.String `tfsdk:"scan_content"`
	Type               types.Int64    `tfsdk:"type"`
	ScanState          types.Int64    `tfsdk:"scan_state"`
	ScanType           types.Int64    `tfsdk:"scan_type"`
	ScannedVulIDs      []types.Int64  `tfsdk:"scanned_vul_ids"`
	ScannedKBs         []types.String `tfsdk:"scanned_kbs"`
	StoppingAll        types.Bool     `tfsdk:"stopping_all"`
	ScanTaskDetailList []machineModel `tfsdk:"scan_task_detail_list"`
	VulInfo            []hostVulModel `tfsdk:"vul_info"`
	PatchInfo          []patchModel   `tfsdk:"patch_info"`
}

type filterModel struct {
	Name       types.String   `tfsdk:"name"`
	Values     []types.String `tfsdk:"values"`
	ExactMatch types.Bool     `tfsdk:"exact_match"`
}

type machineModel struct {
	ID               types.Int64        `tfsdk:"id"`
	Quuid            types.String       `tfsdk:"quuid"`
	UUID             types.String       `tfsdk:"uuid"`
	HostName         types.String       `tfsdk:"host_name"`
	HostIP           types.String       `tfsdk:"host_ip"`
	OsName           types.String       `tfsdk:"os_name"`
	Status           types.String       `tfsdk:"status"`
	Description      types.String       `tfsdk:"description"`
	FailType         types.Int64        `tfsdk:"fail_type"`
	RiskNum          types.Int64        `tfsdk:"risk_num"`
	ScanBeginTime    types.String       `tfsdk:"scan_begin_time"`
	ScanEndTime      types.String       `tfsdk:"scan_end_time"`
	MachineWanIP     types.String       `tfsdk:"machine_wan_ip"`
	MachineExtraInfo *machineExtraModel `tfsdk:"machine_extra_info"`
}

type machineExtraModel struct {
	WanIP       types.String `tfsdk:"wan_ip"`
	PrivateIP   types.String `tfsdk:"private_ip"`
	NetworkType types.Int64  `tfsdk:"network_type"`
	NetworkName types.String `tfsdk:"network_name"`
	InstanceID  types.String `tfsdk:"instance_id"`
	HostName    types.String `tfsdk:"host_name"`
}

type hostVulModel struct {
	VulID       types.Int64   `tfsdk:"vul_id"`
	CveID       types.String  `tfsdk:"cve_id"`
	Name        types.String  `tfsdk:"name"`
	Level       types.Int64   `tfsdk:"level"`
	CvssScore   types.Float64 `tfsdk:"cvss_score"`
	Cvss        types.String  `tfsdk:"cvss"`
	Fix         types.String  `tfsdk:"fix"`
	Descript    types.String  `tfsdk:"descript"`
	Reference   types.String  `tfsdk:"reference"`
	PublishTime types.String  `tfsdk:"publish_time"`
	VulCategory types.Int64   `tfsdk:"vul_category"`
}

type patchModel struct {
	ID           types.Int64  `tfsdk:"id"`
	KBNo         types.String `tfsdk:"kb_no"`
	Name         types.String `tfsdk:"name"`
	PublishTime  types.String `tfsdk:"publish_time"`
	RelatedCveID []string     `tfsdk:"related_cve_id"`
	KbDocURL     types.String `tfsdk:"kb_doc_url"`
}

func (m *hostScanModel) choice() taskChoice { return chooseTask(m.ModuleType, m.TaskID, m.StrategyID) }

func (m *hostScanModel) object() string { return m.choice().object() }

// check refuses each input that narrows what a gate would judge, as far as the values are known.
func (m *hostScanModel) check() (diags diag.Diagnostics) {
	if !m.HasGate() {
		return nil
	}
	for _, input := range []struct {
		name    string
		narrows bool
	}{
		{"filter", len(m.Filters.Elements()) > 0},
		{"limit", !m.Limit.IsNull() && !m.Limit.IsUnknown()},
		{"offset", !m.Offset.IsNull() && !m.Offset.IsUnknown()},
	} {
		if input.narrows {
			diags.AddAttributeError(path.Root(input.name), "Invalid gate",
				fmt.Sprintf("A gate judges all machines of a task, but %s narrows what is read: it would prove nothing about the rest. Remove %s, or read it in a data source of its own without a gate.", input.name, input.name))
		}
	}
	return diags
}

func (m *hostScanModel) request() tencentcloud.DescribeScanTaskDetailsRequest {
	request := tencentcloud.DescribeScanTaskDetailsRequest{
		ModuleType: m.ModuleType.ValueString(),
	}.Window(m.Limit.ValueInt64Pointer(), m.Offset.ValueInt64Pointer())
	var filters []filterModel
	_ = m.Filters.ElementsAs(context.Background(), &filters, false) // of the schema's own type: cannot fail
	for _, f := range filters {
		request.Filters = append(request.Filters, tencentcloud.Filter{
			Name: f.Name.ValueString(), Values: gated.Each(f.Values, types.String.ValueString), ExactMatch: f.ExactMatch.ValueBoolPointer(),
		})
	}
	return request
}

// setTask takes over the answer; of one that never came everything is null.
func (m *hostScanModel) setTask(task *hostTask, judged gate.Evidence) {
	answer := task.details()
	m.Status = types.StringValue(taskStatus(answer))
	if task.never() {
		m.Status = types.StringValue(statusNeverScanned)
	}
	if answer != nil {
		m.TaskID = types.Int64Value(task.ID)
	}
	m.ID = types.StringValue(fmt.Sprintf("%s/%d", m.ModuleType.ValueString(), m.TaskID.ValueInt64()))
	m.Summary = tf.SummaryValue(gate.Summarize(judged.Findings))
	if state := task.state(); state != nil {
		m.ScanState, m.ScanType = types.Int64PointerValue(state.ScanState.Ptr()), types.Int64PointerValue(state.Type.Ptr())
		m.ScannedVulIDs = gated.Elements(state.VulID, func(id tencentcloud.Int) types.Int64 { return types.Int64PointerValue(id.Ptr()) })
		m.ScannedKBs = gated.Elements(state.KBNumber, func(t tencentcloud.Text) types.String { return types.StringPointerValue(t.Ptr()) })
	}
	if answer == nil {
		return
	}
	m.TotalCount = types.Int64PointerValue(answer.TotalCount.Ptr())
	m.ScanMachineCount = types.Int64PointerValue(answer.ScanMachineCount.Ptr())
	m.RiskMachineCount = types.Int64PointerValue(answer.RiskMachineCount.Ptr())
	m.RiskEventCount = types.Int64PointerValue(answer.RiskEventCount.Ptr())
	m.VulCount = types.Int64PointerValue(answer.VulCount.Ptr())
	m.ScanBeginTime = types.StringPointerValue(answer.ScanBeginTime.Ptr())
	m.ScanEndTime = types.StringPointerValue(answer.ScanEndTime.Ptr())
	m.ScanTime = types.Int64PointerValue(answer.ScanTime.Ptr())
	m.ScanProgress = types.Int64PointerValue(answer.ScanProgress.Ptr())
	m.ScanLeftTime = types.Int64PointerValue(answer.ScanLeftTime.Ptr())
	m.ScanContent = gated.Elements(answer.ScanContent, func(t tencentcloud.Text) types.String { return types.StringPointerValue(t.Ptr()) })
	m.Type = types.Int64PointerValue(answer.Type.Ptr())
	m.StoppingAll = types.BoolPointerValue(answer.StoppingAll.Ptr())
	m.ScanTaskDetailList = gated.Elements(answer.ScanTaskDetailList, machineOf)
	m.VulInfo = gated.Elements(answer.VulInfo, hostVulOf)
	m.PatchInfo = gated.Elements(answer.PatchInfo, patchOf)
}

func machineOf(d tencentcloud.ScanTaskDetail) machineModel {
	m := machineModel{
		ID:            types.Int64PointerValue(d.ID.Ptr()),
		Quuid:         types.StringPointerValue(d.Quuid.Ptr()),
		UUID:          types.StringPointerValue(d.UUID.Ptr()),
		HostName:      types.StringPointerValue(d.HostName.Ptr()),
		HostIP:        types.StringPointerValue(d.HostIP.Ptr()),
		OsName:        types.StringPointerValue(d.OsName.Ptr()),
		Status:        types.StringPointerValue(d.Status.Ptr()),
		Description:   types.StringPointerValue(d.Description.Ptr()),
		FailType:      types.Int64PointerValue(d.FailType.Ptr()),
		RiskNum:       types.Int64PointerValue(d.RiskNum.Ptr()),
		ScanBeginTime: types.StringPointerValue(d.ScanBeginTime.Ptr()),
		ScanEndTime:   types.StringPointerValue(d.ScanEndTime.Ptr()),
		MachineWanIP:  types.StringPointerValue(d.MachineWanIP.Ptr()),
	}
	if x := d.MachineExtraInfo.Ptr(); x != nil {
		m.MachineExtraInfo = &machineExtraModel{
			WanIP:       types.StringPointerValue(x.WanIP.Ptr()),
			PrivateIP:   types.StringPointerValue(x.PrivateIP.Ptr()),
			NetworkType: types.Int64PointerValue(x.NetworkType.Ptr()),
			NetworkName: types.StringPointerValue(x.NetworkName.Ptr()),
			InstanceID:  types.StringPointerValue(x.InstanceID.Ptr()),
			HostName:    types.StringPointerValue(x.HostName.Ptr()),
		}
	}
	return m
}

func hostVulOf(v tencentcloud.VulDetailInfo) hostVulModel {
	return hostVulModel{
		VulID:       types.Int64PointerValue(v.VulID.Ptr()),
		CveID:       types.StringPointerValue(v.CveID.Ptr()),
		Name:        types.StringPointerValue(v.Name.Ptr()),
		Level:       types.Int64PointerValue(v.Level.Ptr()),
		CvssScore:   types.Float64PointerValue(v.CvssScore.Ptr()),
		Cvss:        types.StringPointerValue(v.Cvss.Ptr()),
		Fix:         types.StringPointerValue(v.Fix.Ptr()),
		Descript:    types.StringPointerValue(v.Descript.Ptr()),
		Reference:   types.StringPointerValue(v.Reference.Ptr()),
		PublishTime: types.StringPointerValue(v.PublishTime.Ptr()),
		VulCategory: types.Int64PointerValue(v.VulCategory.Ptr()),
	}
}

func patchOf(p tencentcloud.PatchInfoDetail) patchModel {
	return patchModel{
		ID:           types.Int64PointerValue(p.ID.Ptr()),
		KBNo:         types.StringPointerValue(p.KBNo.Ptr()),
		Name:         types.StringPointerValue(p.Name.Ptr()),
		PublishTime:  types.StringPointerValue(p.PublishTime.Ptr()),
		RelatedCveID: p.RelatedCveID,
		KbDocURL:     types.StringPointerValue(p.KbDocURL.Ptr()),
	}
}

// percent returns the progress for messages.
func percent(answer *tencentcloud.DescribeScanTaskDetailsResponse) string {
	if p := answer.ScanProgress.Ptr(); p != nil {
		return fmt.Sprintf("%d %%", *p)
	}
	return "unknown"
}

// remaining returns the service's estimate of the time left, 0 where it gives none.
func remaining(answer *tencentcloud.DescribeScanTaskDetailsResponse) time.Duration {
	if left := answer.ScanLeftTime.Ptr(); left != nil {
		return tf.Seconds(float64(*left))
	}
	return 0
}
