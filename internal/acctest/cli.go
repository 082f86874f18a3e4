package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// CLI returns the path of the Terraform or OpenTofu to test with, as the Makefile hands it over. It
// skips the test where TF_ACC is not set. The name of a test that needs it begins with TestAcc, by which make testacc
// finds it.
func CLI(t *testing.T) string {
	t.Helper()
	if !strings.HasPrefix(t.Name(), "TestAcc") {
		t.Fatalf("the name of %s does not begin with TestAcc", t.Name())
	}
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1, or run make test")
	}
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("neither terraform nor tofu in PATH, and TF_ACC_TERRAFORM_PATH is not set")
	return ""
}

// Workspace is a folder with a configuration, and the CLI to run there.
type Workspace struct {
	Dir string

	t    *testing.T
	cli  string
	env  []string
	plan string
}

// Result is what a run of the CLI printed and how it ended.
type Result struct {
	t      *testing.T
	name   string
	Output string
	Code   int
}

// New returns a workspace whose runs find this provider, and those beside it, in the test's own process.
func New(t *testing.T, beside ...Provider) *Workspace {
	t.Helper()
	w := &Workspace{Dir: t.TempDir(), t: t, cli: CLI(t)}
	w.env = append(baseEnvironment(t), "TF_REATTACH_PROVIDERS="+serve(t, append([]Provider{this}, beside...)...))
	return w
}

