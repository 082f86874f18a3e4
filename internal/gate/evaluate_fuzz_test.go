package gate

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// fuzzCase is what FuzzEvaluate decodes: an answer and a gate for it.
type fuzzCase struct {
	Results ScanResults
	Policy  Policy
}

func FuzzEvaluate(f *testing.F) {
	pass := fuzzCase{cleanResults(md5A, md5B), resultsPolicy(md5A)}
	fail := fuzzCase{resultsWith(high("V"), Vul{}), fullPolicy()}
	none := fuzzCase{resultsWith(medium("V")), Policy{Source: SourceScanResults, RequiredMD5s: []string{md5A}, FailOn: FailOnNone, MaxFindings: map[Severity]int64{Unknown: 1}}}
	for _, seed := range []fuzzCase{pass, fail, none} {
		text, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"Policy":{"Source":"ms_scan_results"},"Results":{"TotalCount":0}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var c fuzzCase
		if json.Unmarshal(text, &c) != nil {
			return
		}
		v := judge(c.Results, c.Policy)
		if fault := c.falsePass(); v.Passed() && fault != "" {
			t.Fatalf("passes although %s", fault)
		}
		if strings.Contains(v.Message, "::") || strings.Contains(v.Message, "##") {
			t.Fatalf("message %q", v.Message)
		}
		if (v.ViolationCount > 0) != (v.Outcome == Fail) || len(v.Violations) > MaxViolations {
			t.Fatalf("%s with %d violations", v.Outcome, v.ViolationCount)
		}
		slices.Reverse(c.Results.Rows)
		if again := judge(c.Results, c.Policy); !reflect.DeepEqual(v, again) {
			t.Fatalf("order matters:\n%+v\n%+v", v, again)
		}
	})
}

// falsePass tells, apart from the code under test, why a pass would be false.
func (c fuzzCase) falsePass() string {
	if len(c.Results.Rows) == 0 || c.Results.TotalCount == nil || *c.Results.TotalCount != int64(len(c.Results.Rows)) {
		return "the rows are not those counted"
	}
	virus := len(c.Policy.RequiredScanTypes) == 0 || slices.Contains(c.Policy.RequiredScanTypes, "VIRUSSCAN")
	for _, row := range c.Results.Rows {
		switch {
		case row.State != RowDone:
			return "a row is not done"
		case virus && (row.Virus == nil || row.Virus.SafeType == nil || *row.Virus.SafeType < 1 || *row.Virus.SafeType > 3):
			return "a row has no rating"
		case row.Virus != nil && row.Virus.SafeType != nil && *row.Virus.SafeType == 3 && len(c.Policy.Exceptions) == 0 && c.Policy.FailOn != FailOnNone:
			return "a virus was found"
		case c.Policy.MaxAge != 0 && row.ScannedAt == nil:
			return "a row has no time"
		}
	}
	if len(c.Policy.RequiredMD5s) == 0 {
		return "no MD5 is required"
	}
	for _, md5 := range c.Policy.RequiredMD5s {
		if !slices.ContainsFunc(c.Results.Rows, func(row ScannedApp) bool { return strings.EqualFold(strings.TrimSpace(row.MD5), md5) }) {
			return "a required MD5 is missing"
		}
	}
	return ""
}

// largeScan is 40,000 findings of one app, a policy of 1,000 exceptions and 40,000 fingerprints.
func largeScan() (ScanResults, Policy) {
	const findings, exceptions = 40_000, 1_000
	vuls := make([]Vul, findings)
	for i := range vuls {
		vuls[i] = Vul{ID: fmt.Sprintf("CVE-%d", i%5_000), Name: "name", Location: fmt.Sprintf("lib/%d.so", i*7_919%findings), RiskLevel: ptr(int64(i % 4))}
	}
	policy := resultsPolicy(md5A)
	policy.RecordFingerprints = true
	for i := range exceptions {
		policy.Exceptions = append(policy.Exceptions, Exception{Category: Vulnerability, ID: fmt.Sprintf("CVE-%d", i%10), Reason: "r", ExpiresAt: "2026-12-31", AppMD5: ptr(fmt.Sprintf("%032d", i))})
	}
	results := resultsWith(vuls...)
	for i, finding := range results.Findings(nil) {
		if i%2 == 0 {
			policy.Baseline = append(policy.Baseline, finding.Fingerprint, fmt.Sprintf("%032x", i))
		}
	}
	slices.Sort(policy.Baseline) // as Terraform hands over a set
	return results, policy
}

func BenchmarkEvaluate_largeScan(b *testing.B) {
	results, policy := largeScan()
	e := results.Evidence(policy)
	for b.Loop() {
		if v := Evaluate(e, policy, now); v.Outcome != Fail || v.BaselinedCount != 20_000 {
			b.Fatal(v.Message)
		}
	}
}

func BenchmarkEvidence_largeScan(b *testing.B) {
	results, policy := largeScan()
	for b.Loop() {
		if e := results.Evidence(policy); len(e.Findings) != 40_000 {
			b.Fatal(len(e.Findings))
		}
	}
}
