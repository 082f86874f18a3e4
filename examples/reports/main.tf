# Scans a package and writes four reports of what was found. Nothing is released
# here: that is another configuration, whose gate is mandatory.
#
#   terraform apply -var package=build/app.apk -var package_url=https://…
#   terraform output -raw sarif >report.sarif

terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# In production add domain = "tencentcloudapi.com": then no variable of the
# environment can redirect requests to another endpoint.
provider "ms" {}

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
    required_md5s = [local.package_md5]
    fail_on       = var.fail_on

    # A mandatory gate that does not pass would end the run, and leave nothing
    # to report.
    enforcement = "advisory"
  }
}

data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = local.package_md5

  gate {
    fail_on     = var.fail_on
    enforcement = "advisory"
  }
}

locals {
  scans = [data.ms_scan_results.app, data.ms_apk_detection.app]
}
