# The second root module: signs a URL of the uploaded package, has it scanned,
# judges the result, and releases what passes. Its state has to be kept: without
# it, the next run submits the same package again, and pays for it again.

terraform {
  required_version = ">= 1.8"

  # backend "cos" {} # or another one that locks the state

  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Both take TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and
# TENCENTCLOUD_REGION from the environment.
provider "tencentcloud" {}

provider "ms" {
  domain = "tencentcloudapi.com"
}

variable "package" {
  description = "Path of the Android package. Absolute where -chdir is used."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket that ../upload writes to."
  type        = string
}

locals {
  # The MD5 of the file at hand: the service refuses a download with another one.
  package_md5 = filemd5(var.package)
}

# The URL is signed on this machine, while planning, and each run signs a new
# one: that is no new scan. It must outlive the wait for a place in the service's
# queue, and the time between a saved plan and its apply. The default is 1m.
data "tencentcloud_cos_object_signed_url" "package" {
  bucket   = var.bucket
  path     = "scan/${local.package_md5}.apk" # as in ../upload
  duration = "12h"
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = data.tencentcloud_cos_object_signed_url.package.signed_url
      app_md5 = local.package_md5
    },
  ]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    fail_on       = "high"
  }
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}

# Which scan this is, and whether the service still needs the object.
output "scan_status" {
  value = ms_scan_instance.app.status
}

output "released" {
  value = terraform_data.release.output
}
