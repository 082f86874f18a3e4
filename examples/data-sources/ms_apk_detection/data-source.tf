variable "package_url" {
  description = "URL from which the service can download build/app.apk, in practice a pre-signed one."
  type        = string
  sensitive   = true
}

# Reading it submits the package and waits for the result, so that the gate
# works in "terraform plan".
data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = filemd5("build/app.apk")

  gate {
    fail_on           = "high"
    denied_categories = ["ad"]
  }

  timeouts {
    read = "1h"
  }
}

# Only what refers to the verdict is held back by the gate.
resource "terraform_data" "release" {
  input = data.ms_apk_detection.app.verdict.outcome
}
