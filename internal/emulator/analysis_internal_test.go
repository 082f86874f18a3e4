package emulator

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestSignatureSearch_findsTheStringAcrossWrites(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("x", 100) + string(packages.EICAR()) + strings.Repeat("y", 100))
	for size := 1; size < len(text); size++ {
		search := &signatureSearch{}
		for rest := text; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			if n, err := search.Write(rest[:min(size, len(rest))]); err != nil || n == 0 {
				t.Fatal(n, err)
			}
		}
		if !search.found {
			t.Errorf("not found in writes of %d bytes", size)
		}
	}
	search := &signatureSearch{}
	_, _ = search.Write(bytes.Replace(text, []byte("EICAR"), []byte("eicar"), 1))
	if search.found {
		t.Error("found where it is not")
	}
}

func TestInspect_findsTheStringOutsideOfAllEntries(t *testing.T) {
	t.Parallel()
	// Before the archive, where no entry reaches; offsets in it are then relative, which is allowed.
	data := append(packages.EICAR(), packages.Clean()...)
	f, err := inspect(context.Background(), bytes.NewReader(data), int64(len(data)))
	if err != nil || f.virus == nil || !strings.Contains(f.virus.description, "the file itself") {
		t.Errorf("%+v, %v", f, err)
	}
}

func FuzzInspect(f *testing.F) {
	for _, data := range packages.All() {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		result, err := inspect(context.Background(), bytes.NewReader(data), int64(len(data)))
		if err == nil && result.facts == nil {
			t.Error("neither facts nor an error")
		}
	})
}

func FuzzUnflatten(f *testing.F) {
	f.Add("AppInfos.0.AppUrl=http%3A%2F%2Fh%2F&AppInfos.0.AppMd5=a&ScanInfo.ScanTypes.0=VULSCAN")
	f.Add("AppInfos.1.AppSize=1&AppInfos=2")
	f.Fuzz(func(_ *testing.T, query string) {
		inputs := actions["CreateScanInstances"].inputs
		if values, failure := inputs.unflatten(query); failure == nil {
			_ = inputs.check(values)
		}
	})
}

func FuzzParameters(f *testing.F) {
	f.Add(`{"AppInfos":[{"AppUrl":"u","AppMd5":"m","AppSize":1}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`)
	f.Add(`{"AppInfos":{"0":null},"ScanInfo":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		inputs := actions["CreateScanInstances"].inputs
		values, failure := decodeParameters([]byte(body))
		if failure != nil || inputs.check(values) != nil {
			return
		}
		// What passes must be safe for the handler's assertions.
		_ = checkSubmission(values["AppInfos"].([]any), values["ScanInfo"].(map[string]any))
		if len(values["AppInfos"].([]any)) == 0 {
			t.Error("no apps")
		}
	})
}
