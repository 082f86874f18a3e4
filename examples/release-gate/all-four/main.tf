# One release behind four gates: the scan of the package, the detection of the
# package, a scan of the hosts that it is released to, and a scan of the images.
#
#   ms_scan_instance -> ms_scan_results          (gate) -+
#                       ms_apk_detection         (gate) -+
#                       ms_cwp_scan_task_details (gate) -+-> terraform_data.release
#                       ms_tcss_vul_scan_info    (gate) -+
#
# The provider takes TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY from the
# environment. The tasks of the hosts and images were started elsewhere.

terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# In production add domain = "tencentcloudapi.com": then no variable of the
# environment can put another judge in the place of Tencent Cloud.
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

# An advisory gate only warns: each of the four tells what it found, also where
# another one fails. What stops the release is its precondition below: keep it.
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    enforcement   = "advisory"
  }
}

data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = local.package_md5

  gate {
    enforcement = "advisory"
  }
}

data "ms_cwp_scan_task_details" "hosts" {
  module_type = "Vul"
  task_id     = var.host_task_id

  gate {
    enforcement = "advisory"
  }
}

data "ms_tcss_vul_scan_info" "images" {
  local_task_id    = var.local_image_task_id
  registry_task_id = var.registry_image_task_id

  gate {
    enforcement = "advisory"
  }
}

locals {
  verdicts = {
    "scan of the package"      = data.ms_scan_results.app.verdict
    "detection of the package" = data.ms_apk_detection.app.verdict
    "scan of the hosts"        = data.ms_cwp_scan_task_details.hosts.verdict
    "scan of the images"       = data.ms_tcss_vul_scan_info.images.verdict
  }
}

# Whatever publishes the package goes here, or refers to this resource.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdicts    = { for name, verdict in local.verdicts : name => verdict.outcome }
  }

  # Each build is a release of its own.
  triggers_replace = local.package_md5

  lifecycle {
    # Without this, the release before would be destroyed first, and then the new
    # package scanned, judged, and perhaps stopped.
    create_before_destroy = true

    # One gate that does not pass is enough, even in a plan where another one has
    # yet to be asked: then no scan is submitted.
    precondition {
      condition     = alltrue([for verdict in local.verdicts : verdict.passed])
      error_message = "Not every gate passes. The warnings say which one does not, why, and what would make it pass."
    }
  }
}
