package apk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// sample is a package of the emulator, which is built from a manifest beside it.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "emulator", "packages", "built", name+".apk"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t testing.TB, data []byte, options apk.Options) (*apk.Facts, error) {
	t.Helper()
	return apk.Read(context.Background(), bytes.NewReader(data), int64(len(data)), options)
}

// entry is one entry of an archive that a test makes.
type entry struct {
	name string
	data []byte
}

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := writer.Create(e.name)
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
	return out.Bytes()
}

// content is one entry of an archive.
func content(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestRead_givesWhatTheManifestDeclares(t *testing.T) {
	t.Parallel()
	facts, err := read(t, sample(t, "insecure"), apk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if facts.Package != "com.example.insecure" || facts.VersionName != "0.7" || facts.VersionCode != 7 || facts.Label != "Insecure sample" {
		t.Errorf("identity %+v", facts)
	}
	if facts.MinSDK != 19 || facts.TargetSDK != 27 || facts.MaxSDK != 0 {
		t.Errorf("SDK levels %d, %d, %d", facts.MinSDK, facts.TargetSDK, facts.MaxSDK)
	}
	// debuggable refers to a resource.
	if facts.Debuggable != apk.FlagTrue || facts.AllowBackup != apk.FlagTrue || facts.UsesCleartextTraffic != apk.FlagTrue || facts.TestOnly != apk.FlagUnset {
		t.Errorf("flags %+v", facts)
	}
	if !slices.Equal(facts.Permissions, []string{"android.permission.INTERNET", "android.permission.READ_SMS", "android.permission.ACCESS_FINE_LOCATION"}) {
		t.Errorf("permissions %v", facts.Permissions)
	}
	var open []string
	for _, component := range facts.OpenComponents() {
		open = append(open, string(component.Kind)+" "+component.Name)
	}
	if !slices.Equal(open, []string{"service com.example.insecure.ExportService", "receiver com.thirdparty.push.PushReceiver"}) {
		t.Errorf("open components %v", open)
	}
	if !facts.HasCertificate || !facts.HasResources || facts.Entries != 7 {
		t.Errorf("archive %+v", facts)
	}
}

func TestRead_withoutResourcesLeavesReferencesUnresolved(t *testing.T) {
	t.Parallel()
	manifest, dex := content(t, sample(t, "insecure"), "AndroidManifest.xml"), content(t, sample(t, "insecure"), "classes.dex")
	for name, resources := range map[string][]byte{"missing": nil, "broken": []byte("not a table"), "cut": content(t, sample(t, "insecure"), "resources.arsc")[:100]} {
		entries := []entry{{"AndroidManifest.xml", manifest}, {"classes.dex", dex}}
		if resources != nil {
			entries = append(entries, entry{"resources.arsc", resources})
		}
		facts, err := read(t, archive(t, entries...), apk.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if facts.HasResources || facts.Label != "" || facts.Debuggable != apk.FlagUnresolved || !facts.IsDebuggable() || facts.HasCertificate {
			t.Errorf("%s: %+v", name, facts)
		}
	}
	facts, err := read(t, sample(t, "noresources"), apk.Options{})
	if err != nil || facts.Label != "No resources" || facts.HasResources {
		t.Errorf("a package built without resources: %+v, %v", facts, err)
	}
}

func TestFacts_followThePlatformWhereTheManifestIsSilent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		facts                         apk.Facts
		backup, cleartext, debuggable bool
	}{
		"silent, old target": {apk.Facts{TargetSDK: 27}, true, true, false},
		"silent, new target": {apk.Facts{TargetSDK: 28}, true, false, false},
		"all false":          {apk.Facts{TargetSDK: 27, Debuggable: apk.FlagFalse, AllowBackup: apk.FlagFalse, UsesCleartextTraffic: apk.FlagFalse}, false, false, false},
		"all true":           {apk.Facts{TargetSDK: 34, Debuggable: apk.FlagTrue, AllowBackup: apk.FlagTrue, UsesCleartextTraffic: apk.FlagTrue}, true, true, true},
		"unresolved":         {apk.Facts{TargetSDK: 34, Debuggable: apk.FlagUnresolved, AllowBackup: apk.FlagUnresolved, UsesCleartextTraffic: apk.FlagUnresolved}, true, true, true},
	} {
		if f := test.facts; f.Backup() != test.backup || f.Cleartext() != test.cleartext || f.IsDebuggable() != test.debuggable {
			t.Errorf("%s: %v %v %v", name, f.Backup(), f.Cleartext(), f.IsDebuggable())
		}
	}
}

func TestRead_givesEveryEntryToTheVisitor(t *testing.T) {
	t.Parallel()
	data := sample(t, "insecure")
	var names []string
	var raw bytes.Buffer
	_, err := read(t, data, apk.Options{Raw: &raw, Visit: func(name string, content io.Reader) error {
		names = append(names, name)
		if name == "assets/offer.txt" {
			text, err := io.ReadAll(content)
			if err != nil || !strings.Contains(string(text), "casino") {
				t.Errorf("%q, %v", text, err)
			}
		}
		return nil
	}})
	if err != nil || len(names) != 7 || !bytes.Equal(raw.Bytes(), data) {
		t.Errorf("visited %v, %d raw bytes, %v", names, raw.Len(), err)
	}
	stop := errors.New("stop")
	if _, err := read(t, data, apk.Options{Visit: func(string, io.Reader) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("the visitor's error: %v", err)
	}
}

func TestReadFile_readsARegularFileOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.apk")
	if err := os.WriteFile(path, sample(t, "clean"), 0o600); err != nil {
		t.Fatal(err)
	}
	facts, err := apk.ReadFile(t.Context(), path, apk.Options{})
	if err != nil || facts.Package != "com.example.shop" || facts.Size == 0 || len(facts.SHA256) != 64 {
		t.Errorf("%+v, %v", facts, err)
	}
	if _, err := apk.ReadFile(t.Context(), path+".missing", apk.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := apk.ReadFile(t.Context(), filepath.Dir(path), apk.Options{}); !errors.Is(err, apk.ErrNotRegular) {
		t.Errorf("a folder: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := apk.ReadFile(ended, path, apk.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}
