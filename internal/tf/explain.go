package tf

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Explain composes the detail of a diagnostic about a failed call or wait: what happened, to which
// object, the service's code and message, the RequestId, and what to do. next, if given, replaces
// the advice that goes with the error.
func Explain(object string, err error, next string) string {
	var b strings.Builder
	b.WriteString(sentence(whatHappened(err)))
	fmt.Fprintf(&b, "\n\nObject: %s", sanitize.Line(object))
	var call *tencentcloud.Error
	if errors.As(err, &call) {
		describeCall(&b, call)
	}
	if next == "" {
		next = advice(err)
	}
	if next != "" {
		b.WriteString("\n\n" + next)
	}
	return b.String()
}

// Cause says in a few words why a call failed, without its RequestId: the same failure is told in the
// same words.
func Cause(err error) string {
	var call *tencentcloud.Error
	if errors.As(err, &call) && call.Code != "" {
		return call.Code + ": " + call.Message
	}
	return lowerFirst(whatHappened(err))
}

func describeCall(b *strings.Builder, call *tencentcloud.Error) {
	fmt.Fprintf(b, "\nAction: %s", call.Action)
	if call.Attempts > 1 {
		fmt.Fprintf(b, " (the last of %d attempts is shown)", call.Attempts)
	}
	if call.Code != "" {
		// Tamed once more as a whole: a code that ends with a colon would meet the one behind it.
		b.WriteString("\nService: " + sanitize.LineUpTo(sanitize.Line(call.Code)+": "+sanitize.Line(call.Message), 3*sanitize.MaxLine))
	}
	if call.RequestID != "" {
		fmt.Fprintf(b, "\nRequestId: %s", sanitize.Line(call.RequestID))
	}
}

func whatHappened(err error) string {
	var (
		timeout  *wait.TimeoutError
		canceled *wait.CanceledError
		unknown  *wait.UnknownStateError
		poll     *wait.PollError
		call     *tencentcloud.Error
	)
	switch {
	case errors.As(err, &timeout):
		return fmt.Sprintf("It was not finished after %s%s", roundedDuration(timeout.Waited), lastStatus(timeout.LastStatus)) + lastFailure(timeout.LastErr)
	case errors.As(err, &canceled):
		return fmt.Sprintf("The wait was interrupted after %s%s", roundedDuration(canceled.Waited), lastStatus(canceled.LastStatus)) + lastFailure(canceled.LastErr)
	case errors.As(err, &unknown):
		return fmt.Sprintf("The service reports a status that its documents do not know: %s", sanitize.Line(unknown.Status))
	case errors.As(err, &poll) && poll.InARow > 1:
		return fmt.Sprintf("%d polls in a row failed; the last one because %s", poll.InARow, lowerFirst(whatHappened(poll.Err)))
	case errors.As(err, &call):
		return callHappened(call)
	default:
		return sanitize.Line(err.Error())
	}
}

func callHappened(call *tencentcloud.Error) string {
	switch {
	case errors.Is(call, context.Canceled), !call.Sent && errors.Is(call, context.DeadlineExceeded):
		return "The call was interrupted, or its time ran out, before an answer came"
	case errors.Is(call, tencentcloud.ErrCredentials):
		return "No usable credentials were found: " + cause(call)
	case errors.Is(call, tencentcloud.ErrThrottled):
		return "The service answers that too many requests are made"
	case errors.Is(call, tencentcloud.ErrServer):
		return "The service failed to answer" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrTransport):
		return "The service could not be reached, or the connection broke" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrMalformed), errors.Is(call, tencentcloud.ErrTooLarge):
		return "The answer of the service cannot be read" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrUnreadable):
		return "A part of the answer cannot be read" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrOtherObject):
		return "The service answers about another task than the one that was asked for" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrDetection):
		return "The service gives no usable detection for this package"
	case errors.Is(call, tencentcloud.ErrListChanged):
		return "The list changed each time while its pages were read" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrRedirected):
		return "The endpoint answered with a redirect, which is never followed since it would carry the credentials to another host" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrBusy):
		return "Another scan of the account is still running"
	case errors.Is(call, tencentcloud.ErrNotLicensed):
		return "None of the chosen hosts has a license for this scan"
	case errors.Is(call, tencentcloud.ErrServiceRole):
		return "The account has not granted Tencent Cloud's container security service the service role that it needs"
	case errors.Is(call, tencentcloud.ErrQuota):
		return "The account's quota of scans is used up"
	case errors.Is(call, tencentcloud.ErrClock):
		return "The service refused the signature as expired"
	case errors.Is(call, tencentcloud.ErrDenied):
		return "The service does not allow this call with these credentials"
	case errors.Is(call, tencentcloud.ErrInvalid):
		return "The service refused the request as invalid" + parenthesis(call)
	case errors.Is(call, tencentcloud.ErrNotFound):
		return "The service does not know this object"
	case errors.Is(call, tencentcloud.ErrActionUnavailable):
		return "The service does not offer this action to this account, in this region or edition"
	default:
		return "The service refused the call" + parenthesis(call)
	}
}

