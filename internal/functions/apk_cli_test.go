package functions_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// required is a configuration without a provider block: functions need none.
const required = `
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
`

// put writes packages below a folder.
func put(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, sample(t, filepath.Base(name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// One package, several by for, and several resources by for_each: each is submitted once with what
// the file tells, and a rotated URL changes nothing.
func TestAccParseAPK_completesAnElementOfAppInfos(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	put(t, w.Dir, "clean.apk", "ads.apk", "noresources.apk")
	config := func(signature string) string {
		return cloud.Provider() + fmt.Sprintf(`
locals {
  dir  = %q
  urls = { clean = %q, ads = %q, noresources = %q }
}

resource "ms_scan_instance" "one" {
  app_infos = [merge(provider::ms::parse_apk("${local.dir}/clean.apk"), { app_url = local.urls["clean"] })]
}

resource "ms_scan_instance" "list" {
  app_infos = [for name in ["ads", "noresources"] :
    merge(provider::ms::parse_apk("${local.dir}/${name}.apk"), { app_url = local.urls[name] })
  ]
}

resource "ms_scan_instance" "each" {
  for_each  = toset(["ads"])
  app_infos = [merge(provider::ms::parse_apk("${local.dir}/${each.key}.apk"), { app_url = local.urls[each.key] })]
  triggers  = { alone = "yes" }
}

data "ms_scan_results" "one" {
  item_id = ms_scan_instance.one.item_id
  gate { required_md5s = [provider::ms::parse_apk("${local.dir}/clean.apk").app_md5] }
}
`, filepath.ToSlash(w.Dir), cloud.AppURL("clean.apk", signature), cloud.AppURL("ads.apk", signature), cloud.AppURL("noresources.apk", signature))
	}
	w.Write(config("first"))
	w.Apply().Succeeds()
	if n := len(cloud.Ledger().Submissions); n != 3 {
		t.Errorf("%d submissions", n)
	}
	infos, ok := w.State("ms_scan_instance.one")["app_infos"].([]any)
	if !ok || len(infos) != 1 {
		t.Fatalf("app_infos %v", infos)
	}
	info := infos[0].(map[string]any)
	md5Digest, _ := digests(sample(t, "clean.apk"))
	for name, want := range map[string]any{
		"app_md5": md5Digest, "app_size": float64(len(sample(t, "clean.apk"))), "file_name": "clean.apk",
		"app_pkg_name": "com.example.shop", "app_version": "1.2.3", "app_name": "Shop", "app_icon_url": nil,
	} {
		if info[name] != want {
			t.Errorf("%s is %v, want %v", name, info[name], want)
		}
	}
	if status := w.State("ms_scan_instance.list")["status"]; status != "completed" {
		t.Errorf("status %v", status)
	}
	w.Plan().Succeeds().NoChanges()
	w.Write(config("second"))
	w.Plan().Succeeds().NoChanges()
}

// The path begins where the CLI runs, at the module, or at the home; the binary runs as a user's does.
func TestAccFunctions_findTheFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	w := acctest.NewWithBinary(t, "HOME="+home)
	put(t, w.Dir, "build/clean.apk", "module/ads.apk")
	put(t, home, "insecure.apk")
	module := `output "package" { value = provider::ms::inspect_apk("${path.module}/ads.apk").package }`
	if err := os.WriteFile(filepath.Join(w.Dir, "module", "main.tf"), []byte(required+module), 0o600); err != nil {
		t.Fatal(err)
	}
	// A module would have to be installed by init, which asks a registry for the provider.
	w.Write(required + `
output "here" { value = provider::ms::parse_apk("build/clean.apk").app_pkg_name }
output "dot"  { value = provider::ms::parse_apk("${path.module}/module/ads.apk").app_pkg_name }
output "home" { value = provider::ms::parse_apk("~/insecure.apk").app_pkg_name }
`)
	w.Apply().Succeeds().Says(`here = "com.example.shop"`, `dot = "com.example.ads"`, `home = "com.example.insecure"`)
	// With -chdir the CLI runs in that folder.
	w.Run("-chdir=module", "apply", "-auto-approve", "-no-color").Succeeds().Says(`package = "com.example.ads"`)
}

func TestAccInspectAPK_servesConditions(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	put(t, w.Dir, "clean.apk", "insecure.apk")
	w.Write(required + fmt.Sprintf(`
variable "name" { type = string }

locals {
  app = provider::ms::inspect_apk("%s/${var.name}.apk")
}

resource "terraform_data" "release" {
  input = local.app.sha256

  lifecycle {
    precondition {
      condition     = coalesce(local.app.debuggable, false) == false
      error_message = "A debuggable build is not released."
    }
    precondition {
      condition     = local.app.certificate_sha256s == tolist([%q])
      error_message = "The build is signed by another key."
    }
    precondition {
      condition     = local.app.min_sdk_version >= 19 && !contains(local.app.permissions, "android.permission.READ_CONTACTS")
      error_message = "The manifest has changed."
    }
  }
}

output "app" { value = local.app }
`, filepath.ToSlash(w.Dir), samplesCertificate))
	w.Apply("-var=name=insecure").Fails().Says("A debuggable build is not released.").DoesNotSay("signed by another key", "has changed")
	w.Apply("-var=name=clean").Succeeds().Says(`"scheme" = "v2"`, `"package" = "com.example.shop"`, `"max_sdk_version" = tonumber(null)`)
	_, digest := digests(sample(t, "clean.apk"))
	if got := w.State("terraform_data.release")["input"]; got != digest {
		t.Errorf("got %v", got)
	}
	w.Plan("-var=name=clean").NoChanges()
}

func TestAccFunctions_pointAtTheArgument(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ argument, says string }{
		"missing": {`"no-such.apk"`, `Invalid value for "path" parameter: unable to read the package no-such.apk: there is no such file.`},
		"null":    {`null`, `Invalid value for "path" parameter: argument must not be null.`},
		"a list":  {`["a.apk"]`, `Invalid value for "path" parameter: string required`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			for _, f := range []string{"parse_apk", "inspect_apk"} {
				w.Write(required + fmt.Sprintf("output \"x\" { value = provider::ms::%s(%s) }\n", f, test.argument))
				w.Plan().Fails().Says(test.says, "on main.tf line 7")
			}
		})
	}
}

