package examples_test

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// translated are the pages with a Chinese version, by the English one.
var translated = map[string]string{
	"README.md":                                       "README.zh-CN.md",
	"templates/index.md.tmpl":                         "templates/guides/index-zh-cn.md.tmpl",
	"templates/guides/gate-a-release.md.tmpl":         "templates/guides/gate-a-release-zh-cn.md.tmpl",
	"templates/guides/try-without-an-account.md.tmpl": "templates/guides/try-without-an-account-zh-cn.md.tmpl",
	"templates/guides/troubleshooting.md.tmpl":        "templates/guides/troubleshooting-zh-cn.md.tmpl",
}

// section is what both versions of a page have in common below one heading.
type section struct {
	level   int
	title   string
	blocks  []string // of code, without comments, and the files that are included
	names   []string // in code: commands, arguments, titles, codes; sorted, each once
	links   []string // to pages, by the name of the English one; sorted, each once
	rows    int      // of tables
	bullets int
}

var (
	fence       = regexp.MustCompile("(?ms)^[ ]*```([a-z]*)\n(|.*?\n)[ ]*```[ ]*$")
	include     = regexp.MustCompile(`(?m)^\{\{ (?:tffile|codefile "[a-z]+") ("[^"]+"|\.ExampleFile) \}\}$`)
	comment     = regexp.MustCompile(`(?m)(^|[ \t])[ \t]*#.*$`)
	headingLine = regexp.MustCompile(`(?m)^(#+) (.*)$`)
	inlineCode  = regexp.MustCompile("(?s)`([^`]+)`")
	target      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	bullet      = regexp.MustCompile(`(?m)^(?:-|\d+\.) `)
	tableRow    = regexp.MustCompile(`(?m)^\|`)
	blanks      = regexp.MustCompile(`\s+`)
)

// commented are the languages of code in which a comment begins with #.
var commented = []string{"shell", "hcl", "terraform", "yaml"}

// sections takes a page apart.
func sections(page string) []section {
	// The front matter, and what marks an anchor.
	if rest, ok := strings.CutPrefix(page, "---\n"); ok {
		_, page, _ = strings.Cut(rest, "\n---\n")
	}
	page = anchor.ReplaceAllString(page, "")
	// Code is put aside, so that a comment in it is no heading.
	var blocks []string
	aside := func(text string) string {
		blocks = append(blocks, text)
		return fmt.Sprintf("\x00%d\x00", len(blocks)-1)
	}
	page = fence.ReplaceAllStringFunc(page, func(block string) string {
		match := fence.FindStringSubmatch(block)
		code := match[2]
		if slices.Contains(commented, match[1]) {
			code = comment.ReplaceAllString(code, "")
		}
		return aside(match[1] + "\n" + strings.TrimRight(regexp.MustCompile(`[ \t]+\n`).ReplaceAllString(code, "\n"), "\n"))
	})
	page = include.ReplaceAllStringFunc(page, func(line string) string {
		return aside(strings.Replace(include.FindStringSubmatch(line)[1], ".ExampleFile", `"examples/provider/provider.tf"`, 1))
	})
	marks := headingLine.FindAllStringSubmatchIndex(page, -1)
	var found []section
	for i, mark := range marks {
		end := len(page)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		body := page[mark[1]:end]
		s := section{level: mark[3] - mark[2], title: page[mark[4]:mark[5]], rows: len(tableRow.FindAllString(body, -1)), bullets: len(bullet.FindAllString(body, -1))}
		for index, block := range blocks {
			if strings.Contains(body, fmt.Sprintf("\x00%d\x00", index)) {
				s.blocks = append(s.blocks, block)
			}
		}
		for _, match := range inlineCode.FindAllStringSubmatch(body, -1) {
			s.names = append(s.names, blanks.ReplaceAllString(match[1], " "))
		}
		for _, match := range target.FindAllStringSubmatch(body, -1) {
			s.links = append(s.links, pageOf(match[1]))
		}
		slices.Sort(s.names)
		slices.Sort(s.links)
		s.names, s.links = slices.Compact(s.names), slices.Compact(s.links)
		found = append(found, s)
	}
	return found
}

