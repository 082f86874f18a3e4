package gate

import (
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// latest is the last second that RFC 3339 can write; `9999-12-31` as "never" ends here.
var latest = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)

// strictRFC3339 is the shape that RFC 3339 demands; the time package also takes one-digit hours and
// commas.
var strictRFC3339 = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)
})

// ParseExpiry reads the expires_at of an exception and returns its exclusive end in UTC: an
// exception is in force before that instant. It takes RFC 3339 as it stands, or a date `2006-01-02`,
// which is valid through that day in UTC and so ends at the following midnight.
// Any other text is an error that wraps [ErrExpiry].
func ParseExpiry(s string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return withinRFC3339(day.AddDate(0, 0, 1)), nil
	}
	end, err := time.Parse(time.RFC3339, s)
	if err != nil || !strictRFC3339().MatchString(s) {
		return time.Time{}, fmt.Errorf("%w: %s is neither a date like 2026-01-31 nor RFC 3339 like 2026-01-31T12:00:00Z", ErrExpiry, sanitize.Quote(s))
	}
	return withinRFC3339(end), nil
}

// withinRFC3339 returns t in UTC, moved to the nearest time that RFC 3339 can write.
func withinRFC3339(t time.Time) time.Time {
	t = t.UTC()
	switch {
	case t.After(latest):
		return latest
	case t.Before(time.Time{}):
		return time.Time{}
	}
	return t
}
