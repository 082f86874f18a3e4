package gate

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// except is the vulnerability V excepted until the end of 2026, unless changed.
func except(change func(*Exception)) Policy {
	exception := Exception{Category: Vulnerability, ID: "V", Reason: "not reachable", ExpiresAt: "2026-12-31"}
	if change != nil {
		change(&exception)
	}
	policy := resultsPolicy(md5A)
	policy.Exceptions = []Exception{exception}
	return policy
}

func TestExceptions_everyGivenFieldMustMatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Exception)
		want   Outcome
	}{
		"category and id":            {nil, Pass},
		"id with space around":       {func(x *Exception) { x.ID = " V " }, Pass},
		"its package":                {func(x *Exception) { x.AppPkgName = ptr("com.example.app") }, Pass},
		"its MD5 in another case":    {func(x *Exception) { x.AppMD5 = ptr(strings.ToUpper(md5A)) }, Pass},
		"its package and MD5":        {func(x *Exception) { x.AppPkgName, x.AppMD5 = ptr("com.example.app"), ptr(md5A) }, Pass},
		"a blank MD5 is no app":      {func(x *Exception) { x.AppMD5 = ptr("") }, Fail},
		"a blank package is no app":  {func(x *Exception) { x.AppPkgName = ptr(" ") }, Fail},
		"another id":                 {func(x *Exception) { x.ID = "W" }, Fail},
		"id in another case":         {func(x *Exception) { x.ID = "v" }, Fail},
		"another category":           {func(x *Exception) { x.Category = Ad }, Fail},
		"another package":            {func(x *Exception) { x.AppPkgName = ptr("com.example.other") }, Fail},
		"another MD5":                {func(x *Exception) { x.AppMD5 = ptr(md5B) }, Fail},
		"its package, another MD5":   {func(x *Exception) { x.AppPkgName, x.AppMD5 = ptr("com.example.app"), ptr(md5B) }, Fail},
		"its MD5, another package":   {func(x *Exception) { x.AppPkgName, x.AppMD5 = ptr("com.example.other"), ptr(md5A) }, Fail},
		"ended":                      {func(x *Exception) { x.ExpiresAt = "2026-03-09" }, Fail},
		"valid through today":        {func(x *Exception) { x.ExpiresAt = "2026-03-10" }, Pass},
		"ends this very instant":     {func(x *Exception) { x.ExpiresAt = "2026-03-10T12:00:00Z" }, Fail},
		"ends a second later":        {func(x *Exception) { x.ExpiresAt = "2026-03-10T12:00:01Z" }, Pass},
		"no end":                     {func(x *Exception) { x.ExpiresAt = "" }, Fail},
		"an end that cannot be read": {func(x *Exception) { x.ExpiresAt = "never" }, Fail},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectOutcome(t, judge(resultsWith(high("V")), except(test.change)), test.want)
		})
	}
}

func TestExceptions_anonymousVulnerabilityCannotBeExceptedOrBaselined(t *testing.T) {
	t.Parallel()
	results := resultsWith(Vul{Name: "nameless", RiskLevel: num(3)})
	policy := except(func(x *Exception) { x.ID = "vulnerability" })
	policy.Baseline, policy.RecordFingerprints = []string{results.Findings(nil)[0].Fingerprint}, true
	v := judge(results, policy)
	expectOutcome(t, v, Fail)
	if !slices.Equal(v.UnusedExceptions, []string{"vulnerability/vulnerability"}) || len(v.Fingerprints) != 0 || v.Fingerprints == nil {
		t.Fatalf("unused %v, fingerprints %v", v.UnusedExceptions, v.Fingerprints)
	}
}

func TestExceptions_findingWithoutNameIsExceptedByItsCategory(t *testing.T) {
	t.Parallel()
	results := cleanResults(md5A)
	results.Rows[0].Virus = VirusSection{State: field.Known, SafeType: num(2)}
	expectOutcome(t, judge(results, except(func(x *Exception) { x.Category, x.ID = RiskSoftware, "risk_software" })), Pass)
}

