package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
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
		"no rows and a total of zero": {func(s *ScanResults) { s.Rows, s.TotalCount = nil, num(0) }, nil, "nothing_scanned"},
		"total missing":               {func(s *ScanResults) { s.TotalCount = Count{} }, nil, "count_mismatch"},
		"total above rows":            {func(s *ScanResults) { s.TotalCount = num(3) }, nil, "count_mismatch"},
		"total below rows":            {func(s *ScanResults) { s.TotalCount = num(1) }, nil, "count_mismatch"},
		"total negative":              {func(s *ScanResults) { s.TotalCount = num(-2) }, nil, "count_mismatch"},
		"row running":                 {func(s *ScanResults) { s.Rows[1].State = RowRunning }, nil, "not_finished"},
		"row failed":                  {func(s *ScanResults) { s.Rows[1].State = RowFailed }, nil, "app_failed"},
		"row timed out":               {func(s *ScanResults) { s.Rows[1].State = RowTimedOut }, nil, "app_timed_out"},
		"row of unknown state":        {func(s *ScanResults) { s.Rows[1].State = RowUnknown }, nil, "unknown_status"},
		"row of a state out of range": {func(s *ScanResults) { s.Rows[1].State = 77 }, nil, "unknown_status"},
		"row without MD5":             {func(s *ScanResults) { s.Rows[1].MD5 = " " }, nil, "missing_md5 row_without_md5"},
		"row of another file":         {func(s *ScanResults) { s.Rows[1].MD5 = md5A }, nil, "missing_md5"},
		"row that was not asked for":  {func(s *ScanResults) { s.Asked = []string{md5A} }, nil, "unexpected_md5"},
		"asked MD5 missing":           {func(s *ScanResults) { s.Asked = []string{md5A, md5B, "00000000000000000000000000000000"} }, nil, "missing_md5"},
		"second row of an MD5 running": {func(s *ScanResults) {
			s.Rows = append(s.Rows, ScannedApp{MD5: md5A, State: RowRunning})
			s.TotalCount = num(3)
		}, nil, "not_finished"},
		"no VulInfo":                        {func(s *ScanResults) { s.Rows[0].Vul = VulSection{} }, nil, "missing_evidence"},
		"VulInfo empty":                     {func(s *ScanResults) { s.Rows[0].Vul = VulSection{State: field.Known} }, nil, "missing_evidence"},
		"no AdInfo where required":          {func(s *ScanResults) { s.Rows[0].Ads = AdSection{} }, every, "missing_evidence"},
		"no PermissionInfo where required":  {func(s *ScanResults) { s.Rows[0].Permissions = NameSection{} }, every, "missing_evidence"},
		"no SensitiveInfo where required":   {func(s *ScanResults) { s.Rows[0].Sensitive = NameSection{} }, every, "missing_evidence"},
		"empty list of types means default": {func(s *ScanResults) { s.Rows[0].Vul = VulSection{} }, []string{}, "invalid_policy missing_evidence"},
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
	results.Rows[0].Ads, results.Rows[0].Permissions, results.Rows[0].Sensitive = AdSection{}, NameSection{}, NameSection{}
	expectOutcome(t, judge(results, resultsPolicy(md5A)), Pass)
	results.Rows[0].Virus = VirusSection{}
	policy := resultsPolicy(md5A)
	policy.RequiredScanTypes = []string{VulScan}
	expectOutcome(t, judge(results, policy), Pass)
}

func TestScanResults_scoreOrListIsEvidence(t *testing.T) {
	t.Parallel()
	for _, section := range []VulSection{{State: field.Known, Score: field.Known}, {State: field.Known, List: field.Known}} {
		results := cleanResults(md5A)
		results.Rows[0].Vul = section
		expectOutcome(t, judge(results, resultsPolicy(md5A)), Pass)
	}
}

