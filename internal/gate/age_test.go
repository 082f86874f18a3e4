package gate

import (
	"testing"
	"time"
)

func TestEvaluate_ageOfTheOldestScan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at    Span
		want  string
		until *time.Time
	}{
		"young":             {hoursAgo(1), "", ptr(now.Add(time.Hour))},
		"just young enough": {ended(now.Add(-2*time.Hour + 1)), "", ptr(now.Add(1))},
		"exactly max_age":   {hoursAgo(2), "scan_too_old", ptr(now)},
		"older":             {hoursAgo(3), "scan_too_old", ptr(now.Add(-time.Hour))},
		"now":               {ended(now), "", ptr(now.Add(time.Hour))},
		"in the future":     {ended(now.Add(1)), "scan_time_in_future", ptr(now.Add(time.Hour))},
		"missing":           {Span{}, "scan_time_missing", ptr(now.Add(time.Hour))},
		"1970":              {ended(time.Unix(0, 0)), "scan_too_old", ptr(time.Unix(7200, 0).UTC())},
		"largest value":     {ended(time.Unix(1<<62, 0)), "scan_time_in_future", ptr(now.Add(time.Hour))},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := resultsPolicy(md5A, md5B)
			policy.MaxAge = 2 * time.Hour
			results := cleanResults(md5A, md5B) // the other row is an hour old
			results.Rows[1].Scanned = test.at
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
