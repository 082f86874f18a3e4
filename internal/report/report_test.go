package report

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// TestRender_isAFunctionOfItsInput renders twice, and once more from scans that were made again.
func TestRender_isAFunctionOfItsInput(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	for name := range renderers {
		first := render(t, name, r)
		if second := render(t, name, r); second != first {
			t.Errorf("%s differs from itself", name)
		}
		if third := render(t, name, mixed(t)); third != first {
			t.Errorf("%s depends on more than the scans", name)
		}
	}
}

func TestRender_doesNotChangeWhatItIsGiven(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	before := slices.Clone(r.Scans[0].Findings)
	notes := slices.Clone(r.Scans[0].Notes)
	for name := range renderers {
		render(t, name, r)
	}
	for i := range before {
		if before[i].Finding != r.Scans[0].Findings[i].Finding {
			t.Fatalf("finding %d has changed", i)
		}
	}
	if !slices.Equal(notes, r.Scans[0].Notes) {
		t.Error("the notes have changed")
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	of := func(outcomes ...gate.Outcome) Report {
		var r Report
		for _, outcome := range outcomes {
			scan := Scan{}
			if outcome != notJudged {
				scan.Verdict = &gate.Verdict{Outcome: outcome}
			}
			r.Scans = append(r.Scans, scan)
		}
		return r
	}
	for want, r := range map[string]Report{
		"Nothing was scanned":                             {},
		"The gate passes":                                 of(gate.Pass),
		"The gate fails":                                  of(gate.Fail),
		"The gate is incomplete":                          of(gate.Incomplete),
		"1 scan without a gate":                           of(notJudged),
		"All 2 gates pass":                                of(gate.Pass, gate.Pass),
		"All 2 gates are incomplete":                      of(gate.Incomplete, "what is this"),
		"1 of 2 gates fails, 1 of 2 gates passes":         of(gate.Pass, gate.Fail),
		"The gate passes, 2 scans without a gate":         of(notJudged, gate.Pass, notJudged),
		"1 of 3 gates fails, 2 of 3 gates are incomplete": of(gate.Incomplete, gate.Fail, gate.Incomplete),
	} {
		if got := r.headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if outcome := of(gate.Pass, notJudged).outcome(); outcome == gate.Pass {
		t.Error("a scan without a gate is taken for a pass")
	}
}

func TestHTML_showsTheWhole(t *testing.T) {
	t.Parallel()
	text := render(t, "html", mixed(t))
	for _, want := range []string{
		"<title>Security scans: 3 of 4 gates fail, 1 of 4 gates passes, 1 scan without a gate</title>",
		`<header class="banner fail">`, "<h4>What would make it pass</h4>\n<p>Fix what was found and scan again; and fix what the service reports about the app, and scan it again.</p>",
		"<li>app_failed: com.example.widget", `aria-label="Findings by severity: Critical 1, Unknown 2, High 3, Medium 3, Low 3, Info 2"`,
		`aria-label="Findings by category: Vulnerability 10, Permission 2, Ad 1, Virus 1"`,
		"<dt>Gate (policy_sha256)</dt>", "<p class=\"remark\">Local images: 12, vulnerabilities in local images: 7, registry images: not given.</p>",
		"Violates fail_on", "Excepted until 2027-01-01T00:00:00Z: Only in the test build; ticket SEC-1.", "In the baseline", "Not judged",
		"terraform-provider-ms 1.2.3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	nothing := render(t, "html", Report{Scans: []Scan{judged(t, &gate.Policy{}, row(md5A, "a"))}})
	if strings.Contains(nothing, "<script") || strings.Contains(nothing, "<table") || !strings.Contains(nothing, "Nothing is listed.") {
		t.Errorf("a page without findings:\n%s", nothing)
	}
}

// TestHTML_policyIsOfItsOwnStyleAndScript: a page whose style or script is not the one that the policy
// names would have neither.
func TestHTML_policyIsOfItsOwnStyleAndScript(t *testing.T) {
	t.Parallel()
	text := render(t, "html", mixed(t))
	between := func(open, end string) string {
		_, rest, ok := strings.Cut(text, open)
		inside, _, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("no %s", open)
		}
		return inside
	}
	policy := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(between(`Content-Security-Policy" content="`, `"`))
	for _, want := range []string{"default-src 'none'", "style-src '" + digest(between("<style>", "</style>")) + "'", "script-src '" + digest(between("<script>", "</script>")) + "'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q has no %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy is %q", policy)
	}
}

// TestHTML_boundsItsRows: a page with more helps nobody, and says what it leaves out.
func TestHTML_boundsItsRows(t *testing.T) {
	t.Parallel()
	text := render(t, "html", large(t, maxHTMLRows+500))
	if rows := strings.Count(text, `<tr role="row" data-s=`); rows != maxHTMLRows {
		t.Errorf("%d rows", rows)
	}
	for _, want := range []string{"<p>2500 findings in 1 scan. 2000 are listed.</p>", "500 findings are not listed here: this page lists the worst 2000 of 2500.", ">2000 findings are listed.</p>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if first := strings.Index(text, `data-s="info"`); first >= 0 {
		t.Error("findings of no severity are listed in place of worse ones")
	}
}

// TestHTML_hasNoEmptyColumn: without a gate, and without a place, nobody needs one for them.
func TestHTML_hasNoEmptyColumn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scan Scan
		want []string
	}{
		"no gate":  {judged(t, nil, row(md5A, "a", vul("V", "n", "x", 3))), []string{"Severity", "Finding", "Where"}},
		"no place": {hosts("1", "web", "db"), []string{"Severity", "Finding", "Gate"}},
		"all":      {judged(t, &gate.Policy{}, row(md5A, "a", vul("V", "n", "x", 3))), []string{"Severity", "Finding", "Where", "Gate"}},
	} {
		text := render(t, "html", Report{Scans: []Scan{test.scan}})
		heads := strings.Count(text, `scope="col"`)
		for _, want := range test.want {
			if !strings.Contains(text, `scope="col"><span>`+want+"</span>") {
				t.Errorf("%s: no column %s", name, want)
			}
		}
		if cells := strings.Count(text, `<td role="cell"`); heads != len(test.want) || cells != heads-1 {
			t.Errorf("%s: %d columns, %d cells", name, heads, cells)
		}
	}
}

