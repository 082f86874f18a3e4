package policyfile_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// imagesAndHosts has rules for everything, for images and for hosts.
const imagesAndHosts = `version: 1
gate:
  fail_on: critical
  max_age: 168h
  accept_service_ignores: true
sources:
  ms_tcss_image_findings:
    fail_on: high
    max_findings: {medium: 20}
    denied: [{category: virus, id: X}]
    exceptions:
      - {category: vulnerability, id: CVE-1, image: ccr.ccs.tencentyun.com/acme/api, reason: r, expires_at: 2099-01-01}
  ms_cwp_findings:
    max_failed_machines: 2
    allow_narrowed: true
    accept_service_ignores: false
    exceptions:
      - {category: baseline, id: 501, machine: quuid-1, reason: r, expires_at: 2099-01-01}
exceptions:
  - {category: vulnerability, id: CVE-2, image: acme/web, reason: r, expires_at: 2099-01-01}
  - {category: vulnerability, id: CVE-3, machine: quuid-2, reason: r, expires_at: 2099-01-01}
  - {category: malware, id: M, reason: r, expires_at: 2099-01-01}
denied:
  - {category: baseline, id: 502}
  - {category: vulnerability, id: CVE-4}
`

// The policy that each gate is judged by: its own section beside the rules for all, the stricter one of two, and
// of the exceptions and denials those that it can apply.
func TestFor_imagesAndHostsHaveTheirOwnSections(t *testing.T) {
	t.Parallel()
	exception := func(category gate.Category, id string) gate.Exception {
		return gate.Exception{Category: category, ID: id, Reason: "r", ExpiresAt: "2099-01-01"}
	}
	ofImage, ofMachine := exception(gate.Vulnerability, "CVE-2"), exception(gate.Vulnerability, "CVE-3")
	ofImage.Image, ofMachine.Machine = ptr("acme/web"), ptr("quuid-2")
	ownImage, ownMachine := exception(gate.Vulnerability, "CVE-1"), exception(gate.Baseline, "501")
	ownImage.Image, ownMachine.Machine = ptr("ccr.ccs.tencentyun.com/acme/api"), ptr("quuid-1")
	denied := gate.Denial{Category: gate.Vulnerability, ID: "CVE-4"}
	for source, want := range map[gate.Source]gate.Policy{
		gate.SourceImage: {
			FailOn: gate.High, MaxAge: 168 * time.Hour, MaxFindings: map[gate.Severity]int64{gate.Medium: 20}, AcceptServiceIgnores: ptr(true),
			Exceptions: []gate.Exception{ofImage, ownImage}, Denied: []gate.Denial{denied, {Category: gate.Virus, ID: "X"}},
			Skipped: []string{"denied: baseline 502", "exception: vulnerability CVE-3 (machine)", "exception: malware M"},
		},
		gate.SourceHosts: {
			FailOn: gate.Critical, MaxAge: 168 * time.Hour, MaxFailedMachines: ptr[int64](2), AllowNarrowed: ptr(true), AcceptServiceIgnores: ptr(false),
			Exceptions: []gate.Exception{ofMachine, exception(gate.Malware, "M"), ownMachine}, Denied: []gate.Denial{{Category: gate.Baseline, ID: "502"}, denied},
			Skipped: []string{"exception: vulnerability CVE-2 (image)"},
		},
	} {
		want.Source = source
		merged := gate.Merge(source, read(t, imagesAndHosts).For(source)...)
		if err := merged.Validate(); err != nil {
			t.Errorf("%s: %v", source, err)
		}
		if got := withoutLines([]gate.Policy{merged})[0]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", source, got, want)
		}
	}
}

// A rule under a source that does not have it is an error, with its place.
func TestRead_sectionsOfImagesAndHostsHoldOnlyTheirRules(t *testing.T) {
	t.Parallel()
	for section, want := range map[string]string{
		"ms_tcss_image_findings: {max_failed_machines: 1}":                                                                 "3:28 ",
		"ms_tcss_image_findings: {max_found_vul: 1}":                                                                       "3:28 ",
		"ms_cwp_findings: {max_registry_found_vul: 1}":                                                                     "3:21 ",
		"ms_cwp_findings: {required_machines: [q]}":                                                                        "3:21 ",
		"ms_cwp_findings: {exceptions: [{category: vulnerability, id: X, reason: r, expires_at: 2099-01-01, image: a/b}]}": "3:102 ",
		"ms_tcss_image_findings: {denied: [{category: malware, id: X}]}":                                                   "3:48 ",
	} {
		if errs := errorsOf(t, "version: 1\nsources:\n  "+section+"\n"); len(errs) != 1 || !strings.HasPrefix(errs[0], want) {
			t.Errorf("%s:\n%q", section, errs)
		}
	}
}
