package apk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// Configurations, without their lengths.
func config(at int, value ...byte) []byte {
	c := make([]byte, 60)
	copy(c[at-4:], value)
	return c
}
func release(level byte) []byte                { return config(24, level) }
func density(dpi uint16) []byte                { return config(14, byte(dpi), byte(dpi>>8)) }
func language(language, country string) []byte { return config(8, []byte(language+country)...) }

// flags are the attributes of an application that are flags.
var flags = map[uint32]func(*apk.Facts) apk.Flag{
	idDebuggable:  func(f *apk.Facts) apk.Flag { return f.Debuggable },
	idTestOnly:    func(f *apk.Facts) apk.Flag { return f.TestOnly },
	idAllowBackup: func(f *apk.Facts) apk.Flag { return f.AllowBackup },
	idCleartext:   func(f *apk.Facts) apk.Flag { return f.UsesCleartextTraffic },
}

// values is a table whose resource 0x7f010000 has a boolean in each configuration.
func values(entries ...[]byte) []byte { return resourceTable([]string{"true", "false"}, entries...) }

func valueIn(config []byte, kind byte, data uint32) []byte {
	return typeChunk(1, 0, config, 1, u32(0), entryOf(kind, data))
}

// What differs between configurations, as @bool/x that is false in values/ and true in values-v25/,
// counts as the riskier value.
func TestRead_takesTheRiskierValueOfAllConfigurations(t *testing.T) {
	t.Parallel()
	const yes, no = none, 0
	all := make([]byte, 28)
	direct := func(into uint32) []byte { return typeChunk(2, 0, all, 1, u32(0), entryOf(kindReference, into)) }
	for name, test := range map[string]struct {
		resources []byte
		want      apk.Flag
	}{
		"false":                      {values(valueIn(all, kindBoolean, no)), apk.FlagFalse},
		"true":                       {values(valueIn(all, kindBoolean, yes)), apk.FlagTrue},
		"true in a release":          {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindBoolean, yes)), apk.FlagTrue},
		"true by default":            {values(valueIn(all, kindBoolean, yes), valueIn(release(25), kindBoolean, no)), apk.FlagTrue},
		"true in a language":         {values(valueIn(all, kindBoolean, no), valueIn(language("de", ""), kindBoolean, yes)), apk.FlagTrue},
		"true at night":              {values(valueIn(all, kindBoolean, no), valueIn(config(29, 0x20), kindBoolean, yes)), apk.FlagTrue},
		"true without a default":     {values(valueIn(release(25), kindBoolean, yes)), apk.FlagTrue},
		"false without a default":    {values(valueIn(release(25), kindBoolean, no)), apk.FlagFalse},
		"true as a number":           {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindDecimal, 1)), apk.FlagTrue},
		"true as a text":             {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindString, 0)), apk.FlagTrue},
		"false as a text":            {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindString, 1)), apk.FlagFalse},
		"two of one configuration":   {values(valueIn(all, kindBoolean, no), valueIn(all, kindBoolean, yes)), apk.FlagTrue},
		"false everywhere":           {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindBoolean, no)), apk.FlagFalse},
		"none in a release":          {values(valueIn(all, kindBoolean, no), valueIn(release(25), 0, 0)), apk.FlagUnset},
		"unreadable in a release":    {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindFloat, 1)), apk.FlagUnresolved},
		"unreadable beside a true":   {values(valueIn(all, kindBoolean, yes), valueIn(release(25), kindFloat, 1)), apk.FlagTrue},
		"nowhere in a release":       {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindReference, 0x7F030000)), apk.FlagUnresolved},
		"by another, in a release":   {values(valueIn(all, kindBoolean, no), valueIn(release(25), kindReference, 0x7F020000), typeChunk(2, 0, all, 1, u32(0), entryOf(kindBoolean, yes))), apk.FlagTrue},
		"by another that is varying": {values(valueIn(all, kindReference, 0x7F020000), typeChunk(2, 0, all, 1, u32(0), entryOf(kindBoolean, no)), typeChunk(2, 0, release(25), 1, u32(0), entryOf(kindBoolean, yes))), apk.FlagTrue},
		"a loop and a true":          {values(valueIn(all, kindReference, 0x7F020000), valueIn(release(25), kindBoolean, yes), direct(0x7F010000)), apk.FlagTrue},
		"a loop":                     {values(valueIn(all, kindReference, 0x7F020000), direct(0x7F010000)), apk.FlagUnresolved},
	} {
		for id, flag := range flags {
			facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{typed(id, kindReference, 0x7F010000)}}), test.resources)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := flag(facts); got != test.want || (got == apk.FlagUnresolved) != (len(facts.Unresolved) == 1) {
				t.Errorf("%s, %#x: got %v, want %v; unresolved %v", name, id, got, test.want, facts.Unresolved)
			}
		}
		for _, kind := range []string{"activity", "activity-alias", "service", "receiver"} {
			component := node{name: kind, attrs: []attr{text(idName, "a.B"), typed(idExported, kindReference, 0x7F010000)}, children: []node{{name: "intent-filter"}}}
			if c := componentOf(t, nil, component, test.resources); c.Exported != (test.want != apk.FlagFalse) {
				t.Errorf("%s, %s: exported is %t", name, kind, c.Exported)
			}
		}
	}
}

