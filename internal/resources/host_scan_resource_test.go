package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const fleet = "ms_cwp_scan.fleet"

// hostScan is a configuration with one ms_cwp_scan.fleet of a module; more are lines inside the resource.
func hostScan(cloud *acctest.Cloud, module string, more ...string) string {
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_cwp_scan" "fleet" {
  module_type   = %q
  poll_interval = "20ms"
  %s
}
`, module, strings.Join(more, "\n  "))
}

// twoHosts are the hosts of most tests.
const twoHosts = `quuids = ["quuid-web-0001", "quuid-web-0002"]`

// hostCloud plays licensed hosts, one that is offline, one without a license and one with malware. more are
// further keys of cwp, with a comma.
func hostCloud(t *testing.T, more string, opts ...emulator.Option) *acctest.Cloud {
	t.Helper()
	return acctest.NewCloud(t, append(opts, emulator.WithScenario([]byte(`{"cwp":{`+more+`
		"next_task_id": 101,
		"hosts": [{"prefix":"web-","count":3},{"name":"db"},{"name":"off","fail_type":3},{"name":"free","edition":"BASIC_VERSION"}],
		"vulnerabilities": [{"vul_id":1,"name":"one","cve_id":"CVE-2024-0001","level":4,"hosts":["db"]}],
		"malware": [{"path":"/tmp/miner","virus_name":"Miner","level":4,"process_exists":true,"hosts":["db"]}]}}`)))...)
}

// submitActions are the actions that submit, by module.
var submitActions = map[string]string{"Vul": "ScanVul", "Malware": "CreateScanMalwareSetting"}

// eachModule runs a test for both modules.
func eachModule(t *testing.T, test func(t *testing.T, module string)) {
	for module := range submitActions {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			test(t, module)
		})
	}
}

func TestAccHostScan_createWaitsAndThePlanIsEmptyAfterwards(t *testing.T) {
	t.Parallel()
	eachModule(t, func(t *testing.T, module string) {
		cloud := hostCloud(t, "", emulator.WithScanPolls(3))
		w := acctest.New(t)
		w.Write(hostScan(cloud, module, twoHosts))
		w.Apply().Succeeds()
		state := w.State(fleet)
		if state["status"] != "completed" || state["id"] != module+"/101" || state["task_id"] != 101.0 || len(state["failures"].([]any)) != 0 || len(state["failed_machines"].([]any)) != 0 {
			t.Errorf("state %v", state)
		}
		if module == "Vul" && (state["accepted_host_count"] != 2.0 || state["unlicensed_host_count"] != 0.0 || state["summary"] != nil) {
			t.Errorf("state %v", state)
		}
		if module == "Malware" && (state["accepted_host_count"] != nil || state["unlicensed_host_count"] != nil || fmt.Sprint(state["summary"].(map[string]any)["total"]) != "0") {
			t.Errorf("state %v", state)
		}
		w.Plan().NoChanges()
		if cloud.Submissions() != 1 || cloud.ScansOfHost("quuid-web-0001") != 1 || cloud.Calls("DescribeScanTaskDetails") < 4 {
			t.Errorf("%d submissions, %d polls", cloud.Submissions(), cloud.Calls("DescribeScanTaskDetails"))
		}
	})
}

// TestAccHostScan_sendsWhatWasAskedFor compares the parameters with the official manual: all levels and categories,
// with commas between them.
func TestAccHostScan_sendsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ module, lines, want string }{
		"defaults of Vul":     {"Vul", twoHosts, `map[HostType:2 QuuidList:[quuid-web-0001 quuid-web-0002] ScanMethod:0 TimeoutPeriod:3600 VulCategories:1,2,4,5 VulLevels:1,2,3,4]`},
		"options of Vul":      {"Vul", "all_protected_hosts = true\nscan_method = \"poc\"\nscan_timeout = \"90500ms\"", `map[HostType:1 ScanMethod:2 TimeoutPeriod:91 VulCategories:1,2,4,5 VulLevels:1,2,3,4]`},
		"defaults of Malware": {"Malware", twoHosts, `map[HostType:2 QuuidList:[quuid-web-0001 quuid-web-0002] ScanPattern:1 TimeoutPeriod:3600]`},
		"options of Malware":  {"Malware", "all_protected_hosts = true\nscan_pattern = \"full\"\nengine_level = \"strict\"\nscan_timeout = \"2h\"", `map[EngineType:3 HostType:1 ScanPattern:0 TimeoutPeriod:7200]`},
		"spelt in two ways":   {"Vul", `quuids = ["quuid-web-0001", " quuid-web-0001 "]`, `map[HostType:2 QuuidList:[quuid-web-0001] ScanMethod:0 TimeoutPeriod:3600 VulCategories:1,2,4,5 VulLevels:1,2,3,4]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, "")
			w := acctest.New(t)
			w.Write(hostScan(cloud, tt.module, tt.lines))
			w.Apply().Succeeds()
			calls := cloud.Ledger().Of(submitActions[tt.module])
			if len(calls) != 1 || fmt.Sprint(calls[0].Parameters) != tt.want {
				t.Errorf("calls %+v", calls)
			}
		})
	}
}

