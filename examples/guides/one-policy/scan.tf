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
