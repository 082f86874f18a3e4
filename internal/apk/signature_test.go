package apk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// prefixed leads each part with its length, and joins them.
func prefixed(parts ...[]byte) (b []byte) {
	for _, part := range parts {
		b = append(append(b, u32(uint32(len(part)))...), part...)
	}
	return b
}

// signers is the value of a pair of the signing block: one signer for each certificate.
func signers(certificates ...[]byte) []byte {
	var all []byte
	for _, certificate := range certificates {
		signed := slices.Concat(prefixed([]byte("digests")), prefixed(prefixed(certificate, []byte("an issuer's"))), prefixed(nil))
		all = append(all, prefixed(slices.Concat(prefixed(signed), prefixed([]byte("signatures")), prefixed([]byte("public key"))))...)
	}
	return prefixed(all)
}

type pair struct {
	id    uint32
	value []byte
}

// signingBlock is a signing block with pairs.
func signingBlock(pairs ...pair) []byte {
	var body []byte
	for _, p := range pairs {
		body = append(binary.LittleEndian.AppendUint64(body, uint64(4+len(p.value))), append(u32(p.id), p.value...)...)
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(body)+24))
	return slices.Concat(length, body, length, []byte("APK Sig Block 42"))
}

// withBlock puts a signing block before the directory of an archive.
func withBlock(data, block []byte) []byte {
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	directory := binary.LittleEndian.Uint32(data[end+16:])
	signed := slices.Concat(data[:directory], block, data[directory:])
	binary.LittleEndian.PutUint32(signed[end+len(block)+16:], directory+uint32(len(block)))
	return signed
}

func unsigned(t testing.TB) []byte {
	t.Helper()
	return archive(t, entry{"AndroidManifest.xml", binaryXML(manifest(nil))})
}

var signatureOptions = apk.Options{ManifestOnly: true, Signatures: true}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// samplesCertificate is what apksigner prints for the key of the sample packages.
const samplesCertificate = "f001414f31afbb34027eee5eba7e4bc72274b111ed4649cae33a3dc8f68399a7"

func TestRead_namesTheSignersOfEachScheme(t *testing.T) {
	t.Parallel()
	facts, err := read(t, sample(t, "clean"), signatureOptions)
	if err != nil {
		t.Fatal(err)
	}
	want := []apk.Signature{{Scheme: apk.SchemeV1, CertificateSHA256: samplesCertificate}, {Scheme: apk.SchemeV2, CertificateSHA256: samplesCertificate}}
	if !slices.Equal(facts.Signatures, want) {
		t.Errorf("got %v", facts.Signatures)
	}

	first, second := []byte{0x30, 1, 1}, []byte{0x30, 1, 2}
	block := signingBlock(pair{0x1B93AD61, signers(second)}, pair{0x42726577, make([]byte, 2<<20)}, pair{0xF05368C0, signers(second, first)}, pair{0x7109871A, signers(first, first)})
	facts, err = read(t, withBlock(unsigned(t), block), signatureOptions)
	if err != nil {
		t.Fatal(err)
	}
	both := []string{digest(first), digest(second)}
	slices.Sort(both)
	want = []apk.Signature{{Scheme: "v2", CertificateSHA256: digest(first)}, {Scheme: "v3", CertificateSHA256: both[0]}, {Scheme: "v3", CertificateSHA256: both[1]}, {Scheme: "v3.1", CertificateSHA256: digest(second)}}
	if !slices.Equal(facts.Signatures, want) {
		t.Errorf("got %v, want %v", facts.Signatures, want)
	}

	facts, err = read(t, unsigned(t), signatureOptions)
	if err != nil || len(facts.Signatures) != 0 || facts.HasCertificate {
		t.Errorf("unsigned: %v, %v", facts, err)
	}
}

