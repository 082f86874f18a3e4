//go:build unix

package apk_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// Opening a pipe without a writer would wait for ever.
func TestReadFile_doesNotWaitForAPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{path, "/dev/zero"} {
		if _, err := apk.ReadFile(t.Context(), path, apk.Options{}); !errors.Is(err, apk.ErrNotRegular) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
