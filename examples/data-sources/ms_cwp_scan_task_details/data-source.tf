variable "task_id" {
  description = "Id of the host scan, as the console or whatever started it names it."
  type        = number
}

variable "machine_quuids" {
  description = "Quuids of the machines that the release goes to."
  type        = set(string)
}

# All machines of the task, judged by a gate.
data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = var.task_id

  gate {
    fail_on             = "high"
    max_age             = "24h"
    required_machines   = var.machine_quuids
    max_failed_machines = 2
  }
}

# Only what refers to the verdict is held back by the gate.
resource "terraform_data" "release" {
  input = data.ms_cwp_scan_task_details.hosts.verdict.outcome
}

# The machines that were not scanned. Such a narrowed view can have no gate,
# since it would prove nothing about the others.
data "ms_cwp_scan_task_details" "failed" {
  module_type         = "Vul"
  task_id             = var.task_id
  wait_for_completion = false

  filter {
    name        = "Status"
    values      = ["Fail"]
    exact_match = true
  }
}

output "not_scanned" {
  value = data.ms_cwp_scan_task_details.failed.scan_task_detail_list[*].host_name
}