// A signature that cannot be read does not hide the rest, and its package is not unsigned.
func TestRead_tellsOfSignaturesThatNameNoSigner(t *testing.T) {
	t.Parallel()
	certificate := []byte{0x30, 1, 1}
	good := signingBlock(pair{0x7109871A, signers(certificate)})
	changed := func(change func(b []byte)) []byte {
		b := bytes.Clone(good)
		change(b)
		return b
	}
	long := func(b []byte) { binary.LittleEndian.PutUint64(b[8:], 1<<63) }
	many := make([]pair, 300)
	for name, test := range map[string]struct {
		block  []byte
		scheme apk.Scheme
	}{
		"no signer":        {signingBlock(pair{0x7109871A, signers()}), "v2"},
		"no value":         {signingBlock(pair{0x7109871A, nil}), "v2"},
		"text":             {signingBlock(pair{0x7109871A, signers([]byte("no certificate"))}), "v2"},
		"empty":            {signingBlock(pair{0x7109871A, signers(nil)}), "v2"},
		"two in one":       {signingBlock(pair{0x7109871A, signers(append(certificate, certificate...))}), "v2"},
		"two sizes":        {changed(func(b []byte) { b[0]++ }), ""},
		"long pair":        {changed(long), ""},
		"short pair":       {changed(func(b []byte) { binary.LittleEndian.PutUint64(b[8:], 3) }), ""},
		"long block":       {changed(func(b []byte) { binary.LittleEndian.PutUint64(b[len(b)-24:], 1<<40) }), ""},
		"short block":      {changed(func(b []byte) { binary.LittleEndian.PutUint64(b[len(b)-24:], 8) }), ""},
		"long signer":      {changed(func(b []byte) { b[24] = 0xFF }), "v2"},
		"many pairs":       {signingBlock(many...), ""},
		"half a length":    {signingBlock(pair{0x7109871A, []byte{9, 0}}), "v2"},
		"only the magic":   {[]byte("12345678APK Sig Block 42"), ""},
		"a long signature": {signingBlock(pair{0x7109871A, make([]byte, 2<<20)}), "v2"},
	} {
		facts, err := read(t, withBlock(unsigned(t), test.block), signatureOptions)
		if err != nil || !facts.HasCertificate || facts.MD5 == "" || facts.Package != "com.example.a" || len(facts.Signatures) != 0 {
			t.Errorf("%s: %+v, %v", name, facts, err)
			continue
		}
		if len(facts.UnreadableSignatures) != 1 || facts.UnreadableSignatures[0].Scheme != test.scheme || !errors.Is(facts.UnreadableSignatures[0].Err, apk.ErrSignature) {
			t.Errorf("%s: %v", name, facts.UnreadableSignatures)
		}
		if facts, err := read(t, withBlock(unsigned(t), test.block), apk.Options{ManifestOnly: true}); err != nil || !facts.HasCertificate {
			t.Errorf("%s, not asked for: %v, %v", name, facts, err)
		}
	}
	tooMany := signingBlock(pair{0x7109871A, signers(slices.Repeat([][]byte{certificate}, 65)...)})
	facts, err := read(t, withBlock(unsigned(t), tooMany), signatureOptions)
	if err != nil || len(facts.Signatures) != 1 || len(facts.UnreadableSignatures) != 1 || !errors.Is(facts.UnreadableSignatures[0].Err, apk.ErrTooLarge) {
		t.Errorf("many signers: %+v, %v", facts, err)
	}

	jar := content(t, sample(t, "clean"), "META-INF/SAMPLE.EC")
	for name, data := range map[string][]byte{
		"empty":          nil,
		"text":           []byte("no signature"),
		"cut":            jar[:len(jar)-100],
		"another signer": otherSigner(t, jar),
		"not signed data": bytes.Replace(jar, []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02},
			[]byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01}, 1),
		"deep":              bytes.Repeat([]byte{0x30, 0x80}, 1<<19),
		"an endless length": {0x30, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0},
		"a long tag":        {0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0},
		"open, no end":      {0x30, 0x80, 0x02, 0x01},
	} {
		facts, err := read(t, jarSigned(t, data), signatureOptions)
		if err != nil || len(facts.UnreadableSignatures) != 1 || len(facts.Signatures) != 0 || !facts.HasCertificate || facts.Package != "com.example.a" {
			t.Errorf("%s: %+v, %v", name, facts, err)
			continue
		}
		unreadable := facts.UnreadableSignatures[0]
		if unreadable.Scheme != apk.SchemeV1 || !errors.Is(unreadable.Err, apk.ErrSignature) || !strings.Contains(unreadable.Err.Error(), "META-INF/CERT.RSA") {
			t.Errorf("%s: %v", name, unreadable)
		}
	}
}

