package emulator

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func inspectBytes(data []byte) (*found, error) {
	return inspect(context.Background(), bytes.NewReader(data), int64(len(data)))
}

// entryOf is the content of an entry of a package.
func entryOf(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	content, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// archiveOf is an archive of two entries.
func archiveOf(t testing.TB, name string, content []byte, other string, otherContent []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, e := range []struct {
		name    string
		content []byte
	}{{name, content}, {other, otherContent}} {
		w, err := writer.Create(e.name)
		if err == nil {
			_, err = w.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestInspect_findsSDKsByTheirClasses(t *testing.T) {
	t.Parallel()
	f, err := inspectBytes(packages.Ads())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, sdk := range f.sdks {
		names = append(names, sdk.name)
	}
	if !slices.Equal(names, []string{"AdMob", "Airpush", "AppLovin", "OkHttp", "Tapjoy"}) {
		t.Errorf("SDKs %v", names)
	}
	f, err = inspectBytes(packages.Insecure())
	if err != nil || f.classes != 4 || len(f.sdks) != 0 {
		t.Errorf("%+v, %v", f, err)
	}
	for name, data := range packages.All() {
		if f, err := inspectBytes(data); err != nil || f.classes == 0 {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func TestInspect_refusesWhatIsNoDexFile(t *testing.T) {
	t.Parallel()
	manifest, dex := entryOf(t, packages.Clean(), "AndroidManifest.xml"), entryOf(t, packages.Clean(), "classes.dex")
	for name, data := range map[string][]byte{
		"text dex": archiveOf(t, "AndroidManifest.xml", manifest, "classes2.dex", []byte("dex?")),
		"cut dex":  archiveOf(t, "AndroidManifest.xml", manifest, "classes.dex", dex[:0x80]),
		"long dex": archiveOf(t, "AndroidManifest.xml", manifest, "classes.dex", make([]byte, maxDexBytes+1)),
	} {
		if _, err := inspectBytes(data); !errors.Is(err, errDex) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInspect_doesNotTrustNumbersOfTheDexFile(t *testing.T) {
	t.Parallel()
	manifest, good := entryOf(t, packages.Clean(), "AndroidManifest.xml"), entryOf(t, packages.Clean(), "classes.dex")
	le := binary.LittleEndian
	classes := le.Uint32(good[0x64:])
	for name, change := range map[string]func(d []byte){
		"magic":            func(d []byte) { d[0] = 'D' },
		"classes":          func(d []byte) { le.PutUint32(d[0x60:], 0xFFFFFFFF) },
		"more than types":  func(d []byte) { le.PutUint32(d[0x60:], 4) },
		"types":            func(d []byte) { le.PutUint32(d[0x40:], 0x7FFFFFFF) },
		"strings":          func(d []byte) { le.PutUint32(d[0x38:], 0x7FFFFFFF) },
		"place of classes": func(d []byte) { le.PutUint32(d[0x64:], 0xFFFFFFF0) },
		"place in header":  func(d []byte) { le.PutUint32(d[0x64:], 4) },
		"type of a class":  func(d []byte) { le.PutUint32(d[classes:], 99) },
		"name of a class":  func(d []byte) { le.PutUint32(d[0x70:], 0xFFFFFFF0); le.PutUint32(d[classes:], 0) },
	} {
		dex := bytes.Clone(good)
		change(dex)
		if _, err := inspectBytes(archiveOf(t, "AndroidManifest.xml", manifest, "classes.dex", dex)); !errors.Is(err, errDex) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzDex reaches the reader of dex files without an archive around them.
func FuzzDex(f *testing.F) {
	for _, data := range packages.All() {
		f.Add(entryOf(f, data, "classes.dex"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		result := &found{}
		if err := result.visitDex("classes.dex", bytes.NewReader(data)); err != nil && !errors.Is(err, errDex) {
			t.Errorf("an error of no kind: %v", err)
		}
	})
}
