package apk_test

import (
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// exportedAs is a component that is exported, with further attributes and children.
func exportedAs(kind string, attrs []attr, children ...node) node {
	attrs = append([]attr{text(idName, "a.B"), typed(idExported, kindBoolean, 1)}, attrs...)
	slices.SortFunc(attrs, func(a, b attr) int { return int(a.id) - int(b.id) })
	return node{name: kind, attrs: attrs, children: children}
}

// componentOf is the only component of an application with attributes.
func componentOf(t *testing.T, application []attr, component node, resources []byte, declared ...node) apk.Component {
	t.Helper()
	children := append(slices.Clone(declared), node{name: "application", attrs: application, children: []node{component}})
	facts, err := readXML(t, manifest(nil, children...), resources)
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Components) != 1 {
		t.Fatalf("%d components", len(facts.Components))
	}
	return facts.Components[0]
}

// The rules are those of ParsedActivityUtils, ParsedServiceUtils and ParsedProviderUtils.
func TestComponent_isProtectedAsThePlatformProtectsIt(t *testing.T) {
	t.Parallel()
	app, none := []attr{text(idPermission, "app.P")}, []attr(nil)
	own, empty := text(idPermission, "own.P"), text(idPermission, "")
	read, write := text(idRead, "own.R"), text(idWrite, "own.W")
	noRead, noWrite := text(idRead, ""), text(idWrite, "")
	null := typed(idPermission, kindReference, 0)
	for _, test := range []struct {
		name  string
		app   []attr
		kind  string
		attrs []attr
		want  bool
	}{
		{"nothing", none, "activity", nil, false},
		{"own", none, "activity", []attr{own}, true},
		{"inherited", app, "activity", nil, true},
		{"inherited by @null", app, "activity", []attr{null}, true},
		{"an empty one overrides", app, "activity", []attr{empty}, false},
		{"an empty application's", []attr{empty}, "activity", nil, false},
		{"a service", app, "service", nil, true},
		{"a service that overrides", app, "service", []attr{empty}, false},
		{"a receiver", app, "receiver", nil, true},
		{"a receiver that overrides", app, "receiver", []attr{empty}, false},
		{"an alias inherits none", app, "activity-alias", nil, false},
		{"an alias inherits none by @null", app, "activity-alias", []attr{null}, false},
		{"an alias with its own", none, "activity-alias", []attr{own}, true},
		{"an alias with an empty one", app, "activity-alias", []attr{empty}, false},

		{"a provider", none, "provider", []attr{own}, true},
		{"a provider inherits", app, "provider", nil, true},
		{"a provider of nothing", none, "provider", nil, false},
		{"a provider that overrides", app, "provider", []attr{empty}, false},
		{"read only", none, "provider", []attr{read}, false},
		{"write only", none, "provider", []attr{write}, false},
		{"both", none, "provider", []attr{read, write}, true},
		{"read, and the rest by its own", none, "provider", []attr{own, read}, true},
		{"read, and the rest inherited", app, "provider", []attr{read}, true},
		{"read is emptied", none, "provider", []attr{own, noRead}, false},
		{"write is emptied", app, "provider", []attr{noWrite}, false},
		{"own is emptied, both are there", app, "provider", []attr{empty, read, write}, true},
		{"own is emptied, one is there", app, "provider", []attr{empty, read}, false},
		{"one is emptied, one is there", none, "provider", []attr{read, noWrite}, false},

		{"a permission everyone gets", none, "activity", []attr{text(idPermission, "android.permission.INTERNET")}, false},
		{"one of Android that not everyone gets", none, "service", []attr{text(idPermission, "android.permission.BIND_JOB_SERVICE")}, true},
		{"normal over inherited", app, "service", []attr{text(idPermission, "android.permission.VIBRATE")}, false},
		{"a reference to nothing", app, "activity", []attr{typed(idPermission, kindReference, 0x7F090000)}, false},
		{"a theme attribute", app, "activity", []attr{typed(idPermission, kindAttribute, 0x7F090000)}, false},
	} {
		c := componentOf(t, test.app, exportedAs(test.kind, test.attrs), nil)
		if c.Protected != test.want || c.Open() == test.want {
			t.Errorf("%s: protected is %t, want %t", test.name, c.Protected, test.want)
		}
	}
}

func TestComponent_isNotProtectedByAPermissionThatEveryoneGets(t *testing.T) {
	t.Parallel()
	permission := func(attrs ...attr) node {
		return node{name: "permission", attrs: append([]attr{text(idName, "own.P")}, attrs...)}
	}
	level := func(n uint32) attr { return typed(idProtection, kindHex, n) }
	texts := []string{"own.P"}
	numbers := resourceTable(texts, typeChunk(1, 0, make([]byte, 28), 1, u32(0), entryOf(kindDecimal, 2)), typeChunk(1, 0, release(25), 1, u32(0), entryOf(kindDecimal, 0)))
	for name, test := range map[string]struct {
		declared []node
		want     bool
	}{
		"declared elsewhere":       {nil, true},
		"no level":                 {[]node{permission()}, false},
		"normal":                   {[]node{permission(level(0))}, false},
		"normal with flags":        {[]node{permission(level(0x1000))}, false},
		"dangerous":                {[]node{permission(level(1))}, true},
		"signature":                {[]node{permission(level(2))}, true},
		"signature with flags":     {[]node{permission(level(0x12))}, true},
		"declared twice":           {[]node{permission(level(2)), permission(level(0))}, false},
		"a text":                   {[]node{permission(text(idProtection, "signature"))}, false},
		"a level of nowhere":       {[]node{permission(typed(idProtection, kindReference, 0x7F090000))}, false},
		"normal in some releases":  {[]node{permission(typed(idProtection, kindReference, 0x7F010000))}, false},
		"another is normal":        {[]node{{name: "permission", attrs: []attr{text(idName, "own.Q")}}}, true},
		"not a child of manifest":  {[]node{{name: "permission-group", children: []node{permission()}}}, true},
		"a float for the level":    {[]node{permission(typed(idProtection, kindFloat, 2))}, false},
		"a level that is @null":    {[]node{permission(typed(idProtection, kindReference, 0))}, false},
		"signature as plain digit": {[]node{permission(text(idProtection, "2"))}, true},
	} {
		c := componentOf(t, nil, exportedAs("service", []attr{text(idPermission, "own.P")}), numbers, test.declared...)
		if c.Protected != test.want {
			t.Errorf("%s: protected is %t, want %t", name, c.Protected, test.want)
		}
	}
}

