package examples_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// The statements of the guide "Gate a release", each with the CLI.

const stopped = "Error: Security gate"

// unrelated refers to the file, but not to the verdict.
const unrelated = `
resource "terraform_data" "unrelated" {
  input = local.package_md5
}
`

func TestAccGate_newFileIsGatedAtApplyAndHoldsBackOnlyWhatRefersToTheVerdict(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated() + unrelated)
	s.build("infected.apk")
	s.Plan().Succeeds().Says("data.ms_scan_results.app will be read during apply")
	s.Apply().Fails().Says(stopped, emulator.VirusName)
	s.exists("terraform_data.unrelated", true)
	s.exists(release, false)

	// From then on the results are there, and the plan fails, for everything in this root module.
	s.Plan().Fails().Says(stopped)
	s.submissions(1)
}

func TestAccGate_whatDoesNotReferToTheVerdictIsReleased(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(strings.Replace(gated(), "data.ms_scan_results.app.verdict.outcome", "data.ms_scan_results.app.item_id", 1))
	s.build("infected.apk")
	s.Apply().Fails().Says(stopped)
	s.exists(release, false) // item_id is an output of the data source, too
	s.write(strings.Replace(gated(), "data.ms_scan_results.app.verdict.outcome", "ms_scan_instance.app.item_id", 1))
	s.Run("state", "rm", scan).Succeeds()
	s.Apply().Fails().Says(stopped)
	s.exists(release, true) // although nobody wanted that
}

func TestAccGate_pendingChangeDefersTheReadOnlyWhereTheIDIsReferredToDirectly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to string
		module   bool
		deferred bool
	}{
		"directly":              {deferred: true},
		"through a local value": {from: "item_id = ms_scan_instance.app.item_id", to: "item_id = local.item_id"},
		"through a module":      {from: "item_id = ms_scan_instance.app.item_id", to: "item_id = module.scan.item_id", module: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Still processing in the refresh of the second run, done a few polls later.
			s := newStage(t, "", emulator.WithScanPolls(3))
			config := strings.Replace(gated(), test.from, test.to, 1)
			config = strings.Replace(config, "  gate {", "  poll_interval = \"20ms\"\n  gate {", 1)
			first, rest, _ := strings.Cut(config, "data \"ms_scan_results\"")
			rest = "data \"ms_scan_results\"" + rest
			first = strings.Replace(first, "app_infos", "wait_for_completion = var.wait\n  poll_interval = \"20ms\"\n  app_infos", 1) + "variable \"wait\" {\n  default = false\n}\n"
			if test.module {
				s.put("scan/scan.tf", "terraform {\n  required_providers {\n    ms = {\n      source = \"tencentscan/ms\"\n    }\n  }\n}\n"+
					strings.ReplaceAll(first, "build/app.apk", "${path.root}/build/app.apk")+"output \"item_id\" {\n  value = ms_scan_instance.app.item_id\n}\n")
				first = "module \"scan\" {\n  source = \"./scan\"\n  package_url = var.package_url\n  wait = var.wait\n}\nvariable \"package_url\" {}\nvariable \"wait\" {\n  default = false\n}\n"
				first += "locals {\n  package_md5 = filemd5(\"build/app.apk\")\n}\n"
			} else {
				first += "locals {\n  item_id = ms_scan_instance.app.item_id\n}\n"
			}
			s.write(first)
			if test.module {
				s.Run("get").Succeeds()
			}
			s.Apply().Succeeds()

			s.write(first + rest)
			planned := s.Plan("-var=wait=true").Succeeds().Says("will be updated in-place")
			if test.deferred {
				planned.Says("data.ms_scan_results.app will be read during apply", "depends on a resource or a module with changes pending")
			} else {
				planned.Says("data.ms_scan_results.app: Read complete").DoesNotSay("will be read during apply")
			}
		})
	}
}

func TestAccGate_targetCanLeaveItOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated() + unrelated)
	s.build("infected.apk")
	s.Apply("-target="+scan, "-target=terraform_data.unrelated").Succeeds().DoesNotSay(stopped)
	s.exists("terraform_data.unrelated", true)
	s.Apply("-target=" + release).Fails().Says(stopped)
}

func TestAccGate_checkBlockNeverStopsAnything(t *testing.T) {
	t.Parallel()
	t.Run("a gate inside", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, "guides/check-block")
		s.build("infected.apk")
		s.Apply().Succeeds().Says("Warning: Check block assertion failed", emulator.VirusName)
		s.edit("gate.tf", `enforcement   = "none"`, `enforcement   = "mandatory"`)
		s.Apply().Succeeds().Says("Warning: Security gate")
	})
	t.Run("a verdict through its assertion", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, "")
		s.build("infected.apk")
		s.write(gated(`enforcement = "none"`) + `
check "app_is_clean" {
  assert {
    condition     = data.ms_scan_results.app.verdict.passed
    error_message = "not clean"
  }
}
`)
		s.Apply().Succeeds().Says("Warning: Check block assertion failed")
		s.exists(release, true)
	})
}

