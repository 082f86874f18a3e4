package acctest

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/tencentscan/terraform-provider-ms/internal/provider"
)

// registries are the hosts of a provider source without a host, in Terraform and in OpenTofu.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

// Provider is a provider that a test's process serves to the CLI.
type Provider struct {
	Source string // as in "tencentscan/ms"
	Server func() tfprotov6.ProviderServer
}

var this = Provider{"tencentscan/ms", func() tfprotov6.ProviderServer { return provider.NewServer("test", "none") }}

// Factories serve the provider to terraform-plugin-testing.
var Factories = map[string]func() (tfprotov6.ProviderServer, error){
	"ms": func() (tfprotov6.ProviderServer, error) { return this.Server(), nil },
}

// serve serves providers from this process until the test ends, and returns the value of
// TF_REATTACH_PROVIDERS that leads the CLI to them.
func serve(t *testing.T, providers ...Provider) string {
	t.Helper()
	reattach := map[string]any{}
	for _, p := range providers {
		config := serveOne(t, p)
		for _, registry := range registries {
			reattach[registry+"/"+p.Source] = map[string]any{
				"Protocol":        string(config.Protocol),
				"ProtocolVersion": config.ProtocolVersion,
				"Pid":             config.Pid,
				"Test":            config.Test,
				"Addr":            map[string]any{"Network": config.Addr.Network(), "String": config.Addr.String()},
			}
		}
	}
	text, err := json.Marshal(reattach)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func serveOne(t *testing.T, p Provider) *goplugin.ReattachConfig {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	configs := make(chan *goplugin.ReattachConfig)
	closed := make(chan struct{})
	go func() {
		err := tf6server.Serve(registries[0]+"/"+p.Source, p.Server,
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride())
		if err != nil {
			t.Errorf("serving the provider %s: %v", p.Source, err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	return <-configs
}

var builtBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-ms-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "terraform-provider-ms")
	output, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, "github.com/tencentscan/terraform-provider-ms").CombinedOutput()
	if err != nil {
		return string(output), err
	}
	return path, nil
})

// Main runs the tests of a package and takes away the binary that [NewWithBinary] built for them.
func Main(m *testing.M) {
	code := m.Run()
	if path, err := builtOnce(); err == nil && path != "" {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// builtOnce returns the binary if some test had it built.
func builtOnce() (string, error) {
	if !wasBuilt.Load() {
		return "", nil
	}
	return builtBinary()
}

var wasBuilt atomic.Bool

// binary builds the provider once per test process.
func binary(t *testing.T) string {
	t.Helper()
	wasBuilt.Store(true)
	path, err := builtBinary()
	if err != nil {
		t.Fatalf("building the provider: %v\n%s", err, path)
	}
	return path
}
