package examples_test

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// expectation is what a folder of examples/ needs to be tried, and what is to come of it.
type expectation struct {
	build     string            // the package at build/app.apk; default clean.apk
	cloud     []emulator.Option // of the emulator
	variables map[string]any
	after     []string // folders to apply before
	bucket    bool     // an object store, and the stand-in of the official provider
	fails     []string // what the CLI says; empty: the folder applies, and a plan after that changes nothing
}

// expectations names what is special. A folder without an entry is applied as it is.
var expectations = map[string]expectation{
	"from-file-to-gate/upload":                    {bucket: true},
	"from-file-to-gate/release":                   {bucket: true, after: []string{"from-file-to-gate/upload"}},
	"guides/exceptions":                           {build: "insecure.apk"},
	"guides/baseline":                             {build: "insecure.apk"},
	"guides/emulator":                             {cloud: []emulator.Option{scenario("guides/emulator/scenario.json")}},
	"guides/pinned-policy":                        {variables: map[string]any{"approved_policy_sha256": "0000"}, fails: []string{"The gate is not the approved one: its policy_sha256 is"}},
	"guides/one-policy":                           {variables: map[string]any{"approved_policy_sha256": map[string]any{}}, fails: []string{"The gates are not the approved ones. Their policy_sha256:"}},
	"guides/two-root-modules/release":             {after: []string{"guides/two-root-modules/scan"}},
	"image-to-deployment/two-root-modules/deploy": {after: []string{"image-to-deployment/two-root-modules/scan"}},
	"tests": {variables: map[string]any{"package_md5": packages.MD5(packages.Clean())}},
	"guides/assume-role": {cloud: []emulator.Option{emulator.WithRole(emulator.Role{
		ARN: "qcs::cam::uin/100000000001:roleName/scanner", ExternalID: "release-42",
	})}},
}

func scenario(file string) emulator.Option {
	document, err := os.ReadFile(filepath.Join(repository, "examples", filepath.FromSlash(file)))
	if err != nil {
		panic(err)
	}
	return emulator.WithScenario(document)
}

// folders returns the folders of examples/ that hold a configuration, but for modules, which are
// tried through whoever calls them.
func folders(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, file := range acctest.Tracked(t, filepath.Join(repository, "examples")) {
		if folder := path.Dir(file); path.Ext(file) == ".tf" && !strings.HasPrefix(folder+"/", "modules/") && !strings.Contains(folder+"/", "/modules/") && !slices.Contains(found, folder) {
			found = append(found, folder)
		}
	}
	return found
}

func TestAccExamples_doWhatTheySay(t *testing.T) {
	t.Parallel()
	all := folders(t)
	if len(all) < len(expectations) {
		t.Fatalf("only %q were found", all)
	}
	for folder := range expectations {
		if !slices.Contains(all, folder) {
			t.Errorf("%s is expected something of, but is not there", folder)
		}
	}
	for _, folder := range all {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			expected := expectations[folder]
			var s *stage
			switch {
			case expected.bucket:
				s = newStoreStage(t, newStore(t, 0), expected.cloud...)
				s.pack("clean.apk")
			case callsFunctions(t, folder):
				s = newStageWithBinary(t, folder, expected.cloud...)
			default:
				s = newStage(t, folder, expected.cloud...)
			}
			for _, before := range expected.after {
				s.enter(before)
				s.Apply().Succeeds()
			}
			s.enter(folder)
			if expected.build != "" {
				s.build(expected.build)
			}
			s.give(expected.variables)
			if modules(s) {
				s.Run("get").Succeeds()
			}
			applied := s.Apply()
			if len(expected.fails) > 0 {
				applied.Fails().Says(expected.fails...)
				return
			}
			applied.Succeeds()
			s.unchanged()
		})
	}
}

// callsFunctions tells whether a folder calls functions of the provider, which may read files by paths
// relative to the folder in which the CLI runs.
func callsFunctions(t *testing.T, folder string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(repository, "examples", filepath.FromSlash(folder), "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(text), "provider::ms::")
	})
}

// modules tells whether a folder calls modules, which the CLI has to be told of.
func modules(s *stage) bool {
	return slices.ContainsFunc(s.configuration(), func(path string) bool { return strings.Contains(s.read(path), "\nmodule \"") })
}
