data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id

  gate {
    required_md5s = [local.package_md5]

    # What was known when the gate was introduced does not count; what is new does.
    baseline = fileexists("baseline.json") ? jsondecode(file("baseline.json")) : []

    # Only while recording. It is no rule: verdict.policy_sha256 leaves it out.
    record_fingerprints = true

    # Records without stopping anything. Take it out once baseline.json is there.
    enforcement = fileexists("baseline.json") ? "mandatory" : "advisory"
  }
}

#   terraform output -json fingerprints >baseline.json
output "fingerprints" {
  value = data.ms_scan_results.app.verdict.fingerprints
}

# The release. It refers to the verdict, so the gate holds it back.
resource "terraform_data" "release" {
  input = {
    package_md5 = local.package_md5
    verdict     = data.ms_scan_results.app.verdict.outcome
  }
}
