package gate

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// invalidPolicies change a good policy for ms_scan_results into one that Validate refuses. The text
// before the slash is the attribute that the error names.
var invalidPolicies = map[string]func(*Policy){
	"source/empty":                 func(p *Policy) { p.Source = "" },
	"required_md5s/not of images":  func(p *Policy) { p.Source = SourceImageScan },
	"fail_on/unknown word":         func(p *Policy) { p.FailOn = "HIGH" },
	"fail_on/unknown":              func(p *Policy) { p.FailOn = Unknown },
	"fail_on/none alone":           func(p *Policy) { p.FailOn = FailOnNone },
	"max_findings/none as a key":   func(p *Policy) { p.MaxFindings = map[Severity]int64{FailOnNone: 1} },
	"max_findings/negative":        func(p *Policy) { p.MaxFindings = map[Severity]int64{Low: -1} },
	"denied_categories/of apk":     func(p *Policy) { p.DeniedCategories = []Category{Repackaged} },
	"denied_categories/of cwp":     func(p *Policy) { p.DeniedCategories = []Category{Malware} },
	"denied_categories/other case": func(p *Policy) { p.DeniedCategories = []Category{"Virus"} },
	"required_md5s/none":           func(p *Policy) { p.RequiredMD5s = nil },
	"required_md5s/short":          func(p *Policy) { p.RequiredMD5s = []string{"dd5b"} },
	"required_md5s/not hex":        func(p *Policy) { p.RequiredMD5s = []string{strings.Repeat("g", 32)} },
	"required_md5s/not ASCII":      func(p *Policy) { p.RequiredMD5s = []string{strings.Repeat("é", 16)} },
	"required_scan_types/PLUGIN":   func(p *Policy) { p.RequiredScanTypes = []string{VulScan, "PLUGINSCAN"} },
	"required_scan_types/case":     func(p *Policy) { p.RequiredScanTypes = []string{"vulscan"} },
	"required_scan_types/empty":    func(p *Policy) { p.RequiredScanTypes = []string{} },
	"required_machines/here":       func(p *Policy) { p.RequiredMachines = []string{"q"} },
	"max_failed_machines/here":     func(p *Policy) { p.MaxFailedMachines = ptr[int64](1) },
	"max_found_vul/here":           func(p *Policy) { p.MaxFoundVul = ptr[int64](0) },
	"accept_service_ignores/here":  func(p *Policy) { p.AcceptServiceIgnores = ptr(true) },
	"exception[0].machine/here":    func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.Machine = ptr("q") }).Exceptions },
	"max_failed_machines/negative": func(p *Policy) { p.MaxFailedMachines = ptr[int64](-1) },
	"denied[0].id/blank":           func(p *Policy) { p.Denied = deny(Vulnerability, " ") },
	"denied[0].category/of apk":    func(p *Policy) { p.Denied = deny(Repackaged, "x") },
	"denied[0].id/excepted":        func(p *Policy) { p.Denied = deny(Vulnerability, "v "); p.Exceptions = except(nil).Exceptions },
	"baseline/short":               func(p *Policy) { p.Baseline = []string{"abc"} },
	"baseline/empty string":        func(p *Policy) { p.Baseline = []string{""} },
	"max_age/negative":             func(p *Policy) { p.MaxAge = -time.Second },
	"enforcement/unknown word":     func(p *Policy) { p.Enforcement = "Mandatory" },
	"exception[0].category/none":   func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.Category = "" }).Exceptions },
	"exception[0].category/of apk": func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.Category = Plugin }).Exceptions },
	"exception[0].id/blank":        func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.ID = " " }).Exceptions },
	"exception[0].reason/blank":    func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.Reason = "\t" }).Exceptions },
	"exception[0]/none":            func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.ExpiresAt = "" }).Exceptions },
	"exception[0]/word":            func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.ExpiresAt = "soon" }).Exceptions },
	"exception[0].app_md5/short":   func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.AppMD5 = ptr("dd") }).Exceptions },
	"exception[0].app_md5/blank":   func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.AppMD5 = ptr("") }).Exceptions },
	"exception[0].app_pkg_name/b":  func(p *Policy) { p.Exceptions = except(func(x *Exception) { x.AppPkgName = ptr(" ") }).Exceptions },
}

