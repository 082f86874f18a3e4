package gate

import (
	"slices"
	"testing"
	"time"
)

func TestScanResults_cleanScanPasses(t *testing.T) {
	t.Parallel()
	v := judge(cleanResults(md5A, md5B), resultsPolicy(md5A, md5B))
	expectOutcome(t, v, Pass)
	expectReasons(t, v, "")
}

func TestScanResults_requiredMD5sMatchInAnyCase(t *testing.T) {
	t.Parallel()
	results := cleanResults("DD5B29A800246D7089FEBF228286D901")
	results.Asked = []string{"dd5b29A800246d7089febf228286d901"}
	expectOutcome(t, judge(results, resultsPolicy("Dd5b29a800246d7089febf228286d901")), Pass)
}

func TestScanResults_whatIsNotProvenIsIncomplete(t *testing.T) {
	t.Parallel()
	every := ScanTypes()
	tests := map[string]struct {
		change func(*ScanResults)
		types  []string
		want   string
	}{
		"no rows":                     {func(s *ScanResults) { s.Rows = nil }, nil, "nothing_scanned"},
		"no rows and a total of zero": {func(s *ScanResults) { s.Rows, s.TotalCount = nil, ptr[int64](0) }, nil, "nothing_scanned"},
		"total missing":               {func(s *ScanResults) { s.TotalCount = nil }, nil, "count_mismatch"},
		"total above rows":            {func(s *ScanResults) { s.TotalCount = ptr[int64](3) }, nil, "count_mismatch"},
		"total below rows":            {func(s *ScanResults) { s.TotalCount = ptr[int64](1) }, nil, "count_mismatch"},
		"total negative":              {func(s *ScanResults) { s.TotalCount = ptr[int64](-2) }, nil, "count_mismatch"},
		"row running":                 {func(s *ScanResults) { s.Rows[1].State = RowRunning }, nil, "not_finished"},
		"row failed":                  {func(s *ScanResults) { s.Rows[1].State = RowFailed }, nil, "app_failed"},
		"row timed out":               {func(s *ScanResults) { s.Rows[1].State = RowTimedOut }, nil, "app_timed_out"},
		"row of unknown state":        {func(s *ScanResults) { s.Rows[1].State = RowUnknown }, nil, "status_unknown"},
		"row of a state out of range": {func(s *ScanResults) { s.Rows[1].State = 77 }, nil, "status_unknown"},
		"row without MD5":             {func(s *ScanResults) { s.Rows[1].MD5 = " " }, nil, "missing_md5 row_without_md5"},
		"row of another file":         {func(s *ScanResults) { s.Rows[1].MD5 = md5A }, nil, "missing_md5"},
		"row that was not asked for":  {func(s *ScanResults) { s.Asked = []string{md5A} }, nil, "unexpected_md5"},
		"asked MD5 missing":           {func(s *ScanResults) { s.Asked = []string{md5A, md5B, "00000000000000000000000000000000"} }, nil, "missing_md5"},
		"second row of an MD5 running": {func(s *ScanResults) {
			s.Rows = append(s.Rows, ScannedApp{MD5: md5A, State: RowRunning})
			s.TotalCount = ptr[int64](3)
		}, nil, "not_finished"},
		"no VulInfo":                        {func(s *ScanResults) { s.Rows[0].Vul = nil }, nil, "missing_evidence"},
		"VulInfo empty":                     {func(s *ScanResults) { s.Rows[0].Vul = &VulSection{} }, nil, "missing_evidence"},
		"no AdInfo where required":          {func(s *ScanResults) { s.Rows[0].Ads = nil }, every, "missing_evidence"},
		"no PermissionInfo where required":  {func(s *ScanResults) { s.Rows[0].Permissions = nil }, every, "missing_evidence"},
		"no SensitiveInfo where required":   {func(s *ScanResults) { s.Rows[0].Sensitive = nil }, every, "missing_evidence"},
		"empty list of types means default": {func(s *ScanResults) { s.Rows[0].Vul = nil }, []string{}, "invalid_policy missing_evidence"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results, policy := cleanResults(md5A, md5B), resultsPolicy(md5A, md5B)
			policy.RequiredScanTypes = test.types
			test.change(&results)
			v := judge(results, policy)
			expectReasons(t, v, test.want)
			expectOutcome(t, v, Incomplete)
		})
	}
}

func TestScanResults_sectionsOfTypesNotRequiredMayBeMissing(t *testing.T) {
	t.Parallel()
	results := cleanResults(md5A)
	results.Rows[0].Ads, results.Rows[0].Permissions, results.Rows[0].Sensitive = nil, nil, nil
	expectOutcome(t, judge(results, resultsPolicy(md5A)), Pass)
	results.Rows[0].Virus = nil
	policy := resultsPolicy(md5A)
	policy.RequiredScanTypes = []string{VulScan}
	expectOutcome(t, judge(results, policy), Pass)
}

