package emulator

import "time"

// pollEstimate is the remaining time that is told where a task waits for polls and not for time.
const pollEstimate = time.Second

// course is a task on its way, by the pace of a scenario, or by the server's settings if a call started it.
type course struct {
	pace
	began time.Time // the task's beginning, as it is told
	first time.Time // the first poll
	ended time.Time // when a poll first saw 100, or when it was stopped
	polls int

	// started: a call of this server started it.
	started bool
	waits   int         // polls that see it unfinished
	holds   func() bool // while true, it does not finish
	limit   time.Duration

	// stopped, and timed out, at a progress that stays.
	stopped, timedOut bool
	frozen            float64
}

func newCourse(p pace, start time.Time) course {
	return course{pace: p, began: start.Add(-time.Duration(p.Age))}
}

// newCourse is the course of a task that a call starts now: it takes the scan duration, the polls and
// the holds that scans of ms take. A limit of 0 is none.
func (s *Server) newCourse(now time.Time, limit time.Duration) course {
	return course{
		pace: pace{Duration: Duration(s.settings.scanDuration)}, began: now, first: now,
		started: true, waits: s.settings.scanPolls, holds: s.control.holdsScans, limit: limit,
	}
}

// percent is the progress at a time; a poll is counted if the call is one.
func (c *course) percent(now time.Time, poll bool) float64 {
	if c.first.IsZero() {
		c.first = now
	}
	if poll {
		c.polls++
	}
	if c.stopped || c.timedOut {
		return c.frozen
	}
	if c.started && !c.ended.IsZero() {
		return 100
	}
	percent := c.at(now)
	if deadline := c.began.Add(c.limit); c.limit > 0 && percent < 100 && !now.Before(deadline) {
		c.timedOut, c.frozen, c.ended = true, percent, deadline
	}
	if percent >= 100 && c.ended.IsZero() {
		c.end(now)
	}
	return percent
}

// at is the progress at a time, as the last poll sees it.
func (c *course) at(now time.Time) float64 {
	percent := 100.0
	switch {
	case len(c.Progress) > 0:
		seen := min(max(c.polls, 1), len(c.Progress))
		percent = float64(c.Progress[seen-1])
	case c.Duration > 0:
		percent = min(100, 100*float64(now.Sub(c.first))/float64(c.Duration))
	}
	if before := max(0, c.polls-1); c.waits > before {
		percent = min(percent, 100*float64(before)/float64(c.waits))
	}
	if c.holds != nil && c.holds() {
		percent = min(percent, 50)
	}
	return percent
}

// end notes when the task was over: when its duration was, at once if nothing kept it, or when that was
// first seen.
func (c *course) end(now time.Time) {
	switch {
	case c.started:
		c.ended = c.first.Add(time.Duration(c.Duration))
	case len(c.Progress) == 0 && c.Duration == 0:
		c.ended = c.began
	default:
		c.ended = now
	}
}

// isRunning tells whether the task is on its way, without counting a poll.
func (c *course) isRunning(now time.Time) bool {
	return c.percent(now, false) < 100 && !c.stopped && !c.timedOut
}

// stop ends the task where it is.
func (c *course) stop(now time.Time) {
	c.frozen = c.percent(now, false)
	c.stopped, c.ended = true, now
}

// left is the remaining time: what the duration has left, or ten seconds for each poll to come.
func (c *course) left(now time.Time) time.Duration {
	switch {
	case c.stopped || c.timedOut || (c.started && !c.ended.IsZero()):
		return 0
	case c.started:
		return max(pollEstimate, time.Duration(c.Duration)-now.Sub(c.first))
	case c.Duration > 0:
		return max(0, time.Duration(c.Duration)-now.Sub(c.first))
	}
	return 10 * time.Second * time.Duration(max(0, len(c.Progress)-max(c.polls, 1)))
}

// serviceTime is a time as the services write it: UTC+8, without a zone; "" for none.
func serviceTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(time.FixedZone("UTC+8", 8*60*60)).Format(time.DateTime)
}
