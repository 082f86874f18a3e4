package acctest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// Cloud is an emulator with sample packages to scan.
type Cloud struct {
	*emulator.Server

	// JournalDir is where the provider's journal is.
	JournalDir string

	files    *httptest.Server
	packages map[string][]byte
}

// NewCloud starts an emulator, and a loopback server for the sample packages.
func NewCloud(t *testing.T, opts ...emulator.Option) *Cloud {
	t.Helper()
	server, err := emulator.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	c := &Cloud{Server: server, JournalDir: filepath.Join(t.TempDir(), "journal"), packages: packages.All()}
	c.files = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := c.packages[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(c.files.Close)
	return c
}

// Add serves a further package.
func (c *Cloud) Add(name string, content []byte) { c.packages[name] = content }

// Package returns a served package, as in "clean.apk".
func (c *Cloud) Package(name string) []byte { return c.packages[name] }

// AppURL returns where a package is served; signature becomes the query, as a pre-signed URL has it.
func (c *Cloud) AppURL(name, signature string) string {
	return c.files.URL + "/" + name + "?sign=" + signature
}

// MD5 returns the MD5 of a served package.
func (c *Cloud) MD5(name string) string { return packages.MD5(c.packages[name]) }

// App returns an element of app_infos.
func (c *Cloud) App(name string) string {
	return fmt.Sprintf(`{ app_url = %q, app_md5 = %q }`, c.AppURL(name, "first"), c.MD5(name))
}

// Provider returns the provider's requirement and configuration, with the lines of more inside.
func (c *Cloud) Provider(more ...string) string {
	return `
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
` + c.ProviderBlock(more...)
}

// ProviderBlock returns the provider's configuration alone, as terraform-plugin-testing wants it.
func (c *Cloud) ProviderBlock(more ...string) string {
	return fmt.Sprintf(`
provider "ms" {
  endpoint_url = %q
  secret_id    = %q
  secret_key   = %q
  journal_dir  = %q
  %s
}
`, c.URL(), c.SecretID(), c.SecretKey(), c.JournalDir, strings.Join(more, "\n  "))
}
