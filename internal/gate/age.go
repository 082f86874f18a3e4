package gate

import (
	"fmt"
	"slices"
	"time"
)

// ageReasons tells why scans may not be young enough: the oldest one counts, and every one of them
// must say when it was and must not be later than now. A maxAge of 0 bounds nothing. Like the end of
// an exception, the bound is exclusive: a scan that is exactly maxAge old is too old.
func ageReasons(scans []time.Time, missing bool, maxAge time.Duration, now time.Time) []Reason {
	if maxAge == 0 {
		return nil
	}
	var reasons []Reason
	if missing || len(scans) == 0 {
		reasons = append(reasons, Reason{ScanTimeMissing, "a scan gives no readable time, so its age is not known"})
	}
	if len(scans) == 0 {
		return reasons
	}
	oldest, newest := slices.MinFunc(scans, time.Time.Compare), slices.MaxFunc(scans, time.Time.Compare)
	if now.Before(newest) {
		reasons = append(reasons, Reason{ScanTimeInFuture, fmt.Sprintf("a scan claims to be of %s, which is later than now", stamp(newest))})
	}
	if !now.Before(oldest.Add(maxAge)) {
		reasons = append(reasons, Reason{ScanTooOld, fmt.Sprintf("the oldest scan is of %s, and max_age is %s", stamp(oldest), maxAge)})
	}
	return reasons
}

// ageLimit is when the oldest scan reaches maxAge; nil where nothing is bounded or no time is known.
func ageLimit(scans []time.Time, maxAge time.Duration) *time.Time {
	if maxAge == 0 || len(scans) == 0 {
		return nil
	}
	limit := withinRFC3339(slices.MinFunc(scans, time.Time.Compare).Add(maxAge))
	return &limit
}

// earliest returns the earlier of two times, nil meaning none.
func earliest(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.Before(*a)) {
		return b
	}
	return a
}

func stamp(t time.Time) string { return withinRFC3339(t).Format(time.RFC3339) }
