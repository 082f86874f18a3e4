package examples_test

import (
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The statements of the guide "Gate a fleet", with the hosts of the emulator's default scenario.

const (
	fleetScan = "ms_cwp_scan.fleet"
	rollout   = "terraform_data.rollout"
)

func quuids(names ...string) map[string]any {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = "quuid-" + name
	}
	return map[string]any{"quuids": ids}
}

func TestAccFleet_isScannedForOtherHostsAndWeeksOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/fleet")
	s.give(quuids("app-0001", "app-0002", "off-0001"))
	// One host is offline, which the gate allows, and one has a vulnerability below its level.
	s.Apply().Succeeds()
	if status := s.State(fleetScan)["status"]; status != "failed" || s.Tainted(fleetScan) {
		t.Errorf("status %v, tainted %t", status, s.Tainted(fleetScan))
	}
	s.unchanged()
	s.edit("gate.tf", "max_failed_machines = 1", "max_failed_machines = 0")
	s.Plan().Fails().Says(stopped, "too_many_failed_machines", "off-0001")
	s.edit("gate.tf", "max_failed_machines = 0", "max_failed_machines = 1")

	s.give(map[string]any{"week": "2026-W49"})
	s.Plan().Succeeds()
	if action := s.Actions()[fleetScan]; action != "delete+create" {
		t.Errorf("another week: %q", action)
	}
	s.submissions(1)
}

func TestAccFleet_exceptionIsForOneMachine(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/fleet")
	s.give(quuids("app-0002", "db-0001"))
	s.Apply().Fails().Says(stopped, "CVE-2021-44228", "db-0001")
	s.exists(rollout, false)
	s.edit("gate.tf", "CVE-2023-44487", "CVE-2021-44228")
	s.Plan().Fails().Says(stopped)
	s.edit("gate.tf", "0c8b9a4e-2f4b-4d8e-9c83-5f1f0f5c2f11", "quuid-db-0001")
	s.Apply().Succeeds()
	s.exists(rollout, true)
	s.submissions(1)
}

func TestAccFleet_lastTaskNeedsABoundedAge(t *testing.T) {
	t.Parallel()
	const task = `{"task_id": 2, "module_type": "Vul",`
	old := strings.Replace(emulator.DefaultScenario, task, task+` "age": "48h",`, 1)
	s := newStage(t, "guides/fleet-last-task", emulator.WithScenario([]byte(old)))
	s.Plan().Fails().Says(stopped, "scan_too_old")
	s.edit("gate.tf", `max_age = "36h"`, "")
	s.Plan().Fails().Says("Error: Invalid gate", "gate.max_age is missing")
	s.submissions(0)
}
