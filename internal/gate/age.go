package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// at is when a scan was: its begin, else its end.
func (s Span) at() field.Value[time.Time] {
	if s.Begin.Absent() {
		return s.End
	}
	return s.Begin
}

// told reports whether the service gives a time at all, readable or not.
func (s Span) told() bool { return s.at().State() != field.Absent }

// times returns the readable times.
func (s Span) times() []time.Time {
	var times []time.Time
	for _, value := range []field.Value[time.Time]{s.Begin, s.End} {
		if at, state := value.Get(); state == field.Known {
			times = append(times, at)
		}
	}
	return times
}

// ageReasons says why scans may not be young enough: the oldest one counts, and every one of them
// must say when it was, in times that agree and are not later than now. A maxAge of 0 bounds no age. Like
// the end of an exception, the bound is exclusive: a scan that is exactly maxAge old is too old.
func (e Evidence) ageReasons(maxAge time.Duration, now time.Time) []Reason {
	if maxAge == 0 && !e.timesDecide {
		return nil
	}
	var reasons []Reason
	missing := e.TimeMissing || len(e.Scans) == 0
	for _, scan := range e.Scans {
		missing = missing || !scan.told()
		if scan.Begin.Unreadable() || scan.End.Unreadable() {
			reasons = append(reasons, Reason{ScanTimeMissing, "the time of a scan is there, but cannot be read, so its age is not known"})
		}
		times := scan.times()
		if len(times) == 2 && times[1].Before(times[0]) {
			reasons = append(reasons, Reason{ScanTimeContradictory, fmt.Sprintf("a scan ended at %s, before it began at %s", stamp(times[1]), stamp(times[0]))})
		}
		if newest := latestOf(times); newest != nil && now.Before(*newest) {
			reasons = append(reasons, Reason{ScanTimeInFuture, fmt.Sprintf("the time of a scan is %s, which is later than now", stamp(*newest))})
		}
	}
	if missing {
		reasons = append(reasons, Reason{ScanTimeMissing, "a scan gives no time, so its age is not known"})
	}
	if oldest := e.oldest(); maxAge != 0 && oldest != nil && !now.Before(oldest.Add(maxAge)) {
		reasons = append(reasons, Reason{ScanTooOld, fmt.Sprintf("the oldest scan is of %s, and max_age is %s", stamp(*oldest), maxAge)})
	}
	return reasons
}

// oldest returns the earliest time of the scans; nil where none is known.
func (e Evidence) oldest() *time.Time {
	var oldest *time.Time
	for _, scan := range e.Scans {
		if at, state := scan.at().Get(); state == field.Known {
			oldest = earliest(oldest, &at)
		}
	}
	return oldest
}

// ageLimit is when the oldest scan reaches maxAge; nil where nothing is bounded or no time is known.
func (e Evidence) ageLimit(maxAge time.Duration) *time.Time {
	oldest := e.oldest()
	if maxAge == 0 || oldest == nil {
		return nil
	}
	limit := withinRFC3339(oldest.Add(maxAge))
	return &limit
}

// earliest returns the earlier of two times, nil meaning none.
func earliest(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.Before(*a)) {
		return b
	}
	return a
}

func latestOf(times []time.Time) *time.Time {
	if len(times) == 0 {
		return nil
	}
	last := slices.MaxFunc(times, time.Time.Compare)
	return &last
}

func stamp(t time.Time) string { return withinRFC3339(t).Format(time.RFC3339) }
