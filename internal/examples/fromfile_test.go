package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// newStoreStage returns a stage with a bucket beside the cloud. The package is given by its absolute path, since both
// root modules read it.
func newStoreStage(t *testing.T, st *store, opts ...emulator.Option) *stage {
	t.Helper()
	s := &stage{Workspace: acctest.New(t, st.beside()), t: t, cloud: acctest.NewCloud(t, opts...), inProcess: true}
	s.furnish("")
	s.variables["bucket"] = "example-1250000000"
	s.variables["package"] = filepath.Join(s.root, "app.apk")
	return s
}

// pack puts a sample package where both root modules expect it.
func (s *stage) pack(name string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.root, "app.apk"), s.cloud.Package(name), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

const (
	uploadFolder  = "from-file-to-gate/upload"
	releaseFolder = "from-file-to-gate/release"
)

// The statements of the guide "From CI to a gate".
func TestAccFromFile_signedLongEnoughScannedOnceAndRemoved(t *testing.T) {
	t.Parallel()
	bucket := newStore(t, 3*time.Hour) // the service comes when a wait of the default length ends
	s := newStoreStage(t, bucket)
	s.pack("clean.apk")
	s.enter(uploadFolder)
	s.Apply().Succeeds()
	s.enter(releaseFolder)
	s.Apply().Succeeds()
	if bucket.downloads == 0 {
		t.Fatal("nothing was downloaded from the bucket")
	}
	s.enter(uploadFolder)
	s.Destroy().Succeeds()
	if left := bucket.names(); len(left) > 0 {
		t.Errorf("the bucket still has %q", left)
	}
	// A new URL, and no object behind it any more.
	s.enter(releaseFolder)
	s.Plan().NoChanges()
	s.submissions(1)

	// The default of the official data source is too short for that queue.
	s.pack("insecure.apk")
	s.enter(uploadFolder)
	s.Apply().Succeeds()
	s.enter(releaseFolder)
	s.edit("main.tf", "  duration = \"12h\"\n", "")
	s.Apply().Fails().Says("Some apps were not scanned", "could not download the package")
	if s.State("terraform_data.release")["input"] == nil || strings.Contains(fmt.Sprint(s.State("terraform_data.release")["input"]), s.cloud.MD5("insecure.apk")) {
		t.Errorf("released: %v", s.State("terraform_data.release"))
	}
}

// TestAccFromFile_pipelines runs the commands of the two CI files, each as the CI system would: a step that fails ends
// the job, but for what runs in any case.
func TestAccFromFile_pipelines(t *testing.T) {
	t.Parallel()
	for name, commands := range map[string]func(t *testing.T) (main, always []string){"workflow.yml": githubCommands, "gitlab-ci.yml": gitlabCommands} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := newStore(t, 0)
			s := newStoreStage(t, bucket)
			main, always := commands(t)
			s.enter(uploadFolder)
			s.enter(releaseFolder)
			s.Dir = filepath.Dir(s.Dir)
			env := []string{"TF_VAR_bucket=example-1250000000", "TF_VAR_package=" + filepath.Join(s.root, "app.apk")}
			run := func(commands []string) acctest.Result {
				cmd := s.Shell("set -e\n"+strings.Join(commands, "\n"), env...)
				output, err := cmd.CombinedOutput()
				if cmd.ProcessState == nil {
					t.Fatal(err)
				}
				return acctest.NewResult(t, name, string(output), cmd.ProcessState.ExitCode())
			}
			s.pack("insecure.apk")
			run(main).Fails().Says("Security gate failed", "MS-APP-DEBUGGABLE")
			// A build that is stopped still tells of its scan: else an object that is needed would be removed.
			s.Run("-chdir=release", "output", "-raw", "scan_status").Succeeds().Says("completed")
			run(always).Succeeds()
			if left := bucket.names(); len(left) > 0 {
				t.Errorf("after a stopped build the bucket still has %q", left)
			}
			s.pack("clean.apk")
			run(main).Succeeds()
			// While the service may still download, the object stays.
			run(append([]string{"terraform() { case \"$*\" in *scan_status*) echo processing ;; *) command terraform \"$@\" ;; esac; }"}, always...)).Succeeds()
			if len(bucket.names()) != 1 {
				t.Errorf("the bucket has %q", bucket.names())
			}
			run(always).Succeeds()
			if left := bucket.names(); len(left) > 0 {
				t.Errorf("the bucket still has %q", left)
			}
			s.submissions(2)
		})
	}
}

// The policy of the guide allows what the official resource calls, below one prefix of one bucket.
func TestFromFile_policyIsForThatFolderAlone(t *testing.T) {
	t.Parallel()
	statement := readPolicy(t, "../from-file-to-gate/policy.json").Statement[0]
	for _, action := range []string{"PutObject", "HeadObject", "GetObject", "GetObjectACL", "GetObjectTagging", "DeleteObject"} {
		if !slices.Contains(statement.Action, "name/cos:"+action) {
			t.Errorf("%s is not allowed", action)
		}
	}
	if resource, _ := statement.Resource.(string); !strings.HasSuffix(resource, "/scan/*") || len(statement.Action) != 6 {
		t.Errorf("%v on %v", statement.Action, statement.Resource)
	}
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "examples", "from-file-to-gate", name))
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func githubCommands(t *testing.T) (main, always []string) {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Run string `yaml:"run"`
				If  string `yaml:"if"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	readYAML(t, "workflow.yml", &workflow)
	for _, step := range workflow.Jobs["release"].Steps {
		if step.If == "always()" {
			always = append(always, step.Run)
		} else {
			main = append(main, step.Run)
		}
	}
	return main, always
}

func gitlabCommands(t *testing.T) (main, always []string) {
	t.Helper()
	var pipeline struct {
		Release struct {
			Script []string `yaml:"script"`
			After  []string `yaml:"after_script"`
		} `yaml:"release"`
	}
	readYAML(t, "gitlab-ci.yml", &pipeline)
	return pipeline.Release.Script, pipeline.Release.After
}
