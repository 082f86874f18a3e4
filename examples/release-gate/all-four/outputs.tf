# A run that is stopped keeps the output of the run before, so it says what it is
# about. Whether this run passed is what its exit code tells.
output "verdicts" {
  description = "Outcome of each gate (pass, fail or incomplete), with the package and the image that they are about."
  value = {
    package_md5 = local.package_md5
    image       = var.image
    outcomes    = { for name, verdict in local.verdicts : name => verdict.outcome }
  }
}
