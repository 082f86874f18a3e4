package datasources

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// hostFindingsModel is ms_cwp_findings in configuration and state.
type hostFindingsModel struct {
	gated.Config
	ModuleType        types.String `tfsdk:"module_type"`
	Quuids            types.Set    `tfsdk:"quuids"`
	TaskID            types.Int64  `tfsdk:"task_id"`
	StrategyID        types.Int64  `tfsdk:"strategy_id"`
	WaitForCompletion types.Bool   `tfsdk:"wait_for_completion"`
	PollInterval      types.String `tfsdk:"poll_interval"`
	IncludeDetails    types.Bool   `tfsdk:"include_details"`

	Status        types.String       `tfsdk:"status"`
	ScanBeginTime types.String       `tfsdk:"scan_begin_time"`
	ScanEndTime   types.String       `tfsdk:"scan_end_time"`
	ScanState     types.Int64        `tfsdk:"scan_state"`
	ScanType      types.Int64        `tfsdk:"scan_type"`
	ScannedVulIDs []types.Int64      `tfsdk:"scanned_vul_ids"`
	ScannedKBs    []types.String     `tfsdk:"scanned_kbs"`
	IgnoredCount  types.Int64        `tfsdk:"ignored_count"`
	Summary       types.Object       `tfsdk:"summary"`
	Machines      []machineModel     `tfsdk:"machines"`
	Findings      []hostFindingModel `tfsdk:"findings"`
}

// hostFindingModel is one finding on one host.
type hostFindingModel struct {
	Quuid            types.String  `tfsdk:"quuid"`
	UUID             types.String  `tfsdk:"uuid"`
	HostName         types.String  `tfsdk:"host_name"`
	HostIP           types.String  `tfsdk:"host_ip"`
	CveID            types.String  `tfsdk:"cve_id"`
	VulID            types.Int64   `tfsdk:"vul_id"`
	VirusName        types.String  `tfsdk:"virus_name"`
	ItemID           types.Int64   `tfsdk:"item_id"`
	Name             types.String  `tfsdk:"name"`
	Path             types.String  `tfsdk:"path"`
	Level            types.Int64   `tfsdk:"level"`
	HostLevel        types.Int64   `tfsdk:"host_level"`
	Severity         types.String  `tfsdk:"severity"`
	Status           types.Int64   `tfsdk:"status"`
	IgnoredByService types.Bool    `tfsdk:"ignored_by_service"`
	ProcessExists    types.Int64   `tfsdk:"process_exists"`
	FileExists       types.Int64   `tfsdk:"file_exists"`
	MD5              types.String  `tfsdk:"md5"`
	CvssScore        types.Float64 `tfsdk:"cvss_score"`
	Labels           types.String  `tfsdk:"labels"`
	Description      types.String  `tfsdk:"description"`
	FixMethod        types.String  `tfsdk:"fix_method"`
	FirstTime        types.String  `tfsdk:"first_time"`
	LastTime         types.String  `tfsdk:"last_time"`
}

func (m *hostFindingsModel) choice() taskChoice {
	return chooseTask(m.ModuleType, m.TaskID, m.StrategyID)
}

func (m *hostFindingsModel) object() string {
	count, hosts := len(m.quuids()), "hosts"
	if count == 1 {
		hosts = "host"
	}
	return fmt.Sprintf("%s, %d %s", m.choice().object(), count, hosts)
}

func (m *hostFindingsModel) quuids() []string {
	var quuids []string
	for _, element := range m.Quuids.Elements() {
		if quuid, ok := element.(types.String); ok {
			quuids = append(quuids, quuid.ValueString())
		}
	}
	return quuids
}

// details tells whether the findings are kept one by one.
func (m *hostFindingsModel) details() bool {
	return m.IncludeDetails.IsNull() || m.IncludeDetails.ValueBool()
}

// set takes over the answer; of one that never came everything is null.
func (m *hostFindingsModel) set(answer *hostFindings, judged gate.Evidence) {
	task := answer.hostTask()
	details := task.details()
	m.Status = types.StringValue(taskStatus(details))
	if task.never() {
		m.Status = types.StringValue(statusNeverScanned)
	}
	input := m.input(answer) // as it was chosen, before task_id is filled in
	if details != nil {
		m.TaskID = types.Int64Value(task.ID)
		m.ScanBeginTime, m.ScanEndTime = types.StringPointerValue(details.ScanBeginTime.Ptr()), types.StringPointerValue(details.ScanEndTime.Ptr())
	}
	m.ID = types.StringValue(fmt.Sprintf("%s/%d", m.ModuleType.ValueString(), m.TaskID.ValueInt64()))
	if state := task.state(); state != nil {
		m.ScanState, m.ScanType = types.Int64PointerValue(state.ScanState.Ptr()), types.Int64PointerValue(state.Type.Ptr())
		m.ScannedVulIDs = gated.Elements(state.VulID, func(id tencentcloud.Int) types.Int64 { return types.Int64PointerValue(id.Ptr()) })
		m.ScannedKBs = gated.Elements(state.KBNumber, func(t tencentcloud.Text) types.String { return types.StringPointerValue(t.Ptr()) })
	}
	m.Summary = tf.SummaryValue(gate.Summarize(judged.Findings))
	m.IgnoredCount = types.Int64Null()
	if answer == nil || answer.found == nil {
		return
	}
	m.IgnoredCount = types.Int64Value(input.Ignored())
	if m.details() {
		m.Machines, m.Findings = m.machinesOf(details), m.findingsOf(input, answer.found)
	}
}

