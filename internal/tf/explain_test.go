package tf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// failing returns the error of a read that is answered by body.
func failing(t *testing.T, status int, body string) error {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	endpoint, err := tencentcloud.URLEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := tencentcloud.New(tencentcloud.Config{
		Credentials:       func(context.Context) (common.CredentialIface, error) { return common.NewCredential("id", "key"), nil },
		Endpoint:          endpoint,
		RequestsPerSecond: 1000,
		RequestTimeout:    5 * time.Second,
	})
	_, err = client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: "i"})
	return err
}

func TestExplain_everyCodeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"RequestLimitExceeded":               "requests_per_second",
		"InternalError.ServerError":          "Run again",
		"LimitExceeded":                      "Buy more scans",
		"AuthFailure.SignatureExpire":        "off by more than five minutes",
		"AuthFailure.SecretIdNotFound":       "Check secret_id",
		"UnauthorizedOperation.NotWhiteUser": "must be enabled",
		"IpNotInWhitelist":                   "address",
		"MissingParameter":                   "Check the configuration",
		"ResourceNotFound.ItemIdNotFound":    "account that owns the object",
		"ActionOffline":                      "ms_apk_detection",
		"FailedOperation":                    "Report the RequestId",
		"ResourceInUse":                      "when that scan is done",
		"FailedOperation.NoProfessionHost":   "Bind a license",
		"InternalError.ErrRoleNotExist":      "authorize its service role",
	}
	for code, advice := range tests {
		text := Explain("item i", failing(t, 200, `{"Response":{"Error":{"Code":"`+code+`","Message":"why"},"RequestId":"r-1"}}`), "")
		for _, want := range []string{advice, "Object: item i", "Action: DescribeScanResults", "Service: " + code + ": why", "RequestId: r-1"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", code, want, text)
			}
		}
	}
}

func TestExplain_codeAndMessageMakeNoCommandTogether(t *testing.T) {
	t.Parallel()
	text := Explain("item i", failing(t, 200, `{"Response":{"Error":{"Code":"FailedOperation:","Message":":error::x"},"RequestId":"r"}}`), "")
	if strings.Contains(text, "::") || !strings.Contains(text, "FailedOperation: :") {
		t.Errorf("got\n%s", text)
	}
}

func TestExplain_textOfTheServiceIsTamed(t *testing.T) {
	t.Parallel()
	hostile := `a\n::set-output name=x::y\u001b[31m##vso[task]\u202e` + strings.Repeat("z", 500)
	text := Explain("item i", failing(t, 200, `{"Response":{"Error":{"Code":"FailedOperation","Message":"`+hostile+`"},"RequestId":"r::1"}}`), "")
	for _, bad := range []string{"::", "##", "\x1b", "\u202e", strings.Repeat("z", 200)} {
		if strings.Contains(text, bad) {
			t.Errorf("%q came through:\n%s", bad, text)
		}
	}
}

