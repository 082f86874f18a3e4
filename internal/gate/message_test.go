package gate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

func TestMessage_ofAPass(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		results ScanResults
		want    string
	}{
		"nothing": {cleanResults(md5A), "The security gate passed for item 1shi2e: nothing was found."},
		"one":     {resultsWith(medium("W")), "The security gate passed for item 1shi2e: 1 finding, which violates no rule."},
		"some":    {resultsWith(medium("W"), high("V")), "The security gate passed for item 1shi2e: 2 findings, none of which violates a rule (1 excepted)."},
	}
	for name, test := range tests {
		if v := judge(test.results, except(nil)); v.Message != test.want {
			t.Errorf("%s: %q", name, v.Message)
		}
	}
}

func TestMessage_ofAFailureNamesFindingsRulesAndTheWayOut(t *testing.T) {
	t.Parallel()
	results := resultsWith(high("CVE-1"), medium("CVE-2"))
	results.Rows[0].Virus = VirusSection{State: field.Known, SafeType: num(3), Name: text("EICAR")}
	results.TotalCount = num(2)
	policy := resultsPolicy(md5A)
	policy.MaxFindings = map[Severity]int64{High: 0}
	want := `The security gate failed for item 1shi2e: 2 of 3 findings violate the gate.
  - critical virus EICAR in com.example.app (MD5 dd5b29a800246d7089febf228286d901) (rule: fail_on)
  - high vulnerability CVE-1 "name of CVE-1" at lib/x.so in com.example.app (MD5 dd5b29a800246d7089febf228286d901) (rules: fail_on, max_findings)
The results are incomplete as well:
  - count_mismatch: TotalCount is 2; results listed: 1
To pass: fix what was found and scan again; and plan again; if the counts still differ, ask Tencent Cloud's support with the RequestId.`
	if v := judge(results, policy); v.Message != want {
		t.Fatalf("got:\n%s\nwant:\n%s", v.Message, want)
	}
}

func TestMessage_ofAMachineNamesIt(t *testing.T) {
	t.Parallel()
	hosts := cleanHosts("Malware")
	hosts.Machines[0].RiskNum = num(2)
	if v := judge(hosts, hostPolicy()); !strings.Contains(v.Message, `high malware quuid-1 "web" at 10.0.0.1 (rule: fail_on)`) {
		t.Fatal(v.Message)
	}
}

func TestMessage_ofAnIncompleteVerdictNamesTheObjectAndTheWayOut(t *testing.T) {
	t.Parallel()
	results := cleanResults(md5A, md5B)
	results.Rows[0].State = RowRunning
	results.Rows[1].State, results.Rows[1].Problem = RowFailed, "StatusCode 1001: the MD5 differs"
	results.Object = ""
	want := `The security gate is incomplete for the scan: no rule is violated, but the results are incomplete.
  - app_failed: com.example.app (MD5 8c7ef86c259abad33f213405a35a13c2) could not be scanned: StatusCode 1001: the MD5 differs
  - not_finished: com.example.app (MD5 dd5b29a800246d7089febf228286d901) is still being scanned
To pass: fix what the service reports about the app, and scan it again; plan again to keep waiting.`
	if v := judge(results, resultsPolicy(md5A)); v.Message != want {
		t.Fatalf("got:\n%s\nwant:\n%s", v.Message, want)
	}
}

func TestMessage_listsTheWorstAndCountsTheRest(t *testing.T) {
	t.Parallel()
	var vuls []Vul
	for i := range 12 {
		vuls = append(vuls, high(fmt.Sprintf("V%02d", i)))
	}
	results := resultsWith(vuls...)
	for i := range 13 {
		results.Rows = append(results.Rows, ScannedApp{MD5: fmt.Sprintf("%032d", i), State: RowRunning})
	}
	v := judge(results, resultsPolicy(md5A))
	for _, want := range []string{"12 findings violate the gate", "V09", "and 2 more findings", "and 4 more reasons"} {
		if !strings.Contains(v.Message, want) {
			t.Errorf("message lacks %q:\n%s", want, v.Message)
		}
	}
	if strings.Contains(v.Message, "V10") {
		t.Errorf("message lists more than ten findings:\n%s", v.Message)
	}
}

func TestMessage_namesAnAppByWhatTheServiceGives(t *testing.T) {
	t.Parallel()
	for want, app := range map[string]ScannedApp{
		"an app without a name is still being scanned": {MD5: " ", State: RowRunning},
		"app com.example is still being scanned":       {Package: "com.example", State: RowRunning},
		"app aa is still being scanned":                {MD5: "AA", State: RowRunning},
		"com.example (MD5 aa) is still being scanned":  {MD5: "aa", Package: "com.example", State: RowRunning},
	} {
		v := judge(ScanResults{Rows: []ScannedApp{app}}, resultsPolicy(md5A))
		if !slices.Contains(v.Reasons, Reason{NotFinished, want}) {
			t.Errorf("%q is not among %v", want, v.Reasons)
		}
	}
}

