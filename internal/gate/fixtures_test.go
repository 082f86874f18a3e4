package gate

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	md5A = "dd5b29a800246d7089febf228286d901"
	md5B = "8c7ef86c259abad33f213405a35a13c2"
)

var now = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func hoursAgo(hours int) *time.Time { return ptr(now.Add(-time.Duration(hours) * time.Hour)) }

// cleanApp is a done row with all sections and nothing found.
func cleanApp(md5 string) ScannedApp {
	return ScannedApp{
		MD5: md5, Package: "com.example.app", State: RowDone, ScannedAt: hoursAgo(1),
		Vul:         &VulSection{HasScore: true, HasList: true},
		Virus:       &VirusSection{SafeType: ptr[int64](1)},
		Ads:         &AdSection{},
		Permissions: &PermissionSection{},
		Sensitive:   &SensitiveSection{},
	}
}

func cleanResults(md5s ...string) ScanResults {
	results := ScanResults{Object: "item 1shi2e", TotalCount: ptr(int64(len(md5s)))}
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
		MD5: md5A, SoftName: "Example", SafeType: ptr[int64](1), Repackaged: ptr(false), HasAds: true, HasPlugins: true,
	}}}
}

// cleanHosts is a finished task of two machines without a risk.
func cleanHosts(module string) HostScan {
	return HostScan{
		Object: "task 7", ModuleType: module, Progress: ptr[int64](100), TotalCount: ptr[int64](2), HasVuls: module == "Vul",
		VulCount: ptr[int64](0), RiskEventCount: ptr[int64](0), RiskMachineCount: ptr[int64](0), ScanMachineCount: ptr[int64](2),
		ScannedAt: hoursAgo(1),
		Machines: []Machine{
			{Quuid: "quuid-1", HostName: "web", HostIP: "10.0.0.1", Status: "Ok", RiskNum: ptr[int64](0)},
			{Quuid: "quuid-2", HostName: "db", HostIP: "10.0.0.2", Status: "Ok", RiskNum: ptr[int64](0)},
		},
	}
}

func hostPolicy() Policy { return Policy{Source: SourceHostScan} }

func cleanImages() ImageScan {
	return ImageScan{
		Object: "task 3", Status: "SCANNED", AskedLocal: true, AskedRegistry: true,
		LocalImageScanCount: ptr[int64](4), RegistryImageScanCount: ptr[int64](5),
		FoundVulCount: ptr[int64](0), RegistryFoundVulCount: ptr[int64](0), FoundRiskImageCount: ptr[int64](0),
		ScannedAt: hoursAgo(1),
	}
}

func vulns(app ScannedApp, vuls ...Vul) ScannedApp {
	app.Vul = &VulSection{HasScore: true, HasList: true, Vuls: vuls}
	return app
}

// resultsWith is one done app with the vulnerabilities.
func resultsWith(vuls ...Vul) ScanResults {
	results := cleanResults(md5A)
	results.Rows[0] = vulns(results.Rows[0], vuls...)
	return results
}

func high(id string) Vul {
	return Vul{ID: id, Name: "name of " + id, Location: "lib/x.so", RiskLevel: ptr[int64](3)}
}
func medium(id string) Vul {
	return Vul{ID: id, Name: "name of " + id, Location: "lib/x.so", RiskLevel: ptr[int64](2)}
}

// judge gathers evidence for the very policy and judges it.
func judge(facts interface{ Evidence(Policy) Evidence }, p Policy) Verdict {
	return Evaluate(facts.Evidence(p), p, now)
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