func TestRead_takesTheOldestLevelOfAllConfigurations(t *testing.T) {
	t.Parallel()
	all := make([]byte, 28)
	resources := values(valueIn(all, kindDecimal, 34), valueIn(release(25), kindDecimal, 16), valueIn(language("de", ""), kindString, 0))
	reference := func(id uint32) attr { return typed(id, kindReference, 0x7F010000) }
	facts, err := readXML(t, manifest(nil,
		node{name: "uses-sdk", attrs: []attr{reference(idMinSDK), reference(idTargetSDK), reference(idMaxSDK)}},
		node{name: "application", children: []node{{name: "provider", attrs: []attr{text(idName, "a.B")}}}}), resources)
	if err != nil {
		t.Fatal(err)
	}
	d := facts.Declared
	if facts.MinSDK != 16 || facts.TargetSDK != 16 || pointed(d.MinSDK) != int64(16) || pointed(d.TargetSDK) != int64(16) {
		t.Errorf("%+v", facts)
	}
	if !facts.Components[0].Exported {
		t.Error("a provider is exported by default below level 17")
	}
	// Which build it is cannot be two things.
	facts, err = readXML(t, manifest([]attr{reference(idVersionCode)}), resources)
	if err != nil || facts.Declared.VersionCode != nil || len(facts.Unresolved) != 1 || facts.Unresolved[0].Attribute != "android:versionCode" {
		t.Errorf("%+v, %v", facts, err)
	}
}

func TestRead_listsPermissionsOfAllConfigurations(t *testing.T) {
	t.Parallel()
	facts, err := readXML(t, manifest(nil, node{name: "uses-permission", attrs: []attr{typed(idName, kindReference, 0x7F010000)}}),
		values(valueIn(make([]byte, 28), kindString, 0), valueIn(release(25), kindString, 1)))
	if err != nil || !slices.Equal(facts.Permissions, []string{"true", "false"}) {
		t.Errorf("%v, %v", facts, err)
	}
}

