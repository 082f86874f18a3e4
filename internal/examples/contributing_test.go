package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// taskFile is a file that a list of CONTRIBUTING.md names, by its path in the repository.
var taskFile = regexp.MustCompile("`((?:internal|examples|templates|docs|dev-docs|cmd|tools)/[^`\\s]*|[A-Z]+\\.md|go\\.mod|\\.ci/run)`")

// TestContributing_listsNameFilesThatExist holds the lists of files to touch against the tree.
func TestContributing_listsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(repository, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		for _, match := range taskFile.FindAllStringSubmatch(body, -1) {
			found[title]++
			if _, err := os.Stat(filepath.Join(repository, filepath.FromSlash(match[1]))); err != nil {
				t.Errorf("%s: there is no %s", title, match[1])
			}
		}
	}
	for title, least := range map[string]int{
		"Add a data source with a gate": 30, "Add a resource that submits": 20, "Add a rule to the gate": 20, "Add a report format": 12,
	} {
		if found[title] < least {
			t.Errorf("%q names %d files; the list has at least %d", title, found[title], least)
		}
	}
}

// makeTarget is a target of make, in a table or in a sentence.
var makeTarget = regexp.MustCompile("`make ([a-z-]+)")

// TestContributing_targetsExist holds the targets that the pages for contributors name against the makefile.
func TestContributing_targetsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(repository, "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"CONTRIBUTING.md", "README.md", "SECURITY.md", filepath.Join("dev-docs", "design.md"), measurements} {
		text, err := os.ReadFile(filepath.Join(repository, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range makeTarget.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(string(makefile), "\n"+match[1]+":") {
				t.Errorf("%s: make has no target %s", page, match[1])
			}
		}
	}
}

var measurements = filepath.Join("dev-docs", "measurements.md")

// testName is a test that a page names, exactly or with a star for its rest.
var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)(\\*?)(?:/[^`]*)?`")

// TestSecurity_testsExist holds the tests that SECURITY.md names for each threat, and those behind the
// conclusions of measurements.md, against the tree.
func TestSecurity_testsExist(t *testing.T) {
	t.Parallel()
	names := testNames(t)
	for page, least := range map[string]int{"SECURITY.md": 40, measurements: 8} {
		text, err := os.ReadFile(filepath.Join(repository, page))
		if err != nil {
			t.Fatal(err)
		}
		matches := testName.FindAllStringSubmatch(string(text), -1)
		if len(matches) < least {
			t.Fatalf("%s: only %d tests are named", page, len(matches))
		}
		for _, match := range matches {
			exists := names[match[1]]
			for name := range names {
				exists = exists || match[2] == "*" && strings.HasPrefix(name, match[1])
			}
			if !exists {
				t.Errorf("%s: there is no test %s%s", page, match[1], match[2])
			}
		}
	}
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// testNames returns the names of all tests and fuzz targets of the repository.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(repository, "internal"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range testFunction.FindAllSubmatch(text, -1) {
			names[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
