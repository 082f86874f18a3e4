package examples_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	repository = "../.."
	scan       = "ms_scan_instance.app"
	release    = "terraform_data.release"
)

// stage is a copy of examples/ with a cloud of its own; the CLI runs in one folder of it, with the
// provider's binary as a process, as a user's CLI does.
type stage struct {
	*acctest.Workspace

	t         *testing.T
	cloud     *acctest.Cloud
	root      string
	variables map[string]any
}

// newStage returns a stage in a folder of examples/ whose build/app.apk is the clean sample package.
// An empty folder is one without files.
func newStage(t *testing.T, folder string, opts ...emulator.Option) *stage {
	t.Helper()
	acctest.CLI(t)
	cloud := acctest.NewCloud(t, opts...)
	s := &stage{t: t, cloud: cloud, root: t.TempDir(), variables: map[string]any{
		"package": "build/app.apk", "fail_on": "high", "token_file": "token",
		"task_id": 2, "host_task_id": 2, "machine_quuids": []string{"quuid-app-0001"},
		"local_task_id": 1, "registry_task_id": 11, "local_image_task_id": 1, "registry_image_task_id": 11,
	}}
	s.Workspace = acctest.NewWithBinary(t,
		"TENCENTCLOUD_ENDPOINT_URL="+cloud.URL(), "TENCENTCLOUD_SECRET_ID="+cloud.SecretID(), "TENCENTCLOUD_SECRET_KEY="+cloud.SecretKey(),
		"MS_JOURNAL_DIR="+cloud.JournalDir,
		// An example that pins the real endpoint must not get there. Loopback is never proxied.
		"HTTPS_PROXY=http://127.0.0.1:1")
	if err := os.CopyFS(filepath.Join(s.root, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	s.enter(folder)
	return s
}

var (
	expiry   = regexp.MustCompile(`(expires_at\s*=\s*")\d{4}-\d\d-\d\d`)
	declared = regexp.MustCompile(`(?m)^variable "([^"]+)"`)
)

// enter makes a folder of examples/ that in which the CLI runs, and prepares it: an example's dates,
// which are literals, are moved ahead of today, and where it leaves the provider to its page's index
// it gets the requirement.
func (s *stage) enter(folder string) {
	s.t.Helper()
	s.Dir = filepath.Join(s.root, "examples", filepath.FromSlash(folder))
	if folder == "" {
		s.Dir = s.t.TempDir()
	}
	required := folder == ""
	for _, path := range s.configuration() {
		text := s.read(path)
		required = required || strings.Contains(text, "tencentscan/ms")
		s.put(path, expiry.ReplaceAllString(text, "${1}"+time.Now().AddDate(0, 0, 60).Format(time.DateOnly)))
	}
	if !required {
		s.put("required.tf", "terraform {\n  required_providers {\n    ms = {\n      source = \"tencentscan/ms\"\n    }\n  }\n}\n")
	}
	s.put("token", "token of an identity provider")
	s.build("clean.apk")
}

// build puts a sample package where the examples expect theirs, and gives the variables that the
// folder declares.
func (s *stage) build(name string) {
	s.t.Helper()
	s.put("build/app.apk", string(s.cloud.Package(name)))
	s.variables["package_url"] = s.cloud.AppURL(name, "first")
	s.give(nil)
}

// give sets variables.
func (s *stage) give(variables map[string]any) {
	s.t.Helper()
	for name, value := range variables {
		s.variables[name] = value
	}
	given := map[string]any{}
	for _, path := range s.configuration() {
		for _, match := range declared.FindAllStringSubmatch(s.read(path), -1) {
			if value, ok := s.variables[match[1]]; ok {
				given[match[1]] = value
			}
		}
	}
	text, err := json.Marshal(given)
	if err != nil {
		s.t.Fatal(err)
	}
	s.put("test.auto.tfvars.json", string(text))
}

// write replaces main.tf by a configuration of the test's own, with the provider's requirement.
func (s *stage) write(hcl string) {
	s.t.Helper()
	s.put("main.tf", "terraform {\n  required_providers {\n    ms = {\n      source = \"tencentscan/ms\"\n    }\n  }\n}\n"+hcl)
	s.give(nil)
}

// edit replaces a text in a file of the folder, which must hold it.
func (s *stage) edit(path, old, text string) {
	s.t.Helper()
	before := s.read(path)
	if !strings.Contains(before, old) {
		s.t.Fatalf("%s does not hold %q", path, old)
	}
	s.put(path, strings.ReplaceAll(before, old, text))
}

func (s *stage) configuration() []string {
	s.t.Helper()
	paths, err := fs.Glob(os.DirFS(s.Dir), "*.tf")
	if err != nil {
		s.t.Fatal(err)
	}
	return paths
}

func (s *stage) read(path string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, path))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func (s *stage) put(path, text string) {
	s.t.Helper()
	path = filepath.Join(s.Dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// exists fails the test unless an object is in the state, or is not.
func (s *stage) exists(address string, want bool) {
	s.t.Helper()
	if got := s.State(address) != nil; got != want {
		s.t.Fatalf("%s in the state: %t, want %t", address, got, want)
	}
}

// submissions fails the test unless so many scans were submitted.
func (s *stage) submissions(want int) {
	s.t.Helper()
	if got := len(s.cloud.Ledger().Submissions); got != want {
		s.t.Errorf("%d scans were submitted, want %d", got, want)
	}
}

// unchanged fails the test unless a plan changes nothing. A data source within a check block is read
// again in each apply, so that its plan is not empty.
func (s *stage) unchanged() {
	s.t.Helper()
	planned := s.Plan().Succeeds()
	if planned.Code == 0 {
		return
	}
	for address, action := range s.Actions() {
		if action != "read" {
			s.t.Fatalf("%s: %s:\n%s", address, action, planned.Output)
		}
	}
}

// gated is a scan, a gate with the lines of more, and the release that refers to it.
func gated(more ...string) string {
	return fmt.Sprintf(`
variable "package_url" {
  type = string
}
locals {
  package_md5 = filemd5("build/app.apk")
}
resource "ms_scan_instance" "app" {
  app_infos = [{ app_url = var.package_url, app_md5 = local.package_md5 }]
}
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id
  gate = {
    required_md5s = [local.package_md5]
    %s
  }
}
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict.outcome
}
`, strings.Join(more, "\n    "))
}
