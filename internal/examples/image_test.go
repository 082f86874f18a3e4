package examples_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The statements of the guide "Gate a container image", with examples/image-to-deployment and the
// images of the emulator's default scenario.

const (
	imageScan  = "ms_tcss_vul_scan.image"
	deployment = "terraform_data.deployment"

	apiRepository   = "registry.example.com/acme/api"
	cleanDigest     = "sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc"
	webRepository   = "registry.example.com/acme/web"
	riskyDigest     = "sha256:f4fc6ea8c957b88979b2f3052933da0624d6e03961715af8fc4c3c25ccdb4fc5"
	riskyFinding    = "CVE-2021-44228"
	imageManifest   = "application/vnd.docker.distribution.manifest.v2+json"
	indexOfPlatform = "application/vnd.oci.image.index.v1+json"
)

// image writes what "docker buildx build --metadata-file" writes of an image that it pushed.
func (s *stage) image(repository, digest, mediaType string) {
	s.t.Helper()
	metadata, err := json.MarshalIndent(map[string]any{
		"buildx.build.ref":             "builder/builder0/0fjb6ubs52xx3vygf6fgdl611",
		"containerimage.config.digest": "sha256:2937f66a9722f7f4a2df583de2f8cb97fc9196059a410e7f00072fc918930e66",
		"containerimage.descriptor":    map[string]any{"mediaType": mediaType, "digest": digest, "size": 1234},
		"containerimage.digest":        digest,
		"image.name":                   repository + ":1.4.0",
	}, "", "  ")
	if err != nil {
		s.t.Fatal(err)
	}
	s.put("build/metadata.json", string(metadata))
	s.give(map[string]any{"repository": repository})
}

// deployed fails the test unless the image was deployed last.
func (s *stage) deployed(repository, digest string) {
	s.t.Helper()
	if input, _ := s.State(deployment)["input"].(map[string]any); input["image"] != repository+"@"+digest {
		s.t.Errorf("deployed: %v", input)
	}
}

func TestAccImage_oneRootModuleDeploysOnlyWhatPasses(t *testing.T) {
	t.Parallel()
	s := newStage(t, "image-to-deployment/one-root-module")
	s.image(apiRepository, riskyDigest, indexOfPlatform)
	s.Plan().Fails().Says("The digest is that of an index, not of an image.")
	s.submissions(0)

	s.image(apiRepository, cleanDigest, imageManifest)
	s.Apply().Succeeds()
	s.deployed(apiRepository, cleanDigest)

	// A build that is stopped leaves what is deployed as it is, and is not scanned again.
	s.image(webRepository, riskyDigest, imageManifest)
	s.Apply().Fails().Says(stopped, riskyFinding, "log4j-core@2.14.1")
	s.deployed(apiRepository, cleanDigest)
	s.Plan().Fails().Says(stopped)

	// An exception for another repository covers nothing, one for this repository does.
	s.edit("main.tf", "CVE-2023-44487", riskyFinding)
	s.Plan().Fails().Says(stopped)
	s.edit("main.tf", "ccr.ccs.tencentyun.com/acme/api\"\n      reason", webRepository+"\"\n      reason")
	s.Apply().Succeeds()
	s.deployed(webRepository, riskyDigest)
	s.submissions(2)
}

func TestAccImage_twoRootModulesAreJudgedInThePlan(t *testing.T) {
	t.Parallel()
	s := newStage(t, "image-to-deployment/two-root-modules/scan")
	s.image(webRepository, riskyDigest, imageManifest)
	s.Apply().Succeeds()
	s.enter("image-to-deployment/two-root-modules/deploy")
	s.image(webRepository, riskyDigest, imageManifest)
	s.Plan().Fails().Says(stopped, riskyFinding)

	// The image at hand counts, not whatever was scanned.
	s.image(apiRepository, cleanDigest, imageManifest)
	s.Plan().Fails().Says("Error: Security gate incomplete")

	// An exception of the policy document, in its section for images.
	s.image(webRepository, riskyDigest, imageManifest)
	s.edit("security/policy.yaml", "CVE-2023-44487", riskyFinding)
	s.edit("security/policy.yaml", "ccr.ccs.tencentyun.com/acme/api", webRepository)
	s.edit("security/policy.yaml", "2027-01-31", time.Now().AddDate(0, 0, 60).Format(time.DateOnly))
	s.Apply().Succeeds()
	s.deployed(webRepository, riskyDigest)
	s.submissions(1)
}

func TestAccImage_savedPlanIsAppliedOnlyWhileTheVerdictIsValid(t *testing.T) {
	t.Parallel()
	s := newStage(t, "image-to-deployment/saved-plan")
	s.Apply("-target=" + imageScan).Succeeds()

	// Applied a month later, as the clock of the precondition says.
	s.edit("main.tf", "timestamp(),", `timeadd(timestamp(), "720h"),`)
	s.Plan().Succeeds()
	s.Run("apply", "-no-color", "plan.out").Fails().Says("Error: Resource precondition failed", "The verdict was valid until")
	s.exists(deployment, false)

	s.edit("main.tf", `timeadd(timestamp(), "720h"),`, "timestamp(),")
	s.Plan().Succeeds()
	s.Run("apply", "-no-color", "plan.out").Succeeds()
	s.deployed(apiRepository, cleanDigest)
}

// ignoring is the default scenario with a service that is set to ignore a vulnerability that an image
// has and one that is in no list.
func ignoring(listed, hidden string) emulator.Option {
	return emulator.WithScenario([]byte(strings.Replace(emulator.DefaultScenario, `"registry_images": [`,
		fmt.Sprintf(`"ignored": [{"cve_id": %q, "all": true}, {"cve_id": %q, "all": true, "hidden": true}], "registry_images": [`, listed, hidden), 1)))
}

func TestAccImage_ignoredByTheServiceCountsUntilItIsAccepted(t *testing.T) {
	t.Parallel()
	s := newStage(t, "image-to-deployment/one-root-module", ignoring(riskyFinding, "CVE-2020-00009"))
	s.image(webRepository, riskyDigest, imageManifest)
	// The image has the first one; of the second nobody can tell.
	s.Apply().Fails().Says("Error: Security gate failed", riskyFinding, "CVE-2020-00009", "ignored_by_service")
	s.edit("main.tf", "fail_on = \"high\"", "fail_on = \"high\"\n    accept_service_ignores = true")
	s.Apply().Succeeds()
	s.deployed(webRepository, riskyDigest)
	if got := fmt.Sprint(s.State("data.ms_tcss_image_findings.image")["ignored"]); got != "[CVE-2020-00009 "+riskyFinding+"]" {
		t.Errorf("ignored: %s", got)
	}
}
