data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    enforcement   = "none"
  }

  lifecycle {
    postcondition {
      condition     = self.verdict.passed
      error_message = self.verdict.message
    }
  }
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
