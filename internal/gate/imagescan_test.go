package gate

import (
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestImageScan_cleanScanPasses(t *testing.T) {
	t.Parallel()
	expectOutcome(t, judge(cleanImages(), Policy{Source: SourceImageScan}), Pass)
}

func TestImageScan_whatIsNotProvenIsIncomplete(t *testing.T) {
	t.Parallel()
	aged := Policy{Source: SourceImageScan, MaxAge: 2 * time.Hour}
	tests := map[string]struct {
		change func(*ImageScan)
		policy Policy
		want   string
	}{
		"not scanned":                 {func(s *ImageScan) { s.Status = "NOT_SCAN" }, Policy{Source: SourceImageScan}, "not_scanned"},
		"scanning":                    {func(s *ImageScan) { s.Status = "SCANNING" }, Policy{Source: SourceImageScan}, "not_finished"},
		"canceled":                    {func(s *ImageScan) { s.Status = "CANCELED" }, Policy{Source: SourceImageScan}, "canceled"},
		"status missing":              {func(s *ImageScan) { s.Status = "" }, Policy{Source: SourceImageScan}, "unknown_status"},
		"status in another case":      {func(s *ImageScan) { s.Status = "scanned" }, Policy{Source: SourceImageScan}, "unknown_status"},
		"no local image":              {func(s *ImageScan) { s.LocalImageScanCount = num(0) }, Policy{Source: SourceImageScan}, "nothing_scanned"},
		"local images missing":        {func(s *ImageScan) { s.LocalImageScanCount = Count{} }, Policy{Source: SourceImageScan}, "count_missing"},
		"local images negative":       {func(s *ImageScan) { s.LocalImageScanCount = num(-1) }, Policy{Source: SourceImageScan}, "count_missing"},
		"no registry image":           {func(s *ImageScan) { s.RegistryImageScanCount = num(0) }, Policy{Source: SourceImageScan}, "nothing_scanned"},
		"registry images missing":     {func(s *ImageScan) { s.RegistryImageScanCount = Count{} }, Policy{Source: SourceImageScan}, "count_missing"},
		"local count missing":         {func(s *ImageScan) { s.FoundVulCount = Count{} }, Policy{Source: SourceImageScan}, "count_missing"},
		"local count negative":        {func(s *ImageScan) { s.FoundVulCount = num(-1) }, Policy{Source: SourceImageScan}, "count_missing"},
		"registry count missing":      {func(s *ImageScan) { s.RegistryFoundVulCount = Count{} }, Policy{Source: SourceImageScan}, "count_missing"},
		"risk images missing, judged": {func(s *ImageScan) { s.FoundRiskImageCount = Count{} }, Policy{Source: SourceImageScan, MaxFoundRiskImage: ptr[int64](0)}, "count_missing"},
		"no id and no age":            {func(s *ImageScan) { s.AskedLocal, s.AskedRegistry = false, false }, Policy{Source: SourceImageScan}, "max_age_required"},
		"no id, one side empty": {func(s *ImageScan) {
			s.AskedLocal, s.AskedRegistry, s.LocalImageScanCount = false, false, Count{}
		}, aged, "count_missing"},
		"time missing":      {func(s *ImageScan) { s.Scanned = Span{} }, aged, "scan_time_missing"},
		"time zero":         {func(s *ImageScan) { s.Scanned = Span{Begin: field.Broken[time.Time]()} }, aged, "scan_time_missing"},
		"too old":           {func(s *ImageScan) { s.Scanned = hoursAgo(3) }, aged, "scan_too_old"},
		"in the future":     {func(s *ImageScan) { s.Scanned = hoursAgo(-1) }, aged, "scan_time_in_future"},
		"age negative":      {func(*ImageScan) {}, Policy{Source: SourceImageScan, MaxAge: -1}, "invalid_policy scan_too_old"},
		"bad enforcement":   {func(*ImageScan) {}, Policy{Source: SourceImageScan, Enforcement: "off"}, "invalid_policy"},
		"empty answer":      {func(s *ImageScan) { *s = ImageScan{} }, aged, "count_missing scan_time_missing unknown_status"},
		"empty, asked none": {func(s *ImageScan) { *s = ImageScan{} }, Policy{Source: SourceImageScan}, "count_missing max_age_required unknown_status"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			images := cleanImages()
			test.change(&images)
			v := judge(images, test.policy)
			expectReasons(t, v, test.want)
			expectOutcome(t, v, Incomplete)
		})
	}
}

func TestImageScan_onlyAskedSidesAreJudged(t *testing.T) {
	t.Parallel()
	local := cleanImages()
	local.AskedRegistry, local.RegistryImageScanCount, local.RegistryFoundVulCount = false, Count{}, num(9)
	local.FoundRiskImageCount = num(4)
	expectOutcome(t, judge(local, Policy{Source: SourceImageScan}), Pass)

	registry := cleanImages()
	registry.AskedLocal, registry.LocalImageScanCount, registry.FoundVulCount = false, Count{}, num(9)
	expectOutcome(t, judge(registry, Policy{Source: SourceImageScan}), Pass)

	neither := cleanImages()
	neither.AskedLocal, neither.AskedRegistry = false, false
	policy := Policy{Source: SourceImageScan, MaxAge: 2 * time.Hour}
	v := judge(neither, policy)
	expectOutcome(t, v, Pass)
	if v.ValidUntil == nil || !v.ValidUntil.Equal(now.Add(time.Hour)) {
		t.Fatalf("valid until %v", v.ValidUntil)
	}
	neither.RegistryFoundVulCount = num(1)
	expectOutcome(t, judge(neither, policy), Fail)
}

func TestImageScan_countsAboveTheirBudgetFail(t *testing.T) {
	t.Parallel()
	images := cleanImages()
	images.FoundVulCount, images.RegistryFoundVulCount, images.FoundRiskImageCount = num(3), num(4), num(2)
	v := judge(images, Policy{Source: SourceImageScan, MaxFoundRiskImage: ptr[int64](1)})
	expectOutcome(t, v, Fail)
	if got := rulesOf(v); got != "max_found_risk_image:max_found_risk_image max_found_vul:max_found_vul max_registry_found_vul:max_registry_found_vul" || v.ViolationCount != 3 {
		t.Fatalf("violations %q, count %d", got, v.ViolationCount)
	}
	for _, want := range []string{"3 limits are exceeded", "3 vulnerabilities in local images, 0 allowed (rule: max_found_vul)", "2 images at risk, 1 allowed"} {
		if !strings.Contains(v.Message, want) {
			t.Errorf("message lacks %q:\n%s", want, v.Message)
		}
	}
	for _, violation := range v.Violations {
		if violation.Severity != Unknown || violation.Category != Vulnerability || violation.Name == "" {
			t.Errorf("violation %+v", violation)
		}
	}
	within := judge(images, Policy{Source: SourceImageScan, MaxFoundVul: ptr[int64](3), MaxRegistryFoundVul: ptr[int64](4), MaxFoundRiskImage: ptr[int64](2)})
	expectOutcome(t, within, Pass)
	if strings.Contains(within.Message, "nothing was found") {
		t.Fatalf("message of a scan that found something: %s", within.Message)
	}
}

func TestImageScan_violationsBeatReasons(t *testing.T) {
	t.Parallel()
	images := cleanImages()
	images.Status, images.FoundVulCount = "SCANNING", num(1)
	v := judge(images, Policy{Source: SourceImageScan})
	expectOutcome(t, v, Fail)
	expectReasons(t, v, "not_finished")
}
