data "ms_cwp_findings" "fleet" {
  module_type = "Vul"
  quuids      = var.quuids
  task_id     = ms_cwp_scan.fleet.task_id

  gate {
    fail_on = "high"

    # So many hosts may be offline, or not scanned to their end. The default is 0.
    max_failed_machines = 1

    # Until then, and on this host only.
    exception {
      category   = "vulnerability"
      id         = "CVE-2023-44487"
      machine    = "0c8b9a4e-2f4b-4d8e-9c83-5f1f0f5c2f11"
      reason     = "The daemon is not reachable; ticket SEC-123"
      expires_at = "2027-01-31"
    }
  }
}

# Whatever is rolled out to the fleet. It refers to the verdict, so the gate holds
# it back.
resource "terraform_data" "rollout" {
  input = {
    week    = var.week
    verdict = data.ms_cwp_findings.fleet.verdict.outcome
  }
}
