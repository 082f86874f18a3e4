output "verdicts" {
  description = "Outcome of each gate: pass, fail or incomplete."
  value       = { for name, verdict in local.verdicts : name => verdict.outcome }
}
