package wait

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

var (
	errFull    = fmt.Errorf("refused: %w", ErrLeftOut)
	errCrowded = fmt.Errorf("refused: %w", ErrCrowded)
)

// pausesOf waits by a script with a fixed interval of 5 s, and returns the pauses.
func pausesOf(t *testing.T, steps ...any) []time.Duration {
	t.Helper()
	clock := &stepClock{}
	_, err := For(t.Context(), script(steps...), Options{
		Clock: clock, Interval: Fixed(5 * time.Second), JustSubmitted: true, Tolerance: 1,
		OnFailure: func(err error, _ int, _, _ time.Duration) { t.Errorf("reported as a failure: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return clock.pauses
}

// spread reports whether a pause is from half to one and a half of another.
func spread(pause, mean time.Duration) bool { return pause >= mean/2 && pause <= mean*3/2 }

func TestFor_pollThatWasLeftOutIsNoFailure(t *testing.T) {
	t.Parallel()
	for _, pause := range pausesOf(t, pending, errFull, errFull, errFull, errFull, errFull, errFull, pending, final) {
		if pause != 5*time.Second {
			t.Errorf("a pause of %s", pause)
		}
	}
}

func TestFor_crowdedAccountIsPolledOnceAMinute(t *testing.T) {
	t.Parallel()
	steps := []any{errCrowded}
	for range crowdedAnswers {
		steps = append(steps, pending)
	}
	pauses := pausesOf(t, append(steps, final)...)
	if !spread(pauses[0], CrowdedInterval) {
		t.Errorf("the first pause is %s", pauses[0])
	}
	for i, pause := range pauses[1:crowdedAnswers] {
		if pause != CrowdedInterval {
			t.Errorf("after %d answers the pause is %s", i+1, pause)
		}
	}
	if pause := pauses[crowdedAnswers]; pause != 5*time.Second {
		t.Errorf("after %d answers the pause is %s", crowdedAnswers, pause)
	}
}

func TestFor_stillMoreCrowdedAccountIsPolledLess(t *testing.T) {
	t.Parallel()
	steps := []any{pending}
	for range 10 {
		steps = append(steps, errCrowded)
	}
	for range 4 * crowdedAnswers {
		steps = append(steps, pending)
	}
	pauses := pausesOf(t, append(steps, final)...)[1:]
	for i, times := range []int{1, 1, 1, 2, 4, 8, 8, 8, 8, 8} {
		if !spread(pauses[i], time.Duration(times)*CrowdedInterval) {
			t.Errorf("after %d refusals the pause is %s", i+1, pauses[i])
		}
	}
	for i, times := range []int{8, 4, 2, 1} {
		if pause := pauses[10+i*crowdedAnswers]; pause != time.Duration(times)*CrowdedInterval {
			t.Errorf("after %d answers the pause is %s", i*crowdedAnswers+1, pause)
		}
	}
	if pause := pauses[10+4*crowdedAnswers-1]; pause != 5*time.Second {
		t.Errorf("at last the pause is %s", pause)
	}
}

// A wait that does not know yet whether there is anything to wait for does without no answer.
func TestFor_whichPollsMayBeLeftOut(t *testing.T) {
	t.Parallel()
	for _, submitted := range []bool{false, true} {
		var may []bool
		_, err := For(t.Context(), func(ctx context.Context) (Observation[int], error) {
			may = append(may, MayLeaveOut(ctx))
			Answered(ctx)
			if MayLeaveOut(ctx) {
				t.Error("it may be left out after an answer")
			}
			if len(may) == 3 {
				return final, nil
			}
			return pending, nil
		}, Options{Clock: &stepClock{}, JustSubmitted: submitted})
		if err != nil || may[0] != submitted || !may[1] || !may[2] {
			t.Errorf("just submitted %t: %v, error %v", submitted, may, err)
		}
	}
	if MayLeaveOut(t.Context()) {
		t.Error("a call outside of a wait may be left out")
	}
}

func TestFor_endsWithTheRefusalThatCameLast(t *testing.T) {
	t.Parallel()
	ctx := &expiredContext{Context: context.Background(), done: make(chan struct{})}
	clock := &stepClock{deadline: time.Time{}.Add(time.Minute), expire: ctx.expire}
	_, err := For(ctx, script(pending, errCrowded), Options{Clock: clock})
	var te *TimeoutError
	if !errors.As(err, &te) || te.LastStatus != "processing" || !errors.Is(err, ErrCrowded) {
		t.Errorf("got %v", err)
	}
}
