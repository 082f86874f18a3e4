package tencentcloud

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// LogSubsystem is the tflog subsystem that this provider logs to, all of it.
const LogSubsystem = "ms"

// attempt is what the log tells of one attempt of a call.
type attempt struct {
	number int
	// queued is the time before the request was sent: for credentials, and for the rate.
	queued time.Duration
	took   time.Duration // from then to the end of the answer; 0 where nothing was sent
	status int           // of HTTP; 0 where no answer came
	bytes  int           // of the answer's body
	// repeated tells whether there is another attempt, after pause.
	repeated bool
	pause    time.Duration
}

// log writes one line about an attempt. What was sent stays out of it, and of the answer all but its
// size, its id and its error code: the service's messages may repeat what was sent.
func (a *attempt) log(ctx context.Context, op operation, requestID string, failure *Error) {
	fields := map[string]any{
		"action":      op.action,
		"attempt":     a.number,
		"duration":    a.took.Round(time.Millisecond).String(),
		"queued":      a.queued.Round(time.Millisecond).String(),
		"http_status": a.status,
		"bytes":       a.bytes,
		"request_id":  plainText(requestID),
	}
	if failure == nil {
		tflog.SubsystemDebug(ctx, LogSubsystem, "Called the API", fields)
		return
	}
	maps.Copy(fields, failure.LogFields())
	if a.repeated {
		fields["again_in"] = a.pause.Round(time.Millisecond).String()
	}
	tflog.SubsystemDebug(ctx, LogSubsystem, "A call of the API failed", fields)
}

// LogFields returns what a log may tell of a failed call: everything but the service's message, which
// may repeat what was sent.
func (e *Error) LogFields() map[string]any {
	fields := map[string]any{"action": e.Action, "error": e.kind.Error(), "request_id": plainText(e.RequestID)}
	switch {
	case e.Code != "":
		fields["code"] = plainText(e.Code)
	case e.cause != nil:
		fields["cause"] = sanitize.URLs(e.cause.Error()) // it may name a proxy with its password
	}
	return fields
}

// maxPlainText bounds a code or an id in the log, in bytes; the service's are shorter.
const maxPlainText = 100

// plainText returns a code or an id with a question mark for what codes and ids do not have, so that a
// log is not read as commands by a terminal or a CI system.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '?'
	}, s)
	return s[:min(len(s), maxPlainText)]
}
