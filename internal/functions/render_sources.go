package functions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// scanResultsDocument is ms_scan_results.
type scanResultsDocument struct {
	judged
	ItemID         string                     `json:"ItemId"`
	Status         string                     `json:"Status"`
	IncludeDetails tencentcloud.Bool          `json:"IncludeDetails"`
	ScanSet        []tencentcloud.ScanSetInfo `json:"ScanSet"`
}

// readScanResults reads ms_scan_results.
func readScanResults(document []byte, block tftypes.Value) (report.Scan, error) {
	var d scanResultsDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	d.block = block
	scan := report.Scan{Object: "item " + d.ItemID, Status: d.Status, Texts: map[report.Topic]report.Text{}}
	if include := d.IncludeDetails.Ptr(); include != nil && !*include {
		scan.Partial = leftOut(d.Verdict)
		policy, _ := d.policy(gate.SourceScanResults)
		for _, md5 := range policy.RequiredMD5s {
			// Whether it was scanned is the verdict's to say: its reasons are shown.
			scan.Subjects = append(scan.Subjects, report.Subject{MD5: strings.ToLower(md5), Scanned: true})
		}
		err := d.show(&scan, gate.SourceScanResults, nil)
		return scan, err
	}
	for _, row := range d.ScanSet {
		scan.Subjects = append(scan.Subjects, appOf(row))
		describeApp(scan.Texts, row)
	}
	answer := &tencentcloud.DescribeScanResultsResponse{ScanSet: tencentcloud.ListOf(d.ScanSet...)}
	err := d.show(&scan, gate.SourceScanResults, evidence.ScanResults(scan.Object, nil, answer))
	return scan, err
}

// leftOut says that details were left out, and how many of the violations are there all the same.
func leftOut(v *verdictDocument) string {
	const text = "The details were left out (include_details = false): the findings are not listed"
	if v == nil {
		return text + "."
	}
	return fmt.Sprintf("%s but for the violations in the verdict, %d of %d.", text, len(v.Violations), v.ViolationCount)
}

func appOf(row tencentcloud.ScanSetInfo) report.Subject {
	app := report.Subject{MD5: evidence.RowMD5(row), Scanned: evidence.RowState(row) == gate.RowDone}
	if seconds := row.TaskTime.Ptr(); seconds != nil && *seconds > 0 {
		at := time.Unix(*seconds, 0)
		app.At = &at
	}
	if detail := row.AppDetailInfo.Ptr(); detail != nil {
		app.Name = strings.TrimSpace(detail.AppPkgName.String())
		app.Label = strings.TrimSpace(detail.AppName.String() + " " + detail.AppVersion.String())
		if app.Label == "" {
			app.Label = strings.TrimSpace(detail.FileName.String())
		}
	}
	return app
}

// describeApp adds the service's words about what was found in an app.
func describeApp(texts map[report.Topic]report.Text, row tencentcloud.ScanSetInfo) {
	for _, vul := range row.VulInfo.Get().VulList.Items {
		describe(texts, gate.Vulnerability, vul.VulID.String(), report.Text{Description: vul.VulDesc.String(), Remedy: vul.VulSolution.String()})
	}
	virus := row.VirusInfo.Get()
	describeVirus(texts, virus.VirusName.String(), virus.VirusDesc.String())
}

func describeVirus(texts map[report.Topic]report.Text, name, description string) {
	describe(texts, gate.Virus, name, report.Text{Description: description})
	describe(texts, gate.RiskSoftware, name, report.Text{Description: description})
}

// describe adds a text about an id, unless there is one already.
func describe(texts map[report.Topic]report.Text, category gate.Category, id string, text report.Text) {
	topic := report.Topic{Category: category, ID: strings.TrimSpace(id)}
	if _, known := texts[topic]; !known && topic.ID != "" && text != (report.Text{}) {
		texts[topic] = text
	}
}

// apkDetectionDocument is ms_apk_detection.
type apkDetectionDocument struct {
	judged
	ApkMD5     string                        `json:"ApkMd5"`
	AppPkgName string                        `json:"AppPkgName"`
	Result     string                        `json:"Result"`
	ResultList []tencentcloud.ResultListItem `json:"ResultList"`
}

// readAPKDetection reads ms_apk_detection. It has no use for the URL, which is a secret.
func readAPKDetection(document []byte, block tftypes.Value) (report.Scan, error) {
	var d apkDetectionDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	d.block = block
	md5 := strings.ToLower(strings.TrimSpace(d.ApkMD5))
	scan := report.Scan{Object: "package with MD5 " + md5, Status: d.Result, Texts: map[report.Topic]report.Text{}}
	for _, item := range d.ResultList {
		subject := report.Subject{Name: strings.TrimSpace(item.SoftName.String()), MD5: evidence.DetectedMD5(item), Scanned: true}
		if name := strings.TrimSpace(d.AppPkgName); name != "" {
			subject.Name, subject.Label = name, subject.Name
		}
		scan.Subjects = append(scan.Subjects, subject)
		describeVirus(scan.Texts, item.VirusName.String(), item.VirusDesc.String())
	}
	answer := &tencentcloud.DescribeApkDetectionResultResponse{ResultList: tencentcloud.ListOf(d.ResultList...)}
	err := d.show(&scan, gate.SourceAPKDetection, evidence.APKDetection(scan.Object, md5, d.AppPkgName, answer))
	return scan, err
}

