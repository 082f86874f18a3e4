package acctest

import (
	"testing"
	"time"
)

// Until waits until a condition holds that another process or goroutine brings about. It has no bound of its
// own, which a busy machine would break: a condition that never holds ends with the time-out of go test, whose
// stacks tell where.
func Until(t *testing.T, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !condition() {
		select {
		case <-ticker.C:
		case <-t.Context().Done():
			t.Fatal("the test ended before the condition held")
		}
	}
}

// LongEnough tries something with ever longer time-outs until one was long enough for what has to happen before
// it ends, as try tells: how long that takes is up to the machine. The last time-out is two minutes.
func LongEnough(t *testing.T, try func(timeout string) bool) {
	t.Helper()
	for timeout := 500 * time.Millisecond; timeout <= 2*time.Minute; timeout *= 3 {
		if try(timeout.String()) {
			return
		}
		t.Logf("a time-out of %s was too short here", timeout)
	}
	t.Fatal("no time-out was long enough")
}
