package facts

import (
	"strconv"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// HostScan returns the facts of all pages of a task of the module.
func HostScan(object, module string, answer *tencentcloud.DescribeScanTaskDetailsResponse) gate.HostScan {
	scan := gate.HostScan{Object: object, ModuleType: module}
	if answer == nil {
		return scan
	}
	scan.TotalCount = answer.TotalCount.Ptr()
	scan.Progress = answer.ScanProgress.Ptr()
	scan.Stopping = answer.Stopped()
	scan.VulCount, scan.RiskEventCount = answer.VulCount.Ptr(), answer.RiskEventCount.Ptr()
	scan.RiskMachineCount, scan.ScanMachineCount = answer.RiskMachineCount.Ptr(), answer.ScanMachineCount.Ptr()
	scan.ScannedAt = Time(answer.ScanEndTime.String())
	scan.HasVuls = answer.VulInfo != nil
	for _, m := range answer.ScanTaskDetailList {
		scan.Machines = append(scan.Machines, machine(m))
	}
	for _, v := range answer.VulInfo {
		scan.Vuls = append(scan.Vuls, gate.HostVul{CveID: v.CveID.String(), VulID: idText(v.VulID), Name: v.Name.String(), Level: v.Level.Ptr()})
	}
	return scan
}

func machine(m tencentcloud.ScanTaskDetail) gate.Machine {
	fact := gate.Machine{
		Quuid: m.Quuid.String(), HostName: m.HostName.String(), HostIP: m.HostIP.String(),
		Status: m.Status.String(), RiskNum: m.RiskNum.Ptr(),
	}
	if fact.Status != "Ok" {
		fact.Problem = failMeaning(m)
	}
	return fact
}

// failMeanings are the values of FailType (api.md).
var failMeanings = map[int64]string{
	3: "it was offline",
	4: "its scan timed out",
	5: "its scan failed",
	8: "its agent is too old",
}

func failMeaning(m tencentcloud.ScanTaskDetail) string {
	if code := m.FailType.Ptr(); code != nil {
		if meaning, ok := failMeanings[*code]; ok {
			return meaning
		}
	}
	return m.Description.String()
}

func idText(id tencentcloud.Int) string {
	if v := id.Ptr(); v != nil {
		return strconv.FormatInt(*v, 10)
	}
	return ""
}
