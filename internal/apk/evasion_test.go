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
		"behind the root":     {late(chunk(0x0102, u32(1, none), u32(none))), apk.ErrManifest, "behind the root element"},
		"cut off behind it":   {late(u16(0x0100, 16, 0xFFFF, 0)), apk.ErrManifest, "behind the root element"},
		"end behind the root": {late(chunk(0x0103, u32(1, none), u32(none, 0))), apk.ErrManifest, "behind the root element"},
		"no end":              {unended(good), apk.ErrManifest, "an element has no end"},
		"name of no string":   {changed(good, func(b []byte) { copy(b[len(b)-28:], u32(0)) }, func(b []byte) { renameRoot(b, 0xFFFF) }), apk.ErrManifest, "outside of its pool"},
		"string without end":  {changed(good, func(b []byte) { unendString(b, "manifest") }), apk.ErrManifest, "does not end where it says"},
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

// changed is a package whose manifest was changed.
func changed(data []byte, changes ...func([]byte)) []byte {
	data = bytes.Clone(data)
	for _, change := range changes {
		change(data)
	}
	return packaged(data)
}

// unended is a package whose manifest ends before the last end of an element.
func unended(data []byte) []byte {
	data = bytes.Clone(data[:len(data)-24])
	copy(data[4:], u32(uint32(len(data))))
	return packaged(data)
}

func packaged(data []byte) []byte {
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	w, err := writer.Create("AndroidManifest.xml")
	if err == nil {
		_, err = w.Write(data)
	}
	if err = errors.Join(err, writer.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// renameRoot gives the first element the name with an index.
func renameRoot(data []byte, index uint32) {
	at := bytes.Index(data, append(u16(0x0102, 16), u32(16+20+20)...))
	copy(data[at+20:], u32(index))
}

// utf16Of is a string of a pool as it is stored there.
func utf16Of(s string) []byte {
	p := pool([]string{s}, false)
	return p[32:]
}

// unendString puts something in the place of the zero that ends a string.
func unendString(data []byte, s string) {
	stored := utf16Of(s)
	data[bytes.Index(data, stored)+len(stored)-2] = 'x'
}

// What Android does not look at does not keep a package from being read.
func TestRead_readsWhatAndroidLeavesAlone(t *testing.T) {
	t.Parallel()
	good := binaryXML(manifest(nil, node{name: "application", attrs: []attr{typed(idLabel, kindReference, 0x7F020000)}}))
	table := func(change func(parts [][]byte) [][]byte) []byte {
		header := append(u32(0x7F), make([]byte, 256+4*5)...)
		parts := [][]byte{pool([]string{"label"}, true), chunk(0x0200, header, typeChunk(2, 0, nil, 1, u32(0), entryOf(kindString, 0)))}
		return chunk(0x0002, u32(1), slices.Concat(change(parts)...))
	}
	plain := table(func(parts [][]byte) [][]byte { return parts })
	archived := func(manifest, table []byte) []byte {
		return archive(t, entry{"AndroidManifest.xml", manifest}, entry{"resources.arsc", table})
	}
	encrypted := archived(good, plain)
	for mark, flags := range map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8} {
		for at := range encrypted {
			if bytes.HasPrefix(encrypted[at:], []byte(mark)) {
				encrypted[at+flags] |= 1
			}
		}
	}
	odd := bytes.Clone(good) // in the middle of a unit
	for i := range int(le(odd, 8+8)) {
		copy(odd[8+28+4*i:], u32(le(odd, 8+28+4*i)+1))
	}
	styles := bytes.Clone(good)
	copy(styles[8+12:], u32(1<<30))
	copy(styles[8+24:], u32(le(styles, 8+20)+2))
	described := rawArchive(t, "AndroidManifest.xml", zip.Store, good, uint64(len(good)))
	described[bytes.Index(described, []byte("PK\x01\x02"))+8] |= 8 // a copy of the sizes, which does not follow
	if facts, err := read(t, described, apk.Options{ManifestOnly: true}); err != nil || facts.Package != "com.example.a" {
		t.Errorf("%+v, %v", facts, err)
	}
	for name, data := range map[string][]byte{
		"as it is":                  archived(good, plain),
		"marked as encrypted":       encrypted,
		"odd places of strings":     archived(odd, plain),
		"styles that are not there": archived(styles, plain),
		"a second pool of a table":  archived(good, table(func(parts [][]byte) [][]byte { return append(parts, pool([]string{"other"}, true)) })),
		"a table that is cut off":   archived(good, table(func(parts [][]byte) [][]byte { return append(parts, u16(0x0200, 288, 0xFFFF, 0xFF)) })),
		"a half header":             archived(good, table(func(parts [][]byte) [][]byte { return append(parts, u32(0)) })),
		"a package that is cut off": archived(good, table(func(parts [][]byte) [][]byte {
			parts[1] = append(parts[1], u16(0x0201, 20, 0xFFFF, 0)...)
			copy(parts[1][4:], u32(uint32(len(parts[1]))))
			return parts
		})),
		"a label behind a zero": archived(good, table(func(parts [][]byte) [][]byte {
			return append([][]byte{pool([]string{"label\x00 and more"}, true)}, parts[1:]...)
		})),
	} {
		facts, err := read(t, data, apk.Options{ManifestOnly: true})
		if err != nil || facts.Package != "com.example.a" || facts.Label != "label" || !facts.HasResources {
			t.Errorf("%s: %+v, %v", name, facts, err)
		}
	}
}

func le(data []byte, at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }

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
