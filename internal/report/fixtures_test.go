package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

const (
	md5A = "dd5b29a800246d7089febf228286d901"
	md5B = "8c7ef86c259abad33f213405a35a13c2"
)

var now = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// row is a done app in which every engine ran.
func row(md5, name string, vuls ...gate.Vul) gate.ScannedApp {
	return gate.ScannedApp{
		MD5: md5, Package: name, State: gate.RowDone, Scanned: gate.Span{Begin: field.Of(now.Add(-time.Hour))},
		Vul:   gate.VulSection{State: field.Known, Score: field.Known, List: field.Known, Vuls: vuls},
		Virus: gate.VirusSection{State: field.Known, SafeType: field.Of[int64](1)},
		Ads:   gate.AdSection{State: field.Known}, Permissions: gate.NameSection{State: field.Known}, Sensitive: gate.NameSection{State: field.Known},
	}
}

func vul(id, name, location string, riskLevel int64) gate.Vul {
	return gate.Vul{ID: field.Of(id), Name: name, Location: location, RiskLevel: field.Of(riskLevel)}
}

// judged returns the scan of the apps, judged by the policy; nil is no gate.
func judged(t testing.TB, policy *gate.Policy, rows ...gate.ScannedApp) Scan {
	t.Helper()
	results := gate.ScanResults{Object: "item 1shi2e", Rows: rows, TotalCount: field.Of(int64(len(rows)))}
	scan := Scan{Source: gate.SourceScanResults, Object: results.Object, Status: "completed", Endpoint: "tencentcloudapi.com"}
	for _, row := range rows {
		scan.Subjects = append(scan.Subjects, Subject{Name: row.Package, Label: "App 1.0", MD5: row.MD5, Scanned: row.State == gate.RowDone})
	}
	findings := results.Findings(nil)
	scan.Summary = ptr(gate.Summarize(findings))
	if policy == nil {
		scan.Endpoint = ""
		for _, finding := range findings {
			scan.Findings = append(scan.Findings, gate.JudgedFinding{Finding: finding})
		}
		return scan
	}
	p := *policy
	p.Source = gate.SourceScanResults
	for _, row := range rows {
		p.RequiredMD5s = append(p.RequiredMD5s, row.MD5)
	}
	verdict := gate.Evaluate(results.Evidence(p), p, now)
	rulings, err := gate.Judge(findings, p, verdict)
	if err != nil {
		t.Fatal(err)
	}
	scan.Verdict, scan.Findings, scan.Rules = &verdict, rulings, p.JudgingRules()
	return scan
}

// withoutDetails is the scan as a data source that leaves details out gives it.
func withoutDetails(scan Scan) Scan {
	scan.Findings, scan.Partial = scan.Verdict.Violators(), "The details were left out: only violations are listed."
	return scan
}

// hosts is a scan of hosts for vulnerabilities, which does not say where each of them is.
func hosts(task string, names ...string) Scan {
	finding := gate.Finding{Category: gate.Vulnerability, Severity: gate.Critical, ID: "CVE-1", Name: "n"}
	finding.Fingerprint = gate.Fingerprint(finding, 0)
	verdict := gate.Verdict{Outcome: gate.Fail, Message: "m", ViolationCount: 1, Violations: []gate.Violation{{Rule: gate.RuleFailOn, Finding: finding}}}
	scan := Scan{
		Source: gate.SourceHostScan, Kind: "Vul", Object: "Vul task " + task, Verdict: &verdict, Rules: []gate.Rule{gate.RuleFailOn}, Findings: verdict.Violators(),
		OneForAll: true, Scope: "Vul " + strings.Join(names, " "), Began: ptr(now.Add(-time.Hour)), Ended: ptr(now),
	}
	for _, name := range names {
		scan.Subjects = append(scan.Subjects, Subject{Name: "quuid-" + name, Label: name, Scanned: true, At: ptr(now)})
	}
	return scan
}

// policyJSON is a policy as a verdict holds it.
const policyJSON = `{"version":1,"source":"ms_scan_results","required_scan_types":["VIRUSSCAN","VULSCAN"],"fail_on":"high","max_findings":{"low":0},` +
	`"denied_categories":["ad"],"denied":[{"category":"permission","id":"android.permission.SEND_SMS"}],` +
	`"exceptions":[{"category":"vulnerability","id":"V-5","reason":"Only in the test build; ticket SEC-1.","expires_at":"2027-01-01T00:00:00Z","app_pkg_name":"","app_md5":""}],` +
	`"baseline":{"count":1,"sha256":"x"},"max_age":"24h0m0s","enforcement":"mandatory","rule_of_tomorrow":{"a":[1,"b"]}}`

