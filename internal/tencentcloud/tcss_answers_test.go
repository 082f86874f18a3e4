package tencentcloud

import (
	"testing"
)

func TestTCSSAnswers_everyFieldInBothSpellingsNullAndOdd(t *testing.T) {
	t.Parallel()
	testAnswer[CreateVulScanTaskResponse](t, `{"LocalTaskID":17,"RegistryTaskID":9007199254740993,"RequestId":"r"}`,
		"LocalTaskID=17", "RegistryTaskID=9007199254740993")
	testAnswer[DescribeVulScanLocalImageListResponse](t, `{"TotalCount":1,"List":[{"ImageID":"sha256:aa","ImageName":"api","Size":1.5,"ScanStatus":"SCANNED","ScanDuration":3,
"CriticalLevelVulCount":1,"HighLevelVulCount":2,"MediumLevelVulCount":3,"LowLevelVulCount":4,"TaskID":17,"ScanStartTime":"b","ScanEndTime":"e","ErrorStatus":"0"}],"RequestId":"r"}`,
		"TotalCount=1", "List[0].ImageID=sha256:aa", "List[0].ImageName=api", "List[0].ScanStatus=SCANNED", "List[0].ErrorStatus=0",
		"List[0].CriticalLevelVulCount=1", "List[0].HighLevelVulCount=2", "List[0].MediumLevelVulCount=3", "List[0].LowLevelVulCount=4",
		"List[0].TaskID=17", "List[0].ScanStartTime=b", "List[0].ScanEndTime=e")
	testAnswer[DescribeAssetImageRegistryListResponse](t, `{"TotalCount":1,"List":[{"Id":9007199254740993,"ImageDigest":"sha256:dd","ImageId":"sha256:ii","ImageRepoAddress":"ccr/acme/api","ImageTag":"v1",
"IsAuthorized":1,"VulCnt":10,"VirusCnt":5,"CriticalLevelVulCnt":1,"HighLevelVulCnt":2,"MediumLevelVulCnt":3,"LowLevelVulCnt":4,"ScanTime":"t","ScanStatus":"SCANNED","CveStatus":"SCAN_ERR","VirusStatus":"SCANNED",
"ScanVulError":"ConnFailed","ScanVulProgress":100,"Reason":"why","Solution":"how"}],"RequestId":"r"}`,
		"TotalCount=1", "List[0].ID=9007199254740993", "List[0].ImageDigest=sha256:dd", "List[0].ImageID=sha256:ii", "List[0].ImageRepoAddress=ccr/acme/api", "List[0].ImageTag=v1",
		"List[0].IsAuthorized=1", "List[0].VulCnt=10", "List[0].VirusCnt=5", "List[0].CriticalLevelVulCnt=1", "List[0].HighLevelVulCnt=2", "List[0].MediumLevelVulCnt=3", "List[0].LowLevelVulCnt=4",
		"List[0].ScanTime=t", "List[0].ScanStatus=SCANNED", "List[0].CveStatus=SCAN_ERR", "List[0].VirusStatus=SCANNED", "List[0].ScanVulError=ConnFailed", "List[0].ScanVulProgress=100", "List[0].Reason=why", "List[0].Solution=how")
	testAnswer[DescribeAssetImageListResponse](t, `{"TotalCount":1,"List":[{"ImageID":"sha256:aa","ImageName":"api","IsAuthorized":0,"VulCnt":10,"VirusCnt":5,
"CriticalLevelVulCnt":1,"HighLevelVulCnt":2,"MediumLevelVulCnt":3,"LowLevelVulCnt":4,"ScanTime":"t","ScanStatus":"NOT_SCAN","ScanVulError":"No Error","ScanError":"x","AgentError":"y","Reason":"why","Solution":"how"}],"RequestId":"r"}`,
		"TotalCount=1", "List[0].ImageID=sha256:aa", "List[0].ImageName=api", "List[0].IsAuthorized=0", "List[0].VulCnt=10", "List[0].VirusCnt=5",
		"List[0].CriticalLevelVulCnt=1", "List[0].HighLevelVulCnt=2", "List[0].MediumLevelVulCnt=3", "List[0].LowLevelVulCnt=4",
		"List[0].ScanTime=t", "List[0].ScanStatus=NOT_SCAN", "List[0].ScanVulError=No Error", "List[0].ScanError=x", "List[0].AgentError=y", "List[0].Reason=why", "List[0].Solution=how")
	testAnswer[DescribeAssetImageRegistryAssetStatusResponse](t, `{"Status":"doing","Err":"e","LatestSyncSuccessTime":"t","RequestId":"r"}`,
		"Status=doing", "Err=e", "LatestSyncSuccessTime=t")
	// The rows of registry and of local images together: the one has names that the other does not have.
	testAnswer[DescribeImageVulListResponse](t, `{"TotalCount":1,"List":[{"CVEID":"CVE-1","POCID":"pcmgr-1","Name":"n","Level":"3","Component":"zlib","Version":"1.2",
"Components":[{"Name":"zlib1g","Component":"zlib","Version":"1.2-3","FixedVersion":"1.3","Path":"/p","Type":"deb"}],"FixedVersions":"1.3","CvssScore":"9.8","CVSSV3Score":8.5,
"CvssVector":"v","CVSSV3Desc":"w","Tag":["NETWORK","SYS"],"Des":"d","OfficialSolution":"s","Reference":"r"}],"RequestId":"r"}`,
		"TotalCount=1", "List[0].CVEID=CVE-1", "List[0].POCID=pcmgr-1", "List[0].Name=n", "List[0].Level=3", "List[0].Component=zlib", "List[0].Version=1.2",
		"List[0].Components[0].Name=zlib1g", "List[0].Components[0].Component=zlib", "List[0].Components[0].Version=1.2-3", "List[0].Components[0].FixedVersion=1.3", "List[0].Components[0].Path=/p",
		"List[0].FixedVersions=1.3", "List[0].CvssScore=9.8", "List[0].CVSSV3Score=8.5", "List[0].CvssVector=v", "List[0].CVSSV3Desc=w", "List[0].Tag=NETWORK SYS",
		"List[0].Des=d", "List[0].OfficialSolution=s", "List[0].Reference=r")
	testAnswer[DescribeScanIgnoreVulListResponse](t, `{"TotalCount":1,"List":[{"CVEID":"CVE-1","PocID":"pcmgr-1","VulName":"n","IsIgnoreAll":1,"RegistryImageCount":2,"LocalImageCount":3}],"RequestId":"r"}`,
		"TotalCount=1", "List[0].CVEID=CVE-1", "List[0].PocID=pcmgr-1", "List[0].VulName=n", "List[0].IsIgnoreAll=1", "List[0].RegistryImageCount=2", "List[0].LocalImageCount=3")
	testAnswer[DescribeImageAuthorizedInfoResponse](t, `{"TotalAuthorizedCnt":5,"UsedAuthorizedCnt":4,"ImageScanInquireInfo":{"Capcity":18601,"Useage":17365,"PurchaseStatus":"Normal","EndTime":"e"},"RequestId":"r"}`,
		"TotalAuthorizedCnt=5", "UsedAuthorizedCnt=4", "ImageScanInquireInfo.Capacity=18601", "ImageScanInquireInfo.Used=17365", "ImageScanInquireInfo.PurchaseStatus=Normal", "ImageScanInquireInfo.EndTime=e")
}

