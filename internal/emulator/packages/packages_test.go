package packages_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func read(t *testing.T, data []byte, options apk.Options) *apk.Facts {
	t.Helper()
	facts, err := apk.Read(context.Background(), bytes.NewReader(data), int64(len(data)), options)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestAll_areReadableSignedPackages(t *testing.T) {
	t.Parallel()
	for name, data := range packages.All() {
		facts := read(t, data, apk.Options{})
		if facts.Package == "" || !facts.HasCertificate {
			t.Errorf("%s: %+v", name, facts)
		}
		if facts.HasResources == (name == "noresources.apk") {
			t.Errorf("%s: resources readable: %v", name, facts.HasResources)
		}
		if facts.MD5 != packages.MD5(data) {
			t.Errorf("%s: MD5 %s, want %s", name, facts.MD5, packages.MD5(data))
		}
	}
}

func TestInfect_addsTheTestStringAndNothingElse(t *testing.T) {
	t.Parallel()
	found := ""
	read(t, packages.Infect(packages.Clean()), apk.Options{Visit: func(name string, r io.Reader) error {
		content, err := io.ReadAll(r)
		if bytes.Contains(content, packages.EICAR()) {
			found += name
		}
		return err
	}})
	if found != "assets/eicar.txt" {
		t.Errorf("found in %q", found)
	}
	if !slices.Equal(packages.Infect(packages.Clean()), packages.Infect(packages.Clean())) {
		t.Error("not the same twice")
	}
	for name, data := range packages.All() {
		if bytes.Contains(data, packages.EICAR()) {
			t.Errorf("%s holds the test string in the clear", name)
		}
	}
}

func TestVariant_changesTheMD5Only(t *testing.T) {
	t.Parallel()
	one, two := read(t, packages.Variant(packages.Clean(), "1"), apk.Options{}), read(t, packages.Variant(packages.Clean(), "2"), apk.Options{})
	if one.MD5 == two.MD5 || one.Package != two.Package || !one.HasCertificate {
		t.Errorf("%+v and %+v", one, two)
	}
}
