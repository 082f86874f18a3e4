package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// asDemo has the test's binary be the demo.
const asDemo = "MS_DEMO_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asDemo) != "" {
		main()
	}
	code := m.Run()
	if folder := builtFolder; folder != "" {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// repository is the root, from this package's folder.
const repository = "../.."

var builtFolder string

// builtProvider builds the provider once.
var builtProvider = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "ms-demo-test-")
	if err != nil {
		return "", err
	}
	builtFolder = folder
	path := filepath.Join(folder, filepath.Base(providerBinary))
	build := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".")
	build.Dir = repository
	if output, err := build.CombinedOutput(); err != nil {
		return "", errors.Join(err, errors.New(string(output)))
	}
	return path, nil
})

// built returns the tools of a demo whose temporary folder must be gone when the test ends.
func built(t *testing.T) tools {
	t.Helper()
	cli := acctest.CLI(t)
	provider, err := builtProvider()
	if err != nil {
		t.Fatal(err)
	}
	example, err := filepath.Abs(filepath.Join(repository, releaseGate))
	if err != nil {
		t.Fatal(err)
	}
	temp, err := os.MkdirTemp("", "d") //nolint:usetesting // t.TempDir can be too long for a plugin's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, err := os.ReadDir(temp)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		_ = os.RemoveAll(temp)
	})
	return tools{cli: cli, provider: provider, example: example, temp: temp}
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some app.apk")
	if err := os.WriteFile(path, content, private); err != nil {
		t.Fatal(err)
	}
	return path
}

func expect(t *testing.T, output string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !says(output, text) {
			t.Errorf("does not say %q:\n%s", text, output)
		}
	}
	if strings.Contains(output, "\x1b") {
		t.Errorf("colors, though this is no terminal:\n%q", output)
	}
}

func TestAccGateRelease_tellsTheStory(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	err := gateRelease(t.Context(), newNarrator(&told), built(t), builds{infected: packages.Infect(packages.Clean()), clean: packages.Clean()})
	if err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	expect(t, told.String(),
		"1. Release the infected build", "Error: Security gate", emulator.VirusName, "terraform_data.release was not created",
		"2. Plan the same build again", "nothing was submitted",
		"3. Release the clean build", "Apply complete!", `"outcome" = "pass"`,
		"4. Plan the released build again", "No changes.", "Two scans were submitted in all")
}

func TestAccGateRelease_noticesAStepThatGoesWrong(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	infected := packages.Infect(clean)
	tests := map[string]struct {
		builds  builds
		options []emulator.Option
		step    string
		problem string
	}{
		"an infected build that is clean": {
			builds: builds{infected: packages.Variant(clean, "harmless"), clean: clean},
			step:   "1. Release the infected build", problem: "the build was released",
		},
		"stopped for something else": {
			builds: builds{infected: packages.Insecure(), clean: clean},
			step:   "1. Release the infected build", problem: "not for the virus",
		},
		"an infected build that cannot be scanned": {
			builds: builds{infected: infected, clean: clean}, options: []emulator.Option{emulator.WithQuota(0)},
			step: "1. Release the infected build", problem: "not for the virus",
		},
		"a clean build that is infected": {
			builds: builds{infected: infected, clean: packages.Variant(infected, "still")},
			step:   "3. Release the clean build", problem: "exit code 1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := gateRelease(t.Context(), newNarrator(io.Discard), built(t), tt.builds, tt.options...)
			var wrong *stepError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v", err)
			}
			if wrong.step != tt.step || !strings.Contains(wrong.problem, tt.problem) {
				t.Errorf("step %q: %s", wrong.step, wrong.problem)
			}
			expect(t, wrong.report(), tt.step, tt.problem, "The CLI printed:", "ms_scan_instance.app")
		})
	}
}

// calledOff ends a context when the emulator's log has the action.
type calledOff struct {
	action string
	cancel context.CancelFunc
}

func (c calledOff) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(c.action)) {
		c.cancel()
	}
	return len(p), nil
}

