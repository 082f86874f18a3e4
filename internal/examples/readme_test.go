package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

var readmes = []string{"README.md", "README.zh-CN.md"}

// A reader sees what it is, the picture and the first command without scrolling, and then what there is.
func TestReadme_firstCommandIsOnTheFirstScreen(t *testing.T) {
	t.Parallel()
	for _, name := range readmes {
		before, rest, ok := strings.Cut(readFile(t, name), "```shell\n")
		if !ok || !strings.HasPrefix(rest, "make demo ") || strings.Count(before, "\n") > 15 || len([]rune(before)) > 800 || !strings.Contains(before, "](assets/stopped-plan.svg)") {
			t.Errorf("%s: before the first command stand %d lines:\n%s", name, strings.Count(before, "\n"), before)
		}
		for _, folder := range []string{"resources", "data-sources", "functions"} {
			files, err := filepath.Glob(filepath.Join(repository, "docs", folder, "*.md"))
			if err != nil || len(files) == 0 {
				t.Fatalf("%q, %v", files, err)
			}
			for _, file := range files {
				if page := "docs/" + folder + "/" + filepath.Base(file); !strings.Contains(rest, "]("+page+")") {
					t.Errorf("%s does not lead to %s", name, page)
				}
			}
		}
	}
}

func TestReadme_linksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, name := range readmes {
		for _, match := range target.FindAllStringSubmatch(readFile(t, name), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(repository, filepath.FromSlash(match[1]))); err != nil {
				t.Errorf("%s: there is no %s", name, match[1])
			}
		}
	}
}

// The picture shows today's title, and the infected build of the samples that are there today.
func TestReadme_pictureIsOfToday(t *testing.T) {
	t.Parallel()
	var words []string
	for _, match := range regexp.MustCompile(`>([^<>]+)</text>`).FindAllStringSubmatch(readFile(t, "assets", "stopped-plan.svg"), -1) {
		words = append(words, match[1])
	}
	shown := strings.Join(words, " ")
	for _, part := range []string{"Error: Security gate failed: item", "terraform plan", "virus " + emulator.VirusName + " in com.example.shop", packages.MD5(packages.Infect(packages.Clean()))} {
		if !strings.Contains(shown, part) {
			t.Errorf("run tools/picture.sh: the picture does not show %q, but %s", part, shown)
		}
	}
	if strings.Contains(shown, "clean") {
		t.Errorf("the infected build is called clean: %s", shown)
	}
}

// The configuration of the README does what it says.
func TestAccReadme_gateWorks(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(readFile(t, "README.md"), "```hcl\n")
	hcl, _, _ := strings.Cut(rest, "```")
	s := newStage(t, "")
	s.write("variable \"package_url\" {\n  type = string\n}\n" + hcl)
	s.Apply().Succeeds()
	s.build("infected.apk")
	s.Plan().Fails().Says(stopped, emulator.VirusName)
}
