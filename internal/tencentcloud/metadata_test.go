package tencentcloud

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestMetadata_readsTheKeyOfTheRole(t *testing.T) {
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
		}, "no complete temporary key", 3},
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
			endpoint, err := URLEndpoint(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			m := NewMetadata(endpoint)
			m.backoff = func(int) time.Duration { return 0 }
			got, err := m.RoleKey(t.Context(), "the role")
			if requests.Load() != tt.requests {
				t.Errorf("%d requests", requests.Load())
			}
			if tt.err == "" {
				if err != nil || got != (TemporaryKey{SecretID: "i", SecretKey: "secret-key", Token: "secret-token", Expires: end}) {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if failure := failedCall(err); tt.requests > 1 && (failure == nil || failure.Attempts != int(tt.requests) || Permanent(failure)) {
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
		endpoint, err := URLEndpoint(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := NewMetadata(endpoint).base; got != want {
			t.Errorf("%s: %s", raw, got)
		}
	}
	if got := NewMetadata(Endpoint{}).base; got != metadataURL {
		t.Error(got)
	}
}
