package gate

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
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
		if v := judge(seed.Results, seed.Policy); seed.falsePass() != "" && v.Passed() {
			f.Fatal(v.Message)
		}
	}
	for _, seed := range []string{"", "\x01", "\x02\x01\x02\x03", strings.Repeat("\x01", 200), strings.Repeat("\x02\x01", 300), strings.Repeat("\x01\x02\x03\x00", 200)} {
		f.Add([]byte(seed))
	}
	bases := []fuzzCase{pass, fail, none}
	f.Fuzz(func(t *testing.T, text []byte) {
		source := &bytesSource{rest: text}
		c := bases[int(source.next())%len(bases)].deepCopy()
		source.change(reflect.ValueOf(&c).Elem())
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
	if len(c.Results.Rows) == 0 || !c.Results.TotalCount.Is(int64(len(c.Results.Rows))) {
		return "the rows are not those counted"
	}
	virus := len(c.Policy.RequiredScanTypes) == 0 || slices.Contains(c.Policy.RequiredScanTypes, "VIRUSSCAN")
	for _, row := range c.Results.Rows {
		rating, state := row.Virus.SafeType.Get()
		switch {
		case row.State != RowDone:
			return "a row is not done"
		case virus && (row.Virus.State == field.Absent || state != field.Known || rating < 1 || rating > 3):
			return "a row has no rating"
		case row.Virus.State == field.Unreadable || state == field.Unreadable:
			return "a rating cannot be read"
		case row.Vul.State == field.Unreadable || row.Vul.List == field.Unreadable:
			return "a list of vulnerabilities cannot be read"
		case rating == 3 && len(c.Policy.Exceptions) == 0:
			return "a virus was found"
		case c.Policy.MaxAge != 0 && row.Scanned.Begin.State() != field.Known && row.Scanned.End.State() != field.Known:
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

// deepCopy returns a case that shares nothing with its seed but texts.
func (c fuzzCase) deepCopy() fuzzCase {
	c.Results.Rows = slices.Clone(c.Results.Rows)
	for i := range c.Results.Rows {
		c.Results.Rows[i].Vul.Vuls = slices.Clone(c.Results.Rows[i].Vul.Vuls)
	}
	c.Policy.MaxFindings = maps.Clone(c.Policy.MaxFindings)
	c.Policy.Exceptions, c.Policy.Denied = slices.Clone(c.Policy.Exceptions), slices.Clone(c.Policy.Denied)
	return c
}

// bytesSource changes values as bytes say: 0 leaves one as it is.
type bytesSource struct{ rest []byte }

func (b *bytesSource) next() byte {
	if len(b.rest) == 0 {
		return 0
	}
	one := b.rest[0]
	b.rest = b.rest[1:]
	return one
}

// change walks a value. Each byte changes, leaves or repeats what stands there.
func (b *bytesSource) change(v reflect.Value) {
	switch at := v.Addr().Interface().(type) {
	case *field.Value[int64]:
		*at = pick(b.next(), *at, int64(b.next())-3)
		return
	case *field.Value[string]:
		*at = pick(b.next(), *at, string(rune('U'+b.next()%4)))
		return
	case *field.Value[time.Time]:
		*at = pick(b.next(), *at, now.Add(time.Duration(b.next())*time.Minute-2*time.Hour))
		return
	case *field.State:
		*at = field.State((int(*at) + int(b.next())) % 3)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			b.change(v.Field(i))
		}
	case reflect.Slice:
		if n := b.next(); n%4 == 3 && v.Len() > 0 {
			v.Set(reflect.Append(v.Slice(0, v.Len()), v.Index(0)))
		} else if n%4 == 2 && v.Len() > 0 {
			v.Set(v.Slice(1, v.Len()))
		}
		for i := range v.Len() {
			b.change(v.Index(i))
		}
	case reflect.String:
		if n := b.next(); n > 0 {
			v.SetString([]string{"", " ", "V", md5A, md5B, "high", "vulnerability", "::x##"}[n%8])
		}
	case reflect.Int:
		v.SetInt((v.Int() + int64(b.next())) % 5)
	case reflect.Int64:
		v.SetInt(v.Int() + int64(b.next()%4)*int64(time.Hour))
	case reflect.Bool:
		v.SetBool(v.Bool() != (b.next()%2 == 1))
	default: // maps and pointers stay as the seed has them
	}
}

func pick[T comparable](by byte, old field.Value[T], other T) field.Value[T] {
	switch by % 4 {
	case 1:
		return field.Value[T]{}
	case 2:
		return field.Broken[T]()
	case 3:
		return field.Of(other)
	}
	return old
}

// largeScan is 40,000 findings of one app, a policy of 1,000 exceptions and 40,000 fingerprints.
func largeScan() (ScanResults, Policy) {
	const findings, exceptions = 40_000, 1_000
	vuls := make([]Vul, findings)
	for i := range vuls {
		vuls[i] = Vul{ID: text(fmt.Sprintf("CVE-%d", i%5_000)), Name: "name", Location: fmt.Sprintf("lib/%d.so", i*7_919%findings), RiskLevel: num(int64(i % 4))}
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
