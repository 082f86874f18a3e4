package tencentcloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// submissions are the actions that are paid for or change hosts, each with a request that it takes.
var submissions = map[string]func(context.Context, *Client) error{
	"CreateVulScanTask": func(ctx context.Context, c *Client) error {
		_, err := c.CreateVulScanTask(ctx, CreateVulScanTaskRequest{RegistryImageIDs: []int64{1}})
		return err
	},
	"ScanVul": func(ctx context.Context, c *Client) error {
		_, err := c.ScanVul(ctx, ScanVulRequest{Hosts: Hosts{AllProtected: true}})
		return err
	},
	"CreateScanMalwareSetting": func(ctx context.Context, c *Client) error {
		_, err := c.CreateScanMalwareSetting(ctx, CreateScanMalwareSettingRequest{Hosts: Hosts{AllProtected: true}})
		return err
	},
	"CreateScanInstances": func(ctx context.Context, c *Client) error {
		_, err := c.CreateScanInstances(ctx, CreateScanInstancesRequest{})
		return err
	},
}

const (
	refused = 'r' // nothing was done
	unknown = '?' // it may have been carried out
	again   = 't' // nothing was done, and the call is made again
)

// outcomes say for CreateVulScanTask, ScanVul, CreateScanMalwareSetting and CreateScanInstances, in this order, what
// a code proves: every code that is listed for one of the first three, those common to all actions, and details
// that nobody documents.
var outcomes = map[string]struct {
	kind error
	what string
}{
	"ResourceInUse":                         {ErrBusy, "r???"},
	"ResourceUnavailable":                   {ErrRefused, "r??r"},
	"ResourceNotFound":                      {ErrNotFound, "rrrr"},
	"ResourceNotFound.MachineNotFound":      {ErrNotFound, "?rrr"},
	"MissingParameter":                      {ErrInvalid, "rrrr"},
	"InvalidParameter":                      {ErrInvalid, "rrrr"},
	"InvalidParameter.InvalidFormat":        {ErrInvalid, "rrrr"},
	"InvalidParameter.MissingParameter":     {ErrInvalid, "rrrr"},
	"InvalidParameter.ParsingError":         {ErrInvalid, "rrrr"},
	"InvalidParameter.IllegalRequest":       {ErrInvalid, "?rrr"},
	"InvalidParameter.DateRange":            {ErrInvalid, "??rr"},
	"InvalidParameterValue":                 {ErrInvalid, "?rrr"},
	"InvalidParameter.RequestTimeout":       {ErrServer, "????"},
	"OperationDenied":                       {ErrRefused, "?rrr"},
	"FailedOperation":                       {ErrOther, "????"},
	"FailedOperation.APIServerFail":         {ErrOther, "????"},
	"FailedOperation.NoProfessionHost":      {ErrNotLicensed, "?rr?"},
	"FailedOperation.ErrAlreadyScanning":    {ErrRefused, "r??r"},
	"InternalError":                         {ErrServer, "????"},
	"InternalError.MainDBFail":              {ErrServer, "????"},
	"InternalError.ErrRoleNotExist":         {ErrServiceRole, "r???"},
	"AuthFailure":                           {ErrDenied, "rrrr"},
	"AuthFailure.SecretIdNotFound":          {ErrDenied, "rrrr"},
	"AuthFailure.SignatureExpire":           {ErrClock, "rrrr"},
	"UnauthorizedOperation":                 {ErrDenied, "rrrr"},
	"IpNotInWhitelist":                      {ErrDenied, "rrrr"},
	"ActionOffline":                         {ErrActionUnavailable, "rrrr"},
	"InvalidAction":                         {ErrActionUnavailable, "rrrr"},
	"LimitExceeded":                         {ErrQuota, "rrrr"},
	"ResourceInsufficient":                  {ErrRefused, "rrrr"},
	"RequestLimitExceeded":                  {ErrThrottled, "tttt"},
	"RequestLimitExceeded.UinLimitExceeded": {ErrThrottled, "tttt"},
	"LimitExceeded.RateLimitExceeded":       {ErrThrottled, "tttt"},

	// Nobody documents these: a family must not stand in for them where both outcomes are in it.
	"ResourceInUse.Later":             {ErrOther, "????"},
	"ResourceUnavailable.Half":        {ErrRefused, "???r"},
	"ResourceNotFound.Later":          {ErrNotFound, "???r"},
	"MissingParameter.Later":          {ErrInvalid, "???r"},
	"InvalidParameter.Later":          {ErrInvalid, "???r"},
	"InvalidParameterValue.Later":     {ErrInvalid, "???r"},
	"OperationDenied.Later":           {ErrRefused, "???r"},
	"AuthFailure.Later":               {ErrDenied, "???r"},
	"LimitExceeded.Later":             {ErrQuota, "???r"},
	"RequestLimitExceeded.Later":      {ErrThrottled, "???t"},
	"FailedOperation.Later":           {ErrOther, "????"},
	"InternalError.ErrRoleNotExistAt": {ErrServer, "????"},
	"ServiceUnavailable":              {ErrOther, "????"},
	"invalidparameter":                {ErrOther, "????"},
	"InvalidParameter.":               {ErrInvalid, "???r"},
	"":                                {ErrOther, "????"},
}

