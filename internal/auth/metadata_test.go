package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func TestMetadata_readsTheCredentialsOfTheRole(t *testing.T) {
	t.Parallel()
	end := time.Now().Add(time.Hour).Truncate(time.Second)
	key := fmt.Sprintf(`{"TmpSecretId":"i","TmpSecretKey":"secret-key","Token":"secret-token","ExpiredTime":%d,"Code":"Success"}`, end.Unix())
	tests := map[string]struct {
		handle   http.HandlerFunc
		err      string
		requests int32
	}{
		"a key": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.EscapedPath() != "/latest/meta-data/cam/security-credentials/the%20role" {
				http.NotFound(w, r)
				return
			}
			_, _ = io.WriteString(w, key)
		}, "", 1},
		"not bound": {http.NotFound, "no such role is bound", 1},
		"away":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "HTTP status 502", 3},
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "HTTP status 403", 1},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://other.invalid/", http.StatusFound)
		}, "redirect", 1},
		"no JSON":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret-key") }, "cannot be read", 3},
		"no success": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"Code":"Failed"}`) }, `"Failed"`, 3},
		"no end": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Replace(key, "ExpiredTime", "Other", 1))
		}, "no complete temporary credentials", 3},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat(" ", maxMetadata)+key)
		}, "cannot be read", 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				tt.handle(w, r)
			}))
			t.Cleanup(server.Close)
			endpoint, err := tencentcloud.URLEndpoint(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			m := NewMetadata(endpoint)
			m.pause = func(context.Context, int) error { return nil }
			got, err := m.RoleCredentials(t.Context(), "the role")
			if requests.Load() != tt.requests {
				t.Errorf("%d requests", requests.Load())
			}
			if tt.err == "" {
				if err != nil || got != (tencentcloud.TemporaryCredentials{SecretID: "i", SecretKey: "secret-key", Token: "secret-token", Expires: end}) {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			var failure *tencentcloud.Error
			errors.As(err, &failure)
			if tt.requests > 1 && (failure == nil || failure.Attempts != int(tt.requests) || tencentcloud.Permanent(failure)) {
				t.Errorf("it does not tell of %d attempts: %v", tt.requests, err)
			}
			if err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMetadata_isTheMachinesOwnUnlessTheEndpointIsOnLoopback(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"http://127.0.0.1:8080":     "http://127.0.0.1:8080",
		"http://[::1]:8080":         "http://[::1]:8080",
		"https://localhost:1":       "https://localhost:1",
		"https://proxy.example.com": metadataURL,
	} {
		endpoint, err := tencentcloud.URLEndpoint(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := NewMetadata(endpoint).base; got != want {
			t.Errorf("%s: %s", raw, got)
		}
	}
	if got := NewMetadata(tencentcloud.Endpoint{}).base; got != metadataURL {
		t.Error(got)
	}
}

func TestMetadata_findsTheOneRoleThatIsBound(t *testing.T) {
	t.Parallel()
	key := fmt.Sprintf(`{"TmpSecretId":"i","TmpSecretKey":"k","Token":"t","ExpiredTime":%d,"Code":"Success"}`, time.Now().Add(time.Hour).Unix())
	tests := map[string]struct {
		list string
		err  error
	}{
		"one":               {"scanner\n", nil},
		"one, no line end":  {"scanner", nil},
		"none":              {"", errNoBoundRole},
		"two":               {"scanner\nother\n", errBoundRoles},
		"not a name":        {"<html>", errUnreadable},
		"more than a list":  {strings.Repeat("a", maxMetadata+1), errUnreadable},
		"nothing of a kind": {"404", errNoBoundRole},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == rolePath && tt.list == "404":
					http.NotFound(w, r)
				case r.URL.Path == rolePath:
					_, _ = io.WriteString(w, tt.list)
				case r.URL.Path == rolePath+"scanner":
					_, _ = io.WriteString(w, key)
				default:
					t.Errorf("asked for %s", r.URL.Path)
				}
			}))
			t.Cleanup(server.Close)
			endpoint, err := tencentcloud.URLEndpoint(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			m := NewMetadata(endpoint)
			m.pause = func(context.Context, int) error { return nil }
			got, err := m.RoleCredentials(t.Context(), "")
			if !errors.Is(err, tt.err) || (err == nil) != (got.SecretID == "i") {
				t.Errorf("got %q, %v", got.SecretID, err)
			}
		})
	}
}
