terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

provider "ms" {
  # Four pipelines run at once on this account; the service allows 20 requests
  # per second for each action.
  requests_per_second = 5
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

# How many scans the account has left, as the submission said.
output "limit_count" {
  value = ms_scan_instance.app.limit_count

  precondition {
    condition     = coalesce(ms_scan_instance.app.limit_count, 0) >= 100
    error_message = "Fewer than 100 scans are left. Buy more before the releases of the month."
  }
}