func TestComponent_isNotProtectedWhereAPathIsOpen(t *testing.T) {
	t.Parallel()
	normal := "android.permission.INTERNET"
	for name, test := range map[string]struct {
		attrs []attr
		want  bool
	}{
		"no permission":       {nil, true},
		"another permission":  {[]attr{text(idPermission, "own.Q")}, true},
		"normal":              {[]attr{text(idPermission, normal)}, false},
		"normal for reading":  {[]attr{text(idRead, normal)}, false},
		"normal for writing":  {[]attr{text(idPermission, "own.Q"), text(idWrite, normal)}, false},
		"normal, overridden":  {[]attr{text(idPermission, normal), text(idRead, "own.Q"), text(idWrite, "own.Q")}, true},
		"reference to nobody": {[]attr{typed(idRead, kindReference, 0x7F090000)}, false},
	} {
		provider := exportedAs("provider", []attr{text(idPermission, "own.P")}, node{name: "path-permission", attrs: test.attrs})
		if c := componentOf(t, nil, provider, nil); c.Protected != test.want {
			t.Errorf("%s: protected is %t, want %t", name, c.Protected, test.want)
		}
	}
}

// A permission that depends on the configuration is none for the platform, whatever its values are.
func TestComponent_isProtectedOnlyInEveryConfiguration(t *testing.T) {
	t.Parallel()
	texts := []string{"own.P", "", "android.permission.INTERNET", "own.Q"}
	all, german := make([]byte, 28), language("de", "")
	permission := func(chunks ...[]byte) []byte { return resourceTable(texts, chunks...) }
	value := func(config []byte, text uint32) []byte {
		return typeChunk(1, 0, config, 1, u32(0), entryOf(kindString, text))
	}
	spec := func(flags uint32) []byte {
		return chunk(0x0202, u32(1, 1), u32(flags))
	}
	app := []attr{text(idPermission, "app.P")}
	for name, test := range map[string]struct {
		app       []attr
		resources []byte
		want      bool
	}{
		"one value":                         {nil, permission(value(all, 0)), true},
		"one value in one language":         {nil, permission(value(german, 0)), true},
		"empty in one language":             {app, permission(value(all, 0), value(german, 1)), false},
		"normal in one release":             {app, permission(value(all, 0), value(release(25), 2)), false},
		"two, and nothing around":           {nil, permission(value(all, 0), value(german, 3)), false},
		"two, and the application's":        {app, permission(value(all, 0), value(german, 3)), true},
		"one that is said to depend":        {nil, permission(spec(4), value(all, 0)), false},
		"one that is said to be public":     {nil, permission(spec(0x40000000), value(all, 0)), true},
		"depends, and the application's":    {app, permission(spec(4), value(all, 0)), true},
		"empty":                             {app, permission(value(all, 1)), false},
		"empty, while the application's is": {[]attr{text(idPermission, "")}, permission(value(all, 0), value(german, 3)), false},
	} {
		component := exportedAs("activity", []attr{typed(idPermission, kindReference, 0x7F010000)})
		if c := componentOf(t, test.app, component, test.resources); c.Protected != test.want {
			t.Errorf("%s: protected is %t, want %t", name, c.Protected, test.want)
		}
	}
}

// Only what the platform reads as a launcher entry may do without a permission.
func TestComponent_isALauncherEntryByPlainTextsOnly(t *testing.T) {
	t.Parallel()
	filter := func(action, category attr) node {
		return node{name: "intent-filter", children: []node{{name: "action", attrs: []attr{action}}, {name: "category", attrs: []attr{category}}}}
	}
	main, launcher := text(idName, "android.intent.action.MAIN"), text(idName, "android.intent.category.LAUNCHER")
	spelled := main
	spelled.raw = "another.action"
	resources := resourceTable([]string{"android.intent.action.MAIN"}, typeChunk(1, 0, nil, 1, u32(0), entryOf(kindString, 0)))
	for name, test := range map[string]struct {
		kind   string
		action attr
		want   bool
	}{
		"plain":           {"activity", main, true},
		"an alias":        {"activity-alias", main, true},
		"a service":       {"service", main, false},
		"a reference":     {"activity", typed(idName, kindReference, 0x7F010000), false},
		"another beside":  {"activity", spelled, false},
		"another action":  {"activity", text(idName, "android.intent.action.VIEW"), false},
		"no text, a bool": {"activity", typed(idName, kindBoolean, 1), false},
	} {
		c := componentOf(t, nil, exportedAs(test.kind, nil, filter(test.action, launcher)), resources)
		if c.Launcher != test.want {
			t.Errorf("%s: launcher is %t, want %t", name, c.Launcher, test.want)
		}
	}
}
