package policyfile_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/policyfile"
)

// errorsOf returns the errors of a document, each as `line:column message`.
func errorsOf(t *testing.T, text string) []string {
	t.Helper()
	document, err := policyfile.Read(text)
	if (document == nil) != (err != nil) {
		t.Fatalf("%q: document %v beside error %v", text, document, err)
	}
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		t.Fatalf("%q: %T joins nothing", text, err)
	}
	var found []string
	for _, one := range joined.Unwrap() {
		var fault *policyfile.Error
		if !errors.As(one, &fault) {
			t.Fatalf("%q: %T is no *Error", text, one)
		}
		found = append(found, fmt.Sprintf("%d:%d %s", fault.Line, fault.Column, fault.Message))
	}
	return found
}

// exception is a document with one exception, whose fields begin in column 5 of line 3 and the following.
func exception(lines ...string) string {
	return "version: 1\nexceptions:\n  - " + strings.Join(lines, "\n    ") + "\n"
}

// Each document has one fault, and the error is where it is.
func TestRead_refusesWithLineAndColumn(t *testing.T) {
	t.Parallel()
	const v = "version: 1\n"
	tests := map[string]struct{ text, want string }{
		// the text
		"empty":             {"", "1:1 the document is empty"},
		"comments only":     {"# none\n", "1:1 the document is empty"},
		"empty document":    {"---\n", "2:1 the document is empty"},
		"too large":         {v + strings.Repeat("#", 1<<20), "1:1 the document has 1048587 bytes; at most 1048576 (1 MiB) are read"},
		"not UTF-8":         {v + "gate: \xff", "2:7 the document is not UTF-8"},
		"UTF-16":            {"\xff\xfev\x00", "1:1 the document is not UTF-8"},
		"NUL":               {v + "gate: \x00", "2:7 the character U+0000 is not allowed"},
		"escape sequence":   {v + "\x1b[31m", "2:1 the character U+001B is not allowed"},
		"syntax":            {v + "gate: {fail_on: high\n", "3:1 cannot be read as YAML or JSON: did not find expected ',' or '}' while parsing a flow mapping"},
		"tab as indent":     {v + "gate:\n\tfail_on: high\n", "3:1 cannot be read as YAML or JSON: found character that cannot start any token while scanning for the next token"},
		"JSON, cut off":     {`{"version": 1, "gate": {`, "1:25 cannot be read as YAML or JSON: did not find expected node content while parsing a flow node"},
		"U+FFFE":            {v + "# é\ufffe", "2:4 the character U+FFFE is not allowed"},
		"100 levels":        {v + "gate: " + strings.Repeat("[", 100), "2:71 cannot be read as YAML or JSON: mappings and lists are nested more than 16 levels deep while increasing flow level"},
		"100 levels, block": {strings.Repeat("- ", 100) + "x", "1:129 cannot be read as YAML or JSON: mappings and lists are nested more than 16 levels deep while increasing indent level"},
		"second document":   {v + "---\nversion: 1\n", "2:1 a second document begins here; a policy is one document"},
		"second, empty":     {v + "---\n", "2:1 a second document begins here; a policy is one document"},
		"second, broken":    {v + "---\n}", "3:1 cannot be read as YAML or JSON: did not find expected node content while parsing a block node"},
		"a list":            {"- version: 1\n", "1:1 the document must be a mapping, not a list"},
		"a text":            {"version\n", "1:1 the document must be a mapping, not a single value"},
		"anchor":            {v + "gate: &x {fail_on: high}\n", "2:7 anchors (&x) are not allowed"},
		"anchor of a key":   {"&x version: 1\n", "1:1 anchors (&x) are not allowed"},
		"alias, unknown":    {v + "gate: *x\n", "2:7 cannot be read as YAML or JSON: unknown anchor 'x' referenced"},
		"merge key":         {v + "gate:\n  <<: {fail_on: high}\n", "3:3 merge keys (<<) are not allowed"},
		"merge key, quoted": {v + "gate:\n  '<<': {fail_on: high}\n", `3:3 unknown key "<<" in gate; known are required_scan_types, max_failed_machines, max_found_vul, max_registry_found_vul, max_found_risk_image, fail_on, max_findings, denied_categories, baseline, max_age, accept_service_ignores, allow_narrowed`},
		"tag":               {v + "gate:\n  fail_on: !!str high\n", "3:12 explicit tags (!!str) are not allowed"},
		"tag, own":          {v + "gate:\n  fail_on: !x high\n", "3:12 explicit tags (!x) are not allowed"},
		"tag, none":         {v + "gate:\n  fail_on: ! high\n", "3:12 explicit tags (!) are not allowed"},
		"tag of a mapping":  {v + "gate: !!map {}\n", "2:7 explicit tags (!!map) are not allowed"},
		"tag of a list":     {v + "denied: ! []\n", "2:9 explicit tags (!) are not allowed"},
		"tag of a key":      {"!!str version: 1\n", "1:1 explicit tags (!!str) are not allowed"},
		"null":              {v + "gate:\n  fail_on: null\n", "3:12 null is not allowed; leave the key out instead"},
		"null, ~":           {v + "gate: ~\n", "2:7 null is not allowed; leave the key out instead"},
		"null, NULL":        {v + "gate: NULL\n", "2:7 null is not allowed; leave the key out instead"},
		"null, nothing":     {v + "gate:\n", "2:6 null is not allowed; leave the key out instead"},
		"null in a list":    {v + "gate: {denied_categories: [ad, ~]}\n", "2:32 null is not allowed; leave the key out instead"},
		"null as key":       {v + "~: 1\n", "2:1 null is not allowed; leave the key out instead"},
		"null in JSON":      {`{"version": 1, "gate": {"fail_on": null}}`, "1:36 null is not allowed; leave the key out instead"},
		"mapping as key":    {v + "? {a: b}\n: c\n", "2:3 a key must be a name, not a mapping or list"},
		"doubled key":       {v + "gate: {}\n\"gate\": {}\n", `3:1 the key "gate" is written twice; it is in line 2 as well`},
		"doubled rule":      {v + "gate:\n  fail_on: low\n  fail_on: high\n", `4:3 the key "fail_on" is written twice; it is in line 3 as well`},
		"doubled in JSON":   {`{"version": 1, "gate": {"fail_on": "low", "fail\u005fon": "high"}}`, `1:43 the key "fail_on" is written twice; it is in line 1 as well`},
		"doubled severity":  {v + "gate: {max_findings: {low: 1, low: 2}}\n", `2:31 the key "low" is written twice; it is in line 2 as well`},

		// the top level
		"no version":         {"gate: {}\n", "1:1 version: 1 is required at the top level"},
		"no version, {}":     {"{}", "1:1 version: 1 is required at the top level"},
		"version 2":          {"version: 2\n", `1:10 version: "2" is not supported; this version of the provider reads version 1`},
		"version, quoted":    {`version: "1"`, `1:10 version must be the number 1 without quotes, not the text "1"`},
		"version 1.0":        {"version: 1.0\n", `1:10 version: "1.0" is not supported; this version of the provider reads version 1`},
		"version, list":      {"version: [1]\n", "1:10 version must be the number 1, not a list"},
		"unknown section":    {v + "exeptions: []\n", `2:1 unknown key "exeptions" at the top level; did you mean "exceptions"?`},
		"name of the block":  {v + "exception: []\n", `2:1 unknown key "exception" at the top level; did you mean "exceptions"?`},
		"rule at the top":    {v + "fail_on: high\n", "2:1 fail_on belongs under gate, or under sources"},
		"unlike any":         {v + "xxxxxxxxxxxxxxxx: 1\n", `2:1 unknown key "xxxxxxxxxxxxxxxx" at the top level; known are version, gate, sources, denied, exceptions`},
		"gate as a list":     {v + "gate: []\n", "2:7 gate must be a mapping, not a list"},
		"sources as a list":  {v + "sources: []\n", "2:10 sources must be a mapping, not a list"},
		"unknown source":     {v + "sources:\n  ms_scan_result: {}\n", `3:3 unknown key "ms_scan_result" in sources; did you mean "ms_scan_results"?`},
		"source as a text":   {v + "sources: {ms_scan_results: high}\n", "2:28 sources.ms_scan_results must be a mapping, not a single value"},
		"text of the file":   {v + "\"a\\e[31m::x\": 1\n", `2:1 unknown key "a\x1b[31m: :x" at the top level; known are version, gate, sources, denied, exceptions`},
		"exceptions in gate": {v + "gate: {exceptions: []}\n", "2:8 gate.exceptions belongs at the top level of the document, or under sources"},
		"denied in gate":     {v + "gate: {denied: []}\n", "2:8 gate.denied belongs at the top level of the document, or under sources"},

		// rules
		"unknown rule":         {v + "gate:\n  fial_on: high\n", `3:3 unknown key "fial_on" in gate; did you mean "fail_on"?`},
		"unknown rule, longer": {v + "gate:\n  denied_category: [ad]\n", `3:3 unknown key "denied_category" in gate; did you mean "denied_categories"?`},
		"release":              {v + "gate:\n  required_md5s: []\n", "3:3 gate.required_md5s cannot be in a policy document, which serves many releases and runs; write it in the gate block"},
		"release's machines":   {v + "sources: {ms_cwp_scan_task_details: {required_machines: []}}\n", "2:38 sources.ms_cwp_scan_task_details.required_machines cannot be in a policy document, which serves many releases and runs; write it in the gate block"},
		"run":                  {v + "gate: {record_fingerprints: true}\n", "2:8 gate.record_fingerprints cannot be in a policy document, which serves many releases and runs; write it in the gate block"},
		"enforcement":          {v + "gate: {enforcement: none}\n", "2:8 gate.enforcement cannot be in a policy document, which serves many releases and runs; write it in the gate block"},
		"enforcement, top":     {v + "enforcement: none\n", "2:1 enforcement cannot be in a policy document, which serves many releases and runs; write it in the gate block"},
		"rule of another":      {v + "sources: {ms_scan_results: {max_found_vul: 0}}\n", "2:29 sources.ms_scan_results.max_found_vul: ms_scan_results does not have this rule; it is one of ms_tcss_vul_scan_info"},
		"no findings":          {v + "sources: {ms_tcss_vul_scan_info: {exceptions: []}}\n", "2:35 sources.ms_tcss_vul_scan_info.exceptions: ms_tcss_vul_scan_info does not have this rule; it is one of ms_scan_results, ms_apk_detection, ms_cwp_scan_task_details, ms_cwp_findings, ms_tcss_image_findings"},
		"severity":             {v + "gate: {fail_on: hgh}\n", `2:17 gate.fail_on: "hgh" is not one of none, critical, high, medium, low, info; did you mean "high"?`},
		"severity, case":       {v + "gate: {fail_on: High}\n", `2:17 gate.fail_on: "High" is not one of none, critical, high, medium, low, info; did you mean "high"?`},
		"severity, list":       {v + "gate: {fail_on: [high]}\n", "2:17 gate.fail_on must be text, not a list"},
		"count, negative":      {v + "gate: {max_found_vul: -1}\n", `2:23 gate.max_found_vul: "-1" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, fraction":      {v + "gate: {max_found_vul: 1.5}\n", `2:23 gate.max_found_vul: "1.5" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, octal":         {v + "gate: {max_found_vul: 010}\n", `2:23 gate.max_found_vul: "010" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, hex":           {v + "gate: {max_found_vul: 0x10}\n", `2:23 gate.max_found_vul: "0x10" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, separators":    {v + "gate: {max_found_vul: 1_000}\n", `2:23 gate.max_found_vul: "1_000" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, plus":          {v + "gate: {max_found_vul: +1}\n", `2:23 gate.max_found_vul: "+1" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, exponent":      {v + "gate: {max_found_vul: 1e3}\n", `2:23 gate.max_found_vul: "1e3" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, infinite":      {v + "gate: {max_found_vul: .inf}\n", `2:23 gate.max_found_vul: ".inf" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, too large":     {v + "gate: {max_found_vul: 9223372036854775808}\n", `2:23 gate.max_found_vul: "9223372036854775808" is not a whole number from 0 up, at most 9223372036854775807`},
		"count, quoted":        {v + "gate: {max_found_vul: '1'}\n", `2:23 gate.max_found_vul must be a whole number from 0 up without quotes, not the text "1"`},
		"count, list":          {v + "gate: {max_found_vul: [1]}\n", "2:23 gate.max_found_vul must be a whole number from 0 up, not a list"},
		"permission":           {v + "gate: {allow_narrowed: yes}\n", `2:24 gate.allow_narrowed: "yes" is neither true nor false`},
		"permission, case":     {v + "gate: {allow_narrowed: True}\n", `2:24 gate.allow_narrowed: "True" is neither true nor false`},
		"permission, quoted":   {v + "gate: {allow_narrowed: \"true\"}\n", `2:24 gate.allow_narrowed must be true or false without quotes, not the text "true"`},
		"counts, severity":     {v + "gate: {max_findings: {hihg: 1}}\n", `2:23 unknown key "hihg" in gate.max_findings; did you mean "high"?`},
		"counts, value":        {v + "gate: {max_findings: {high: many}}\n", `2:29 gate.max_findings.high: "many" is not a whole number from 0 up, at most 9223372036854775807`},
		"counts, list":         {v + "gate: {max_findings: [1]}\n", "2:22 gate.max_findings must be a mapping, not a list"},
		"category":             {v + "gate: {denied_categories: [ad, repackage]}\n", `2:32 gate.denied_categories[1]: "repackage" is not one of vulnerability, virus, risk_software, unrated, ad, sensitive_word, permission, repackaged, plugin, malware, baseline; did you mean "repackaged"?`},
		"category of another":  {v + "sources: {ms_scan_results: {denied_categories: [repackaged]}}\n", `2:49 sources.ms_scan_results.denied_categories[0]: "repackaged" is not one of vulnerability, virus, risk_software, unrated, ad, sensitive_word, permission`},
		"categories, text":     {v + "gate: {denied_categories: ad}\n", "2:27 gate.denied_categories must be a list, not a single value"},
		"scan type":            {v + "gate: {required_scan_types: [VULSCANS]}\n", `2:30 gate.required_scan_types[0]: "VULSCANS" is not one of VULSCAN, VIRUSSCAN, ADSCAN, PERMISSION, SENSITIVE; did you mean "VULSCAN"?`},
		"scan types, none":     {v + "gate: {required_scan_types: []}\n", "2:29 gate.required_scan_types must not be empty; leave it out for the default"},
		"fingerprint":          {v + "gate: {baseline: [abc]}\n", `2:19 gate.baseline[0]: "abc" is not 32 hex digits`},
		"age, none":            {v + "gate: {max_age: 0s}\n", `2:17 gate.max_age: "0s" is not a duration above zero, as in "168h" or "90m"`},
		"age, negative":        {v + "gate: {max_age: -5m}\n", `2:17 gate.max_age: "-5m" is not a duration above zero, as in "168h" or "90m"`},
		"age, days":            {v + "gate: {max_age: 7d}\n", `2:17 gate.max_age: "7d" is not a duration above zero, as in "168h" or "90m"`},
		"age, number":          {v + "gate: {max_age: 168}\n", `2:17 gate.max_age: "168" is not a duration above zero, as in "168h" or "90m"`},
		"age, 0":               {v + "gate: {max_age: 0}\n", `2:17 gate.max_age: "0" is not a duration above zero, as in "168h" or "90m"`},

		// exceptions and denials
		"exceptions, mapping":  {v + "exceptions: {}\n", "2:13 exceptions must be a list, not a mapping"},
		"exception, text":      {exception("all"), "3:5 exceptions[0] must be a mapping, not a single value"},
		"no category":          {exception("id: X", "reason: r", "expires_at: 2027-01-31"), "3:5 exceptions[0]: category is required"},
		"no id":                {exception("category: ad", "reason: r", "expires_at: 2027-01-31"), "3:5 exceptions[0]: id is required"},
		"no reason":            {exception("category: ad", "id: X", "expires_at: 2027-01-31"), "3:5 exceptions[0]: reason is required"},
		"no expiry":            {exception("category: ad", "id: X", "reason: r"), "3:5 exceptions[0]: expires_at is required"},
		"blank id":             {exception("category: ad", `id: " \t"`, "reason: r", "expires_at: 2027-01-31"), "4:9 exceptions[0].id: must not be blank"},
		"id, list":             {exception("category: ad", "id: [a, b]", "reason: r", "expires_at: 2027-01-31"), "4:9 exceptions[0].id must be text, not a list"},
		"reason, mapping":      {exception("category: ad", "id: X", "reason: {ticket: 1}", "expires_at: 2027-01-31"), "5:13 exceptions[0].reason must be text, not a mapping"},
		"expiry":               {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-02-30"), `6:17 exceptions[0].expires_at: "2027-02-30" is neither a date like 2026-01-31 nor RFC 3339 like 2026-01-31T12:00:00Z`},
		"expiry, blank inside": {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-01-31 12:00:00"), `6:17 exceptions[0].expires_at: "2027-01-31 12:00:00" is neither a date like 2026-01-31 nor RFC 3339 like 2026-01-31T12:00:00Z`},
		"scope, misspelt":      {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-01-31", "app_md: x"), `7:5 unknown key "app_md" in exceptions[0]; did you mean "app_md5"?`},
		"scope, other name":    {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-01-31", "package: x"), `7:5 unknown key "package" in exceptions[0]; known are category, id, reason, expires_at, app_pkg_name, app_md5, machine, image`},
		"scope, no MD5":        {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-01-31", "app_md5: abc"), `7:14 exceptions[0].app_md5: "abc" is not 32 hex digits`},
		"scope, blank":         {exception("category: ad", "id: X", "reason: r", "expires_at: 2027-01-31", "app_pkg_name: ''"), "7:19 exceptions[0].app_pkg_name: must not be blank"},
		"scope of another": {
			v + "sources: {ms_cwp_findings: {exceptions: [{category: malware, id: X, reason: r, expires_at: 2027-01-31, app_md5: x}]}}\n",
			"2:104 sources.ms_cwp_findings.exceptions[0]: findings of this data source cannot be told apart by app_md5; known are category, id, reason, expires_at, machine",
		},
		"exception's category": {
			v + "sources: {ms_cwp_findings: {exceptions: [{category: ad, id: X, reason: r, expires_at: 2027-01-31}]}}\n",
			`2:53 sources.ms_cwp_findings.exceptions[0].category: "ad" is not one of vulnerability, malware, baseline`,
		},
		"denied, reason":   {v + "denied: [{category: ad, id: X, reason: r}]\n", `2:32 unknown key "reason" in denied[0]; known are category, id`},
		"denied, no id":    {v + "denied: [{category: ad}]\n", "2:10 denied[0]: id is required"},
		"denied, category": {v + "denied: [{category: advert, id: X}]\n", `2:21 denied[0].category: "advert" is not one of vulnerability, virus, risk_software, unrated, ad, sensitive_word, permission, repackaged, plugin, malware, baseline`},
		"denied, another's": {
			v + "sources: {ms_tcss_image_findings: {denied: [{category: malware, id: X}]}}\n",
			`2:56 sources.ms_tcss_image_findings.denied[0].category: "malware" is not one of vulnerability, virus`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := errorsOf(t, test.text); len(got) != 1 || got[0] != test.want {
				t.Errorf("%q:\n got %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}

// The top level is the first of 16 levels of mappings and lists.
func TestRead_depth(t *testing.T) {
	t.Parallel()
	for lists, deep := range map[int]bool{14: false, 15: true, 50: true} {
		found := errorsOf(t, "version: 1\ngate: {x: "+strings.Repeat("[", lists)+strings.Repeat("]", lists)+"}\n")
		const want = "2:25 mappings and lists are nested more than 16 levels deep"
		if slices.Contains(found, want) != deep || len(found) > 2 {
			t.Errorf("%d lists in the second level: %q", lists, found)
		}
	}
}
