package gate

import (
	"slices"
	"testing"
)

// The digests are those of `printf '%s' '<array>' | sha256sum | cut -c1-32`. They are frozen: users
// keep them in their baselines.
func TestFingerprint_isFrozen(t *testing.T) {
	t.Parallel()
	cve := Finding{Category: Vulnerability, Severity: High, ID: "CVE-2026-1", Subject: "com.example.app", Location: "lib/x.so"}
	tests := []struct {
		finding Finding
		ordinal int
		want    string
	}{
		{cve, 0, "2b1cb18d3fa2801bf023ceae0d0264e9"}, // ["vulnerability","high","CVE-2026-1","com.example.app","lib/x.so",0]
		{cve, 1, "9cce6ce091b01fcf21b9656586529800"},
		{Finding{Category: Permission, Severity: Info, ID: "<a&b>", Subject: "应用"}, 0, "ec8f1740f24034657cf9a7601c47dc45"},
		{Finding{Category: Unrated, Severity: Unknown, ID: "unrated"}, 0, "071201e048c4d90d52bc686c36ceb422"},
	}
	for _, test := range tests {
		if got := Fingerprint(test.finding, test.ordinal); got != test.want {
			t.Errorf("%+v, %d: %s, want %s", test.finding, test.ordinal, got, test.want)
		}
	}
}

func TestFingerprint_knowsNoMD5AndNoName(t *testing.T) {
	t.Parallel()
	finding := Finding{Category: Vulnerability, Severity: High, ID: "V"}
	renamed := finding
	renamed.AppMD5, renamed.Name, renamed.Anonymous, renamed.Fingerprint = md5A, "name", true, "old"
	if Fingerprint(finding, 0) != Fingerprint(renamed, 0) {
		t.Fatal("fingerprint depends on the MD5 or the name")
	}
	for name, change := range map[string]func(*Finding){
		"category": func(f *Finding) { f.Category = Ad },
		"severity": func(f *Finding) { f.Severity = Low },
		"id":       func(f *Finding) { f.ID = "W" },
		"subject":  func(f *Finding) { f.Subject = "s" },
		"location": func(f *Finding) { f.Location = "l" },
	} {
		other := finding
		change(&other)
		if Fingerprint(finding, 0) == Fingerprint(other, 0) {
			t.Errorf("fingerprint does not depend on the %s", name)
		}
	}
}

func TestIdentify_givesEqualsTheirOrdinalsInAnyOrder(t *testing.T) {
	t.Parallel()
	of := func(md5 string) Finding {
		return Finding{Category: Vulnerability, Severity: High, ID: "V", AppMD5: md5}
	}
	one, other := identify([]Finding{of("a"), of("b"), of("b")}), identify([]Finding{of("b"), of("a"), of("b")})
	if !slices.Equal(one, other) {
		t.Fatalf("%v\n%v", one, other)
	}
	for i, finding := range one {
		if finding.Fingerprint != Fingerprint(finding, i) {
			t.Errorf("ordinal of %d", i)
		}
	}
}

func TestIdentify_neverGivesOneFingerprintTwice(t *testing.T) {
	t.Parallel()
	// Two ids that differ only in bytes that JSON cannot hold.
	findings := identify([]Finding{
		{Category: Vulnerability, Severity: High, ID: "V\xff"},
		{Category: Vulnerability, Severity: High, ID: "V\xfe"},
	})
	if findings[0].Fingerprint == findings[1].Fingerprint {
		t.Fatal("a baseline of one would hold the other")
	}
}
