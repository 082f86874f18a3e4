terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "package" {
  description = "Path of the Android package."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file."
  type        = string
  sensitive   = true
}

# Not object({…}): the conversion would silently drop a misspelled rule.
variable "policy" {
  description = "Policy document: version, gate, sources, exceptions, denied."
  type        = any
}

locals {
  package_md5 = filemd5(var.package)
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = local.package_md5
    },
  ]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    policy        = yamlencode(var.policy)
    required_md5s = [local.package_md5]
  }
}

output "passed" {
  description = "The package that passed, by its MD5, and the verdict. Whatever is to be held back refers to this."
  value = {
    package_md5   = local.package_md5
    verdict       = data.ms_scan_results.app.verdict.outcome
    policy_sha256 = data.ms_scan_results.app.verdict.policy_sha256
  }
}
