package gate

import (
	"slices"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func apkPolicy() Policy { return Policy{Source: SourceAPKDetection} }

func TestAPKDetection_cleanAppPasses(t *testing.T) {
	t.Parallel()
	apk := cleanAPK()
	expectOutcome(t, judge(apk, apkPolicy()), Pass)
	apk.Asked = "DD5B29A800246D7089FEBF228286D901"
	expectOutcome(t, judge(apk, apkPolicy()), Pass)
}

func TestAPKDetection_whatIsNotProvenDoesNotPass(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*APKDetection)
		want   string
	}{
		"no rows":             {func(s *APKDetection) { s.Rows = nil }, "nothing_scanned"},
		"row without MD5":     {func(s *APKDetection) { s.Rows[0].MD5 = "" }, "missing_md5 row_without_md5"},
		"row of another file": {func(s *APKDetection) { s.Rows[0].MD5 = md5B }, "missing_md5 unexpected_md5"},
		"a foreign row":       {func(s *APKDetection) { s.Rows = append(s.Rows, s.Rows[0]); s.Rows[1].MD5 = md5B }, "unexpected_md5"},
		"nothing asked":       {func(s *APKDetection) { s.Asked = "" }, "missing_md5 unexpected_md5"},
		"no rating":           {func(s *APKDetection) { s.Rows[0].SafeType = Count{} }, "missing_evidence"},
		"rating zero":         {func(s *APKDetection) { s.Rows[0].SafeType = num(0) }, "missing_evidence"},
		"repackaging unknown": {func(s *APKDetection) { s.Rows[0].Repackaged = field.Value[bool]{} }, "missing_evidence"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apk := cleanAPK()
			test.change(&apk)
			expectReasons(t, judge(apk, apkPolicy()), test.want)
		})
	}
}

func TestAPKDetection_fieldsThatDecideMustBeReadable(t *testing.T) {
	t.Parallel()
	unsure := map[string]func(*DetectedAPK){
		"repackaged": func(a *DetectedAPK) { a.Repackaged = field.Broken[bool]() },
		"ads":        func(a *DetectedAPK) { a.Ads.State = field.Absent },
		"flags": func(a *DetectedAPK) {
			a.AdFlags = []Flag{{"spot", field.Broken[bool]()}, {"banner", field.Value[bool]{}}}
		},
		"plugins": func(a *DetectedAPK) { a.Plugins.State = field.Absent },
	}
	tests := map[string]struct {
		policy  Policy
		decides []string
	}{
		"default":         {Policy{}, []string{"repackaged"}},
		"critical":        {Policy{FailOn: Critical}, []string{"repackaged"}},
		"medium":          {Policy{FailOn: Medium}, []string{"repackaged"}},
		"low":             {Policy{FailOn: Low}, []string{"repackaged", "ads", "flags"}},
		"info":            {Policy{FailOn: Info}, []string{"repackaged", "ads", "flags", "plugins"}},
		"none, low":       {Policy{FailOn: FailOnNone, MaxFindings: map[Severity]int64{Low: 3}}, []string{"repackaged", "ads", "flags"}},
		"none, high":      {Policy{FailOn: FailOnNone, MaxFindings: map[Severity]int64{High: 0}}, []string{"repackaged"}},
		"none, info":      {Policy{FailOn: FailOnNone, MaxFindings: map[Severity]int64{Info: 0}}, []string{"repackaged", "plugins"}},
		"ads denied":      {Policy{FailOn: Critical, DeniedCategories: []Category{Ad}}, []string{"repackaged", "ads", "flags"}},
		"plugins denied":  {Policy{FailOn: Critical, DeniedCategories: []Category{Plugin}}, []string{"repackaged", "plugins"}},
		"repacked denied": {Policy{FailOn: Critical, DeniedCategories: []Category{Repackaged}}, []string{"repackaged"}},
		"an ad denied":    {Policy{FailOn: Critical, Denied: []Denial{{Category: Ad, ID: "admob"}}}, []string{"repackaged", "ads", "flags"}},
		"a plugin denied": {Policy{FailOn: Critical, Denied: []Denial{{Category: Plugin, ID: "push"}}}, []string{"repackaged", "plugins"}},
	}
	for name, test := range tests {
		for field, blur := range unsure {
			t.Run(name+"/"+field, func(t *testing.T) {
				t.Parallel()
				apk, policy := cleanAPK(), test.policy
				policy.Source = SourceAPKDetection
				blur(&apk.Rows[0])
				want := Pass
				if slices.Contains(test.decides, field) {
					want = Incomplete
				}
				expectOutcome(t, judge(apk, policy), want)
			})
		}
	}
}

func TestAPKDetection_findingsFollowTheTable(t *testing.T) {
	t.Parallel()
	apk := APKDetection{Rows: []DetectedAPK{{
		MD5: md5A, SoftName: "Example", SafeType: num(2), VirusName: text("Adware"), Repackaged: field.Of(true),
		Ads: NameSection{field.Known, []field.Value[string]{text("admob")}}, AdFlags: []Flag{{"banner", field.Of(true)}},
		Plugins: NameSection{field.Known, []field.Value[string]{text("push"), text("")}},
	}}}
	of := func(c Category, s Severity, id, name string) Finding {
		return Finding{Category: c, Severity: s, ID: id, Name: name, Subject: "Example", AppMD5: md5A, Anonymous: name == "", Unnamed: id == "plugin"}
	}
	want := []Finding{
		of(Repackaged, High, "repackaged", ""),
		of(RiskSoftware, High, "Adware", "Adware"),
		of(Ad, Low, "admob", "admob"),
		of(Ad, Low, "banner", "banner"),
		of(Plugin, Info, "plugin", ""),
		of(Plugin, Info, "push", "push"),
	}
	got := apk.Findings()
	for i := range got {
		got[i].Fingerprint = ""
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
}

func TestAPKDetection_ageCannotBeJudged(t *testing.T) {
	t.Parallel()
	policy := apkPolicy()
	policy.MaxAge = time.Hour
	expectReasons(t, judge(cleanAPK(), policy), "invalid_policy scan_time_missing")
}

func TestAPKDetection_hasNoRequiredMD5sButTheOneAsked(t *testing.T) {
	t.Parallel()
	policy := apkPolicy()
	policy.RequiredMD5s = []string{md5A}
	expectReasons(t, judge(cleanAPK(), policy), "invalid_policy")
}
