package examples_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages returns the rendered pages by their path in docs/.
func pages(t *testing.T) map[string]string {
	t.Helper()
	tree := os.DirFS(filepath.Join(repository, "docs"))
	found := map[string]string{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 13 {
		t.Fatalf("only %d pages were found", len(found))
	}
	return found
}

var (
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchor    = regexp.MustCompile(`<a id="([^"]+)"></a>`)
	codeBlock = regexp.MustCompile("(?ms)^[ ]*```.*?\n[ ]*```$")
	attribute = regexp.MustCompile("(?m)^- `([^`]+)` \\(([^)]*)\\)(.*)$")
	notInSlug = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// anchors returns what a page's links can lead to.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(page, ""), -1) {
		slug := notInSlug.ReplaceAllString(strings.ToLower(match[1]), "")
		found[strings.ReplaceAll(slug, " ", "-")] = true
	}
	for _, match := range anchor.FindAllStringSubmatch(page, -1) {
		found[match[1]] = true
	}
	return found
}

func TestPages_linksLeadSomewhere(t *testing.T) {
	t.Parallel()
	all := pages(t)
	links := 0
	for name, page := range all {
		for _, match := range link.FindAllStringSubmatch(codeBlock.ReplaceAllString(page, ""), -1) {
			target := match[1]
			if strings.HasPrefix(target, "https://") {
				continue
			}
			links++
			file, fragment, _ := strings.Cut(target, "#")
			if file == "" {
				file = name
			} else {
				file = path.Join(path.Dir(name), file)
			}
			text, ok := all[file]
			if !ok {
				t.Errorf("%s: there is no %s", name, target)
			} else if fragment != "" && !anchors(text)[fragment] {
				t.Errorf("%s: %s has no #%s", name, file, fragment)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links were found", links)
	}
}

func TestPages_describeEveryAttribute(t *testing.T) {
	t.Parallel()
	attributes := 0
	for name, page := range pages(t) {
		for _, match := range attribute.FindAllStringSubmatch(page, -1) {
			attributes++
			description, _, _ := strings.Cut(match[3], "(see [below")
			if description = strings.TrimSpace(description); !strings.HasSuffix(description, ".") {
				t.Errorf("%s: %s (%s) is described as %q", name, match[1], match[2], description)
			}
		}
		if strings.Contains(page, "<no value>") || strings.Contains(codeBlock.ReplaceAllString(page, ""), "{{") {
			t.Errorf("%s: a template is not rendered", name)
		}
	}
	if attributes < 200 {
		t.Errorf("only %d attributes were found", attributes)
	}
}

// What a nested object needs is listed as such, also where its schema cannot say so.
func TestPages_listRequiredNestedNamesAsRequired(t *testing.T) {
	t.Parallel()
	required := map[string]bool{}
	for name, page := range pages(t) {
		for _, section := range strings.Split(page, "\n### Nested Schema for ")[1:] {
			list, optional, _ := strings.Cut(section, "\nOptional:\n")
			object, _, _ := strings.Cut(section, "\n")
			if strings.Contains(optional, ") Required.") {
				t.Errorf("%s: %s lists a required name as optional", name, object)
			}
			if _, list, ok := strings.Cut(list, "\nRequired:\n"); ok {
				for _, match := range attribute.FindAllStringSubmatch(list, -1) {
					required[path.Base(name)+" "+strings.Trim(object, "`")+" "+match[1]] = true
				}
			}
		}
	}
	for _, name := range []string{
		"scan_instance.md app_infos app_md5", "scan_instance.md app_infos app_url", "scan_results.md gate required_md5s",
		"scan_results.md gate.exception expires_at", "scan_results.md gate.denied category",
	} {
		if !required[name] {
			t.Errorf("%s is not listed as required", name)
		}
	}
}

// subcategories are those of the navigation, by the first part of a name.
var subcategories = map[string]string{"scan": "Mobile Security (ms)", "apk": "Mobile Security (ms)", "cwp": "Host Security (cwp)", "tcss": "Container Security (tcss)"}

func TestPages_areSortedByService(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		if folder := path.Dir(name); folder != "resources" && folder != "data-sources" {
			continue
		}
		service, _, _ := strings.Cut(path.Base(name), "_")
		if want := subcategories[service]; want == "" || !strings.Contains(page, "\nsubcategory: \""+want+"\"\n") {
			t.Errorf("%s is not in the subcategory %q", name, want)
		}
	}
}

// A template that is gone, or was never written, leaves the page that tfplugindocs makes up by itself.
func TestPages_eachResourceAndDataSourceShowsAnExampleAndTellsOfTimeouts(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		if folder := path.Dir(name); folder != "resources" && folder != "data-sources" {
			continue
		}
		for _, part := range []string{"\n## Example Usage\n\n```terraform\n", "\n## Timeouts\n", "\n## Schema\n"} {
			if !strings.Contains(page, part) {
				t.Errorf("%s has no %q", name, part)
			}
		}
	}
}

// What a page shows of a configuration is a file of examples/, and so was tried; a fragment is short.
func TestPages_longExamplesAreFiles(t *testing.T) {
	t.Parallel()
	const fragment = 8 // lines
	tree := os.DirFS(filepath.Join(repository, "templates"))
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		for _, block := range codeBlock.FindAllString(string(text), -1) {
			if strings.HasPrefix(strings.TrimSpace(block), "```terraform") && strings.Count(block, "\n") > fragment {
				t.Errorf("%s: put this into examples/guides, and include it:\n%s", name, block)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	outputBlock     = regexp.MustCompile(`(?ms)^ *output "[^"]+" \{(?:[^\n]*\}|.*?\n *\})$`)
	marksSensitive  = regexp.MustCompile(`(?m)^ *sensitive +=  *true$`)
	reportFunctions = regexp.MustCompile(`provider::ms::render_\w+`)
)

// TestReports_outputsAreSensitive: each plan prints an output that is not, and so a whole report into the log of a run.
func TestReports_outputsAreSensitive(t *testing.T) {
	t.Parallel()
	reports := 0
	tree := os.DirFS(repository)
	for _, root := range []string{"README.md", "docs", "examples"} {
		err := fs.WalkDir(tree, root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			inOutputs := 0
			for _, block := range outputBlock.FindAllString(string(text), -1) {
				calls := len(reportFunctions.FindAllString(block, -1))
				if inOutputs += calls; calls > 0 && !marksSensitive.MatchString(block) {
					t.Errorf("%s prints a report:\n%s", name, block)
				}
			}
			if calls := len(reportFunctions.FindAllString(string(text), -1)); calls > inOutputs && (path.Ext(name) == ".tf" || path.Ext(name) == ".hcl") {
				t.Errorf("%s has %d reports outside of outputs: see where they are printed", name, calls-inOutputs)
			}
			reports += inOutputs
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if reports < 8 {
		t.Errorf("only %d reports were found", reports)
	}
}
