// Package bench_test measures what users feel, each thing beside its floor: plan time, calls, the delay
// until the end of a scan is noticed, memory and the size of the state. `make bench` runs it at full
// length and writes dist/figures/performance.md; `make test` runs it at a small size, where only what is
// counted can fail it, never a time.
package bench_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

var (
	reports  = flag.String("reports", "", "folder for the tables of make bench; without it everything is small")
	binaries = flag.String("binaries", "", "folder with the stripped binaries of the provider and its peers")
)

// full tells whether this is a run of make bench.
func full() bool { return *reports != "" }

// sizes are 1×, 10× and 100× of a measurement; outside of make bench only the first.
func sizes(one int) []int {
	if full() {
		return []int{one, 10 * one, 100 * one}
	}
	return []int{one}
}

// report writes a table for make bench.
func report(t *testing.T, name, text string) {
	t.Helper()
	t.Log("\n" + text)
	if !full() {
		return
	}
	if err := os.WriteFile(filepath.Join(*reports, name+".md"), []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// binary returns a binary that make bench built; other runs skip what needs one.
func binary(t *testing.T, name string) string {
	t.Helper()
	if *binaries == "" {
		t.Skip("needs the binaries that make bench builds")
	}
	return filepath.Join(*binaries, name)
}

// count writes a number as the document does: 40,000.
func count(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", count(n/1000), n%1000)
}