func TestExplain_waits(t *testing.T) {
	t.Parallel()
	refused := failing(t, 200, `{"Response":{"Error":{"Code":"AuthFailure","Message":"why"},"RequestId":"r-1"}}`)
	tests := map[string]struct {
		err  error
		want []string
	}{
		"time-out":            {&wait.TimeoutError{LastStatus: "processing", Waited: time.Minute}, []string{"It was not finished after 1m0s; last seen: processing."}},
		"time-out, no answer": {&wait.TimeoutError{Waited: time.Minute, LastErr: refused}, []string{"no answer was obtained", "The last poll failed: the service does not allow", "RequestId: r-1"}},
		"interrupt":           {&wait.CanceledError{LastStatus: "processing", Waited: 1500 * time.Millisecond}, []string{"The wait was interrupted after 2s"}},
		"unknown state":       {&wait.UnknownStateError{Status: "ODD"}, []string{"a status that its documents do not know: ODD"}},
		"polls failed":        {&wait.PollError{InARow: 5, Err: refused}, []string{"5 polls in a row failed", "RequestId: r-1", "Check secret_id"}},
		"one poll failed":     {&wait.PollError{InARow: 1, Err: refused}, []string{"The service does not allow this call"}},
		"HTML":                {failing(t, 502, "<html>"), []string{"The service failed to answer (HTTP status 502)"}},
		"no JSON":             {failing(t, 200, "<html>secret"), []string{"cannot be read (a body of 12 bytes is not valid JSON)"}},
	}
	for name, tt := range tests {
		text := Explain("item i", tt.err, "")
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
		if strings.Contains(text, "<html>") || strings.Contains(text, "..") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

// advising is an error of a source of credentials.
type advising struct{ error }

func (advising) Advice() string {
	return "In the file " + strings.Repeat("long/", 80) + "path: Correct the profile."
}

func TestExplain_credentialsSayWhatToDo(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"Response":{"Error":{"Code":"`+r.Header.Get("X-TC-Region")+`","Message":"why"},"RequestId":"r-1"}}`)
	}))
	t.Cleanup(server.Close)
	endpoint, err := tencentcloud.URLEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	// assuming a role is answered by code.
	assuming := func(code string) tencentcloud.Credentials {
		sts := tencentcloud.New(tencentcloud.Config{
			Credentials:       func(context.Context) (common.CredentialIface, error) { return common.NewCredential("id", "key"), nil },
			Endpoint:          endpoint,
			Region:            code,
			RequestsPerSecond: 1000, RequestTimeout: 5 * time.Second, MaxRetries: 1,
		})
		return func(ctx context.Context) (common.CredentialIface, error) {
			_, err := sts.AssumeRole(ctx, tencentcloud.AssumeRoleRequest{RoleArn: "x"})
			return nil, err
		}
	}
	interrupted := func(context.Context) (common.CredentialIface, error) { return nil, context.Canceled }
	none := func(context.Context) (common.CredentialIface, error) { return nil, errors.New("none are there") }
	broken := func(context.Context) (common.CredentialIface, error) {
		return nil, fmt.Errorf("the profile: %w", advising{errors.New("it is broken")})
	}
	tests := map[string]struct {
		credentials tencentcloud.Credentials
		says, never string
	}{
		"the service failed":    {assuming("InternalError"), "Action: AssumeRole (the last of 2 attempts is shown)", "whom it trusts"},
		"it may pass by itself": {assuming("InternalError"), "Run again; if it persists", "Set secret_id"},
		"refused":               {assuming("UnauthorizedOperation"), "Check the role, whom it trusts", "Run again"},
		"interrupted":           {interrupted, "Run again.", "secret_id"},
		"none, for no reason":   {none, "Check what the message says", "Set secret_id"},
		"a source that is bad":  {broken, "the profile: it is broken.", "Set secret_id"},
		"what to do about it":   {broken, "Correct the profile.", "secret_id"},
	}
	for name, tt := range tests {
		client := tencentcloud.New(tencentcloud.Config{Credentials: tt.credentials, Endpoint: endpoint, RequestsPerSecond: 1000, RequestTimeout: 5 * time.Second})
		_, err := client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: "i"})
		if text := Explain("item i", err, ""); !strings.Contains(text, tt.says) || strings.Contains(text, tt.never) {
			t.Errorf("%s: no %q, or %q, in\n%s", name, tt.says, tt.never, text)
		}
	}
}

func TestExplain_deniedCallsNameTheCredentials(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Response":{"Error":{"Code":"AuthFailure.TokenFailure","Message":"why"},"RequestId":"r-1"}}`)
	}))
	t.Cleanup(server.Close)
	endpoint, err := tencentcloud.URLEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for source, tt := range map[string]struct{ says, never string }{
		"":                          {"Check secret_id, secret_key and security_token, and", "credentials of"},
		"the environment":           {"Check secret_id, secret_key and security_token in the environment", "credentials of"},
		`the tccli profile "ci\nx"`: {`with the credentials of the tccli profile "ci`, "secret_id"},
		"the role x":                {"with the credentials of the role x: check that they are valid", "secret_id"},
	} {
		client := tencentcloud.New(tencentcloud.Config{
			Credentials: func(context.Context) (common.CredentialIface, error) {
				return sourced{common.NewCredential("i", "k"), source}, nil
			},
			Endpoint: endpoint, RequestsPerSecond: 1000, RequestTimeout: 5 * time.Second,
		})
		_, err := client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: "i"})
		text := Explain("item i", err, "")
		_, advice, _ := strings.Cut(text, "RequestId: r-1")
		if !strings.Contains(advice, tt.says) || strings.Contains(advice, tt.never) {
			t.Errorf("%s: no %q, or %q, in\n%s", source, tt.says, tt.never, text)
		}
	}
}

type sourced struct {
	common.CredentialIface
	source string
}

func (s sourced) Source() string { return s.source }
