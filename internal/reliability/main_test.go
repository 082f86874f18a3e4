// Package reliability_test proves by figures, with the real CLI, what the provider promises under load
// and under faults. `make reliability` runs all of it at full length and writes dist/figures/reliability.md.
package reliability_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestMain(m *testing.M) { acctest.Main(m) }

var reports = flag.String("reports", "", "folder for the tables of make reliability")

// report writes a table for `make reliability`.
func report(t *testing.T, name, text string) {
	t.Helper()
	t.Log("\n" + text)
	if *reports == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*reports, name), []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// apps serves so many packages, each with an MD5 of its own, and returns them as a list of objects.
func apps(cloud *acctest.Cloud, prefix string, n int) string {
	var b strings.Builder
	clean := packages.Clean()
	for i := range n {
		name := fmt.Sprintf("%s-%d.apk", prefix, i)
		cloud.Add(name, packages.Variant(clean, name))
		fmt.Fprintf(&b, "  %s,\n", cloud.App(name))
	}
	return "[\n" + b.String() + "]"
}

// scans declares a scan of each app, waited for.
func scans(cloud *acctest.Cloud, prefix string, n int) string {
	return "locals {\n apps = " + apps(cloud, prefix, n) + "\n}\n" + `
resource "ms_scan_instance" "app" {
  count     = length(local.apps)
  app_infos = [{ app_url = local.apps[count.index].app_url, app_md5 = local.apps[count.index].app_md5 }]
}
`
}

// submittedOnce fails the test unless each app that the cloud accepted was accepted once, and there are n.
func submittedOnce(t *testing.T, cloud *acctest.Cloud, n int) {
	t.Helper()
	counts := cloud.Ledger().MD5Counts
	if len(counts) != n {
		t.Errorf("%d apps were submitted, want %d", len(counts), n)
	}
	for md5, times := range counts {
		if times != 1 {
			t.Errorf("%s was submitted %d times", md5, times)
		}
	}
}
