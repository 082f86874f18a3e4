package evidence

import (
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
