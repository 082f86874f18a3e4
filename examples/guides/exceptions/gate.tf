data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]

    # For every build of this app, through the last day of January in UTC.
    exception {
      category     = "vulnerability"
      id           = "MS-APP-DEBUGGABLE"
      app_pkg_name = "com.example.insecure"
      reason       = "Internal test build, never leaves the company; ticket SEC-123."
      expires_at   = "2027-01-31"
    }

    # Break glass: for this one file, until a minute that is near.
    exception {
      category   = "virus"
      id         = "EICAR-Test-File"
      app_md5    = local.package_md5
      reason     = "False alarm, confirmed with the vendor; ticket SEC-124, approved by the duty officer."
      expires_at = "2027-01-31T18:00:00+08:00"
    }
  }
}

# Exceptions that no longer cover anything, as category/id: remove them.
output "unused_exceptions" {
  value = data.ms_scan_results.app.verdict.unused_exceptions
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