func TestPolicyValidate_namesTheAttribute(t *testing.T) {
	t.Parallel()
	for name, change := range invalidPolicies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := resultsPolicy(md5A)
			change(&policy)
			err := policy.Validate()
			attribute, _, _ := strings.Cut(name, "/")
			if !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), "gate policy: "+attribute+": ") {
				t.Fatalf("error %v does not name %s", err, attribute)
			}
			if wantExpiry := attribute == "exception[0]"; errors.Is(err, ErrExpiry) != wantExpiry {
				t.Fatalf("error %v wraps ErrExpiry: %t", err, !wantExpiry)
			}
		})
	}
}

func TestPolicyValidate_acceptsGoodPolicies(t *testing.T) {
	t.Parallel()
	full := resultsPolicy(md5A, strings.ToUpper(md5B))
	full.RequiredScanTypes, full.FailOn, full.MaxAge = ScanTypes(), FailOnNone, time.Hour
	full.MaxFindings = map[Severity]int64{Critical: 0, High: 1, Medium: 2, Low: 3, Info: 4, Unknown: 5}
	full.DeniedCategories, full.Denied = Categories(SourceScanResults), deny(Vulnerability, "W")
	full.Exceptions = except(func(x *Exception) { x.AppPkgName, x.AppMD5 = ptr("p"), ptr(md5A) }).Exceptions
	full.Baseline, full.Enforcement, full.RecordFingerprints = []string{strings.ToUpper(md5A)}, None, true
	policies := map[string]Policy{
		"results": resultsPolicy(md5A),
		"full":    full,
		"apk":     {Source: SourceAPKDetection, DeniedCategories: Categories(SourceAPKDetection), Enforcement: Advisory},
		"cwp":     {Source: SourceHostScan, RequiredMachines: []string{"q"}, MaxFailedMachines: ptr[int64](2), DeniedCategories: Categories(SourceHostScan), Enforcement: Mandatory},
	}
	for name, policy := range policies {
		if err := policy.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPolicyValidate_refusesWhatBelongsToAnotherSource(t *testing.T) {
	t.Parallel()
	policies := map[string]Policy{
		"max_age":             {Source: SourceAPKDetection, MaxAge: time.Hour},
		"required_md5s":       {Source: SourceHostScan, RequiredMD5s: []string{md5A}},
		"required_scan_types": {Source: SourceHostScan, RequiredScanTypes: []string{VulScan}},
		"denied_categories":   {Source: SourceHostScan, DeniedCategories: []Category{Virus}},
		"required_machines":   {Source: SourceAPKDetection, RequiredMachines: []string{"q"}},
	}
	for attribute, policy := range policies {
		if err := policy.Validate(); !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), attribute+": ") {
			t.Errorf("%s: %v", attribute, err)
		}
	}
	blank := Policy{Source: SourceHostScan, RequiredMachines: []string{" "}}
	if err := blank.Validate(); !errors.Is(err, ErrPolicy) {
		t.Errorf("blank Quuid: %v", err)
	}
}

func TestPolicyValidate_tellsAllFaultsInShortLines(t *testing.T) {
	t.Parallel()
	policy := Policy{Source: SourceScanResults, FailOn: "a\nb::c", Enforcement: "x", Baseline: make([]string, 1000)}
	lines := strings.Split(policy.Validate().Error(), "\n")
	if len(lines) != 1+1+1+maxFaults+1 { // fail_on, required_md5s, enforcement, baseline and more
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "gate policy: ") || strings.Contains(line, "::") {
			t.Errorf("line %q", line)
		}
	}
}

func TestImagePolicyValidate(t *testing.T) {
	t.Parallel()
	good := Policy{Source: SourceImageScan, MaxFoundVul: ptr[int64](1), MaxRegistryFoundVul: ptr[int64](2), MaxFoundRiskImage: ptr[int64](0), MaxAge: time.Hour, Enforcement: Advisory}
	if err := errors.Join(good.Validate(), Policy{Source: SourceImageScan}.Validate()); err != nil {
		t.Fatal(err)
	}
	bad := map[string]Policy{
		"max_found_vul":          {MaxFoundVul: ptr[int64](-1)},
		"max_registry_found_vul": {MaxRegistryFoundVul: ptr[int64](-1)},
		"max_found_risk_image":   {MaxFoundRiskImage: ptr[int64](-1)},
		"max_age":                {MaxAge: -1},
		"enforcement":            {Enforcement: "off"},
	}
	for attribute, policy := range bad {
		policy.Source = SourceImageScan
		if err := policy.Validate(); !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), attribute+": ") {
			t.Errorf("%s: %v", attribute, err)
		}
		if v := judge(cleanImages(), policy); v.Passed() {
			t.Errorf("%s: passes", attribute)
		}
	}
}
