terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

provider "ms" {
  # Four pipelines run at once on this account; the service allows 20 requests
  # per second for each action.
  requests_per_second = 5
}

# How many scans the account has left, as the submission said.
output "limit_count" {
  value = ms_scan_instance.app.limit_count

  precondition {
    condition     = coalesce(ms_scan_instance.app.limit_count, 0) >= 100
    error_message = "Fewer than 100 scans are left. Buy more before the releases of the month."
  }
}
