# The image that build.sh pushed is scanned once, and deployed only if the gate
# passes:
#
#   ms_tcss_vul_scan -> ms_tcss_image_findings (gate) -> terraform_data.deployment

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
  # Written by "docker buildx build --metadata-file".
  build = jsondecode(file("build/metadata.json"))
  image = "${var.repository}@${local.build["containerimage.digest"]}"
}

# Each scan of an image is paid for. This one is repeated only for another digest:
# not for another tag, and not because the gate failed.
resource "ms_tcss_vul_scan" "image" {
  images = [local.image]

  lifecycle {
    # Stops the plan early; without it the scan would say that the service does not
    # list this digest.
    precondition {
      condition     = !can(regex("index|manifest\\.list", local.build["containerimage.descriptor"].mediaType))
      error_message = "The digest is that of an index, not of an image. Build for one platform, with --provenance=false."
    }
  }
}

data "ms_tcss_image_findings" "image" {
  image   = local.image
  scan_id = ms_tcss_vul_scan.image.id

  gate {
    fail_on = "high"

    # Until then, and in this repository only.
    exception {
      category   = "vulnerability"
      id         = "CVE-2023-44487"
      image      = "ccr.ccs.tencentyun.com/acme/api"
      reason     = "HTTP/2 is turned off; ticket SEC-123"
      expires_at = "2027-01-31"
    }
  }
}

# Whatever deploys the image goes here, or refers to this resource. Another image
# updates it in place, after the gate has passed.
resource "terraform_data" "deployment" {
  input = {
    image   = local.image
    verdict = data.ms_tcss_image_findings.image.verdict.outcome
  }

  # Holds the deployment back even where somebody makes the gate advisory.
  lifecycle {
    precondition {
      condition     = data.ms_tcss_image_findings.image.verdict.outcome == "pass"
      error_message = data.ms_tcss_image_findings.image.verdict.message
    }
  }
}
