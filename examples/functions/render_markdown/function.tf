variable "host_task_id" {
  description = "Id of the scan of the hosts."
  type        = number
}

variable "local_image_task_id" {
  description = "Id of the scan of the local images."
  type        = number
}

data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = var.host_task_id
  gate { enforcement = "advisory" }
}

data "ms_tcss_vul_scan_info" "images" {
  local_task_id = var.local_image_task_id
  gate { enforcement = "advisory" }
}

# Several data sources in one comment. Sensitive, so that no log of a run shows
# the whole report.
#
# terraform output -raw markdown >comment.md
output "markdown" {
  value = provider::ms::render_markdown([
    data.ms_cwp_scan_task_details.hosts,
    data.ms_tcss_vul_scan_info.images,
  ])
  sensitive = true
}
