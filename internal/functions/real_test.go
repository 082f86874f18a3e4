package functions_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/functions"
)

// realPackages are the files that APKS names, separated as in PATH: packages that other build tools
// made. They are not part of the repository.
//
//	npm pack io.appium.settings appium-uiautomator2-server   # then unpack, and name the apks
//	APKS=a.apk:b.apk go test -v -run TestReal ./internal/functions
func realPackages(t *testing.T) []string {
	t.Helper()
	list := filepath.SplitList(os.Getenv("APKS"))
	if len(list) == 0 {
		t.Skip("set APKS to the paths of real packages")
	}
	return list
}

// Every attribute that Android's own tools print is compared with what they print. They are Debian's
// aapt and apksigner.
func TestRealPackages_areReadAsAndroidsToolsReadThem(t *testing.T) {
	t.Parallel()
	for _, path := range realPackages(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkBoth(t, path, data)
		got, funcErr := call(t, functions.NewInspectAPK(), path)
		if funcErr != nil {
			t.Errorf("%s: %v", path, funcErr)
			continue
		}
		badging := output(t, "aapt", "dump", "badging", path)
		for name, pattern := range map[string]string{
			"package":             `(?m)^package: name='([^']*)'`,
			"version_code":        `(?m)^package: .* versionCode='([^']*)'`,
			"version_name":        `(?m)^package: .* versionName='([^']*)'`,
			"compile_sdk_version": `(?m)^package: .* compileSdkVersion='([^']*)'`,
			"min_sdk_version":     `(?m)^sdkVersion:'([^']*)'`,
			"target_sdk_version":  `(?m)^targetSdkVersion:'([^']*)'`,
			"max_sdk_version":     `(?m)^maxSdkVersion:'([^']*)'`,
			"label":               `(?m)^application-label:'([^']*)'`,
		} {
			want := strings.Join(matches(badging, pattern), "")
			if strings.HasSuffix(name, "sdk_version") && strings.Trim(want, "0123456789") != "" {
				want = "" // the codename of a preview release is null
			}
			if plainText(got[name]) != want {
				t.Errorf("%s: %s is %s, aapt says %q", path, name, got[name], want)
			}
		}
		permissions := matches(badging, `(?m)^uses-permission(?:-sdk-23)?: name='([^']*)'`)
		// aapt adds what follows from an old target level.
		implied := matches(badging, `(?m)^uses-implied-permission: name='([^']*)'`)
		permissions = slices.DeleteFunc(permissions, func(name string) bool { return slices.Contains(implied, name) })
		slices.Sort(permissions)
		if want := slices.Compact(permissions); !slices.Equal(texts(got["permissions"]), want) {
			t.Errorf("%s: permissions %s, aapt says %v", path, got["permissions"], want)
		}
		if debuggable := strings.Contains(badging, "\napplication-debuggable"); (plainText(got["debuggable"]) == "true") != debuggable {
			t.Errorf("%s: debuggable is %s, aapt says %t", path, got["debuggable"], debuggable)
		}
		certificates := matches(output(t, "apksigner", "verify", "--print-certs", path), `certificate SHA-256 digest: ([0-9a-f]{64})`)
		slices.Sort(certificates)
		if want := slices.Compact(certificates); !slices.Equal(texts(got["certificate_sha256s"]), want) {
			t.Errorf("%s: certificates %s, apksigner says %v", path, got["certificate_sha256s"], want)
		}
		t.Logf("%s: %v", filepath.Base(path), got)
	}
}

// Damaged copies are read or refused, each in bounded time and memory.
func TestRealPackages_damagedAreReadOrRefused(t *testing.T) { //nolint:paralleltest // it measures
	for _, path := range realPackages(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		copied := file(t, "damaged.apk", nil)
		var longest time.Duration
		var most uint64
		copies, read := 0, 0
		damaged(data, 1, 60, 240, func(_ string, data []byte) {
			if err := os.WriteFile(copied, data, 0o600); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, funcErr := call(t, functions.NewInspectAPK(), copied)
			longest = max(longest, time.Since(start))
			runtime.ReadMemStats(&after)
			most = max(most, after.TotalAlloc-before.TotalAlloc)
			copies++
			if funcErr == nil {
				read++
			} else {
				plain(t, funcErr)
			}
		})
		t.Logf("%s, %d bytes: %d damaged copies, %d read, at most %v and %d KiB allocated for one", filepath.Base(path), len(data), copies, read, longest, most>>10)
		if most > 256<<20 {
			t.Errorf("%s: %d bytes were allocated for one copy", path, most)
		}
	}
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout = &out
	// aapt ends with an error where an icon is missing, after it has printed what matters.
	if err := cmd.Run(); err != nil && out.Len() == 0 {
		t.Fatalf("%s: %v", name, err)
	}
	return out.String()
}

func matches(text, pattern string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

// plainText is a value as the tools print it, "" for null.
func plainText(value attr.Value) string {
	if value.IsNull() {
		return ""
	}
	return strings.Trim(value.String(), `"`)
}

func texts(list attr.Value) []string {
	var found []string
	for _, value := range list.(types.List).Elements() {
		found = append(found, value.(types.String).ValueString())
	}
	return found
}
