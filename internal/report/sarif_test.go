package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// readFile is what a reader of SARIF sees, as far as the tests look.
type readFile struct {
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID               string
					ShortDescription struct{ Text string }
					FullDescription  struct{ Text string }
					Help             struct{ Text string }
					Properties       map[string]any
				}
			}
		}
		Results     []readResult
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		Properties struct{ Verdicts []map[string]any }
	}
}

type readResult struct {
	RuleID, Level       string
	RuleIndex           int
	Message             struct{ Text string }
	PartialFingerprints map[string]string
	Suppressions        []struct{ Kind, Status, Justification string }
	Locations           []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           struct{ StartLine int }
		}
		LogicalLocations []struct{ FullyQualifiedName string }
	}
	Properties map[string]any
}

func readSARIF(t *testing.T, text string) readFile {
	t.Helper()
	checkSARIF(t, text)
	var file readFile
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Runs) != 1 || file.Version != "2.1.0" {
		t.Fatalf("%d runs of version %s", len(file.Runs), file.Version)
	}
	return file
}

func TestSARIF_showsFindingsWithRulesFingerprintsAndSuppressions(t *testing.T) {
	t.Parallel()
	run := readSARIF(t, render(t, "sarif", mixed(t))).Runs[0]
	if driver := run.Tool.Driver; driver.Name != "terraform-provider-ms" || driver.Version != "1.2.3" {
		t.Errorf("driver %s %s", driver.Name, driver.Version)
	}
	levels := map[string]string{}
	for _, result := range run.Results {
		levels[result.RuleID] = result.Level
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID {
			t.Errorf("rule %s at the place of %s", rule.ID, result.RuleID)
		}
		fingerprint := result.PartialFingerprints["tencentscanFinding/v1"]
		if len(fingerprint) != gate.FingerprintLen || result.PartialFingerprints["primaryLocationLineHash"] != fingerprint {
			t.Errorf("%s has fingerprints %v", result.RuleID, result.PartialFingerprints)
		}
	}
	for rule, level := range map[string]string{
		"virus/Trojan.Sample": "error", "vulnerability/V-4": "error", "vulnerability/V-1": "error",
		"vulnerability/V-2": "warning", "vulnerability/V-3": "note", "permission/android.permission.CAMERA": "note",
	} {
		if levels[rule] != level {
			t.Errorf("%s has level %q, want %s", rule, levels[rule], level)
		}
	}
	var justifications []string
	for _, result := range run.Results {
		for _, suppression := range result.Suppressions {
			justifications = append(justifications, suppression.Kind+" "+suppression.Status+" "+suppression.Justification)
		}
	}
	want := []string{
		"external accepted In the baseline.",
		"external accepted Excepted until 2027-01-01T00:00:00Z: Only in the test build; ticket SEC-1.",
	}
	if !slices.Equal(justifications, want) {
		t.Errorf("suppressions %q, want %q", justifications, want)
	}
}

func TestSARIF_describesRulesByTheServiceAndTheirWorstFinding(t *testing.T) {
	t.Parallel()
	denied := judged(t, &gate.Policy{Denied: []gate.Denial{{Category: gate.Vulnerability, ID: "V"}}, FailOn: gate.Critical},
		row(md5A, "a", vul("V", "n", "x", 1)), row(md5B, "b", vul("W", "n", "x", 1)))
	denied.Texts = map[Topic]Text{{gate.Vulnerability, "V"}: {"What it is.", "How to fix it."}}
	// A second scan rates the same id worse, but its gate lets it pass: its results come later.
	worse := judged(t, &gate.Policy{FailOn: gate.Critical}, row(md5A, "a", vul("V", "n", "x", 3)))
	run := readSARIF(t, render(t, "sarif", Report{Scans: []Scan{denied, worse}})).Runs[0]
	rule := run.Tool.Driver.Rules[0]
	if rule.ID != "vulnerability/V" || rule.FullDescription.Text != "What it is." || rule.Help.Text != "How to fix it." {
		t.Errorf("%+v", rule)
	}
	if score := rule.Properties["security-severity"]; score != "8.0" {
		t.Errorf("security-severity %v, want that of its worst finding", score)
	}
	if score := run.Results[0].Properties["security-severity"]; score != "2.0" {
		t.Errorf("security-severity of the low finding: %v", score)
	}
}

