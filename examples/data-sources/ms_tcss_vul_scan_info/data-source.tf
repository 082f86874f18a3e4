variable "local_task_id" {
  description = "Id of the scan of local images."
  type        = number
}

variable "registry_task_id" {
  description = "Id of the scan of registry images."
  type        = number
}

# Only the sides whose id is given are judged: here both.
data "ms_tcss_vul_scan_info" "images" {
  local_task_id    = var.local_task_id
  registry_task_id = var.registry_task_id

  gate {
    max_found_vul          = 0
    max_registry_found_vul = 5
    max_found_risk_image   = 0
  }
}

# Without an id the service returns its latest scan, so the gate must bound its
# age.
data "ms_tcss_vul_scan_info" "last" {
  gate {
    max_age     = "24h"
    enforcement = "advisory"
  }
}

# Only what refers to the verdict is held back by the gate.
resource "terraform_data" "release" {
  input = data.ms_tcss_vul_scan_info.images.verdict.outcome
}
