package gate

import (
	"strings"
	"testing"
	"time"
)

func TestImageScan_cleanScanPasses(t *testing.T) {
	t.Parallel()
	expectOutcome(t, cleanImages().Judge(ImagePolicy{}, now), Pass)
}

func TestImageScan_whatIsNotProvenIsIncomplete(t *testing.T) {
	t.Parallel()
	aged := ImagePolicy{MaxAge: 2 * time.Hour}
	tests := map[string]struct {
		change func(*ImageScan)
		policy ImagePolicy
		want   string
	}{
		"not scanned":                 {func(s *ImageScan) { s.Status = "NOT_SCAN" }, ImagePolicy{}, "not_scanned"},
		"scanning":                    {func(s *ImageScan) { s.Status = "SCANNING" }, ImagePolicy{}, "not_finished"},
		"canceled":                    {func(s *ImageScan) { s.Status = "CANCELED" }, ImagePolicy{}, "canceled"},
		"status missing":              {func(s *ImageScan) { s.Status = "" }, ImagePolicy{}, "status_unknown"},
		"status in another case":      {func(s *ImageScan) { s.Status = "scanned" }, ImagePolicy{}, "status_unknown"},
		"no local image":              {func(s *ImageScan) { s.LocalImageScanCount = ptr[int64](0) }, ImagePolicy{}, "nothing_scanned"},
		"local images missing":        {func(s *ImageScan) { s.LocalImageScanCount = nil }, ImagePolicy{}, "count_missing"},
		"local images negative":       {func(s *ImageScan) { s.LocalImageScanCount = ptr[int64](-1) }, ImagePolicy{}, "count_missing"},
		"no registry image":           {func(s *ImageScan) { s.RegistryImageScanCount = ptr[int64](0) }, ImagePolicy{}, "nothing_scanned"},
		"registry images missing":     {func(s *ImageScan) { s.RegistryImageScanCount = nil }, ImagePolicy{}, "count_missing"},
		"local count missing":         {func(s *ImageScan) { s.FoundVulCount = nil }, ImagePolicy{}, "count_missing"},
		"local count negative":        {func(s *ImageScan) { s.FoundVulCount = ptr[int64](-1) }, ImagePolicy{}, "count_missing"},
		"registry count missing":      {func(s *ImageScan) { s.RegistryFoundVulCount = nil }, ImagePolicy{}, "count_missing"},
		"risk images missing, judged": {func(s *ImageScan) { s.FoundRiskImageCount = nil }, ImagePolicy{MaxFoundRiskImage: ptr[int64](0)}, "count_missing"},
		"no id and no age":            {func(s *ImageScan) { s.AskedLocal, s.AskedRegistry = false, false }, ImagePolicy{}, "max_age_required"},
		"no id, one side empty": {func(s *ImageScan) {
			s.AskedLocal, s.AskedRegistry, s.LocalImageScanCount = false, false, nil
		}, aged, "count_missing"},
		"time missing":      {func(s *ImageScan) { s.ScannedAt = nil }, aged, "scan_time_missing"},
		"time zero":         {func(s *ImageScan) { s.ScannedAt = &time.Time{} }, aged, "scan_time_missing"},
		"too old":           {func(s *ImageScan) { s.ScannedAt = hoursAgo(3) }, aged, "scan_too_old"},
		"in the future":     {func(s *ImageScan) { s.ScannedAt = hoursAgo(-1) }, aged, "scan_time_in_future"},
		"age negative":      {func(*ImageScan) {}, ImagePolicy{MaxAge: -1}, "invalid_policy scan_too_old"},
		"wait timed out":    {func(s *ImageScan) { s.Reasons = []Reason{{WaitTimedOut, "3h"}} }, ImagePolicy{}, "wait_timed_out"},
		"bad enforcement":   {func(*ImageScan) {}, ImagePolicy{Enforcement: "off"}, "invalid_policy"},
		"empty answer":      {func(s *ImageScan) { *s = ImageScan{} }, aged, "count_missing scan_time_missing status_unknown"},
		"empty, asked none": {func(s *ImageScan) { *s = ImageScan{} }, ImagePolicy{}, "count_missing max_age_required status_unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			images := cleanImages()
			test.change(&images)
			v := images.Judge(test.policy, now)
			expectReasons(t, v, test.want)
			expectOutcome(t, v, Incomplete)
		})
	}
}

func TestImageScan_onlyAskedSidesAreJudged(t *testing.T) {
	t.Parallel()
	local := cleanImages()
	local.AskedRegistry, local.RegistryImageScanCount, local.RegistryFoundVulCount = false, nil, ptr[int64](9)
	local.FoundRiskImageCount = ptr[int64](9)
	expectOutcome(t, local.Judge(ImagePolicy{}, now), Pass)

	registry := cleanImages()
	registry.AskedLocal, registry.LocalImageScanCount, registry.FoundVulCount = false, nil, ptr[int64](9)
	expectOutcome(t, registry.Judge(ImagePolicy{}, now), Pass)

	neither := cleanImages()
	neither.AskedLocal, neither.AskedRegistry = false, false
	policy := ImagePolicy{MaxAge: 2 * time.Hour}
	v := neither.Judge(policy, now)
	expectOutcome(t, v, Pass)
	if v.ValidUntil == nil || !v.ValidUntil.Equal(now.Add(time.Hour)) {
		t.Fatalf("valid until %v", v.ValidUntil)
	}
	neither.RegistryFoundVulCount = ptr[int64](1)
	expectOutcome(t, neither.Judge(policy, now), Fail)
}

func TestImageScan_countsAboveTheirBudgetFail(t *testing.T) {
	t.Parallel()
	images := cleanImages()
	images.FoundVulCount, images.RegistryFoundVulCount, images.FoundRiskImageCount = ptr[int64](3), ptr[int64](4), ptr[int64](2)
	v := images.Judge(ImagePolicy{MaxFoundRiskImage: ptr[int64](1)}, now)
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
	within := images.Judge(ImagePolicy{MaxFoundVul: 3, MaxRegistryFoundVul: 4, MaxFoundRiskImage: ptr[int64](2)}, now)
	expectOutcome(t, within, Pass)
	if strings.Contains(within.Message, "nothing was found") {
		t.Fatalf("message of a scan that found something: %s", within.Message)
	}
}

func TestImageScan_violationsBeatReasons(t *testing.T) {
	t.Parallel()
	images := cleanImages()
	images.Status, images.FoundVulCount = "SCANNING", ptr[int64](1)
	v := images.Judge(ImagePolicy{}, now)
	expectOutcome(t, v, Fail)
	expectReasons(t, v, "not_finished")
}