func TestAccHostScan_inputsThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	for name, tt := range map[string]struct{ module, lines, says string }{
		"no hosts":                    {"Vul", "", "Exactly one of quuids and all_protected_hosts = true is required"},
		"hosts and all":               {"Vul", twoHosts + "\nall_protected_hosts = true", "Exactly one of quuids and all_protected_hosts = true is required"},
		"false alone":                 {"Vul", "all_protected_hosts = false", "Exactly one of quuids and all_protected_hosts = true is required"},
		"an empty set":                {"Vul", "quuids = []", "must have 1 to 500 elements"},
		"too many":                    {"Vul", `quuids = [for i in range(501) : "q-${i}"]`, "must have 1 to 500 elements"},
		"a blank Quuid":               {"Vul", `quuids = [" "]`, "must not be blank"},
		"Baseline":                    {"Baseline", twoHosts, "value must be one of"},
		"scan_pattern of Vul":         {"Vul", twoHosts + "\nscan_pattern = \"full\"", `scan_pattern is an option of module_type = "Malware" alone`},
		"engine_level of Vul":         {"Vul", twoHosts + "\nengine_level = \"strict\"", `engine_level is an option of module_type = "Malware" alone`},
		"scan_method of Malware":      {"Malware", twoHosts + "\nscan_method = \"poc\"", `scan_method is an option of module_type = "Vul" alone`},
		"an unknown scan_method":      {"Vul", twoHosts + "\nscan_method = \"none\"", "value must be one of"},
		"a scan_timeout below 1s":     {"Vul", twoHosts + "\nscan_timeout = \"10ms\"", "must be a duration of at least 1s"},
		"a misspelt name in timeouts": {"Vul", twoHosts + "\ntimeouts { creates = \"1h\" }", `An argument named "creates" is not expected here`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(hostScan(cloud, tt.module, tt.lines))
			w.Run("validate", "-no-color").Fails().Says(tt.says)
		})
	}
}

func TestAccHostScan_falseBesideQuuidsIsTheSameAsNothing(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	for _, lines := range []string{twoHosts, twoHosts + "\nall_protected_hosts = false\nscan_method = \"version\"\nscan_timeout = \"2h\"\nstop_on_destroy = true\ntriggers = {}", twoHosts} {
		w.Write(hostScan(cloud, "Vul", lines))
		w.Apply().Succeeds()
		w.Plan().NoChanges()
	}
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccHostScan_newScanOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	want := 0
	for _, step := range []struct{ module, lines string }{
		{"Vul", twoHosts},
		{"Vul", twoHosts + "\ntriggers = { week = \"47\" }"},
		{"Vul", "quuids = [\"quuid-web-0001\"]\ntriggers = { week = \"47\" }"},
		{"Vul", "quuids = [\"quuid-web-0001\"]\ntriggers = { week = \"47\" }\nscan_method = \"poc\""},
		{"Malware", "quuids = [\"quuid-web-0001\"]\ntriggers = { week = \"47\" }"},
		{"Malware", "quuids = [\"quuid-web-0001\"]\ntriggers = { week = \"47\" }\nscan_pattern = \"full\""},
		{"Malware", "quuids = [\"quuid-web-0001\"]\ntriggers = { week = \"47\" }\nscan_pattern = \"full\"\nengine_level = \"strict\""},
		{"Malware", "all_protected_hosts = true\ntriggers = { week = \"47\" }\nscan_pattern = \"full\"\nengine_level = \"strict\""},
	} {
		w.Write(hostScan(cloud, step.module, step.lines))
		w.Apply().Succeeds()
		w.Plan().NoChanges()
		if want++; cloud.Submissions() != want {
			t.Fatalf("%d submissions after %q, want %d", cloud.Submissions(), step.lines, want)
		}
	}
	w.Apply("-replace=" + fleet).Succeeds()
	if cloud.Submissions() != want+1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccHostScan_hostsThatAreNotKnownYetCountAsOthers(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	config := func(version string) string {
		return hostScan(cloud, "Vul", "quuids = terraform_data.hosts.output.quuids") + fmt.Sprintf(`
resource "terraform_data" "hosts" {
  input = { quuids = ["quuid-web-0001"], version = %q }
}
`, version)
	}
	w.Write(config("1"))
	w.Apply().Succeeds()
	w.Plan().NoChanges()
	w.Write(config("2"))
	w.Plan().Succeeds()
	if got := w.Actions()[fleet]; got != "delete+create" {
		t.Errorf("planned %q", got)
	}
}
