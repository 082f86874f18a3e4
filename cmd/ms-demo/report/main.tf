# What "make demo APK=…" applies: one scan with every scan type, judged twice.

terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

provider "ms" {}

variable "package" {
  type = string
}

variable "package_url" {
  type      = string
  sensitive = true
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

  scan_info {
    scan_types = ["VULSCAN", "VIRUSSCAN", "ADSCAN", "PLUGINSCAN", "PERMISSION", "SENSITIVE"]
  }
}

# The gate of examples/release-gate, but for the enforcement: it shall tell.
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    enforcement   = "none"
  }
}

# A gate that no finding passes lists all of them, as the provider rates them.
data "ms_scan_results" "findings" {
  item_id         = ms_scan_instance.app.item_id
  include_details = false

  gate {
    required_md5s = [local.package_md5]
    fail_on       = "info"
    enforcement   = "none"
  }
}