// A signature that is too long, or one too many, hides neither the digests nor the manifest nor others.
func TestRead_boundsOfSignaturesHideNothingElse(t *testing.T) {
	t.Parallel()
	jar := content(t, sample(t, "clean"), "META-INF/SAMPLE.EC")
	long := []entry{{"AndroidManifest.xml", binaryXML(manifest(nil))}, {"META-INF/A.SF", nil}, {"META-INF/A.RSA", make([]byte, 2<<20)}, {"META-INF/B.SF", nil}, {"META-INF/B.EC", jar}}
	many := slices.Clone(long[:1])
	for i := range 100 {
		name := "META-INF/" + strings.Repeat("A", i+1)
		many = append(many, entry{name + ".SF", nil}, entry{name + ".EC", jar})
	}
	for name, test := range map[string]struct {
		entries []entry
		want    string
	}{
		"long": {long, "META-INF/A.RSA"},
		"many": {many, "more than 64"},
	} {
		data := withBlock(archive(t, test.entries...), signingBlock(pair{0x7109871A, signers([]byte{0x30, 1, 1})}))
		facts, err := read(t, data, signatureOptions)
		if err != nil || facts.Package != "com.example.a" || facts.MD5 == "" || len(facts.Signatures) != 2 || len(facts.UnreadableSignatures) != 1 {
			t.Errorf("%s: %+v, %v", name, facts, err)
			continue
		}
		unreadable := facts.UnreadableSignatures[0]
		if unreadable.Scheme != apk.SchemeV1 || !errors.Is(unreadable.Err, apk.ErrTooLarge) || !strings.Contains(unreadable.Err.Error(), test.want) {
			t.Errorf("%s: %v", name, unreadable)
		}
	}
}

// The signing block holds certificates in BER as well.
func TestRead_readsCertificatesInBER(t *testing.T) {
	t.Parallel()
	for name, encode := range map[string]encoder{"shortest lengths": der, "long lengths": long, "endless": endless} {
		certificate := encode(sequence, encode(sequence, der(integer, []byte{7})), der(0x03, []byte{0}))
		facts, err := read(t, withBlock(unsigned(t), signingBlock(pair{0x7109871A, signers(certificate)})), signatureOptions)
		if err != nil || len(facts.Signatures) != 1 || facts.Signatures[0].CertificateSHA256 != digest(certificate) {
			t.Errorf("%s: %+v, %v", name, facts, err)
		}
	}
}

func TestRead_tellsOfTheOtherSignatures(t *testing.T) {
	t.Parallel()
	jar := content(t, sample(t, "clean"), "META-INF/SAMPLE.EC")
	first, second := []byte{0x30, 1, 1}, []byte{0x30, 1, 2}
	data := archive(t, entry{"AndroidManifest.xml", binaryXML(manifest(nil))},
		entry{"META-INF/A.SF", nil}, entry{"META-INF/A.RSA", []byte("no signature")}, entry{"META-INF/B.SF", nil}, entry{"META-INF/B.EC", jar})
	// The third signer of scheme v2 is broken, and so is the scheme v3.
	broken := signers(first, second, []byte("no certificate"))
	block := signingBlock(pair{0x7109871A, broken}, pair{0xF05368C0, nil}, pair{0x1B93AD61, signers(second)})
	facts, err := read(t, withBlock(data, block), signatureOptions)
	if err != nil {
		t.Fatal(err)
	}
	var schemes []string
	for _, s := range facts.Signatures {
		schemes = append(schemes, string(s.Scheme))
	}
	if !slices.Equal(schemes, []string{"v1", "v2", "v2", "v3.1"}) || facts.Signatures[0].CertificateSHA256 != samplesCertificate {
		t.Errorf("got %v", facts.Signatures)
	}
	schemes = nil
	for _, s := range facts.UnreadableSignatures {
		schemes = append(schemes, string(s.Scheme))
	}
	if !slices.Equal(schemes, []string{"v1", "v2", "v3"}) {
		t.Errorf("unreadable %v", facts.UnreadableSignatures)
	}
}

