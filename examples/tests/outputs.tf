output "released" {
  description = "MD5 of the package, and the image, that were released."
  value = {
    package_md5 = terraform_data.release.output.package_md5
    image       = terraform_data.release.output.image
  }
}

output "verdicts" {
  description = "Outcome of each gate: pass, fail or incomplete."
  value       = { for name, verdict in local.verdicts : name => verdict.outcome }
}
