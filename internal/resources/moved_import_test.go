package resources_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// TestAccScans_movedAndImportedWithGeneratedConfiguration renames a scan of each kind, forgets it, and imports it while
// the CLI writes its configuration. None of that submits anything.
func TestAccScans_movedAndImportedWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	apps, fleets, registry := acctest.NewCloud(t), hostCloud(t, ""), acctest.NewCloud(t, images(""))
	for kind, test := range map[string]struct {
		cloud  *acctest.Cloud
		config string
		// missing is what the service does not tell of a scan: the CLI leaves it out, says so, and the user fills it in.
		missing, says, filledIn string
	}{
		app: {
			apps, scan(apps, apps.App("clean.apk")),
			"app_url      = null # sensitive", "Attribute app_infos[0].app_url is required.", fmt.Sprintf("app_url = %q", apps.AppURL("clean.apk", "later")),
		},
		fleet: {cloud: fleets, config: hostScan(fleets, "Vul", twoHosts)},
		img: {
			registry, scanOf(registry, of("a", "b")),
			"images              = null", "Exactly one of images and local_image_ids is required.", of("b", "a"),
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(test.config)
			w.Apply().Succeeds()
			id := fmt.Sprint(w.State(kind)["id"])

			resource, name, _ := strings.Cut(kind, ".")
			moved := resource + ".renamed"
			w.Write(strings.Replace(test.config, fmt.Sprintf("%q %q", resource, name), fmt.Sprintf("%q %q", resource, "renamed"), 1) +
				fmt.Sprintf("\nmoved {\n  from = %s\n  to   = %s\n}\n", kind, moved))
			w.Plan().Succeeds().Says(fmt.Sprintf("%s has moved to %s", kind, moved), "0 to add, 0 to change, 0 to destroy")
			w.Apply().Succeeds()
			if fmt.Sprint(w.State(moved)["id"]) != id {
				t.Errorf("state %v", w.State(moved))
			}

			w.Run("state", "rm", moved).Succeeds()
			w.Write(test.cloud.Provider() + fmt.Sprintf("\nimport {\n  to = %s\n  id = %q\n}\n", kind, id))
			planned := w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
			if test.missing == "" {
				planned.Succeeds()
			} else {
				planned.Fails().Says(test.says)
				generated := filepath.Join(w.Dir, "generated.tf")
				text, err := os.ReadFile(generated)
				if err != nil || !strings.Contains(string(text), test.missing) {
					t.Fatalf("%v\n%s", err, text)
				}
				if err := os.WriteFile(generated, []byte(strings.Replace(string(text), test.missing, test.filledIn, 1)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w.Apply().Succeeds().Says("1 imported", "0 added", "0 destroyed")
			w.Plan().NoChanges()
			if fmt.Sprint(w.State(kind)["id"]) != id || test.cloud.Submissions() != 1 {
				t.Errorf("%d submissions, state %v", test.cloud.Submissions(), w.State(kind))
			}
		})
	}
}
