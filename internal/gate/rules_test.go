package gate

import (
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestEvaluate_maliciousCodeFailsAtEveryLevelUnlessExcepted(t *testing.T) {
	t.Parallel()
	levels := append(FailLevels(), "")
	for _, finding := range []Finding{
		{Category: Virus, Severity: Critical, ID: "EICAR"},
		{Category: Malware, Severity: Low, ID: "miner"},
		{Category: Repackaged, Severity: High, ID: "repackaged", Anonymous: true},
	} {
		for _, level := range levels {
			source := map[Category]Source{Virus: SourceScanResults, Malware: SourceHosts, Repackaged: SourceAPKDetection}[finding.Category]
			policy := Policy{Source: source, FailOn: level, MaxFindings: map[Severity]int64{Critical: 9, High: 9, Low: 9, Unknown: 9}}
			if source == SourceScanResults {
				policy.RequiredMD5s = []string{md5A}
			}
			evidence := Evidence{Source: source, Findings: identify([]Finding{finding}), demands: policy.demands()}
			expectOutcome(t, Evaluate(evidence, policy, now), Fail)
			policy.Exceptions = []Exception{{Category: finding.Category, ID: finding.ID, Reason: "a test file", ExpiresAt: "2026-12-31"}}
			expectOutcome(t, Evaluate(evidence, policy, now), Pass)
		}
	}
}

// TestEvaluate_anIDThatIsNotToldCountsAsDenied: the service should have told it, and it may be any.
func TestEvaluate_anIDThatIsNotToldCountsAsDenied(t *testing.T) {
	t.Parallel()
	for name, vul := range map[string]HostVul{
		"VulId cannot be read":                {VulID: field.Broken[string](), Level: num(1)},
		"CveId cannot be read, VulId can":     {CveID: field.Broken[string](), VulID: text("77"), Level: num(1)},
		"neither is there":                    {Name: "nameless", Level: num(1)},
		"the id itself, in another case":      {VulID: text(" v-77 "), Level: num(1)},
		"blank CveId, VulId cannot be read":   {CveID: text(" "), VulID: field.Broken[string](), Level: num(1)},
		"blank CveId and the denied VulId":    {CveID: text(""), VulID: text("V-77"), Level: num(1)},
		"the CveId is the one that is denied": {CveID: text("V-77"), VulID: text("1"), Level: num(1)},
	} {
		hosts := cleanHosts("Vul")
		hosts.Vuls, hosts.VulCount = []HostVul{vul}, num(1)
		policy := hostPolicy()
		expectOutcome(t, judge(hosts, policy), Pass) // low
		policy.Denied = deny(Vulnerability, "V-77")
		v := judge(hosts, policy)
		if v.Outcome != Fail || rulesOf(v) == "" {
			t.Errorf("%s: %s", name, v.Message)
		}
		policy.Denied = deny(Malware, "V-77") // of another category
		expectOutcome(t, judge(hosts, policy), Pass)
	}
	hosts := cleanHosts("Vul")
	hosts.Vuls, hosts.VulCount = []HostVul{{CveID: text("CVE-1"), VulID: field.Broken[string](), Level: num(1)}}, num(1)
	policy := hostPolicy()
	policy.Denied = deny(Vulnerability, "V-77")
	expectOutcome(t, judge(hosts, policy), Pass) // its id is its CVE
}

func TestScanResults_deniedIDImpliesItsScanType(t *testing.T) {
	t.Parallel()
	results, policy := cleanResults(md5A), resultsPolicy(md5A)
	results.Rows[0].Permissions = NameSection{}
	expectOutcome(t, judge(results, policy), Pass)
	policy.Denied = deny(Permission, "android.permission.SEND_SMS")
	expectReasons(t, judge(results, policy), "missing_evidence")
}

func TestImageScan_imagesAtRiskMustBeExplained(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*ImageScan)
		want   string
	}{
		"more at risk than scanned":     {func(s *ImageScan) { s.FoundRiskImageCount, s.FoundVulCount = num(10), num(1) }, "unexplained_count"},
		"at risk without vulnerability": {func(s *ImageScan) { s.FoundRiskImageCount = num(1) }, "unexplained_count"},
		"explained by the other side": {func(s *ImageScan) {
			s.AskedRegistry, s.FoundRiskImageCount, s.RegistryFoundVulCount = false, num(1), num(1)
		}, ""},
		"cannot be read":               {func(s *ImageScan) { s.FoundRiskImageCount = field.Broken[int64]() }, "count_missing"},
		"negative":                     {func(s *ImageScan) { s.FoundRiskImageCount = num(-1) }, "count_missing"},
		"left out":                     {func(s *ImageScan) { s.FoundRiskImageCount = Count{} }, ""},
		"a count that cannot be read":  {func(s *ImageScan) { s.FoundVulCount = field.Broken[int64]() }, "count_missing"},
		"images that cannot be read":   {func(s *ImageScan) { s.LocalImageScanCount = field.Broken[int64]() }, "count_missing"},
		"all at risk, all explained":   {func(s *ImageScan) { s.FoundRiskImageCount, s.FoundVulCount = num(9), num(9) }, ""},
		"at risk, explained by counts": {func(s *ImageScan) { s.FoundRiskImageCount, s.FoundVulCount = num(1), num(1) }, ""},
		"no side tells a vulnerability": {func(s *ImageScan) {
			s.FoundRiskImageCount, s.RegistryFoundVulCount, s.AskedRegistry = num(1), Count{}, false
		}, "unexplained_count"},
		"the largest value does not wrap": {func(s *ImageScan) {
			s.FoundRiskImageCount, s.LocalImageScanCount, s.RegistryImageScanCount, s.FoundVulCount = num(1), num(1<<62), num(1<<62), num(1)
		}, ""},
	} {
		images := cleanImages()
		tt.change(&images)
		policy := Policy{Source: SourceImageScan, MaxFoundVul: ptr[int64](9), MaxRegistryFoundVul: ptr[int64](9)}
		if got := codes(judge(images, policy).Reasons); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestAge_isThatOfTheOldestEvidence(t *testing.T) {
	t.Parallel()
	at := func(hours int) field.Value[time.Time] { return field.Of(now.Add(-time.Duration(hours) * time.Hour)) }
	none, broken := field.Value[time.Time]{}, field.Broken[time.Time]()
	for name, tt := range map[string]struct {
		task, machine Span
		want          string
	}{
		"the task alone":                    {Span{at(2), at(1)}, Span{}, ""},
		"the machines alone":                {Span{}, Span{at(2), at(1)}, ""},
		"neither":                           {Span{}, Span{}, "scan_time_missing"},
		"an old machine in a young task":    {Span{at(2), at(1)}, Span{none, at(25)}, "scan_too_old"},
		"the begin counts, not the end":     {Span{at(25), at(1)}, Span{}, "scan_too_old"},
		"the begin of a machine counts":     {Span{at(2), at(1)}, Span{at(25), at(1)}, "scan_too_old"},
		"the end where there is no begin":   {Span{none, at(25)}, Span{}, "scan_too_old"},
		"a begin that cannot be read":       {Span{broken, at(1)}, Span{}, "scan_time_missing"},
		"an end that cannot be read":        {Span{at(2), broken}, Span{}, "scan_time_missing"},
		"a machine's that cannot be read":   {Span{at(2), at(1)}, Span{at(2), broken}, "scan_time_missing"},
		"an end in the future":              {Span{at(2), at(-1)}, Span{}, "scan_time_in_future"},
		"a machine's begin in the future":   {Span{at(2), at(1)}, Span{at(-1), none}, "scan_time_in_future"},
		"an end before its begin":           {Span{at(1), at(2)}, Span{}, "scan_time_contradictory"},
		"a machine's end before its begin":  {Span{at(3), at(1)}, Span{at(1), at(2)}, "scan_time_contradictory"},
		"begin and end are the same moment": {Span{at(1), at(1)}, Span{}, ""},
	} {
		hosts, policy := cleanHosts("Vul"), hostPolicy()
		hosts.Scanned = []Span{tt.task}
		for i := range hosts.Machines {
			hosts.Machines[i].Scanned = tt.machine
		}
		expectOutcome(t, judge(hosts, policy), Pass)
		policy.MaxAge = 24 * time.Hour
		if got := codes(judge(hosts, policy).Reasons); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestMerge_theStrictestOfSeveralPlacesHolds(t *testing.T) {
	t.Parallel()
	document := Policy{
		FailOn: High, MaxAge: 168 * time.Hour, MaxFindings: map[Severity]int64{Medium: 10, Low: 3}, DeniedCategories: []Category{Ad},
		AcceptServiceIgnores: ptr(true), MaxFailedMachines: ptr[int64](0),
	}
	block := Policy{
		FailOn: Medium, MaxAge: 200 * time.Hour, MaxFindings: map[Severity]int64{Medium: 20, Info: 1}, DeniedCategories: []Category{Virus},
		AcceptServiceIgnores: ptr(false), MaxFailedMachines: ptr[int64](3), Enforcement: Advisory,
	}
	for _, merged := range []Policy{Merge(SourceHosts, document, block), Merge(SourceHosts, block, document)} {
		if merged.FailOn != Medium || merged.MaxAge != 168*time.Hour || len(merged.DeniedCategories) != 2 || *merged.AcceptServiceIgnores || *merged.MaxFailedMachines != 0 ||
			merged.MaxFindings[Medium] != 10 || merged.MaxFindings[Low] != 3 || merged.MaxFindings[Info] != 1 || merged.Enforcement != Advisory {
			t.Errorf("%+v", merged)
		}
	}
	if document.MaxFindings[Info] != 0 || len(document.DeniedCategories) != 1 {
		t.Error("merging changed a place")
	}
	if only := Merge(SourceHosts, Policy{}, document); only.FailOn != High || !*only.AcceptServiceIgnores || only.Enforcement != "" {
		t.Errorf("a rule that one place writes: %+v", only)
	}
}
