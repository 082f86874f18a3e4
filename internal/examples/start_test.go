package examples_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// TestEmulator_startWorksAsTheGuideSays runs the commands of "Try it without an account" in a copy of
// what they use, with the CLI under the name that they call it by.
func TestEmulator_startWorksAsTheGuideSays(t *testing.T) {
	t.Parallel()
	cli := acctest.CLI(t)
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3, which serves the packages")
	}
	repository, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	// The commands write to bin/ and examples/ alone; what they only read is linked.
	root := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "main.go", "internal", "GNUmakefile", "tools"} {
		if err := os.Symlink(filepath.Join(repository, name), filepath.Join(root, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	if err := os.CopyFS(filepath.Join(root, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(repository, "examples", "guides", "emulator", "start.sh"))
	if err != nil {
		t.Fatal(err)
	}
	commands := t.TempDir()
	if err := os.Symlink(cli, filepath.Join(commands, "terraform")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	// A free port for the packages, a reader's "yes", and an end to what runs in the background.
	text := strings.NewReplacer("8790", freePort(t), "terraform apply", "terraform apply -auto-approve -no-color").Replace(string(script))
	path := filepath.Join(t.TempDir(), "start.sh")
	if err := os.WriteFile(path, []byte("emulator= files=\ntrap 'kill $emulator $files 2>/dev/null || true' EXIT\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", path)
	cmd.Dir, cmd.WaitDelay = root, time.Second
	cmd.Env = append(os.Environ(), "PATH="+commands+string(os.PathListSeparator)+os.Getenv("PATH"),
		"MS_JOURNAL_DIR="+filepath.Join(t.TempDir(), "journal"), "GOFLAGS=-trimpath -buildvcs=false")
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	acctest.NewResult(t, "start.sh", string(output), 0).Says("Apply complete! Resources: 2 added", `verdict = "pass"`)
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return port
}
