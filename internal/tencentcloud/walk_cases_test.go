package tencentcloud_test

import (
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

const (
	walkMD5A = "dd5b29a800246d7089febf228286d901"
	walkMD5B = "8c7ef86c259abad33f213405a35a13c2"
)

// requestID decides nothing in any answer, as long as it can be read.
var requestID = place{"RequestId", "names the call; one that cannot be read makes the whole answer unreadable"}

func judgeResults(bodies [][]byte, policy gate.Policy) (gate.Verdict, error) {
	answer, err := tencentcloud.Decode[tencentcloud.DescribeScanResultsResponse](bodies[0])
	if err != nil {
		return gate.Verdict{}, err
	}
	return gate.Evaluate(evidence.ScanResults("item", nil, answer).Evidence(policy), policy, judgedAt), nil
}

func judgeDetection(bodies [][]byte, policy gate.Policy) (gate.Verdict, error) {
	answer, err := tencentcloud.Decode[tencentcloud.DescribeApkDetectionResultResponse](bodies[0])
	if err != nil {
		return gate.Verdict{}, err
	}
	if err := answer.Check(walkMD5A); err != nil || !answer.OK() {
		return gate.Verdict{Outcome: gate.Incomplete}, err
	}
	return gate.Evaluate(evidence.APKDetection("package", walkMD5A, "com.example", answer).Evidence(policy), policy, judgedAt), nil
}

func judgeHosts(module string) func([][]byte, gate.Policy) (gate.Verdict, error) {
	return func(bodies [][]byte, policy gate.Policy) (gate.Verdict, error) {
		var pages []*tencentcloud.DescribeScanTaskDetailsResponse
		for _, body := range bodies {
			page, err := tencentcloud.Decode[tencentcloud.DescribeScanTaskDetailsResponse](body)
			if err != nil {
				return gate.Verdict{}, err
			}
			pages = append(pages, page)
		}
		whole, err := tencentcloud.JoinPages(pages)
		if err != nil {
			return gate.Verdict{}, err
		}
		return gate.Evaluate(evidence.HostScan("task", module, whole).Evidence(policy), policy, judgedAt), nil
	}
}

func judgeImages(asked tencentcloud.DescribeVulScanInfoRequest) func([][]byte, gate.Policy) (gate.Verdict, error) {
	return func(bodies [][]byte, policy gate.Policy) (gate.Verdict, error) {
		answer, err := tencentcloud.Decode[tencentcloud.DescribeVulScanInfoResponse](bodies[0])
		if err == nil {
			err = answer.Check(asked)
		}
		if err != nil {
			return gate.Verdict{}, err
		}
		return gate.Evaluate(evidence.ImageScan("task", asked, answer).Evidence(policy), policy, judgedAt), nil
	}
}

// walkCases are the answers that are walked.
func walkCases() []walkCase {
	one, two := int64(1), int64(2)
	day, zero := 24*time.Hour, int64(0)
	return []walkCase{
		{
			source: "ms_scan_results, nothing found, everything decides", judge: judgeResults,
			pages: []string{`{"TotalCount":2,"ScanSet":[` + emptyRow(walkMD5A) + `,` + emptyRow(walkMD5B) + `],"RequestId":"r"}`},
			policy: gate.Policy{
				Source: gate.SourceScanResults, RequiredMD5s: []string{walkMD5A, walkMD5B}, RequiredScanTypes: gate.ScanTypes(), FailOn: gate.Info, MaxAge: day,
				DeniedCategories: gate.Categories(gate.SourceScanResults),
			},
			free: append(describingApps(),
				place{`ScanSet\[\]\.VulInfo\.VulFileScore`, "only shows that there was a scan, as the list beside it does"},
				place{`ScanSet\[\]\.VirusInfo\.VirusName`, "names a virus; SafeType says that there is none"},
			),
			sections: sectionsWithoutLists,
			optional: []place{
				{`ScanSet\[\]\.StatusCode`, "left out where there is no error (the document's sample)"},
				{`ScanSet\[\]\.VulInfo\.VulList`, "left out beside a score, which shows that there was a scan"},
				{`ScanSet\[\]\.(AdInfo|PermissionInfo|SensitiveInfo)\.\w+`, "the service leaves empty lists out of a section that is there"},
			},
		},
		{
			source: "ms_scan_results, tolerated findings", judge: judgeResults,
			pages: []string{`{"TotalCount":1,"ScanSet":[` + findingRow + `],"RequestId":"r"}`},
			policy: gate.Policy{
				Source: gate.SourceScanResults, RequiredMD5s: []string{walkMD5A}, RequiredScanTypes: gate.ScanTypes(), FailOn: gate.High, MaxAge: day,
				MaxFindings: map[gate.Severity]int64{gate.Low: 4, gate.Medium: 1, gate.Info: 1},
				Denied: []gate.Denial{
					{Category: gate.Vulnerability, ID: "V-DENIED"}, {Category: gate.Ad, ID: "ad-denied"}, {Category: gate.Permission, ID: "p.DENIED"}, {Category: gate.SensitiveWord, ID: "denied.txt"},
				},
			},
			free: append(describingApps(),
				place{`ScanSet\[\]\.VulInfo\.VulFileScore`, "only shows that there was a scan, as the list beside it does"},
				place{`ScanSet\[\]\.VirusInfo\.VirusName`, "names a virus; SafeType says that there is none"},
				place{`.*\.(VulName|VulCode|VulDesc|VulSolution|VulSrcType|VulFilepath|PluginType|PluginDesc|WordList|WordList\[\]|FileSha)`, "describes a finding; id and level are judged"},
			),
			named:    []place{{`.*\.(VulId|PluginName|Permission|FilePath)`, "an id that can be read, and is not the denied one"}},
			lists:    []place{{`ScanSet\[\]\.AdInfo\.\w+`, "another plugin of the same severity"}},
			sections: sectionsWithoutLists,
			optional: []place{
				{`ScanSet\[\]\.StatusCode`, "left out where there is no error (the document's sample)"},
				{`ScanSet\[\]\.VulInfo\.VulList`, "left out beside a score, which shows that there was a scan"},
				{`ScanSet\[\]\.(AdInfo|PermissionInfo|SensitiveInfo)\.\w+`, "the service leaves empty lists out of a section that is there"},
			},
		},
		{
			source: "ms_apk_detection, everything decides", judge: judgeDetection,
			pages: []string{`{"Result":"ok","Reason":"success","ResultList":[` + detectedRow + `],"RequestId":"r"}`},
			policy: gate.Policy{
				Source: gate.SourceAPKDetection, FailOn: gate.Info, DeniedCategories: gate.Categories(gate.SourceAPKDetection),
			},
			free: []place{
				requestID,
				{`Reason|ResultList\[\]\.(VirusName|VirusDesc|SoftName|Sid|Official|ErrMsg)`, "describes the package or the answer; never matched or judged"},
				{`ResultList\[\]\.Errno`, "ErrNo beside it says that there is no error; what cannot be read, or is one, is not a pass"},
			},
			optional: []place{{`ResultList\[\]\.(Errno|ErrNo)`, "two names of one thing: one of them is enough"}},
		},
		{
			source: "ms_cwp_scan_task_details, Vul, two pages", judge: judgeHosts("Vul"), pages: hostPages(`"VulCount":0,"VulInfo":[],`), overlaps: overlappingHosts,
			policy: gate.Policy{Source: gate.SourceHostScan, MaxAge: day, RequiredMachines: []string{"q1", "q2", "q3", "q4"}},
			counts: pageCounts,
			free:   describingHosts(), optional: append(optionalOfHosts(), place{"VulInfo", "null beside a VulCount of 0 is nothing found (design.md 1.8)"}, place{"VulCount", "may be null (document 003)"}, place{`ScanTaskDetailList\[\]\.RiskNum`, "null beside a VulCount of 0 is nothing found (design.md 1.8)"}),
		},
		{
			source: "ms_cwp_scan_task_details, Vul, tolerated findings", judge: judgeHosts("Vul"),
			pages: hostPages(`"VulCount":1,"VulInfo":[{"VulId":77,"CveId":"CVE-2026-1","Level":1,"Name":"n","Fix":"f","Descript":"d","Reference":"r","Cvss":"c","CvssScore":3.1,"PublishTime":"2026-01-01 00:00:00","VulCategory":4}],`), overlaps: overlappingHosts,
			policy: gate.Policy{
				Source: gate.SourceHostScan, MaxAge: day, FailOn: gate.Medium, MaxFindings: map[gate.Severity]int64{gate.Low: 1},
				Denied: []gate.Denial{{Category: gate.Vulnerability, ID: "CVE-DENIED"}},
			},
			free: append(describingHosts(), place{`VulInfo\[\]\.(Name|Fix|Descript|Reference|Cvss|CvssScore|PublishTime|VulCategory)`, "describes a finding; id and level are judged"},
				place{`VulInfo\[\]\.VulId`, "the CVE id beside it is the id"}),
			named:    []place{{`VulInfo\[\]\.CveId`, "an id that can be read, and is not the denied one"}, otherQuuid},
			counts:   pageCounts,
			optional: append(optionalOfHosts(), place{"VulCount", "may be null (document 003)"}, place{"VulInfo", "one page may leave out what another repeats"}),
		},
		{
			source: "ms_cwp_scan_task_details, Malware, two pages", judge: judgeHosts("Malware"), pages: hostPages(""), overlaps: overlappingHosts,
			policy: gate.Policy{Source: gate.SourceHostScan, FailOn: gate.Info, MaxAge: day, DeniedCategories: []gate.Category{gate.Malware}},
			free:   describingHosts(), optional: optionalOfHosts(), named: []place{otherQuuid}, counts: pageCounts,
		},
		{
			source: "ms_tcss_vul_scan_info, both sides", judge: judgeImages(tencentcloud.DescribeVulScanInfoRequest{LocalTaskID: &one, RegistryTaskID: &two}), pages: []string{imageAnswer},
			policy: gate.Policy{Source: gate.SourceImageScan, MaxFoundRiskImage: &zero, MaxAge: day},
			counts: imageCounts,
			free:   describingImages(), optional: []place{{`Scan(Start|End)Time`, "the other one tells the time"}},
		},
		{
			source: "ms_tcss_vul_scan_info, the last scan", judge: judgeImages(tencentcloud.DescribeVulScanInfoRequest{}), pages: []string{imageAnswer},
			policy: gate.Policy{Source: gate.SourceImageScan, MaxAge: day},
			counts: imageCounts,
			free:   append(describingImages(), place{`(Local|Registry)TaskID`, "no task was asked for: the answer is about the last one, whose age is bounded"}),
			optional: []place{
				{`Scan(Start|End)Time`, "the other one tells the time"},
				{"FoundRiskImageCount", "not bounded by the gate; compared with the other counts where it is there"},
			},
		},
	}
}

var sectionsWithoutLists = []place{{`ScanSet\[\]\.(AdInfo|PermissionInfo|SensitiveInfo)`, "a section that is there shows that there was a scan, also without its empty lists"}}

func emptyRow(md5 string) string {
	return `{"TaskStatus":1,"StatusCode":0,"StatusDesc":"d","StatusRef":"r","TaskTime":1773140400,
	"AppDetailInfo":{"AppMd5":"` + md5 + `","AppSize":7,"FileName":"f","AppPkgName":"com.example","AppVersion":"v","AppIconUrl":"u","AppName":"n"},
	"VirusInfo":{"SafeType":"1","VirusName":"","VirusDesc":""},"VulInfo":{"VulFileScore":"100","VulList":[]},
	"AdInfo":{"Spot":[],"BoutiqueRecommand":[],"FloatWindows":[],"Banner":[],"IntegralWall":[],"NotifyBar":[]},
	"PermissionInfo":{"PermissionList":[]},"SensitiveInfo":{"SensitiveList":[]}}`
}

const findingRow = `{"TaskStatus":1,"StatusCode":0,"TaskTime":1773140400,"AppDetailInfo":{"AppMd5":"` + walkMD5A + `"},
	"VirusInfo":{"SafeType":1,"VirusName":""},
	"VulInfo":{"VulFileScore":60,"VulList":[
	  {"VulId":"V-1","VulName":"n","VulCode":"c","VulDesc":"d","VulSolution":"s","VulSrcType":0,"VulFilepath":"p","RiskLevel":1},
	  {"VulId":"V-2","VulName":"n","VulCode":"c","VulDesc":"d","VulSolution":"s","VulSrcType":"1","VulFilepath":"p","RiskLevel":"2"}]},
	"AdInfo":{"Spot":[{"PluginType":"6","PluginName":"ad-1","PluginDesc":"d"}],"Banners":[{"PluginType":3,"PluginName":"ad-2","PluginDesc":"d"}]},
	"PermissionInfo":{"PermissionList":[{"Permission":"p.ONE"}]},
	"SensitiveInfo":{"SensitiveList":[{"WordList":["w"],"FilePath":"a.txt","FileSha":"s"}]}}`

const detectedRow = `{"Md5":"` + walkMD5A + `","SafeType":"1","Errno":"0","ErrNo":0,"ErrMsg":"success","RepackageStatus":"0","Official":"1","Sid":"s","SoftName":"App","VirusName":"","VirusDesc":"",
	"Banner":"0","BoutiqueRecommand":"0","FloatWindows":"0","IntegralWall":"0","NotifyBar":"0","Spot":"0","PluginList":[],"OptPluginList":[]}`

const imageAnswer = `{"Status":"SCANNED","LocalTaskID":1,"RegistryTaskID":2,"LocalImageScanCount":4,"RegistryImageScanCount":5,"FoundVulCount":0,"RegistryFoundVulCount":0,"FoundRiskImageCount":0,
	"IgnoreVulCount":0,"ScanStartTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:10:00","ScanProgress":100,"RemainingTime":0,"RequestId":"r"}`

var overlappingHosts = []overlap{{0, "ScanTaskDetailList"}}

// hostPages are two pages of four machines; the last of the first is the first of the second.
func hostPages(found string) []string {
	machine := func(id string) string {
		return `{"Id":` + id + `,"Quuid":"q` + id + `","Uuid":"u","HostName":"h","HostIp":"10.0.0.` + id + `","OsName":"o","Status":"Ok","Description":"","FailType":0,"RiskNum":0,
		"ScanBeginTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:05:00","MachineWanIp":"w","MachineExtraInfo":{"WanIP":"w","PrivateIP":"p","NetworkType":1,"NetworkName":"n","InstanceID":"i","HostName":"h"}}`
	}
	page := func(machines string) string {
		return `{"TotalCount":4,"ScanMachineCount":4,"RiskMachineCount":0,"RiskEventCount":0,` + found + `"ScanBeginTime":"2026-03-10 19:00:00","ScanEndTime":"2026-03-10 19:10:00","ScanTime":600,
		"ScanProgress":100,"ScanLeftTime":0,"ScanContent":["x"],"PatchInfo":[],"Type":0,"StoppingAll":false,"ScanTaskDetailList":[` + machines + `],"RequestId":"r"}`
	}
	return []string{page(machine("1") + "," + machine("2")), page(machine("2") + "," + machine("3") + "," + machine("4"))}
}

func describingApps() []place {
	return []place{
		requestID,
		{`ScanSet\[\]\.Status(Desc|Ref)`, "the service's words about a failure"},
		{`ScanSet\[\]\.AppDetailInfo\.(AppSize|FileName|AppPkgName|AppVersion|AppIconUrl|AppName)`, "describes the app; the MD5 identifies it, and no exception is narrowed to a name here"},
		{`ScanSet\[\]\.VirusInfo\.VirusDesc`, "describes a virus"},
	}
}

func describingHosts() []place {
	return []place{
		requestID,
		{`ScanTime|ScanLeftTime|ScanContent|ScanContent\[\]|Type|PatchInfo|PatchInfo\[\]`, "describes the task; whether it is over is said by progress, flags and machines"},
		{`ScanTaskDetailList\[\]\.(Uuid|HostName|HostIp|OsName|Description|FailType|MachineWanIp)`, "describes a machine; Quuid and Status are judged"},
		{`ScanTaskDetailList\[\]\.MachineExtraInfo(\.\w+)?`, "describes a machine"},
		{`ScanTaskDetailList\[\]\.Id`, "orders the rows; a row on two pages is recognised by it and by its Quuid"},
	}
}

func optionalOfHosts() []place {
	return []place{
		{"RiskEventCount|StoppingAll", "may be null (document 003)"},
		{"RiskMachineCount|ScanMachineCount", "some answers leave it out; compared with the machines where it is there"},
		{`ScanBeginTime|ScanEndTime`, "the other one, and the machines', tell the time"},
		{`ScanTaskDetailList\[\]\.Scan(Begin|End)Time`, "the other one, and the task's, tell the time"},
	}
}

// pageCounts are counts of which the largest that a page tells is judged.
var pageCounts = []place{{"ScanMachineCount", "the other page tells the larger count, and that is judged"}}

// imageCounts are counts that only have to be above zero.
var imageCounts = []place{{"(Local|Registry)ImageScanCount", "any number of images may have been scanned, but none"}}

// otherQuuid is that of a machine that no gate requires.
var otherQuuid = place{`ScanTaskDetailList\[\]\.Quuid`, "any machine of the task may have any id of its own, unless it is required"}

func describingImages() []place {
	return []place{
		requestID,
		{`IgnoreVulCount`, "a setting of the service, shown and documented as not judged"},
		{`ScanProgress|RemainingTime`, "for the wait; whether it is over is said by Status"},
	}
}
