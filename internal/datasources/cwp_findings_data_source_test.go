package datasources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const fleetFindings = "data.ms_cwp_findings.fleet"

// hostFindings is a data source of what hosts have, with more lines.
func hostFindings(module, quuids string, more ...string) string {
	return fmt.Sprintf(`
data "ms_cwp_findings" "fleet" {
  module_type   = %q
  quuids        = %s
  poll_interval = "20ms"
  %s
}
`, module, quuids, strings.Join(more, "\n  "))
}

// fleetCloud plays two hosts with tasks of all modules, and another host. The lines are findings by module.
func fleetCloud(t *testing.T, vuls, malware, baseline string, opts ...emulator.Option) *acctest.Cloud {
	t.Helper()
	return acctest.NewCloud(t, append(opts, emulator.WithScenario([]byte(fmt.Sprintf(`{"cwp":{
		"hosts": [{"prefix":"web-","count":2},{"name":"db"},{"name":"off","fail_type":3}],
		"vulnerabilities": [%s], "malware": [%s], "baseline": [%s],
		"tasks": [
			{"task_id":1,"module_type":"Vul","hosts":["*"]},
			{"task_id":2,"module_type":"Malware","hosts":["*"]},
			{"task_id":3,"module_type":"Baseline","strategy_id":9,"hosts":["*"]}]}}`, vuls, malware, baseline))))...)
}

const (
	bothWebs = `["quuid-web-0001", "quuid-web-0002"]`
	noPanic  = "gate { enforcement = \"none\" }"
)

