package apk_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

func pointed(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func TestRead_tellsWhatTheManifestLeavesOut(t *testing.T) {
	t.Parallel()
	facts, err := readXML(t, manifest(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := facts.Declared
	if d.VersionCode != nil || d.MinSDK != nil || d.TargetSDK != nil || d.MaxSDK != nil || d.CompileSDK != nil {
		t.Errorf("declared %+v", d)
	}
	if facts.MinSDK != 1 || facts.TargetSDK != 1 || facts.VersionName != "" || facts.Label != "" || facts.AllowBackup != apk.FlagUnset {
		t.Errorf("%+v", facts)
	}
}

func TestRead_readsNumbersAsThePlatformDoes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code, sdk []attr
		want      []any // version code, min, target, max
	}{
		"plain":       {[]attr{typed(idVersionCode, kindDecimal, 7)}, []attr{typed(idMinSDK, kindDecimal, 21), typed(idTargetSDK, kindDecimal, 34), typed(idMaxSDK, kindDecimal, 35)}, []any{int64(7), int64(21), int64(34), int64(35)}},
		"hexadecimal": {[]attr{typed(idVersionCode, kindHex, 0x10)}, []attr{text(idMinSDK, "0x15")}, []any{int64(16), int64(21), nil, nil}},
		"text":        {[]attr{text(idVersionCode, "12")}, []attr{text(idMinSDK, "19")}, []any{int64(12), int64(19), nil, nil}},
		"codename":    {nil, []attr{text(idMinSDK, "VanillaIceCream"), typed(idTargetSDK, kindDecimal, 35)}, []any{nil, nil, int64(35), nil}},
		"upper half":  {[]attr{typed(idVersionCode, kindDecimal, 0xFFFFFFFF), typed(idCodeMajor, kindDecimal, 1)}, nil, []any{int64(0x1FFFFFFFF), nil, nil, nil}},
	} {
		facts, err := readXML(t, manifest(test.code, node{name: "uses-sdk", attrs: test.sdk}), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := facts.Declared
		if got := []any{pointed(d.VersionCode), pointed(d.MinSDK), pointed(d.TargetSDK), pointed(d.MaxSDK)}; !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func TestRead_readsTextsOfAnyType(t *testing.T) {
	t.Parallel()
	for want, version := range map[string]attr{
		"1.2":  typed(idVersionName, kindFloat, math.Float32bits(1.2)),
		"3":    typed(idVersionName, kindDecimal, 3),
		"0x1f": typed(idVersionName, kindHex, 0x1F),
		"true": typed(idVersionName, kindBoolean, 1),
		"":     typed(idVersionName, kindReference, 0x7F010000),
		"v 4":  text(idVersionName, "v 4"),
	} {
		facts, err := readXML(t, manifest([]attr{version}), nil)
		if err != nil || facts.VersionName != want {
			t.Errorf("got %q, %v, want %q", facts.VersionName, err, want)
		}
	}
}

func TestRead_readsFlagsAsThePlatformDoes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value attr
		want  apk.Flag
	}{
		"true":                {typed(idDebuggable, kindBoolean, none), apk.FlagTrue},
		"false":               {typed(idDebuggable, kindBoolean, 0), apk.FlagFalse},
		"a number":            {typed(idDebuggable, kindDecimal, 2), apk.FlagTrue},
		"zero":                {typed(idDebuggable, kindDecimal, 0), apk.FlagFalse},
		"text":                {text(idDebuggable, "true"), apk.FlagTrue},
		"other text":          {text(idDebuggable, "yes"), apk.FlagFalse},
		"null":                {typed(idDebuggable, 0, 0), apk.FlagUnset},
		"nowhere":             {typed(idDebuggable, kindReference, 0x7F010000), apk.FlagUnresolved},
		"a float":             {typed(idDebuggable, kindFloat, 1), apk.FlagUnresolved},
		"text that disagrees": {attr{id: idDebuggable, kind: kindBoolean, data: 1, raw: "false"}, apk.FlagTrue},
		"a name without id":   {attr{name: "debuggable", kind: kindBoolean, data: 0}, apk.FlagUnset},
	} {
		facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{test.value}}), nil)
		if err != nil || facts.Debuggable != test.want {
			t.Errorf("%s: got %v, %v, want %v", name, facts.Debuggable, err, test.want)
		}
	}
}

