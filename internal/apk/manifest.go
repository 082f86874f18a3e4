package apk

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shogo82148/androidbinary"
)

// Flag is a boolean attribute that may be absent or unreadable.
type Flag int

// The values of a Flag. FlagUnresolved refers to a resource that cannot be read.
const (
	FlagUnset Flag = iota
	FlagFalse
	FlagTrue
	FlagUnresolved
)

// manifestXML is the part of AndroidManifest.xml that the facts need.
type manifestXML struct {
	Package          androidbinary.String `xml:"package,attr"`
	VersionCode      androidbinary.String `xml:"http://schemas.android.com/apk/res/android versionCode,attr"`
	VersionCodeMajor androidbinary.String `xml:"http://schemas.android.com/apk/res/android versionCodeMajor,attr"`
	VersionName      androidbinary.String `xml:"http://schemas.android.com/apk/res/android versionName,attr"`
	SDKs             []struct {
		Min    androidbinary.String `xml:"http://schemas.android.com/apk/res/android minSdkVersion,attr"`
		Target androidbinary.String `xml:"http://schemas.android.com/apk/res/android targetSdkVersion,attr"`
		Max    androidbinary.String `xml:"http://schemas.android.com/apk/res/android maxSdkVersion,attr"`
	} `xml:"uses-sdk"`
	Permissions   []nameXML      `xml:"uses-permission"`
	Permissions23 []nameXML      `xml:"uses-permission-sdk-23"`
	App           applicationXML `xml:"application"`
}

type nameXML struct {
	Name androidbinary.String `xml:"http://schemas.android.com/apk/res/android name,attr"`
}

type applicationXML struct {
	Label                 androidbinary.String `xml:"http://schemas.android.com/apk/res/android label,attr"`
	Permission            androidbinary.String `xml:"http://schemas.android.com/apk/res/android permission,attr"`
	Debuggable            *androidbinary.Bool  `xml:"http://schemas.android.com/apk/res/android debuggable,attr"`
	AllowBackup           *androidbinary.Bool  `xml:"http://schemas.android.com/apk/res/android allowBackup,attr"`
	UsesCleartextTraffic  *androidbinary.Bool  `xml:"http://schemas.android.com/apk/res/android usesCleartextTraffic,attr"`
	TestOnly              *androidbinary.Bool  `xml:"http://schemas.android.com/apk/res/android testOnly,attr"`
	NetworkSecurityConfig androidbinary.String `xml:"http://schemas.android.com/apk/res/android networkSecurityConfig,attr"`
	Activities            []componentXML       `xml:"activity"`
	Aliases               []componentXML       `xml:"activity-alias"`
	Services              []componentXML       `xml:"service"`
	Receivers             []componentXML       `xml:"receiver"`
	Providers             []componentXML       `xml:"provider"`
}

type componentXML struct {
	Name            androidbinary.String `xml:"http://schemas.android.com/apk/res/android name,attr"`
	Exported        *androidbinary.Bool  `xml:"http://schemas.android.com/apk/res/android exported,attr"`
	Permission      androidbinary.String `xml:"http://schemas.android.com/apk/res/android permission,attr"`
	ReadPermission  androidbinary.String `xml:"http://schemas.android.com/apk/res/android readPermission,attr"`
	WritePermission androidbinary.String `xml:"http://schemas.android.com/apk/res/android writePermission,attr"`
	Filters         []filterXML          `xml:"intent-filter"`
}

type filterXML struct {
	Actions    []nameXML `xml:"action"`
	Categories []nameXML `xml:"category"`
}

// readTable decodes resources.arsc. A package without one, or with one that cannot be read, has no
// table: what refers to it is then unresolved.
func readTable(data []byte, limit int64) (table *androidbinary.TableFile) {
	if data == nil || checkTable(data, limit) != nil {
		return nil
	}
	defer func() {
		// The walk before covers what is known; a panic beyond it must not end the process.
		if recover() != nil {
			table = nil
		}
	}()
	table, err := androidbinary.NewTableFile(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return table
}

// readManifest decodes AndroidManifest.xml into the facts.
func (f *Facts) readManifest(data []byte, limit int64, table *androidbinary.TableFile) (err error) {
	if err := checkXML(data, limit); err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrManifest, p)
		}
	}()
	file, err := androidbinary.NewXMLFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	var m manifestXML
	if err := file.Decode(&m, table, nil); err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	return f.take(&m)
}

// take copies the decoded manifest into the facts.
func (f *Facts) take(m *manifestXML) error {
	if f.Package = text(m.Package); f.Package == "" {
		return fmt.Errorf("%w: it names no package", ErrManifest)
	}
	f.VersionName, f.Label = text(m.VersionName), text(m.App.Label)
	f.VersionCode = number(m.VersionCode)&0xFFFFFFFF | number(m.VersionCodeMajor)<<32
	f.MinSDK = 1
	for _, sdk := range m.SDKs {
		f.MinSDK = max(f.MinSDK, int(number(sdk.Min)))
		f.TargetSDK = max(f.TargetSDK, int(number(sdk.Target)))
		f.MaxSDK = int(number(sdk.Max))
	}
	if f.TargetSDK == 0 {
		f.TargetSDK = f.MinSDK
	}
	for _, permission := range slices.Concat(m.Permissions, m.Permissions23) {
		if name := text(permission.Name); name != "" && !f.HasPermission(name) {
			f.Permissions = append(f.Permissions, name)
		}
	}
	f.Debuggable, f.AllowBackup = flag(m.App.Debuggable), flag(m.App.AllowBackup)
	f.UsesCleartextTraffic, f.TestOnly = flag(m.App.UsesCleartextTraffic), flag(m.App.TestOnly)
	f.NetworkSecurityConfig = raw(m.App.NetworkSecurityConfig) != ""
	for _, group := range []struct {
		kind     ComponentKind
		elements []componentXML
	}{
		{KindActivity, m.App.Activities}, {KindAlias, m.App.Aliases}, {KindService, m.App.Services},
		{KindReceiver, m.App.Receivers}, {KindProvider, m.App.Providers},
	} {
		for _, element := range group.elements {
			f.Components = append(f.Components, m.component(group.kind, element, f.TargetSDK))
		}
	}
	return nil
}

// text is an attribute's text, "" where it is absent or its resource cannot be read.
func text(s androidbinary.String) string {
	v, err := s.String()
	if err != nil {
		return ""
	}
	return v
}

// raw is an attribute's text, or its reference where that cannot be resolved.
func raw(s androidbinary.String) string {
	if v, err := s.String(); err == nil {
		return v
	}
	return "@"
}

// number is an attribute's number, decimal or 0x hexadecimal; 0 where it is none. (A codename of a
// preview release, as minSdkVersion may hold, is none.)
func number(s androidbinary.String) int64 {
	digits, base := text(s), 10
	if hex, found := strings.CutPrefix(digits, "0x"); found {
		digits, base = hex, 16
	}
	v, err := strconv.ParseInt(digits, base, 64)
	if err != nil {
		return 0
	}
	return v
}

// flag is an optional boolean.
func flag(b *androidbinary.Bool) Flag {
	if b == nil {
		return FlagUnset
	}
	v, err := b.Bool()
	switch {
	case err != nil:
		return FlagUnresolved
	case v:
		return FlagTrue
	}
	return FlagFalse
}
