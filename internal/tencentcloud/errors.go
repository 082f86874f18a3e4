package tencentcloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// What a failed call was about. Every error of a [Client] is an [*Error] that unwraps to one of these.
var (
	ErrThrottled         = errors.New("throttled")                          // nothing was done; slow down
	ErrServer            = errors.New("service failed")                     // InternalError and its kin, HTTP 5xx
	ErrTransport         = errors.New("connection failed")                  // refused, reset, timed out, truncated
	ErrMalformed         = errors.New("no JSON answer")                     // not a JSON object with a Response
	ErrUnreadable        = errors.New("unreadable answer")                  // JSON that contradicts itself, or the documents
	ErrTooLarge          = errors.New("answer too large")                   // above the bound of a body
	ErrRedirected        = errors.New("answered with a redirect")           // never followed
	ErrQuota             = errors.New("quota used up")                      // bare LimitExceeded
	ErrDenied            = errors.New("not allowed")                        // AuthFailure, UnauthorizedOperation, IpNotInWhitelist
	ErrClock             = errors.New("clock off")                          // AuthFailure.SignatureExpire
	ErrInvalid           = errors.New("request refused as invalid")         // MissingParameter, InvalidParameter, ...
	ErrNotFound          = errors.New("not found")                          // ResourceNotFound
	ErrActionUnavailable = errors.New("action not served")                  // InvalidAction, ActionOffline, ...
	ErrCredentials       = errors.New("no credentials")                     // none found, or none that works
	ErrAccount           = errors.New("the account is not allowed")         // beneath ErrCredentials: not one of those that may be used
	ErrOtherObject       = errors.New("answer about another object")        // not the task or package that was asked for
	ErrListChanged       = errors.New("list kept changing")                 // while its pages were read, again and again
	ErrDetection         = errors.New("package not analysed")               // an APK detection that ended with an error
	ErrRefused           = errors.New("refused")                            // by a code that says that nothing was done
	ErrBusy              = errors.New("another scan is running")            // ResourceInUse
	ErrNotLicensed       = errors.New("no licensed host")                   // FailedOperation.NoProfessionHost
	ErrServiceRole       = errors.New("service role missing")               // InternalError.ErrRoleNotExist
	ErrOther             = errors.New("service refused for another reason") // any other code
)

// Error is a failed call.
type Error struct {
	Action string
	// Code and Message are the service's; empty where no answer could be read.
	Code, Message string
	// RequestID identifies the last attempt at the service's side; empty where no answer came.
	RequestID string
	// Errno is the service's error number for a package, 0 where there is none; see [CodeMeaning].
	Errno int64
	// Attempts counts the requests made, retries included.
	Attempts int
	// Sent tells whether the last attempt may have reached the service.
	Sent bool
	// Source is where the credentials of the call come from, as in "the environment"; empty where that is not known.
	Source string

	kind   error
	cause  error
	status int  // of HTTP
	made   bool // the answer names the object that the call made
}

// Error returns one line. It holds the service's message, which may repeat what was sent: it is for
// tests and wrapping, not for logs. Messages for people are composed by package tf, from the fields.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Action, e.kind)
	if e.Code != "" {
		fmt.Fprintf(&b, " (%q: %q)", e.Code, e.Message)
	} else if e.cause != nil {
		fmt.Fprintf(&b, ": %s", e.cause)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, ", RequestId %q", e.RequestID)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, ", the last of %d attempts", e.Attempts)
	}
	return b.String()
}

// Unwrap returns the kind, one of the Err values of this package, and the cause if there is one.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.cause}
}

// Cause returns the error beneath a failed connection, nil where the service itself answered.
func (e *Error) Cause() error { return e.cause }

