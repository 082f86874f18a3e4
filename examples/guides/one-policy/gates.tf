# The security team owns this file; see the guide for how to take it from a
# repository of its own.
locals {
  policy = file("security/policy.yaml")
}

variable "host_task_id" {
  description = "ID of the vulnerability scan of the hosts."
  type        = number
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  # What names the release is in the block, the rules are in the document.
  gate {
    policy        = local.policy
    required_md5s = [local.package_md5]
  }
}

data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = local.package_md5

  gate {
    policy = local.policy
  }
}

data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = var.host_task_id

  gate {
    policy = local.policy

    # The strictest value of each rule applies: this project accepts less.
    max_age = "24h"

    denied {
      category = "vulnerability"
      id       = "CVE-2014-0160"
    }
  }
}
