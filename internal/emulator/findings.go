package emulator

import (
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// Values of SafeType, RiskLevel and VulSrcType (api.md).
const (
	safeTypeUnknown = 0
	safeTypeSafe    = 1
	safeTypeVirus   = 3

	riskLow    = 1
	riskMedium = 2
	riskHigh   = 3

	sourceApp        = 0
	sourceThirdParty = 1
)

// VulIds of the findings that a package's bytes can give. They never change.
const (
	VulIDDebuggable  = "MS-APP-DEBUGGABLE"
	VulIDAllowBackup = "MS-APP-ALLOW-BACKUP"
	VulIDCleartext   = "MS-APP-CLEARTEXT-TRAFFIC"
	VulIDExported    = "MS-APP-EXPORTED-COMPONENT"
	VulIDMinSDK      = "MS-APP-OLD-MIN-SDK"
)

const (
	// VirusName is that of the EICAR test string.
	VirusName = "EICAR-Test-File"
	// OldMinSDK is the API level below which minSdkVersion is a finding: 24 (Android 7.0) is the first
	// that checks the whole file's signature and does not trust certificates that users add.
	OldMinSDK = 24
	// maxVulnerabilities bounds the list, against manifests with thousands of components.
	maxVulnerabilities = 500
)

// found is everything that was found in a package.
type found struct {
	facts           *apk.Facts
	classes         int   // that the dex files define
	sdks            []sdk // that have a class in the package, by name
	virus           *virus
	sensitive       []sensitive
	vulnerabilities []vulnerability
}

// virus is the EICAR test string and where it was.
type virus struct {
	name        string
	description string
}

// sensitive is a text file with words of sensitiveWords; sha1 is its lower-case hex digest.
type sensitive struct {
	path  string
	sha1  string
	words []string
}

// vulnerability is one VulList element.
type vulnerability struct {
	id, name, code, description, solution, path string
	level, sourceType                           int
}

// deduction is what a finding takes from VulFileScore, which starts at 100.
func (v vulnerability) deduction() int {
	return map[int]int{riskHigh: 30, riskMedium: 10, riskLow: 5}[v.level]
}

const manifestPath = "AndroidManifest.xml"

// vulnerabilities derives the findings from a package's facts: the worst first, components in the
// order of the manifest.
func vulnerabilities(facts *apk.Facts) []vulnerability {
	var list []vulnerability
	if facts.IsDebuggable() {
		list = append(list, vulnerability{
			id: VulIDDebuggable, level: riskHigh, path: manifestPath,
			name: "Application is debuggable", code: `android:debuggable="true"`,
			description: "Anyone with the device can attach a debugger and read the application's memory and data.",
			solution:    "Build the release without android:debuggable.",
		})
	}
	if facts.Backup() {
		list = append(list, vulnerability{
			id: VulIDAllowBackup, level: riskMedium, path: manifestPath,
			name: "Application data may be backed up", code: `android:allowBackup="true"`,
			description: "The application's private data can leave the device with a backup; this is the default.",
			solution:    `Set android:allowBackup="false".`,
		})
	}
	if facts.Cleartext() {
		list = append(list, vulnerability{
			id: VulIDCleartext, level: riskMedium, path: manifestPath,
			name: "Unencrypted traffic is allowed", code: `android:usesCleartextTraffic="true"`,
			description: "Traffic without TLS can be read and changed on its way; below target API level 28 this is the default.",
			solution:    `Set android:usesCleartextTraffic="false".`,
		})
	}
	for _, component := range facts.OpenComponents() {
		if len(list) == maxVulnerabilities {
			break
		}
		list = append(list, exported(facts.Package, component))
	}
	if facts.MinSDK < OldMinSDK {
		list = append(list, vulnerability{
			id: VulIDMinSDK, level: riskLow, path: manifestPath,
			name: "Old Android versions are supported", code: fmt.Sprintf(`android:minSdkVersion="%d"`, facts.MinSDK),
			description: "Devices with these versions get no security updates and lack later protections.",
			solution:    fmt.Sprintf("Raise minSdkVersion to %d or above.", OldMinSDK),
		})
	}
	return list
}

// exported is the finding for one component, whose path tells it from the others.
func exported(pkg string, component apk.Component) vulnerability {
	source := sourceApp
	if component.Name != pkg && !strings.HasPrefix(component.Name, pkg+".") {
		source = sourceThirdParty
	}
	return vulnerability{
		id: VulIDExported, level: riskMedium, sourceType: source, path: manifestPath + ":" + component.Name,
		name: "Component is open to other applications", code: `<` + string(component.Kind) + ` android:name="` + component.Name + `">`,
		description: "Any application on the device can use this component, since it is exported and asks for no permission that only some get.",
		solution:    `Set android:exported="false", or android:permission.`,
	}
}