func TestAccGateRelease_interruptStopsTheCLIAndCleansUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := gateRelease(ctx, newNarrator(io.Discard), built(t), builds{infected: packages.Infect(packages.Clean()), clean: packages.Clean()},
		emulator.WithScanPolls(1000), emulator.WithLog(calledOff{"DescribeScanResults", cancel}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAccScanPackage_printsWhatWasFound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content []byte
		says    []string
	}{
		"insecure": {packages.Insecure(), []string{
			"Package com.example.insecure", "Version 0.7", "Findings 10: 1 high, 4 medium, 2 low, 3 info",
			"high vulnerability Application is debuggable AndroidManifest.xml", "Verdict fail", "MS-APP-DEBUGGABLE", "whatever the verdict", "would stop its release",
		}},
		"clean": {packages.Clean(), []string{"Package com.example.shop", "Findings none", "Verdict pass", "would release it"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told bytes.Buffer
			if err := scanPackage(t.Context(), newNarrator(&told), built(t), write(t, tt.content)); err != nil {
				t.Fatal(err)
			}
			expect(t, told.String(), append(tt.says, "some app.apk", packages.MD5(tt.content))...)
		})
	}
}

func TestAccScanPackage_failsWhereTheScanWasNotCompleted(t *testing.T) {
	t.Parallel()
	err := scanPackage(t.Context(), newNarrator(io.Discard), built(t), write(t, []byte("no package")))
	if err == nil || !strings.Contains(err.Error(), `was not completed, its status is "failed"`) || !strings.Contains(err.Error(), "cannot be analysed") {
		t.Errorf("got %v", err)
	}
	err = scanPackage(t.Context(), newNarrator(io.Discard), built(t), filepath.Join(t.TempDir(), "none.apk"))
	if err == nil || !strings.Contains(err.Error(), "there is no file") {
		t.Errorf("got %v", err)
	}
}

// command returns the demo as a process in a repository whose path has a space, in an environment
// that would break it if it came through.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	b := built(t)
	root := t.TempDir() + `/a folder with "spaces"`
	acctest.CopyTracked(t, filepath.Join(root, releaseGate), b.example)
	if err := os.Mkdir(filepath.Join(root, filepath.Dir(providerBinary)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(b.provider, filepath.Join(root, providerBinary)); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), asDemo+"=1", "TF_ACC_TERRAFORM_PATH="+b.cli, "TMPDIR="+b.temp,
		"TF_CLI_CONFIG_FILE=/nonexistent/file", "TF_LOG=TRACE", "TF_CLI_ARGS=-bogus", "TF_DATA_DIR=/nonexistent", "TF_WORKSPACE=other",
		"TF_VAR_fail_on=nonsense", "TF_VAR_package=other.apk", "TF_REATTACH_PROVIDERS={}", "TERRAFORM_CONFIG=/nonexistent",
		"TENCENTCLOUD_ENDPOINT_URL=http://127.0.0.1:1", "TENCENTCLOUD_DOMAIN=example.com", "TENCENTCLOUD_SECRET_ID=wrong", "TENCENTCLOUD_SECURITY_TOKEN=wrong")
	return cmd
}

func TestAccCommand_inAHostileEnvironment(t *testing.T) {
	t.Parallel()
	output, err := command(t).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	expect(t, string(output), "Error: Security gate", "No changes.", "5. Release while a host is vulnerable", "All four gates passed", "Nothing was left behind.")
}

func TestAccCommand_interruptCleansUp(t *testing.T) {
	t.Parallel()
	cmd := command(t)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.Contains(lines.Text(), " apply -auto-approve ") {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, stdout)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "Interrupted.") {
		t.Errorf("exit code %d:\n%s", code, stderr.String())
	}
}

func TestAccCommand_startedElsewhereSaysWhatToDo(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), asDemo+"=1")
	output, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("it should have failed")
	}
	expect(t, string(output), `Start the demo by "make demo" in the repository's root`)
}
