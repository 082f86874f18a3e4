# A run that the gate stops keeps the outputs of the run before, so each of them
# says which package it is about. Whether this run passed is what its exit code
# tells.

output "verdict" {
  description = "What the gate decided about the package, and why."
  value = {
    package_md5 = local.package_md5
    outcome     = data.ms_scan_results.app.verdict.outcome
    message     = data.ms_scan_results.app.verdict.message
  }
}

output "findings" {
  description = "Number of findings in the package by severity, those that violate no rule included."
  value       = merge(data.ms_scan_results.app.summary, { package_md5 = local.package_md5 })
}