// advice says what to do about an error, in one sentence or two.
func advice(err error) string {
	var call *tencentcloud.Error
	errors.As(err, &call)
	switch {
	case call != nil && errors.Is(call, context.Canceled):
		return "Run again."
	case errors.Is(err, tencentcloud.ErrCredentials):
		return credentialsAdvice(err, call)
	case errors.Is(err, tencentcloud.ErrThrottled):
		return "Run again later: other programs use up the account's limit of requests. Lower requests_per_second to leave them a part of it."
	case errors.Is(err, tencentcloud.ErrBusy):
		return "Apply again when that scan is done."
	case errors.Is(err, tencentcloud.ErrNotLicensed):
		return "Bind a license of the Professional edition or above to the hosts, or choose hosts that have one."
	case errors.Is(err, tencentcloud.ErrServiceRole):
		return "Open the container security console (tcss) once with an account administrator and authorize its service role, then apply again."
	case errors.Is(err, tencentcloud.ErrQuota):
		return "Buy more scans or wait until the quota is renewed; trying again now changes nothing."
	case errors.Is(err, tencentcloud.ErrClock):
		return "Set the clock of this machine: it is off by more than five minutes."
	case call != nil && call.Code == "UnauthorizedOperation.NotWhiteUser":
		return "The account must be enabled for this action by Tencent Cloud's support: open a ticket with the RequestId."
	case call != nil && strings.HasPrefix(call.Code, "IpNotInWhitelist"):
		return "Run from an address that the account's access policy allows, or add this one to it."
	case errors.Is(err, tencentcloud.ErrDenied):
		return deniedAdvice(call)
	case errors.Is(err, tencentcloud.ErrInvalid):
		return "Check the configuration against the service's message; if it looks right, report the RequestId to Tencent Cloud's support."
	case errors.Is(err, tencentcloud.ErrNotFound):
		return "Check the id, and that the credentials belong to the account that owns the object."
	case errors.Is(err, tencentcloud.ErrActionUnavailable):
		return withdrawnAdvice(call)
	case errors.Is(err, tencentcloud.ErrDetection):
		return detectionAdvice(call)
	case errors.Is(err, tencentcloud.ErrOtherObject):
		return "Check the task id, and that the credentials belong to the account that ran the task."
	case errors.Is(err, tencentcloud.ErrListChanged):
		return "Run again when the task no longer changes."
	case errors.Is(err, tencentcloud.ErrRedirected):
		return "Check domain and endpoint_url, and whether a proxy or a sign-in page stands between this machine and the service."
	case errors.Is(err, tencentcloud.ErrTransport), errors.Is(err, tencentcloud.ErrServer), errors.Is(err, tencentcloud.ErrMalformed):
		return runAgain
	case errors.Is(err, tencentcloud.ErrTooLarge):
		return "Read fewer apps at a time, as with app_md5s; if that does not help, report it to Tencent Cloud's support."
	case call != nil && call.RequestID != "":
		return "Report the RequestId to Tencent Cloud's support if the cause is not clear."
	case call != nil:
		return "Check domain, endpoint_url and the proxy settings: this does not look like an answer of the service."
	default:
		return ""
	}
}

const runAgain = "Run again; if it persists, check the network, the proxy settings, domain and endpoint_url."

// deniedAdvice names the credentials that were refused.
func deniedAdvice(call *tencentcloud.Error) string {
	source := ""
	if call != nil {
		source = call.Source
	}
	switch source {
	case "":
		return "Check secret_id, secret_key and security_token, and that the account or role is allowed to call this action."
	case "the provider configuration", "the environment":
		return fmt.Sprintf("Check secret_id, secret_key and security_token in %s, and that the account or role is allowed to call this action.", source)
	default:
		return fmt.Sprintf("The call was made with the credentials of %s: check that they are valid, and that they are allowed to call this action.", sanitize.Line(source))
	}
}

// adviser is an error that says what to do about it, as those of package auth about a source of
// credentials do.
type adviser interface {
	error
	Advice() string
}

func credentialsAdvice(err error, call *tencentcloud.Error) string {
	var known adviser
	switch {
	case errors.Is(err, tencentcloud.ErrAccount):
		return "Use credentials of an allowed account, or change allowed_account_ids in the provider configuration."
	case errors.As(err, &known):
		return sanitize.LineUpTo(known.Advice(), 3*sanitize.MaxLine) // with the path of a file
	case !tencentcloud.Permanent(err):
		return runAgain
	case call != nil && call.Action == "GetCallerIdentity":
		return "Check the credentials, and that they may call GetCallerIdentity of the Security Token Service (sts)."
	case call != nil && call.Code != "":
		return "Check the role, whom it trusts and on which conditions, and the credentials that it is assumed with."
	default:
		return "Check what the message says of the source of the credentials."
	}
}

func withdrawnAdvice(call *tencentcloud.Error) string {
	if call != nil && (call.Action == "CreateScanInstances" || call.Action == "DescribeScanResults") {
		return "Tencent Cloud withdraws the scan actions account by account: use the ms_apk_detection data source, which is served today, or ask Tencent Cloud's support to enable the action."
	}
	return "Check region and domain, or ask Tencent Cloud's support to enable the action for the account."
}

func detectionAdvice(call *tencentcloud.Error) string {
	if call != nil && tencentcloud.CodeHint(call.Errno) != "" {
		return tencentcloud.CodeHint(call.Errno)
	}
	return "Check apk_url and apk_md5; if they are right, run again, and else report the RequestId to Tencent Cloud's support."
}

func cause(call *tencentcloud.Error) string {
	if call.Cause() == nil {
		return "none were given"
	}
	return sanitize.LineUpTo(call.Cause().Error(), 2*sanitize.MaxLine) // with the path of a file
}

func parenthesis(call *tencentcloud.Error) string {
	if call.Cause() == nil {
		return ""
	}
	return " (" + sanitize.Line(call.Cause().Error()) + ")"
}

func lastStatus(status string) string {
	if status == "" {
		return ", and no answer was obtained"
	}
	return "; last seen: " + sanitize.Line(status)
}

func lastFailure(err error) string {
	if err == nil {
		return ""
	}
	return ". The last poll failed: " + lowerFirst(whatHappened(err))
}

func sentence(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func roundedDuration(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
