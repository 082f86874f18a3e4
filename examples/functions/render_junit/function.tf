variable "item_id" {
  description = "Id of the scan, as ms_scan_instance gives it."
  type        = string
}

data "ms_scan_results" "app" {
  item_id = var.item_id

  gate = {
    required_md5s = [filemd5("${path.module}/build/app.apk")]

    # Anything but a pass only warns, so that there is a report in any case.
    enforcement = "advisory"
  }
}

# terraform output -raw junit >report.xml
output "junit" {
  value = provider::ms::render_junit(data.ms_scan_results.app)
}
