terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Where the scan's state is; in production a remote backend.
data "terraform_remote_state" "scan" {
  backend = "local"
  config = {
    path = "../scan/terraform.tfstate"
  }
}

locals {
  # The file that is about to be released, not what the scan says it scanned.
  package_md5 = filemd5("build/app.apk")
}

# There is no pending change of a scan here that could put this off, so that the
# gate is judged in the plan, always.
data "ms_scan_results" "app" {
  item_id = data.terraform_remote_state.scan.outputs.item_id

  gate {
    required_md5s = [local.package_md5]
  }
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
