package apk

import (
	"fmt"
	"slices"
)

// Resource ids of the attributes that the facts need (android.R.attr), and attrPackage for the one
// that has no id.
const (
	attrPackage               = 0
	attrLabel                 = 0x01010001
	attrName                  = 0x01010003
	attrPermission            = 0x01010006
	attrReadPermission        = 0x01010007
	attrWritePermission       = 0x01010008
	attrProtectionLevel       = 0x01010009
	attrDebuggable            = 0x0101000F
	attrExported              = 0x01010010
	attrMinSDKVersion         = 0x0101020C
	attrVersionCode           = 0x0101021B
	attrVersionName           = 0x0101021C
	attrTargetSDKVersion      = 0x01010270
	attrMaxSDKVersion         = 0x01010271
	attrTestOnly              = 0x01010272
	attrAllowBackup           = 0x01010280
	attrUsesCleartextTraffic  = 0x010104EC
	attrNetworkSecurityConfig = 0x01010527
	attrCompileSDKVersion     = 0x01010572
	attrVersionCodeMajor      = 0x01010576
)

// maxPackageName bounds the application id, in bytes. It is as long as a file name may be, since the
// platform makes one of it.
const maxPackageName = 255

var errUnfolds = fmt.Errorf("%w: the manifest unfolds too far", ErrTooLarge)

// readManifest decodes AndroidManifest.xml into the facts. Its texts may take up to limit bytes.
func (f *Facts) readManifest(data []byte, limit int64, t *table) error {
	d, err := readXML(data, limit)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	r := &values{pool: d.pool, table: t, left: limit}
	err = f.take(r, d.root)
	f.Unresolved = r.unresolved
	if r.err != nil { // then what was taken is not all that there is
		err = r.err
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	return nil
}

// take copies the manifest into the facts.
func (f *Facts) take(r *values, root *element) error {
	if root.name != "manifest" {
		return fmt.Errorf("the root is not <manifest>")
	}
	f.Package = r.text(root, attrPackage)
	if f.Package == "" || len(f.Package) > maxPackageName {
		return fmt.Errorf("its package has a name of %d bytes", len(f.Package))
	}
	if spelled, ok := root.spelledPackage(); ok {
		// The platform takes the text for people, others the typed value beside it.
		if spelled, err := r.pool.text(spelled); err != nil || spelled != f.Package {
			return evasion("<manifest> has two values for its package, %q and %q", f.Package, spelled)
		}
	}
	f.VersionName = r.text(root, attrVersionName)
	f.Declared.VersionCode = r.versionCode(root)
	f.VersionCode = or(f.Declared.VersionCode, 0)

	sdk, err := only(root, "uses-sdk")
	if err != nil {
		return err
	}
	f.takeLevels(r, root, sdk)
	f.takePermissions(r, root)
	application, err := only(root, "application")
	if err != nil {
		return err
	}
	f.early = slices.Contains(root.children, application) && slices.Index(root.children, sdk) > slices.Index(root.children, application)
	f.takeApplication(r, root, application)
	return nil
}

// takeLevels reads the SDK levels. Where configurations differ, the oldest target and minimum count.
func (f *Facts) takeLevels(r *values, root, sdk *element) {
	f.Declared.CompileSDK = r.lowest(root, attrCompileSDKVersion, "android:compileSdkVersion").declared
	least := r.lowest(sdk, attrMinSDKVersion, "android:minSdkVersion")
	target := r.lowest(sdk, attrTargetSDKVersion, "android:targetSdkVersion")
	most := r.highest(sdk, attrMaxSDKVersion, "android:maxSdkVersion")
	if target.codename && !least.given {
		least.effective = target.effective // as the platform does
	}
	f.Declared.MinSDK, f.Declared.TargetSDK, f.Declared.MaxSDK = least.declared, target.declared, most.declared
	f.MinSDK = int(max(least.effective, 1))
	f.TargetSDK = f.MinSDK
	if target.given {
		f.TargetSDK = int(target.effective)
	}
	f.MaxSDK = int(or(most.declared, 0))
}

// only is the child with a name, an empty element where there is none. Of several the platform counts
// the first <application>, the last <uses-sdk>, and others by their release; so several are an error.
func only(parent *element, name string) (*element, error) {
	found := parent.named(name)
	switch len(found) {
	case 0:
		return &element{}, nil
	case 1:
		return found[0], nil
	}
	return nil, evasion("<%s> is there %d times", name, len(found))
}

// versionCode joins versionCode and versionCodeMajor; nil where neither is a number.
func (r *values) versionCode(root *element) *int64 {
	code, major := r.number(root, attrVersionCode, "android:versionCode"), r.number(root, attrVersionCodeMajor, "android:versionCodeMajor")
	if code == nil && major == nil {
		return nil
	}
	joined := or(code, 0)&0xFFFFFFFF | or(major, 0)<<32
	return &joined
}

func or(n *int64, otherwise int64) int64 {
	if n == nil {
		return otherwise
	}
	return *n
}

func (f *Facts) takePermissions(r *values, root *element) {
	seen := make(map[string]bool)
	for _, child := range root.children {
		switch child.name {
		case "uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m":
			for _, name := range r.texts(child, attrName) {
				if !seen[name] {
					seen[name] = true
					f.Permissions = append(f.Permissions, name)
				}
			}
		}
	}
}

func (f *Facts) takeApplication(r *values, root, application *element) {
	f.Label = r.text(application, attrLabel)
	for _, flag := range []struct {
		into *Flag
		id   int64
		name string
	}{
		{&f.Debuggable, attrDebuggable, "android:debuggable"},
		{&f.AllowBackup, attrAllowBackup, "android:allowBackup"},
		{&f.UsesCleartextTraffic, attrUsesCleartextTraffic, "android:usesCleartextTraffic"},
		{&f.TestOnly, attrTestOnly, "android:testOnly"},
	} {
		var err error
		if *flag.into, err = r.flag(application, flag.id); err != nil {
			r.give(flag.name, err)
		}
	}
	f.NetworkSecurityConfig = !application.get(attrNetworkSecurityConfig).isNull()
	c := newComponents(f, r, root, application)
	for _, kind := range []ComponentKind{KindActivity, KindAlias, KindService, KindReceiver, KindProvider} {
		for _, e := range application.named(string(kind)) {
			f.Components = append(f.Components, c.component(kind, e))
		}
	}
}
