package functions_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// found are data sources of hosts and an image that have findings, with and without their details, and gates that
// record fingerprints.
func found(cloud *acctest.Cloud) string {
	return cloud.Provider() + `
locals {
  image = "registry.example.com/acme/web@sha256:f4fc6ea8c957b88979b2f3052933da0624d6e03961715af8fc4c3c25ccdb4fc5"
  hosts = ["quuid-app-0001", "quuid-db-0001", "quuid-off-0001"]
}
resource "ms_tcss_vul_scan" "web" {
  images = [local.image]
}
resource "ms_cwp_scan" "fleet" {
  for_each    = toset(["Vul", "Malware"])
  module_type = each.key
  quuids      = local.hosts
}
data "ms_tcss_image_findings" "web" {
  for_each        = { all = true, brief = false }
  image           = local.image
  scan_id         = ms_tcss_vul_scan.web.id
  include_details = each.value
  gate {
    record_fingerprints = each.value
    enforcement         = "none"
  }
}
data "ms_cwp_findings" "fleet" {
  for_each        = { all = ["Vul", true], brief = ["Vul", false], malware = ["Malware", true], briefmalware = ["Malware", false] }
  module_type     = each.value[0]
  quuids          = local.hosts
  task_id         = ms_cwp_scan.fleet[each.value[0]].task_id
  include_details = each.value[1]
  gate {
    record_fingerprints = each.value[1]
    enforcement         = "none"
  }
}
locals {
  all = merge({ for name, scan in data.ms_tcss_image_findings.web : "data.ms_tcss_image_findings.web[\"${name}\"]" => scan },
    { for name, scan in data.ms_cwp_findings.fleet : "data.ms_cwp_findings.fleet[\"${name}\"]" => scan })
}
`
}

// TestAccRender_showsWhatTheGatesSawOfHostsAndImages is [TestAccRender_showsWhatTheGatesSaw] for the data sources of
// findings. Without details a report has the violations of the verdict, and says that there may be more.
func TestAccRender_showsWhatTheGatesSawOfHostsAndImages(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(found(cloud) + `
output "sarif" { value = { for address, scan in local.all : address => provider::ms::render_sarif(scan) } }
output "markdown" { value = { for address, scan in local.all : address => provider::ms::render_markdown(scan) } }
output "junit" { value = { for address, scan in local.all : address => provider::ms::render_junit(scan) } }
output "html" { value = { for address, scan in local.all : address => provider::ms::render_html(scan) } }
`)
	w.Apply().Succeeds()
	reports := map[string]map[string]string{}
	for _, format := range []string{"sarif", "markdown", "junit", "html"} {
		var each map[string]string
		if err := json.Unmarshal([]byte(w.Run("output", "-json", format).Succeeds().Output), &each); err != nil || len(each) != 6 {
			t.Fatalf("%s: %v, %d reports", format, err, len(each))
		}
		reports[format] = each
	}
	for address, text := range reports["sarif"] {
		compare(t, address, text, w.State(address))
	}
	const allowed = "CVE-2023-00002" // of severity medium, so in no verdict
	for address, violation := range map[string]string{
		`data.ms_tcss_image_findings.web["brief"]`: "CVE-2021-44228", `data.ms_cwp_findings.fleet["brief"]`: "CVE-2021-44228", `data.ms_cwp_findings.fleet["briefmalware"]`: "Linux.Miner.Sample",
	} {
		for format, each := range reports {
			text := each[address]
			for _, want := range []string{violation, "details were left out"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s of %s has no %s:\n%s", format, address, want, text)
				}
			}
			if strings.Contains(text, allowed) {
				t.Errorf("%s of %s has %s", format, address, allowed)
			}
		}
	}
	for _, address := range []string{`data.ms_tcss_image_findings.web["all"]`, `data.ms_cwp_findings.fleet["all"]`} {
		if !strings.Contains(reports["sarif"][address], allowed) || strings.Contains(reports["sarif"][address], "details were left out") {
			t.Errorf("%s lacks %s, or says that it has no details", address, allowed)
		}
	}
	// The host that was not scanned is in the reasons, with and without details.
	for _, address := range []string{`data.ms_cwp_findings.fleet["all"]`, `data.ms_cwp_findings.fleet["brief"]`} {
		for format, each := range reports {
			if !strings.Contains(each[address], "off-0001") || !strings.Contains(each[address], "too_many_failed_machines") {
				t.Errorf("%s of %s does not tell of the host that failed:\n%s", format, address, each[address])
			}
		}
	}
	w.Plan().NoChanges()
}
