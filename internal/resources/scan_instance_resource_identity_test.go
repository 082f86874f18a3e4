package resources_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// keepsIdentities tells whether the CLI knows resource identities: Terraform and OpenTofu since 1.12.
func keepsIdentities(t *testing.T, w *acctest.Workspace) bool {
	t.Helper()
	var cli struct {
		Version string `json:"terraform_version"` // OpenTofu's too
	}
	result := w.Run("version", "-json").Succeeds()
	if err := json.Unmarshal([]byte(result.Output), &cli); err != nil {
		t.Fatalf("%v: %s", err, result.Output)
	}
	parts := strings.SplitN(cli.Version, ".", 3)
	if len(parts) != 3 {
		t.Fatalf("version %q", cli.Version)
	}
	major, _ := strconv.Atoi(parts[0])
	minor, _ := strconv.Atoi(parts[1])
	return major > 1 || minor >= 12
}

// onDisk returns the object of the scan as the state file has it, after change, if that is not nil,
// has altered it there.
func onDisk(t *testing.T, w *acctest.Workspace, change func(object map[string]any)) map[string]any {
	t.Helper()
	path := filepath.Join(w.Dir, "terraform.tfstate")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var state any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	object := scanObject(state)
	if object == nil {
		t.Fatalf("no scan in the state: %s", text)
	}
	if change == nil {
		return object
	}
	change(object)
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return object
}

// scanObject finds the one object of a state that has app_infos.
func scanObject(value any) map[string]any {
	switch v := value.(type) {
	case map[string]any:
		if attributes, ok := v["attributes"].(map[string]any); ok && attributes["app_infos"] != nil {
			return v
		}
		for _, inside := range v {
			if object := scanObject(inside); object != nil {
				return object
			}
		}
	case []any:
		for _, inside := range v {
			if object := scanObject(inside); object != nil {
				return object
			}
		}
	}
	return nil
}

// identified fails the test unless the identity on disk is the ItemId of the state, or empty where it
// has none. A CLI that keeps no identities has none on disk.
func identified(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	object := onDisk(t, w, nil)
	identity, _ := object["identity"].(map[string]any)
	if !keepsIdentities(t, w) {
		if identity != nil {
			t.Errorf("identity %v", identity)
		}
		return
	}
	attributes, _ := object["attributes"].(map[string]any)
	want, _ := attributes["item_id"].(string)
	if got, ok := identity["item_id"].(string); !ok || got != want || len(identity) != 1 {
		t.Errorf("identity %v, item_id %q", identity, want)
	}
}

func TestAccScanInstance_everyOutcomeHasAnIdentityAndNoneIsAnError(t *testing.T) {
	t.Parallel()
	lost := emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost, Times: 1}
	tests := map[string]struct {
		prepare func(*acctest.Cloud)
		app     func(*acctest.Cloud) string
		status  string
	}{
		"completed":  {status: "completed"},
		"failed":     {app: broken, status: "failed"},
		"processing": {prepare: func(c *acctest.Cloud) { c.HoldScans() }, status: "processing"},
		"uncertain":  {prepare: func(c *acctest.Cloud) { c.Fault(lost) }, status: "uncertain"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			info := cloud.App("clean.apk")
			if tt.app != nil {
				info = tt.app(cloud)
			}
			if tt.prepare != nil {
				tt.prepare(cloud)
			}
			w := acctest.New(t)
			w.Write(scan(cloud, info, fmt.Sprintf("wait_for_completion = %t", tt.status != "processing")))
			w.Apply().Succeeds()
			if w.State(app)["status"] != tt.status || w.Tainted(app) {
				t.Fatalf("state %v", w.State(app))
			}
			identified(t, w)
			w.Apply("-refresh-only").Succeeds()
			identified(t, w)

			// A replacement plans with the identity of what it replaces.
			cloud.Fault(lost)
			w.Apply("-replace=" + app).Succeeds()
			if w.State(app)["status"] != "uncertain" || w.Tainted(app) {
				t.Fatalf("state %v", w.State(app))
			}
			identified(t, w)
			w.Apply().Succeeds()
			if cloud.Submissions() != 2 {
				t.Errorf("%d submissions", cloud.Submissions())
			}
		})
	}
}

func TestAccScanInstance_statesWithoutOrWithAnIdentityAreReadAlike(t *testing.T) {
	t.Parallel()
	tests := map[string]func(object map[string]any){
		"written by a CLI without identities": func(object map[string]any) {
			delete(object, "identity")
			delete(object, "identity_schema_version")
		},
		"written by a CLI with identities": func(object map[string]any) {
			attributes, _ := object["attributes"].(map[string]any)
			object["identity"], object["identity_schema_version"] = map[string]any{"item_id": attributes["item_id"]}, 0
		},
		"with the identity of another task": func(object map[string]any) {
			object["identity"], object["identity_schema_version"] = map[string]any{"item_id": "another"}, 0
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, lost := range []bool{false, true} {
				cloud := acctest.NewCloud(t)
				if lost {
					cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost, Times: 1})
				}
				w := acctest.New(t)
				w.Write(scan(cloud, cloud.App("clean.apk")))
				w.Apply().Succeeds()

				onDisk(t, w, change)
				w.Plan().NoChanges()
				w.Apply("-refresh-only").Succeeds()
				onDisk(t, w, change)
				w.Write(scan(cloud, cloud.App("clean.apk"), `timeouts { read = "1m" }`))
				w.Apply("-refresh=false").Succeeds() // an update of what was not read before
				identified(t, w)
				onDisk(t, w, change)
				w.Destroy().Succeeds()
				if cloud.Submissions() != 1 {
					t.Errorf("%d submissions", cloud.Submissions())
				}
			}
		})
	}
}

func TestAccScanInstance_importByIdentity(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	if !keepsIdentities(t, w) {
		t.Skip("import by identity needs Terraform or OpenTofu 1.12")
	}
	id := submitted(t, scan(cloud, cloud.App("clean.apk")))
	block := func(id string) string {
		return fmt.Sprintf("import {\n  to = %s\n  identity = { item_id = %s }\n}\n", app, id)
	}
	for name, value := range map[string]string{"empty": `""`, "blank": `" "`} {
		w.Write(scan(cloud, cloud.App("clean.apk")) + block(value))
		if result := w.Plan().Fails(); !strings.Contains(result.Output, "The import id is empty") {
			t.Errorf("%s: %s", name, result.Output)
		}
	}
	w.Write(scan(cloud, cloud.App("clean.apk")) + block(`"no-such-item"`))
	w.Plan().Fails().Says("Unable to Import Scan", "ResourceNotFound.ItemIdNotFound")

	w.Write(scan(cloud, cloud.App("clean.apk"), `triggers = { week = "47" }`) + block(strconv.Quote(id)))
	w.Plan().Succeeds()
	if got := w.Actions()[app]; got != "update" {
		t.Errorf("planned %q", got)
	}
	w.Apply().Succeeds()
	identified(t, w)
	w.Plan().NoChanges()
	if state := w.State(app); state["item_id"] != id || state["status"] != "completed" || cloud.Submissions() != 1 {
		t.Errorf("state %v, %d submissions", state, cloud.Submissions())
	}
}

func TestAccScanInstance_importByIDHasAnIdentity(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	id := submitted(t, scan(cloud, cloud.App("clean.apk")))
	w := acctest.New(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Run("import", "-no-color", app, id).Succeeds()
	identified(t, w)
	w.Apply().Succeeds()
	identified(t, w)
}
