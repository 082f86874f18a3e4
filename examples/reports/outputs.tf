# Reports are sensitive, so that no log of a run shows a whole one. With
# ms_apk_detection Terraform demands it: that data source holds the URL of the
# package, which is in none of the reports.

output "sarif" {
  description = "For code scanning."
  value       = provider::ms::render_sarif(local.scans)
  sensitive   = true
}

output "junit" {
  description = "For the test results of a CI system."
  value       = provider::ms::render_junit(local.scans)
  sensitive   = true
}

output "html" {
  description = "A page to keep, and to send."
  value       = provider::ms::render_html(local.scans)
  sensitive   = true
}

output "markdown" {
  description = "A comment on a pull request."
  value       = provider::ms::render_markdown(local.scans)
  sensitive   = true
}

output "passed" {
  description = "Whether both gates pass."
  value       = alltrue([for scan in local.scans : scan.verdict.passed])
}

output "complete" {
  description = "Whether both answers prove something: alerts must not be closed by one that does not."
  value       = alltrue([for scan in local.scans : scan.verdict.outcome != "incomplete"])
}
