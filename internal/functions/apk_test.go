package functions_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
	"github.com/tencentscan/terraform-provider-ms/internal/functions"
)

// call runs a function on a path.
func call(t testing.TB, f function.Function, path string) (map[string]attr.Value, *function.FuncError) {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	result, funcErr := definition.Definition.Return.NewResultData(t.Context())
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(path)})}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	object, ok := resp.Result.Value().(types.Object)
	if !ok {
		t.Fatalf("the result is a %T", resp.Result.Value())
	}
	return object.Attributes(), nil
}

// file writes a file and returns its path.
func file(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, found := packages.All()[name]
	if !found {
		t.Fatalf("there is no package %s", name)
	}
	return data
}

func digests(data []byte) (md5Digest, sha256Digest string) {
	a, b := md5.Sum(data), sha256.Sum256(data)
	return hex.EncodeToString(a[:]), hex.EncodeToString(b[:])
}

// same fails the test where an attribute differs, and where there are others than wanted.
func same(t *testing.T, got map[string]attr.Value, want map[string]string) {
	t.Helper()
	for name, value := range got {
		text, wanted := want[name]
		switch {
		case !wanted:
			t.Errorf("%s is there too", name)
		case value.String() != text:
			t.Errorf("%s is %s, want %s", name, value, text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d attributes, want %d", len(got), len(want))
	}
}

func TestParseAPK_givesTheElementWithoutItsURL(t *testing.T) {
	t.Parallel()
	data := sample(t, "insecure.apk")
	got, err := call(t, functions.NewParseAPK(), file(t, "build 1.apk", data))
	if err != nil {
		t.Fatal(err)
	}
	digest, _ := digests(data)
	same(t, got, map[string]string{
		"app_md5":      `"` + digest + `"`,
		"app_size":     types.Int64Value(int64(len(data))).String(),
		"file_name":    `"build 1.apk"`,
		"app_pkg_name": `"com.example.insecure"`,
		"app_version":  `"0.7"`,
		"app_name":     `"Insecure sample"`,
	})
}

func TestInspectAPK_saysWhatTheManifestSays(t *testing.T) {
	t.Parallel()
	data := sample(t, "insecure.apk")
	got, err := call(t, functions.NewInspectAPK(), file(t, "a.apk", data))
	if err != nil {
		t.Fatal(err)
	}
	md5Digest, sha256Digest := digests(data)
	same(t, got, map[string]string{
		"md5":                     `"` + md5Digest + `"`,
		"sha256":                  `"` + sha256Digest + `"`,
		"size":                    types.Int64Value(int64(len(data))).String(),
		"package":                 `"com.example.insecure"`,
		"version_code":            "7",
		"version_name":            `"0.7"`,
		"label":                   `"Insecure sample"`,
		"min_sdk_version":         "19",
		"target_sdk_version":      "27",
		"max_sdk_version":         "<null>",
		"compile_sdk_version":     "29",
		"permissions":             `["android.permission.ACCESS_FINE_LOCATION","android.permission.INTERNET","android.permission.READ_SMS"]`,
		"debuggable":              "true",
		"allow_backup":            "true",
		"uses_cleartext_traffic":  "true",
		"test_only":               "<null>",
		"network_security_config": "false",
		"exported_components": `[{"kind":"activity","launcher":true,"name":"com.example.insecure.MainActivity","protected":false},` +
			`{"kind":"service","launcher":false,"name":"com.example.insecure.ExportService","protected":false},` +
			`{"kind":"receiver","launcher":false,"name":"com.thirdparty.push.PushReceiver","protected":false},` +
			`{"kind":"provider","launcher":false,"name":"com.example.insecure.GuardedProvider","protected":true}]`,
		"signatures":          `[{"certificate_sha256":"` + samplesCertificate + `","error":<null>,"scheme":"v1"},{"certificate_sha256":"` + samplesCertificate + `","error":<null>,"scheme":"v2"}]`,
		"certificate_sha256s": `["` + samplesCertificate + `"]`,
	})
}

// samplesCertificate is what apksigner prints for the key of the sample packages.
const samplesCertificate = "f001414f31afbb34027eee5eba7e4bc72274b111ed4649cae33a3dc8f68399a7"

func TestFunctions_sayWhichFileAndWhatToDo(t *testing.T) {
	t.Parallel()
	clean := sample(t, "clean.apk")
	for name, test := range map[string]struct {
		path string
		want string
	}{
		"missing":     {"no/such.apk", "no/such.apk: there is no such file. A relative path begins at the folder in which the CLI runs"},
		"empty path":  {"", "the path is empty"},
		"a folder":    {t.TempDir(), "it is a folder. Name the package file itself"},
		"empty file":  {file(t, "empty.apk", nil), "not a readable archive"},
		"text":        {file(t, "text.apk", []byte("<html>not found</html>")), "Check that it is an Android package (APK, no bundle) and complete; build or download it again"},
		"cut":         {file(t, "cut.apk", clean[:len(clean)-1]), "build or download it again"},
		"hostile":     {"a\n::stop-commands::\x1b[31m.apk", `\n: :stop-commands: :\u001b[31m.apk`},
		"a NUL":       {"a\x00.apk", "Check that the file may be read"},
		"a user's":    {"~nobody/such.apk", "~nobody/such.apk: there is no such file"},
		"in the home": {"~/no-such-folder/such.apk", "~/no-such-folder/such.apk: there is no such file"},
	} {
		for _, f := range []function.Function{functions.NewParseAPK(), functions.NewInspectAPK()} {
			_, err := call(t, f, test.path)
			if err == nil || !strings.Contains(err.Text, test.want) {
				t.Errorf("%s: got %v, want %q", name, err, test.want)
				continue
			}
			plain(t, err)
		}
	}
}

// plain fails the test unless an error is about the argument, and one line without anything that a
// terminal or a CI system would obey.
func plain(t testing.TB, err *function.FuncError) {
	t.Helper()
	if err.FunctionArgument == nil || *err.FunctionArgument != 0 {
		t.Errorf("the error is not about the argument: %v", err)
	}
	if strings.ContainsFunc(err.Text, unicode.IsControl) || strings.Contains(err.Text, "::") || strings.Contains(err.Text, "##") || strings.HasSuffix(err.Text, ".") {
		t.Errorf("not plain: %q", err.Text)
	}
}

func TestParseAPK_takesAPackageWhoseSignatureIsDamaged(t *testing.T) {
	t.Parallel()
	// The block's first size.
	data := bytes.Clone(sample(t, "noresources.apk"))
	at := bytes.Index(data, []byte("APK Sig Block 42")) - 8
	if at < 0 {
		t.Fatal("the sample has no signing block")
	}
	data[at] ^= 1
	path := file(t, "a.apk", data)
	if _, err := call(t, functions.NewParseAPK(), path); err != nil {
		t.Error(err)
	}
	// All else is told, and the digests are none that anybody expects.
	got, err := call(t, functions.NewInspectAPK(), path)
	if err != nil || got["package"].String() != `"com.example.noresources"` || !got["certificate_sha256s"].IsNull() {
		t.Fatalf("got %v, %v", got, err)
	}
	if want := `[{"certificate_sha256":<null>,"error":"no readable signature: the signing block: it is damaged: it has two sizes","scheme":<null>},` +
		`{"certificate_sha256":"` + samplesCertificate + `","error":<null>,"scheme":"v1"}]`; got["signatures"].String() != want {
		t.Errorf("got %s, want %s", got["signatures"], want)
	}
}

// The package is built by aapt2 from the sources beside it.
func TestInspectAPK_callsNothingSafeThatIsNot(t *testing.T) {
	t.Parallel()
	got, err := call(t, functions.NewInspectAPK(), filepath.Join("testdata", "packages", "risky.apk"))
	if err != nil {
		t.Fatal(err)
	}
	component := func(kind, name string, protected bool) string {
		return fmt.Sprintf(`{"kind":%q,"launcher":false,"name":"com.example.risky.%s","protected":%t}`, kind, name, protected)
	}
	for name, want := range map[string]string{
		"debuggable":             "true", // on new releases
		"allow_backup":           "true", // in German
		"uses_cleartext_traffic": "false",
		"min_sdk_version":        "21",
		"label":                  `"Risky sample"`, // only for one density
		"signatures":             "[]",
		"certificate_sha256s":    "[]",
		"exported_components": "[" + strings.Join([]string{
			component("activity", "Inherits", true),
			component("activity", "Empty", false),
			component("activity", "Normal", false),
			component("activity", "New", true),
			component("activity-alias", "Alias", false),
			component("service", "Android", false),
			component("service", "Varies", false),
			component("provider", "Reads", false),
			component("provider", "Both", true),
		}, ",") + "]",
	} {
		if got[name].String() != want {
			t.Errorf("%s is %s, want %s", name, got[name], want)
		}
	}
}

func TestInspectAPK_namesTheSignatureThatItCannotRead(t *testing.T) {
	t.Parallel()
	// The signature says of itself that it is another kind of message.
	data := rewritten(t, sample(t, "noresources.apk"), "META-INF/SAMPLE.EC", []byte("no signature\n::stop::"))
	got, err := call(t, functions.NewInspectAPK(), file(t, "a.apk", data))
	if err != nil || !got["certificate_sha256s"].IsNull() || got["md5"].IsNull() {
		t.Fatalf("got %v, %v", got, err)
	}
	if text := got["signatures"].String(); !strings.HasPrefix(text, `[{"certificate_sha256":<null>,"error":"no readable signature: \"META-INF/SAMPLE.EC\": `) || strings.Count(text, "scheme") != 1 {
		t.Errorf("got %s", text)
	}
	// One that is too long is no reason to tell less.
	long := rewritten(t, sample(t, "noresources.apk"), "META-INF/SAMPLE.EC", make([]byte, 1<<20+1))
	got, err = call(t, functions.NewInspectAPK(), file(t, "a.apk", long))
	if err != nil || got["md5"].IsNull() || !got["certificate_sha256s"].IsNull() || !strings.Contains(got["signatures"].String(), "beyond the limits: a signature has more than 1048576 bytes") {
		t.Errorf("got %v, %v", got, err)
	}
	// Without its signature file it is no signature.
	unsigned := rewritten(t, sample(t, "noresources.apk"), "META-INF/SAMPLE.SF", nil)
	got, err = call(t, functions.NewInspectAPK(), file(t, "a.apk", unsigned))
	if err != nil || got["certificate_sha256s"].String() != "[]" || got["signatures"].String() != "[]" {
		t.Errorf("got %v, %v", got, err)
	}
}

// rewritten is a copy of a package, without its signing block, in which an entry has other content, or is
// missing if that is nil.
func rewritten(t *testing.T, data []byte, name string, content []byte) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, f := range archive.File {
		if f.Name != name {
			if err := writer.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if content != nil {
		w, err := writer.Create(name)
		if err == nil {
			_, err = w.Write(content)
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

func TestFunctions_nameAnEvasion(t *testing.T) {
	t.Parallel()
	manifest := unpacked(t, sample(t, "clean.apk"), "AndroidManifest.xml")
	manifest[0] = 0
	data := rewritten(t, sample(t, "clean.apk"), "AndroidManifest.xml", manifest)
	for _, f := range []function.Function{functions.NewParseAPK(), functions.NewInspectAPK()} {
		_, err := call(t, f, file(t, "a.apk", data))
		if err == nil || !strings.Contains(err.Text, "its outer chunk is of type 0x0000 in place of 0x0003. Build tools do not write such a file") || strings.Contains(err.Text, "download it again") {
			t.Errorf("got %v", err)
			continue
		}
		plain(t, err)
	}
}

func unpacked(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestInspectAPK_refusesAFlagThatItCannotRead(t *testing.T) {
	t.Parallel()
	// debuggable refers to a resource; the table is there under another name.
	data := bytes.ReplaceAll(sample(t, "insecure.apk"), []byte("resources.arsc"), []byte("resources.gone"))
	path := file(t, "a.apk", data)
	if _, err := call(t, functions.NewInspectAPK(), path); err == nil || !strings.Contains(err.Text, "android:debuggable refers to resource 0x7f030000, but the package has no resource table. Build it again, with the value itself in the manifest") {
		t.Errorf("got %v", err)
	}
	got, err := call(t, functions.NewParseAPK(), path)
	if err != nil || !got["app_name"].IsNull() || got["app_pkg_name"].IsNull() {
		t.Errorf("got %v, %v", got, err)
	}
}

// damaged calls try with a number of copies of a package: cut at many places, and with flipped bits.
func damaged(data []byte, seed uint64, cuts, flips int, try func(name string, data []byte)) {
	for i := range cuts {
		try("cut", data[:len(data)*i/cuts])
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for range flips {
		flipped := slices.Clone(data)
		for range 1 + random.IntN(8) {
			flipped[random.IntN(len(flipped))] ^= 1 << random.IntN(8)
		}
		try("flipped", flipped)
	}
}

// checkBoth runs both functions on a file, and what must hold of any.
func checkBoth(t testing.TB, path string, data []byte) {
	t.Helper()
	parsed, parseErr := call(t, functions.NewParseAPK(), path)
	inspected, inspectErr := call(t, functions.NewInspectAPK(), path)
	for _, err := range []*function.FuncError{parseErr, inspectErr} {
		if err != nil {
			plain(t, err)
		}
	}
	md5Digest, sha256Digest := digests(data)
	if parseErr == nil && (parsed["app_md5"].String() != `"`+md5Digest+`"` || parsed["app_pkg_name"].IsNull()) {
		t.Errorf("parsed %v", parsed)
	}
	if inspectErr != nil {
		return
	}
	if parseErr != nil {
		t.Errorf("inspected, but not parsed: %v", parseErr)
		return
	}
	if inspected["md5"].String() != `"`+md5Digest+`"` || inspected["sha256"].String() != `"`+sha256Digest+`"` || !inspected["package"].Equal(parsed["app_pkg_name"]) {
		t.Errorf("inspected %v, parsed %v", inspected, parsed)
	}
}

func TestFunctions_readDamagedCopiesOrRefuseThem(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"insecure.apk", "noresources.apk"} {
		path := file(t, name, nil)
		damaged(sample(t, name), 1, 50, 150, func(_ string, data []byte) {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			checkBoth(t, path, data)
		})
	}
}

func FuzzAPKFunctions(f *testing.F) {
	for _, data := range packages.All() {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBoth(t, file(t, "a.apk", data), data)
	})
}

func TestFunctions_areThere(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range functions.All("test") {
		var metadata function.MetadataResponse
		var definition function.DefinitionResponse
		f().Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		f().Definition(t.Context(), function.DefinitionRequest{}, &definition)
		var valid function.DefinitionValidateResponse
		definition.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name}, &valid)
		if valid.Diagnostics.HasError() || definition.Diagnostics.HasError() {
			t.Error(metadata.Name, valid.Diagnostics, definition.Diagnostics)
		}
		names = append(names, metadata.Name)
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "parse_apk") || !slices.Contains(names, "inspect_apk") {
		t.Errorf("functions %v", names)
	}
}