// hostScanDocument is ms_cwp_scan_task_details.
type hostScanDocument struct {
	judged
	ModuleType         string                        `json:"ModuleType"`
	TaskID             tencentcloud.Text             `json:"TaskId"`
	Status             string                        `json:"Status"`
	ScanTaskDetailList []tencentcloud.ScanTaskDetail `json:"ScanTaskDetailList"`
	VulInfo            []tencentcloud.VulDetailInfo  `json:"VulInfo"`
	ScanBeginTime      tencentcloud.Time             `json:"ScanBeginTime"`
	ScanEndTime        tencentcloud.Time             `json:"ScanEndTime"`
}

// hostScope identifies the hosts of a task.
func hostScope(d hostScanDocument) string {
	ids := make([]string, 0, len(d.ScanTaskDetailList))
	for _, machine := range d.ScanTaskDetailList {
		ids = append(ids, strings.TrimSpace(machine.Quuid.String()))
	}
	slices.Sort(ids)
	return d.ModuleType + " " + strings.Join(ids, " ")
}

// readHostScan reads ms_cwp_scan_task_details.
func readHostScan(document []byte, block tftypes.Value) (report.Scan, error) {
	var d hostScanDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	d.block = block
	scan := report.Scan{
		Kind: d.ModuleType, Object: d.ModuleType + " task " + d.TaskID.String(), Status: d.Status, Texts: map[report.Topic]report.Text{},
		Began: timeOf(d.ScanBeginTime), Ended: timeOf(d.ScanEndTime), Scope: hostScope(d),
	}
	hosts := evidence.HostScan(scan.Object, d.ModuleType, &tencentcloud.DescribeScanTaskDetailsResponse{ScanTaskDetailList: tencentcloud.ListOf(d.ScanTaskDetailList...), VulInfo: tencentcloud.ListOf(d.VulInfo...)})
	machines, scanned := int64(len(hosts.Machines)), int64(0)
	for _, machine := range hosts.Machines {
		ok := machine.Status == "Ok"
		if ok {
			scanned++
		}
		scan.Subjects = append(scan.Subjects, report.Subject{Name: strings.TrimSpace(machine.Quuid), Label: strings.TrimSpace(machine.HostName), Scanned: ok})
	}
	// The list of vulnerabilities does not say on which machine each one is, so none of them is proven to
	// be without.
	// That holds of the module, found or not, so that the next run has the same cases.
	scan.OneForAll = len(hosts.Vuls) > 0 || strings.EqualFold(strings.TrimSpace(d.ModuleType), "Vul")
	scan.Counts = []report.Count{{Label: "machines", Value: &machines}, {Label: "of these scanned to the end", Value: &scanned}}
	for i, machine := range d.ScanTaskDetailList {
		if i < len(scan.Subjects) {
			scan.Subjects[i].At = cmp.Or(timeOf(machine.ScanEndTime), timeOf(machine.ScanBeginTime))
		}
	}
	for _, vul := range d.VulInfo {
		text := report.Text{Description: vul.Descript.String(), Remedy: vul.Fix.String()}
		describe(scan.Texts, gate.Vulnerability, vul.CveID.String(), text)
		if id := vul.VulID.Ptr(); id != nil {
			describe(scan.Texts, gate.Vulnerability, fmt.Sprint(*id), text)
		}
	}
	err := d.show(&scan, gate.SourceHostScan, hosts)
	return scan, err
}

// imageScanDocument is ms_tcss_vul_scan_info.
type imageScanDocument struct {
	tencentcloud.DescribeVulScanInfoResponse
	Verdict *verdictDocument `json:"Verdict"`
}

// readImageScan reads ms_tcss_vul_scan_info, which counts.
func readImageScan(document []byte, _ tftypes.Value) (report.Scan, error) {
	var d imageScanDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	scan := report.Scan{
		Object: "tasks " + taskID(d.LocalTaskID) + " (local) and " + taskID(d.RegistryTaskID) + " (registry)", Status: d.Status.String(),
		Partial: "The service gives counts, and lists no findings.",
		Began:   timeOf(d.ScanStartTime), Ended: timeOf(d.ScanEndTime),
		Scope: "local " + taskID(d.LocalTaskID) + ", registry " + taskID(d.RegistryTaskID),
		Counts: []report.Count{
			{Label: "local images scanned", Value: d.LocalImageScanCount.Ptr()},
			{Label: "vulnerabilities in them", Value: d.FoundVulCount.Ptr()},
			{Label: "registry images scanned", Value: d.RegistryImageScanCount.Ptr()},
			{Label: "vulnerabilities in these", Value: d.RegistryFoundVulCount.Ptr()},
			{Label: "images at risk", Value: d.FoundRiskImageCount.Ptr()},
			{Label: "vulnerabilities ignored by a setting at the service", Value: d.IgnoreVulCount.Ptr()},
		},
	}
	d.Verdict.show(&scan)
	if scan.Verdict != nil {
		scan.Findings = scan.Verdict.Violators()
	}
	return scan, nil
}

func taskID(id tencentcloud.Int) string {
	if value := id.Ptr(); value != nil {
		return fmt.Sprint(*value)
	}
	return "–"
}

// timeOf returns a time for a report; nil where it is not told, or not readably.
func timeOf(at tencentcloud.Time) *time.Time {
	when, state := at.At().Get()
	if state != field.Known {
		return nil
	}
	return &when
}
