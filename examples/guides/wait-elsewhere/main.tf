terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "package_url" {
  description = "URL from which the service can download build/app.apk, in practice a pre-signed one."
  type        = string
  sensitive   = true
}

locals {
  package_md5 = filemd5("build/app.apk")
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = local.package_md5
    },
  ]

  # The id is in the state at once, whatever happens to this machine later.
  wait_for_completion = false
}

# Waits. If this runs out or is interrupted, plan or apply again: it continues.
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
  }

  timeouts {
    read = "5h"
  }
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
