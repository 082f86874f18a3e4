//go:build unix

package emulator_test

import (
	"net/http"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// Opening a pipe that nobody writes to would wait for ever.
func TestPackages_pipeIsNotOpened(t *testing.T) {
	t.Parallel()
	folder := packageFolder(t)
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe.apk"), 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	server := start(t, emulator.WithPackages(folder)).server
	if code, _ := get(t, server, http.MethodGet, "/packages/pipe.apk"); code != http.StatusNotFound {
		t.Errorf("status %d", code)
	}
}
