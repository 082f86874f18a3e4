variable "quuids" {
  description = "Quuids of the hosts to scan."
  type        = set(string)
}

resource "ms_cwp_scan" "fleet" {
  module_type = "Vul"
  quuids      = var.quuids

  # A host is no fixed content: a new scan is asked for by a new value.
  triggers = {
    week = "2026-W47"
  }

  lifecycle {
    # Holds back what depends on the scan until it is complete. This is not the
    # gate: it says that the scan was done, not what was found. For that, see the
    # data source ms_cwp_findings.
    postcondition {
      condition     = self.status == "completed"
      error_message = "The scan ${coalesce(self.id, "(of unknown id)")} is ${self.status}, not completed."
    }
  }
}
