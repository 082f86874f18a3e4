terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "quuids" {
  description = "Quuids of the hosts of the fleet."
  type        = set(string)
}

variable "week" {
  description = "Week of the scan, as in 2026-W48; another week scans the hosts again."
  type        = string
}

resource "ms_cwp_scan" "fleet" {
  module_type = "Vul"
  quuids      = var.quuids

  # What is installed on a host changes without this configuration. A new value asks
  # for a new scan; without one, the same hosts are never scanned again.
  triggers = {
    week = var.week
  }
}
