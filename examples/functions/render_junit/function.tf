variable "host_task_id" {
  description = "Id of the scan of the hosts."
  type        = number
}

data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = var.host_task_id

  # Anything but a pass only warns, so that there is a report in any case.
  gate { enforcement = "advisory" }
}

# Sensitive, so that no log of a run shows the whole report.
#
# terraform output -raw junit >report.xml
output "junit" {
  value     = provider::ms::render_junit(data.ms_cwp_scan_task_details.hosts)
  sensitive = true
}