func TestScanResults_scoreOrListIsEvidence(t *testing.T) {
	t.Parallel()
	for _, section := range []VulSection{{HasScore: true}, {HasList: true}} {
		results := cleanResults(md5A)
		results.Rows[0].Vul = &section
		expectOutcome(t, judge(results, resultsPolicy(md5A)), Pass)
	}
}

func TestScanResults_deniedCategoryImpliesItsScanType(t *testing.T) {
	t.Parallel()
	drop := map[Category]func(*ScannedApp){
		Vulnerability: func(a *ScannedApp) { a.Vul = nil },
		Virus:         func(a *ScannedApp) { a.Virus = nil },
		RiskSoftware:  func(a *ScannedApp) { a.Virus = nil },
		Unrated:       func(a *ScannedApp) { a.Virus = nil },
		Ad:            func(a *ScannedApp) { a.Ads = nil },
		Permission:    func(a *ScannedApp) { a.Permissions = nil },
		SensitiveWord: func(a *ScannedApp) { a.Sensitive = nil },
	}
	for _, category := range Categories(SourceScanResults) {
		t.Run(string(category), func(t *testing.T) {
			t.Parallel()
			// Require a type that the category does not imply, so that only the implication can demand.
			other := VulScan
			if category == Vulnerability {
				other = AdScan
			}
			results, policy := cleanResults(md5A), resultsPolicy(md5A)
			policy.RequiredScanTypes = []string{other}
			drop[category](&results.Rows[0])
			expectOutcome(t, judge(results, policy), Pass)
			policy.DeniedCategories = []Category{category}
			expectReasons(t, judge(results, policy), "missing_evidence")
		})
	}
}

func TestScanResults_missingRatingIsAFindingAndMissingEvidence(t *testing.T) {
	t.Parallel()
	ratings := map[string]*VirusSection{
		"no section": nil,
		"null":       {},
		"zero":       {SafeType: ptr[int64](0)},
		"four":       {SafeType: ptr[int64](4)},
		"negative":   {SafeType: ptr[int64](-1)},
	}
	for name, section := range ratings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := cleanResults(md5A)
			results.Rows[0].Virus = section
			v := judge(results, resultsPolicy(md5A))
			expectOutcome(t, v, Fail)
			expectReasons(t, v, "missing_evidence")
			if got := rulesOf(v); got != "fail_on:unrated" || v.Violations[0].Severity != Unknown {
				t.Fatalf("violations %q", got)
			}
			// Neither an exception nor a budget makes an unrated app pass.
			excepted := resultsPolicy(md5A)
			excepted.Exceptions = []Exception{{Category: Unrated, ID: "unrated", Reason: "known", ExpiresAt: "2026-12-31"}}
			excepted.FailOn, excepted.MaxFindings = FailOnNone, map[Severity]int64{Unknown: 9}
			expectOutcome(t, judge(results, excepted), Incomplete)
			if got := results.Findings([]string{VulScan}); len(got) != 0 {
				t.Fatalf("a rating that is not required is a finding: %v", got)
			}
		})
	}
}

func TestScanResults_unfinishedRowIsNotUnrated(t *testing.T) {
	t.Parallel()
	results := cleanResults(md5A)
	results.Rows[0] = ScannedApp{MD5: md5A, State: RowRunning}
	v := judge(results, resultsPolicy(md5A))
	expectOutcome(t, v, Incomplete)
	expectReasons(t, v, "not_finished")
}

