terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "token_file" {
  description = "File with the token of the CI system or of Kubernetes. It is read at each refresh of the credentials."
  type        = string
}

# No key at all: the token of an identity provider assumes the role.
provider "ms" {
  assume_role_with_web_identity {
    provider_id             = "ci"
    role_arn                = "qcs::cam::uin/100000000001:roleName/scanner"
    session_name            = "release-pipeline"
    web_identity_token_file = var.token_file
  }
}
