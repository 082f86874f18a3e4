# With real calls, to the emulator: packages, an image and hosts are scanned and
# judged. The environment says where the emulator is, and a file of variables where
# the packages are, see README.md.

# The account is the emulator's. Where the environment leads to the cloud instead,
# the provider refuses to go on, and nothing is submitted or paid for.
provider "ms" {
  allowed_account_ids = ["100000000001"]
  journal_dir         = "none"
}

# An image and hosts of the emulator's own scenario, on which nothing is found.
variables {
  image  = "registry.example.com/acme/api@sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc"
  quuids = ["quuid-app-0002"]
}

run "a_clean_package_is_released" {
  variables {
    package_url = var.clean_url
    package_md5 = var.clean_md5
  }

  assert {
    condition     = alltrue([for status in [ms_scan_instance.app.status, ms_tcss_vul_scan.image.status, ms_cwp_scan.hosts.status] : status == "completed"])
    error_message = "The scans are ${ms_scan_instance.app.status}, ${ms_tcss_vul_scan.image.status} and ${ms_cwp_scan.hosts.status}."
  }

  assert {
    condition     = data.ms_scan_results.app.summary.high + data.ms_scan_results.app.summary.critical == 0
    error_message = "There are findings in the clean package."
  }

  assert {
    condition     = alltrue([for outcome in output.verdicts : outcome == "pass"]) && output.released.package_md5 == var.clean_md5
    error_message = "The outcomes are ${jsonencode(output.verdicts)}."
  }
}

# The same content under another URL is no new scan. Of a scan that is still to be
# submitted a plan would not know the status.
run "another_url_is_no_new_scan" {
  command = plan

  variables {
    package_url = "${var.clean_url}?sign=another"
    package_md5 = var.clean_md5
  }

  assert {
    condition     = ms_scan_instance.app.status == "completed"
    error_message = "The plan does not keep the scan."
  }
}

# expect_failures names objects with checks, which the error of a mandatory gate is
# not. So the gate leaves it to the precondition of the release here.
run "an_infected_package_is_not_released" {
  variables {
    package_url = var.infected_url
    package_md5 = var.infected_md5
    enforcement = "none"
  }

  expect_failures = [terraform_data.release]
}

# What failed above is in the state of this test, so that its findings can be looked at.
run "the_verdict_says_why" {
  command = plan

  variables {
    package_url = var.infected_url
    package_md5 = var.infected_md5
    enforcement = "none"
  }

  expect_failures = [terraform_data.release]

  assert {
    condition     = data.ms_scan_results.app.verdict.outcome == "fail"
    error_message = "The verdict is ${data.ms_scan_results.app.verdict.outcome}."
  }

  assert {
    condition     = anytrue([for v in data.ms_scan_results.app.verdict.violations : v.severity == "critical" || v.severity == "high"])
    error_message = "The verdict names no finding."
  }
}

# The image is judged in the apply that scans it, the hosts are not scanned again.
run "a_vulnerable_image_is_not_released" {
  variables {
    package_url = var.clean_url
    package_md5 = var.clean_md5
    image       = "registry.example.com/acme/web@sha256:f4fc6ea8c957b88979b2f3052933da0624d6e03961715af8fc4c3c25ccdb4fc5"
    enforcement = "none"
  }

  expect_failures = [terraform_data.release]
}
