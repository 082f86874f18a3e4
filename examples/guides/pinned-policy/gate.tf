# From outside of this configuration: a variable of the CI system or of the
# workspace, which those who may edit this file may not change.
variable "approved_policy_sha256" {
  description = "verdict.policy_sha256 of the gate that was approved."
  type        = string
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    fail_on       = "medium"
  }
}

resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }

  lifecycle {
    precondition {
      condition     = data.ms_scan_results.app.verdict.policy_sha256 == var.approved_policy_sha256
      error_message = "The gate is not the approved one: its policy_sha256 is ${data.ms_scan_results.app.verdict.policy_sha256}."
    }
  }
}

output "policy_sha256" {
  value = data.ms_scan_results.app.verdict.policy_sha256
}
