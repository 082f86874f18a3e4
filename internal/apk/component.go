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

// component reads one element. An attribute that cannot be read counts as the riskier value.
func (m *manifestXML) component(kind ComponentKind, e componentXML, targetSDK int) Component {
	c := Component{Kind: kind, Name: m.fullName(text(e.Name))}
	switch flag(e.Exported) {
	case FlagUnset:
		c.Exported = len(e.Filters) > 0
		if kind == KindProvider {
			c.Exported = targetSDK < 17
		}
	case FlagFalse:
	default:
		c.Exported = true
	}
	c.Protected = text(e.Permission) != "" || text(m.App.Permission) != ""
	if kind == KindProvider && !c.Protected {
		c.Protected = text(e.ReadPermission) != "" && text(e.WritePermission) != ""
	}
	if kind == KindActivity || kind == KindAlias {
		for _, filter := range e.Filters {
			c.Launcher = c.Launcher || filter.opensFromLauncher()
		}
	}
	return c
}

// fullName completes a class name that is relative to the package.
func (m *manifestXML) fullName(name string) string {
	pkg := text(m.Package)
	switch {
	case name == "" || pkg == "":
		return name
	case strings.HasPrefix(name, "."):
		return pkg + name
	case !strings.Contains(name, "."):
		return pkg + "." + name
	}
	return name
}

func (f filterXML) opensFromLauncher() bool {
	main, launcher := false, false
	for _, action := range f.Actions {
		main = main || text(action.Name) == "android.intent.action.MAIN"
	}
	for _, category := range f.Categories {
		name := text(category.Name)
		launcher = launcher || name == "android.intent.category.LAUNCHER" || name == "android.intent.category.LEANBACK_LAUNCHER"
	}
	return main && launcher
}
