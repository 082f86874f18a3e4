variable "package_url" {
  description = "URL from which the service can download build/app.apk, in practice a pre-signed one."
  type        = string
  sensitive   = true
}

module "scan" {
  source = "./modules/gated-scan"

  package     = "build/app.apk"
  package_url = var.package_url
  policy      = yamldecode(file("security/policy.yaml"))
}

# The release. It refers to an output of the module that refers to the verdict.
resource "terraform_data" "release" {
  input = module.scan.passed
}
