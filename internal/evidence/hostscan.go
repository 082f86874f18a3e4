package evidence

import (
	"fmt"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// HostScan returns the input of the gate for all pages of a task of the module.
func HostScan(object, module string, answer *tencentcloud.DescribeScanTaskDetailsResponse) gate.HostScan {
	scan := gate.HostScan{Object: object, ModuleType: module}
	if answer == nil {
		return scan
	}
	scan.TotalCount = answer.TotalCount.Value
	scan.Progress = answer.ScanProgress.Value
	scan.Stopping = answer.StoppingAll.Value
	scan.VulCount, scan.RiskEventCount = answer.VulCount.Value, answer.RiskEventCount.Value
	scan.RiskMachineCount, scan.ScanMachineCount = answer.RiskMachineCount.Value, answer.ScanMachineCount.Value
	for _, told := range answer.Spans() {
		scan.Scanned = append(scan.Scanned, span(told.Begin, told.End))
	}
	scan.Listed, scan.VulsListed = answer.ScanTaskDetailList.State(), answer.VulInfo.State()
	for _, m := range answer.ScanTaskDetailList.Items {
		scan.Machines = append(scan.Machines, machine(m))
	}
	for _, v := range answer.VulInfo.Items {
		scan.Vuls = append(scan.Vuls, gate.HostVul{CveID: v.CveID.Value, VulID: idText(v.VulID), Name: v.Name.String(), Level: v.Level.Value})
	}
	return scan
}

// LastTask returns the id of the last task of a module, 0 where the module was never scanned. An error wraps
// [tencentcloud.ErrUnreadable].
func LastTask(state *tencentcloud.DescribeScanStateResponse) (int64, error) {
	if id, told := state.TaskID.Get(); told == field.Known && id >= 0 {
		return id, nil
	}
	return 0, fmt.Errorf("the TaskId of the last task is missing or cannot be read: %w", tencentcloud.ErrUnreadable)
}

// Narrowed tells whether a task looked only for single vulnerabilities or patches, as far as the answer about the last
// task of its module says so. One that does not say which task it is about may be about this one.
func Narrowed(state *tencentcloud.DescribeScanStateResponse, task int64) bool {
	return state.Narrowed() && (state.TaskID.Is(task) || state.TaskID.State() != field.Known)
}

func machine(m tencentcloud.ScanTaskDetail) gate.Machine {
	input := gate.Machine{
		Quuid: m.Quuid.String(), UUID: m.UUID.String(), HostName: m.HostName.String(), HostIP: m.HostIP.String(),
		Status: m.Status.String(), RiskNum: m.RiskNum.Value, Scanned: span(m.ScanBeginTime, m.ScanEndTime),
	}
	if input.Status != "Ok" {
		input.Problem = failMeaning(m)
	}
	return input
}

// failMeanings are the values of FailType (api.md).
var failMeanings = map[int64]string{
	3: "it was offline",
	4: "its scan timed out",
	5: "its scan failed",
	8: "its agent is too old",
}

func failMeaning(m tencentcloud.ScanTaskDetail) string {
	code, _ := m.FailType.Get()
	if meaning, ok := failMeanings[code]; ok {
		return meaning
	}
	return m.Description.String()
}