// What is unknown while planning is read at apply, and what cannot be read may be caught.
func TestAccFunctions_waitForWhatIsUnknown(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	put(t, w.Dir, "clean.apk")
	w.Write(required + fmt.Sprintf(`
resource "terraform_data" "path" { input = "%s/clean.apk" }
resource "terraform_data" "app" { input = provider::ms::parse_apk(terraform_data.path.output) }
output "caught" { value = try(provider::ms::parse_apk("no-such.apk").app_name, "none") }
`, filepath.ToSlash(w.Dir)))
	w.Apply().Succeeds().Says(`caught = "none"`)
	input, _ := w.State("terraform_data.app")["input"].(map[string]any)
	if input["app_pkg_name"] != "com.example.shop" || len(input) != 6 {
		t.Errorf("input %v", input)
	}
}

// A build that changes between plan and apply must never be submitted unseen.
func TestAccParseAPK_refusesAFileThatChangedSinceThePlan(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	put(t, w.Dir, "clean.apk")
	path := filepath.Join(w.Dir, "clean.apk")
	w.Write(cloud.Provider() + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos = [merge(provider::ms::parse_apk(%q), { app_url = %q })]
}
`, filepath.ToSlash(path), cloud.AppURL("clean.apk", "first")))
	plan := filepath.Join(w.Dir, "saved")
	w.Run("plan", "-no-color", "-out="+plan).Succeeds()
	if err := os.WriteFile(path, sample(t, "ads.apk"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Run("apply", "-no-color", plan).Fails().Says("inconsistent")
	if calls := cloud.Ledger().Of("CreateScanInstances"); len(calls) != 0 {
		t.Errorf("submitted: %v", calls)
	}
	if err := os.WriteFile(path, slices.Clone(sample(t, "clean.apk")), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Run("plan", "-no-color", "-out="+plan).Succeeds()
	w.Run("apply", "-no-color", plan).Succeeds()
}
