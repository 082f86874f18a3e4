variable "package_url" {
  description = "URL from which the service can download build/app.apk, in practice a pre-signed one."
  type        = string
  sensitive   = true
}

resource "ms_scan_instance" "app" {
  app_infos = [
    {
      app_url = var.package_url
      app_md5 = filemd5("build/app.apk")
    },
  ]

  scan_info {
    scan_types = ["VULSCAN", "VIRUSSCAN", "PERMISSION"]
  }

  lifecycle {
    # Holds back what depends on the scan until it is complete. This is not the
    # gate: it says that the scan was done, not what was found. For that, see the
    # data source ms_scan_results.
    postcondition {
      condition     = self.status == "completed"
      error_message = "The scan ${coalesce(self.item_id, "(of unknown id)")} is ${self.status}, not completed."
    }
  }
}