func TestSARIF_locationsAreRelativeAndStable(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"com.example.app":     "com.example.app",
		"javascript:alert(1)": "javascript%3Aalert%281%29",
		"../../etc/passwd":    "..%2F..%2Fetc%2Fpasswd",
		"..":                  "_..",
		"a b/c%41\u00e9":      "a%20b%2Fc%2541%C3%A9",
		"//host/share":        "%2F%2Fhost%2Fshare",
		"":                    md5A,
	} {
		run := readSARIF(t, render(t, "sarif", Report{Scans: []Scan{judged(t, nil, row(md5A, name, vul("V", "n", "res/raw/a.html", 3)))}})).Runs[0]
		location := run.Results[0].Locations[0]
		uri := location.PhysicalLocation.ArtifactLocation.URI
		if name == "" {
			want = "App%201.0" // the label
		}
		if uri != want {
			t.Errorf("%q is at %q, want %q", name, uri, want)
		}
		parsed, err := url.Parse(uri)
		if err != nil || parsed.IsAbs() || parsed.Host != "" || strings.HasPrefix(uri, "/") || strings.Contains(uri, "/") {
			t.Errorf("%q is not a relative path of one segment", uri)
		}
		if location.PhysicalLocation.Region.StartLine != 1 || location.LogicalLocations[0].FullyQualifiedName != "res/raw/a.html" {
			t.Errorf("%+v", location)
		}
	}
}

func TestSARIF_ruleIDsTellHostileIDsApart(t *testing.T) {
	t.Parallel()
	a := ruleID(&gate.Finding{Category: gate.Vulnerability, ID: strings.Repeat("x", 300) + "a"})
	b := ruleID(&gate.Finding{Category: gate.Vulnerability, ID: strings.Repeat("x", 300) + "b"})
	if a == b || len(a) > 255 || len(b) > 255 {
		t.Errorf("%s and %s", a, b)
	}
	if got := ruleID(&gate.Finding{Category: gate.Ad, ID: "ad"}); got != "ad/ad" {
		t.Errorf("%s", got)
	}
}

func TestSARIF_saysHowScansEnded(t *testing.T) {
	t.Parallel()
	run := readSARIF(t, render(t, "sarif", mixed(t))).Runs[0]
	var texts []string
	for _, notification := range run.Invocations[0].ToolExecutionNotifications {
		texts = append(texts, notification.Level+" "+notification.Message.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{
		"error Scan of packages: item 1shi2e. The security gate failed",
		"error Scan of packages: item 1shi2e. Not proven: app_failed: com.example.widget",
		"note Scan of packages: item clean. The security gate passed",
		"warning Scan of packages: item ungated. There is no gate",
		"note Scan of packages: item partial. The details were left out",
		"note Scan of images: local image task 2. Local images: 12, vulnerabilities in local images: 7, registry images: not given.",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no notification %q in:\n%s", want, all)
		}
	}
	if verdicts := run.Properties.Verdicts; len(verdicts) != 5 || verdicts[1]["outcome"] != "pass" || verdicts[2]["outcome"] != "not judged" {
		t.Errorf("verdicts %v", verdicts)
	}
}

// TestSARIF_anIncompleteScanIsNoSuccess: no results and a successful run would close the alerts.
func TestSARIF_anIncompleteScanIsNoSuccess(t *testing.T) {
	t.Parallel()
	unfinished := row(md5A, "com.example.app")
	unfinished.State = gate.RowRunning
	for want, scan := range map[bool]Scan{false: judged(t, &gate.Policy{}, unfinished), true: judged(t, &gate.Policy{}, row(md5A, "com.example.app"))} {
		run := readSARIF(t, render(t, "sarif", Report{Scans: []Scan{scan}})).Runs[0]
		if got := run.Invocations[0].ExecutionSuccessful; got != want || run.Results == nil {
			t.Errorf("outcome %s: executionSuccessful %t", scan.Verdict.Outcome, got)
		}
	}
}

var worstLevels = []string{"error", "warning", "note"}

// TestSARIF_staysWithinTheLimitsOfAnUpload has more findings than a run may hold, each of a rule of its
// own, and then texts that hardly compress.
func TestSARIF_staysWithinTheLimitsOfAnUpload(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("writes a hundred megabytes")
	}
	noise := func(n int) string {
		random, text := rand.New(rand.NewPCG(1, uint64(n))), make([]byte, 190)
		for i := range text {
			text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"[random.IntN(64)]
		}
		return string(text)
	}
	noisy := make([]gate.Vul, maxSARIFResults)
	for i := range noisy {
		noisy[i] = vul(noise(3*i), noise(3*i+1), noise(3*i+2), int64(i%4))
	}
	for name, r := range map[string]Report{
		"many":  large(t, maxSARIFResults+500),
		"noisy": {Scans: []Scan{judged(t, &gate.Policy{}, row(md5A, "a", noisy...))}},
	} {
		text := render(t, "sarif", r)
		var compressed bytes.Buffer
		writer := gzip.NewWriter(&compressed)
		_, _ = writer.Write([]byte(text))
		_ = writer.Close()
		var file readFile
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		run, found := file.Runs[0], len(r.Scans[0].Findings)
		t.Logf("%s: %d of %d findings, %d bytes, compressed %d", name, len(run.Results), found, len(text), compressed.Len())
		if compressed.Len() > 10_000_000 || len(run.Results) > 25_000 || len(run.Tool.Driver.Rules) > 25_000 || len(run.Results) < 5_000 {
			t.Errorf("%s: %d results, %d rules, compressed to %d bytes", name, len(run.Results), len(run.Tool.Driver.Rules), compressed.Len())
		}
		want := fmt.Sprintf("%d findings are left out", found-len(run.Results))
		if first := run.Invocations[0].ToolExecutionNotifications[0].Message.Text; !strings.HasPrefix(first, want) {
			t.Errorf("%s: %q does not say that %s", name, first, want)
		}
		if run.Results[0].Level != "error" {
			t.Errorf("%s: the first has level %s", name, run.Results[0].Level)
		}
		for i, result := range run.Results {
			if i > 0 && slices.Index(worstLevels, result.Level) < slices.Index(worstLevels, run.Results[i-1].Level) {
				t.Fatalf("%s: %s comes after %s", name, result.Level, run.Results[i-1].Level)
			}
		}
	}
}

