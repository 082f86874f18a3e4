package acctest

import (
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// NewWithInstallation returns a workspace whose CLI configuration is config, and which has no provider
// before "init" has installed one; env is added to its environment.
func NewWithInstallation(t *testing.T, config string, env ...string) *Workspace {
	t.Helper()
	w := &Workspace{Dir: t.TempDir(), t: t, cli: CLI(t)}
	file := filepath.Join(t.TempDir(), "cli.tfrc")
	w.write(file, config)
	w.env = append(baseEnvironment(t), "TF_CLI_CONFIG_FILE="+file)
	w.env = append(w.env, env...)
	return w
}

// Outside stands for the network beyond this machine: whoever tries to leave is counted and turned away.
type Outside struct {
	address string
	tries   atomic.Int64
}

// NewOutside starts one.
func NewOutside(t *testing.T) *Outside {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	o := &Outside{address: "http://" + listener.Addr().String()}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			o.tries.Add(1)
			_ = connection.Close()
		}
	}()
	return o
}

// Env makes a process take its way out by here. Loopback addresses need no way out.
func (o *Outside) Env() []string {
	return []string{"HTTPS_PROXY=" + o.address, "HTTP_PROXY=" + o.address, "NO_PROXY=", "TF_REGISTRY_DISCOVERY_RETRY=0"}
}

// Tries is how many connections were tried.
func (o *Outside) Tries() int { return int(o.tries.Load()) }
