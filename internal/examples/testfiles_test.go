package examples_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// testFiles returns a workspace that holds a copy of examples/tests.
func testFiles(t *testing.T, env ...string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWithBinary(t, env...)
	acctest.CopyTracked(t, w.Dir, filepath.Join(repository, "examples", "tests"))
	return w
}

func TestTestFiles_mocksNeedNoCredentialsAndMakeNoCall(t *testing.T) {
	t.Parallel()
	outside, journal := acctest.NewOutside(t), filepath.Join(t.TempDir(), "journal")
	w := testFiles(t, append(outside.Env(), "MS_JOURNAL_DIR="+journal)...)
	w.Run("test", "-no-color").Succeeds().Says("Success! 3 passed, 0 failed.")
	if _, err := os.Stat(journal); err == nil || outside.Tries() != 0 {
		t.Errorf("%d calls were tried; the journal: %v", outside.Tries(), err)
	}
}

// The mocked tests of a module that releases whatever comes must fail.
func TestTestFiles_mocksNoticeAReleaseThatIsNotHeldBack(t *testing.T) {
	t.Parallel()
	w := testFiles(t)
	path := filepath.Join(w.Dir, "main.tf")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const condition = "data.ms_scan_results.app.verdict.passed\n"
	broken := strings.Replace(string(text), condition, "data.ms_scan_results.app.verdict.passed || true\n", 1)
	if broken == string(text) {
		t.Fatalf("no %q in %s", condition, text)
	}
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Run("test", "-no-color").Fails().Says("Missing expected failure", "terraform_data.release, was expected to report an error")
}

func TestTestFiles_emulator(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		clean, infected string
		says            string
		fails           bool
		submitted       []string
	}{
		"as they should be": {
			clean: "clean.apk", infected: "infected.apk", says: "Success! 7 passed, 0 failed.", submitted: []string{"clean.apk", "infected.apk"},
		},
		"as the README says": {
			clean: "clean.apk", infected: "insecure.apk", says: "Success! 7 passed, 0 failed.", submitted: []string{"clean.apk", "insecure.apk"},
		},
		"nothing is wrong with the second": {
			clean: "clean.apk", infected: "ads.apk", says: "Missing expected failure", fails: true, submitted: []string{"clean.apk", "ads.apk"},
		},
		"the first is infected": {
			clean: "infected.apk", infected: "infected.apk", says: "Security gate", fails: true, submitted: []string{"infected.apk"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.CLI(t)
			cloud := acctest.NewCloud(t)
			w := testFiles(t, "TENCENTCLOUD_ENDPOINT_URL="+cloud.URL(), "TENCENTCLOUD_SECRET_ID="+cloud.SecretID(), "TENCENTCLOUD_SECRET_KEY="+cloud.SecretKey())
			variables(t, w, cloud, tt.clean, tt.infected)
			result := w.Run("test", "-no-color", "-test-directory=emulator", "-var-file=emulator.tfvars.json")
			if result.Says(tt.says); tt.fails {
				result.Fails()
			} else {
				result.Succeeds()
			}
			var submitted []string
			for _, submission := range cloud.Ledger().Submissions {
				submitted = append(submitted, submission.AppMD5s...)
			}
			var want []string
			for _, name := range tt.submitted {
				want = append(want, cloud.MD5(name))
			}
			if fmt.Sprint(submitted) != fmt.Sprint(want) {
				t.Errorf("submitted %q, want %q", submitted, want)
			}
		})
	}
}

// variables writes the file of variables that the README describes.
func variables(t *testing.T, w *acctest.Workspace, cloud *acctest.Cloud, clean, infected string) {
	t.Helper()
	text, err := json.Marshal(map[string]string{
		"clean_url": cloud.AppURL(clean, "first"), "clean_md5": cloud.MD5(clean),
		"infected_url": cloud.AppURL(infected, "first"), "infected_md5": cloud.MD5(infected),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "emulator.tfvars.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}
