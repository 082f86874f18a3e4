variable "image" {
  description = "Image to release, with its digest, as in ccr.ccs.tencentyun.com/acme/api@sha256:…"
  type        = string
}

# Scans this content once, however often it is tagged.
resource "ms_tcss_vul_scan" "api" {
  images = [var.image]
}

data "ms_tcss_image_findings" "api" {
  image   = var.image
  scan_id = ms_tcss_vul_scan.api.id

  gate {
    fail_on = "high"

    exception {
      category   = "vulnerability"
      id         = "CVE-2023-44487"
      reason     = "HTTP/2 is turned off; ticket SEC-123"
      expires_at = "2027-01-31"
      image      = "ccr.ccs.tencentyun.com/acme/api"
    }
  }
}

# Only what refers to the verdict is held back by the gate.
resource "terraform_data" "release" {
  input = data.ms_tcss_image_findings.api.verdict.outcome
}
