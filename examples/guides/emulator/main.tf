terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Task 1 of scenario.json: 230 web servers, three of which have a finding.
data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = 1

  gate {
    fail_on             = "critical"
    max_failed_machines = 2
  }
}

# Tasks 1 and 2 of scenario.json.
data "ms_tcss_vul_scan_info" "images" {
  local_task_id    = 1
  registry_task_id = 2

  gate {
    max_registry_found_vul = 5
  }
}

output "verdicts" {
  value = {
    hosts  = data.ms_cwp_scan_task_details.hosts.verdict.message
    images = data.ms_tcss_vul_scan_info.images.verdict.message
  }
}