// jarSigned is a package with a signature of the JAR scheme.
func jarSigned(t testing.TB, signature []byte) []byte {
	t.Helper()
	return archive(t, entry{"AndroidManifest.xml", binaryXML(manifest(nil))}, entry{"META-INF/CERT.SF", nil}, entry{"META-INF/CERT.RSA", signature})
}

// otherSigner changes the name that the signature calls its signer by, which is the last of three.
func otherSigner(t *testing.T, jar []byte) []byte {
	t.Helper()
	name := []byte("Sample")
	at := bytes.LastIndex(jar, name)
	if bytes.Count(jar, name) != 3 {
		t.Fatal("the signature names its signer in another way")
	}
	changed := bytes.Clone(jar)
	changed[at] ^= 1
	return changed
}

func TestRead_ofTheManifestLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	text := []byte("no dex file")
	data := archive(t, entry{"AndroidManifest.xml", binaryXML(manifest(nil))}, entry{"classes.dex", text}, entry{"bomb", make([]byte, 8<<20)})
	facts, err := read(t, data, apk.Options{ManifestOnly: true, Limits: apk.Limits{TotalBytes: 1 << 20}})
	if err != nil || facts.Package != "com.example.a" || facts.Entries != 3 || facts.MD5 == "" {
		t.Errorf("%+v, %v", facts, err)
	}
}

func TestReadFile_followsLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a.apk"), filepath.Join(dir, "link.apk")
	if err := os.WriteFile(path, unsigned(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	if facts, err := apk.ReadFile(t.Context(), link, signatureOptions); err != nil || facts.Package != "com.example.a" {
		t.Errorf("%v, %v", facts, err)
	}
}

// changeOnWrite writes to a file when the first of its bytes have been read.
type changeOnWrite func()

var longAgo = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func (c changeOnWrite) Write(p []byte) (int, error) {
	c()
	return len(p), nil
}

func TestReadFile_noticesAChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"longer":  func(path string) error { return os.Truncate(path, 1<<20) },
		"shorter": func(path string) error { return os.Truncate(path, 10) },
		"as long": func(path string) error { return os.Chtimes(path, longAgo, longAgo) },
	} {
		path := filepath.Join(t.TempDir(), "a.apk")
		if err := os.WriteFile(path, unsigned(t), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := apk.ReadFile(t.Context(), path, apk.Options{Raw: changeOnWrite(func() {
			if err := change(path); err != nil {
				t.Error(err)
			}
		})})
		if !errors.Is(err, apk.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzSignatures reaches the readers of signatures without valid surroundings.
func FuzzSignatures(f *testing.F) {
	jar := content(f, sample(f, "clean"), "META-INF/SAMPLE.EC")
	f.Add(jar, signers([]byte{0x30, 1, 1}), signingBlock(pair{0xF05368C0, signers([]byte{0x30, 1, 1}, []byte{0x30, 0})}))
	f.Add([]byte{}, []byte{}, []byte("12345678APK Sig Block 42"))
	plain := archive(f, entry{"AndroidManifest.xml", binaryXML(manifest(nil))})
	f.Fuzz(func(t *testing.T, jar, value, block []byte) {
		with := jarSigned(t, jar)
		for _, data := range [][]byte{withBlock(with, signingBlock(pair{0x7109871A, value})), with, withBlock(plain, block)} {
			facts, err := read(t, data, signatureOptions)
			if err != nil {
				// A block that holds the mark of an end record makes another archive of it.
				if !errors.Is(err, apk.ErrTooLarge) && !errors.Is(err, apk.ErrArchive) {
					t.Errorf("an error of no kind: %v", err)
				}
				continue
			}
			if !slices.IsSortedFunc(facts.Signatures, func(a, b apk.Signature) int {
				return strings.Compare(string(a.Scheme)+a.CertificateSHA256, string(b.Scheme)+b.CertificateSHA256)
			}) {
				t.Errorf("not sorted: %v", facts.Signatures)
			}
			if facts.HasCertificate != (len(facts.Signatures)+len(facts.UnreadableSignatures) > 0) {
				t.Errorf("%+v", facts)
			}
			for _, s := range facts.Signatures {
				if len(s.CertificateSHA256) != 64 {
					t.Errorf("a digest of %d digits", len(s.CertificateSHA256))
				}
			}
		}
	})
}
