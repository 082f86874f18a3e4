package apk_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// rawArchive is an archive of one entry whose directory says what it is told to.
func rawArchive(t *testing.T, name string, method uint16, data []byte, size uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	w, err := writer.CreateRaw(&zip.FileHeader{
		Name: name, Method: method, CRC32: crc32.ChecksumIEEE(data), CompressedSize64: uint64(len(data)), UncompressedSize64: size,
	})
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What Android reads in another way than other tools is refused, and named.
func TestRead_namesEvasions(t *testing.T) {
	t.Parallel()
	good := binaryXML(manifest(nil, node{name: "application"}))
	outer := func(kind uint16) []byte {
		data := bytes.Clone(good)
		binary.LittleEndian.PutUint16(data, kind)
		return archive(t, entry{"AndroidManifest.xml", data})
	}
	of := func(root node) []byte { return archive(t, entry{"AndroidManifest.xml", binaryXML(root)}) }
	late := func(chunk []byte) []byte {
		data := slices.Concat(good, chunk)
		copy(data[4:], u32(uint32(len(data))))
		return archive(t, entry{"AndroidManifest.xml", data})
	}
	application, sdk, table := node{name: "application"}, node{name: "uses-sdk"}, entry{"resources.arsc", values()}
	disguised := node{name: "manifest", attrs: []attr{{name: "package", kind: kindString, text: "com.example.good", raw: "com.example.evil"}}}
	root := slices.Concat(chunk(0x0102, u32(1, none), slices.Concat(u32(none, 0), u16(20, 20, 0, 0, 0, 0))), chunk(0x0103, u32(1, none), u32(none, 0)))
	for name, test := range map[string]struct {
		data []byte
		kind error
		want string
	}{
		"outer type 0":        {outer(0), apk.ErrManifest, "outer chunk is of type 0x0000 in place of 0x0003"},
		"another outer type":  {outer(0x1234), apk.ErrManifest, "outer chunk is of type 0x1234"},
		"compression method":  {rawArchive(t, "AndroidManifest.xml", 0x2E4C, good, uint64(len(good))), apk.ErrArchive, `entry "AndroidManifest.xml": apk: made so that tools differ over it: compression method 11852`},
		"method of the table": {rawArchive(t, "resources.arsc", 1, good, uint64(len(good))), apk.ErrArchive, "compression method 1,"},
		"two sizes":           {rawArchive(t, "AndroidManifest.xml", zip.Store, good, 1<<20), apk.ErrArchive, "two sizes"},
		"two manifests":       {archive(t, entry{"AndroidManifest.xml", good}, entry{"AndroidManifest.xml", good}), apk.ErrManifest, "AndroidManifest.xml is there twice"},
		"two tables":          {archive(t, entry{"AndroidManifest.xml", good}, table, table), apk.ErrArchive, "resources.arsc is there twice"},
		"two uses-sdk":        {of(manifest(nil, sdk, sdk)), apk.ErrManifest, "<uses-sdk> is there 2 times"},
		"two applications":    {of(manifest(nil, application, application)), apk.ErrManifest, "<application> is there 2 times"},
		"two packages":        {of(node{name: "manifest", attrs: []attr{{name: "package", kind: kindString, text: "a.b"}, {name: "package", kind: kindString, text: "c.d"}}}), apk.ErrManifest, "the package is named twice"},
		"a package of two":    {of(disguised), apk.ErrManifest, `two values for its package, "com.example.good" and "com.example.evil"`},
		"double attribute":    {of(manifest(nil, node{name: "application", attrs: []attr{typed(idDebuggable, kindBoolean, 0), typed(idDebuggable, kindBoolean, 1)}})), apk.ErrManifest, "attributes that are double or out of order"},
		"unordered":           {of(manifest(nil, node{name: "application", attrs: []attr{typed(idAllowBackup, kindBoolean, 0), typed(idDebuggable, kindBoolean, 0)}})), apk.ErrManifest, "attributes that are double or out of order"},
		"second pool":         {late(pool([]string{"x"}, false)), apk.ErrManifest, "string pool"},
		"second map":          {late(chunk(0x0180, nil, u32(idName))), apk.ErrManifest, "resource map"},
		"second root":         {late(root), apk.ErrManifest, "second root element"},
	} {
		_, err := read(t, test.data, apk.Options{ManifestOnly: true})
		if !errors.Is(err, apk.ErrEvasion) || !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An entry that nobody asks for may be anything, until all are read.
	hidden := bytes.ReplaceAll(archive(t, entry{"AndroidManifest.xml", good}, entry{"hidden!", []byte("content")}), []byte("hidden!"), []byte("hidden/"))
	if _, err := read(t, hidden, apk.Options{ManifestOnly: true}); err != nil {
		t.Error(err)
	}
	if _, err := read(t, hidden, apk.Options{}); !errors.Is(err, apk.ErrEvasion) {
		t.Error(err)
	}
	// A signature that cannot be read does not hide the rest.
	signature := archive(t, entry{"AndroidManifest.xml", good}, entry{"META-INF/A.SF", nil}, entry{"META-INF/A.RSA", content(t, sample(t, "clean"), "META-INF/SAMPLE.EC")})
	directory := bytes.LastIndex(signature, []byte("META-INF/A.RSA")) - 46
	stored := bytes.Clone(signature)
	binary.LittleEndian.PutUint16(stored[directory+10:], zip.Store)
	facts, err := read(t, stored, signatureOptions)
	if err != nil || facts.Package != "com.example.a" || len(facts.UnreadableSignatures) != 1 || !errors.Is(facts.UnreadableSignatures[0].Err, apk.ErrEvasion) {
		t.Errorf("%+v, %v", facts, err)
	}
	if _, err := read(t, stored, apk.Options{Signatures: true}); !errors.Is(err, apk.ErrEvasion) {
		t.Error(err)
	}
	// The platform inflates a signature whatever its method is called.
	binary.LittleEndian.PutUint16(signature[directory+10:], 21)
	facts, err = read(t, signature, signatureOptions)
	if err != nil || len(facts.Signatures) != 1 || facts.Signatures[0].CertificateSHA256 != samplesCertificate || len(facts.UnreadableSignatures) != 0 {
		t.Errorf("%+v, %v", facts, err)
	}
	for name, data := range map[string][]byte{
		"text":         archive(t, entry{"AndroidManifest.xml", []byte("<?xml version='1.0'?><manifest package='a.b'/>")}),
		"bytes after":  append(archive(t, entry{"AndroidManifest.xml", good}), '\n'),
		"no other sin": outer(3)[:100],
	} {
		if _, err := read(t, data, apk.Options{ManifestOnly: true}); err == nil || errors.Is(err, apk.ErrEvasion) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The header of a string pool says itself how long it is.
func TestRead_findsStringsBehindALongHeader(t *testing.T) {
	t.Parallel()
	long := func(strings ...string) []byte {
		p := pool(strings, true)
		p = slices.Concat(p[:28], u32(0xFFFFFFFF), p[28:])
		binary.LittleEndian.PutUint16(p[2:], 32)
		binary.LittleEndian.PutUint32(p[4:], uint32(len(p)))
		binary.LittleEndian.PutUint32(p[20:], binary.LittleEndian.Uint32(p[20:])+4)
		return p
	}
	header := append(u32(0x7F), make([]byte, 256+4*5)...)
	pkg := chunk(0x0200, header, typeChunk(1, 0, nil, 2, u32(none, 0), entryOf(kindString, 1)))
	if got := label(t, chunk(0x0002, u32(1), append(long("wrong", "right"), pkg...))); got != "right" {
		t.Errorf("got %q", got)
	}
}
