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

# In the place of ms_scan_instance and ms_scan_results. Nothing is kept in the
# state that a later run would have to find again.
data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = local.package_md5

  gate {
    # Viruses and repackaged apps fail by default; this adds advertising.
    denied_categories = ["ad"]
  }
}

resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_apk_detection.app.verdict.outcome
  }
}
