package policyfile_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/policyfile"
)

// design is the document of the design, and the same in JSON.
const design = `version: 1
gate:                        # for every data source
  fail_on: high
  max_age: 168h
  denied_categories: [repackaged]
sources:                     # for one data source, beside the above
  ms_tcss_vul_scan_info:
    max_found_vul: 0
exceptions:
  - category: vulnerability
    id: CVE-2023-44487
    reason: Not reachable; ticket SEC-123
    expires_at: 2027-01-31   # unquoted or quoted: valid through that day, UTC
    app_pkg_name: com.example.app    # or app_md5, machine, image
denied:
  - {category: permission, id: android.permission.SEND_SMS}
`

const designJSON = `{"version": 1,
	"gate": {"fail_on": "high", "max_age": "168h", "denied_categories": ["repackaged"]},
	"sources": {"ms_tcss_vul_scan_info": {"max_found_vul": 0}},
	"exceptions": [{"category": "vulnerability", "id": "CVE-2023-44487", "reason": "Not reachable; ticket SEC\u002d123",
		"expires_at": "2027-01-31", "app_pkg_name": "com.example.app"}],
	"denied": [{"category": "permission", "id": "android.permission.SEND_SMS"}]}`

func read(t *testing.T, text string) *policyfile.Document {
	t.Helper()
	document, err := policyfile.Read(text)
	if err != nil {
		t.Fatalf("%s\n%s", err, text)
	}
	return document
}

// withoutLines takes out where the entries are, which depends on the notation.
func withoutLines(places []gate.Policy) []gate.Policy {
	for _, place := range places {
		for i := range place.Exceptions {
			place.Exceptions[i].Place = ""
		}
		for i := range place.Denied {
			place.Denied[i].Place = ""
		}
	}
	return places
}

func ptr[T any](v T) *T { return &v }

func TestFor_givesEachSourceWhatItCanProduce(t *testing.T) {
	t.Parallel()
	exception := gate.Exception{Category: gate.Vulnerability, ID: "CVE-2023-44487", Reason: "Not reachable; ticket SEC-123", ExpiresAt: "2027-01-31", AppPkgName: ptr("com.example.app")}
	permission := gate.Denial{Category: gate.Permission, ID: "android.permission.SEND_SMS"}
	want := map[gate.Source][]gate.Policy{
		gate.SourceScanResults: {{
			FailOn: gate.High, MaxAge: 168 * time.Hour, Denied: []gate.Denial{permission}, Exceptions: []gate.Exception{exception},
			Skipped: []string{"denied_categories: repackaged"},
		}},
		gate.SourceAPKDetection: {{
			FailOn: gate.High, DeniedCategories: []gate.Category{gate.Repackaged},
			Skipped: []string{"denied: permission android.permission.SEND_SMS", "exception: vulnerability CVE-2023-44487", "max_age"},
		}},
		gate.SourceHosts: {{
			FailOn: gate.High, MaxAge: 168 * time.Hour,
			Skipped: []string{"denied_categories: repackaged", "denied: permission android.permission.SEND_SMS", "exception: vulnerability CVE-2023-44487 (app_pkg_name)"},
		}},
		gate.SourceImageScan: {
			{MaxAge: 168 * time.Hour, Skipped: []string{
				"fail_on", "denied_categories: repackaged", "denied: permission android.permission.SEND_SMS", "exception: vulnerability CVE-2023-44487",
			}},
			{MaxFoundVul: ptr[int64](0)},
		},
	}
	for source, policies := range want {
		for i := range policies {
			policies[i].Source = source
		}
		for notation, text := range map[string]string{"YAML": design, "JSON": designJSON} {
			if got := withoutLines(read(t, text).For(source)); !reflect.DeepEqual(got, policies) {
				t.Errorf("%s from %s:\n got %+v\nwant %+v", source, notation, got, policies)
			}
		}
	}
}

// Ids that look like numbers, truth values or dates are the text that is written.
func TestRead_textKeepsItsSpelling(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		`010`: "010", `1.10`: "1.10", `yes`: "yes", `2027-01-31`: "2027-01-31", `0x1F`: "0x1F", `1_000`: "1_000", `true`: "true",
		`.inf`: ".inf", `1e3`: "1e3", `"null"`: "null", `'~'`: "~", `'it''s'`: "it's", `"a\tb"`: "a\tb", `12:30:45`: "12:30:45",
		`com.example.app `: "com.example.app", `é界`: "é界", `C:\x`: `C:\x`, "|-\n      two\n      lines": "two\nlines", ">-\n      one\n      line": "one line",
	} {
		text := "version: 1\ndenied:\n  - category: ad\n    id: " + written + "\n"
		if got := read(t, text).For(gate.SourceScanResults)[0].Denied[0].ID; got != want {
			t.Errorf("%s is read as %q, not %q", written, got, want)
		}
	}
}

// Dates need no quotes, and every notation of RFC 3339 is kept for the gate to read.
func TestRead_datesWithAndWithoutQuotes(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"2027-01-31", "2027-01-31T12:00:00Z", "2027-01-31T12:00:00.5+08:00"} {
		for _, written := range []string{date, `"` + date + `"`, "'" + date + "'"} {
			places := read(t, exception("category: ad", "id: X", "reason: r", "expires_at: "+written)).For(gate.SourceScanResults)
			if got := places[0].Exceptions[0].ExpiresAt; got != date {
				t.Errorf("%s is read as %q", written, got)
			}
		}
	}
}

