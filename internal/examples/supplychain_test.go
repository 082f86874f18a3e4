package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{repository}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	usesAction  = regexp.MustCompile(`(?m)^\s*(?:- )?uses: (\S+)(.*)$`)
	pinned      = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	goPackage   = regexp.MustCompile(`\./((?:internal|cmd)/[a-z/-]+)`)
	runsTarget  = regexp.MustCompile(`(?m)run: make ([a-z-]+)`)
	ownedFolder = regexp.MustCompile(`(?m)^(/\S+)\s`)
)

func TestWorkflows_pinActionsAndNameWhatExists(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(repository, ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%q, %v", files, err)
	}
	makefile := readFile(t, "GNUmakefile")
	for _, file := range files {
		text := readFile(t, ".github", "workflows", filepath.Base(file))
		for _, match := range usesAction.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(match[1]) || !strings.HasPrefix(match[2], " # v") {
				t.Errorf("%s: %s is not pinned to a commit with its version beside it", file, match[1])
			}
		}
		for _, match := range goPackage.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(repository, match[1])); err != nil {
				t.Errorf("%s: there is no package %s", file, match[1])
			}
		}
		for _, match := range runsTarget.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+match[1]+":") {
				t.Errorf("%s: make has no target %s", file, match[1])
			}
		}
	}
}

func TestSupplyChain_isInTheWorkflows(t *testing.T) {
	t.Parallel()
	for file, parts := range map[string][]string{
		".github/workflows/release.yml": {"actions/attest-build-provenance@", "id-token: write", "attestations: write", "dist/*.zip", "dist/*_sbom.cdx.json"},
		".github/workflows/test.yml":    {"make vulncheck"},
		".github/workflows/codeql.yml":  {"github/codeql-action/init@", "github/codeql-action/analyze@", "language: go"},
		".goreleaser.yml":               {"sboms:", "tools/sbom.sh", "_sbom.cdx.json"},
		"GNUmakefile":                   {"golang.org/x/vuln/cmd/govulncheck@v"},
		"tools/release.sh":              {"make changelog"},
	} {
		text := readFile(t, filepath.FromSlash(file))
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s has no %q", file, part)
			}
		}
	}
}

func TestCodeowners_pathsExistAndOwnersAreTeams(t *testing.T) {
	t.Parallel()
	text := readFile(t, ".github", "CODEOWNERS")
	for _, match := range ownedFolder.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(repository, filepath.FromSlash(match[1]))); err != nil {
			t.Errorf("there is no %s", match[1])
		}
	}
	if !strings.Contains(text, "\n* @") {
		t.Error("not every file has an owner")
	}
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "@") && !strings.Contains(word, "/") {
			t.Errorf("%s is no team", word)
		}
	}
}

// runChangelog runs tools/changelog.sh on a changelog and fragments of the test's own.
func runChangelog(t *testing.T, changelog string, fragments map[string]string) (after, output string, failed bool, left int) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no POSIX shell here")
	}
	folder := t.TempDir()
	fragments["README.md"] = "# What fragments are\n"
	for name, text := range fragments {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "CHANGELOG.md")
	if err := os.WriteFile(path, []byte(changelog), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("sh", filepath.Join(repository, "tools", "changelog.sh"), folder, path).CombinedOutput()
	written, readErr := os.ReadFile(path)
	if readErr != nil {
		t.Fatal(readErr)
	}
	entries, readErr := os.ReadDir(folder)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(written), string(text), err != nil, len(entries) - 1
}

func TestChangelog_fragmentsGoBelowTheirHeadings(t *testing.T) {
	t.Parallel()
	const before = "## Unreleased\n\nNOTES:\n\n* a\n\nBUG FIXES:\n\n* b\n\n## 0.1.0 (2026-01-01)\n\nBUG FIXES:\n\n* x\n"
	after, output, failed, left := runChangelog(t, before, map[string]string{
		"one.md": "NOTES\n* c\n", "two.md": "FEATURES\n* d\n* e\n", "three.md": "BUG FIXES\n\n* f\n",
	})
	const want = "## Unreleased\n\nNOTES:\n\n* a\n* c\n\nBUG FIXES:\n\n* b\n* f\n\nFEATURES:\n\n* d\n* e\n\n## 0.1.0 (2026-01-01)\n\nBUG FIXES:\n\n* x\n"
	if failed || after != want || left != 0 {
		t.Errorf("failed %t, %d fragments left\n%s\n%s", failed, left, output, after)
	}
	after, _, failed, _ = runChangelog(t, "## Unreleased\n", map[string]string{"one.md": "NOTES\n* c\n"})
	if failed || after != "## Unreleased\n\nNOTES:\n\n* c\n" {
		t.Errorf("failed %t\n%s", failed, after)
	}
	for name, fragment := range map[string]string{"no heading": "* c\n", "another heading": "FIXES\n* c\n", "no entry": "NOTES\nc\n"} {
		after, output, failed, left = runChangelog(t, before, map[string]string{"one.md": fragment})
		if !failed || after != before || left != 1 || !strings.Contains(output, "one.md") {
			t.Errorf("%s: failed %t, %d fragments left\n%s\n%s", name, failed, left, output, after)
		}
	}
}

// The fragments that are there can be moved.
func TestChangelog_fragmentsAreAsTheirPageSays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(repository, ".changes", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	fragments := map[string]string{}
	for _, file := range files {
		fragments[filepath.Base(file)] = readFile(t, ".changes", filepath.Base(file))
	}
	if _, output, failed, left := runChangelog(t, readFile(t, "CHANGELOG.md"), fragments); failed || left != 0 {
		t.Errorf("%d are left: %s", left, output)
	}
}
