package tencentcloud

import (
	"errors"
	"testing"
)

func TestEndpoint(t *testing.T) {
	t.Parallel()
	urls := map[string]struct {
		name     string // "" is refused
		official bool
	}{
		"https://ms.tencentcloudapi.com":          {"https://ms.tencentcloudapi.com", true},
		"https://proxy.example.com:8443/":         {"https://proxy.example.com:8443", false},
		"http://127.0.0.1:1234":                   {"http://127.0.0.1:1234", false},
		"http://localhost:1":                      {"http://localhost:1", false},
		"http://[::1]:1":                          {"http://[::1]:1", false},
		"https://tencentcloudapi.com.example.com": {"https://tencentcloudapi.com.example.com", false},
		"https://eviltencentcloudapi.com":         {"https://eviltencentcloudapi.com", false},
		"http://10.0.0.1":                         {},
		"http://127.0.0.1.example.com":            {},
		"http://localhost.example.com":            {},
		"ftp://127.0.0.1":                         {},
		"127.0.0.1:80":                            {},
		"https://":                                {},
		"https://user:pass@example.com":           {},
		"https://example.com/path":                {},
		"https://example.com/?a=b":                {},
		"https://example.com/#f":                  {},
		"":                                        {},
		"https://exa mple.com":                    {},
	}
	for in, tt := range urls {
		e, err := URLEndpoint(in)
		if tt.name == "" {
			if !errors.Is(err, ErrEndpoint) {
				t.Errorf("%q: got %v, %v", in, e, err)
			}
			continue
		}
		if err != nil || e.String() != tt.name || e.Official() != tt.official {
			t.Errorf("%q: got %q, official %t, %v", in, e, e.Official(), err)
		}
	}
	domains := map[string]struct {
		name     string
		official bool
	}{
		"tencentcloudapi.com":      {"tencentcloudapi.com", true},
		"Intl.TencentCloudAPI.com": {"intl.tencentcloudapi.com", true},
		"example.com":              {"example.com", false},
		"https://example.com":      {},
		"example.com:443":          {},
		"example.com/x":            {},
		"localhost":                {},
		"127.0.0.1":                {},
		"-a.com":                   {},
		"":                         {},
	}
	for in, tt := range domains {
		e, err := DomainEndpoint(in)
		if tt.name == "" {
			if !errors.Is(err, ErrEndpoint) {
				t.Errorf("%q: got %v, %v", in, e, err)
			}
			continue
		}
		if err != nil || e.String() != tt.name || e.Official() != tt.official {
			t.Errorf("%q: got %q, official %t, %v", in, e, e.Official(), err)
		}
	}
	if e := (Endpoint{}); e.String() != RootDomain || !e.Official() {
		t.Errorf("the zero value is %q", e)
	}
}
