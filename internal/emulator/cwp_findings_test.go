package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func TestHostFindings_filter(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	filter := func(name, value string) string {
		return fmt.Sprintf(`"Filters":[{"Name":%q,"Values":[%q]}],`, name, value)
	}
	const vulList, effects, malware, baseline = "DescribeVulList", "DescribeVulEffectHostList", "DescribeMalWareList", "DescribeBaselineItemList"
	for _, test := range [][4]string{
		{vulList, "", "VulId", "1 2 4"},
		{vulList, filter("Status", "1"), "VulId", "4"},
		{vulList, filter("Uuid", "u-db"), "VulId", "1 4"},
		{vulList, filter("VulName", "o"), "VulId", "1 2 4"},
		{vulList, filter("VulCategory", "2"), "VulId", "1"},
		{vulList, filter("CvssScore", "5"), "VulId", "2"},
		{vulList, `"By":"Level","Order":"desc",`, "VulId", "1 2 4"},
		{effects, `"VulId":1,`, "Quuid", "q-db quuid-off"},
		{effects, `"VulId":1,` + filter("Uuid", "u-db"), "AliasName", "db"},
		{effects, `"VulId":1,` + filter("Version", "Flagship"), "AliasName", "db"},
		{effects, `"VulId":1,` + filter("InstanceState", "STOPPED"), "AliasName", "off"},
		{effects, `"VulId":2,` + filter("Status", "3"), "AliasName", "web-0002"},
		{effects, `"VulId":2,` + filter("AliasName", "web"), "Status", "0 3"},
		{effects, `"VulId":4,`, "Level", "null"},
		{effects, `"VulId":99,`, "Quuid", ""},
		{malware, "", "VirusName", "Miner Old"},
		{malware, filter("IpOrAlias", "10.9"), "VirusName", "Miner"},
		{malware, filter("Status", "14"), "FilePath", "/tmp/old"},
		{malware, filter("FilePath", "miner"), "ProcessExists", "1"},
		{malware, filter("CreateBeginTime", "2999-01-01 00:00:00"), "FilePath", ""},
		{baseline, "", "HostName", "db web-0001"},
		{baseline, filter("HostId", "q-db"), "DetectStatus", "0"},
		{baseline, filter("DetectStatus", "3"), "HostName", "web-0001"},
		{baseline, filter("PolicyId", "8"), "HostName", ""},
	} {
		list := map[string]string{vulList: "VulInfoList", effects: "VulEffectHostList", malware: "MalWareList", baseline: "List"}[test[0]]
		total := map[bool]string{true: "Total", false: "TotalCount"}[test[0] == baseline]
		got, totals := c.column(test[0], test[1], list, total, test[2], 2)
		if strings.Join(got, " ") != test[3] || totals[0] != fmt.Sprint(len(got)) {
			t.Errorf("%s %s: got %v of %v, want %s", test[0], test[1], got, totals, test[3])
		}
	}
}

func TestHostFindings_refuseTooMuch(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	six := strings.Repeat(`{"Name":"Status","Values":["0"]},`, 6)
	six = `"Filters":[` + six[:len(six)-1] + `]`
	const sixValues = `"Filters":[{"Name":"Status","Values":["0","1","2","3","4","5"]}]`
	for _, test := range [][3]string{
		{"DescribeVulList", `{"Limit":101}`, "InvalidParameterValue"},
		{"DescribeVulList", `{` + six + `}`, ""}, // of type Filters, which has no bound
		{"DescribeVulList", `{"Filters":[{"Name":"Level","Values":["4"]}]}`, "InvalidParameterValue"},
		{"DescribeVulEffectHostList", `{"VulId":1,"Limit":101,"Offset":0}`, "InvalidParameterValue"},
		{"DescribeVulEffectHostList", `{"VulId":1,"Limit":10}`, "MissingParameter"},
		{"DescribeVulEffectHostList", `{"Limit":10,"Offset":0}`, "MissingParameter"},
		{"DescribeVulEffectHostList", `{"VulId":1,"Limit":10,"Offset":0,` + six + `}`, "InvalidParameterValue"},
		{"DescribeVulEffectHostList", `{"VulId":1,"Limit":10,"Offset":0,` + sixValues + `}`, "InvalidParameterValue"},
		{"DescribeMalWareList", `{` + six + `}`, "InvalidParameterValue"},
		{"DescribeMalWareList", `{"Filters":[{"Name":"Quuid","Values":["q-db"]}]}`, "InvalidParameterValue"},
		{"DescribeBaselineItemList", `{"Limit":101}`, "InvalidParameter"},
		{"DescribeBaselineItemList", `{` + strings.ReplaceAll(sixValues, "Status", "DetectStatus") + `}`, "InvalidParameter"},
	} {
		if got := c.code(test[0], test[1]); got != test[2] {
			t.Errorf("%s %s: got %q, want %q", test[0], test[1], got, test[2])
		}
	}
}

