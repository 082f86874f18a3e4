package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// fullPolicy sets every rule of its source.
func fullPolicy() Policy {
	return Policy{
		Source: SourceScanResults, RequiredMD5s: []string{md5A}, FailOn: Medium,
		MaxFindings:      map[Severity]int64{Low: 3, Unknown: 0},
		DeniedCategories: []Category{Virus, Ad},
		Denied:           deny(Vulnerability, "X<Y", "CVE-1"),
		Exceptions:       []Exception{{Category: Vulnerability, ID: "V", Reason: "not reachable", ExpiresAt: "2026-12-31", AppPkgName: ptr("com.example.app"), AppMD5: ptr(md5A)}},
		Baseline:         []string{md5B}, MaxAge: 24 * time.Hour, Enforcement: Advisory,
	}
}

// The digests were computed by another program, over the canonical JSON written by hand. They are
// frozen: users pin them.
func TestPolicySHA256_isFrozen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ got, want string }{
		"default": {resultsPolicy(md5A).SHA256(), "699644bde550ed12eacc19d2dcdead6419797d90733fee7b593ccf694ef3d030"},
		"full":    {fullPolicy().SHA256(), "a78f51ef3298cf61bbadd9789a45a2b09b2ca34427e945ffe7c151f95aa340a3"},
		"images":  {Policy{Source: SourceImageScan, MaxFoundVul: ptr[int64](1), MaxAge: time.Hour}.SHA256(), "2bd86fb44fc6aceecfec596d844469d9c7d19f58fc39531b0d4838be4e3c1437"},
	}
	for name, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", name, test.got, test.want)
		}
	}
	if v := judge(cleanResults(md5A), resultsPolicy(md5A)); v.PolicySHA256 != tests["default"].want {
		t.Errorf("verdict has %s", v.PolicySHA256)
	}
	if p := (Policy{Source: SourceImageScan, MaxFoundVul: ptr[int64](1), MaxAge: time.Hour}); judge(cleanImages(), p).PolicySHA256 != tests["images"].want {
		t.Error("verdict of images has another digest")
	}
}

