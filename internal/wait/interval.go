package wait

import (
	"math/rand/v2"
	"time"
)

// Bounds of the adaptive interval.
const (
	MinInterval = 2 * time.Second
	MaxInterval = 60 * time.Second
	// SubmittedMinInterval takes the place of MinInterval right after a submission: a scan takes minutes. A
	// hundred runs that submit at once stay within the account's 20 requests per second with it.
	SubmittedMinInterval = 6 * time.Second
)

// Interval returns the pause before the next poll from the time waited so far and the service's own
// estimate of the time left (0 where it gives none).
type Interval func(waited, remaining time.Duration) time.Duration

// Fixed polls every d, whatever the service estimates: it is what the user asked for.
func Fixed(d time.Duration) Interval {
	return func(_, _ time.Duration) time.Duration { return d }
}

// Adaptive waits about a tenth of the time waited so far, within [MinInterval] and [MaxInterval], so that
// the delay until an end is noticed stays in proportion to the whole. Where the service gives a remaining
// time, that paces it. It is for one wait: it remembers the last estimate.
func Adaptive() Interval { return adaptive(MinInterval, rand.Float64) }

// AfterSubmission is [Adaptive] with [SubmittedMinInterval].
func AfterSubmission() Interval { return adaptive(SubmittedMinInterval, rand.Float64) }

func adaptive(least time.Duration, random func() float64) Interval {
	var due time.Duration // when the last estimate would have it end, as a time waited; 0 before any
	return func(waited, remaining time.Duration) time.Duration {
		if remaining > 0 {
			due = waited + remaining
			return paced(waited, remaining)
		}
		pause := tenth(waited, least, random())
		if due > 0 && waited >= due {
			return min(pause, overdue(waited-due))
		}
		return pause
	}
}

// tenth spreads the pause, by a random number of 0 to 1, as wide as its bounds and the number of polls
// allow: it is not only that many waiters must not poll in step. Polls of one waiter that came at much the
// same moments each time would notice a scan of one duration at once, and one of another always late.
func tenth(waited, least time.Duration, random float64) time.Duration {
	between := func(a, b time.Duration) time.Duration { return a + time.Duration(random*float64(b-a)) }
	pause := between(waited*78/1000, waited*115/1000)
	return min(max(pause, between(least, least*3/2)), between(MaxInterval*11/12, MaxInterval))
}

// firstPaced is the longest first pause that an estimate makes: one may be off by days, and the end of a
// scan must not be noticed that late.
const firstPaced = 15 * time.Minute

// paced believes a short estimate and looks again after seven eighths of a long one, which may be off;
// but no later than at three times the time waited so far, or after [firstPaced].
func paced(waited, remaining time.Duration) time.Duration {
	if remaining <= MaxInterval {
		return max(remaining, time.Second)
	}
	return min(max(remaining/8*7, MaxInterval), max(2*waited, firstPaced))
}

// overdue is the pause once an estimate has run out, as one in whole seconds does up to a second early:
// short at first, and as long as the end is late already.
func overdue(late time.Duration) time.Duration { return max(late, time.Second/4) }
