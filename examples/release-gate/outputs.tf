output "verdict" {
  description = "Outcome of the gate: pass, fail or incomplete."
  value       = data.ms_scan_results.app.verdict.outcome
}

output "message" {
  description = "What the gate decided, and why."
  value       = data.ms_scan_results.app.verdict.message
}

output "findings" {
  description = "Number of findings by severity, those that break no rule among them."
  value       = data.ms_scan_results.app.summary
}