func TestPolicySHA256_sameRulesSameDigest(t *testing.T) {
	t.Parallel()
	same := map[string]func(*Policy){
		"other release":        func(p *Policy) { p.RequiredMD5s = []string{md5B} },
		"recording":            func(p *Policy) { p.RecordFingerprints = true },
		"order of categories":  func(p *Policy) { p.DeniedCategories = []Category{Ad, Virus, Ad} },
		"order of ids":         func(p *Policy) { p.Denied = deny(Vulnerability, " cve-1", "X<Y", "CVE-1") },
		"defaults spelt out":   func(p *Policy) { p.RequiredScanTypes = []string{VulScan, VirusScan} },
		"implied types":        func(p *Policy) { p.RequiredScanTypes = []string{AdScan, VulScan, VirusScan, VulScan} },
		"exception twice":      func(p *Policy) { p.Exceptions = append(p.Exceptions, p.Exceptions[0]) },
		"end as an instant":    func(p *Policy) { p.Exceptions[0].ExpiresAt = "2027-01-01T08:00:00+08:00" },
		"MD5 in another case":  func(p *Policy) { p.Exceptions[0].AppMD5 = ptr("DD5B29A800246D7089FEBF228286D901") },
		"baseline twice":       func(p *Policy) { p.Baseline = []string{md5B, "8C7EF86C259ABAD33F213405A35A13C2"} },
		"nothing":              func(*Policy) {},
		"empty machines":       func(p *Policy) { p.RequiredMachines = []string{} },
		"required machines":    func(p *Policy) { p.RequiredMachines = []string{"q"} },
		"what was skipped":     func(p *Policy) { p.Skipped = []string{"fail_on"} },
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
	explicit.Exceptions, explicit.Baseline, explicit.Denied = []Exception{}, []string{}, []Denial{}
	if explicit.SHA256() != resultsPolicy(md5A).SHA256() {
		t.Error("defaults spelt out change the digest")
	}
	if (Policy{Source: SourceImageScan, Enforcement: Mandatory}).SHA256() != (Policy{Source: SourceImageScan}).SHA256() {
		t.Error("defaults of the image policy spelt out change the digest")
	}
}

func TestPolicySHA256_everyRuleChangesIt(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*Policy){
		"source":           func(p *Policy) { p.Source = SourceAPKDetection },
		"types":            func(p *Policy) { p.RequiredScanTypes = []string{VulScan, VirusScan, PermissionScan} },
		"an id elsewhere":  func(p *Policy) { p.Denied[0].Category = Virus },
		"fail_on":          func(p *Policy) { p.FailOn = Low },
		"budget":           func(p *Policy) { p.MaxFindings[Low] = 4 },
		"another budget":   func(p *Policy) { p.MaxFindings[Info] = 0 },
		"categories":       func(p *Policy) { p.DeniedCategories = []Category{Virus} },
		"ids":              func(p *Policy) { p.Denied = p.Denied[:1] },
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
	for name, policy := range map[string]Policy{
		"images": {}, "images local": {MaxFoundVul: ptr[int64](1)}, "images registry": {MaxRegistryFoundVul: ptr[int64](1)}, "images at risk": {MaxFoundRiskImage: ptr[int64](0)},
		"images age": {MaxAge: 1}, "images enforcement": {Enforcement: None},
	} {
		policy.Source = SourceImageScan
		digest := policy.SHA256()
		if other, ok := seen[digest]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[digest] = name
	}
}

// TestCanonical_isWhatTheDigestIsOf: whoever reads the policy out of a state can verify the digest.
func TestCanonical_isWhatTheDigestIsOf(t *testing.T) {
	t.Parallel()
	policy := fullPolicy()
	policy.Skipped = []string{"max_found_vul", "denied_categories: plugin"}
	policy.Exceptions[0].Reason = "a \"line\" \u2028 < \\u2028"
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(policy.Canonical()), &members); err != nil {
		t.Fatal(err)
	}
	if string(members["skipped"]) != `["denied_categories: plugin","max_found_vul"]` || len(members["required_md5s"]) > 0 || len(members["record_fingerprints"]) > 0 {
		t.Errorf("canonical %s", policy.Canonical())
	}
	delete(members, "skipped")
	names := slices.Sorted(maps.Keys(members))
	var text strings.Builder
	for i, name := range names {
		text.WriteString([]string{"{", ","}[min(i, 1)] + `"` + name + `":` + string(members[name]))
	}
	text.WriteString("}")
	if sum := sha256.Sum256([]byte(text.String())); hex.EncodeToString(sum[:]) != policy.SHA256() {
		t.Errorf("the digest is not of %s", text.String())
	}
	if strings.Contains(policy.Canonical(), `\u003c`) || !strings.Contains(policy.Canonical(), "\u2028") || !strings.Contains(policy.Canonical(), `\\u2028`) {
		t.Errorf("escaped in another way: %s", policy.Canonical())
	}
}

// TestRules_areWhole: a rule that is missing somewhere fails here.
func TestRules_areWhole(t *testing.T) {
	t.Parallel()
	fields := map[any]string{}
	var policy Policy
	for _, rule := range Rules("") {
		at := rule.Field(&policy)
		if other, twice := fields[at]; twice {
			t.Errorf("%s and %s are one field", rule.Name, other)
		}
		fields[at] = rule.Name
		if rule.Description == "" || rule.Document && rule.Undigested || rule.Block != "" && rule.Kind != KindDenials && rule.Kind != KindExceptions {
			t.Errorf("rule %+v", rule)
		}
		if rule.Written(policy) {
			t.Errorf("%s is written where nothing is", rule.Name)
		}
		if !rule.Undigested {
			_ = rule.canonical(policy) // panics for a kind that it does not know
		}
	}
	value := reflect.ValueOf(&policy).Elem()
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		if name == "Source" || name == "Skipped" {
			continue
		}
		if _, ok := fields[value.Field(i).Addr().Interface()]; !ok {
			t.Errorf("Policy.%s has no row in the table of rules", name)
		}
	}
	for _, source := range sources {
		for _, category := range source.categories {
			if _, ok := categories[category]; !ok {
				t.Errorf("%s: category %s is not in the table of categories", source.name, category)
			}
		}
	}
}