// TestSARIF_hasNoDefaultsOfTheStandard: an index of -1 says nothing, and viewers show it.
func TestSARIF_hasNoDefaultsOfTheStandard(t *testing.T) {
	t.Parallel()
	text := render(t, "sarif", mixed(t))
	if strings.Contains(text, ":-1") || strings.Contains(text, "null") {
		t.Errorf("a default in\n%s", text)
	}
	if !strings.Contains(text, `"informationUri":"https://`) {
		t.Error("no informationUri")
	}
}

// TestSARIF_objectsNeverShareAFingerprint: neither hosts nor image tasks name themselves in their findings.
func TestSARIF_objectsNeverShareAFingerprint(t *testing.T) {
	t.Parallel()
	other := images()
	other.Scope = "local 3, registry –"
	scans := []Scan{images(), other, hosts("1", "web"), hosts("1", "db"), hosts("1", "db", "web")}
	scans[0].Scope = "local 2, registry –"
	known := map[string]int{}
	for i, scan := range scans {
		for _, result := range readSARIF(t, render(t, "sarif", Report{Scans: []Scan{scan}})).Runs[0].Results {
			if len(result.PartialFingerprints) != 2 || result.Properties["fingerprint"] != scan.Findings[0].Fingerprint {
				t.Errorf("scan %d: %v, %v", i, result.PartialFingerprints, result.Properties)
			}
			for _, fingerprint := range result.PartialFingerprints {
				if first, ok := known[fingerprint]; ok && first != i || len(fingerprint) != gate.FingerprintLen {
					t.Errorf("scans %d and %d share the fingerprint %s", first, i, fingerprint)
				}
				known[fingerprint] = i
			}
		}
	}
	again := hosts("2", "web") // the same hosts in another task
	run := readSARIF(t, render(t, "sarif", Report{Scans: []Scan{again}})).Runs[0]
	if known[run.Results[0].PartialFingerprints[primaryLocationLineHash]] != 2 {
		t.Error("the same hosts have another fingerprint in the next task")
	}
}

// TestSARIF_detailsDoNotChangeAFingerprint: the violations of a verdict name neither the image nor the host, but have the
// fingerprints of findings that do. Otherwise each build would close the alerts of the one before, and open its own.
func TestSARIF_detailsDoNotChangeAFingerprint(t *testing.T) {
	t.Parallel()
	for source, name := range map[gate.Source]string{gate.SourceImage: "registry.example/acme/api", gate.SourceHosts: "quuid-web", gate.SourceHostScan: ""} {
		for _, scope := range []string{"first build", "second build"} {
			scan := hosts("1", "web")
			scan.Source, scan.Scope, scan.Subjects = source, scope, []Subject{{Name: name, Scanned: true}}
			run := readSARIF(t, render(t, "sarif", Report{Scans: []Scan{scan}})).Runs[0]
			same := run.Results[0].PartialFingerprints[primaryLocationLineHash] == scan.Findings[0].Fingerprint
			if same != (name != "") {
				t.Errorf("%s: the gate's fingerprint is taken: %t", source, same)
			}
		}
	}
}

func TestSARIF_ruleNamesTellRulesApart(t *testing.T) {
	t.Parallel()
	rules := newSARIFRules()
	known := map[string]bool{}
	pascalCase := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	for _, id := range append([]string{"CVE-2021-44228", "CVE-2021-4422-8", "cve 2021 44228", "", "漏洞", strings.Repeat("x", 500), strings.Repeat("x", 500) + "y"}, hostileTexts...) {
		name := rules.name(&gate.Finding{Category: gate.Vulnerability, ID: id})
		if known[name] || !pascalCase.MatchString(name) || len(name) > 200 {
			t.Errorf("%q has the name %q, known %t", id, name, known[name])
		}
		known[name] = true
	}
	if !known["VulnerabilityCve202144228"] {
		t.Errorf("names %v", known)
	}
}