// pageOf is the name of the English page that a link leads to, with its anchor.
func pageOf(link string) string {
	link = strings.ReplaceAll(strings.ReplaceAll(link, "-zh-cn.md", ".md"), ".zh-CN.md", ".md")
	if strings.HasPrefix(link, "http") || strings.HasPrefix(link, "#") {
		return link
	}
	return path.Base(link)
}

// apart returns how two versions of a page differ in what they have in common.
func apart(english, chinese string) (differences []string) {
	one, other := sections(english), sections(chinese)
	if len(one) != len(other) {
		return []string{fmt.Sprintf("%d headings and %d", len(one), len(other))}
	}
	for i := range one {
		for what, pair := range map[string][2]any{
			"level of heading": {one[i].level, other[i].level}, "code": {one[i].blocks, other[i].blocks}, "names": {one[i].names, other[i].names},
			"links": {one[i].links, other[i].links}, "rows of tables": {one[i].rows, other[i].rows}, "list items": {one[i].bullets, other[i].bullets},
		} {
			if fmt.Sprintf("%q", pair[0]) != fmt.Sprintf("%q", pair[1]) {
				differences = append(differences, fmt.Sprintf("%s / %s: %s:\n%q\n%q", one[i].title, other[i].title, what, pair[0], pair[1]))
			}
		}
	}
	return differences
}

func TestChinese_pagesAreInStepWithTheEnglishOnes(t *testing.T) {
	t.Parallel()
	for english, chinese := range translated {
		one, other := readFile(t, filepath.FromSlash(english)), readFile(t, filepath.FromSlash(chinese))
		for _, difference := range apart(one, other) {
			t.Errorf("%s: %s", chinese, difference)
		}
		if !strings.Contains(one, "[中文](") || !strings.Contains(other, "[English](") {
			t.Errorf("%s: a link to the other language is missing", english)
		}
		if strings.HasPrefix(chinese, "templates/") && !strings.Contains(other, "\nsubcategory: \"中文\"\n") {
			t.Errorf("%s is not in the subcategory", chinese)
		}
		// CommonMark ends no emphasis between a full stop and a letter.
		if broken := regexp.MustCompile(`[。！？：，]\*\*[^\s\d].*`).FindString(other); broken != "" && !strings.HasPrefix(strings.TrimSpace(broken), "**") {
			t.Errorf("%s: put the punctuation behind the asterisks: %s", chinese, broken)
		}
		if headings := sections(other); len(headings) < 5 || !regexp.MustCompile(`\p{Han}{2}`).MatchString(headings[1].title) {
			t.Errorf("%s is not in Chinese", chinese)
		}
	}
}

// The comparison notices a change of either version.
func TestChinese_aChangeOfOneVersionIsNoticed(t *testing.T) {
	t.Parallel()
	changes := map[string]func(string) string{
		"a heading more":     func(page string) string { return page + "\n## More\n" },
		"a heading moved in": func(page string) string { return strings.Replace(page, "\n## ", "\n### ", 1) },
		"a bullet less":      func(page string) string { return regexp.MustCompile(`(?m)^- .*\n`).ReplaceAllString(page, "") },
		"a table row more":   func(page string) string { return strings.Replace(page, "\n|---", "\n| | |\n|---", 1) },
		"another name":       func(page string) string { return strings.Replace(page, "`terraform", "`terraforms", 1) },
		"another command": func(page string) string {
			return strings.NewReplacer("make demo", "make show", "bin/ms-emulator --scenario", "bin/emulator --scenario", "RequestId: 9", "RequestId: 8", `tffile "examples/release-gate`, `tffile "examples/release`).Replace(page)
		},
	}
	for english, chinese := range translated {
		one, other := readFile(t, filepath.FromSlash(english)), readFile(t, filepath.FromSlash(chinese))
		for name, change := range changes {
			if changed := change(one); changed != one && len(apart(changed, other)) == 0 {
				t.Errorf("%s: %s is not noticed", english, name)
			}
			if changed := change(other); changed != other && len(apart(one, changed)) == 0 {
				t.Errorf("%s: %s is not noticed", chinese, name)
			}
		}
	}
}