func TestRead_refusesWhatReadersDifferOver(t *testing.T) {
	t.Parallel()
	application := node{name: "application"}
	deep := node{name: "deepest"}
	for range 100 {
		deep = node{name: "n", children: []node{deep}}
	}
	for name, root := range map[string]node{
		"two applications":     manifest(nil, application, application),
		"two uses-sdk":         manifest(nil, node{name: "uses-sdk"}, node{name: "uses-sdk"}),
		"double attribute":     manifest(nil, node{name: "application", attrs: []attr{typed(idDebuggable, kindBoolean, 0), typed(idDebuggable, kindBoolean, 1)}}),
		"attributes unordered": manifest(nil, node{name: "application", attrs: []attr{typed(idAllowBackup, kindBoolean, 0), typed(idDebuggable, kindBoolean, 0)}}),
		"two packages":         {name: "manifest", attrs: []attr{{name: "package", kind: kindString, text: "a.b"}, {name: "package", kind: kindString, text: "c.d"}}},
		"another root":         {name: "resources", attrs: []attr{{name: "package", kind: kindString, text: "a.b"}}},
		"no package":           {name: "manifest"},
		"a long package":       {name: "manifest", attrs: []attr{{name: "package", kind: kindString, text: strings.Repeat("a", 256)}}},
		"deep elements":        manifest(nil, deep),
		"a text that is not":   manifest([]attr{{id: idVersionName, kind: kindString, text: "x"}}, node{name: "application", attrs: []attr{typed(idLabel, kindString, 1<<30)}}),
	} {
		data := binaryXML(root)
		if name == "a text that is not" {
			data = spoilLastText(t, data)
		}
		if _, err := read(t, archive(t, entry{"AndroidManifest.xml", data}), apk.Options{}); !errors.Is(err, apk.ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// spoilLastText lets the last typed text of a manifest refer to a string that is not there.
func spoilLastText(t *testing.T, data []byte) []byte {
	t.Helper()
	for at := len(data) - 8; at > 0; at-- {
		if slices.Equal(data[at:at+4], []byte{8, 0, 0, kindString}) {
			copy(data[at+4:], u32(1<<30))
			return data
		}
	}
	t.Fatal("there is no text")
	return nil
}

func TestRead_refusesLateTables(t *testing.T) {
	t.Parallel()
	good := binaryXML(manifest(nil, node{name: "application"}))
	for name, late := range map[string][]byte{
		"pool":           pool([]string{"x"}, false),
		"resource map":   chunk(0x0180, nil, u32(idName)),
		"root":           slices.Concat(chunk(0x0102, u32(1, none), slices.Concat(u32(none, 0), u16(20, 20, 0, 0, 0, 0))), chunk(0x0103, u32(1, none), u32(none, 0))),
		"end":            chunk(0x0103, u32(1, none), u32(none, 0)),
		"open beginning": chunk(0x0102, u32(1, none), slices.Concat(u32(none, 0), u16(20, 20, 0, 0, 0, 0))),
	} {
		data := slices.Concat(good, late)
		copy(data[4:], u32(uint32(len(data))))
		if _, err := read(t, archive(t, entry{"AndroidManifest.xml", data}), apk.Options{}); !errors.Is(err, apk.ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead_keepsPermissionsAndComponentsInOrder(t *testing.T) {
	t.Parallel()
	use := func(element, name string) node { return node{name: element, attrs: []attr{text(idName, name)}} }
	facts, err := readXML(t, manifest(nil,
		use("uses-permission", "b"), use("uses-permission-sdk-23", "a"), use("uses-permission-sdk-m", "c"), use("uses-permission", "b"), node{name: "uses-permission"},
		node{name: "application", children: []node{
			{name: "service", attrs: []attr{text(idName, ".Push"), typed(idExported, kindReference, 0x7F010000)}},
			{name: "activity", attrs: []attr{text(idName, "Main"), typed(idExported, kindBoolean, 1)}},
			{name: "activity", attrs: []attr{text(idName, "other.Hidden")}},
		}},
	), nil)
	if err != nil || !slices.Equal(facts.Permissions, []string{"b", "a", "c"}) {
		t.Fatalf("%v, %v", facts.Permissions, err)
	}
	var exported []string
	for _, c := range facts.Components {
		if c.Exported { // as is one whose flag cannot be read
			exported = append(exported, string(c.Kind)+" "+c.Name)
		}
	}
	if !slices.Equal(exported, []string{"activity com.example.a.Main", "service com.example.a.Push"}) {
		t.Errorf("exported %v", exported)
	}
}
