locals {
  app = provider::ms::inspect_apk("${path.module}/build/app.apk")
}

# A build that nobody would release is stopped here, before a scan is paid for.
resource "terraform_data" "build" {
  input = local.app.sha256

  lifecycle {
    precondition {
      condition     = startswith(local.app.package, "com.example.") && local.app.target_sdk_version >= 34
      error_message = "This is another app, or it targets an older API level."
    }
    precondition {
      # null: the manifest does not say, and the platform assumes false
      condition     = !coalesce(local.app.debuggable, false)
      error_message = "A debuggable build is not released."
    }
    precondition {
      condition     = length(setsubtract(local.app.permissions, ["android.permission.INTERNET"])) == 0
      error_message = "Nobody has agreed to all of these permissions: ${join(", ", local.app.permissions)}."
    }
    precondition {
      # Read, not verified: this detects a wrong key, but no forgery.
      condition     = local.app.certificate_sha256s == tolist(["f001414f31afbb34027eee5eba7e4bc72274b111ed4649cae33a3dc8f68399a7"])
      error_message = "The build is signed by another key."
    }
  }
}

output "version" {
  value = "${local.app.version_name} (${local.app.version_code})"
}
