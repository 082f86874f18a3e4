# From outside this configuration: a variable of the CI system or the workspace,
# which those who may edit these files may not change.
variable "approved_policy_sha256" {
  description = "verdict.policy_sha256 of each approved gate, by data source."
  type        = map(string)
}

locals {
  verdicts = {
    ms_scan_results          = data.ms_scan_results.app.verdict
    ms_apk_detection         = data.ms_apk_detection.app.verdict
    ms_cwp_scan_task_details = data.ms_cwp_scan_task_details.hosts.verdict
  }

  policy_sha256 = { for source, verdict in local.verdicts : source => verdict.policy_sha256 }
}

# The release. It refers to the outcome of each gate, so every gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    outcomes    = { for source, verdict in local.verdicts : source => verdict.outcome }
  }

  lifecycle {
    precondition {
      # Compared as text: it is unknown, and the check waits, until all gates are judged.
      condition     = jsonencode(local.policy_sha256) == jsonencode(var.approved_policy_sha256)
      error_message = "The gates are not the approved ones. Their policy_sha256: ${jsonencode(local.policy_sha256)}."
    }
  }
}

output "policy_sha256" {
  value = local.policy_sha256
}

# What each gate was judged by, and what of the document its source cannot produce.
output "policies" {
  value = { for source, verdict in local.verdicts : source => jsondecode(verdict.policy) }
}
