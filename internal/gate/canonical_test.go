package gate

import (
	"testing"
	"time"
)

// fullPolicy sets every rule; its canonical JSON is
// {"version":1,"source":"ms_scan_results","required_scan_types":["ADSCAN","VIRUSSCAN","VULSCAN"],…}.
func fullPolicy() Policy {
	return Policy{
		Source: SourceScanResults, RequiredMD5s: []string{md5A}, FailOn: Medium,
		MaxFindings:      map[Severity]int64{Low: 3, Unknown: 0},
		DeniedCategories: []Category{Virus, Ad},
		DeniedIDs:        []string{"X<Y", "CVE-1"},
		Exceptions:       []Exception{{Vulnerability, "V", "not reachable", "2026-12-31", ptr("com.example.app"), ptr(md5A)}},
		Baseline:         []string{md5B}, MaxAge: 24 * time.Hour, Enforcement: Advisory,
	}
}

// The digests were computed apart from this code, over the canonical JSON written by hand. They are
// frozen: users pin them.
func TestPolicySHA256_isFrozen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ got, want string }{
		"default": {resultsPolicy(md5A).SHA256(), "ecdd982724b5a209756a684130713ec8e9e5e5942eabf4dfa73bb5ff233320b0"},
		"full":    {fullPolicy().SHA256(), "2b370676a7ef14e03b54b36f1c0a482c9fe3f7ff18d031d273e0722e39fa9747"},
		"images":  {ImagePolicy{MaxFoundVul: 1, MaxAge: time.Hour}.SHA256(), "0692cc6c28f4439842e84d55d18679144eed774bd02994949f2c467a7022f6b4"},
	}
	for name, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", name, test.got, test.want)
		}
	}
	if v := judge(cleanResults(md5A), resultsPolicy(md5A)); v.PolicySHA256 != tests["default"].want {
		t.Errorf("verdict has %s", v.PolicySHA256)
	}
	if p := (ImagePolicy{MaxFoundVul: 1, MaxAge: time.Hour}); cleanImages().Judge(p, now).PolicySHA256 != tests["images"].want {
		t.Error("verdict of images has another digest")
	}
}

func TestPolicySHA256_sameRulesSameDigest(t *testing.T) {
	t.Parallel()
	same := map[string]func(*Policy){
		"other release":        func(p *Policy) { p.RequiredMD5s = []string{md5B} },
		"recording":            func(p *Policy) { p.RecordFingerprints = true },
		"order of categories":  func(p *Policy) { p.DeniedCategories = []Category{Ad, Virus, Ad} },
		"order of ids":         func(p *Policy) { p.DeniedIDs = []string{" cve-1", "X<Y", "CVE-1"} },
		"defaults spelt out":   func(p *Policy) { p.RequiredScanTypes = []string{VulScan, VirusScan} },
		"implied types":        func(p *Policy) { p.RequiredScanTypes = []string{AdScan, VulScan, VirusScan, VulScan} },
		"exception twice":      func(p *Policy) { p.Exceptions = append(p.Exceptions, p.Exceptions[0]) },
		"end as an instant":    func(p *Policy) { p.Exceptions[0].ExpiresAt = "2027-01-01T08:00:00+08:00" },
		"MD5 in another case":  func(p *Policy) { p.Exceptions[0].AppMD5 = ptr("DD5B29A800246D7089FEBF228286D901") },
		"baseline twice":       func(p *Policy) { p.Baseline = []string{md5B, "8C7EF86C259ABAD33F213405A35A13C2"} },
		"nothing":              func(*Policy) {},
		"empty machines":       func(p *Policy) { p.RequiredMachines = []string{} },
		"max_age other string": func(p *Policy) { p.MaxAge = 1440 * time.Minute },
	}
	for name, change := range same {
		policy := fullPolicy()
		change(&policy)
		if policy.SHA256() != fullPolicy().SHA256() {
			t.Errorf("%s changes the digest", name)
		}
	}
	explicit := resultsPolicy(md5A)
	explicit.FailOn, explicit.Enforcement, explicit.MaxFindings = High, Mandatory, map[Severity]int64{}
	explicit.Exceptions, explicit.Baseline, explicit.DeniedIDs = []Exception{}, []string{}, []string{}
	if explicit.SHA256() != resultsPolicy(md5A).SHA256() {
		t.Error("defaults spelt out change the digest")
	}
	if (ImagePolicy{Enforcement: Mandatory}).SHA256() != (ImagePolicy{}).SHA256() {
		t.Error("defaults of the image policy spelt out change the digest")
	}
}

func TestPolicySHA256_everyRuleChangesIt(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*Policy){
		"source":           func(p *Policy) { p.Source = SourceAPKDetection },
		"types":            func(p *Policy) { p.RequiredScanTypes = []string{VulScan, VirusScan, PermissionScan} },
		"machines":         func(p *Policy) { p.RequiredMachines = []string{"q"} },
		"failed machines":  func(p *Policy) { p.MaxFailedMachines = 1 },
		"fail_on":          func(p *Policy) { p.FailOn = Low },
		"budget":           func(p *Policy) { p.MaxFindings[Low] = 4 },
		"another budget":   func(p *Policy) { p.MaxFindings[Info] = 0 },
		"categories":       func(p *Policy) { p.DeniedCategories = []Category{Virus} },
		"ids":              func(p *Policy) { p.DeniedIDs = p.DeniedIDs[:1] },
		"no exception":     func(p *Policy) { p.Exceptions = nil },
		"reason":           func(p *Policy) { p.Exceptions[0].Reason = "another" },
		"end":              func(p *Policy) { p.Exceptions[0].ExpiresAt = "2027-12-31" },
		"package":          func(p *Policy) { p.Exceptions[0].AppPkgName = nil },
		"MD5":              func(p *Policy) { p.Exceptions[0].AppMD5 = ptr("") },
		"id of exception":  func(p *Policy) { p.Exceptions[0].ID = "v" },
		"exception's kind": func(p *Policy) { p.Exceptions[0].Category = Ad },
		"baseline":         func(p *Policy) { p.Baseline = append(p.Baseline, md5A) },
		"max_age":          func(p *Policy) { p.MaxAge++ },
		"no max_age":       func(p *Policy) { p.MaxAge = 0 },
		"enforcement":      func(p *Policy) { p.Enforcement = None },
	}
	seen := map[string]string{fullPolicy().SHA256(): "the policy itself"}
	for name, change := range changes {
		policy := fullPolicy()
		change(&policy)
		digest := policy.SHA256()
		if other, ok := seen[digest]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[digest] = name
	}
	for name, policy := range map[string]ImagePolicy{
		"images": {}, "images local": {MaxFoundVul: 1}, "images registry": {MaxRegistryFoundVul: 1}, "images at risk": {MaxFoundRiskImage: ptr[int64](0)},
		"images age": {MaxAge: 1}, "images enforcement": {Enforcement: None},
	} {
		digest := policy.SHA256()
		if other, ok := seen[digest]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[digest] = name
	}
}
