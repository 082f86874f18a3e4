variable "image" {
  description = "Image to scan, with its digest, as in ccr.ccs.tencentyun.com/acme/api@sha256:…"
  type        = string
}

resource "ms_tcss_vul_scan" "api" {
  images = [var.image]

  # The service scans an image once for each content. A new value asks for
  # another scan of the same one, since new vulnerabilities become known.
  triggers = {
    week = "2026-W48"
  }
}
