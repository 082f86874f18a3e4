package examples_test

import (
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The statements of the pages about several packages, modules, imports and destroying.

func TestAccSeveralPackages_anotherBuildOfOneScansThatOneAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/several-packages")
	given := map[string]any{}
	pack := func(name, file string) {
		path := "build/" + name + ".apk"
		s.put(path, string(s.cloud.Package(file)))
		given[name] = map[string]any{"path": path, "url": s.cloud.AppURL(file, "first")}
		s.give(map[string]any{"packages": given})
	}
	pack("shop", "clean.apk")
	pack("pay", "noresources.apk")
	s.Apply().Succeeds().DoesNotSay("sign=first")
	s.submissions(2)
	pack("pay", "insecure.apk")
	s.Apply().Fails().Says(stopped, "insecure")
	s.submissions(3)
	if input := s.State(release)["input"].(map[string]any)["pay"].(map[string]any); input["package_md5"] != s.cloud.MD5("noresources.apk") {
		t.Errorf("released: %v", input)
	}
}

func TestAccModule_holdsScanAndGate(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/module")
	// With dev_overrides there is no "init": modules are installed by "get".
	s.Apply().Fails().Says("Module not installed")
	s.Run("get").Succeeds()
	s.build("insecure.apk")
	s.edit("security/policy.yaml", "2027-01-31", "2999-12-31")
	s.Apply().Succeeds() // the exception is in the file
	s.edit("security/policy.yaml", "fail_on: high", "fial_on: high")
	s.Plan().Fails().Says("Invalid gate", "fial_on")
	s.edit("security/policy.yaml", "fial_on: high", "fail_on: high")
	s.edit("security/policy.yaml", "MS-APP-DEBUGGABLE", "MS-APP-OTHER")
	s.Plan().Fails().Says(stopped, emulator.VulIDDebuggable)
	s.submissions(1)
}

func TestAccImport_generatesAConfigurationThatLacksTheURLAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated())
	s.Apply().Succeeds()
	id := s.cloud.Ledger().Submissions[0].ItemID
	s.Run("state", "rm", scan).Succeeds()
	declared := "variable \"package_url\" {\n  type = string\n}\n"
	s.write(declared + "import {\n  to = " + scan + "\n  id = \"" + id + "\"\n}\n")
	s.Run("plan", "-no-color", "-generate-config-out=generated.tf").Fails().Says("Missing Attribute Value", "app_infos[0].app_url is required")
	if generated := s.read("generated.tf"); !strings.Contains(generated, s.cloud.MD5("clean.apk")) {
		t.Fatalf("generated:\n%s", generated)
	}
	s.edit("generated.tf", "app_url      = null # sensitive", "app_url      = var.package_url")
	s.Apply().Succeeds().Says("1 imported")
	s.unchanged()
	s.submissions(1)
}

func TestAccDestroy_whereTheActionsAreOffline(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated())
	s.Apply().Succeeds()
	for _, action := range []string{"CreateScanInstances", "DescribeScanResults"} {
		s.cloud.Fault(emulator.Fault{Action: action, Kind: emulator.FaultError, Code: "ActionOffline"})
	}
	s.Destroy().Fails().Says("Error: Unable to Read Scan", "ActionOffline")
	s.Destroy("-refresh=false").Succeeds()
	s.exists(scan, false)
}