func TestCWPAnswers_everyFieldInBothSpellingsNullAndOdd(t *testing.T) {
	t.Parallel()
	testAnswer[ScanVulResponse](t, `{"TaskId":9007199254740993,"SuccessCount":2,"BasicVersionCount":1,"RequestId":"r"}`, "TaskID=9007199254740993", "SuccessCount=2", "BasicVersionCount=1")
	testAnswer[CreateScanMalwareSettingResponse](t, `{"TaskId":7,"RequestId":"r"}`, "TaskID=7")
	testAnswer[DescribeScanStateResponse](t, `{"ScanState":1,"Schedule":40,"TaskId":7,"VulId":[101,102],"Type":1,"ScanBeginTime":"b","RiskEventCount":3,"ScanEndTime":"e","KBNumber":["KB1"],"RequestId":"r"}`,
		"ScanState=1", "Schedule=40", "TaskID=7", "VulID[0]=101", "VulID[1]=102", "Type=1", "ScanBeginTime=b", "RiskEventCount=3", "ScanEndTime=e", "KBNumber[0]=KB1")
	testAnswer[DescribeVulListResponse](t, `{"TotalCount":1,"FollowVulCount":1,"VulInfoList":[{"Ids":"1,2","Name":"n","Status":3,"VulId":101,"LastTime":"t","HostCount":5,"Level":4,"Descript":"d",
"CveId":"CVE-1","CvssScore":9.8,"Labels":"POC,NETWORK","TaskId":7,"FirstAppearTime":"f","VulCategory":2}],"RequestId":"r"}`,
		"TotalCount=1", "VulInfoList[0].Name=n", "VulInfoList[0].Status=3", "VulInfoList[0].VulID=101", "VulInfoList[0].LastTime=t", "VulInfoList[0].HostCount=5", "VulInfoList[0].Level=4",
		"VulInfoList[0].Descript=d", "VulInfoList[0].CveID=CVE-1", "VulInfoList[0].CvssScore=9.8", "VulInfoList[0].Labels=POC,NETWORK", "VulInfoList[0].TaskID=7",
		"VulInfoList[0].FirstAppearTime=f", "VulInfoList[0].VulCategory=2")
	testAnswer[DescribeVulEffectHostListResponse](t, `{"TotalCount":1,"VulEffectHostList":[{"EventId":11,"Status":8,"LastTime":"t","Level":2,"Quuid":"q","Uuid":"u","HostIp":"10.0.0.1","AliasName":"web",
"Description":"d","FixStatusMsg":"m","FirstDiscoveryTime":"f"}],"RequestId":"r"}`,
		"TotalCount=1", "VulEffectHostList[0].EventID=11", "VulEffectHostList[0].Status=8", "VulEffectHostList[0].LastTime=t", "VulEffectHostList[0].Level=2", "VulEffectHostList[0].Quuid=q",
		"VulEffectHostList[0].UUID=u", "VulEffectHostList[0].HostIP=10.0.0.1", "VulEffectHostList[0].AliasName=web", "VulEffectHostList[0].Description=d",
		"VulEffectHostList[0].FixStatusMsg=m", "VulEffectHostList[0].FirstDiscoveryTime=f")
	testAnswer[DescribeMalWareListResponse](t, `{"TotalCount":1,"MalWareList":[{"HostIp":"10.0.0.1","Uuid":"u","FilePath":"/tmp/x","VirusName":"v","Status":14,"Id":11,"Alias":"web","CreateTime":"c",
"LatestScanTime":"t","Level":4,"ProcessExists":1,"FileExists":0,"Quuid":"q","MD5":"m"}],"RequestId":"r"}`,
		"TotalCount=1", "MalWareList[0].HostIP=10.0.0.1", "MalWareList[0].UUID=u", "MalWareList[0].FilePath=/tmp/x", "MalWareList[0].VirusName=v", "MalWareList[0].Status=14", "MalWareList[0].ID=11",
		"MalWareList[0].Alias=web", "MalWareList[0].CreateTime=c", "MalWareList[0].LatestScanTime=t", "MalWareList[0].Level=4", "MalWareList[0].ProcessExists=1", "MalWareList[0].FileExists=0",
		"MalWareList[0].Quuid=q", "MalWareList[0].MD5=m")
	testAnswer[DescribeBaselineItemListResponse](t, `{"Total":1,"List":[{"ItemId":11,"ItemName":"n","ItemDesc":"d","FixMethod":"m","RuleName":"r","DetectResultDesc":"x","Level":3,"DetectStatus":5,
"HostId":"h","HostName":"web","HostIp":"10.0.0.1","FirstTime":"f","LastTime":"t","Uuid":"u","MachineExtraInfo":{"WanIP":"1","PrivateIP":"2","NetworkType":3,"NetworkName":"n","InstanceID":"i","HostName":"hh"}}],"RequestId":"r"}`,
		"Total=1", "List[0].ItemID=11", "List[0].ItemName=n", "List[0].ItemDesc=d", "List[0].FixMethod=m", "List[0].RuleName=r", "List[0].DetectResultDesc=x", "List[0].Level=3", "List[0].DetectStatus=5",
		"List[0].HostID=h", "List[0].HostName=web", "List[0].HostIP=10.0.0.1", "List[0].FirstTime=f", "List[0].LastTime=t", "List[0].UUID=u",
		"List[0].MachineExtraInfo.WanIP=1", "List[0].MachineExtraInfo.PrivateIP=2", "List[0].MachineExtraInfo.NetworkType=3", "List[0].MachineExtraInfo.NetworkName=n",
		"List[0].MachineExtraInfo.InstanceID=i", "List[0].MachineExtraInfo.HostName=hh")
}
