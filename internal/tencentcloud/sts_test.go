package tencentcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

func keyAnswer(id string, expires time.Time) string {
	return fmt.Sprintf(`{"Response":{"Credentials":{"TmpSecretId":%q,"TmpSecretKey":"tmp-key","Token":"tmp-token"},"ExpiredTime":%d,"Expiration":"2030-01-01T00:00:00Z","RequestId":"r-key"}}`,
		id, expires.Unix())
}

func TestSTS_sendsWhatTheManualAsks(t *testing.T) {
	t.Parallel()
	const policy = `{"version":"2.0","statement":[{"effect":"allow","action":"ms:*","resource":"a b+c"}]}`
	var header http.Header
	var body map[string]any
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		header, body = r.Header, nil
		_ = json.NewDecoder(r.Body).Decode(&body)
		_, _ = io.WriteString(w, keyAnswer("tmp-id", time.Now().Add(time.Hour)))
	})
	key, err := c.AssumeRole(t.Context(), AssumeRoleRequest{RoleArn: "arn", RoleSessionName: "name", DurationSeconds: 900, Policy: policy, ExternalID: "e"})
	if err != nil {
		t.Fatal(err)
	}
	if key.SecretID != "tmp-id" || key.SecretKey != "tmp-key" || key.Token != "tmp-token" {
		t.Errorf("key %+v", key)
	}
	if life := time.Until(key.Expires); life > 900*time.Second || life < 890*time.Second {
		t.Errorf("the key lives for %s by this machine's clock, 900s were asked for", life)
	}
	want := map[string]any{"RoleArn": "arn", "RoleSessionName": "name", "DurationSeconds": float64(900), "ExternalId": "e",
		"Policy": "%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22allow%22%2C%22action%22%3A%22ms%3A%2A%22%2C%22resource%22%3A%22a%20b%2Bc%22%7D%5D%7D"}
	if fmt.Sprint(body) != fmt.Sprint(want) {
		t.Errorf("sent %v, want %v", body, want)
	}
	if header.Get("X-TC-Version") != "2018-08-13" || header.Get("X-TC-Region") != "ap-guangzhou" || !strings.Contains(header.Get("Authorization"), "/sts/tc3_request") {
		t.Errorf("header %v", header)
	}

	c.config.Credentials = nil // a web identity needs none
	if _, err := c.AssumeRoleWithWebIdentity(t.Context(), AssumeRoleWithWebIdentityRequest{ProviderID: "p", WebIdentityToken: "w", RoleArn: "arn", RoleSessionName: "name"}); err != nil {
		t.Fatal(err)
	}
	want = map[string]any{"ProviderId": "p", "WebIdentityToken": "w", "RoleArn": "arn", "RoleSessionName": "name"}
	if fmt.Sprint(body) != fmt.Sprint(want) {
		t.Errorf("sent %v, want %v", body, want)
	}
	if header.Get("Authorization") != "SKIP" || header.Get("X-TC-Token") != "" || header.Get("X-TC-Region") == "" {
		t.Errorf("header %v", header)
	}
}

func TestSTS_incompleteAnswersAreNoKeys(t *testing.T) {
	t.Parallel()
	whole := keyAnswer("tmp-id", time.Now().Add(time.Hour))
	for _, field := range []string{"TmpSecretId", "TmpSecretKey", "Token", "ExpiredTime", "Credentials"} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			c := against(t, answering(new(atomic.Int32), strings.Replace(whole, `"`+field+`"`, `"Other"`, 1)))
			key, err := c.AssumeRole(t.Context(), AssumeRoleRequest{})
			if !errors.Is(err, ErrMalformed) || key != (TemporaryKey{}) {
				t.Errorf("got %+v, %v", key, err)
			}
		})
	}
	c := against(t, answering(new(atomic.Int32), `{"Response":{"Arn":"a","RequestId":"r"}}`))
	if _, err := c.GetCallerIdentity(t.Context()); !errors.Is(err, ErrMalformed) {
		t.Errorf("an identity without an account: %v", err)
	}
}

func TestSTS_tokenIsTakenOutOfMessages(t *testing.T) {
	t.Parallel()
	c := against(t, answering(new(atomic.Int32), `{"Response":{"Error":{"Code":"InvalidParameter.WebIdentityTokenError","Message":"bad token eyJhbGciOi.J9 here"},"RequestId":"r"}}`))
	_, err := c.AssumeRoleWithWebIdentity(t.Context(), AssumeRoleWithWebIdentityRequest{WebIdentityToken: "eyJhbGciOi.J9"})
	if err == nil || strings.Contains(err.Error(), "eyJ") || !strings.Contains(err.Error(), "bad token [not shown] here") {
		t.Errorf("got %v", err)
	}
}