// machinesOf returns the machines of the task that were asked for.
func (m *hostFindingsModel) machinesOf(details *tencentcloud.DescribeScanTaskDetailsResponse) []machineModel {
	if details == nil {
		return nil
	}
	asked, machines := evidence.NewHostFilter(m.quuids(), nil), []machineModel{}
	for _, machine := range details.ScanTaskDetailList.Items {
		if asked.Names(machine.Quuid.String()) {
			machines = append(machines, machineOf(machine))
		}
	}
	return machines
}

// findingsOf returns what is not closed on the hosts that were asked for.
func (m *hostFindingsModel) findingsOf(input gate.HostFindings, found *evidence.HostFindings) []hostFindingModel {
	findings, rate := []hostFindingModel{}, input.Rater()
	add := func(row gate.HostRow, finding hostFindingModel) {
		severity, ignored, open := rate(row)
		if !open {
			return
		}
		finding.Severity, finding.IgnoredByService = types.StringValue(string(severity)), types.BoolValue(ignored)
		findings = append(findings, finding)
	}
	if found.Vuls != nil {
		for i, vul := range found.Vuls.VulInfoList.Items {
			for _, host := range hostsOf(found, i) {
				add(evidence.VulRow(vul, host), hostVulFinding(vul, host))
			}
		}
	}
	if found.Malware != nil {
		for _, row := range found.Malware.MalWareList.Items {
			add(evidence.MalwareRow(row), malwareFinding(row))
		}
	}
	if found.Baseline != nil {
		for _, item := range found.Baseline.Items {
			add(evidence.BaselineRow(item), baselineFinding(item))
		}
	}
	return findings
}

func hostsOf(found *evidence.HostFindings, i int) []tencentcloud.VulEffectHost {
	if i >= len(found.VulHosts) || found.VulHosts[i] == nil {
		return nil
	}
	return found.VulHosts[i].VulEffectHostList.Items
}

func hostVulFinding(vul tencentcloud.HostVul, host tencentcloud.VulEffectHost) hostFindingModel {
	return hostFindingModel{
		Quuid: text(host.Quuid), UUID: text(host.UUID), HostName: text(host.AliasName), HostIP: text(host.HostIP),
		CveID: text(vul.CveID), VulID: intOf(vul.VulID), Name: text(vul.Name), Level: intOf(vul.Level), HostLevel: intOf(host.Level), Status: intOf(host.Status),
		CvssScore: types.Float64PointerValue(vul.CvssScore.Ptr()), Labels: text(vul.Labels), Description: text(vul.Descript),
		FirstTime: text(host.FirstDiscoveryTime.Text), LastTime: text(host.LastTime.Text),
	}
}

func malwareFinding(row tencentcloud.HostMalware) hostFindingModel {
	return hostFindingModel{
		Quuid: text(row.Quuid), UUID: text(row.UUID), HostName: text(row.Alias), HostIP: text(row.HostIP),
		VirusName: text(row.VirusName), Path: text(row.FilePath), Level: intOf(row.Level), Status: intOf(row.Status),
		ProcessExists: intOf(row.ProcessExists), FileExists: intOf(row.FileExists), MD5: text(row.MD5),
		FirstTime: text(row.CreateTime.Text), LastTime: text(row.LatestScanTime.Text),
	}
}

func baselineFinding(item tencentcloud.BaselineItem) hostFindingModel {
	return hostFindingModel{
		Quuid: text(item.HostID), UUID: text(item.UUID), HostName: text(item.HostName), HostIP: text(item.HostIP),
		ItemID: intOf(item.ItemID), Name: text(item.ItemName), Level: intOf(item.Level), Status: intOf(item.DetectStatus),
		Description: text(item.ItemDesc), FixMethod: text(item.FixMethod), FirstTime: text(item.FirstTime.Text), LastTime: text(item.LastTime.Text),
	}
}

func text(t tencentcloud.Text) types.String { return types.StringPointerValue(t.Ptr()) }

func intOf(n tencentcloud.Int) types.Int64 {
	if v, state := n.Get(); state == field.Known {
		return types.Int64Value(v)
	}
	return types.Int64Null()
}
