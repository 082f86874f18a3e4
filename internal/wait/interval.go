package wait

import (
	"math/rand/v2"
	"time"
)

// Bounds of the adaptive interval (design "Waiting, limiting, retrying").
const (
	MinInterval = 2 * time.Second
	MaxInterval = 60 * time.Second
)

// Interval returns the pause before the next poll from the time waited so far and the service's own
// estimate of the time left (0 where it gives none).
type Interval func(waited, remaining time.Duration) time.Duration

// Fixed polls every d, whatever the service estimates: it is what the user asked for.
func Fixed(d time.Duration) Interval {
	return func(_, _ time.Duration) time.Duration { return d }
}

// Adaptive waits a tenth of the time waited so far, within [MinInterval] and [MaxInterval], so that
// the delay until an end is noticed stays in proportion to the whole, with ten per cent of jitter, so
// that many waiters do not poll in step. Where the service gives a remaining time, that paces it.
func Adaptive() Interval { return adaptive(rand.Float64) }

func adaptive(random func() float64) Interval {
	return func(waited, remaining time.Duration) time.Duration {
		if remaining > 0 {
			return paced(remaining)
		}
		jitter := 0.9 + 0.2*random()
		return clamp(time.Duration(float64(waited) / 10 * jitter))
	}
}

// paced believes a short estimate and looks again after three quarters of a long one, which may be off.
func paced(remaining time.Duration) time.Duration {
	if remaining <= MaxInterval {
		return max(remaining, time.Second)
	}
	return max(remaining/4*3, MaxInterval)
}

func clamp(d time.Duration) time.Duration {
	return min(max(d, MinInterval), MaxInterval)
}
