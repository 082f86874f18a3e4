terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Keys of the environment, a tccli profile or the machine's own role assume the
# role "scanner" of another account.
provider "ms" {
  assume_role {
    role_arn         = "qcs::cam::uin/100000000001:roleName/scanner"
    session_name     = "release-pipeline"
    session_duration = 3600
    external_id      = "release-42"
  }

  # A key of any other account is refused before anything is submitted.
  allowed_account_ids = ["100000000001"]
}
