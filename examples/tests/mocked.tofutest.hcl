# With mocks only: the provider is asked for its schema and nothing else. There is
# no scan, no call, and no need of credentials. What is tested is the module: that
# it submits what it is given, and releases what passes and nothing else.
#
# Every result of a resource and of a data source is a computed attribute, so that
# a test can give it. OpenTofu wants the whole of an object, lists of objects among
# it, and takes this file in place of mocked.tftest.hcl, which is Terraform's.

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
        outcome           = "pass"
        passed            = true
        message           = "The security gate passed: nothing was found."
        reasons           = []
        violations        = []
        violation_count   = 0
        excepted_count    = 0
        baselined_count   = 0
        unused_exceptions = []
        valid_until       = null
        policy_sha256     = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        endpoint          = "https://tencentcloudapi.com"
        fingerprints      = null
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
        reasons = []
        violations = [
          {
            rule        = "fail_on"
            category    = "virus"
            severity    = "critical"
            id          = "EICAR-Test-File"
            name        = "EICAR-Test-File"
            location    = null
            app_md5     = "fedcba9876543210fedcba9876543210"
            fingerprint = "00112233445566778899aabbccddeeff"
          },
        ]
        violation_count   = 1
        excepted_count    = 0
        baselined_count   = 0
        unused_exceptions = []
        valid_until       = null
        policy_sha256     = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        endpoint          = "https://tencentcloudapi.com"
        fingerprints      = null
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
        reasons = [
          {
            code   = "wait_timed_out"
            detail = "the scan was not finished within timeouts.read (3h0m0s)"
          },
        ]
        violations        = []
        violation_count   = 0
        excepted_count    = 0
        baselined_count   = 0
        unused_exceptions = []
        valid_until       = null
        policy_sha256     = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        endpoint          = "https://tencentcloudapi.com"
        fingerprints      = null
      }
    }
  }

  expect_failures = [terraform_data.release]
}