func TestRead_notations(t *testing.T) {
	t.Parallel()
	if got := read(t, `{"version": 1, "denied": [{"category": "ad", "id": "\\ud83d\\ude00\\\ud83d\uDE00\/"}]}`).For(gate.SourceScanResults)[0].Denied[0].ID; got != `\ud83d\ude00\😀/` {
		t.Errorf("escapes are read as %q", got)
	}
	for name, text := range map[string]string{
		"byte order mark":         "\ufeffversion: 1\n",
		"Windows line ends":       "version: 1\r\ngate:\r\n  fail_on: low\r\n",
		"begin and end":           "---\nversion: 1\n...\n",
		"JSON":                    `{"version":1}`,
		"JSON with tabs":          "{\n\t\"version\":\t1\n}\n",
		"JSON, quoted by YAML":    "\"version\": 1\n\"gate\":\n  \"fail_on\": \"low\"\n",
		"empty sections":          "version: 1\ngate: {}\nsources: {ms_scan_results: {}}\nexceptions: []\ndenied: []\n",
		"escaped surrogates":      `{"version": 1, "denied": [{"category": "ad", "id": "\ud83d\ude00"}]}`,
		"complex key of a scalar": "? version\n: 1\n",
	} {
		if _, err := policyfile.Read(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A document that is wrong in many places says so at once, in order, up to a bound.
func TestRead_reportsAllFaults(t *testing.T) {
	t.Parallel()
	got := errorsOf(t, "gate:\n  fial_on: high\n  max_age: 7d\nexceptions:\n  - {category: ad, id: ~}\n")
	want := []string{
		"1:1 version: 1 is required at the top level",
		`2:3 unknown key "fial_on" in gate; did you mean "fail_on"?`,
		`3:12 gate.max_age: "7d" is not a duration above zero, as in "168h" or "90m"`,
		"5:5 exceptions[0]: reason is required",
		"5:5 exceptions[0]: expires_at is required",
		"5:24 null is not allowed; leave the key out instead",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	got = errorsOf(t, "version: !!int 1\ngate: &a {fail_on: &b hgh}\nsources: *a\n")
	want = []string{
		"1:10 explicit tags (!!int) are not allowed", "2:7 anchors (&a) are not allowed", "2:20 anchors (&b) are not allowed",
		`2:20 gate.fail_on: "hgh" is not one of none, critical, high, medium, low, info; did you mean "high"?`,
		"3:10 aliases (*a) are not allowed; repeat the value",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for count, last := range map[int]string{21: "23:5 1 more error from here on", 500: "23:5 480 more errors from here on", 100_000: "23:5 at least 980 more errors from here on"} {
		many := "version: 1\ndenied:\n" + strings.Repeat("  - 1\n", count)
		if got := errorsOf(t, many); len(got) != 21 || got[20] != last {
			t.Errorf("%d: got %q", count, got)
		}
	}
}

// A denial and an exception contradict each other wherever they are written, and the error names both.
func TestFor_contradictionNamesBothPlaces(t *testing.T) {
	t.Parallel()
	const (
		excepted = "version: 1\nexceptions:\n  - {category: virus, id: ' X', reason: r, expires_at: 2027-01-31, image: acme/api}\n"
		denied   = "sources:\n  ms_tcss_image_findings:\n    denied:\n      - {category: virus, id: x}\n"
	)
	block := gate.Policy{
		Exceptions: []gate.Exception{{Category: gate.Virus, ID: "Y", Reason: "r", ExpiresAt: "2027-01-31"}, {Category: gate.Virus, ID: "x", Reason: "r", ExpiresAt: "2027-01-31"}},
		Denied:     []gate.Denial{{Category: gate.Virus, ID: "X"}},
	}
	tests := map[string]struct {
		text  string
		block gate.Policy
		want  string
	}{
		"two parts of the document": {
			excepted + denied, gate.Policy{},
			`gate policy: denied (line 7 of the policy document).id: "x" is the id of an exception as well, exception (line 3 of the policy document): a denied finding cannot be excepted`,
		},
		"denied in the block": {
			excepted, gate.Policy{Denied: block.Denied},
			`gate policy: denied[0].id: "X" is the id of an exception as well, exception (line 3 of the policy document): a denied finding cannot be excepted`,
		},
		"excepted in the block": {
			"version: 1\n" + denied, gate.Policy{Exceptions: block.Exceptions},
			`gate policy: denied (line 5 of the policy document).id: "x" is the id of an exception as well, exception[1]: a denied finding cannot be excepted`,
		},
		"both in the block": {
			"version: 1\n", block,
			`gate policy: denied[0].id: "X" is the id of an exception as well, exception[1]: a denied finding cannot be excepted`,
		},
	}
	for name, test := range tests {
		places := append(read(t, test.text).For(gate.SourceImage), test.block)
		if err := gate.Merge(gate.SourceImage, places...).Validate(); err == nil || err.Error() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, test.want)
		}
	}
	// An exception that the source cannot have does not contradict anything there.
	places := append(read(t, excepted).For(gate.SourceAPKDetection), gate.Policy{Denied: block.Denied})
	if err := gate.Merge(gate.SourceAPKDetection, places...).Validate(); err != nil {
		t.Error(err)
	}
}