func TestSubmissions_whatEachCodeProves(t *testing.T) {
	t.Parallel()
	for code, tt := range outcomes {
		for i, action := range []string{"CreateVulScanTask", "ScanVul", "CreateScanMalwareSetting", "CreateScanInstances"} {
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				_, _ = io.WriteString(w, refusal(code))
			})
			c.patience = 0 // so that throttling ends the call, too
			err := submissions[action](t.Context(), c)
			if !errors.Is(err, tt.kind) {
				t.Errorf("%s of %s is %v", code, action, err)
			}
			what := tt.what[i]
			if HadNoEffect(err) != (what != unknown) {
				t.Errorf("%s of %s: nothing was done: %t", code, action, HadNoEffect(err))
			}
			if calls.Load() != 1 {
				t.Errorf("%s of %s: %d calls", code, action, calls.Load())
			}
			if failed := (&Error{Action: action, Code: code, Sent: true, kind: kindOf(code)}); (operation{action: action}).retryable(failed) != (what == again) {
				t.Errorf("%s of %s is made again: %t", code, action, what != again)
			}
		}
	}
}

func TestSubmissions_anAnswerThatNamesATaskIsNeverTakenForNothing(t *testing.T) {
	t.Parallel()
	for fields, made := range map[string]bool{
		`"RegistryTaskID":18,"LocalTaskID":0,"TaskId":18`:  true,
		`"RegistryTaskID":"18","TaskId":"18"`:              true,
		`"RegistryTaskID":0,"LocalTaskID":0,"TaskId":0`:    false,
		`"RegistryTaskID":-1,"LocalTaskID":-1,"TaskId":-1`: false,
		`"RegistryTaskID":null,"TaskId":null`:              false,
		`"RegistryTaskID":"soon","TaskId":"soon"`:          false,
	} {
		for action, submit := range submissions {
			if action == "CreateScanInstances" {
				continue
			}
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				_, _ = io.WriteString(w, `{"Response":{`+fields+`,"Error":{"Code":"MissingParameter","Message":"m"},"RequestId":"r"}}`)
			})
			if err := submit(t.Context(), c); HadNoEffect(err) == made || calls.Load() != 1 {
				t.Errorf("%s with %s: nothing was done: %t, after %d calls", action, fields, HadNoEffect(err), calls.Load())
			}
		}
	}
}

func TestSubmissions_whatBreaksOnTheWayIsUnknownAndSentOnce(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]http.HandlerFunc{
		"cut off":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"HTTP 503": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"no JSON":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
	} {
		for action, submit := range submissions {
			var calls atomic.Int32
			c := against(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				handle(w, r)
			})
			if err := submit(t.Context(), c); err == nil || HadNoEffect(err) || calls.Load() != 1 {
				t.Errorf("%s, %s: %v, nothing was done: %t, after %d calls", action, name, err, HadNoEffect(err), calls.Load())
			}
		}
	}
}

func TestRequestTimeout_isAskedAgainByReads(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := against(t, answering(&calls, refusal("InvalidParameter.RequestTimeout"), `{"Response":{"TotalCount":0,"List":[],"RequestId":"r"}}`))
	images, err := c.DescribeLocalImage(t.Context(), "sha256:aa")
	if err != nil || !images.Complete() || calls.Load() != 2 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
}
