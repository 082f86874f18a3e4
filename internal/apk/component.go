package apk

import "strings"

// ComponentKind is the manifest element that declares a component.
type ComponentKind string

// The kinds of components.
const (
	KindActivity ComponentKind = "activity"
	KindAlias    ComponentKind = "activity-alias"
	KindService  ComponentKind = "service"
	KindReceiver ComponentKind = "receiver"
	KindProvider ComponentKind = "provider"
)

// Component is a part of an application that others may be able to start.
type Component struct {
	Kind ComponentKind
	// Name is the full class name.
	Name string
	// Exported tells whether other applications may use it: android:exported, or the platform's rule
	// where the manifest does not say (an intent filter; a provider for targets below API level 17).
	Exported bool
	// Protected tells that a permission is asked of those who use it: its own, the application's, or,
	// for a provider, one for reading and one for writing.
	Protected bool
	// Launcher tells that it is an entry in the launcher, which has to be exported.
	Launcher bool
}

// Open tells whether any application may use the component although it is no launcher entry.
func (c Component) Open() bool { return c.Exported && !c.Protected && !c.Launcher }

// OpenComponents are the exported components without a permission.
func (f *Facts) OpenComponents() []Component {
	var open []Component
	for _, component := range f.Components {
		if component.Open() {
			open = append(open, component)
		}
	}
	return open
}

// component reads one element; guarded tells that the application asks for a permission. An attribute
// that cannot be read counts as the riskier value.
func (f *Facts) component(r *values, kind ComponentKind, e *element, guarded bool) Component {
	filters := e.named("intent-filter")
	c := Component{Kind: kind, Name: f.fullName(r.text(e, attrName))}
	switch r.flag(e, attrExported) {
	case FlagUnset:
		c.Exported = len(filters) > 0
		if kind == KindProvider {
			c.Exported = f.TargetSDK < 17
		}
	case FlagFalse:
	default:
		c.Exported = true
	}
	c.Protected = guarded || r.text(e, attrPermission) != ""
	if kind == KindProvider && !c.Protected {
		c.Protected = r.text(e, attrReadPermission) != "" && r.text(e, attrWritePermission) != ""
	}
	if kind == KindActivity || kind == KindAlias {
		for _, filter := range filters {
			c.Launcher = c.Launcher || r.opensFromLauncher(filter)
		}
	}
	return c
}

// fullName completes a class name that is relative to the package.
func (f *Facts) fullName(name string) string {
	switch {
	case name == "":
		return ""
	case strings.HasPrefix(name, "."):
		return f.Package + name
	case !strings.Contains(name, "."):
		return f.Package + "." + name
	}
	return name
}

func (r *values) opensFromLauncher(filter *element) bool {
	main, launcher := false, false
	for _, action := range filter.named("action") {
		main = main || r.text(action, attrName) == "android.intent.action.MAIN"
	}
	for _, category := range filter.named("category") {
		name := r.text(category, attrName)
		launcher = launcher || name == "android.intent.category.LAUNCHER" || name == "android.intent.category.LEANBACK_LAUNCHER"
	}
	return main && launcher
}