func TestRead_choosesTheLabelOfADeviceOfNoParticularKind(t *testing.T) {
	t.Parallel()
	texts := []string{"right", "wrong"}
	value := func(config []byte, text uint32) []byte {
		return typeChunk(1, 0, config, 2, u32(none, 0), entryOf(kindString, text))
	}
	all, german, french := make([]byte, 28), language("de", ""), language("fr", "")
	night := config(29, 0x20)
	for what, chunks := range map[string][][]byte{
		"default beside a language":    {value(german, 1), value(all, 0)},
		"default beside a mode":        {value(night, 1), value(all, 0)},
		"the newest release":           {value(all, 1), value(release(26), 0), value(release(21), 1)},
		"a language only":              {value(german, 0)},
		"two languages":                {value(french, 1), value(german, 0)},
		"English before others":        {value(german, 1), value(language("en", ""), 0)},
		"American English first":       {value(language("en", ""), 1), value(language("en", "GB"), 1), value(language("en", "US"), 0)},
		"a language before a mode":     {value(night, 1), value(german, 0)},
		"a mode only":                  {value(night, 0)},
		"a density only":               {value(density(480), 0)},
		"the density of the device":    {value(density(240), 1), value(density(160), 0), value(density(120), 1)},
		"the next density above":       {value(density(480), 1), value(density(120), 1), value(density(240), 0)},
		"the next density below":       {value(density(60), 1), value(density(120), 0)},
		"a release only":               {value(release(21), 0)},
		"a density beside a language":  {value(german, 1), value(density(480), 0)},
		"a release beside an SIM card": {value(config(4, 1), 1), value(release(21), 0)},
	} {
		if got := label(t, resourceTable(texts, chunks...)); got != "right" {
			t.Errorf("%s: got %q", what, got)
		}
	}
}

// A dynamic reference is one into the package's own table, which may have any id.
func TestRead_resolvesDynamicReferences(t *testing.T) {
	t.Parallel()
	texts := []string{"right"}
	right := typeChunk(1, 0, nil, 2, u32(none, 0), entryOf(kindString, 0))
	of := func(pkg uint32, types ...[]byte) []byte {
		header := append(u32(pkg), make([]byte, 256+4*5)...)
		return chunk(0x0002, u32(1), append(pool(texts, true), chunk(0x0200, header, slices.Concat(types...))...))
	}
	for name, test := range map[string]struct {
		resources []byte
		id        uint32
	}{
		"application":           {of(0x7F, right), 0x7F010001},
		"own, by package 0":     {of(0x7F, right), 0x00010001},
		"a feature":             {of(0x80, right), 0x80010001},
		"a feature by 0":        {of(0x80, right), 0x00010001},
		"a shared library":      {of(0x00, right), 0x00010001},
		"one that leads to one": {of(0x7F, right, typeChunk(2, 0, nil, 1, u32(0), entryOf(kindDynamic, 0x00010001))), 0x7F020000},
	} {
		facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{typed(idLabel, kindDynamic, test.id)}}), test.resources)
		if err != nil || facts.Label != "right" {
			t.Errorf("%s: %q, %v", name, facts.Label, err)
		}
	}
}

func TestRead_saysWhyAnAttributeCannotBeTold(t *testing.T) {
	t.Parallel()
	all := make([]byte, 28)
	good := values(valueIn(all, kindBoolean, 0))
	cut := slices.Clone(good)[:len(good)-4]
	complexEntry := typeChunk(1, 0, all, 1, u32(0), slices.Concat(u16(16, 1), u32(0), make([]byte, 16)))
	for name, test := range map[string]struct {
		kind      byte
		data      uint32
		resources []byte
		want      string
	}{
		"no table":         {kindReference, 0x7F010000, nil, "refers to resource 0x7f010000, but the package has no resource table"},
		"a broken table":   {kindReference, 0x7F010000, cut, "refers to resource 0x7f010000, but the resource table cannot be read"},
		"no such resource": {kindReference, 0x7F010001, good, "refers to resource 0x7f010001, which is not in the package's table"},
		"Android's own":    {kindReference, 0x01110000, good, "refers to resource 0x01110000 of Android itself"},
		"several parts":    {kindReference, 0x7F010000, values(complexEntry), "refers to resource 0x7f010000, which has several parts"},
		"a loop":           {kindReference, 0x7F010000, values(valueIn(all, kindReference, 0x7F010000)), "refers to resources that refer to each other"},
		"a float":          {kindFloat, 1, good, "has a value of type float, which is no boolean"},
		"a theme's":        {kindAttribute, 0x7F010000, good, "has a value of type theme attribute, which is no boolean"},
		"another dynamic":  {kindDynamic, 0x02010000, good, "refers to resource 0x02010000, which is not in the package's table"},
	} {
		facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{typed(idDebuggable, test.kind, test.data)}}), test.resources)
		if err != nil || facts.Debuggable != apk.FlagUnresolved || len(facts.Unresolved) != 1 {
			t.Errorf("%s: %+v, %v", name, facts, err)
			continue
		}
		if got := facts.Unresolved[0]; got.Attribute != "android:debuggable" || !strings.HasPrefix(got.Reason, test.want) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	facts, err := readXML(t, manifest(nil, node{name: "application", attrs: []attr{typed(idDebuggable, kindReference, 0), typed(idNetwork, kindReference, 0)}}), nil)
	if err != nil || facts.Debuggable != apk.FlagUnset || facts.NetworkSecurityConfig {
		t.Errorf("@null: %+v, %v", facts, err)
	}
	for name, value := range map[string]attr{"a float": typed(idTargetSDK, kindFloat, 1<<30), "nowhere": typed(idTargetSDK, kindReference, 0x7F010000)} {
		facts, err := readXML(t, manifest(nil, node{name: "uses-sdk", attrs: []attr{typed(idMinSDK, kindDecimal, 21), value}}), nil)
		if err != nil || len(facts.Unresolved) != 1 || facts.TargetSDK >= 17 {
			t.Errorf("%s as a target: %+v, %v", name, facts, err)
		}
	}
}

