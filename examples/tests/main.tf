# A root module with tests: a scan, a gate, and a release that the verdict holds
# back. See README.md for how to run the tests.

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

resource "terraform_data" "release" {
  input = {
    package_md5 = var.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }

  # Holds the release back also where the gate is not mandatory. Unlike the
  # gate's own error it can be named in expect_failures.
  lifecycle {
    precondition {
      condition     = data.ms_scan_results.app.verdict.passed
      error_message = data.ms_scan_results.app.verdict.message
    }
  }
}
