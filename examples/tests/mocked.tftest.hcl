# With mocks only: the provider is asked for its schema and nothing else. There is
# no scan, no call, and no need of credentials. What is tested is the module: that
# it submits what it is given, and releases what passes and nothing else.
#
# Every result of a resource and of a data source is a computed attribute, so that
# a test can give it. Terraform makes up what is left out of an object, and
# leaves a list of objects empty, which no test can give it. OpenTofu takes
# mocked.tofutest.hcl in place of this file.

mock_provider "ms" {}

variables {
  package_url = "https://example.com/app.apk?sign=0123456789abcdef"
  package_md5 = "0123456789abcdef0123456789abcdef"
}

run "a_package_that_passes_is_released" {
  override_resource {
    target = ms_scan_instance.app
    values = {
      id                = "0123456789"
      item_id           = "0123456789"
      status            = "completed"
      accepted_app_md5s = ["0123456789abcdef0123456789abcdef"]
      rejected_app_md5s = []
    }
  }

  override_data {
    target = data.ms_scan_results.app
    values = {
      status = "completed"
      verdict = {
        outcome = "pass"
        passed  = true
        message = "The security gate passed: nothing was found."
      }
    }
  }

  assert {
    condition     = ms_scan_instance.app.app_infos[0].app_md5 == var.package_md5
    error_message = "The module does not submit the package that it was given."
  }

  assert {
    condition     = data.ms_scan_results.app.item_id == "0123456789"
    error_message = "The gate judges another scan than that of the package."
  }

  assert {
    condition     = data.ms_scan_results.app.gate.required_md5s == toset([var.package_md5])
    error_message = "The gate is not bound to the package."
  }

  assert {
    condition     = data.ms_scan_results.app.gate.enforcement == "mandatory"
    error_message = "The gate is not mandatory by default."
  }

  assert {
    condition     = output.released == var.package_md5
    error_message = "The package is not released, although the gate passes."
  }
}

run "a_package_that_fails_is_not_released" {
  variables {
    package_md5 = "fedcba9876543210fedcba9876543210"
  }

  override_data {
    target = data.ms_scan_results.app
    values = {
      status = "completed"
      verdict = {
        outcome = "fail"
        passed  = false
        message = "The security gate failed: 1 finding violates the gate."
      }
    }
  }

  expect_failures = [terraform_data.release]
}

# Incomplete is no pass: nothing shows that the package is clean.
run "a_package_without_evidence_is_not_released" {
  override_data {
    target = data.ms_scan_results.app
    values = {
      status = "processing"
      verdict = {
        outcome = "incomplete"
        passed  = false
        message = "The security gate is incomplete: no rule is violated, but the results are incomplete."
      }
    }
  }

  expect_failures = [terraform_data.release]
}
