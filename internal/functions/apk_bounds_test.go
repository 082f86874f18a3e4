package functions_test

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/functions"
)

// unfolding is an archive of zeros, small as a file.
func unfolding(t *testing.T, name string, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	w, err := archive.Create(name)
	if err == nil {
		_, err = w.Write(make([]byte, size))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestInspectAPK_holdsTheBoundsOfItsPage(t *testing.T) {
	t.Parallel()
	long := file(t, "long.apk", nil)
	if err := os.Truncate(long, 4<<30+1); err != nil {
		t.Skip(err)
	}
	for name, path := range map[string]string{
		"manifest":       file(t, "a.apk", unfolding(t, "AndroidManifest.xml", 4<<20+1)),
		"resource table": file(t, "a.apk", unfolding(t, "resources.arsc", 64<<20+1)),
		"file":           long,
	} {
		_, err := call(t, functions.NewInspectAPK(), path)
		if err == nil || !strings.Contains(err.Text, "beyond the limits") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	// What is not needed is not unfolded.
	_, err := call(t, functions.NewInspectAPK(), file(t, "a.apk", unfolding(t, "assets/large", 130<<20)))
	if err == nil || !strings.Contains(err.Text, "there is no AndroidManifest.xml") {
		t.Errorf("got %v", err)
	}
}
