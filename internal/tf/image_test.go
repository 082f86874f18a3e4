package tf

import (
	"strings"
	"testing"
)

func TestParseImage(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("a1", 32)
	long := "sha512:" + strings.Repeat("a1", 64)
	for text, want := range map[string]Image{
		"ccr.ccs.tencentyun.com/acme/api@" + digest:     {"ccr.ccs.tencentyun.com/acme/api", digest},
		"ccr.ccs.tencentyun.com/acme/api:1.2@" + digest: {"ccr.ccs.tencentyun.com/acme/api", digest},
		"CCR.ccs.Tencentyun.com:443/acme/api@" + digest: {"ccr.ccs.tencentyun.com:443/acme/api", digest},
		"nginx@" + digest:                  {"docker.io/library/nginx", digest},
		"localhost:5000/a/b@" + long:       {"localhost:5000/a/b", long},
		"registry.example.com/a@" + digest: {"registry.example.com/a", digest},
	} {
		if got, err := ParseImage(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "ccr.ccs.tencentyun.com/acme/api", "ccr.ccs.tencentyun.com/acme/api:1.2", "https://ccr.ccs.tencentyun.com/acme/api@" + digest,
		"ccr.ccs.tencentyun.com/Acme/api@" + digest, "a/b@sha256:" + strings.Repeat("A1", 32), "a/b@sha256:a1", "a/b@md5:" + strings.Repeat("a1", 16), digest, " a/b@" + digest,
	} {
		if got, err := ParseImage(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestImageRepository(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"CCR.ccs.tencentyun.com/acme/api":      "ccr.ccs.tencentyun.com/acme/api",
		"ccr.ccs.tencentyun.com/acme/api:1.0 ": "ccr.ccs.tencentyun.com/acme/api",
		"R/A b":                                "r/a b",
	} {
		if got := ImageRepository(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
