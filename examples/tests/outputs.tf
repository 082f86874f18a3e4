output "released" {
  description = "MD5 of the package that was released."
  value       = terraform_data.release.output.package_md5
}

output "verdict" {
  description = "Outcome of the gate: pass, fail or incomplete."
  value       = data.ms_scan_results.app.verdict.outcome
}