// TestClient_renewsRolesInALongWait lets keys of a role run out again and again under many calls: each
// call is signed with a key that is good then.
func TestClient_renewsRolesInALongWait(t *testing.T) {
	t.Parallel()
	const life, step, steps = 300 * time.Second, 7 * time.Second, 250 // half an hour
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	ends := map[string]time.Time{}
	sts := against(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		id := fmt.Sprintf("role-key-%d", len(ends))
		ends[id] = now.Add(life)
		_, _ = io.WriteString(w, keyAnswer(id, ends[id]))
	})
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		id, _, _ := strings.Cut(credential, "/")
		if end, ok := ends[id]; !ok || !now.Before(end) {
			_, _ = io.WriteString(w, refusal("AuthFailure.TokenFailure"))
			return
		}
		_, _ = io.WriteString(w, emptyResults)
	})
	renewing := NewRenewing("the role x", func(ctx context.Context) (TemporaryKey, error) {
		return sts.AssumeRole(ctx, AssumeRoleRequest{RoleArn: "x"})
	})
	renewing.now = clock
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) { return renewing, nil }
	for range steps {
		var callers sync.WaitGroup
		for caller := range 4 {
			callers.Go(func() {
				if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: fmt.Sprint(caller)}); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		renewing.renewals.Wait() // seconds pass before the clock moves on
		mu.Lock()
		now = now.Add(step)
		mu.Unlock()
	}
	mu.Lock()
	defer mu.Unlock()
	if least := int(steps * step / life); len(ends) < least || len(ends) > least+3 {
		t.Errorf("%d keys, about %d are needed", len(ends), least)
	}
	if c.Account() != "the role x" {
		t.Errorf("account %q", c.Account())
	}
}

func TestClient_credentialsThatCannotBeRenewedAreTheCallsFailure(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer    string
		permanent bool
		code      string
	}{
		"refused":    {refusal("UnauthorizedOperation"), true, "UnauthorizedOperation"},
		"away":       {refusal("InternalError"), false, "InternalError"},
		"unreadable": {"<html>", false, ""},
		"no key":     {`{"Response":{"RequestId":"r"}}`, false, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked, calls atomic.Int32
			sts := against(t, answering(&asked, tt.answer))
			sts.config.MaxRetries = 1
			c := against(t, answering(&calls, emptyResults))
			c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
				return NewRenewing("the role x", func(ctx context.Context) (TemporaryKey, error) {
					key, err := sts.AssumeRole(ctx, AssumeRoleRequest{RoleArn: "x"})
					if err != nil {
						return key, fmt.Errorf("the role x cannot be assumed: %w", err)
					}
					return key, nil
				}), nil
			}
			_, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{})
			var failure *Error
			if !errors.As(err, &failure) || !errors.Is(err, ErrCredentials) || failure.Action != "AssumeRole" || failure.Code != tt.code || failure.Sent {
				t.Fatalf("got %#v", err)
			}
			if !HadNoEffect(err) || Permanent(err) != tt.permanent {
				t.Errorf("undone %v, permanent %v", HadNoEffect(err), Permanent(err))
			}
			if calls.Load() != 0 || asked.Load() > 2 {
				t.Errorf("%d calls, %d of sts", calls.Load(), asked.Load())
			}
		})
	}
}

func TestClient_looksForCredentialsOnceAndLetsNobodyWaitTooLong(t *testing.T) {
	t.Parallel()
	var looked atomic.Int32
	release := make(chan struct{})
	c := against(t, answering(new(atomic.Int32), emptyResults))
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		looked.Add(1)
		<-release
		return common.NewCredential(testID, testKey), nil
	}
	var callers sync.WaitGroup
	for i := range 20 {
		callers.Go(func() {
			if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	impatient, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.DescribeScanResults(impatient, DescribeScanResultsRequest{ItemID: "x"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if c.Account() != "none known yet" {
		t.Error(c.Account())
	}
	close(release)
	callers.Wait()
	if looked.Load() != 1 {
		t.Errorf("looked %d times", looked.Load())
	}

	c = against(t, answering(new(atomic.Int32), emptyResults))
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) { return nil, nil }
	if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "x"}); !errors.Is(err, ErrCredentials) {
		t.Errorf("nothing at all: %v", err)
	}
}

// TestClient_failedCallForCredentialsTellsItsAttempts has a role that cannot be assumed for the moment.
func TestClient_failedCallForCredentialsTellsItsAttempts(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	sts := against(t, answering(&calls, refusal("InternalError")))
	c := against(t, func(http.ResponseWriter, *http.Request) { t.Error("a call without credentials") })
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		return NewRenewing("the role x", func(ctx context.Context) (TemporaryKey, error) {
			return sts.AssumeRole(ctx, AssumeRoleRequest{RoleArn: "x"})
		}), nil
	}
	_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrCredentials) || e.Action != "AssumeRole" || e.Attempts != int(calls.Load()) || e.Attempts < 2 || Permanent(err) {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
}

func TestClient_headerThatCannotBeSentIsPermanent(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"AKID0123456789\n", "AKID\x00123456789", "AKID\x7f123456789"} {
		c := against(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
		c.config.Credentials = func(context.Context) (common.CredentialIface, error) { return common.NewCredential(key, "k"), nil }
		_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrCredentials) || !Permanent(err) || e.Attempts != 1 || !HadNoEffect(err) || strings.Contains(err.Error(), "AKID") {
			t.Errorf("%q: %v", key, err)
		}
	}
}
