package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// TestAccEmulator_startWorksAsTheGuideSays runs the commands of "Try it without an account" in a copy of
// what they use, with the CLI under the name that they call it by.
func TestAccEmulator_startWorksAsTheGuideSays(t *testing.T) {
	t.Parallel()
	cli := acctest.CLI(t)
	repository, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	// The commands write to bin/ and examples/ alone; what they only read is linked.
	root := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "main.go", "cmd", "internal", "GNUmakefile", "tools"} {
		if err := os.Symlink(filepath.Join(repository, name), filepath.Join(root, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	acctest.CopyTracked(t, filepath.Join(root, "examples"), filepath.Join(repository, "examples"))
	script, err := os.ReadFile(filepath.Join(repository, "examples", "guides", "emulator", "start.sh"))
	if err != nil {
		t.Fatal(err)
	}
	commands := t.TempDir()
	if err := os.Symlink(cli, filepath.Join(commands, "terraform")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	// What the page has the reader type after that, in the same shell. The build that is stopped ends with an error.
	blocks := fence.FindAllStringSubmatch(readFile(t, "templates", "guides", "try-without-an-account.md.tmpl"), -1)
	typed := string(script)
	for _, block := range blocks {
		switch command := block[2]; {
		case strings.HasPrefix(command, "terraform plan"):
			typed += strings.Replace(command, "terraform plan", "terraform plan -detailed-exitcode -no-color", 1)
		case strings.Contains(command, "insecure.apk"):
			typed += strings.Replace(command, "terraform apply", "! terraform apply", 1)
		case strings.Contains(command, "guides/emulator\nterraform"), strings.HasPrefix(command, "kill"):
			typed += command
		case strings.HasPrefix(command, "curl"):
			typed += strings.Replace(command, "curl -s", "echo", 1)
		}
	}
	// A reader's "yes", and an end to what runs in the background.
	text := strings.ReplaceAll(typed, "terraform apply", "terraform apply -auto-approve -no-color")
	path := filepath.Join(t.TempDir(), "start.sh")
	if err := os.WriteFile(path, []byte("emulator=\ntrap 'kill $emulator 2>/dev/null || true' EXIT\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", path)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "PATH="+commands+string(os.PathListSeparator)+os.Getenv("PATH"),
		"MS_JOURNAL_DIR="+filepath.Join(t.TempDir(), "journal"), "GOFLAGS=-trimpath -buildvcs=false")
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	acctest.NewResult(t, "start.sh", string(output), 0).Says("Apply complete! Resources: 2 added", "The security gate passed for item",
		"No changes.", "Security gate failed", "MS-APP-DEBUGGABLE", "Resources: 0 added", "/_emulator/ledger")
}
