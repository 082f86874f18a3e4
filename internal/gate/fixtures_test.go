package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

const (
	md5A = "dd5b29a800246d7089febf228286d901"
	md5B = "8c7ef86c259abad33f213405a35a13c2"
)

var now = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func num(n int64) field.Value[int64] { return field.Of(n) }

func text(s string) field.Value[string] { return field.Of(s) }

func listedIf(listed bool) field.State {
	if listed {
		return field.Known
	}
	return field.Absent
}

// hoursAgo is the time of a scan that tells its end alone.
func hoursAgo(hours int) Span { return ended(now.Add(-time.Duration(hours) * time.Hour)) }

func ended(at time.Time) Span { return Span{End: field.Of(at)} }

// cleanApp is a done row with all sections and nothing found.
func cleanApp(md5 string) ScannedApp {
	return ScannedApp{
		MD5: md5, Package: "com.example.app", State: RowDone, Scanned: hoursAgo(1),
		Vul:         VulSection{State: field.Known, Score: field.Known, List: field.Known},
		Virus:       VirusSection{State: field.Known, SafeType: num(1)},
		Ads:         AdSection{State: field.Known},
		Permissions: NameSection{State: field.Known},
		Sensitive:   NameSection{State: field.Known},
	}
}

func cleanResults(md5s ...string) ScanResults {
	results := ScanResults{Object: "item 1shi2e", TotalCount: num(int64(len(md5s)))}
	for _, md5 := range md5s {
		results.Rows = append(results.Rows, cleanApp(md5))
	}
	return results
}

func resultsPolicy(md5s ...string) Policy {
	return Policy{Source: SourceScanResults, RequiredMD5s: md5s}
}

func cleanAPK() APKDetection {
	return APKDetection{Object: "app " + md5A, Asked: md5A, Rows: []DetectedAPK{{
		MD5: md5A, SoftName: "Example", Errno: num(0), SafeType: num(1), Repackaged: field.Of(false), Ads: NameSection{State: field.Known}, Plugins: NameSection{State: field.Known},
	}}}
}

// cleanHosts is a finished task of two machines without a risk.
func cleanHosts(module string) HostScan {
	return HostScan{
		Object: "task 7", ModuleType: module, Progress: num(100), TotalCount: num(2), VulsListed: listedIf(module == "Vul"),
		VulCount: num(0), RiskEventCount: num(0), RiskMachineCount: num(0), ScanMachineCount: num(2),
		Scanned: []Span{hoursAgo(1)},
		Machines: []Machine{
			{Quuid: "quuid-1", HostName: "web", HostIP: "10.0.0.1", Status: "Ok", RiskNum: num(0)},
			{Quuid: "quuid-2", HostName: "db", HostIP: "10.0.0.2", Status: "Ok", RiskNum: num(0)},
		},
	}
}

func hostPolicy() Policy { return Policy{Source: SourceHostScan} }

func cleanImages() ImageScan {
	return ImageScan{
		Object: "task 3", Status: "SCANNED", AskedLocal: true, AskedRegistry: true,
		LocalImageScanCount: num(4), RegistryImageScanCount: num(5),
		FoundVulCount: num(0), RegistryFoundVulCount: num(0), FoundRiskImageCount: num(0),
		Scanned: hoursAgo(1),
	}
}

func vulns(app ScannedApp, vuls ...Vul) ScannedApp {
	app.Vul = VulSection{State: field.Known, Score: field.Known, List: field.Known, Vuls: vuls}
	return app
}

// resultsWith is one done app with the vulnerabilities.
func resultsWith(vuls ...Vul) ScanResults {
	results := cleanResults(md5A)
	results.Rows[0] = vulns(results.Rows[0], vuls...)
	return results
}

func high(id string) Vul {
	return Vul{ID: text(id), Name: "name of " + id, Location: "lib/x.so", RiskLevel: num(3)}
}
func medium(id string) Vul {
	return Vul{ID: text(id), Name: "name of " + id, Location: "lib/x.so", RiskLevel: num(2)}
}

// judge gathers evidence for the very policy and judges it.
func judge(input interface{ Evidence(Policy) Evidence }, p Policy) Verdict {
	return Evaluate(input.Evidence(p), p, now)
}

func codes(reasons []Reason) string {
	var names []string
	for _, reason := range reasons {
		names = append(names, string(reason.Code))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

func rulesOf(v Verdict) string {
	var names []string
	for _, violation := range v.Violations {
		names = append(names, string(violation.Rule)+":"+violation.ID)
	}
	return strings.Join(names, " ")
}

func expectOutcome(t *testing.T, v Verdict, want Outcome) {
	t.Helper()
	if v.Outcome != want || v.Passed() != (want == Pass) {
		t.Fatalf("outcome %s (passed %t), want %s\nmessage: %s\nreasons: %v", v.Outcome, v.Passed(), want, v.Message, v.Reasons)
	}
}

// expectReasons wants exactly the codes, sorted and separated by spaces, and the outcome incomplete.
func expectReasons(t *testing.T, v Verdict, want string) {
	t.Helper()
	if got := codes(v.Reasons); got != want {
		t.Fatalf("reasons %q, want %q: %v", got, want, v.Reasons)
	}
	if want != "" && v.Outcome == Pass {
		t.Fatalf("passes in spite of %q", want)
	}
}

// deny denies ids of a category.
func deny(category Category, ids ...string) []Denial {
	denied := make([]Denial, len(ids))
	for i, id := range ids {
		denied[i] = Denial{Category: category, ID: id}
	}
	return denied
}
