package functions

import (
	"cmp"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// hostFindingsDocument is ms_cwp_findings.
type hostFindingsDocument struct {
	judged
	ModuleType     string                        `json:"ModuleType"`
	TaskID         tencentcloud.Text             `json:"TaskId"`
	Quuids         []string                      `json:"Quuids"`
	Status         string                        `json:"Status"`
	IncludeDetails tencentcloud.Bool             `json:"IncludeDetails"`
	Machines       []tencentcloud.ScanTaskDetail `json:"Machines"`
	Findings       []hostFindingDocument         `json:"Findings"`
	ScanBeginTime  tencentcloud.Time             `json:"ScanBeginTime"`
	ScanEndTime    tencentcloud.Time             `json:"ScanEndTime"`
}

// hostFindingDocument is an element of findings.
type hostFindingDocument struct {
	Quuid            tencentcloud.Text `json:"Quuid"`
	UUID             tencentcloud.Text `json:"Uuid"`
	HostName         tencentcloud.Text `json:"HostName"`
	CveID            tencentcloud.Text `json:"CveId"`
	VulID            tencentcloud.Text `json:"VulId"`
	VirusName        tencentcloud.Text `json:"VirusName"`
	ItemID           tencentcloud.Text `json:"ItemId"`
	Name             tencentcloud.Text `json:"Name"`
	Path             tencentcloud.Text `json:"Path"`
	Severity         gate.Severity     `json:"Severity"`
	Status           tencentcloud.Int  `json:"Status"`
	IgnoredByService tencentcloud.Bool `json:"IgnoredByService"`
	Description      tencentcloud.Text `json:"Description"`
	FixMethod        tencentcloud.Text `json:"FixMethod"`
}

// ids are the ids of the finding's module, the best one first.
func (f hostFindingDocument) ids(module string) []field.Value[string] {
	switch module {
	case tencentcloud.ModuleVul:
		return []field.Value[string]{f.CveID.Value, f.VulID.Value}
	case tencentcloud.ModuleMalware:
		return []field.Value[string]{f.VirusName.Value}
	}
	return []field.Value[string]{f.ItemID.Value}
}

// row is the finding as the gate had it: with the severity that it was judged by.
func (f hostFindingDocument) row(module string) gate.HostRow {
	return gate.HostRow{
		Quuid: f.Quuid.String(), UUID: f.UUID.String(), HostName: f.HostName.String(), IDs: f.ids(module), Name: f.Name.String(), Place: f.Path.String(),
		Levels: []field.Value[int64]{field.Of(gate.SeverityLevel(f.Severity))}, Status: gate.OpenStatus(module, f.Status.Value, f.IgnoredByService.Is(true)),
	}
}

// readHostFindings reads ms_cwp_findings.
func readHostFindings(document []byte, block tftypes.Value) (report.Scan, error) {
	var d hostFindingsDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	d.block = block
	scan := report.Scan{
		Kind: d.ModuleType, Object: d.ModuleType + " task " + d.TaskID.String(), Status: d.Status, Texts: map[report.Topic]report.Text{},
		Began: timeOf(d.ScanBeginTime), Ended: timeOf(d.ScanEndTime), Scope: d.ModuleType + " " + strings.Join(d.Quuids, " "),
	}
	if include := d.IncludeDetails.Ptr(); include != nil && !*include {
		scan.Partial = leftOut(d.Verdict)
		for _, quuid := range d.Quuids {
			// Whether it was scanned is the verdict's to say: its reasons are shown.
			scan.Subjects = append(scan.Subjects, report.Subject{Name: quuid, Scanned: true})
		}
		if strings.EqualFold(strings.TrimSpace(d.ModuleType), "Vul") && d.Verdict != nil {
			scan.Notes = append(scan.Notes, "Vulnerabilities of levels that cannot decide were not read, and are in no count.")
		}
		scan.OneForAll = true // a verdict does not say on which host a violation is
		err := d.show(&scan, gate.SourceHosts, nil)
		return scan, err
	}
	task := evidence.HostScan(scan.Object, d.ModuleType, &tencentcloud.DescribeScanTaskDetailsResponse{ScanTaskDetailList: tencentcloud.ListOf(d.Machines...)})
	hosts := gate.HostFindings{Object: scan.Object, Task: task, Hosts: d.Quuids}
	for _, finding := range d.Findings {
		hosts.Rows = append(hosts.Rows, finding.row(d.ModuleType))
		text := report.Text{Description: finding.Description.String(), Remedy: finding.FixMethod.String()}
		for _, id := range finding.ids(d.ModuleType) {
			name, _ := id.Get()
			describe(scan.Texts, gate.HostCategory(d.ModuleType), name, text)
		}
	}
	hostSubjects(&scan, d, task.Machines)
	err := d.show(&scan, gate.SourceHosts, hosts)
	return scan, err
}

// hostSubjects adds the hosts: those of the task, and those that are not in it.
func hostSubjects(scan *report.Scan, d hostFindingsDocument, machines []gate.Machine) {
	listed, scanned := map[string]bool{}, int64(0)
	for i, machine := range machines {
		ok := machine.Status == "Ok"
		if ok {
			scanned++
		}
		listed[strings.ToLower(strings.TrimSpace(machine.Quuid))] = true
		scan.Subjects = append(scan.Subjects, report.Subject{
			Name: strings.TrimSpace(machine.Quuid), Label: strings.TrimSpace(machine.HostName), Scanned: ok,
			At: cmp.Or(timeOf(d.Machines[i].ScanEndTime), timeOf(d.Machines[i].ScanBeginTime)),
		})
	}
	for _, quuid := range d.Quuids {
		if !listed[strings.ToLower(strings.TrimSpace(quuid))] {
			scan.Subjects = append(scan.Subjects, report.Subject{Name: strings.TrimSpace(quuid)})
		}
	}
	hosts := int64(len(scan.Subjects))
	scan.Counts = []report.Count{{Label: "hosts", Value: &hosts}, {Label: "of these scanned to the end", Value: &scanned}}
}