// images is an image scan with more vulnerabilities than its gate allows.
func images() Scan {
	policy := gate.Policy{Source: gate.SourceImageScan}
	verdict := gate.Evaluate(gate.ImageScan{
		Object: "local image task 2", Status: "SCANNED", AskedLocal: true,
		LocalImageScanCount: field.Of[int64](12), FoundVulCount: field.Of[int64](7), Scanned: gate.Span{End: field.Of(now)},
	}.Evidence(policy), policy, now)
	return Scan{
		Source: gate.SourceImageScan, Object: "local image task 2", Status: "SCANNED", Endpoint: "tencentcloudapi.com",
		Findings: verdict.Violators(), Partial: "The service counts, and lists no findings.", Verdict: &verdict,
		Counts: []Count{{"local images", ptr[int64](12)}, {"vulnerabilities in local images", ptr[int64](7)}, {"registry images", nil}},
	}
}

// mixed is a report with everything in it that renderers know: all severities, each status, an app
// that failed, a scan without a gate, counts alone, and details left out.
func mixed(t testing.TB) Report {
	t.Helper()
	bad := row(md5A, "com.example.shop",
		vul("V-1", "Web view runs any script", "classes.dex", 3),
		vul("V-2", "Component is exported", "AndroidManifest.xml", 2),
		vul("V-2", "Component is exported", "AndroidManifest.xml", 2),
		vul("V-3", "Old target", "", 1),
		vul("V-4", "Rated in words", "lib/arm64-v8a/libold.so", 9),
		vul("V-5", "Debug flag", "AndroidManifest.xml", 3))
	bad.Virus = gate.VirusSection{State: field.Known, SafeType: field.Of[int64](3), Name: field.Of("Trojan.Sample")}
	bad.Ads = gate.AdSection{State: field.Known, Plugins: []gate.AdPlugin{{Name: field.Of("Sample Ads"), List: "banners"}}}
	bad.Permissions = gate.NameSection{State: field.Known, Names: []field.Value[string]{field.Of("android.permission.READ_SMS"), field.Of("android.permission.CAMERA")}}
	failed := row(md5B, "com.example.widget")
	failed.State, failed.Problem = gate.RowFailed, "StatusCode 1000, the download link failed"
	baselined := gate.Fingerprint(gate.Finding{Category: gate.Vulnerability, Severity: gate.Medium, ID: "V-2", Subject: "com.example.shop", Location: "AndroidManifest.xml"}, 0)
	policy := gate.Policy{
		FailOn: gate.High, DeniedCategories: []gate.Category{gate.Ad}, Baseline: []string{baselined},
		Exceptions: []gate.Exception{{Category: gate.Vulnerability, ID: "V-5", Reason: "Only in the test build; ticket SEC-1.", ExpiresAt: "2026-12-31"}},
	}
	scan := judged(t, &policy, bad, failed)
	scan.Policy = policyJSON
	scan.Subjects[0].At = ptr(now.Add(-time.Hour))
	scan.Texts = map[Topic]Text{{gate.Vulnerability, "V-1"}: {"A page can call the app.", "Turn scripts off."}}
	clean := judged(t, &gate.Policy{}, row(md5B, "com.example.widget", vul("V-3", "Old target", "", 1)))
	clean.Object = "item clean"
	ungated := judged(t, nil, row(md5B, "com.example.widget", vul("V-9", "Weak hash", "classes2.dex", 2)))
	ungated.Object = "item ungated"
	partial := withoutDetails(judged(t, &gate.Policy{}, row(md5A, "com.example.shop", vul("V-1", "Web view runs any script", "classes.dex", 3))))
	partial.Object = "item partial"
	return Report{Version: "1.2.3", Scans: []Scan{scan, clean, ungated, partial, images()}}
}

// large is one scan of many findings, each of an id of its own, as bad as answers come.
func large(t testing.TB, n int) Report {
	t.Helper()
	vuls := make([]gate.Vul, n)
	for i := range vuls {
		vuls[i] = vul(fmt.Sprintf("VUL-%06d", i), fmt.Sprintf("Vulnerability number %d of a library that is old", i), fmt.Sprintf("smali_classes%d/com/example/feature%d/Class%d.smali", i%7, i%311, i), int64(i%4))
	}
	return Report{Version: "1.2.3", Scans: []Scan{judged(t, &gate.Policy{}, row(md5A, "com.example.shop", vuls...))}}
}

// renderers are all of them.
var renderers = map[string]func(Report) (string, error){"sarif": SARIF, "junit": JUnit, "html": HTML, "markdown": Markdown}

func render(t testing.TB, name string, r Report) string {
	t.Helper()
	text, err := renderers[name](r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