func TestAccGate_mandatoryAlsoStopsDestroyImportAndRefreshOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	other := "\nresource \"terraform_data\" \"imported\" {}\n"
	s.write(gated())
	s.build("infected.apk")
	s.Apply().Fails().Says(stopped)
	s.write(gated() + other)
	s.Run("plan", "-no-color", "-refresh-only").Fails().Says(stopped)
	s.Run("import", "-no-color", "terraform_data.imported", "some-id").Fails().Says(stopped)
	s.Destroy().Fails().Says(stopped)
	s.exists(scan, true)
	// A plan reads it all the same; only a destroy does not.
	s.Plan("-refresh=false").Fails().Says(stopped)
	s.Destroy("-refresh=false").Succeeds()
	s.exists(scan, false)
}

func TestAccGate_noneWithAPostconditionStopsTheReleaseButNotDestroy(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/postcondition")
	s.build("infected.apk")
	s.Apply().Fails().Says("Error: Resource postcondition failed", emulator.VirusName)
	s.exists(release, false)
	s.Destroy().Succeeds()
	s.exists(scan, false)
}

// The release of the example is updated in place; what happens to one that is replaced is why.
func TestAccGate_stoppedBuildLeavesTheReleaseOnlyWhereItIsUpdatedInPlace(t *testing.T) {
	t.Parallel()
	const replaced, inPlace = "    policy_sha256 = data.ms_scan_results.app.verdict.policy_sha256\n  }\n  triggers_replace = local.package_md5\n",
		"    policy_sha256 = data.ms_scan_results.app.verdict.policy_sha256\n  }\n"
	for name, test := range map[string]struct {
		release string // the end of its configuration
		kept    bool
		deposed bool
	}{
		"updated in place":                    {release: inPlace, kept: true},
		"replaced":                            {release: replaced},
		"replaced with create_before_destroy": {release: replaced + "  lifecycle {\n    create_before_destroy = true\n  }\n", kept: true, deposed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "release-gate")
			s.edit("main.tf", inPlace, test.release)
			s.Apply().Succeeds()
			first := s.cloud.MD5("clean.apk")
			s.build("infected.apk")
			s.Apply().Fails().Says(stopped, emulator.VirusName)
			s.exists(release, test.kept)
			if input, _ := s.State(release)["input"].(map[string]any); test.kept && (input["package_md5"] != first || input["verdict"] != "pass") {
				t.Errorf("released %v, before %s", input, first)
			}
			if deposed := strings.Contains(s.Run("show", "-no-color").Succeeds().Output, "(deposed object"); deposed != test.deposed {
				t.Errorf("a deposed object is left: %t, want %t", deposed, test.deposed)
			}
			// The outputs are those of the run before, and say so.
			var verdict struct {
				MD5     string `json:"package_md5"`
				Outcome string
			}
			if err := json.Unmarshal([]byte(s.Run("output", "-json", "verdict").Succeeds().Output), &verdict); err != nil {
				t.Fatal(err)
			}
			if verdict.Outcome != "pass" || verdict.MD5 != first {
				t.Errorf("output %+v, want that of %s", verdict, first)
			}
			s.submissions(2)
		})
	}
}

func TestAccGate_savedPlanIsNotJudgedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated())
	s.Apply("-target=" + scan).Succeeds()
	s.Plan().Succeeds()
	infected := false
	s.cloud.OnAnswer("DescribeScanResults", func(_, response map[string]any) map[string]any {
		rows, _ := response["ScanSet"].([]any)
		for _, row := range rows {
			if row, ok := row.(map[string]any); ok {
				row["VirusInfo"], infected = map[string]any{"SafeType": 3, "VirusName": "later"}, true
			}
		}
		return response
	})
	s.Run("apply", "-no-color", "plan.out").Succeeds()
	s.exists(release, true)
	s.Plan().Fails().Says(stopped, "later")
	if !infected {
		t.Error("the answer was never changed")
	}
}

func TestAccGate_preconditionOnValidUntilStopsAnOldPlan(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/saved-plan")
	s.build("insecure.apk")
	end := time.Now().AddDate(0, 0, 20).UTC().Truncate(time.Second).Format(time.RFC3339)
	s.edit("gate.tf", "max_age       = \"168h\"", fmt.Sprintf(
		`exception {
      category = "vulnerability"
      id = %q
      reason = "until then"
      expires_at = %q
      }`, emulator.VulIDDebuggable, end))
	s.Apply("-target=" + scan).Succeeds()

	// Applied a month later, as the clock of the precondition says.
	s.edit("gate.tf", "timestamp(),", `timeadd(timestamp(), "720h"),`)
	s.Plan().Succeeds()
	s.Run("apply", "-no-color", "plan.out").Fails().Says("Error: Resource precondition failed", "The verdict was valid until "+end)
	s.exists(release, false)

	// Applied in time.
	s.edit("gate.tf", `timeadd(timestamp(), "720h"),`, "timestamp(),")
	s.Plan().Succeeds()
	s.Run("apply", "-no-color", "plan.out").Succeeds()
	s.exists(release, true)
}

