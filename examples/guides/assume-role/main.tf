terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Keys of the environment, a tccli profile or the machine's own role assume the
# role "scanner" of another account.
provider "ms" {
  assume_role = {
    role_arn         = "qcs::cam::uin/100000000001:roleName/scanner"
    session_name     = "release-pipeline"
    session_duration = 3600
    external_id      = "release-42"
  }

  # A key of any other account is refused before anything is submitted.
  allowed_account_ids = ["100000000001"]
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
