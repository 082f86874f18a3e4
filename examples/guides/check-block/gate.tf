# A check block reports, and never stops anything: not even a mandatory gate does
# that here.
check "app_is_clean" {
  data "ms_scan_results" "app" {
    item_id = ms_scan_instance.app.item_id

    gate {
      required_md5s = [local.package_md5]
      enforcement   = "none"
    }
  }

  assert {
    condition     = data.ms_scan_results.app.verdict.passed
    error_message = data.ms_scan_results.app.verdict.message
  }
}