func TestAccGate_policyIsPinnedFromOutside(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/pinned-policy")
	s.give(map[string]any{"approved_policy_sha256": "not known yet"})
	s.Apply().Fails().Says("The gate is not the approved one")
	verdict, _ := s.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	s.give(map[string]any{"approved_policy_sha256": verdict["policy_sha256"]})
	s.Apply().Succeeds()

	// Another file is no other policy, a looser gate is.
	s.cloud.Add("other.apk", packages.Variant(packages.Clean(), "other"))
	s.build("other.apk")
	s.Apply().Succeeds()
	s.edit("gate.tf", `fail_on       = "medium"`, `fail_on       = "critical"`)
	s.Plan().Fails().Says("The gate is not the approved one")
}

func TestAccGate_misspeltNamesInItAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	for misspelt, want := range map[string]string{
		`fial_on = "low"`: `An argument named "fial_on" is not expected here. Did you mean "fail_on"?`,
		"exception {\n      category   = \"ad\"\n      id         = \"x\"\n      reason     = \"x\"\n      expires_at = \"2030-01-01\"\n      app_md     = \"x\"\n    }": `An argument named "app_md" is not expected here. Did you mean "app_md5"?`,
		"denied {\n      category = \"ad\"\n      id       = \"x\"\n      package  = \"x\"\n    }":                                                                       `An argument named "package" is not expected here.`,
		"exceptions {\n    }": "Blocks of type \"exceptions\" are not expected here",
	} {
		s.write(gated(misspelt))
		s.Run("validate", "-no-color").Fails().Says(want)
	}
	s.submissions(0)
}

func TestAccGate_everyAdvisoryGateIsSeen(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	urls := map[string]any{}
	for _, name := range []string{"one", "two", "three", "four"} {
		s.cloud.Add(name+".apk", packages.Infect(packages.Variant(packages.Clean(), name)))
		urls[s.cloud.MD5(name+".apk")] = s.cloud.AppURL(name+".apk", "first")
	}
	s.write(`
variable "urls" {
  type = map(string)
}

data "ms_apk_detection" "app" {
  for_each = var.urls
  apk_md5  = each.key
  apk_url  = each.value

  gate {
    enforcement = "advisory"
  }
}
`)
	s.give(map[string]any{"urls": urls})
	// The CLI shows one of the warnings with the same summary.
	planned := s.Plan().Succeeds()
	for md5 := range urls {
		if shown := strings.Count(planned.Output, "Warning: Security gate failed: package with MD5 "+md5); shown != 1 {
			t.Errorf("%d warnings of %s", shown, md5)
		}
	}
	if t.Failed() {
		t.Log(planned.Output)
	}
}

func TestAccGate_twoRootModulesAreJudgedInThePlan(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/two-root-modules/scan")
	s.build("infected.apk")
	s.Apply().Succeeds()
	s.enter("guides/two-root-modules/release")
	s.build("infected.apk")
	s.Plan().Fails().Says(stopped, emulator.VirusName)

	// The file at hand counts, not whatever was scanned.
	s.build("clean.apk")
	s.Plan().Fails().Says("missing_md5")

	// A later step finds the verdict in the plan.
	s.enter("guides/two-root-modules/scan")
	s.Apply().Succeeds()
	s.enter("guides/two-root-modules/release")
	s.Plan().Succeeds()
	var plan struct {
		Prior struct {
			Values struct {
				Root struct {
					Resources []struct {
						Address string
						Values  struct{ Verdict map[string]any }
					}
				} `json:"root_module"`
			}
		} `json:"prior_state"`
	}
	if err := json.Unmarshal([]byte(s.Run("show", "-json", "plan.out").Succeeds().Output), &plan); err != nil {
		t.Fatal(err)
	}
	for _, resource := range plan.Prior.Values.Root.Resources {
		if sha, _ := resource.Values.Verdict["policy_sha256"].(string); resource.Address == "data.ms_scan_results.app" && len(sha) == 64 {
			return
		}
	}
	t.Errorf("no verdict in %+v", plan)
}

func TestAccGate_verdictIsBoundToTheFile(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(strings.Replace(gated(), "required_md5s = [local.package_md5]", `required_md5s = [filemd5("build/other.apk")]`, 1))
	s.put("build/other.apk", "another file")
	s.Apply().Fails().Says(stopped, "incomplete", "missing_md5")
}
