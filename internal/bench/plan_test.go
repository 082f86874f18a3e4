package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func credentials(context.Context) (common.CredentialIface, error) {
	return common.NewCredential("AKIDexampleexampleexample", "exampleexampleexample"), nil
}

// newCleanItems is a service where item-N has one clean app, that of md5Of(N).
func newCleanItems(t *testing.T) *service {
	t.Helper()
	return newService(t, 0, func(parameters map[string]any) []byte {
		n := 0
		_, _ = fmt.Sscanf(fmt.Sprint(parameters["ItemId"]), "item-%d", &n)
		return body(t, map[string]any{"TotalCount": 1, "ScanSet": []any{map[string]any{
			"TaskStatus": 1, "StatusCode": 0, "TaskTime": 1_700_000_000,
			"AppDetailInfo": map[string]any{"AppMd5": md5Of(n), "AppPkgName": "com.example.app", "AppVersion": "1.0"},
			"VirusInfo":     map[string]any{"SafeType": "1", "VirusName": "", "VirusDesc": ""},
			"VulInfo": map[string]any{"VulFileScore": "90", "VulList": []any{map[string]any{
				"VulId": "MS-1", "VulName": "Backup allowed", "RiskLevel": "2", "VulFilepath": "AndroidManifest.xml",
			}}},
		}}})
	})
}

// gates declares n gates, on so many items.
func gates(n, items int) string {
	return fmt.Sprintf(`
data "ms_scan_results" "gate" {
  count   = %d
  item_id = "item-${count.index %% %d}"
  gate { required_md5s = [format("%%032x", count.index %% %[2]d + 1)] }
}
output "passed" { value = alltrue(data.ms_scan_results.gate[*].verdict.passed) }
`, n, items)
}

// parallelism is the CLI's default: how many objects it works on at once.
const parallelism = 10

func TestAccPlan_asksOnceForEachItemOverFewConnections(t *testing.T) {
	t.Parallel()
	n := 40
	if full() {
		n = 200
	}
	var lines strings.Builder
	lines.WriteString("| gates | items | calls | connections |\n|---|---|---|---|\n")
	for _, items := range []int{n, 10} {
		service := newCleanItems(t)
		w := acctest.New(t)
		w.Write(service.provider(1000) + gates(n, items))
		w.Plan().Succeeds().Says("passed = true")
		calls, connections := service.calls.Load(), service.connections.Load()
		if calls != int64(items) || connections > parallelism {
			t.Errorf("%d gates on %d items: %d calls over %d connections", n, items, calls, connections)
		}
		fmt.Fprintf(&lines, "| %d | %d | %d | %d |\n", n, items, calls, connections)
	}
	report(t, "calls", lines.String())
}

// overrides returns a CLI configuration that finds the binaries of make bench.
func overrides(t *testing.T) string {
	t.Helper()
	dir := filepath.ToSlash(filepath.Dir(binary(t, "terraform-provider-ms")))
	path := filepath.Join(t.TempDir(), "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"tencentscan/ms\" = %q\n    \"hashicorp/http\" = %q\n  }\n  direct {}\n}\n", dir, dir)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAccPlan_time(t *testing.T) { //nolint:paralleltest // it measures time
	config := overrides(t)
	workspace := func(hcl string) *acctest.Workspace {
		w := acctest.NewWithBinary(t, "TF_CLI_CONFIG_FILE="+config)
		w.Write(hcl)
		return w
	}
	var lines strings.Builder
	lines.WriteString("| number | no-op plan of `terraform_data`: wall time, CPU | gates, wall time | plain HTTP, wall time | gates, CPU | of that the CLI's own | plain HTTP, CPU |\n|---|---|---|---|---|---|---|\n")
	for _, n := range sizes(20) {
		service := newCleanItems(t)
		floor := workspace(fmt.Sprintf("resource \"terraform_data\" \"x\" {\n  count = %d\n  input = count.index\n}\n", n))
		floor.Apply().Succeeds()
		gated := workspace(service.provider(10_000) + gates(n, n))
		plain := workspace(fmt.Sprintf(`
terraform {
  required_providers {
    http = { source = "hashicorp/http" }
  }
}
data "http" "x" {
  count        = %d
  url          = "%s/${count.index}"
  request_body = jsonencode({ ItemId = "item-${count.index}" })
  method       = "POST"
}
output "passed" { value = alltrue([for x in data.http.x : jsondecode(x.response_body).Response.TotalCount == 1]) }
`, n, service.url))
		rounds := 5
		if n > 500 {
			rounds = 1 // it is there for the growth
		}
		_, reattach := startProvider(t)
		var none, ms, cli, http usage
		for range rounds { // in turn, so that what disturbs one disturbs all
			none = none.best(process(t, floor.Command("plan", "-no-color")))
			ms = ms.best(process(t, gated.Command("plan", "-no-color")))
			apart := gated.Command("plan", "-no-color")
			apart.Env = append(apart.Env, "TF_REATTACH_PROVIDERS="+reattach) // so that the provider is no child of the CLI
			cli = cli.best(process(t, apart))
			http = http.best(process(t, plain.Command("plan", "-no-color")))
		}
		fmt.Fprintf(&lines, "| %s | %s, %s | %s (%s) | %s (%s) | %s | %s | %s |\n", count(n), milliseconds(none.wall), milliseconds(none.cpu),
			times(ms.wall, none.wall), milliseconds(ms.wall), times(http.wall, none.wall), milliseconds(http.wall),
			times(ms.cpu, none.cpu), times(cli.cpu, none.cpu), times(http.cpu, none.cpu))
	}
	report(t, "plan", lines.String())
}
