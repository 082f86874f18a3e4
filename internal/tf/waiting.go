package tf

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// WithLog returns a context with this provider's log subsystem.
func WithLog(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, tencentcloud.LogSubsystem, tflog.WithRootFields())
}

// ReadWaitOptions returns [WaitOptions] for something that must be there already: that it is not found
// ends the wait as well.
func ReadWaitOptions(ctx context.Context, pollInterval types.String, object string) wait.Options {
	opts := WaitOptions(ctx, pollInterval, object)
	opts.JustSubmitted = false
	opts.Permanent = func(err error) bool {
		return tencentcloud.Permanent(err) || errors.Is(err, tencentcloud.ErrNotFound)
	}
	return opts
}

// WaitOptions returns the options of a wait for what was only just submitted: the interval that the user
// set or the adaptive one, permanent errors, and log lines for each change of status, for each poll that
// failed or was left out, and once a minute while nothing changes.
func WaitOptions(ctx context.Context, pollInterval types.String, object string) wait.Options {
	opts := wait.Options{
		JustSubmitted: true,
		Permanent:     tencentcloud.Permanent,
		OnStatus: func(status string, waited, next time.Duration) {
			fields := map[string]any{"object": sanitize.Line(object), "status": sanitize.Line(status), "waited": roundedDuration(waited)}
			message := "Waited for a scan"
			if next > 0 {
				message, fields["next_poll_in"] = "Waiting for a scan", roundedDuration(next)
			}
			tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, message, fields)
		},
		OnFailure: func(err error, inARow int, waited, next time.Duration) {
			fields := map[string]any{
				"object": sanitize.Line(object), "failed_in_a_row": inARow, "waited": roundedDuration(waited), "next_poll_in": roundedDuration(next),
			}
			var call *tencentcloud.Error
			if errors.As(err, &call) {
				maps.Copy(fields, call.LogFields())
			}
			tflog.SubsystemWarn(ctx, tencentcloud.LogSubsystem, "A poll failed, waiting on", fields)
		},
		OnLeftOut: func(_ error, waited, next time.Duration) {
			tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, "A poll was throttled and is left out, waiting on", map[string]any{
				"object": sanitize.Line(object), "waited": roundedDuration(waited), "next_poll_in": roundedDuration(next),
			})
		},
	}
	if d := ParseDuration(pollInterval, 0); d > 0 {
		opts.Interval = wait.Fixed(d)
	}
	return opts
}

// Seconds returns a number of seconds as a duration; 0 for what is negative or absurdly large.
func Seconds(n float64) time.Duration {
	const year = 365 * 24 * time.Hour
	if n <= 0 || n > year.Seconds() {
		return 0
	}
	return time.Duration(n * float64(time.Second))
}
