# Judges the scan that ../scan submitted, and deploys. There is no pending change
# of a scan here that could defer the gate, so it is judged in the plan, always.

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

# Where the scan's state is; in production a remote backend.
data "terraform_remote_state" "scan" {
  backend = "local"
  config = {
    path = "../scan/terraform.tfstate"
  }
}

locals {
  # The image that is about to be deployed, not what the scan says it scanned.
  image = "${var.repository}@${jsondecode(file("build/metadata.json"))["containerimage.digest"]}"
}

data "ms_tcss_image_findings" "image" {
  image   = local.image
  scan_id = data.terraform_remote_state.scan.outputs.scan_id

  # The security team owns this file.
  gate {
    policy = file("security/policy.yaml")
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
  }
}
