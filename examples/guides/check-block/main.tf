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
}

# A check block reports, and never stops anything: not even a mandatory gate does
# that here.
check "app_is_clean" {
  data "ms_scan_results" "app" {
    item_id = ms_scan_instance.app.item_id

    gate = {
      required_md5s = [local.package_md5]
      enforcement   = "none"
    }
  }

  assert {
    condition     = data.ms_scan_results.app.verdict.passed
    error_message = data.ms_scan_results.app.verdict.message
  }
}
