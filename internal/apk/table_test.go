package apk_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/shogo82148/androidbinary"
	oracle "github.com/shogo82148/androidbinary/apk"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// label is the label of an application that refers to 0x7f010001.
func label(t *testing.T, resources []byte) string {
	t.Helper()
	facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{typed(idLabel, kindReference, 0x7F010001)}}), resources)
	if err != nil {
		t.Fatal(err)
	}
	return facts.Label
}

func TestRead_resolvesResourcesOfEveryEncoding(t *testing.T) {
	t.Parallel()
	name := "Näme \U0001F600" // beyond the basic plane
	texts := []string{"other", name}
	right, wrong := entryOf(kindString, 1), entryOf(kindString, 0)
	both := append(slices.Clone(wrong), right...)
	compact := slices.Concat(u16(0, kindString<<8|8), u32(1))
	german := make([]byte, 28)
	copy(german[4:], "de")
	for what, resources := range map[string][]byte{
		"plain":    resourceTable(texts, typeChunk(1, 0, make([]byte, 28), 2, u32(0, 16), both)),
		"sparse":   resourceTable(texts, typeChunk(1, 1, nil, 2, u16(0, 0, 1, 4), both)),
		"short":    resourceTable(texts, typeChunk(1, 2, nil, 2, u16(0, 4), both)),
		"compact":  resourceTable(texts, typeChunk(1, 0, nil, 2, u32(none, 0), compact)),
		"language": resourceTable(texts, typeChunk(1, 0, german, 2, u32(0, 0), wrong), typeChunk(1, 0, nil, 2, u32(0, 16), both)),
		"reference": resourceTable(texts, typeChunk(1, 0, nil, 2, u32(none, 0), entryOf(kindReference, 0x7F020000)),
			typeChunk(2, 0, nil, 1, u32(0), right)),
	} {
		if got := label(t, resources); got != name {
			t.Errorf("%s: got %q", what, got)
		}
	}
}

func TestRead_leavesUnresolvedWhatTheTableDoesNotHold(t *testing.T) {
	t.Parallel()
	texts := []string{"a text"}
	text := entryOf(kindString, 0)
	for what, resources := range map[string][]byte{
		"another type":         resourceTable(texts, typeChunk(2, 0, nil, 2, u32(0, 0), text)),
		"no such entry":        resourceTable(texts, typeChunk(1, 0, nil, 2, u32(0, none), text)),
		"too few":              resourceTable(texts, typeChunk(1, 0, nil, 1, u32(0), text)),
		"count beyond":         resourceTable(texts, typeChunk(1, 0, nil, 1<<30, u32(0, 0), text)),
		"offset beyond":        resourceTable(texts, typeChunk(1, 0, nil, 2, u32(0, 1<<30), text)),
		"not in sparse":        resourceTable(texts, typeChunk(1, 1, nil, 1, u16(0, 0), text)),
		"sparse and short":     resourceTable(texts, typeChunk(1, 3, nil, 2, u16(0, 0), text)),
		"of several parts":     resourceTable(texts, typeChunk(1, 0, nil, 2, u32(0, 0), slices.Concat(u16(8, 1), u32(0), valueOf(kindString, 0)))),
		"short entry":          resourceTable(texts, typeChunk(1, 0, nil, 2, u32(0, 0), slices.Concat(u16(0, 0), u32(0), valueOf(kindString, 0)))),
		"a loop":               resourceTable(texts, typeChunk(1, 0, nil, 2, u32(0, 0), entryOf(kindReference, 0x7F010001))),
		"no table":             nil,
		"a table without pool": chunk(0x0002, u32(1), nil),
		"two pools":            chunk(0x0002, u32(1), append(pool(texts, true), pool(texts, true)...)),
	} {
		if got := label(t, resources); got != "" {
			t.Errorf("%s: got %q", what, got)
		}
	}
}

// The sample packages are built by aapt, and read here by a decoder that shares no code.
func TestRead_agreesWithAnotherDecoder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"clean", "insecure", "ads"} {
		data := sample(t, name)
		facts, err := read(t, data, apk.Options{})
		if err != nil {
			t.Fatal(err)
		}
		other, err := oracle.OpenZipReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		manifest := other.Manifest()
		otherLabel, err := other.Label(&androidbinary.ResTableConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if facts.Package != other.PackageName() || facts.Label != otherLabel || facts.VersionName != manifest.VersionName.MustString() ||
			facts.VersionCode != int64(manifest.VersionCode.MustInt32()) || facts.MinSDK != int(manifest.SDK.Min.MustInt32()) || facts.TargetSDK != int(manifest.SDK.Target.MustInt32()) {
			t.Errorf("%s: %+v, other: %s %s %+v", name, facts, other.PackageName(), otherLabel, manifest)
		}
	}
}
