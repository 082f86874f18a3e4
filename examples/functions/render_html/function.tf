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

# Sensitive, so that no log of a run shows the whole report. Here Terraform
# demands it: the data source holds the URL, which is not in the page.
#
# terraform output -raw html >report.html
output "html" {
  value     = provider::ms::render_html(data.ms_apk_detection.app)
  sensitive = true
}
