// Package packages holds the sample Android packages that tests and the demo scan: real, signed
// packages of a few kilobytes, built by build.sh from the sources beside it.
//
// None of them is infected. [Infect] makes an infected one while running, by the EICAR test string,
// so that no virus scanner trips over the repository.
package packages

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	_ "embed"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"slices"
)

//go:embed built/clean.apk
var clean []byte

//go:embed built/insecure.apk
var insecure []byte

//go:embed built/ads.apk
var ads []byte

//go:embed built/noresources.apk
var noResources []byte

// Clean is com.example.shop 1.2.3: a scan of it finds nothing.
func Clean() []byte { return slices.Clone(clean) }

// Insecure is com.example.insecure 0.7: debuggable (high), backup, cleartext traffic and two open
// components (medium), an old minSdkVersion (low), three permissions, two sensitive words.
func Insecure() []byte { return slices.Clone(insecure) }

// Ads is com.example.ads 3.0: four ad SDKs (banner, interstitial, integral wall, notification bar),
// one other SDK, one permission.
func Ads() []byte { return slices.Clone(ads) }

// NoResources is com.example.noresources 1.0: as Clean, but its archive has no resources.arsc.
func NoResources() []byte { return slices.Clone(noResources) }

// All are the packages by the names of their files, as in "clean.apk", and "infected.apk", which is
// Infect(Clean()).
func All() map[string][]byte {
	return map[string][]byte{
		"clean.apk": Clean(), "insecure.apk": Insecure(), "ads.apk": Ads(),
		"noresources.apk": NoResources(), "infected.apk": Infect(Clean()),
	}
}

// MD5 is the lower-case hex MD5 of a package, as the API wants it.
func MD5(apk []byte) string {
	sum := md5.Sum(apk)
	return hex.EncodeToString(sum[:])
}

// EICAR is the test string that virus scanners agree to detect. It is put together here so that this
// source is not detected.
func EICAR() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STAND` + `ARD-ANTIVIRUS-TEST-FILE!$H+H*`)
}

// infectedEntry is the entry that Infect adds.
const infectedEntry = "assets/eicar.txt"

// Infect is a copy of a package with the EICAR test string in one further, compressed entry. It is
// the same for the same package. It panics if apk is no zip archive.
func Infect(apk []byte) []byte { return with(apk, infectedEntry, EICAR(), zip.Deflate) }

// Variant is a copy of a package that differs in one small entry, so that it has an MD5 of its own
// for each name and the same findings. It panics if apk is no zip archive.
func Variant(apk []byte, name string) []byte {
	return with(apk, "assets/variant", []byte(name), zip.Store)
}

// with is a copy of an archive with one further entry. The block of newer signature schemes is lost,
// the files of the JAR scheme stay.
func with(apk []byte, name string, content []byte, method uint16) []byte {
	archive, err := zip.NewReader(bytes.NewReader(apk), int64(len(apk)))
	if err != nil {
		panic(fmt.Errorf("packages: not a package: %w", err))
	}
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, file := range archive.File {
		if err := writer.Copy(file); err != nil {
			panic(fmt.Errorf("packages: copying %s: %w", file.Name, err))
		}
	}
	header := &zip.FileHeader{Name: name, Method: method}
	if method == zip.Store {
		// Sizes up front: a stored entry with a data descriptor cannot be streamed.
		header.CRC32, header.UncompressedSize64 = crc32.ChecksumIEEE(content), uint64(len(content))
		header.CompressedSize64 = header.UncompressedSize64
	}
	if err := add(writer, header, content); err != nil {
		panic(fmt.Errorf("packages: adding %s: %w", name, err))
	}
	return out.Bytes()
}

func add(writer *zip.Writer, header *zip.FileHeader, content []byte) error {
	create := writer.CreateHeader
	if header.Method == zip.Store {
		create = writer.CreateRaw
	}
	entry, err := create(header)
	if err != nil {
		return err
	}
	if _, err := entry.Write(content); err != nil {
		return err
	}
	return writer.Close()
}
