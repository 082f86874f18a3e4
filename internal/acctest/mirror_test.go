package acctest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

const (
	mirrorVersion = "7.8.9"
	mirrorCommit  = "0123456789abcdef0123456789abcdef01234567"
)

// printedConfig is the CLI configuration in what tools/mirror.sh prints.
var printedConfig = regexp.MustCompile(`(?s)\n {2}provider_installation \{\n.*?\n {2}\}\n`)

// makeMirror runs tools/mirror.sh, and returns the folder and the CLI configuration that it prints.
func makeMirror(t *testing.T) (folder, config string) {
	t.Helper()
	acctest.CLI(t) // skips before anything is built
	folder = filepath.Join(t.TempDir(), "a mirror")
	output, err := exec.Command("../../tools/mirror.sh", folder, mirrorVersion, mirrorCommit).CombinedOutput()
	if err != nil {
		t.Fatalf("tools/mirror.sh: %v\n%s", err, output)
	}
	config = printedConfig.FindString(string(output))
	if config == "" {
		t.Fatalf("no CLI configuration in\n%s", output)
	}
	return folder, config
}

// TestAccMirror_installsWithoutNetwork is the way of someone behind an air gap: init from the mirror, then
// plan and apply, and nobody knocks at the outside.
func TestAccMirror_installsWithoutNetwork(t *testing.T) {
	t.Parallel()
	folder, config := makeMirror(t)
	cloud, outside := acctest.NewCloud(t), acctest.NewOutside(t)
	w := acctest.NewWithInstallation(t, config, outside.Env()...)
	w.Write(strings.Replace(cloud.Provider(), `"tencentscan/ms"`, `"tencentscan/ms", version = "~> 7.8"`, 1) + `
resource "ms_scan_instance" "app" {
  app_infos     = [` + cloud.App("clean.apk") + `]
  poll_interval = "10ms"
}
`)

	w.Run("init", "-no-color").Succeeds().Says("Installed tencentscan/ms v" + mirrorVersion)
	lock, err := os.ReadFile(filepath.Join(w.Dir, ".terraform.lock.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`/tencentscan/ms"`, `"` + mirrorVersion + `"`, `"h1:`} {
		if !strings.Contains(string(lock), part) {
			t.Errorf("no %s in the lock file\n%s", part, lock)
		}
	}
	if plan := w.Plan(); plan.Code != 2 {
		t.Fatalf("the plan ended with code %d:\n%s", plan.Code, plan.Output)
	}
	w.Apply().Succeeds()
	if status := w.State("ms_scan_instance.app")["status"]; status != "completed" {
		t.Errorf("status %v", status)
	}
	w.Plan().NoChanges()
	for _, call := range cloud.Ledger().Calls {
		if !strings.HasSuffix(call.RequestClient, "terraform-provider-ms "+mirrorVersion+" "+mirrorCommit) {
			t.Errorf("%s was called by %q", call.Action, call.RequestClient)
		}
	}
	if n := outside.Tries(); n != 0 {
		t.Errorf("%d connections to the outside", n)
	}

	// What the lock file knows is held to: another binary of the same name is not installed.
	binaries, _ := filepath.Glob(filepath.Join(folder, "*", "*", "*", "*", "*", "terraform-provider-ms_v*"))
	if len(binaries) != 2 {
		t.Fatalf("the mirror has %q, not a binary for each of two hosts", binaries)
	}
	for _, binary := range binaries {
		if err := os.Remove(binary); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(binary, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.Run("init", "-no-color").Fails().Says("checksum")
}

// TestAccMirror_networkWouldBeSeen shows that the test above can fail.
func TestAccMirror_networkWouldBeSeen(t *testing.T) {
	t.Parallel()
	outside := acctest.NewOutside(t)
	w := acctest.NewWithInstallation(t, "provider_installation {\n  direct {}\n}\n", outside.Env()...)
	w.Write("terraform {\n  required_providers {\n    ms = { source = \"tencentscan/ms\" }\n  }\n}\n")
	w.Run("init", "-no-color").Fails()
	if outside.Tries() == 0 {
		t.Error("the CLI asked a registry, and nobody noticed")
	}
}
