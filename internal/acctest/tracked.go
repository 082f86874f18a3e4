package acctest

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Tracked returns the files of a folder that are part of the repository, as slash-separated paths below it, in
// order. What somebody left there by trying an example, a state, a plan or a variables file, is not among them.
//
// Git names them. Outside a repository, as in an unpacked archive, all files count but for those that a run of
// the CLI leaves.
func Tracked(t *testing.T, folder string) []string {
	t.Helper()
	files := listedByGit(folder)
	if len(files) == 0 {
		files = notLeftByTheCLI(t, folder)
	}
	// What is deleted and not committed yet is still listed.
	files = slices.DeleteFunc(files, func(file string) bool {
		info, err := os.Lstat(filepath.Join(folder, filepath.FromSlash(file)))
		return err != nil || !info.Mode().IsRegular()
	})
	if len(files) == 0 {
		t.Fatalf("%s has no files", folder)
	}
	slices.Sort(files)
	return files
}

// CopyTracked copies the [Tracked] files of one folder to another, which is made.
func CopyTracked(t *testing.T, to, from string) {
	t.Helper()
	for _, file := range Tracked(t, from) {
		content, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(to, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// listedByGit returns what git tracks in a folder; nothing where there is no git or no repository.
func listedByGit(folder string) []string {
	output, err := git(folder, "ls-files", "-z").Output()
	if err != nil {
		return nil
	}
	return strings.FieldsFunc(string(output), func(r rune) bool { return r == 0 })
}

// git is a git command in a folder. A hook of git's runs with variables that name its repository, relative to
// another folder: they are left out.
func git(folder string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = folder
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "GIT_") })
	return cmd
}

// leftByTheCLI is what the CLI, and whoever tries an example, leave in its folder.
var leftByTheCLI = []string{".terraform", ".terraform.*", "*.tfstate", "*.tfstate.*", ".*.tfstate.*", "*.tfplan", "plan.out", "crash.log", "crash.*.log", "*.tfvars", "*.tfvars.json"}

func notLeftByTheCLI(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(name string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		left := slices.ContainsFunc(leftByTheCLI, func(pattern string) bool {
			matched, _ := path.Match(pattern, entry.Name())
			return matched
		})
		switch {
		case left && entry.IsDir():
			return filepath.SkipDir
		case left || entry.IsDir():
			return nil
		}
		relative, err := filepath.Rel(folder, name)
		files = append(files, filepath.ToSlash(relative))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
