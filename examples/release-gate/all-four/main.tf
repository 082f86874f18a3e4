# One release behind four gates: the scan of the package, the detection of the
# package, a scan of the container image that is released with it, and a scan of
# the hosts that both go to.
#
#   ms_scan_instance -> ms_scan_results        (gate) -+
#                       ms_apk_detection       (gate) -+
#   ms_tcss_vul_scan -> ms_tcss_image_findings (gate) -+-> terraform_data.release
#   ms_cwp_scan      -> ms_cwp_findings        (gate) -+
#
# The provider takes TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY from the
# environment.

terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# In production add domain = "tencentcloudapi.com": then no variable of the
# environment can redirect the requests to another endpoint.
provider "ms" {}

locals {
  package_md5 = filemd5(var.package)
}

# Each of the three scans is submitted once: for another package, another image,
# other hosts or another value of the trigger, and for nothing else.
resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = local.package_md5
    },
  ]
}

resource "ms_tcss_vul_scan" "image" {
  images = [var.image]
}

resource "ms_cwp_scan" "hosts" {
  module_type = "Vul"
  quuids      = var.quuids

  triggers = {
    scan = var.host_scan
  }
}

# An advisory gate only warns: each of the four tells what it found, even where
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

data "ms_tcss_image_findings" "image" {
  image   = var.image
  scan_id = ms_tcss_vul_scan.image.id

  gate {
    enforcement = "advisory"
  }
}

data "ms_cwp_findings" "hosts" {
  module_type = "Vul"
  quuids      = var.quuids
  task_id     = ms_cwp_scan.hosts.task_id

  gate {
    enforcement = "advisory"
  }
}

locals {
  verdicts = {
    "scan of the package"      = data.ms_scan_results.app.verdict
    "detection of the package" = data.ms_apk_detection.app.verdict
    "scan of the image"        = data.ms_tcss_image_findings.image.verdict
    "scan of the hosts"        = data.ms_cwp_findings.hosts.verdict
  }
}

# Whatever publishes the package and deploys the image goes here, or refers to
# this resource. Another release updates it in place, after all gates have passed:
# one that is stopped leaves the release before it as it is.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    image       = var.image
    verdicts    = { for name, verdict in local.verdicts : name => verdict.outcome }
  }

  lifecycle {
    precondition {
      condition     = alltrue([for verdict in local.verdicts : verdict.passed])
      error_message = "Not every gate passes. The warnings say which one does not, why, and what would make it pass."
    }
  }
}
