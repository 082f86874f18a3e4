package bench_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// service answers as the cloud does, without a check and as fast as can be: what is measured is the
// client. The emulator, which verifies and scans, would take more time than what it is to measure.
type service struct {
	url         string
	calls       atomic.Int64
	connections atomic.Int64
	flying      atomic.Int64
	mostFlying  atomic.Int64
}

// newService starts a service. answer returns the body for the parameters of a call.
func newService(t *testing.T, delay time.Duration, answer func(parameters map[string]any) []byte) *service {
	t.Helper()
	s := &service{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.Add(1)
		for now, most := s.flying.Add(1), s.mostFlying.Load(); now > most && !s.mostFlying.CompareAndSwap(most, now); {
			most = s.mostFlying.Load()
		}
		defer s.flying.Add(-1)
		var parameters map[string]any
		_ = json.NewDecoder(r.Body).Decode(&parameters) // the plain HTTP peer sends none
		if delay > 0 {
			<-time.After(delay)
		}
		_, _ = w.Write(answer(parameters))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// provider is a configuration of the provider that uses the service.
func (s *service) provider(requestsPerSecond int) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
provider "ms" {
  endpoint_url        = %q
  secret_id           = "AKIDexampleexampleexample"
  secret_key          = "exampleexampleexample"
  journal_dir         = "none"
  requests_per_second = %d
}
`, s.url, requestsPerSecond)
}

// client is a client of the service without a rate limit to speak of.
func (s *service) client(t *testing.T) *tencentcloud.Client {
	t.Helper()
	endpoint, err := tencentcloud.URLEndpoint(s.url)
	if err != nil {
		t.Fatal(err)
	}
	return tencentcloud.New(tencentcloud.Config{
		Credentials: credentials, Endpoint: endpoint, Region: "ap-guangzhou", Language: "en-US",
		RequestsPerSecond: 10_000, RequestTimeout: time.Minute, Agent: "terraform-provider-ms bench",
	})
}

// body is an answer as the service sends it.
func body(t *testing.T, response map[string]any) []byte {
	t.Helper()
	response["RequestId"] = "5f2c1f4e-2f0e-4b57-9b3c-0d3f4a5b6c7d"
	text, err := json.Marshal(map[string]any{"Response": response})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// md5Of is the MD5 that stands for the app with a number.
func md5Of(n int) string { return fmt.Sprintf("%032x", n+1) }