func TestAccHostFindings_readsEveryOutput(t *testing.T) {
	t.Parallel()
	cloud := fleetCloud(t, `{"vul_id":7,"name":"seven","cve_id":"CVE-2024-0007","level":3,"cvss_score":7.5,"description":"d","hosts":["web-0001","db",{"host":"web-0002","status":3}]}`, "", "")
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostFindings("Vul", bothWebs, "task_id = 1", "gate { enforcement = \"none\" }"))
	w.Apply().Succeeds()
	state := w.State(fleetFindings)
	if got := fmt.Sprint(state["id"], "|", state["task_id"], "|", state["status"], "|", state["scan_state"], "|", state["ignored_count"], "|", at(state, "summary", "high"), "|", at(state, "summary", "total")); got != "Vul/1|1|completed|2|0|1|1" {
		t.Errorf("state %s", got)
	}
	machines, _ := at(state, "machines").([]any)
	list, _ := at(state, "findings").([]any)
	if len(machines) != 2 || len(list) != 1 {
		t.Fatalf("%d machines, findings %v", len(machines), list)
	}
	for name, want := range map[string]any{
		"quuid": "quuid-web-0001", "host_name": "web-0001", "cve_id": "CVE-2024-0007", "vul_id": 7.0, "name": "seven", "level": 3.0, "host_level": 3.0, "severity": "high",
		"status": 0.0, "ignored_by_service": false, "cvss_score": 7.5, "description": "d", "virus_name": nil, "item_id": nil, "path": nil,
	} {
		if got := at(list, 0, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if got := fmt.Sprint(at(state, "verdict", "violations", 0, "id"), " ", at(state, "verdict", "violations", 0, "location")); got != "CVE-2024-0007 web-0001" {
		t.Errorf("violation %s", got)
	}
	w.Plan().NoChanges()
}

func TestAccHostFindings_verdicts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		module, vuls, malware, baseline string
		gate, outcome, says             string
	}{
		"nothing found":                     {module: "Vul", outcome: "pass"},
		"an open vulnerability":             {module: "Vul", vuls: `{"vul_id":1,"level":4,"cve_id":"CVE-1","hosts":["web-0001"]}`, outcome: "fail", says: "CVE-1"},
		"one of another host":               {module: "Vul", vuls: `{"vul_id":1,"level":4,"cve_id":"CVE-1","hosts":["db"]}`, outcome: "pass"},
		"a fixed one":                       {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":3}]}`, outcome: "pass"},
		"one being checked":                 {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":5}]}`, outcome: "fail"},
		"one that could not be fixed":       {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":8}]}`, outcome: "fail"},
		"an ignored one":                    {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":1}]}`, outcome: "fail"},
		"an ignored one that is accepted":   {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":1}]}`, gate: "accept_service_ignores = true", outcome: "pass"},
		"an open one beside":                {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":1},"web-0002"]}`, gate: "accept_service_ignores = true", outcome: "fail"},
		"a low one":                         {module: "Vul", vuls: `{"vul_id":1,"level":1,"hosts":["web-0001"]}`, outcome: "pass"},
		"a low one, worse on the host":      {module: "Vul", vuls: `{"vul_id":1,"level":1,"hosts":[{"host":"web-0001","row":{"Level":4}}]}`, outcome: "fail"},
		"a level that cannot be read":       {module: "Vul", vuls: `{"vul_id":1,"level":1,"hosts":[{"host":"web-0001","row":{"Level":"grave"}}]}`, outcome: "fail"},
		"a status that cannot be read":      {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":3,"row":{"Status":"gone"}}]}`, outcome: "fail"},
		"an unknown status":                 {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","status":3,"row":{"Status":77}}]}`, outcome: "fail"},
		"a host count above the rows":       {module: "Vul", vuls: `{"vul_id":1,"level":1,"host_count":9,"hosts":["db"]}`, outcome: "incomplete", says: "unexplained_count"},
		"a row that names no host":          {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"db","row":{"Quuid":null,"Uuid":""}}]}`, outcome: "incomplete", says: "missing_evidence"},
		"a row by its agent":                {module: "Vul", vuls: `{"vul_id":1,"level":4,"hosts":[{"host":"web-0001","row":{"Quuid":null}}]}`, outcome: "fail"},
		"an exception for the machine":      {module: "Vul", vuls: `{"vul_id":1,"cve_id":"CVE-1","level":4,"hosts":["web-0001"]}`, gate: exception("quuid-web-0001"), outcome: "pass"},
		"an exception for another machine":  {module: "Vul", vuls: `{"vul_id":1,"cve_id":"CVE-1","level":4,"hosts":["web-0001"]}`, gate: exception("quuid-web-0002"), outcome: "fail"},
		"a denied id of a low one":          {module: "Vul", vuls: `{"vul_id":1,"cve_id":"CVE-1","level":1,"hosts":["web-0001"]}`, gate: "denied {\n category = \"vulnerability\"\n id = \"cve-1\"\n }", outcome: "fail"},
		"malware":                           {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":1,"hosts":["web-0001"]}`, outcome: "fail", says: "web-0001:/x"},
		"malware that is isolated":          {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":6,"hosts":["web-0001"]}`, outcome: "pass"},
		"isolated, and still running":       {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":6,"process_exists":true,"hosts":["web-0001"]}`, outcome: "fail"},
		"isolated, with its file":           {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":6,"file_exists":true,"hosts":["web-0001"]}`, outcome: "pass"},
		"deleted, with its file":            {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":8,"file_exists":true,"hosts":["web-0001"]}`, outcome: "fail"},
		"handled":                           {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":14,"hosts":["web-0001"]}`, outcome: "pass"},
		"handled, and who knows what runs":  {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":14,"hosts":[{"host":"web-0001","row":{"ProcessExists":"perhaps"}}]}`, outcome: "fail"},
		"trusted":                           {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":5,"hosts":["web-0001"]}`, outcome: "fail"},
		"trusted and accepted":              {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":5,"hosts":["web-0001"]}`, gate: "accept_service_ignores = true", outcome: "pass"},
		"on the allow list and accepted":    {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":13,"hosts":["web-0001"]}`, gate: "accept_service_ignores = true", outcome: "pass"},
		"being isolated":                    {module: "Malware", malware: `{"path":"/x","virus_name":"V","level":4,"status":10,"hosts":["web-0001"]}`, gate: "accept_service_ignores = true", outcome: "fail"},
		"a failed check":                    {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":3,"hosts":["web-0001"]}`, outcome: "fail"},
		"a check that passed":               {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":3,"status":3,"hosts":["web-0001"]}`, outcome: "pass"},
		"a failed check of low level":       {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":1,"hosts":["web-0001"]}`, outcome: "pass"},
		"a check without a level":           {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":1,"hosts":[{"host":"web-0001","row":{"Level":null}}]}`, outcome: "fail"},
		"a check that is running":           {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":3,"status":5,"hosts":["web-0001"]}`, outcome: "incomplete", says: "not_finished"},
		"an ignored check":                  {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":3,"status":1,"hosts":["web-0001"]}`, outcome: "fail"},
		"an ignored check that is accepted": {module: "Baseline", baseline: `{"item_id":5,"item_name":"ssh","level":3,"status":1,"hosts":["web-0001"]}`, gate: "accept_service_ignores = true", outcome: "pass"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := fleetCloud(t, test.vuls, test.malware, test.baseline)
			w := acctest.New(t)
			task := map[string]int{"Vul": 1, "Malware": 2, "Baseline": 3}[test.module]
			w.Write(cloud.Provider() + hostFindings(test.module, bothWebs, fmt.Sprintf("task_id = %d", task), "gate {\n enforcement = \"none\"\n "+test.gate+"\n}"))
			w.Apply().Succeeds()
			expectVerdict(t, fleetFindings, w.State(fleetFindings), test.outcome, test.says)
		})
	}
}

// exception is one for CVE-1 on a machine.
func exception(machine string) string {
	return fmt.Sprintf("exception {\n category = \"vulnerability\"\n id = \"CVE-1\"\n reason = \"tested\"\n expires_at = \"2999-01-01\"\n machine = %q\n }", machine)
}

func TestAccHostFindings_hostsThatWereNotScannedFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ quuids, gate, outcome, says string }{
		"offline":                      {`["quuid-web-0001", "quuid-off"]`, "", "incomplete", "too_many_failed_machines"},
		"offline, and allowed":         {`["quuid-web-0001", "quuid-off"]`, "max_failed_machines = 1", "pass", ""},
		"not in the task":              {`["quuid-web-0001", "quuid-other"]`, "", "incomplete", "quuid-other is not in the task"},
		"not in the task, and allowed": {`["quuid-web-0001", "quuid-other"]`, "max_failed_machines = 1", "pass", ""},
		"none of them":                 {`["quuid-other"]`, "max_failed_machines = 1", "incomplete", "no_machine_ok"},
		"another one, not asked for":   {`["QUUID-WEB-0001"]`, "", "pass", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := fleetCloud(t, "", "", "")
			w := acctest.New(t)
			w.Write(cloud.Provider() + hostFindings("Vul", test.quuids, "task_id = 1", "gate {\n enforcement = \"none\"\n "+test.gate+"\n}"))
			w.Apply().Succeeds()
			expectVerdict(t, fleetFindings, w.State(fleetFindings), test.outcome, test.says)
		})
	}
}

func TestAccHostFindings_withoutDetailsReadsOnlyWhatCanDecide(t *testing.T) {
	t.Parallel()
	vuls := `{"vul_id":1,"level":4,"hosts":["db"]},{"vul_id":2,"level":3,"hosts":["db"]},{"vul_id":3,"level":2,"hosts":["web-0001"]},{"vul_id":4,"level":1,"hosts":["web-0001"]},{"vul_id":5,"level":1,"row":{"Level":"x"},"hosts":["db"]}`
	for name, test := range map[string]struct {
		lines []string
		calls int
	}{
		"fail_on high":                {[]string{"include_details = false", `gate { fail_on = "high" }`}, 3},
		"fail_on medium":              {[]string{"include_details = false", "gate {\n fail_on = \"medium\"\n enforcement = \"none\"\n}"}, 4},
		"max_findings of low":         {[]string{"include_details = false", "gate { max_findings = { low = 9 } }"}, 4},
		"with details":                {[]string{`gate { fail_on = "high" }`}, 5},
		"without a gate":              {[]string{"include_details = false"}, 5},
		"a denied id":                 {[]string{"include_details = false", "gate {\n denied {\n category = \"vulnerability\"\n id = \"CVE-9\"\n }\n}"}, 5},
		"fingerprints to be recorded": {[]string{"include_details = false", "gate { record_fingerprints = true }"}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := fleetCloud(t, vuls, "", "")
			w := acctest.New(t)
			w.Write(cloud.Provider() + hostFindings("Vul", bothWebs, append(test.lines, "task_id = 1")...))
			w.Plan().Succeeds()
			if calls := cloud.Calls("DescribeVulEffectHostList"); calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
		})
	}
}

func TestAccHostFindings_waitsForTheTaskAndReadsOnce(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScenario([]byte(`{"cwp":{"hosts":[{"name":"web"}],
		"vulnerabilities":[{"vul_id":1,"cve_id":"CVE-1","level":4,"after_scan":true,"hosts":["web"]}],
		"tasks":[{"task_id":1,"module_type":"Vul","hosts":["web"],"progress":[0,50,100]}]}}`)))
	w := acctest.New(t)
	w.Write(cloud.Provider() + hostFindings("Vul", `["quuid-web"]`, "gate {\n max_age = \"1h\"\n enforcement = \"none\"\n}"))
	w.Plan().Succeeds()
	if cloud.Calls("DescribeVulList") != 1 {
		t.Errorf("%d calls", cloud.Calls("DescribeVulList"))
	}
	w.Apply().Succeeds()
	expectVerdict(t, fleetFindings, w.State(fleetFindings), "fail", "CVE-1")
}

func TestAccHostFindings_oddListsAreIncomplete(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(map[string]any) {
		return func(response map[string]any) { response[name] = value }
	}
	for name, test := range map[string]struct {
		module, action string
		change         func(map[string]any)
	}{
		"vulnerabilities that are no list":                   {"Vul", "DescribeVulList", set("VulInfoList", "x")},
		"vulnerabilities that are missing":                   {"Vul", "DescribeVulList", set("VulInfoList", nil)},
		"no total of vulnerabilities":                        {"Vul", "DescribeVulList", set("TotalCount", nil)},
		"a total above the vulnerabilities":                  {"Vul", "DescribeVulList", set("TotalCount", 7)},
		"a vulnerability that is no object":                  {"Vul", "DescribeVulList", set("VulInfoList", []any{"x"})},
		"hosts that are no list":                             {"Vul", "DescribeVulEffectHostList", set("VulEffectHostList", map[string]any{})},
		"hosts that are missing":                             {"Vul", "DescribeVulEffectHostList", set("VulEffectHostList", nil)},
		"a total of hosts that is no number":                 {"Vul", "DescribeVulEffectHostList", set("TotalCount", "x")},
		"a host that is no object":                           {"Vul", "DescribeVulEffectHostList", set("VulEffectHostList", []any{1})},
		"malware that is no list":                            {"Malware", "DescribeMalWareList", set("MalWareList", 1)},
		"malware that is missing":                            {"Malware", "DescribeMalWareList", set("MalWareList", nil)},
		"a negative total of malware":                        {"Malware", "DescribeMalWareList", set("TotalCount", -1)},
		"checks that are no list":                            {"Baseline", "DescribeBaselineItemList", set("List", "x")},
		"checks that are missing":                            {"Baseline", "DescribeBaselineItemList", set("List", nil)},
		"checks that are no list, and none counted":          {"Baseline", "DescribeBaselineItemList", func(response map[string]any) { response["List"], response["Total"] = "x", 0 }},
		"malware that is no list, and none counted":          {"Malware", "DescribeMalWareList", func(response map[string]any) { response["MalWareList"], response["TotalCount"] = "x", 0 }},
		"vulnerabilities that are no list, and none counted": {"Vul", "DescribeVulList", func(response map[string]any) { response["VulInfoList"], response["TotalCount"] = 1, 0 }},
		"no total of checks":                                 {"Baseline", "DescribeBaselineItemList", set("Total", nil)},
		"machines without RiskNum":                           {"Vul", "DescribeScanTaskDetails", eachMachine("RiskNum", nil)},
		"a RiskNum that is no number":                        {"Malware", "DescribeScanTaskDetails", eachMachine("RiskNum", "x")},
		"a RiskNum above the rows":                           {"Baseline", "DescribeScanTaskDetails", eachMachine("RiskNum", 9)},
		"machines without a Quuid":                           {"Vul", "DescribeScanTaskDetails", eachMachine("Quuid", nil)},
		"machines that are still scanned":                    {"Vul", "DescribeScanTaskDetails", eachMachine("Status", "scanning")},
		"no machines":                                        {"Vul", "DescribeScanTaskDetails", set("ScanTaskDetailList", []any{})},
		"a total of machines that is too high":               {"Vul", "DescribeScanTaskDetails", set("TotalCount", 99)},
		"StoppingAll":                                        {"Vul", "DescribeScanTaskDetails", set("StoppingAll", true)},
		"a narrowed task":                                    {"Vul", "DescribeScanState", set("KBNumber", []any{"KB1"})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := fleetCloud(t, `{"vul_id":1,"level":1,"hosts":["web-0001"]}`, `{"path":"/x","virus_name":"V","level":1,"status":6,"hosts":["web-0001"]}`, `{"item_id":5,"level":1,"status":3,"hosts":["web-0001"]}`)
			cloud.OnAnswer(test.action, func(_, response map[string]any) map[string]any {
				test.change(response)
				return response
			})
			w := acctest.New(t)
			task := map[string]int{"Vul": 1, "Malware": 2, "Baseline": 3}[test.module]
			w.Write(cloud.Provider() + hostFindings(test.module, bothWebs, fmt.Sprintf("task_id = %d", task), "gate {\n enforcement = \"none\"\n}"))
			w.Apply().Succeeds()
			if outcome := at(w.State(fleetFindings), "verdict", "outcome"); outcome != "incomplete" {
				t.Errorf("verdict %v", at(w.State(fleetFindings), "verdict"))
			}
			if strings.Contains(name, "no list") { // without a gate nobody else would say so
				w.Write(cloud.Provider() + hostFindings(test.module, bothWebs, fmt.Sprintf("task_id = %d", task)))
				w.Apply().Fails().Says("Unable to Read Host Findings", "list of findings cannot be read")
			}
		})
	}
}

func eachMachine(name string, value any) func(map[string]any) {
	return func(response map[string]any) {
		rows, _ := response["ScanTaskDetailList"].([]any)
		for _, row := range rows {
			if machine, ok := row.(map[string]any); ok {
				machine[name] = value
			}
		}
	}
}

func TestAccHostFindings_reportShowsTheSameFindings(t *testing.T) {
	t.Parallel()
	vuls := `{"vul_id":1,"cve_id":"CVE-2024-0001","name":"one","level":4,"description":"Words of the service.","hosts":["web-0001",{"host":"web-0002","status":1}]},
		{"vul_id":2,"level":1,"hosts":[{"host":"web-0001","row":{"Level":"grave"}}]}`
	malware := `{"path":"/x","virus_name":"Miner","level":4,"status":8,"hosts":[{"host":"web-0001","row":{"ProcessExists":"perhaps"}},{"host":"web-0002","status":13}]}`
	baseline := `{"item_id":5,"item_name":"ssh","level":3,"hosts":["web-0001",{"host":"web-0002","status":1}]}`
	for module, task := range map[string]int{"Vul": 1, "Malware": 2, "Baseline": 3} {
		for _, more := range []string{"", "accept_service_ignores = true"} {
			t.Run(module+" "+more, func(t *testing.T) {
				t.Parallel()
				cloud := fleetCloud(t, vuls, malware, baseline)
				w := acctest.New(t)
				w.Write(cloud.Provider() + hostFindings(module, bothWebs, fmt.Sprintf("task_id = %d", task), "gate {\n enforcement = \"none\"\n "+more+"\n}") + `
resource "terraform_data" "report" {
  input = provider::ms::render_markdown(data.ms_cwp_findings.fleet)
}
`)
				w.Apply().Succeeds()
				report, _ := at(w.State("terraform_data.report"), "input").(string)
				want := map[string]string{"Vul": "CVE-2024-0001", "Malware": "Miner", "Baseline": "ssh"}[module]
				if !strings.Contains(report, want) || !strings.Contains(report, "web-0001") || strings.Contains(report, "cannot be told") || strings.Contains(report, "not as the data source") {
					t.Errorf("report:\n%s", report)
				}
			})
		}
	}
}

// TestAccHostFindings_callsOfALargeFleet reads 500 vulnerabilities of 200 hosts: the floor is a call for each hundred rows.
func TestAccHostFindings_callsOfALargeFleet(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScenario([]byte(`{"cwp":{"hosts":[{"prefix":"web-","count":200}],
		"vulnerabilities":[{"vul_id":1,"cve_id":"CVE-2024-0001","level":1,"count":500,"hosts":["*"]}],
		"tasks":[{"task_id":1,"module_type":"Vul","hosts":["*"]}]}}`)))
	w := acctest.New(t)
	w.Write(cloud.Provider("requests_per_second = 1000") +
		hostFindings("Vul", `[for n in range(200) : format("quuid-web-%04d", n + 1)]`, "task_id = 1", "include_details = false", "gate {\n fail_on = \"low\"\n enforcement = \"none\"\n}"))
	w.Plan().Succeeds()
	// 200 rows are two pages, and a third one since pages overlap by a row to notice a list that shifts.
	const floor = 500 * 2
	if calls := cloud.Calls("DescribeVulEffectHostList"); calls > 2*floor {
		t.Errorf("%d calls, the floor is %d", calls, floor)
	}
	if calls := cloud.Calls("DescribeVulList"); calls > 12 {
		t.Errorf("%d calls for the list of vulnerabilities", calls)
	}
}