func TestHostFindings_comeWithTheScan(t *testing.T) {
	t.Parallel()
	c := start(t, hosts("")).cwp()
	listed := func() string {
		ids, _ := c.column("DescribeVulList", "", "VulInfoList", "TotalCount", "VulId", 10)
		return strings.Join(ids, " ")
	}
	c.call("ScanVul", `{`+allLevels+`,"HostType":1,"VulIds":[1]}`)
	c.call("ScanVul", `{`+allLevels+`,"HostType":2,"QuuidList":["q-db"]}`)
	if got := listed(); got != "1 2 4" {
		t.Errorf("a narrowed scan, and one of another host, brought %s", got)
	}
	c.call("ScanVul", `{`+allLevels+`,"HostType":2,"QuuidList":["quuid-web-0001"]}`)
	if got := listed(); got != "1 2 3 4" {
		t.Errorf("after the scan: %s", got)
	}
	row := c.call("DescribeVulList", `{"Filters":[{"Name":"VulName","Values":["four"]}]}`)
	if show(at(row, "VulInfoList", 0, "HostCount")) != "9" || show(at(row, "VulInfoList", 0, "TaskId")) != "52" {
		t.Errorf("row %s", show(row))
	}
}

func TestHostFindings_mayContradictTheTask(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"cwp":{"hosts":[{"name":"a","row":{"RiskNum":7,"Uuid":null}}],
		"malware":[{"path":"/x","level":2,"hosts":[{"host":"a","status":6,"row":{"Status":99}}],"file_exists":true,"row":{"Level":null}}]}}`))).cwp()
	c.call("CreateScanMalwareSetting", `{"ScanPattern":0,"HostType":1}`)
	if got := c.machinesOf("Malware", 1); got != "a Ok/0:7" {
		t.Errorf("machines %s", got)
	}
	row := at(c.call("DescribeMalWareList", `{}`), "MalWareList", 0)
	if show(at(row, "Status")) != "99" || at(row, "Level") != nil || show(at(row, "FileExists")) != "1" || show(at(row, "ProcessExists")) != "0" {
		t.Errorf("row %s", show(row))
	}
}

func TestHostFindings_ofManyAreReadByPages(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScenario([]byte(`{"cwp":{"hosts":[{"prefix":"web-","count":200}],
		"vulnerabilities":[{"vul_id":1000,"count":500,"cve_id":"CVE-2024-0998","level":3,"hosts":["*"]}],
		"malware":[{"path":"/tmp/x","virus_name":"V","level":4,"count":2,"hosts":["web-0001"]}],
		"baseline":[{"item_id":5,"count":3,"hosts":["web-0002"]}]},
		"shifts":[{"action":"DescribeVulEffectHostList","after_calls":1,"remove":1}]}`))).cwp()
	ids, totals := c.column("DescribeVulList", "", "VulInfoList", "TotalCount", "CveId", 100)
	if len(ids) != 500 || ids[0] != "CVE-2024-0998" || ids[2] != "CVE-2024-1000" || totals[0] != "500" {
		t.Errorf("%d vulnerabilities, totals %v", len(ids), totals)
	}
	quuids, totals := c.column("DescribeVulEffectHostList", `"VulId":1499,`, "VulEffectHostList", "TotalCount", "Quuid", 100)
	if len(quuids) != 199 || show(totals) != `["200","199"]` || quuids[100] != "quuid-web-0102" {
		t.Errorf("%d hosts, totals %v", len(quuids), totals)
	}
	paths, _ := c.column("DescribeMalWareList", "", "MalWareList", "TotalCount", "FilePath", 100)
	items, _ := c.column("DescribeBaselineItemList", "", "List", "Total", "ItemId", 100)
	if strings.Join(paths, " ") != "/tmp/x /tmp/x.1" || strings.Join(items, " ") != "5 6 7" {
		t.Errorf("paths %v, items %v", paths, items)
	}
	c.call("ScanVul", `{`+allLevels+`,"HostType":1}`)
	if got := c.machinesOf("Vul", 1); !strings.HasPrefix(got, "web-0001 Ok/0:500, ") {
		t.Errorf("machines %.80s", got)
	}
}
