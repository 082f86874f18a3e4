variable "quuids" {
  description = "Quuids of the hosts."
  type        = set(string)
}

resource "ms_cwp_scan" "fleet" {
  module_type = "Vul"
  quuids      = var.quuids

  triggers = {
    week = "2026-W47"
  }
}

data "ms_cwp_findings" "fleet" {
  module_type = "Vul"
  quuids      = var.quuids
  task_id     = ms_cwp_scan.fleet.task_id

  gate {
    fail_on = "high"

    exception {
      category   = "vulnerability"
      id         = "CVE-2023-00002"
      machine    = "0c8b9a4e-2f4b-4d8e-9c83-5f1f0f5c2f11"
      reason     = "The daemon is not reachable; ticket SEC-123."
      expires_at = "2027-01-31"
    }
  }
}

# Refers to the verdict, and so is held back until it is a pass.
resource "terraform_data" "release" {
  input = data.ms_cwp_findings.fleet.verdict.outcome
}
