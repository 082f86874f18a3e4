# A root module with tests: a package, a container image and hosts are scanned, and
# a release that the three verdicts hold back. See README.md for how to run the
# tests.

terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = var.package_md5
    },
  ]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [var.package_md5]
    enforcement   = var.enforcement
  }
}

resource "ms_tcss_vul_scan" "image" {
  images = [var.image]
}

data "ms_tcss_image_findings" "image" {
  image   = var.image
  scan_id = ms_tcss_vul_scan.image.id

  gate {
    enforcement = var.enforcement
  }
}

resource "ms_cwp_scan" "hosts" {
  module_type = "Vul"
  quuids      = var.quuids
}

data "ms_cwp_findings" "hosts" {
  module_type = "Vul"
  quuids      = var.quuids
  task_id     = ms_cwp_scan.hosts.task_id

  gate {
    enforcement = var.enforcement
  }
}

locals {
  verdicts = {
    package = data.ms_scan_results.app.verdict
    image   = data.ms_tcss_image_findings.image.verdict
    hosts   = data.ms_cwp_findings.hosts.verdict
  }
}

resource "terraform_data" "release" {
  input = {
    package_md5 = var.package_md5
    image       = var.image
    verdicts    = { for name, verdict in local.verdicts : name => verdict.outcome }
  }

  # Holds the release back also where the gates are not mandatory. Unlike a gate's
  # own error it can be named in expect_failures.
  lifecycle {
    precondition {
      condition     = alltrue([for verdict in local.verdicts : verdict.passed])
      error_message = join("\n", [for verdict in local.verdicts : verdict.message if !verdict.passed])
    }
  }
}