func TestExceptions_unusedAreThoseInForceThatMatchNothing(t *testing.T) {
	t.Parallel()
	policy := except(nil)
	policy.Exceptions = append(policy.Exceptions,
		Exception{Category: Vulnerability, ID: "Z", Reason: "r", ExpiresAt: "2026-12-31"},
		Exception{Category: Ad, ID: "admob", Reason: "r", ExpiresAt: "2026-12-31"},
		Exception{Category: Ad, ID: "admob", Reason: "r", ExpiresAt: "2026-12-31", AppMD5: ptr(md5A)},
		Exception{Category: Ad, ID: "ended", Reason: "r", ExpiresAt: "2026-01-01"},
	)
	v := judge(resultsWith(high("V")), policy)
	if want := []string{"ad/admob", "vulnerability/Z"}; !slices.Equal(v.UnusedExceptions, want) {
		t.Fatalf("unused %v, want %v", v.UnusedExceptions, want)
	}
}

func TestExceptions_warnBeforeAndAfterTheirEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // now is 2026-03-10T12:00:00Z
		"2026-12-31":           "",
		"2026-03-24T12:00:01Z": "",
		"2026-03-24T12:00:00Z": "expires at 2026-03-24T12:00:00Z",
		"2026-03-10":           "expires at 2026-03-11T00:00:00Z",
		"2026-03-10T12:00:00Z": "expired at 2026-03-10T12:00:00Z",
		"2026-03-01":           "expired at 2026-03-02T00:00:00Z",
		"9999-12-31":           "",
	}
	for expiresAt, want := range tests {
		v := judge(resultsWith(high("V")), except(func(x *Exception) { x.ExpiresAt = expiresAt }))
		switch {
		case want == "" && len(v.Expiries) > 0:
			t.Errorf("%s: %v", expiresAt, v.Expiries)
		case want != "" && (len(v.Expiries) != 1 || !strings.Contains(v.Expiries[0].String(), want) || v.Expiries[0].Exception != "vulnerability V"):
			t.Errorf("%s: %v, want %q", expiresAt, v.Expiries, want)
		}
	}
}

// TestExceptions_thatConcernNoFindingAreNotWarnedOf: a shared policy holds those of other scans.
func TestExceptions_thatConcernNoFindingAreNotWarnedOf(t *testing.T) {
	t.Parallel()
	v := judge(resultsWith(high("W")), except(func(x *Exception) { x.ExpiresAt = "2026-03-10" }))
	if len(v.Expiries) != 0 {
		t.Errorf("%v", v.Expiries)
	}
}

func TestExceptions_validUntilIsTheFirstEndOfThoseUsed(t *testing.T) {
	t.Parallel()
	policy := except(func(x *Exception) { x.ExpiresAt = "2026-06-30" })
	policy.Exceptions = append(policy.Exceptions,
		Exception{Category: Vulnerability, ID: "W", Reason: "r", ExpiresAt: "2026-05-31"},
		Exception{Category: Vulnerability, ID: "unused", Reason: "r", ExpiresAt: "2026-04-01"},
		// V is also covered by a shorter one, which its end does not depend on.
		Exception{Category: Vulnerability, ID: "V", Reason: "r", ExpiresAt: "2026-04-02", AppMD5: ptr(md5A)},
		Exception{Category: Vulnerability, ID: "V", Reason: "r", ExpiresAt: "2026-04-03"},
	)
	v := judge(resultsWith(high("V"), high("W")), policy)
	if want := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC); v.ValidUntil == nil || !v.ValidUntil.Equal(want) {
		t.Fatalf("valid until %v, want %v", v.ValidUntil, want)
	}
	policy.MaxAge = 2 * time.Hour
	v = judge(resultsWith(high("V"), high("W")), policy)
	if !v.ValidUntil.Equal(now.Add(time.Hour)) {
		t.Fatalf("valid until %v with max_age", v.ValidUntil)
	}
	if v = judge(resultsWith(), except(nil)); v.ValidUntil != nil {
		t.Fatalf("valid until %v with nothing excepted", v.ValidUntil)
	}
}

