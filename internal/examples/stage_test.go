package examples_test

import (
	"encoding/json"
	"errors"
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

// stage is a copy of examples/ with a cloud of its own; the CLI runs in one folder of it.
type stage struct {
	*acctest.Workspace

	t         *testing.T
	cloud     *acctest.Cloud
	root      string
	variables map[string]any
	inProcess bool
}

// newStage returns a stage in a folder of examples/ whose build/app.apk is the clean sample package.
// An empty folder is one without files. The provider is served by the test's process, which takes half
// the time that its binary takes, and has another working folder than the CLI.
func newStage(t *testing.T, folder string, opts ...emulator.Option) *stage {
	t.Helper()
	s := &stage{Workspace: acctest.New(t), t: t, cloud: acctest.NewCloud(t, opts...), inProcess: true}
	s.furnish(folder)
	return s
}

// newStageWithBinary is [newStage] with the provider's binary, which takes its configuration from the
// environment, as a user's does.
func newStageWithBinary(t *testing.T, folder string, opts ...emulator.Option) *stage {
	t.Helper()
	s := &stage{t: t, cloud: acctest.NewCloud(t, opts...)}
	s.Workspace = acctest.NewWithBinary(t, "TENCENTCLOUD_ENDPOINT_URL="+s.cloud.URL(), "TENCENTCLOUD_SECRET_ID="+s.cloud.SecretID(),
		"TENCENTCLOUD_SECRET_KEY="+s.cloud.SecretKey(), "MS_JOURNAL_DIR="+s.cloud.JournalDir)
	s.furnish(folder)
	return s
}

func (s *stage) furnish(folder string) {
	s.t.Helper()
	s.root = s.t.TempDir()
	s.variables = map[string]any{
		"package": "build/app.apk", "fail_on": "high",
		"task_id": 2, "host_task_id": 2, "machine_quuids": []string{"quuid-app-0001"}, "quuids": []string{"quuid-app-0002"}, "week": "2026-W48",
		"local_task_id": 1, "registry_task_id": 11, "local_image_task_id": 1,
		"image": "registry.example.com/acme/api@sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc",
	}
	acctest.CopyTracked(s.t, filepath.Join(s.root, "examples"), filepath.Join(repository, "examples"))
	s.enter(folder)
}

var (
	expiry   = regexp.MustCompile(`(expires_at\s*=\s*")\d{4}-\d\d-\d\d`)
	declared = regexp.MustCompile(`(?m)^variable "([^"]+)"`)
)

// enter makes a folder of examples/ that in which the CLI runs, and prepares it. An example's dates,
// which are literals, are moved ahead of today.
func (s *stage) enter(folder string) {
	s.t.Helper()
	s.Dir = filepath.Join(s.root, "examples", filepath.FromSlash(folder))
	if folder == "" {
		s.Dir = s.t.TempDir()
	}
	for _, path := range s.configuration() {
		s.put(path, expiry.ReplaceAllString(s.read(path), "${1}"+time.Now().AddDate(0, 0, 60).Format(time.DateOnly)))
	}
	s.put("token", "token of an identity provider")
	s.variables["token_file"] = filepath.Join(s.Dir, "token")
	s.provide()
	s.build("clean.apk")
	s.image(apiRepository, cleanDigest, imageManifest)
}

// The files that [stage.provide] writes.
const (
	requiredFile = "required.tf"
	providerFile = "provider.tf"
	overrideFile = "provider_override.tf"
)

// provide adds what an example leaves to the environment, or to the index of the pages: the provider's
// requirement, and where the cloud is. An example that pins the real endpoint is led here.
func (s *stage) provide() {
	s.t.Helper()
	for _, name := range []string{requiredFile, overrideFile, providerFile} {
		if strings.HasPrefix(s.readIfThere(name), mark) {
			s.put(name, mark)
		}
	}
	var all strings.Builder
	for _, path := range s.configuration() {
		all.WriteString(s.read(path))
	}
	if !strings.Contains(all.String(), "tencentscan/ms") {
		if strings.Contains(all.String(), "required_providers") {
			return // a root module of another provider alone
		}
		s.put(requiredFile, mark+"terraform {\n  required_providers {\n    ms = {\n      source = \"tencentscan/ms\"\n    }\n  }\n}\n")
	}
	if !s.inProcess {
		return
	}
	name := providerFile
	if strings.Contains(all.String(), "\nprovider \"ms\"") {
		name = overrideFile
	}
	key := fmt.Sprintf("secret_id = %q\n  secret_key = %q", s.cloud.SecretID(), s.cloud.SecretKey())
	if strings.Contains(all.String(), "assume_role_with_web_identity") {
		key = ""
	}
	s.put(name, fmt.Sprintf("%sprovider \"ms\" {\n  domain = null\n  endpoint_url = %q\n  journal_dir = %q\n  %s\n}\n", mark, s.cloud.URL(), s.cloud.JournalDir, key))
}

// mark begins what [stage.provide] wrote.
const mark = "# Added by the test.\n"

// build puts a sample package where the examples expect theirs, and gives the variables that the
// folder declares.
func (s *stage) build(name string) {
	s.t.Helper()
	s.put("build/app.apk", string(s.cloud.Package(name)))
	s.variables["package_url"] = s.cloud.AppURL(name, "first")
	s.variables["packages"] = map[string]any{"app": map[string]any{"path": "build/app.apk", "url": s.cloud.AppURL(name, "first")}}
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

// write replaces main.tf by a configuration of the test's own.
func (s *stage) write(hcl string) {
	s.t.Helper()
	s.put("main.tf", hcl)
	s.provide()
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

func (s *stage) readIfThere(path string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
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
  gate {
    required_md5s = [local.package_md5]
    %s
  }
}
resource "terraform_data" "release" {
  input = data.ms_scan_results.app.verdict.outcome
}
`, strings.Join(more, "\n    "))
}
