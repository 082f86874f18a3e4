package examples_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

func TestAccTestFiles_mocksNeedNoCredentialsAndMakeNoCall(t *testing.T) {
	t.Parallel()
	outside, journal := acctest.NewOutside(t), filepath.Join(t.TempDir(), "journal")
	w := testFiles(t, append(outside.Env(), "MS_JOURNAL_DIR="+journal)...)
	w.Run("test", "-no-color").Succeeds().Says("Success! 5 passed, 0 failed.")
	if _, err := os.Stat(journal); err == nil || outside.Tries() != 0 {
		t.Errorf("%d calls were tried; the journal: %v", outside.Tries(), err)
	}
}

// The mocked tests of a module that releases whatever one of the gates says must fail.
func TestAccTestFiles_mocksNoticeAVerdictThatHoldsNothingBack(t *testing.T) {
	t.Parallel()
	for verdict, test := range map[string]string{
		"    package = data.ms_scan_results.app.verdict\n":          "a_package_that_fails_is_not_released",
		"    image   = data.ms_tcss_image_findings.image.verdict\n": "an_image_without_evidence_is_not_released",
		"    hosts   = data.ms_cwp_findings.hosts.verdict\n":        "hosts_that_fail_are_not_released_to",
	} {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			w := testFiles(t)
			path := filepath.Join(w.Dir, "main.tf")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			broken := strings.Replace(string(text), verdict, "", 1)
			if broken == string(text) {
				t.Fatalf("no %q in %s", verdict, text)
			}
			if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			w.Run("test", "-no-color").Fails().Says(`run "`+test+`"... fail`, "Missing expected failure", "terraform_data.release, was expected to report an error")
		})
	}
}

// OpenTofu takes no object without all of its attributes, and CI may run Terraform alone.
func TestTestFiles_mocksOfOpenTofuHaveWholeVerdicts(t *testing.T) {
	t.Parallel()
	_, schema, _ := strings.Cut(pages(t)["data-sources/cwp_findings.md"], "### Nested Schema for `verdict`")
	schema, _, _ = strings.Cut(schema, "<a id=")
	names := attribute.FindAllStringSubmatch(schema, -1)
	if len(names) < 13 {
		t.Fatalf("only %q were found", names)
	}
	text, err := os.ReadFile(filepath.Join(repository, "examples", "tests", "mocked.tofutest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := strings.Split(string(text), "verdict = {\n")[1:]
	for i, verdict := range verdicts {
		verdict, _, _ = strings.Cut(verdict, "\n      }\n")
		for _, name := range names {
			if !regexp.MustCompile(`(?m)^ {8}` + name[1] + ` += `).MatchString(verdict) {
				t.Errorf("verdict %d has no %s", i+1, name[1])
			}
		}
	}
	if len(verdicts) != 7 {
		t.Errorf("%d verdicts were found", len(verdicts))
	}
}

func TestAccTestFiles_emulator(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		clean, infected string
		says            string
		fails           bool
		mocked          bool // runs the mocked tests as well
		submitted       []string
	}{
		"as they should be": {
			clean: "clean.apk", infected: "infected.apk", says: "Success! 5 passed, 0 failed.", submitted: []string{"clean.apk", "infected.apk", "clean.apk"},
		},
		"as the README says": {
			clean: "clean.apk", infected: "insecure.apk", says: "Success! 10 passed, 0 failed.", mocked: true, submitted: []string{"clean.apk", "insecure.apk", "clean.apk"},
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
			args := []string{"test", "-no-color", "-test-directory=emulator", "-var-file=emulator.tfvars.json"}
			if !tt.mocked {
				args = append(args, "-filter=emulator/gate.tftest.hcl")
			}
			result := w.Run(args...)
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
