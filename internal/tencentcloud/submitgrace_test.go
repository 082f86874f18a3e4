package tencentcloud

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestSubmitGrace_anInterruptCutsASubmissionADeadlineDoesNot(t *testing.T) {
	t.Parallel()
	never := time.Duration(-1)
	tests := map[string]struct {
		// begin returns the context of an operation that is interrupted or runs out of time.
		begin func(context.Context) (context.Context, context.CancelFunc)
		want  time.Duration // after which a submission is cut
	}{
		"interrupted": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, interrupt := context.WithCancel(ctx)
			time.AfterFunc(time.Minute, interrupt)
			return WithTimeout(ctx, time.Hour)
		}, time.Minute + submitGrace},
		"interrupted, without a time-out": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, interrupt := context.WithCancel(ctx)
			time.AfterFunc(time.Minute, interrupt)
			return ctx, func() {}
		}, time.Minute + submitGrace},
		"out of time": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return WithTimeout(ctx, time.Second)
		}, never},
		"out of a time that the caller set": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, never},
		"out of time, then interrupted": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, interrupt := context.WithCancel(ctx)
			time.AfterFunc(time.Minute, interrupt)
			return WithTimeout(ctx, time.Second)
		}, time.Minute + submitGrace},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := tt.begin(t.Context())
				defer cancel()
				begun := time.Now()
				extended, stop := extend(ctx, submitGrace)
				defer stop()
				cut := never
				select {
				case <-extended.Done():
					cut = time.Since(begun)
				case <-time.After(time.Hour / 2):
				}
				if cut != tt.want {
					t.Errorf("cut after %s, want %s", cut, tt.want)
				}
			})
		})
	}
}
