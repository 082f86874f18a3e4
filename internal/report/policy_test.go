package report

import (
	"slices"
	"strings"
	"testing"
)

func TestPolicyLines_areBounded(t *testing.T) {
	t.Parallel()
	scan := Scan{Policy: `{"exceptions":[` + strings.Repeat(`{"id":"x"},`, 500) + `{}]}`}
	if got := scan.policyLines(); len(got) != maxPolicyLines+1 || got[maxPolicyLines] != "And 301 more." {
		t.Errorf("%d lines, the last is %q", len(got), got[len(got)-1])
	}
}

func TestPolicyLines(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string][]string{
		"":                         nil,
		"no JSON":                  nil,
		`["x"]`:                    nil,
		`{}`:                       nil,
		`{"fail_on":"none"}`:       {"No finding fails by its severity alone."},
		`{"max_age":"0s"}`:         nil,
		`{"max_age":"10m0s"}`:      {"The oldest scan may be 10m old."},
		`{"max_age":"1h30m0s"}`:    {"The oldest scan may be 1h30m old."},
		`{"max_found_vul":0}`:      {"At most 0 vulnerabilities in local images."},
		`{"baseline":["a","b"]}`:   {"2 findings in the baseline may pass."},
		`{"baseline":[]}`:          nil,
		`{"allow_narrowed":false}`: nil,
		`{"accept_service_ignores":true,"enforcement":"advisory"}`: {"What the service is set to ignore is accepted.", "Anything but a pass is a warning."},
		`{"enforcement":"of tomorrow"}`:                            nil,
		`{"exceptions":[{"category":"vulnerability","id":"V","reason":"r.","expires_at":"2027-01-01","machine":"q"}]}`: {
			"Exception: vulnerability V in host q, until 2027-01-01: r.",
		},
		`{"max_findings":{"low":3,"critical":0}}`: {"At most 0 findings of severity critical.", "At most 3 findings of severity low."},
		`{"skipped":["max_found_vul"],"new_rule":12345678901234567890}`: {
			"Rules that do not apply to this data source: max_found_vul.", "new_rule: 12345678901234567890.",
		},
		`{"new_rule":[],"other":null,"last":""}`: nil,
	} {
		scan := Scan{Policy: policy}
		if got := scan.policyLines(); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", policy, got, want)
		}
	}
}