func TestBaseline_holdsFindingsByFingerprintInAnyCase(t *testing.T) {
	t.Parallel()
	results, policy := resultsWith(high("V")), resultsPolicy(md5A)
	policy.Baseline = []string{strings.ToUpper(results.Findings(nil)[0].Fingerprint)}
	v := judge(results, policy)
	expectOutcome(t, v, Pass)
	if v.BaselinedCount != 1 || v.ExceptedCount != 0 {
		t.Fatalf("baselined %d, excepted %d", v.BaselinedCount, v.ExceptedCount)
	}
	// A second one of the same is new.
	expectOutcome(t, judge(resultsWith(high("V"), high("V")), policy), Fail)
	// A new build keeps its baseline.
	rebuilt, other := cleanResults(md5B), resultsPolicy(md5B)
	rebuilt.Rows[0] = vulns(rebuilt.Rows[0], high("V"))
	other.Baseline = policy.Baseline
	expectOutcome(t, judge(rebuilt, other), Pass)
}

func TestBaseline_holdsFindingsWithoutANameThatAreNoVulnerability(t *testing.T) {
	t.Parallel()
	finding := Finding{Category: Ad, Severity: Low, ID: "ad", Anonymous: true}
	policy := resultsPolicy(md5A)
	policy.FailOn, policy.Baseline = Low, []string{Fingerprint(finding, 0)}
	expectOutcome(t, evaluateFindings(policy, finding), Pass)
}

func TestBaseline_neverHoldsMaliciousUnratedOrCountedFindings(t *testing.T) {
	t.Parallel()
	findings := []Finding{
		{Category: Virus, Severity: Critical, ID: "v"},
		{Category: Malware, Severity: High, ID: "m"},
		{Category: RiskSoftware, Severity: High, ID: "r"},
		{Category: Unrated, Severity: Unknown, ID: "unrated"},
		{Category: Repackaged, Severity: High, ID: "repackaged"},
		{Category: Baseline, Severity: High, ID: "b", FromCount: true},
		{Category: Vulnerability, Severity: High, ID: "c", FromCount: true},
	}
	for _, finding := range findings {
		policy := resultsPolicy(md5A)
		policy.RecordFingerprints = true
		policy.Baseline = []string{Fingerprint(finding, 0)}
		v := evaluateFindings(policy, finding)
		expectOutcome(t, v, Fail)
		if len(v.Fingerprints) != 0 || v.BaselinedCount != 0 {
			t.Errorf("%s is recorded or baselined", finding.Category)
		}
	}
}

func TestBaseline_recordedFingerprintsMakeTheSameScanPass(t *testing.T) {
	t.Parallel()
	results, policy := resultsWith(high("W"), high("V"), high("V")), resultsPolicy(md5A)
	policy.RecordFingerprints = true
	first := judge(results, policy)
	expectOutcome(t, first, Fail)
	if len(first.Fingerprints) != 3 || !slices.IsSorted(first.Fingerprints) {
		t.Fatalf("fingerprints %v", first.Fingerprints)
	}
	policy.Baseline = first.Fingerprints
	second := judge(results, policy)
	expectOutcome(t, second, Pass)
	if !slices.Equal(first.Fingerprints, second.Fingerprints) {
		t.Fatal("a baselined finding drops out of the record")
	}
	policy.RecordFingerprints = false
	if judge(results, policy).Fingerprints != nil {
		t.Fatal("fingerprints that nobody asked for")
	}
}

func TestParseExpiry(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"2026-03-10":                "2026-03-11T00:00:00Z",
		"2024-02-29":                "2024-03-01T00:00:00Z",
		"2026-12-31":                "2027-01-01T00:00:00Z",
		"9999-12-31":                "9999-12-31T23:59:59Z",
		"2026-03-10T12:00:00Z":      "2026-03-10T12:00:00Z",
		"2026-03-10T12:00:00+08:00": "2026-03-10T04:00:00Z",
		"9999-12-31T23:00:00-08:00": "9999-12-31T23:59:59Z",
		"2026-03-10T12:00:00.5Z":    "2026-03-10T12:00:00.5Z",
	}
	for text, want := range good {
		got, err := ParseExpiry(text)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", " ", "never", "2026-02-30", "2026-3-1", "26-03-10", "2026-03-10 ", "2026-03-10 12:00:00", "2026-03-10T12:00:00",
		"2026-03-10T1:00:00Z", "2026-03-10T12:00:00,5Z", "2026-03-10T12:00:00+25:00", "20260310", "1773144000", "2026-03-10\n", "10000-01-01"} {
		got, err := ParseExpiry(text)
		if !errors.Is(err, ErrExpiry) || !got.IsZero() || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
