terraform {
  required_version = ">= 1.8"

  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "package" {
  description = "Path of the Android package."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file without authentication, in practice a pre-signed one."
  type        = string
  sensitive   = true
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = filemd5(var.package)
    },
  ]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [filemd5(var.package)]
  }
}

# Stands for the release, whatever that is: it refers to the verdict.
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict.outcome
}

output "message" {
  value = data.ms_scan_results.app.verdict.message
}
