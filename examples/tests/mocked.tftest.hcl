# With mocks only: the provider is asked for its schema and nothing else. There is
# no scan, no call, and no need of credentials. What is tested is the module: that
# it submits what it is given, and releases what passes and nothing else.
#
# Every result of a resource and of a data source is a computed attribute, so that
# a test can give it. Terraform makes up what is left out of an object, and
# leaves a list of objects empty, which no test can give it. OpenTofu takes
# mocked.tofutest.hcl in place of this file.

# Unless a test says otherwise, every scan is completed and every gate passes. What
# is not given is made up, which ids that are checked would not bear.
mock_provider "ms" {
  mock_resource "ms_tcss_vul_scan" {
    defaults = {
      id      = "registry/17"
      task_id = 17
      status  = "completed"
    }
  }

  mock_resource "ms_cwp_scan" {
    defaults = {
      id      = "Vul/123"
      task_id = 123
      status  = "completed"
    }
  }

  mock_data "ms_scan_results" {
    defaults = {
      verdict = {
        outcome = "pass"
        passed  = true
        message = "The security gate passed: nothing was found."
      }
    }
  }

  mock_data "ms_tcss_image_findings" {
    defaults = {
      verdict = {
        outcome = "pass"
        passed  = true
        message = "The security gate passed: nothing was found."
      }
    }
  }

  mock_data "ms_cwp_findings" {
    defaults = {
      verdict = {
        outcome = "pass"
        passed  = true
        message = "The security gate passed: nothing was found."
      }
    }
  }
}

variables {
  package_url = "https://example.com/app.apk?sign=0123456789abcdef"
  package_md5 = "0123456789abcdef0123456789abcdef"
  image       = "registry.example.com/acme/api@sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc"
  quuids      = ["0c8b9a4e-2f4b-4d8e-9c83-5f1f0f5c2f11"]
}

run "what_passes_is_released" {
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

  assert {
    condition     = ms_scan_instance.app.app_infos[0].app_md5 == var.package_md5 && ms_tcss_vul_scan.image.images == toset([var.image]) && ms_cwp_scan.hosts.quuids == toset(var.quuids)
    error_message = "The module does not submit what it was given."
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
    condition     = data.ms_tcss_image_findings.image.image == var.image && data.ms_tcss_image_findings.image.scan_id == "registry/17"
    error_message = "The gate judges another image or another scan."
  }

  assert {
    condition     = data.ms_cwp_findings.hosts.quuids == toset(var.quuids) && data.ms_cwp_findings.hosts.task_id == 123
    error_message = "The gate judges other hosts or another scan."
  }

  assert {
    condition     = alltrue([for gate in [data.ms_scan_results.app.gate, data.ms_tcss_image_findings.image.gate, data.ms_cwp_findings.hosts.gate] : gate.enforcement == "mandatory"])
    error_message = "A gate is not mandatory by default."
  }

  assert {
    condition     = output.released.package_md5 == var.package_md5 && output.released.image == var.image
    error_message = "Nothing is released, although all gates pass."
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

# The scans of the image and the hosts are in the state by now, so that their gates
# are judged in the plan.
run "an_image_without_evidence_is_not_released" {
  command = plan

  override_data {
    target = data.ms_tcss_image_findings.image
    values = {
      scan_status = "SCAN_ERR"
      verdict = {
        outcome = "incomplete"
        passed  = false
        message = "The security gate is incomplete: no rule is violated, but the results are incomplete."
      }
    }
  }

  expect_failures = [terraform_data.release]
}

run "hosts_that_fail_are_not_released_to" {
  command = plan

  override_data {
    target = data.ms_cwp_findings.hosts
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
