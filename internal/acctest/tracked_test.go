package acctest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// example is a folder with two files of an example, one of them below it, and what a run of the CLI left.
func example(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{
		"main.tf", "below/gate.tf",
		"terraform.tfstate", "terraform.tfstate.backup", ".terraform.tfstate.lock.info", ".terraform.lock.hcl",
		".terraform/modules/modules.json", "below/.terraform/providers/x", "plan.out", "release.tfplan", "crash.log",
		"emulator.tfvars", "test.auto.tfvars.json", "below/terraform.tfstate",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestTracked_outsideARepositoryIsAllButWhatTheCLILeft(t *testing.T) {
	t.Parallel()
	if got, want := Tracked(t, example(t)), []string{"below/gate.tf", "main.tf"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCopyTracked_copiesWhatGitTracks(t *testing.T) {
	t.Parallel()
	folder := example(t)
	for _, args := range [][]string{{"init", "-q"}, {"add", "main.tf", "below/gate.tf", "emulator.tfvars"}} {
		if output, err := git(folder, args...).CombinedOutput(); err != nil {
			t.Skipf("no git here: %v\n%s", err, output)
		}
	}
	for name, content := range map[string]string{"scratch.tf": "not tracked", "main.tf": "edited"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(folder, "emulator.tfvars")); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy")
	CopyTracked(t, to, folder)
	if got, want := notLeftByTheCLI(t, to), []string{"below/gate.tf", "main.tf"}; !slices.Equal(got, want) {
		t.Errorf("copied %q, want %q", got, want)
	}
	if text, err := os.ReadFile(filepath.Join(to, "main.tf")); err != nil || string(text) != "edited" {
		t.Errorf("main.tf is %q, %v", text, err)
	}
}
