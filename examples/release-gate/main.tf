# Packages are scanned, a gate judges the result, and the release happens only
# if the gate passes:
#
#   ms_scan_instance -> ms_scan_results (gate) -> terraform_data.release
#
# The provider takes TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY from the
# environment. Then, with the file and a URL of it that the service can download:
#
#   terraform apply -var package=build/app.apk -var package_url=https://…

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
  # The MD5 of the file at hand, not of whatever the URL serves: the service
  # refuses a download with another MD5, and the gate a result for another file.
  package_md5 = filemd5(var.package)
}

# One submission, which is paid for. It is repeated only for another MD5: not
# for another URL, and not because the gate failed.
resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = local.package_md5
    },
  ]
}

# Waits for the results and judges them. Anything but a pass is an error, in
# "plan" as soon as there are results, and in the "apply" that makes the scan.
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    fail_on       = var.fail_on
  }
}

# The release. Only what refers to the verdict is held back by the gate, so keep
# the reference. Whatever publishes the package goes here, or refers to this
# resource in its turn.
#
# Another build updates it in place, after the gate has passed: a build that is
# stopped leaves the release before it as it is. Do not replace it (as by
# triggers_replace), which destroys that release before the new build is scanned.
resource "terraform_data" "release" {
  input = {
    package_md5   = local.package_md5
    verdict       = data.ms_scan_results.app.verdict.outcome
    policy_sha256 = data.ms_scan_results.app.verdict.policy_sha256
  }
}
