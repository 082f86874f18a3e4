variable "package_url" {
  description = "Pre-signed URL that the service downloads the package from."
  type        = string
  sensitive   = true
}

data "ms_apk_detection" "app" {
  apk_url = var.package_url
  apk_md5 = filemd5("${path.module}/build/app.apk")
  gate { enforcement = "advisory" }
}

# The data source holds the sensitive URL, so that Terraform takes the page for
# sensitive too, although the URL is not in it.
#
# terraform output -raw html >report.html
output "html" {
  value     = provider::ms::render_html(data.ms_apk_detection.app)
  sensitive = true
}
