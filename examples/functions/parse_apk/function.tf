variable "package_url" {
  description = "Pre-signed URL that the service downloads the package from."
  type        = string
  sensitive   = true
}

locals {
  app = provider::ms::parse_apk("${path.module}/build/app.apk")
}

# A whole element of app_infos: what the file contains, and where the service downloads it from.
resource "ms_scan_instance" "app" {
  app_infos = [merge(local.app, { app_url = var.package_url })]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.app.app_md5]
  }
}