// Permanent tells whether asking again is pointless until somebody changes something. Failures that
// pass by themselves (throttling, the service's own failures, connections) are not permanent, and
// neither is ErrNotFound, which a service may answer for a moment right after a submission. Credentials
// that a failed call could not renew are as permanent as the failure of that call, and those that were not
// waited for are not.
func Permanent(err error) bool {
	var e *Error
	if errors.As(err, &e) && errors.Is(e.kind, ErrCredentials) {
		if call := failedCall(e.cause); call != nil {
			return Permanent(call)
		}
		if errors.Is(e, context.Canceled) || errors.Is(e, context.DeadlineExceeded) {
			return false
		}
	}
	for _, kind := range []error{ErrQuota, ErrDenied, ErrClock, ErrInvalid, ErrActionUnavailable, ErrCredentials, ErrRedirected, ErrListChanged, ErrDetection, ErrOtherObject, ErrUnreadable, ErrTooLarge, ErrNotLicensed, ErrServiceRole} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// failedCall returns the failed call that an error is about, or nil.
func failedCall(err error) *Error {
	var e *Error
	errors.As(err, &e)
	return e
}

// CannotBeJudged tells whether an answer came that cannot be judged: no answer to the question, but no
// failure of the call either. A gate is incomplete then.
func CannotBeJudged(err error) bool {
	return errors.Is(err, ErrUnreadable) || errors.Is(err, ErrOtherObject) || errors.Is(err, ErrListChanged) || errors.Is(err, ErrTooLarge)
}

// HadNoEffect tells whether a failed call certainly had no effect: it never left this machine, or the
// service refused it by a code that says so; see [refusals]. Anything else may have been carried out, and an
// error that is not of a call proves nothing.
func HadNoEffect(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if !e.Sent {
		return true
	}
	if e.made {
		return false
	}
	if errors.Is(e.kind, ErrRedirected) { // these two say that the request is to be made elsewhere; others may follow upon work done
		return e.status == http.StatusTemporaryRedirect || e.status == http.StatusPermanentRedirect
	}
	if e.provesNothing() {
		return false
	}
	if e.provesRefusal() {
		return true
	}
	for _, kind := range []error{ErrThrottled, ErrQuota, ErrDenied, ErrClock, ErrInvalid, ErrNotFound, ErrActionUnavailable, ErrCredentials, ErrRefused} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// codes maps an error code, or its family, to its kind (api.md "Errors"). A code that is not here counts as its
// family, the part before the first dot.
var codes = map[string]error{
	"RequestLimitExceeded":            ErrThrottled,
	"LimitExceeded.RateLimitExceeded": ErrThrottled,
	"InternalError":                   ErrServer,
	"LimitExceeded":                   ErrQuota,
	"AuthFailure":                     ErrDenied,
	"AuthFailure.SignatureExpire":     ErrClock,
	"UnauthorizedOperation":           ErrDenied,
	"IpNotInWhitelist":                ErrDenied,
	"IpInBlacklist":                   ErrDenied,
	"MissingParameter":                ErrInvalid,
	"InvalidParameter":                ErrInvalid,
	"InvalidParameterValue":           ErrInvalid,
	"UnknownParameter":                ErrInvalid,
	"InvalidRequest":                  ErrInvalid,
	"RequestSizeLimitExceeded":        ErrInvalid,
	"UnsupportedProtocol":             ErrInvalid,
	"NonHttpsRequest":                 ErrInvalid,
	"ResourceNotFound":                ErrNotFound,
	"InvalidAction":                   ErrActionUnavailable,
	"ActionOffline":                   ErrActionUnavailable,
	"UnsupportedOperation":            ErrActionUnavailable,
	"UnsupportedRegion":               ErrActionUnavailable,
	"NoSuchVersion":                   ErrActionUnavailable,
	"NoSuchProduct":                   ErrActionUnavailable,
	"ResourceInsufficient":            ErrRefused,
	"ResourceUnavailable":             ErrRefused,
	"ResourcesSoldOut":                ErrRefused,
	"OperationDenied":                 ErrRefused,
	"DryRunOperation":                 ErrRefused,
}

// exactCodes are codes whose details would be something else.
var exactCodes = map[string]error{
	"ResourceInUse": ErrBusy,
	// The two lists of images say so while they still work on the answer (tcss): the same request gets it later.
	"InvalidParameter.RequestTimeout":  ErrServer,
	"InternalError.ErrRoleNotExist":    ErrServiceRole,
	"FailedOperation.NoProfessionHost": ErrNotLicensed,
	// Being scanned already, or not authorised to be: which of the two, only the message tells.
	"FailedOperation.ErrAlreadyScanning": ErrRefused,
}

// kindOf classifies an error code. A detail of bare LimitExceeded that is not known is a quota too.
func kindOf(code string) error {
	if kind, ok := exactCodes[code]; ok {
		return kind
	}
	if kind, ok := codes[code]; ok {
		return kind
	}
	family, _, _ := strings.Cut(code, ".")
	if kind, ok := codes[family]; ok {
		return kind
	}
	return ErrOther
}

// unusable returns the failure of a call for which no credentials could be obtained. Where that is the
// failure of another call, it shows that call's action, code, message, RequestId and attempts.
func (o operation) unusable(err error) *Error {
	failure := &Error{Action: o.action, kind: ErrCredentials, cause: err}
	if call := failedCall(err); call != nil {
		failure.Action, failure.Code, failure.Message, failure.RequestID = call.Action, call.Code, call.Message, call.RequestID
		failure.Attempts = call.Attempts
	}
	return failure
}

// NewTransportError returns the error of an exchange that is not a [Client]'s, as with the metadata service
// of a machine, and that failed in a way that may pass by itself.
func NewTransportError(action string, attempts int, cause error) *Error {
	return &Error{Action: action, Attempts: attempts, kind: ErrTransport, cause: cause}
}
