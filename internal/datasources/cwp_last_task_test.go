package datasources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// lastTask is a data source of the last task of a module, with more lines.
func lastTask(module string, more ...string) string {
	return strings.Replace(hostTask(module, "", more...), "  task_id       = \n", "", 1)
}

func TestAccHostScan_withoutTaskIDTheLastOneIsRead(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 1, "prefix": "old-", "first_id": 1}]},
	  {"task_id": 2, "module_type": "Malware", "type": 1, "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1}]},
	  {"task_id": 3, "module_type": "Baseline", "strategy_id": 5, "machine_groups": [{"count": 3, "prefix": "web-", "first_id": 1}]}`)
	w := acctest.New(t)
	w.Write(cloud.Provider() + lastTask("Malware", `gate { max_age = "1h" }`))
	w.Apply().Succeeds()
	state := w.State(hosts)
	if got := fmt.Sprint(state["id"], state["task_id"], state["scan_state"], state["scan_type"], state["scanned_vul_ids"], state["scanned_kbs"], state["total_count"]); got != "Malware/22 2 1 [] [] 2" {
		t.Errorf("state %s", got)
	}
	expectVerdict(t, hosts, state, "pass", "")
	w.Plan().NoChanges()
	if cloud.Calls("DescribeScanState") < 2 {
		t.Errorf("%d calls: what came meanwhile was not asked for", cloud.Calls("DescribeScanState"))
	}
	w.Write(cloud.Provider() + lastTask("Baseline", `strategy_id = 5`, `gate { max_age = "1h" }`))
	w.Apply().Succeeds()
	if state := w.State(hosts); state["id"] != "Baseline/3" || state["total_count"] != 3.0 {
		t.Errorf("state %v", state)
	}
}

func TestAccHostScan_choiceOfATaskIsChecked(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	for name, test := range map[string]struct{ config, says string }{
		"no task and no max_age":          {lastTask("Vul", "gate {}"), "gate.max_age is missing: task_id is not given"},
		"Baseline without a strategy":     {lastTask("Baseline"), `strategy_id is required for module_type = "Baseline" without task_id`},
		"a strategy of another module":    {lastTask("Vul", "strategy_id = 1"), `strategy_id is for module_type = "Baseline" alone`},
		"a task of 0":                     {hostTask("Vul", "0"), "must be at least 1"},
		"allow_narrowed that is misspelt": {lastTask("Vul", "gate { allow_narowed = true }"), `Did you mean "allow_narrowed"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(cloud.Provider() + test.config)
			w.Run("validate", "-no-color").Fails().Says(test.says)
		})
	}
}

func TestAccHostScan_moduleThatWasNeverScannedIsIncomplete(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, "")
	w := acctest.New(t)
	w.Write(cloud.Provider() + lastTask("Vul", `gate {
    max_age     = "1h"
    enforcement = "none"
  }`))
	w.Apply().Succeeds()
	state := w.State(hosts)
	if state["status"] != "never_scanned" || state["task_id"] != nil || cloud.Calls(hostsAction) != 0 {
		t.Errorf("state %v", state)
	}
	expectVerdict(t, hosts, state, "incomplete", "nothing_scanned")
	w.Write(cloud.Provider() + lastTask("Vul"))
	w.Apply().Succeeds()
}

