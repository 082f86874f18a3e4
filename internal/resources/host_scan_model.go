package resources

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// hostScanModel is ms_cwp_scan in plan and state.
type hostScanModel struct {
	scantask.Common

	ModuleType        types.String `tfsdk:"module_type"`
	Quuids            types.Set    `tfsdk:"quuids"`
	AllProtectedHosts types.Bool   `tfsdk:"all_protected_hosts"`
	ScanMethod        types.String `tfsdk:"scan_method"`
	ScanPattern       types.String `tfsdk:"scan_pattern"`
	EngineLevel       types.String `tfsdk:"engine_level"`
	ScanTimeout       types.String `tfsdk:"scan_timeout"`
	StopOnDestroy     types.Bool   `tfsdk:"stop_on_destroy"`

	TaskNumber          types.Int64  `tfsdk:"task_id"`
	AcceptedHostCount   types.Int64  `tfsdk:"accepted_host_count"`
	UnlicensedHostCount types.Int64  `tfsdk:"unlicensed_host_count"`
	FailedMachines      types.List   `tfsdk:"failed_machines"`
	Summary             types.Object `tfsdk:"summary"`
	Failures            types.List   `tfsdk:"failures"`
}

var (
	failedMachineType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"quuid": types.StringType, "host_name": types.StringType, "host_ip": types.StringType,
		"status": types.StringType, "fail_type": types.Int64Type, "description": types.StringType,
	}}
	hostFailureType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"machine": types.StringType, "code": types.Int64Type, "desc": types.StringType, "hint": types.StringType,
	}}
)

// The options by their names in a configuration.
var (
	scanMethods  = map[string]int64{"version": tencentcloud.ScanByVersion, "poc": tencentcloud.ScanByPOC}
	scanPatterns = map[string]int64{"quick": tencentcloud.ScanQuickly, "full": tencentcloud.ScanWholeDisk}
	engineLevels = map[string]int64{"standard": 1, "enhanced": 2, "strict": 3}
)

// The defaults of options that are not set.
const (
	defaultScanMethod  = "version"
	defaultScanPattern = "quick"
	defaultScanTimeout = time.Hour
)

func codeNames(codes map[string]int64) []string { return slices.Sorted(maps.Keys(codes)) }

// quuids returns the hosts, sorted, each once; none where all protected hosts are meant.
func (m *hostScanModel) quuids() []string {
	unique := map[string]string{}
	for _, quuid := range texts(m.Quuids.Elements()) {
		quuid = strings.TrimSpace(quuid)
		if _, twice := unique[normalQuuid(quuid)]; !twice {
			unique[normalQuuid(quuid)] = quuid
		}
	}
	return slices.Sorted(maps.Values(unique))
}

// normalQuuid is the form in which Quuids are compared.
func normalQuuid(quuid string) string { return strings.ToLower(strings.TrimSpace(quuid)) }

// normalQuuids returns the hosts as they are compared, sorted.
func (m *hostScanModel) normalQuuids() []string {
	var normal []string
	for _, quuid := range m.quuids() {
		normal = append(normal, normalQuuid(quuid))
	}
	slices.Sort(normal)
	return normal
}

// all tells whether the scan is of all protected hosts.
func (m *hostScanModel) all() bool { return m.AllProtectedHosts.ValueBool() }

func (m *hostScanModel) module() string { return m.ModuleType.ValueString() }

// options are what else decides what is scanned, defaults filled in.
func (m *hostScanModel) options() map[string]types.String {
	if m.module() == tencentcloud.ModuleVul {
		return map[string]types.String{"scan_method": orText(m.ScanMethod, defaultScanMethod)}
	}
	return map[string]types.String{"scan_pattern": orText(m.ScanPattern, defaultScanPattern), "engine_level": orText(m.EngineLevel, "")}
}

func orText(value types.String, otherwise string) types.String {
	if value.IsNull() {
		return types.StringValue(otherwise)
	}
	return value
}

func (m *hostScanModel) hosts() tencentcloud.Hosts {
	return tencentcloud.Hosts{AllProtected: m.all(), Quuids: m.quuids()}
}

// timeoutSeconds is scan_timeout in seconds, rounded up.
func (m *hostScanModel) timeoutSeconds() int64 {
	return int64(math.Ceil(tf.ParseDuration(m.ScanTimeout, defaultScanTimeout).Seconds()))
}

func (m *hostScanModel) vulRequest() tencentcloud.ScanVulRequest {
	return tencentcloud.ScanVulRequest{
		Hosts: m.hosts(), TimeoutPeriod: m.timeoutSeconds(), ScanMethod: scanMethods[m.options()["scan_method"].ValueString()],
	}
}

func (m *hostScanModel) malwareRequest() tencentcloud.CreateScanMalwareSettingRequest {
	options := m.options()
	return tencentcloud.CreateScanMalwareSettingRequest{
		Hosts: m.hosts(), TimeoutPeriod: m.timeoutSeconds(),
		ScanPattern: scanPatterns[options["scan_pattern"].ValueString()], EngineType: engineLevels[options["engine_level"].ValueString()],
	}
}

// taskRequest asks for the task of an id, as in Vul/123; ok is false for what is no such id.
func taskRequest(id string) (request tencentcloud.DescribeScanTaskDetailsRequest, ok bool) {
	module, number, _ := strings.Cut(id, "/")
	task, err := strconv.ParseInt(number, 10, 64)
	ok = err == nil && task > 0 && strconv.FormatInt(task, 10) == number && (module == tencentcloud.ModuleVul || module == tencentcloud.ModuleMalware)
	return tencentcloud.DescribeScanTaskDetailsRequest{ModuleType: module, TaskID: task}, ok
}

// taskName is the id of a task; empty where the service gave none.
func taskName(module string, task tencentcloud.Int) string {
	if n := task.Ptr(); n != nil && *n > 0 {
		return fmt.Sprintf("%s/%d", module, *n)
	}
	return ""
}

// setProgress takes over what is known of the task.
func (m *hostScanModel) setProgress(p hostProgress) {
	m.Status = types.StringValue(p.status)
	machines := make([]attr.Value, 0, len(p.failed))
	for _, f := range p.failed {
		machines = append(machines, types.ObjectValueMust(failedMachineType.AttrTypes, map[string]attr.Value{
			"quuid": textOrNull(sanitize.Line(f.Quuid)), "host_name": textOrNull(sanitize.Line(f.HostName)), "host_ip": textOrNull(sanitize.Line(f.HostIP)),
			"status": textOrNull(sanitize.Line(f.Status)), "fail_type": types.Int64PointerValue(f.failType), "description": textOrNull(sanitize.Line(f.Problem)),
		}))
	}
	m.FailedMachines = types.ListValueMust(failedMachineType, machines)
	failures := make([]attr.Value, 0, len(p.failures))
	for _, f := range p.failures {
		failures = append(failures, types.ObjectValueMust(hostFailureType.AttrTypes, map[string]attr.Value{
			"machine": textOrNull(sanitize.Line(f.machine)), "code": types.Int64PointerValue(f.code), "desc": types.StringValue(f.desc), "hint": types.StringValue(f.hint),
		}))
	}
	m.Failures = types.ListValueMust(hostFailureType, failures)
	m.Summary = types.ObjectNull(tf.SummaryType.AttrTypes)
	if p.summary != nil {
		m.Summary = tf.SummaryValue(*p.summary)
	}
}