// A table with a million values must not be walked through for each attribute.
func TestRead_boundsTheWorkOfLookups(t *testing.T) {
	t.Parallel()
	one := valueIn(make([]byte, 28), kindReference, 0x7F010000)
	resources := values(slices.Repeat(one, 5000))
	var services []node
	for range 2000 {
		services = append(services, node{name: "service", attrs: []attr{typed(idExported, kindReference, 0x7F010000)}})
	}
	facts, err := readXML(t, manifest(nil, node{name: "application", children: services}), resources)
	if err != nil || len(facts.OpenComponents()) != 2000 {
		t.Errorf("%v", err)
	}
}

// A codename is a preview release, whose level is above all others.
func TestRead_takesACodenameForTheNewestLevel(t *testing.T) {
	t.Parallel()
	provider := node{name: "application", children: []node{{name: "provider", attrs: []attr{text(idName, "a.B")}}}}
	for name, test := range map[string]struct {
		sdk         []attr
		min, target int
	}{
		"target":            {[]attr{typed(idMinSDK, kindDecimal, 21), text(idTargetSDK, "Baklava")}, 21, 10000},
		"both":              {[]attr{text(idMinSDK, "Baklava"), text(idTargetSDK, "Baklava")}, 10000, 10000},
		"minimum":           {[]attr{text(idMinSDK, "Baklava")}, 10000, 10000},
		"minimum by target": {[]attr{text(idTargetSDK, "Baklava")}, 10000, 10000},
		"an old target":     {[]attr{text(idMinSDK, "Baklava"), typed(idTargetSDK, kindDecimal, 16)}, 10000, 16},
		"no text":           {[]attr{text(idMinSDK, ""), text(idTargetSDK, "")}, 1, 1},
		"none":              {nil, 1, 1},
	} {
		facts, err := readXML(t, manifest(nil, node{name: "uses-sdk", attrs: test.sdk}, provider), nil)
		if err != nil || facts.MinSDK != test.min || facts.TargetSDK != test.target || facts.Components[0].Exported != (test.target < 17) || len(facts.Unresolved) != 0 {
			t.Errorf("%s: %+v, %v", name, facts, err)
		}
		if facts.Cleartext() != (test.target < 28) {
			t.Errorf("%s: cleartext", name)
		}
	}
	// By the time that <uses-sdk> is read, the defaults of the application have been taken.
	facts, err := readXML(t, manifest(nil, provider, node{name: "uses-sdk", attrs: []attr{typed(idTargetSDK, kindDecimal, 34)}}), nil)
	if err != nil || facts.TargetSDK != 34 || !facts.Components[0].Exported || !facts.Cleartext() {
		t.Errorf("late: %+v, %v", facts, err)
	}
}
