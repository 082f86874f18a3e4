package apk_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

func TestRead_refusesWhatIsNoPackage(t *testing.T) {
	t.Parallel()
	clean := sample(t, "clean")
	manifest, dex := content(t, clean, "AndroidManifest.xml"), content(t, clean, "classes.dex")
	broken := bytes.Clone(clean)
	// A byte of compressed content: the checksum no longer fits, or the stream no longer ends.
	broken[60] ^= 0xff
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"empty":               {nil, apk.ErrArchive},
		"text":                {[]byte("no archive at all"), apk.ErrArchive},
		"cut":                 {clean[:len(clean)-30], apk.ErrArchive},
		"broken content":      {broken, apk.ErrArchive},
		"no manifest":         {archive(t, entry{"classes.dex", dex}), apk.ErrManifest},
		"text manifest":       {archive(t, entry{"AndroidManifest.xml", []byte("<manifest package='a'/>")}), apk.ErrManifest},
		"empty manifest":      {archive(t, entry{"AndroidManifest.xml", nil}), apk.ErrManifest},
		"cut manifest":        {archive(t, entry{"AndroidManifest.xml", manifest[:len(manifest)/2]}), apk.ErrManifest},
		"two manifests":       {archive(t, entry{"AndroidManifest.xml", manifest}, entry{"AndroidManifest.xml", manifest}), apk.ErrManifest},
		"content in a folder": {folderWithContent(t, manifest), apk.ErrArchive},
	} {
		if _, err := read(t, test.data, apk.Options{}); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

// folderWithContent hides content behind a name that ends with a slash.
func folderWithContent(t *testing.T, manifest []byte) []byte {
	t.Helper()
	data := archive(t, entry{"AndroidManifest.xml", manifest}, entry{"hidden!", []byte("content")})
	return bytes.ReplaceAll(data, []byte("hidden!"), []byte("hidden/"))
}

func TestRead_holdsItsLimits(t *testing.T) {
	t.Parallel()
	manifest := content(t, sample(t, "clean"), "AndroidManifest.xml")
	bomb := archive(t, entry{"AndroidManifest.xml", manifest}, entry{"bomb", make([]byte, 8<<20)})
	many := []entry{{"AndroidManifest.xml", manifest}}
	for i := range 200 {
		many = append(many, entry{fmt.Sprintf("entry-%d", i), nil})
	}
	clean := sample(t, "clean")
	for name, test := range map[string]struct {
		data   []byte
		limits apk.Limits
	}{
		"file":      {clean, apk.Limits{FileBytes: int64(len(clean)) - 1}},
		"unfolding": {bomb, apk.Limits{TotalBytes: 1 << 20}},
		"entries":   {archive(t, many...), apk.Limits{Entries: 200}},
		"manifest":  {clean, apk.Limits{ManifestBytes: int64(len(manifest)) - 1}},
		"resources": {clean, apk.Limits{ResourceBytes: 100}},
	} {
		if _, err := read(t, test.data, apk.Options{Limits: test.limits}); !errors.Is(err, apk.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := read(t, archive(t, many...), apk.Options{Limits: apk.Limits{DirectoryBytes: 1}}); err != nil {
		// 200 entries fit into the room that the search for the end needs anyway.
		t.Errorf("a short directory: %v", err)
	}
	var long []entry
	for i := range 3000 {
		long = append(long, entry{fmt.Sprintf("%0100d", i), nil})
	}
	if _, err := read(t, archive(t, long...), apk.Options{Limits: apk.Limits{DirectoryBytes: 1}}); !errors.Is(err, apk.ErrTooLarge) {
		t.Errorf("a long directory: %v", err)
	}
}

// The numbers in these manifests ask for gigabytes; the walk must refuse them before anyone allocates.
func TestRead_doesNotTrustNumbersOfTheManifest(t *testing.T) {
	t.Parallel()
	good := content(t, sample(t, "clean"), "AndroidManifest.xml")
	elementAt := bytes.Index(good, []byte{0x02, 0x01, 0x10, 0x00})
	if elementAt < 0 {
		t.Fatal("no element")
	}
	le := binary.LittleEndian
	for name, change := range map[string]func(m []byte){
		"type":                 func(m []byte) { m[0] = 9 },
		"size of the file":     func(m []byte) { le.PutUint32(m[4:], 0xFFFFFFFF) },
		"header of the file":   func(m []byte) { le.PutUint16(m[2:], 0) },
		"size of the pool":     func(m []byte) { le.PutUint32(m[12:], 0xFFFFFFF0) },
		"empty chunk":          func(m []byte) { le.PutUint32(m[12:], 0) },
		"strings":              func(m []byte) { le.PutUint32(m[16:], 0xFFFFFFFF) },
		"styles":               func(m []byte) { le.PutUint32(m[20:], 0x40000000) },
		"start of the strings": func(m []byte) { le.PutUint32(m[28:], 0xFFFFFF00) },
		"offsets of strings": func(m []byte) {
			for i := range le.Uint32(m[16:]) {
				le.PutUint32(m[36+4*i:], 0x7FFFFFFF)
			}
		},
		"number of attributes":  func(m []byte) { le.PutUint16(m[elementAt+28:], 0xFFFF) },
		"width of attributes":   func(m []byte) { le.PutUint16(m[elementAt+26:], 0) },
		"beginning of them":     func(m []byte) { le.PutUint16(m[elementAt+24:], 0xFFFF) },
		"header of the element": func(m []byte) { le.PutUint16(m[elementAt+2:], 0xFFFF) },
	} {
		manifest := bytes.Clone(good)
		change(manifest)
		if _, err := read(t, archive(t, entry{"AndroidManifest.xml", manifest}), apk.Options{}); !errors.Is(err, apk.ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead_refusesAPoolWhoseStringsOverlap(t *testing.T) {
	t.Parallel()
	// Every string is the same one of 30,000 units, and every element has it for a name: 600 MB.
	const strings, elements = 20_000, 20_000
	le := binary.LittleEndian
	pool := make([]byte, 28+4*strings+4+60000)
	le.PutUint16(pool[0:], 1)
	le.PutUint16(pool[2:], 28)
	le.PutUint32(pool[4:], uint32(len(pool)))
	le.PutUint32(pool[8:], strings)
	le.PutUint32(pool[20:], 28+4*strings)
	le.PutUint16(pool[28+4*strings:], 30000)
	manifest := append([]byte{3, 0, 8, 0, 0, 0, 0, 0}, pool...)
	for i := range elements {
		element := make([]byte, 36)
		le.PutUint16(element[0:], 0x102)
		le.PutUint16(element[2:], 16)
		le.PutUint32(element[4:], 36)
		le.PutUint32(element[20:], uint32(i))
		end := make([]byte, 24)
		le.PutUint16(end[0:], 0x103)
		le.PutUint16(end[2:], 16)
		le.PutUint32(end[4:], 24)
		manifest = append(manifest, element...)
		if i > 0 { // the first is the root
			manifest = append(manifest, end...)
		}
	}
	le.PutUint32(manifest[4:], uint32(len(manifest)))
	_, err := read(t, archive(t, entry{"AndroidManifest.xml", manifest}), apk.Options{})
	if !errors.Is(err, apk.ErrManifest) || !errors.Is(err, apk.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"clean", "insecure", "ads", "noresources"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, options := range []apk.Options{{}, signatureOptions} {
			options.Limits.TotalBytes = 8 << 20
			facts, err := read(t, data, options)
			if err == nil && facts.Package == "" {
				t.Error("a package without a name")
			}
			known := errors.Is(err, apk.ErrArchive) || errors.Is(err, apk.ErrManifest) || errors.Is(err, apk.ErrTooLarge)
			if err != nil && !known {
				t.Errorf("an error of no kind: %v", err)
			}
		}
	})
}

// FuzzParts reaches the decoders without a valid archive around them.
func FuzzParts(f *testing.F) {
	for _, name := range []string{"clean", "insecure"} {
		data := sample(f, name)
		f.Add(content(f, data, "AndroidManifest.xml"), content(f, data, "resources.arsc"))
	}
	f.Fuzz(func(t *testing.T, manifest, resources []byte) {
		var out bytes.Buffer
		writer := zip.NewWriter(&out)
		for _, e := range []entry{{"AndroidManifest.xml", manifest}, {"resources.arsc", resources}} {
			w, err := writer.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Store})
			if err == nil {
				_, err = w.Write(e.data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := read(t, out.Bytes(), apk.Options{})
		known := errors.Is(err, apk.ErrManifest) || errors.Is(err, apk.ErrTooLarge) || errors.Is(err, apk.ErrArchive)
		if err != nil && !known {
			t.Errorf("an error of no kind: %v", err)
		}
	})
}