// TestRender_saysOfWhatFindingsAre: a verdict without details names neither the app, the image nor the host.
func TestRender_saysOfWhatFindingsAre(t *testing.T) {
	t.Parallel()
	apps := withoutDetails(judged(t, &gate.Policy{}, row(md5A, "com.example.shop", vul("V-1", "n", "x", 3)), row(md5B, "com.example.widget")))
	apps.Subjects = []Subject{{MD5: md5A, Scanned: true}, {MD5: md5B, Scanned: true}}
	image := hosts("1", "web")
	image.Source, image.Kind, image.Subjects = gate.SourceImage, "", []Subject{{Name: "registry.example/acme/api", Digest: "sha256:00", Scanned: true}}
	named := hosts("3", "db")
	named.OneForAll, named.Findings[0].Subject, named.Findings[0].Location = false, "quuid-db", "db:/tmp/miner"
	r := Report{Scans: []Scan{apps, image, hosts("2", "one", "two"), named}}
	for name, wants := range map[string][]string{
		"html": {"1. Scan of packages: MD5 " + md5A + ", MD5 " + md5B + "</h3>", "<dt>Scanned</dt><dd>time not given</dd>",
			`<td role="cell">com.example.shop<code class="path">x</code><small>Scan 1</small></td>`, `<td role="cell">registry.example/acme/api<small>Scan 2</small></td>`,
			`<td role="cell"><small>Scan 3</small></td>`, `<td role="cell">db<code class="path">/tmp/miner</code><small>Scan 4</small></td>`},
		"markdown": {"| Scan of packages `MD5 " + md5A + "`, `MD5 " + md5B + "`, `item 1shi2e` |", "- Scanned: time not given\n",
			"| `com.example.shop` `x` |", "| `registry.example/acme/api` |", "| `Vul task 2` |", "| `db` `/tmp/miner` |"},
		"junit": {`<testsuite name="Scan of packages" `},
		"sarif": {`in registry.example/acme/api; violates`, `in db, at /tmp/miner; violates`},
	} {
		text := render(t, name, r)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q:\n%s", name, want, text)
			}
		}
	}
	at := ptr(now)
	if once := (&Scan{Began: at, Ended: at}).scannedAt(); once != timestamp(now) {
		t.Errorf("a moment is %q", once)
	}
}

// TestRender_countsAlike: a reader who compares two formats finds one number.
func TestRender_countsAlike(t *testing.T) {
	t.Parallel()
	partial := withoutDetails(judged(t, &gate.Policy{FailOn: gate.High}, row(md5A, "a", vul("V-1", "n", "x", 3), vul("V-2", "n", "x", 1), vul("V-3", "n", "x", 1))))
	r := Report{Scans: []Scan{partial, images(), hosts("1", "web")}}
	const lead = "5 findings in 3 scans. 3 are listed."
	for _, name := range []string{"html", "markdown", "sarif"} {
		if text := render(t, name, r); !strings.Contains(text, lead) {
			t.Errorf("%s does not say %q", name, lead)
		}
	}
	sum := 0
	for _, suite := range readJUnit(t, render(t, "junit", r)).Suites {
		for _, property := range suite.Properties.Properties {
			if n, err := strconv.Atoi(property.Value); property.Name == "findings" && err == nil {
				sum += n
			}
		}
	}
	if sum != 5 {
		t.Errorf("junit counts %d findings", sum)
	}
	if text := render(t, "html", r); !strings.Contains(text, `aria-label="Findings by severity: Critical 1, Unknown 1, High 1, Medium 0, Low 2, Info 0"`) {
		t.Error("the chart counts others")
	}
}

// TestRender_isARecord: when, what and by which rules, in all formats for people.
func TestRender_isARecord(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0", 64)
	scan := judged(t, &gate.Policy{}, row(md5A, "com.example.shop", vul("V-1", "Old", "x", 3)))
	scan.Policy, scan.Subjects[0].At = `{"fail_on":"high"}`, ptr(now)
	scan.Texts = map[Topic]Text{{gate.Vulnerability, "V-1"}: {Remedy: "Take the new one."}}
	image := Scan{Source: "ms_tcss_image_findings", Object: "image", Subjects: []Subject{{Name: "registry.example/acme/api", Digest: digest, Scanned: true, At: ptr(now)}}}
	r := Report{Scans: []Scan{scan, image, hosts("1", "web-1")}}
	for _, name := range []string{"html", "markdown"} {
		text := render(t, name, r)
		for _, want := range []string{md5A, "registry.example/acme/api", digest, "web-1", "quuid-web-1", "2026-03-10T12:00:00Z", "2026-03-10T11:00:00Z to 2026-03-10T12:00:00Z", "Findings of severity high and above fail.", "Take the new one."} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
	}
	names := caseNames(t, r)
	if !slices.Contains(names, "registry.example/acme/api / gate (ms_tcss_image_findings)") {
		t.Errorf("%q", names)
	}
}
