data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]
    max_age       = "168h"
  }
}

resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }

  # A saved plan is not judged again when it is applied. timestamp() is not known
  # in the plan, so that this is looked at when it is applied.
  lifecycle {
    precondition {
      condition     = timecmp(timestamp(), coalesce(data.ms_scan_results.app.verdict.valid_until, "9999-12-31T23:59:59Z")) < 0
      error_message = "The verdict was valid until ${coalesce(data.ms_scan_results.app.verdict.valid_until, "for ever")}. Plan again."
    }
  }
}
