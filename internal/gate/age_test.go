package gate

import (
	"testing"
	"time"
)

func TestEvaluate_ageOfTheOldestScan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at    *time.Time
		want  string
		until *time.Time
	}{
		"young":             {hoursAgo(1), "", ptr(now.Add(time.Hour))},
		"just young enough": {ptr(now.Add(-2*time.Hour + 1)), "", ptr(now.Add(1))},
		"exactly max_age":   {hoursAgo(2), "scan_too_old", ptr(now)},
		"older":             {hoursAgo(3), "scan_too_old", ptr(now.Add(-time.Hour))},
		"now":               {ptr(now), "", ptr(now.Add(time.Hour))},
		"in the future":     {ptr(now.Add(1)), "scan_time_in_future", ptr(now.Add(time.Hour))},
		"missing":           {nil, "scan_time_missing", ptr(now.Add(time.Hour))},
		"1970":              {ptr(time.Unix(0, 0)), "scan_too_old", ptr(time.Unix(7200, 0).UTC())},
		"largest value":     {ptr(time.Unix(1<<62, 0)), "scan_time_in_future", ptr(now.Add(time.Hour))},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := resultsPolicy(md5A, md5B)
			policy.MaxAge = 2 * time.Hour
			results := cleanResults(md5A, md5B) // the other row is an hour old
			results.Rows[1].ScannedAt = test.at
			v := judge(results, policy)
			expectReasons(t, v, test.want)
			if v.ValidUntil == nil || !v.ValidUntil.Equal(*test.until) {
				t.Fatalf("valid until %v, want %v", v.ValidUntil, test.until)
			}
			policy.MaxAge = 0
			v = judge(results, policy)
			expectOutcome(t, v, Pass)
			if v.ValidUntil != nil {
				t.Fatalf("valid until %v without a bound", v.ValidUntil)
			}
		})
	}
}