func TestScanResults_deniedCategoryImpliesItsScanType(t *testing.T) {
	t.Parallel()
	drop := map[Category]func(*ScannedApp){
		Vulnerability: func(a *ScannedApp) { a.Vul = VulSection{} },
		Virus:         func(a *ScannedApp) { a.Virus = VirusSection{} },
		RiskSoftware:  func(a *ScannedApp) { a.Virus = VirusSection{} },
		Unrated:       func(a *ScannedApp) { a.Virus = VirusSection{} },
		Ad:            func(a *ScannedApp) { a.Ads = AdSection{} },
		Permission:    func(a *ScannedApp) { a.Permissions = NameSection{} },
		SensitiveWord: func(a *ScannedApp) { a.Sensitive = NameSection{} },
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
	ratings := map[string]VirusSection{
		"no section": {},
		"null":       {State: field.Known},
		"zero":       {State: field.Known, SafeType: num(0)},
		"four":       {State: field.Known, SafeType: num(4)},
		"negative":   {State: field.Known, SafeType: num(-1)},
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
		Vul{ID: text("V3"), Name: "n3", Location: "l3", RiskLevel: num(3)},
		Vul{ID: text("V2"), RiskLevel: num(2)},
		Vul{ID: text("V1"), RiskLevel: num(1)},
		Vul{ID: text("V0"), RiskLevel: num(0)},
		Vul{ID: text("V4"), RiskLevel: num(4)},
		Vul{ID: text("Vn")},
		Vul{ID: text(" "), Name: "nameless id", RiskLevel: num(3)},
	)
	app.Virus = VirusSection{State: field.Known, SafeType: num(3), Name: text("EICAR")}
	app.Ads = AdSection{State: field.Known, Plugins: []AdPlugin{{Name: text("admob"), List: "banners"}, {List: "spots"}, {}}}
	app.Permissions = NameSection{State: field.Known, Names: []field.Value[string]{text("android.permission.CAMERA")}}
	app.Sensitive = NameSection{State: field.Known, Names: []field.Value[string]{text("res/a.txt"), text("")}}
	risky := cleanApp(md5B)
	risky.Virus = VirusSection{State: field.Known, SafeType: num(2)}

	of := func(c Category, s Severity, id, name, location string, anonymous bool) Finding {
		return Finding{Category: c, Severity: s, ID: id, Name: name, Location: location, Subject: "com.example.app", Package: "com.example.app", AppMD5: md5A, Anonymous: anonymous, Unnamed: anonymous || id == "spots"}
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
		"total":         func(s *ScanResults) { s.TotalCount = Count{} },
		"first row":     func(s *ScanResults) { s.Rows = s.Rows[1:] },
		"last row":      func(s *ScanResults) { s.Rows = s.Rows[:1] },
		"last row, too": func(s *ScanResults) { s.Rows, s.TotalCount = s.Rows[:1], num(1) },
		"all rows":      func(s *ScanResults) { s.Rows, s.TotalCount = nil, num(0) },
	}
	for _, row := range []int{0, 1} {
		at := string(rune('0' + row))
		removals["md5 "+at] = func(s *ScanResults) { s.Rows[row].MD5 = "" }
		removals["state "+at] = func(s *ScanResults) { s.Rows[row].State = 0 }
		removals["time "+at] = func(s *ScanResults) { s.Rows[row].Scanned = Span{} }
		removals["broken time "+at] = func(s *ScanResults) { s.Rows[row].Scanned = Span{Begin: field.Broken[time.Time]()} }
		removals["vul "+at] = func(s *ScanResults) { s.Rows[row].Vul = VulSection{} }
		removals["score and list "+at] = func(s *ScanResults) { s.Rows[row].Vul.Score, s.Rows[row].Vul.List = field.Absent, field.Absent }
		removals["virus "+at] = func(s *ScanResults) { s.Rows[row].Virus = VirusSection{} }
		removals["safe type "+at] = func(s *ScanResults) { s.Rows[row].Virus.SafeType = Count{} }
		removals["ads "+at] = func(s *ScanResults) { s.Rows[row].Ads = AdSection{} }
		removals["permissions "+at] = func(s *ScanResults) { s.Rows[row].Permissions = NameSection{} }
		removals["sensitive "+at] = func(s *ScanResults) { s.Rows[row].Sensitive = NameSection{} }
		removals["everything "+at] = func(s *ScanResults) { s.Rows[row] = ScannedApp{} }
		removals["risk level "+at] = func(s *ScanResults) { s.Rows[row].Vul.Vuls[0].RiskLevel = Count{} }
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

func TestLower_isToLower(t *testing.T) {
	t.Parallel()
	texts := []string{"", "deadbeef", "DEADBEEF", "dé", "É", "İ", "K", "\xff", "aZ", "\u2028Z"}
	for b := range 256 {
		texts = append(texts, string([]byte{byte(b)}), string([]byte{'a', byte(b), 'b'}), string(rune(b)))
	}
	for _, text := range texts {
		if got, want := lower(text), strings.ToLower(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