func TestAccHostScan_narrowedTaskIsIncomplete(t *testing.T) {
	t.Parallel()
	const narrowed = `{"task_id": 1, "module_type": "Vul", "machine_groups": [{"count": 1, "prefix": "web-", "first_id": 1}], "vulnerabilities": [], %s}`
	for name, test := range map[string]struct{ narrow, config, outcome, reason string }{
		"by vulnerabilities":     {`"vul_ids": [7]`, hostTask("Vul", "1", "gate { enforcement = \"none\" }"), "incomplete", "narrowed_scan"},
		"by patches":             {`"kb_numbers": ["KB7"]`, hostTask("Vul", "1", "gate { enforcement = \"none\" }"), "incomplete", "narrowed_scan"},
		"the last task":          {`"vul_ids": [7]`, lastTask("Vul", "gate {\n enforcement = \"none\"\n max_age = \"1h\"\n}"), "incomplete", "narrowed_scan"},
		"allowed":                {`"vul_ids": [7]`, hostTask("Vul", "1", "gate { allow_narrowed = true }"), "pass", ""},
		"not narrowed":           {`"vul_ids": []`, hostTask("Vul", "1", "gate {}"), "pass", ""},
		"a list that is no list": {`"vul_ids": []`, hostTask("Vul", "1", "gate { enforcement = \"none\" }"), "incomplete", "narrowed_scan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, fmt.Sprintf(narrowed, test.narrow))
			if name == "a list that is no list" {
				cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
					response["VulId"] = "x"
					return response
				})
			}
			w := acctest.New(t)
			w.Write(cloud.Provider() + test.config)
			w.Apply().Succeeds()
			expectVerdict(t, hosts, w.State(hosts), test.outcome, test.reason)
		})
	}
}

// TestAccHostScan_newerTaskThatBeginsMeanwhileIsRead has a service that names another last task with each answer.
func TestAccHostScan_newerTaskThatBeginsMeanwhileIsRead(t *testing.T) {
	t.Parallel()
	tasks := `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 1, "prefix": "old-", "first_id": 1}]},
	  {"task_id": 2, "module_type": "Malware", "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1, "risk_num": 1}]}`
	gate := "gate {\n max_age = \"1h\"\n enforcement = \"none\"\n}"
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		cloud := hostCloud(t, tasks)
		asked := 0
		cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
			if asked++; asked == 1 {
				response["TaskId"] = 1
			}
			return response
		})
		w := acctest.New(t)
		w.Write(cloud.Provider() + lastTask("Malware", gate))
		w.Apply().Succeeds()
		if w.State(hosts)["id"] != "Malware/2" {
			t.Errorf("state %v", w.State(hosts))
		}
		expectVerdict(t, hosts, w.State(hosts), "fail", "")
	})
	t.Run("each time", func(t *testing.T) {
		t.Parallel()
		cloud := hostCloud(t, tasks)
		asked := 0
		cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
			asked++
			response["TaskId"] = 1 + asked%2
			return response
		})
		w := acctest.New(t)
		w.Write(cloud.Provider() + lastTask("Malware", gate))
		w.Apply().Succeeds()
		expectVerdict(t, hosts, w.State(hosts), "incomplete", "unreadable_answer")
		w.Write(cloud.Provider() + lastTask("Malware"))
		w.Apply().Fails().Says("Unable to Read Scan Task Details", "another task began each time")
	})
}

func TestAccHostScan_lastTaskThatCannotBeReadIsIncomplete(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]any{"no number": "x", "missing": nil, "negative": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "machine_groups": [{"count": 1, "prefix": "web-", "first_id": 1}]}`)
			cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
				response["TaskId"] = id
				return response
			})
			w := acctest.New(t)
			w.Write(cloud.Provider() + lastTask("Malware", "gate {\n max_age = \"1h\"\n enforcement = \"none\"\n}"))
			w.Apply().Succeeds()
			expectVerdict(t, hosts, w.State(hosts), "incomplete", "unreadable_answer")
		})
	}
}

func TestAccHostScan_newerTaskWhileWaitingTakesThePlace(t *testing.T) {
	t.Parallel()
	cloud := hostCloud(t, `{"task_id": 1, "module_type": "Malware", "progress": [50], "machine_groups": [{"count": 1, "prefix": "old-", "first_id": 1}]},
	  {"task_id": 2, "module_type": "Malware", "progress": [50, 100], "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1}]}`)
	asked := 0
	cloud.OnAnswer("DescribeScanState", func(_, response map[string]any) map[string]any {
		if asked++; asked < 3 {
			response["TaskId"] = 1
		}
		return response
	})
	w := acctest.New(t)
	w.Write(cloud.Provider() + lastTask("Malware", `gate { max_age = "1h" }`))
	w.Apply().Succeeds()
	if w.State(hosts)["id"] != "Malware/2" {
		t.Errorf("state %v", w.State(hosts))
	}
}
