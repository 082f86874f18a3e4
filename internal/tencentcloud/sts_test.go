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
	before := time.Now()
	key, err := c.AssumeRole(t.Context(), AssumeRoleRequest{RoleArn: "arn", RoleSessionName: "name", DurationSeconds: 900, Policy: policy, ExternalID: "e"})
	if err != nil {
		t.Fatal(err)
	}
	if key.SecretID != "tmp-id" || key.SecretKey != "tmp-key" || key.Token != "tmp-token" {
		t.Errorf("key %+v", key)
	}
	// By this machine's clock, some time during the call.
	if key.Expires.Before(before.Add(899*time.Second)) || key.Expires.After(time.Now().Add(900*time.Second)) {
		t.Errorf("the key ends at %s, 900s were asked for at %s", key.Expires, before)
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
			if !errors.Is(err, ErrMalformed) || key != (TemporaryCredentials{}) {
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
	if err == nil || strings.Contains(err.Error(), "eyJ") || !strings.Contains(err.Error(), "bad token [redacted] here") {
		t.Errorf("got %v", err)
	}
}

// refreshed is a credential whose keys are fetched for each call.
type refreshed struct {
	common.CredentialIface
	fetch func(context.Context) (TemporaryCredentials, error)
}

func (r refreshed) Account() string { return "the role x" }

func (r refreshed) Retrieve(ctx context.Context) (common.CredentialIface, error) {
	got, err := r.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return common.NewTokenCredential(got.SecretID, got.SecretKey, got.Token), nil
}

func TestClient_credentialsThatCannotBeRefreshedAreTheCallsFailure(t *testing.T) {
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
				return refreshed{fetch: func(ctx context.Context) (TemporaryCredentials, error) {
					key, err := sts.AssumeRole(ctx, AssumeRoleRequest{RoleArn: "x"})
					if err != nil {
						return key, fmt.Errorf("the role x cannot be assumed: %w", err)
					}
					return key, nil
				}}, nil
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
	looking, release := make(chan struct{}, 20), make(chan struct{})
	c := against(t, answering(new(atomic.Int32), emptyResults))
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		looked.Add(1)
		looking <- struct{}{}
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
	<-looking // for a caller that waits: the look does not end with one that does not
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
		return refreshed{fetch: func(ctx context.Context) (TemporaryCredentials, error) {
			return sts.AssumeRole(ctx, AssumeRoleRequest{RoleArn: "x"})
		}}, nil
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

// queuedCall begins a call that waits for its turn, changes meanwhile what its credential fetches, and
// returns what came of the call, by whom it was signed ("" if it was not sent), and how many tokens it
// still holds.
func queuedCall(t *testing.T, meanwhile func() (TemporaryCredentials, error)) (signedBy string, held int, err error) {
	t.Helper()
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		signedBy = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, emptyResults)
	})
	var queued atomic.Bool
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		return refreshed{fetch: func(context.Context) (TemporaryCredentials, error) {
			if queued.Load() {
				return meanwhile()
			}
			return TemporaryCredentials{SecretID: "id-1", SecretKey: "key", Token: "token"}, nil
		}}, nil
	}
	limit := c.limiter(describeScanResults)
	limit.turn <- struct{}{} // as if another request waited for its moment
	ended := make(chan error, 1)
	go func() {
		_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
		ended <- err
	}()
	waitFor(t, func() bool { return len(limit.slots) == 1 })
	queued.Store(true)
	<-limit.turn
	err = <-ended
	return signedBy, len(limit.slots), err
}

func TestClient_credentialsThatExpireInTheQueueAreNotUsed(t *testing.T) {
	t.Parallel()
	signedBy, _, err := queuedCall(t, func() (TemporaryCredentials, error) {
		return TemporaryCredentials{SecretID: "id-2", SecretKey: "key", Token: "token"}, nil
	})
	if err != nil || !strings.Contains(signedBy, "Credential=id-2/") {
		t.Errorf("%v, signed by %s", err, signedBy)
	}
}

func TestClient_credentialsThatCannotBeRefreshedInTheQueueTakeNoPartOfTheRate(t *testing.T) {
	t.Parallel()
	signedBy, held, err := queuedCall(t, func() (TemporaryCredentials, error) { return TemporaryCredentials{}, errors.New("away") })
	if !errors.Is(err, ErrCredentials) || signedBy != "" || held != 0 {
		t.Errorf("%v, signed by %q, %d tokens are held", err, signedBy, held)
	}
}

func TestClient_deniedCallNamesTheSourceOfItsCredentials(t *testing.T) {
	t.Parallel()
	c := against(t, answering(new(atomic.Int32), refusal("AuthFailure.TokenFailure")))
	c.config.Credentials = func(context.Context) (common.CredentialIface, error) {
		return OfAccount(ofProfile{common.NewTokenCredential("i", "k", "t")}, "1"), nil
	}
	_, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"})
	var failure *Error
	if !errors.As(err, &failure) || !errors.Is(err, ErrDenied) || failure.Source != "the profile" {
		t.Errorf("got %#v", err)
	}
}

type ofProfile struct{ common.CredentialIface }

func (ofProfile) Source() string { return "the profile" }