func TestScanResults_findingsFollowTheTable(t *testing.T) {
	t.Parallel()
	app := vulns(cleanApp(md5A),
		Vul{ID: "V3", Name: "n3", Location: "l3", RiskLevel: ptr[int64](3)},
		Vul{ID: "V2", RiskLevel: ptr[int64](2)},
		Vul{ID: "V1", RiskLevel: ptr[int64](1)},
		Vul{ID: "V0", RiskLevel: ptr[int64](0)},
		Vul{ID: "V4", RiskLevel: ptr[int64](4)},
		Vul{ID: "Vn"},
		Vul{ID: " ", Name: "nameless id", RiskLevel: ptr[int64](3)},
	)
	app.Virus = &VirusSection{SafeType: ptr[int64](3), Name: "EICAR"}
	app.Ads = &AdSection{Plugins: []AdPlugin{{Name: "admob", List: "banners"}, {List: "spots"}, {}}}
	app.Permissions = &PermissionSection{Permissions: []string{"android.permission.CAMERA"}}
	app.Sensitive = &SensitiveSection{FilePaths: []string{"res/a.txt", ""}}
	risky := cleanApp(md5B)
	risky.Virus = &VirusSection{SafeType: ptr[int64](2)}

	of := func(c Category, s Severity, id, name, location string, anonymous bool) Finding {
		return Finding{Category: c, Severity: s, ID: id, Name: name, Location: location, Subject: "com.example.app", AppMD5: md5A, Anonymous: anonymous}
	}
	want := []Finding{
		of(Virus, Critical, "EICAR", "EICAR", "", false),
		of(Vulnerability, Unknown, "V0", "", "", false),
		of(Vulnerability, Unknown, "V4", "", "", false),
		of(Vulnerability, Unknown, "Vn", "", "", false),
		of(RiskSoftware, High, "risk_software", "", "", true),
		of(Vulnerability, High, "V3", "n3", "l3", false),
		of(Vulnerability, High, "vulnerability", "nameless id", "", true),
		of(Vulnerability, Medium, "V2", "", "", false),
		of(Ad, Low, "ad", "", "", true),
		of(Ad, Low, "admob", "admob", "", false),
		of(Ad, Low, "spots", "spots", "", false),
		of(SensitiveWord, Low, "res/a.txt", "res/a.txt", "res/a.txt", false),
		of(SensitiveWord, Low, "sensitive_word", "", "", true),
		of(Vulnerability, Low, "V1", "", "", false),
		of(Permission, Info, "android.permission.CAMERA", "android.permission.CAMERA", "", false),
	}
	want[4].AppMD5 = md5B
	got := ScanResults{Rows: []ScannedApp{app, risky}}.Findings(nil)
	for i := range got {
		if len(got[i].Fingerprint) != FingerprintLen {
			t.Errorf("fingerprint %q", got[i].Fingerprint)
		}
		got[i].Fingerprint = ""
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
	if sum := Summarize(got); sum != (Summary{Critical: 1, High: 3, Medium: 1, Low: 6, Info: 1, Unknown: 3, Total: 15}) {
		t.Fatalf("summary %+v", sum)
	}
}

// TestScanResults_takingAnythingAwayNeverPasses removes each deciding part of a scan that passes
// under a policy where all of them decide.
func TestScanResults_takingAnythingAwayNeverPasses(t *testing.T) {
	t.Parallel()
	removals := map[string]func(*ScanResults){
		"total":         func(s *ScanResults) { s.TotalCount = nil },
		"first row":     func(s *ScanResults) { s.Rows = s.Rows[1:] },
		"last row":      func(s *ScanResults) { s.Rows = s.Rows[:1] },
		"last row, too": func(s *ScanResults) { s.Rows, s.TotalCount = s.Rows[:1], ptr[int64](1) },
		"all rows":      func(s *ScanResults) { s.Rows, s.TotalCount = nil, ptr[int64](0) },
	}
	for _, row := range []int{0, 1} {
		at := string(rune('0' + row))
		removals["md5 "+at] = func(s *ScanResults) { s.Rows[row].MD5 = "" }
		removals["state "+at] = func(s *ScanResults) { s.Rows[row].State = 0 }
		removals["time "+at] = func(s *ScanResults) { s.Rows[row].ScannedAt = nil }
		removals["zero time "+at] = func(s *ScanResults) { s.Rows[row].ScannedAt = &time.Time{} }
		removals["vul "+at] = func(s *ScanResults) { s.Rows[row].Vul = nil }
		removals["score and list "+at] = func(s *ScanResults) { s.Rows[row].Vul.HasScore, s.Rows[row].Vul.HasList = false, false }
		removals["virus "+at] = func(s *ScanResults) { s.Rows[row].Virus = nil }
		removals["safe type "+at] = func(s *ScanResults) { s.Rows[row].Virus.SafeType = nil }
		removals["ads "+at] = func(s *ScanResults) { s.Rows[row].Ads = nil }
		removals["permissions "+at] = func(s *ScanResults) { s.Rows[row].Permissions = nil }
		removals["sensitive "+at] = func(s *ScanResults) { s.Rows[row].Sensitive = nil }
		removals["everything "+at] = func(s *ScanResults) { s.Rows[row] = ScannedApp{} }
		removals["risk level "+at] = func(s *ScanResults) { s.Rows[row].Vul.Vuls[0].RiskLevel = nil }
	}
	policy := resultsPolicy(md5A, md5B)
	policy.RequiredScanTypes, policy.MaxAge = ScanTypes(), 24*time.Hour
	build := func() ScanResults {
		results := cleanResults(md5A, md5B)
		for i := range results.Rows {
			results.Rows[i] = vulns(results.Rows[i], medium("V"))
		}
		return results
	}
	expectOutcome(t, judge(build(), policy), Pass)
	for name, remove := range removals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := build()
			remove(&results)
			if v := judge(results, policy); v.Passed() {
				t.Fatalf("passes: %s", v.Message)
			}
		})
	}
}
