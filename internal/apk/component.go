package apk

import (
	"slices"
	"strings"
)

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
	// Protected tells that those who use it need a permission which is not granted to every
	// application that asks for it: its own, or the application's where it says nothing of one. A
	// provider needs one for reading and one for writing.
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

// firstTargetWithPrivateProviders is the target level from which providers are not exported by default.
const firstTargetWithPrivateProviders = 17

// components reads the components of an application. An attribute that cannot be read, or that differs
// between configurations, counts as the riskier value.
type components struct {
	*values
	pkg         string
	target      int
	permissions permissions
	application access // what the application's own permission asks for
}

func newComponents(f *Facts, r *values, root, application *element) *components {
	c := &components{values: r, pkg: f.Package, target: f.defaultsTarget(), permissions: declaredPermissions(r, root)}
	c.application = c.access(application, attrPermission)
	return c
}

func (c *components) component(kind ComponentKind, e *element) Component {
	filters := e.named("intent-filter")
	component := Component{Kind: kind, Name: fullName(c.pkg, c.text(e, attrName)), Protected: c.isProtected(kind, e)}
	switch exported, _ := c.flag(e, attrExported); exported {
	case FlagUnset:
		component.Exported = len(filters) > 0
		if kind == KindProvider {
			component.Exported = c.target < firstTargetWithPrivateProviders
		}
	case FlagFalse:
	default:
		component.Exported = true
	}
	if kind == KindActivity || kind == KindAlias {
		component.Launcher = slices.ContainsFunc(filters, c.opensFromLauncher)
	}
	return component
}

// isProtected follows the platform (ParsedActivityUtils, ParsedServiceUtils, ParsedProviderUtils).
func (c *components) isProtected(kind ComponentKind, e *element) bool {
	own := c.access(e, attrPermission)
	switch kind {
	case KindAlias:
		// An alias has no permission but its own: neither its target's nor the application's.
		return own == guarded
	case KindProvider:
		read, write := c.access(e, attrReadPermission).within(own), c.access(e, attrWritePermission).within(own)
		if read.within(c.application) != guarded || write.within(c.application) != guarded {
			return false
		}
		// A path may be opened to those who have another permission.
		return !slices.ContainsFunc(e.named("path-permission"), c.opensPath)
	default:
		return own.within(c.application) == guarded
	}
}

func (c *components) opensPath(path *element) bool {
	own := c.access(path, attrPermission)
	return c.access(path, attrReadPermission).within(own) == open || c.access(path, attrWritePermission).within(own) == open
}

// access is what a permission attribute asks of those who use a component.
type access int

const (
	inherited access = iota // nothing is said: what surrounds it decides
	open                    // everyone may, as with an empty text
	guarded                 // a permission is needed that not everyone gets
)

// within is what holds where outer is what surrounds a.
func (a access) within(outer access) access {
	if a == inherited {
		return outer
	}
	return a
}

// access reads a permission attribute. An empty text asks for no permission, where an absent attribute
// would inherit one. The platform takes an attribute that depends on the configuration for absent; the
// value that a device has may be the riskier one, and then counts.
func (c *components) access(e *element, id int64) access {
	attribute := e.get(id)
	found, varies, err := c.table.all(attribute)
	if err != nil {
		return open
	}
	result := guarded
	for _, v := range found {
		switch {
		case v.isNull():
			result = inherited
		case c.permissions.everyoneHas(c.textOf(v, c.poolOf(attribute))):
			return open
		}
	}
	if varies {
		return inherited
	}
	return result
}

// fullName completes a class name that is relative to the package.
func fullName(pkg, name string) string {
	switch {
	case name == "":
		return ""
	case strings.HasPrefix(name, "."):
		return pkg + name
	case !strings.Contains(name, "."):
		return pkg + "." + name
	}
	return name
}

// opensFromLauncher tells whether an intent filter makes an entry in the launcher. The platform reads
// actions and categories as plain texts.
func (c *components) opensFromLauncher(filter *element) bool {
	main, launcher := false, false
	for _, action := range filter.named("action") {
		main = main || c.literal(action, attrName) == "android.intent.action.MAIN"
	}
	for _, category := range filter.named("category") {
		name := c.literal(category, attrName)
		launcher = launcher || name == "android.intent.category.LAUNCHER" || name == "android.intent.category.LEANBACK_LAUNCHER"
	}
	return main && launcher
}
