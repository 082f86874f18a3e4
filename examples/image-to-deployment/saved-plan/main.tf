# For a pipeline that saves a plan, has it approved, and applies it later.

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

data "ms_tcss_image_findings" "image" {
  image   = local.image
  scan_id = ms_tcss_vul_scan.image.id

  gate {
    fail_on = "high"
    max_age = "168h"
  }
}

resource "terraform_data" "deployment" {
  input = {
    image   = local.image
    verdict = data.ms_tcss_image_findings.image.verdict.outcome
  }

  lifecycle {
    precondition {
      condition     = data.ms_tcss_image_findings.image.verdict.outcome == "pass"
      error_message = data.ms_tcss_image_findings.image.verdict.message
    }

    # A saved plan is not judged again when it is applied. timestamp() is not known
    # in the plan, so this is checked when it is applied. There is always an end,
    # since the gate has max_age.
    precondition {
      condition     = timecmp(timestamp(), data.ms_tcss_image_findings.image.verdict.valid_until) < 0
      error_message = "The verdict was valid until ${data.ms_tcss_image_findings.image.verdict.valid_until}. Plan again."
    }
  }
}
