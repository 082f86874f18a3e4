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

const address = "registry.terraform.io/tencentscan/ms"

// addresses are those that a configuration's tencentscan/ms means to Terraform and to OpenTofu.
var addresses = []string{address, "registry.opentofu.org/tencentscan/ms"}

// Factories serve the provider to terraform-plugin-testing.
var Factories = map[string]func() (tfprotov6.ProviderServer, error){
	"ms": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test", "none"), nil },
}

// serve serves the provider from this process until the test ends, and returns the value of
// TF_REATTACH_PROVIDERS that leads the CLI to it.
func serve(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	configs := make(chan *goplugin.ReattachConfig)
	closed := make(chan struct{})
	go func() {
		err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return provider.NewServer("test", "none") },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride())
		if err != nil {
			t.Errorf("serving the provider: %v", err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	config := <-configs
	reattach := map[string]any{}
	for _, a := range addresses {
		reattach[a] = map[string]any{
			"Protocol":        string(config.Protocol),
			"ProtocolVersion": config.ProtocolVersion,
			"Pid":             config.Pid,
			"Test":            config.Test,
			"Addr":            map[string]any{"Network": config.Addr.Network(), "String": config.Addr.String()},
		}
	}
	text, err := json.Marshal(reattach)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
