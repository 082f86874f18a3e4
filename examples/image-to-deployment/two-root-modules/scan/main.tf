# Scans the image, and judges nothing: it can be applied, refreshed and destroyed
# whatever was found. ../deploy takes the id of the scan from its state.

terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "repository" {
  description = "Repository that the image was pushed to, as in ccr.ccs.tencentyun.com/acme/api."
  type        = string
}

locals {
  image = "${var.repository}@${jsondecode(file("build/metadata.json"))["containerimage.digest"]}"
}

resource "ms_tcss_vul_scan" "image" {
  images = [local.image]
}

output "scan_id" {
  value = ms_tcss_vul_scan.image.id
}
