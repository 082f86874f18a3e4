terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Credentials of the environment, a tccli profile or the machine's own role
# assume the role "scanner" of another account.
provider "ms" {
  assume_role {
    role_arn         = "qcs::cam::uin/100000000001:roleName/scanner"
    session_name     = "release-pipeline"
    session_duration = 3600
    external_id      = "release-42"
  }

  # Credentials of any other account are refused before anything is submitted.
  allowed_account_ids = ["100000000001"]
}
