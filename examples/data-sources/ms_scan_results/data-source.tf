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

  # What the gate denies must have been scanned for: ADSCAN and PERMISSION here.
  scan_info {
    scan_types = ["VULSCAN", "VIRUSSCAN", "ADSCAN", "PERMISSION"]
  }
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    # Binds the verdict to the file.
    required_md5s = [local.package_md5]

    fail_on           = "high"
    max_findings      = { medium = 10 }
    denied_categories = ["ad"]

    denied {
      category = "permission"
      id       = "android.permission.SEND_SMS"
    }

    exception {
      category   = "vulnerability"
      id         = "the VulId of the finding"
      reason     = "Cannot be reached in this app; ticket SEC-123."
      expires_at = "2027-01-31"
    }
  }
}

# Only what refers to the verdict is held back by the gate.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
