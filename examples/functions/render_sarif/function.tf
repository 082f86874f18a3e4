variable "package_url" {
  description = "Pre-signed URL that the service downloads the package from."
  type        = string
  sensitive   = true
}

locals {
  package_md5 = filemd5("${path.module}/build/app.apk")
}

resource "ms_scan_instance" "app" {
  app_infos = [{ app_url = var.package_url, app_md5 = local.package_md5 }]
}

data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]

    # Anything but a pass only warns, so that there is a report in any case.
    enforcement = "advisory"
  }
}

# Sensitive, so that no log of a run shows the whole report.
#
# terraform output -raw sarif >report.sarif
output "sarif" {
  value     = provider::ms::render_sarif(data.ms_scan_results.app)
  sensitive = true
}