// Shell returns a run of a POSIX shell in the workspace's folder that is not started yet, with the CLI as "terraform"
// in its PATH.
func (w *Workspace) Shell(script string, env ...string) *exec.Cmd {
	w.t.Helper()
	commands := w.t.TempDir()
	if err := os.Symlink(w.cli, filepath.Join(commands, "terraform")); err != nil {
		w.t.Skipf("no links here: %v", err)
	}
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir, cmd.Env = w.Dir, append(append([]string{}, w.env...), "PATH="+commands+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// NewWithBinary returns a workspace whose runs start the provider's binary as a process of its own,
// as a user's runs do; env is added to its environment.
func NewWithBinary(t *testing.T, env ...string) *Workspace {
	t.Helper()
	w := &Workspace{Dir: t.TempDir(), t: t, cli: CLI(t)}
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	dir := filepath.ToSlash(filepath.Dir(binary(t)))
	w.write(config, `provider_installation {
  dev_overrides { "tencentscan/ms" = "`+dir+`" }
  direct {}
}`)
	w.env = append(baseEnvironment(t), "TF_CLI_CONFIG_FILE="+config)
	w.env = append(w.env, env...)
	return w
}

// baseEnvironment is what every run sees, and nothing of the machine's Terraform or cloud settings.
func baseEnvironment(t *testing.T) []string {
	t.Helper()
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + t.TempDir(),
		"TMPDIR=" + os.TempDir(),
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"TF_CLI_CONFIG_FILE=" + os.DevNull,
		"GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
		"GOGC=" + os.Getenv("GOGC"),
	}
}

// Write writes main.tf.
func (w *Workspace) Write(hcl string) {
	w.t.Helper()
	w.write(filepath.Join(w.Dir, "main.tf"), hcl)
}

func (w *Workspace) write(path, content string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Command returns a run of the CLI that is not started yet.
func (w *Workspace) Command(args ...string) *exec.Cmd {
	cmd := exec.Command(w.cli, args...)
	cmd.Dir, cmd.Env = w.Dir, w.env
	return cmd
}

// Run runs the CLI to its end.
func (w *Workspace) Run(args ...string) Result {
	w.t.Helper()
	var output bytes.Buffer
	cmd := w.Command(args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("%s %v: %v", w.cli, args, err)
	}
	return NewResult(w.t, strings.Join(args, " "), output.String(), cmd.ProcessState.ExitCode())
}

// NewResult returns a result of a run that a test made by itself.
func NewResult(t *testing.T, name, output string, code int) Result {
	return Result{t: t, name: name, Output: plain(output), Code: code}
}

// Apply plans and applies.
func (w *Workspace) Apply(args ...string) Result {
	w.t.Helper()
	return w.Run(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
}

// Destroy destroys everything.
func (w *Workspace) Destroy(args ...string) Result {
	w.t.Helper()
	return w.Run(append([]string{"destroy", "-auto-approve", "-no-color"}, args...)...)
}

// Plan plans; a plan with changes ends with code 2, one without with code 0.
func (w *Workspace) Plan(args ...string) Result {
	w.t.Helper()
	w.plan = filepath.Join(w.Dir, "plan.out")
	return w.Run(append([]string{"plan", "-no-color", "-detailed-exitcode", "-out=" + w.plan}, args...)...)
}

// Actions returns what the last plan will do, by resource address, as in {"ms_scan_instance.app": "create"}.
// Resources without a change are left out.
func (w *Workspace) Actions() map[string]string {
	w.t.Helper()
	var plan struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string `json:"actions"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	w.show(&plan, w.plan)
	actions := map[string]string{}
	for _, c := range plan.Changes {
		if action := strings.Join(c.Change.Actions, "+"); action != "no-op" {
			actions[c.Address] = action
		}
	}
	return actions
}

// State returns the attributes of an object of the root module; nil if it is not in the state.
func (w *Workspace) State(address string) map[string]any {
	w.t.Helper()
	object := w.stateObject(address)
	if object == nil {
		return nil
	}
	return object.Values
}

// Tainted tells whether an object of the root module is tainted.
func (w *Workspace) Tainted(address string) bool {
	w.t.Helper()
	object := w.stateObject(address)
	return object != nil && object.Tainted
}

// stateObject is an object of the root module. The state is read from its file: a third of all runs of the CLI would be
// there to show it.
type stateObject struct {
	Values  map[string]any
	Tainted bool
}

func (w *Workspace) stateObject(address string) *stateObject {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var state struct {
		Version   int
		Resources []struct {
			Module, Mode, Type, Name string
			Instances                []struct {
				IndexKey   any `json:"index_key"`
				Deposed    string
				Status     string
				Attributes map[string]any
			}
		}
	}
	if err := json.Unmarshal(text, &state); err != nil || state.Version != 4 {
		w.t.Fatalf("the state has version %d: %v\n%s", state.Version, err, text)
	}
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			if r.Module == "" && instance.Deposed == "" && addressOf(r.Mode, r.Type, r.Name, instance.IndexKey) == address {
				for name, value := range instance.Attributes {
					instance.Attributes[name] = withoutType(value)
				}
				return &stateObject{Values: instance.Attributes, Tainted: instance.Status == "tainted"}
			}
		}
	}
	return nil
}

// withoutType returns a value of any type without that type, which the state keeps beside it.
func withoutType(value any) any {
	if typed, ok := value.(map[string]any); ok && len(typed) == 2 && typed["type"] != nil {
		if inside, ok := typed["value"]; ok {
			return inside
		}
	}
	return value
}

func addressOf(mode, kind, name string, index any) string {
	address := kind + "." + name
	if mode == "data" {
		address = "data." + address
	}
	switch key := index.(type) {
	case string:
		return fmt.Sprintf("%s[%q]", address, key)
	case float64:
		return fmt.Sprintf("%s[%v]", address, key)
	}
	return address
}

func (w *Workspace) show(into any, args ...string) {
	w.t.Helper()
	result := w.Run(append([]string{"show", "-json"}, args...)...)
	if result.Code != 0 {
		w.t.Fatalf("show: %s", result.Output)
	}
	if err := json.Unmarshal([]byte(result.Output), into); err != nil {
		w.t.Fatalf("show: %v\n%s", err, result.Output)
	}
}

// Succeeds fails the test unless the run ended well (a plan with changes did).
func (r Result) Succeeds() Result {
	r.t.Helper()
	if r.Code != 0 && r.Code != 2 {
		r.t.Fatalf("%s ended with code %d:\n%s", r.name, r.Code, r.Output)
	}
	return r
}

// Fails fails the test unless the run ended with an error.
func (r Result) Fails() Result {
	r.t.Helper()
	if r.Code == 0 || r.Code == 2 {
		r.t.Fatalf("%s should have failed:\n%s", r.name, r.Output)
	}
	return r
}

// NoChanges fails the test unless a plan was empty.
func (r Result) NoChanges() Result {
	r.t.Helper()
	if r.Code != 0 {
		r.t.Fatalf("%s should be empty, ended with code %d:\n%s", r.name, r.Code, r.Output)
	}
	return r
}

// Says fails the test unless every text was printed, wherever lines were broken.
func (r Result) Says(texts ...string) Result {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(unwrapped(r.Output), unwrapped(text)) {
			r.t.Errorf("%s does not say %q:\n%s", r.name, text, r.Output)
		}
	}
	return r
}

// DoesNotSay fails the test if one of the texts was printed.
func (r Result) DoesNotSay(texts ...string) Result {
	r.t.Helper()
	for _, text := range texts {
		if strings.Contains(unwrapped(r.Output), unwrapped(text)) {
			r.t.Errorf("%s says %q:\n%s", r.name, text, r.Output)
		}
	}
	return r
}

var (
	escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")
	breaks  = regexp.MustCompile(`[\s│╷╵]+`)
)

// plain takes out colours.
func plain(output string) string { return escapes.ReplaceAllString(output, "") }

// unwrapped joins the lines that the CLI breaks to fit a terminal.
func unwrapped(output string) string { return breaks.ReplaceAllString(output, " ") }
