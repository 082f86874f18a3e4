package tencentcloud_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// The two sources of findings rest on several answers. Their pages are, in this order, of hosts: the last task, the
// task, the list of findings (two pages), and the hosts of each vulnerability; of images: the scan, the images of the
// scan where it is of local ones, the list of images (two pages), the ignored vulnerabilities, and those of each row
// (two pages).

// decodeAll decodes pages of one list.
func decodeAll[T any](bodies [][]byte, decode func([]byte) (T, error)) (pages []T, err error) {
	for _, body := range bodies {
		page, err := decode(body)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// taking hands on the rows of a page.
func taking[P, T any](take func([]T), rows func(P) []T) func(P) {
	return func(page P) { take(rows(page)) }
}

// judgeHostFindings judges what the hosts q1 and q2 have; with a named task, or the last one.
func judgeHostFindings(module string, named bool) func([][]byte, gate.Policy) (gate.Verdict, error) {
	return func(bodies [][]byte, policy gate.Policy) (verdict gate.Verdict, err error) {
		asked := []string{"q1", "q2"}
		state, err := tencentcloud.Decode[tencentcloud.DescribeScanStateResponse](bodies[0])
		if err != nil {
			return verdict, err
		}
		id := int64(11)
		if !named {
			if id, err = evidence.LastTask(state); err != nil {
				return verdict, err
			}
		}
		details, err := tencentcloud.Decode[tencentcloud.DescribeScanTaskDetailsResponse](bodies[1])
		if err != nil {
			return verdict, err
		}
		if id == 0 {
			details = nil // the module was never scanned
		}
		task := evidence.HostScan("task", module, details)
		task.Latest, task.Narrowed = !named, evidence.Narrowed(state, id)
		found, err := foundOnHosts(module, bodies[2:], policy, evidence.NewHostFilter(asked, details))
		if err != nil {
			return verdict, err
		}
		return gate.Evaluate(evidence.Hosts("task", asked, task, found).Evidence(policy), policy, judgedAt), nil
	}
}

func foundOnHosts(module string, bodies [][]byte, policy gate.Policy, hosts evidence.HostFilter) (*evidence.HostFindings, error) {
	switch module {
	case tencentcloud.ModuleVul:
		return vulsOnHosts(bodies, policy)
	case tencentcloud.ModuleMalware:
		pages, err := decodeAll(bodies, tencentcloud.Decode[tencentcloud.DescribeMalWareListResponse])
		if err != nil {
			return nil, err
		}
		malware, err := tencentcloud.JoinPages(pages)
		return &evidence.HostFindings{Malware: malware}, err
	}
	pages, err := decodeAll(bodies, tencentcloud.Decode[tencentcloud.DescribeBaselineItemListResponse])
	if err != nil {
		return nil, err
	}
	items := new(evidence.BaselineItems)
	items.Listed, items.Total, err = tencentcloud.ChainPages(pages, taking(items.Take(hosts), func(p *tencentcloud.DescribeBaselineItemListResponse) []tencentcloud.BaselineItem {
		return p.List.Items
	}))
	return &evidence.HostFindings{Baseline: items}, err
}

func vulsOnHosts(bodies [][]byte, policy gate.Policy) (*evidence.HostFindings, error) {
	pages, err := decodeAll(bodies[:2], tencentcloud.Decode[tencentcloud.DescribeVulListResponse])
	if err != nil {
		return nil, err
	}
	hosts, err := decodeAll(bodies[2:], tencentcloud.Decode[tencentcloud.DescribeVulEffectHostListResponse])
	if err != nil {
		return nil, err
	}
	found := new(evidence.HostFindings)
	if found.Vuls, err = tencentcloud.JoinPages(pages); err != nil {
		return nil, err
	}
	for i, vul := range found.Vuls.VulInfoList.Items {
		_, ok := vul.ID()
		var answer *tencentcloud.DescribeVulEffectHostListResponse
		switch {
		case !policy.NeedsLevel(vul.Level.Value) && !policy.RecordFingerprints:
		case !ok: // its hosts cannot be asked for
			answer = new(tencentcloud.DescribeVulEffectHostListResponse)
		case i < len(hosts):
			answer = hosts[i]
		}
		if answer != nil && answer.RequestID != "" {
			if answer, err = tencentcloud.JoinPages([]*tencentcloud.DescribeVulEffectHostListResponse{answer}); err != nil {
				return nil, err
			}
		}
		found.VulHosts = append(found.VulHosts, answer)
	}
	return found, nil
}

// judgeImageFindings judges an image: by its digest where it is of a registry, else by its id.
func judgeImageFindings(local, named, details bool) func([][]byte, gate.Policy) (gate.Verdict, error) {
	return func(bodies [][]byte, policy gate.Policy) (verdict gate.Verdict, err error) {
		reading := &evidence.ImageReading{Object: "image", Local: local, TaskNamed: named}
		if !local {
			reading.Repository = "ccr.example/acme/api"
		}
		next := func() []byte { body := bodies[0]; bodies = bodies[1:]; return body }
		if named {
			if err := takeTask(reading, next); err != nil {
				return verdict, err
			}
		}
		if err := takeRows(reading, next); err != nil {
			return verdict, err
		}
		ignored, err := tencentcloud.Decode[tencentcloud.DescribeScanIgnoreVulListResponse](next())
		if err != nil {
			return verdict, err
		}
		if reading.Ignored, err = tencentcloud.JoinPages([]*tencentcloud.DescribeScanIgnoreVulListResponse{ignored}); err != nil {
			return verdict, err
		}
		for i := range reading.Rows {
			row := &reading.Rows[i]
			row.Skipped = !details && reading.CleanByCounters(i, policy, true)
			if row.Skipped || row.State != evidence.ImageDone || !local && row.ID <= 0 {
				continue
			}
			pages, err := decodeAll(bodies, tencentcloud.Decode[tencentcloud.DescribeImageVulListResponse])
			if err != nil {
				return verdict, err
			}
			if row.Listed, row.Total, err = tencentcloud.ChainPages(pages, taking(row.Take(details), func(p *tencentcloud.DescribeImageVulListResponse) []tencentcloud.ImageVul { return p.List.Items })); err != nil {
				return verdict, err
			}
		}
		return gate.Evaluate(evidence.Image(reading).Evidence(policy), policy, judgedAt), nil
	}
}

func takeTask(reading *evidence.ImageReading, next func() []byte) (err error) {
	task := int64(11)
	request := tencentcloud.DescribeVulScanInfoRequest{RegistryTaskID: &task}
	if reading.Local {
		request = tencentcloud.DescribeVulScanInfoRequest{LocalTaskID: &task}
	}
	if reading.Task, err = tencentcloud.Decode[tencentcloud.DescribeVulScanInfoResponse](next()); err != nil {
		return err
	}
	if err := reading.Task.Check(request); err != nil || !reading.Local {
		return err
	}
	if reading.TaskImages, err = tencentcloud.Decode[tencentcloud.DescribeVulScanLocalImageListResponse](next()); err != nil {
		return err
	}
	return reading.TaskImages.Check(task)
}

func takeRows(reading *evidence.ImageReading, next func() []byte) error {
	if reading.Local {
		listed, err := tencentcloud.Decode[tencentcloud.DescribeAssetImageListResponse](next())
		if err == nil {
			reading.ListLocal(listed, walkImageID)
		}
		return err
	}
	pages, err := decodeAll([][]byte{next(), next()}, tencentcloud.Decode[tencentcloud.DescribeAssetImageRegistryListResponse])
	if err != nil {
		return err
	}
	listed, err := tencentcloud.JoinPages(pages)
	if err == nil {
		reading.ListRegistry(listed, walkImageID)
	}
	return err
}

const walkImageID = "sha256:5df3b9c1f4d2aa01c7e5a7a0d8e5f9f3f4e2c6f1d9b8a7968574635241302f1e"

const lastTask = `{"TaskId":11,"ScanState":0,"Schedule":100,"Type":0,"VulId":[],"KBNumber":[],"ScanBeginTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:10:00","RiskEventCount":0,"RequestId":"r"}`

// hostTask is a task of three machines, the third of which is not asked for.
func hostTask(risks string) string {
	machine := func(id, risks string) string {
		return `{"Id":` + id + `,"Quuid":"q` + id + `","Uuid":"u` + id + `","HostName":"h","HostIp":"10.0.0.` + id + `","OsName":"o","Status":"Ok","Description":"","FailType":0,"RiskNum":` + risks + `,
		"ScanBeginTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:05:00"}`
	}
	return `{"TotalCount":3,"ScanMachineCount":3,"RiskMachineCount":0,"RiskEventCount":0,"VulCount":0,"VulInfo":[],"ScanBeginTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:10:00","ScanTime":600,
		"ScanProgress":100,"ScanLeftTime":0,"Type":0,"StoppingAll":false,"ScanTaskDetailList":[` + machine("1", risks) + "," + machine("2", "0") + "," + machine("3", "4") + `],"RequestId":"r"}`
}

func vulOfHosts(id, level, hosts int) string {
	return fmt.Sprintf(`{"VulId":%d,"CveId":"CVE-2026-%d","Name":"n","Level":%d,"Status":0,"VulCategory":1,"HostCount":%d,"Descript":"d","CvssScore":7.5,"Labels":"l","TaskId":11,"LastTime":"2026-03-10 19:05:00","FirstAppearTime":"2026-03-01 19:05:00"}`, id, id, level, hosts)
}

// hostOfVul is a host with an open or fixed vulnerability.
func hostOfVul(event int, host string, level, status int) string {
	return fmt.Sprintf(`{"EventId":%d,"Quuid":"q%s","Uuid":"u%s","AliasName":"h","HostIp":"10.0.0.%s","Level":%d,"Status":%d,"Description":"d","FixStatusMsg":"","LastTime":"2026-03-10 19:05:00","FirstDiscoveryTime":"2026-03-01 19:05:00"}`, event, host, host, host, level, status)
}

func listed(total int, name, rows string) string {
	return fmt.Sprintf(`{"TotalCount":%d,%q:[%s],"RequestId":"r"}`, total, name, rows)
}

// vulPages are the pages of three vulnerabilities: one fixed on q1, one on another host alone, and one of a level,
// with a status on q1 and fixed on q2.
func vulPages(risks string, level, status int) []string {
	one, two, three := vulOfHosts(71, 4, 1), vulOfHosts(72, 3, 1), vulOfHosts(73, level, 2)
	return []string{
		lastTask, hostTask(risks),
		listed(3, "VulInfoList", one+","+two), listed(3, "VulInfoList", two+","+three),
		listed(1, "VulEffectHostList", hostOfVul(1, "1", 4, 3)),
		listed(1, "VulEffectHostList", hostOfVul(2, "3", 3, 0)),
		listed(2, "VulEffectHostList", hostOfVul(3, "1", level, status)+","+hostOfVul(4, "2", level, 3)),
	}
}

func malwareRow(id int, host string, status int) string {
	return fmt.Sprintf(`{"Id":%d,"Quuid":"q%s","Uuid":"u%s","Alias":"h","HostIp":"10.0.0.%s","FilePath":"/tmp/x","VirusName":"v","Level":3,"Status":%d,"ProcessExists":0,"FileExists":0,"MD5":"m","CreateTime":"2026-03-01 19:05:00","LatestScanTime":"2026-03-10 19:05:00"}`, id, host, host, host, status)
}

func baselineItem(id int, host string, status int) string {
	return fmt.Sprintf(`{"ItemId":%d,"ItemName":"n","ItemDesc":"d","RuleName":"r","FixMethod":"f","DetectResultDesc":"d","Level":3,"DetectStatus":%d,"HostId":"q%s","HostName":"h","HostIp":"10.0.0.%s","Uuid":"u%s","FirstTime":"2026-03-01 19:05:00","LastTime":"2026-03-10 19:05:00"}`, id, status, host, host, host)
}

// registryRow is a row of the list of registry images, with one vulnerability of each level that has a count.
func registryRow(id int, digest string, low, medium int) string {
	return fmt.Sprintf(`{"Id":%d,"ImageDigest":"%s","ImageId":"i","ImageRepoAddress":"ccr.example/acme/api","ImageTag":"1","IsAuthorized":1,"VulCnt":%d,"VirusCnt":0,
	"CriticalLevelVulCnt":0,"HighLevelVulCnt":0,"MediumLevelVulCnt":%d,"LowLevelVulCnt":%d,"ScanTime":"2026-03-10 19:05:00","ScanStatus":"SCANNED","CveStatus":"SCANNED","VirusStatus":"SCANNED",
	"ScanVulError":"","ScanVulProgress":100,"Reason":"","Solution":""}`, id, digest, low+medium, medium, low)
}

func vulOfImage(id, level int) string {
	return fmt.Sprintf(`{"CVEID":"CVE-2026-%d","POCID":"pcmgr-%d","Name":"n","Level":"%d","Component":"openssl","Version":"1.1","Components":[],"FixedVersions":"f","CvssScore":7.5,"CvssVector":"v","Tag":["t"],"Des":"d","OfficialSolution":"o","Reference":"r"}`, id, id, level)
}

const (
	localImage = `{"ImageID":"` + walkImageID + `","ImageName":"acme/api:1","IsAuthorized":1,"VulCnt":0,"VirusCnt":0,"CriticalLevelVulCnt":0,"HighLevelVulCnt":0,"MediumLevelVulCnt":0,"LowLevelVulCnt":0,
	"ScanTime":"2026-03-10 19:05:00","ScanStatus":"SCANNED","ScanVulError":"No Error","ScanError":"No Error","AgentError":"","Reason":"","Solution":""}`
	imageOfTask = `{"ImageID":"` + walkImageID + `","ImageName":"acme/api:1","ScanStatus":"SCANNED","ErrorStatus":"0","CriticalLevelVulCount":0,"HighLevelVulCount":0,"MediumLevelVulCount":0,"LowLevelVulCount":0,
	"TaskID":11,"ScanStartTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:05:00"}`
	exceptedVul = `{"CVEID":"CVE-2026-98","PocID":"pcmgr-98","VulName":"n","IsIgnoreAll":0,"RegistryImageCount":3,"LocalImageCount":0}`
	ignoredVul  = `{"CVEID":"CVE-2026-99","PocID":"pcmgr-99","VulName":"n","IsIgnoreAll":0,"RegistryImageCount":0,"LocalImageCount":0}`
)

func imageTask(side string) string {
	return `{"Status":"SCANNED","` + side + `":11,"LocalImageScanCount":1,"RegistryImageScanCount":1,"FoundVulCount":0,"RegistryFoundVulCount":0,"FoundRiskImageCount":0,"IgnoreVulCount":0,
	"ScanStartTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:10:00","ScanProgress":100,"RemainingTime":0,"RequestId":"r"}`
}

// findingCases are the answers of the two sources of findings.
func findingCases() []walkCase {
	day := 24 * time.Hour
	everything := []gate.Category{gate.Vulnerability}
	other := registryRow(8, "sha256:other", 4, 0)
	return []walkCase{
		{
			source: "ms_cwp_findings, Vul, nothing open, everything decides", judge: judgeHostFindings("Vul", true), pages: vulPages("2", 2, 3), overlaps: []overlap{{2, "VulInfoList"}},
			policy: gate.Policy{Source: gate.SourceHosts, FailOn: gate.Info, MaxAge: day, DeniedCategories: everything},
			free: describingHostFindings(
				place{`.*\.(Level|CveId)`, "of a vulnerability that is fixed, or of another host"},
				anyTask, otherHost,
			),
			counts: []place{anyVul}, optional: optionalOfHostFindings,
		},
		{
			source: "ms_cwp_findings, Vul, the last task, tolerated findings", judge: judgeHostFindings("Vul", false), pages: vulPages("2", 2, 0), overlaps: []overlap{{2, "VulInfoList"}},
			policy: gate.Policy{
				Source: gate.SourceHosts, FailOn: gate.High, MaxFindings: map[gate.Severity]int64{gate.Medium: 1}, MaxAge: day,
				Denied: []gate.Denial{{Category: gate.Vulnerability, ID: "CVE-DENIED"}},
			},
			free: describingHostFindings(
				place{`3:VulInfoList\[0\]\.(Level|CveId)|[56]:VulEffectHostList\[0\]\.Level|7:VulEffectHostList\[1\]\.Level`, "of a vulnerability that is fixed, or of another host"},
				place{`7:VulEffectHostList\[0\]\.Status`, "tolerated whether it is open or not"},
				otherHost,
			),
			named:  []place{{`4:VulInfoList\[1\]\.CveId`, "an id that can be read, and is not the denied one"}},
			counts: []place{anyVul, lastTaskID}, optional: optionalOfHostFindings,
		},
		{
			source: "ms_cwp_findings, Vul, levels that cannot decide are not read", judge: judgeHostFindings("Vul", false), pages: vulPages("2", 2, 0), overlaps: []overlap{{2, "VulInfoList"}},
			policy: gate.Policy{Source: gate.SourceHosts, FailOn: gate.High, MaxAge: day},
			free: describingHostFindings(
				place{`3:VulInfoList\[0\]\.Level|[56]:VulEffectHostList\[0\]\.Level`, "of a vulnerability that is fixed, or of another host"},
				place{`.*\.CveId`, "no id is denied"},
				place{`7:.*|4:VulInfoList\[1\]\.HostCount`, "its level cannot decide, so its hosts are not read"},
				place{`2:ScanTaskDetailList\[\]\.RiskNum`, "compared where all levels are read"},
				otherHost,
			),
			counts: []place{anyVul, lastTaskID}, optional: optionalOfHostFindings,
		},
		{
			source: "ms_cwp_findings, Malware, nothing open", judge: judgeHostFindings("Malware", true), overlaps: []overlap{{2, "MalWareList"}},
			pages: []string{
				lastTask, hostTask("2"),
				listed(4, "MalWareList", malwareRow(1, "1", 6)+","+malwareRow(2, "1", 8)+","+malwareRow(3, "3", 4)), listed(4, "MalWareList", malwareRow(3, "3", 4)+","+malwareRow(4, "2", 14)),
			},
			policy: gate.Policy{Source: gate.SourceHosts, MaxAge: day},
			free: describingHostFindings(
				place{`.*\.(Level|VirusName)`, "of a file that is gone, or of another host"},
				place{`3:MalWareList\[0\]\.FileExists`, "an isolated file exists"}, anyTask,
			),
			optional: optionalOfHostFindings,
		},
		{
			source: "ms_cwp_findings, Baseline, all checks passed", judge: judgeHostFindings("Baseline", true), overlaps: []overlap{{2, "List"}},
			pages: []string{
				lastTask, hostTask("1"),
				`{"Total":3,"List":[` + baselineItem(1, "1", 3) + "," + baselineItem(2, "3", 0) + `],"RequestId":"r"}`, `{"Total":3,"List":[` + baselineItem(2, "3", 0) + "," + baselineItem(3, "2", 3) + `],"RequestId":"r"}`,
			},
			policy: gate.Policy{Source: gate.SourceHosts, FailOn: gate.Info, MaxAge: day},
			free: describingHostFindings(
				place{`.*\.(Level|ItemId)`, "of a check that passed, or of another host"}, anyTask,
			),
			sections: []place{{`4:List\[1\]`, "the check of another host twice: nothing tells the rows of this list apart"}},
			optional: optionalOfHostFindings,
		},
		{
			source: "ms_tcss_image_findings, registry, nothing found, everything decides", judge: judgeImageFindings(false, true, true), overlaps: []overlap{{1, "List"}},
			pages: []string{
				imageTask("RegistryTaskID"),
				listed(3, "List", registryRow(7, walkImageID, 0, 0)+","+other), listed(3, "List", other+","+registryRow(9, walkImageID, 0, 0)),
				listed(1, "List", ignoredVul), listed(0, "List", ""),
			},
			policy: gate.Policy{Source: gate.SourceImage, FailOn: gate.Info, MaxAge: day, DeniedCategories: []gate.Category{gate.Virus, gate.Vulnerability}},
			free:   describingImageFindings(allScans, place{`4:List\[\]\.(CVEID|PocID|LocalImageCount)`, "ignored for no image of a registry"}),
			named:  []place{otherDigest}, counts: []place{rowID},
			optional: optionalOfImageFindings(place{`2:List\[0\]\.ImageDigest|3:List\[1\]\.ImageDigest`, "an image that has none; the other row is evidence"}, place{"5:List", "null beside a count of 0"}),
		},
		{
			source: "ms_tcss_image_findings, registry, tolerated findings", judge: judgeImageFindings(false, false, true), overlaps: []overlap{{0, "List"}, {3, "List"}},
			pages: []string{
				listed(3, "List", registryRow(7, walkImageID, 2, 1)+","+other), listed(3, "List", other+","+registryRow(9, walkImageID, 2, 1)),
				listed(2, "List", ignoredVul+","+exceptedVul), listed(3, "List", vulOfImage(1, 1)+","+vulOfImage(2, 2)), listed(3, "List", vulOfImage(2, 2)+","+vulOfImage(3, 1)),
			},
			policy: gate.Policy{
				Source: gate.SourceImage, FailOn: gate.High, MaxFindings: map[gate.Severity]int64{gate.Low: 2, gate.Medium: 1}, MaxAge: day,
				Denied:     []gate.Denial{{Category: gate.Vulnerability, ID: "CVE-DENIED"}},
				Exceptions: []gate.Exception{{Category: gate.Vulnerability, ID: "CVE-2026-98", Reason: "r", ExpiresAt: "2027-01-01"}},
			},
			free: describingImageFindings(
				place{`3:List\[0\]\.(CVEID|PocID|LocalImageCount)`, "ignored for no image of a registry"},
				place{`3:List\[1\]\.(PocID|IsIgnoreAll|RegistryImageCount|LocalImageCount)`, "an exception names it"},
				allScans,
				place{`[12]:List\[\]\.VirusStatus`, "no virus is denied"},
				place{`[45]:List\[\]\.POCID`, "the CVE id beside it is the id"},
			),
			named:  []place{otherDigest, {`[45]:List\[\]\.CVEID`, "an id that can be read, and is not the denied one"}},
			counts: []place{rowID}, optional: optionalOfImageFindings(place{`[45]:List\[\]\.CVEID`, "then POCID is the id"}, place{`1:List\[0\]\.ImageDigest|2:List\[1\]\.ImageDigest`, "an image that has none; the other row is evidence"}),
		},
		{
			source: "ms_tcss_image_findings, registry, clean by its counters", judge: judgeImageFindings(false, true, false), overlaps: []overlap{{1, "List"}, {4, "List"}},
			pages: []string{
				imageTask("RegistryTaskID"), listed(3, "List", registryRow(7, walkImageID, 2, 1)+","+other), listed(3, "List", other+","+registryRow(9, walkImageID, 2, 1)), listed(0, "List", ""),
				listed(3, "List", vulOfImage(1, 1)+","+vulOfImage(2, 2)), listed(3, "List", vulOfImage(2, 2)+","+vulOfImage(3, 1)),
			},
			policy: gate.Policy{Source: gate.SourceImage, FailOn: gate.High},
			free: describingImageFindings(
				place{`[56]:.*`, "not read, since the counters are clean"},
				place{`[23]:List\[\]\.(VirusStatus|Id)`, "no virus is denied, and no list is read"},
				allScans,
			),
			named: []place{otherDigest}, older: []place{{"ScanStartTime", "an earlier scan would do as well"}, {`[23]:List\[\]\.ScanTime`, "the other row was scanned since the scan began"}},
			optional: optionalOfImageFindings(place{`2:List\[0\]\.ImageDigest|3:List\[1\]\.ImageDigest`, "an image that has none; the other row is evidence"}, place{"4:List", "null beside a count of 0"}),
		},
		{
			source: "ms_tcss_image_findings, local, nothing found", judge: judgeImageFindings(true, true, true),
			pages:  []string{imageTask("LocalTaskID"), listed(1, "List", imageOfTask), listed(1, "List", localImage), listed(1, "List", ignoredVul), listed(0, "List", "")},
			policy: gate.Policy{Source: gate.SourceImage, FailOn: gate.Info},
			free:   describingImageFindings(place{`4:List\[\]\.(CVEID|PocID|RegistryImageCount)`, "ignored for no local image"}),
			older:  []place{{`ScanStartTime|2:List\[0\]\.ScanStartTime`, "it ended when it says"}, {`3:List\[0\]\.ScanTime`, "the scan tells the time"}},
			optional: optionalOfImageFindings(
				place{`2:List\[0\]\.(TaskID|ScanStartTime)|3:List\[0\]\.ScanTime|ScanStartTime`, "the task is asked for by its id, and its image tells the end"}, place{"5:List", "null beside a count of 0"}),
		},
	}
}

// taskOfFindings are the places of the two answers about the task: its counts are not those of the hosts that were
// asked for, whose lists and own counts are judged.
var taskOfFindings = []place{
	requestID,
	{`1:(ScanState|Schedule|Scan(Begin|End)Time)`, "when the task ran and whether it is over is said by its own answer"},
	{`2:ScanTaskDetailList\[2\].*`, "a machine that was not asked for"},
	{`RiskEventCount|RiskMachineCount|ScanMachineCount|VulCount|VulInfo`, "counts of the whole task; of the hosts that were asked for, the lists are judged"},
	{`ScanTaskDetailList\[\]\.(HostName|HostIp|OsName|Description|FailType|Uuid|Id)`, "describes a machine; Quuid and Status are judged, and Uuid is one of two names"},
	{`ScanTime|ScanLeftTime|Type`, "describes the task"},
}

// describingFindings are the places of the lists of findings that describe.
var describingFindings = []place{
	{`(VulInfoList|VulEffectHostList|MalWareList|List)\[\]\.(AliasName|Alias|HostIp|HostName|Name|Descript|Description|Labels|VulCategory|CvssScore|FixStatusMsg|FilePath|MD5|ItemName|ItemDesc|RuleName|FixMethod|DetectResultDesc)`, "describes a finding; id, level and status are judged"},
	{`(VulInfoList|VulEffectHostList|MalWareList|List)\[\]\.(LastTime|FirstAppearTime|FirstDiscoveryTime|CreateTime|LatestScanTime|FirstTime)`, "a finding is judged however old it is; the age is that of the task"},
	{`VulInfoList\[\]\.(Status|TaskId)`, "of the account as a whole; the status on each host is judged"},
	{`(VulEffectHostList|MalWareList)\[\]\.(EventId|Id)`, "tells rows apart; rows read are compared with the service's count"},
	{`(VulEffectHostList|MalWareList)\[\]\.(Quuid|Uuid)|List\[\]\.(HostId|Uuid)`, "one of the two names of a host is enough"},
}

var (
	anyTask    = place{`1:TaskId`, "the task is named; whichever is the last one, it was not narrowed"}
	lastTaskID = place{`1:TaskId`, "the last task is read, whichever it is"}
	otherHost  = place{`6:VulEffectHostList\[0\]\.Status`, "of another host"}
	anyVul     = place{`3:VulInfoList\[0\]\.VulId`, "its hosts are asked for by the id that is told"}

	otherDigest = place{`[123]:List\[\]\.ImageDigest`, "then it is another image, and the other row is evidence"}
	rowID       = place{`[123]:List\[\]\.Id`, "its list is asked for by the id that is told"}
	allScans    = place{`[123]:List\[\]\.ScanStatus`, "of all kinds of scans; CveStatus is judged"}
)

func describingHostFindings(more ...place) []place {
	return slices.Concat(taskOfFindings, describingFindings, more)
}

var optionalOfHostFindings = []place{
	{`KBNumber|VulId`, "left out where the task was not narrowed"},
	{`StoppingAll`, "may be null (document 003)"},
	{`Scan(Begin|End)Time|ScanTaskDetailList\[\]\.Scan(Begin|End)Time`, "the other one, and the machines', tell the time"},
	{`VulInfoList\[\]\.HostCount`, "compared with the hosts listed where it is there"},
	{`VulInfoList\[\]\.CveId`, "then VulId is the id"},
	{`MalWareList\[\]\.(ProcessExists|FileExists)`, "left out where nothing is left (api-scans.md)"},
	{`(VulInfoList|VulEffectHostList)\[\]\.Level`, "the other list tells the level, too"},
}

func describingImageFindings(more ...place) []place {
	return append([]place{
		requestID,
		{`FoundRiskImageCount|FoundVulCount|IgnoreVulCount|LocalImageScanCount|RegistryFoundVulCount|RegistryImageScanCount|RemainingTime|ScanProgress`, "counts of the whole task; of the image, the row's counts and list are judged"},
		{`List\[\]\.(ImageId|ImageName|ImageRepoAddress|ImageTag|IsAuthorized|Reason|Solution|ScanError|AgentError)`, "describes the image; its digest or id is matched"},
		{`List\[\]\.(VulName|Name|Component|Components|Version|FixedVersions|CvssScore|CvssVector|Tag|Tag\[\]|Des|OfficialSolution|Reference)`, "describes a finding; id and level are judged"},
		{`List\[\]\.(Critical|High|Medium|Low)LevelVulCount`, "counts of the task; those of the row are judged"},
	}, more...)
}

func optionalOfImageFindings(more ...place) []place {
	return append([]place{
		{`1:ScanEndTime`, "the row's time tells when it was scanned"},
		{`List\[\]\.(ScanVulError|ScanVulProgress|ErrorStatus)`, "left out where there is no error"},
		{`List\[\]\.IsIgnoreAll`, "left out where it is ignored for some images, whose count is judged"},
	}, more...)
}