func TestMessage_countsNoMoreWhereAllAreListed(t *testing.T) {
	t.Parallel()
	var vuls []Vul
	for i := range messageFindings {
		vuls = append(vuls, high(fmt.Sprint(i)))
	}
	results := resultsWith(vuls...)
	for i := range messageReasons - 2 { // beside two of the counts
		results.Rows = append(results.Rows, ScannedApp{MD5: fmt.Sprintf("%032d", i), State: RowRunning})
	}
	results.Asked = []string{md5A}
	for i := range messageReasons - 2 {
		results.Asked = append(results.Asked, fmt.Sprintf("%032d", i))
	}
	results.Asked = append(results.Asked, md5B)
	v := judge(results, resultsPolicy(md5A))
	if len(v.Reasons) != messageReasons || strings.Contains(v.Message, "more") {
		t.Fatalf("%d reasons:\n%s", len(v.Reasons), v.Message)
	}
}

func TestMessage_deniedIDIsNotToBeExcepted(t *testing.T) {
	t.Parallel()
	policy := resultsPolicy(md5A)
	policy.Denied = deny(Vulnerability, "V")
	v := judge(resultsWith(medium("V")), policy)
	if !strings.Contains(v.Message, "a denied id cannot be excepted") {
		t.Fatal(v.Message)
	}
}

func TestMessage_isTheSameOnEveryDay(t *testing.T) {
	t.Parallel()
	policy := except(func(x *Exception) { x.ExpiresAt = "2026-03-20" })
	policy.MaxAge = 100 * 24 * 3600 * 1e9
	results := resultsWith(high("V"), high("W"))
	e := results.Evidence(policy)
	today, later := Evaluate(e, policy, now), Evaluate(e, policy, now.AddDate(0, 0, 7))
	if today.Message != later.Message || !today.ValidUntil.Equal(*later.ValidUntil) {
		t.Fatalf("%s\n%s", today.Message, later.Message)
	}
}

// TestMessage_hostileTextStaysHarmless puts log commands, escapes and line breaks into every text
// that the service gives.
func TestMessage_hostileTextStaysHarmless(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"::error::x", ":", "##[error]", "#", "a\n::set-env name=PATH::x", "\x1b]8;;http://evil\x07", "\u202etxt", "\xff", strings.Repeat("::", 500)} {
		app := vulns(cleanApp(md5A), Vul{ID: text(evil), Name: evil + "n", Location: evil + "l"})
		app.Package, app.Virus.SafeType, app.Virus.Name = evil, num(3), text(evil)
		results := ScanResults{Object: evil, Rows: []ScannedApp{app, {MD5: evil, Package: evil, State: RowFailed, Problem: evil}}, Asked: []string{evil + "asked"}}
		policy := resultsPolicy(md5A, evil)
		policy.Exceptions = []Exception{{Category: Category(evil), ID: evil, ExpiresAt: "2020-01-01"}}
		hosts := HostScan{Object: evil, ModuleType: evil, Machines: []Machine{{Quuid: evil, HostName: evil, HostIP: evil, Status: evil, Problem: evil}}}
		verdicts := []Verdict{
			judge(results, policy),
			judge(APKDetection{Object: evil, Asked: evil, Rows: []DetectedAPK{{MD5: evil + "m", SoftName: evil, AdFlags: []Flag{{evil, field.Broken[bool]()}}}}}, Policy{Source: SourceAPKDetection, FailOn: Info}),
			judge(hosts, Policy{Source: SourceHostScan, RequiredMachines: []string{evil, evil + "r"}}),
			judge(ImageScan{Object: evil, Status: evil}, Policy{Source: SourceImageScan, Enforcement: Enforcement(evil)}),
		}
		for _, v := range verdicts {
			texts := strings.Split(v.Message, "\n")
			for _, expiry := range v.Expiries {
				texts = append(texts, expiry.Exception, expiry.String())
			}
			for _, reason := range v.Reasons {
				texts = append(texts, reason.Detail)
			}
			for _, text := range texts {
				if line := sanitize.LineUpTo(text, 2000); line != strings.TrimSpace(text) {
					t.Errorf("%q should be %q", text, line)
				}
			}
			if lines := strings.Count(v.Message, "\n"); lines > 2*(messageFindings+messageReasons) {
				t.Errorf("%d lines", lines)
			}
		}
	}
}

func TestReasonCodes_eachHasARemedy(t *testing.T) {
	t.Parallel()
	declared := declaredReasonCodes(t)
	if len(declared) < 20 || len(declared) != len(remedies) {
		t.Fatalf("%d codes declared, %d remedies", len(declared), len(remedies))
	}
	for _, code := range declared {
		if remedies[code] == "" {
			t.Errorf("%s has no remedy", code)
		}
	}
}

// declaredReasonCodes reads the constants of type ReasonCode from the source.
func declaredReasonCodes(t *testing.T) []ReasonCode {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []ReasonCode
	ast.Inspect(source, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "ReasonCode" {
			value := spec.Values[0].(*ast.BasicLit).Value
			declared = append(declared, ReasonCode(strings.Trim(value, `"`)))
		}
		return true
	})
	return declared
}
