package bench_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/provider"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// apps of an item, the most that it can have.
const apps = 20

// plainResults is the answer as nothing but encoding/json reads it: texts as texts, numbers as numbers.
type plainResults struct {
	Response struct {
		RequestId  string //nolint:revive // the service's name
		TotalCount int
		ScanSet    []plainRow
	}
}

type plainRow struct {
	TaskStatus, StatusCode, TaskTime int
	AppDetailInfo                    struct {
		AppMd5, AppPkgName, AppVersion string
		AppSize                        int
	}
	VirusInfo struct{ SafeType, VirusName, VirusDesc string }
	VulInfo   struct {
		VulFileScore string
		VulList      []plainVul
	}
}

type plainVul struct {
	VulId, VulName, VulCode, VulDesc, VulSolution, VulSrcType, VulFilepath, RiskLevel string //nolint:revive // the service's name
}

// largeAnswer is an item of twenty apps with so many vulnerabilities each, about 480 bytes apiece.
func largeAnswer(t *testing.T, vulnerabilities int) []byte {
	t.Helper()
	rows := make([]plainRow, apps)
	for a := range rows {
		row := &rows[a]
		row.TaskStatus, row.TaskTime = tencentcloud.TaskDone, 1_700_000_000
		row.AppDetailInfo.AppMd5, row.AppDetailInfo.AppPkgName = md5Of(a), fmt.Sprintf("com.example.app%d", a)
		row.AppDetailInfo.AppVersion, row.AppDetailInfo.AppSize = "1.0", 30_000_000
		row.VirusInfo.SafeType, row.VulInfo.VulFileScore = "1", "60"
		for v := range vulnerabilities {
			row.VulInfo.VulList = append(row.VulInfo.VulList, plainVul{
				VulId: fmt.Sprintf("MS-%05d", v), VulName: "Component exposed without a permission", VulCode: "android:exported",
				VulDesc:     strings.Repeat("Any app can start a component of this one. ", 4),
				VulSolution: strings.Repeat("Demand a permission of those that start it. ", 3),
				VulSrcType:  fmt.Sprint(v % 2), VulFilepath: fmt.Sprintf("com/example/app%d/Component%d.java", a, v), RiskLevel: fmt.Sprint(v%2 + 1),
			})
		}
	}
	return body(t, map[string]any{"TotalCount": apps, "ScanSet": rows})
}

// server is the provider within this process, configured for a service, as its protocol shows it.
type server struct {
	tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

func newServer(t *testing.T, service *service) server {
	t.Helper()
	s := provider.NewServer("bench", "none")
	schema, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	result := server{s, schema}
	resp, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: result.config(t, schema.Provider, map[string]tftypes.Value{
		"endpoint_url": tftypes.NewValue(tftypes.String, service.url), "secret_id": tftypes.NewValue(tftypes.String, "AKIDexampleexampleexample"),
		"secret_key": tftypes.NewValue(tftypes.String, "exampleexampleexample"), "journal_dir": tftypes.NewValue(tftypes.String, "none"),
	})})
	if err != nil {
		t.Fatal(err)
	}
	noErrors(t, resp.Diagnostics)
	return result
}

func noErrors(t *testing.T, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

// config is a configuration with some attributes set.
func (server) config(t *testing.T, schema *tfprotov6.Schema, set map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("a schema that is no object")
	}
	for name, attribute := range kind.AttributeTypes {
		if _, given := set[name]; !given {
			set[name] = tftypes.NewValue(attribute, nil)
		}
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, set))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// read reads ms_scan_results as the CLI has it read, and returns what goes back.
func (s server) read(t *testing.T, set map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	set["item_id"] = tftypes.NewValue(tftypes.String, "item")
	resp, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "ms_scan_results",
		Config: s.config(t, s.schema.DataSourceSchemas["ms_scan_results"], set),
	})
	if err != nil {
		t.Fatal(err)
	}
	noErrors(t, resp.Diagnostics)
	return resp.State
}

// policy passes the large answer, so that the verdict is small.
func policy() gate.Policy {
	return gate.Policy{Source: gate.SourceScanResults, RequiredMD5s: []string{md5Of(0)}, FailOn: gate.Critical}
}

func TestResults_timeOfEachStep(t *testing.T) { //nolint:paralleltest // it measures time
	rounds := 1
	if full() {
		rounds = 5
	}
	var lines strings.Builder
	lines.WriteString("| vulnerabilities | body | `encoding/json` alone | call: receive, check, decode, redact | findings and verdict | read without details | read with details |\n|---|---|---|---|---|---|---|\n")
	for _, n := range sizes(20) {
		text := largeAnswer(t, n)
		service := newService(t, 0, func(map[string]any) []byte { return text })
		var answer *tencentcloud.DescribeScanResultsResponse
		floor := inProcess(t, rounds, func() {
			var plain plainResults
			if err := json.Unmarshal(text, &plain); err != nil || len(plain.Response.ScanSet[apps-1].VulInfo.VulList) != n {
				t.Fatal(err)
			}
		})
		client := service.client(t)
		call := inProcess(t, rounds, func() {
			var err error
			if answer, err = client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: "item"}); err != nil {
				t.Fatal(err)
			}
		})
		judged := inProcess(t, rounds, func() {
			verdict := gate.Evaluate(evidence.ScanResults("item", nil, answer).Evidence(policy()), policy(), time.Now())
			if !verdict.Passed() {
				t.Fatal(verdict.Message)
			}
		})
		answer = nil
		read := func(details bool) usage {
			var kept usage
			for range rounds {
				s := newServer(t, service) // it remembers final answers
				kept = kept.best(inProcess(t, 1, func() {
					state := s.read(t, map[string]tftypes.Value{"include_details": tftypes.NewValue(tftypes.Bool, details)})
					if size := len(state.MsgPack); details != (size > len(text)/2) {
						t.Fatalf("details %t: %d bytes", details, size)
					}
				}))
			}
			return kept
		}
		line := []string{count(apps * n), fmt.Sprintf("%.1f MB", float64(len(text))/1e6), milliseconds(floor.cpu)}
		for _, step := range []usage{call, judged, read(false), read(true)} {
			line = append(line, fmt.Sprintf("%s (%s)", times(step.cpu, floor.cpu), milliseconds(step.cpu)))
		}
		fmt.Fprintf(&lines, "| %s |\n", strings.Join(line, " | "))
	}
	report(t, "results", lines.String())
}

var reattachLine = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

// startProvider starts the provider's binary as a process of the test's own, whose memory it can see,
// and returns its process and what leads the CLI to it.
func startProvider(t *testing.T) (pid int, reattach string) {
	t.Helper()
	cmd := exec.Command(binary(t, "terraform-provider-ms"), "-debug")
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if match := reattachLine.FindStringSubmatch(lines.Text()); match != nil {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			// The other registry's name for the provider, for OpenTofu.
			one := strings.TrimSuffix(match[1], "}")
			other := strings.TrimPrefix(strings.Replace(one, "registry.terraform.io", "registry.opentofu.org", 1), "{")
			return cmd.Process.Pid, one + "," + other + "}"
		}
	}
	t.Fatal("the provider does not say where it listens")
	return 0, ""
}

func TestAccResults_memoryAndState(t *testing.T) { //nolint:paralleltest // it measures memory
	_ = binary(t, "terraform-provider-ms")
	var lines strings.Builder
	lines.WriteString("| vulnerabilities | details | peak memory of the provider | state | plan and apply, wall time | CPU of the CLI |\n|---|---|---|---|---|---|\n")
	for _, n := range sizes(20) {
		text := largeAnswer(t, n)
		service := newService(t, 0, func(map[string]any) []byte { return text })
		for _, details := range []bool{false, true} {
			pid, reattach := startProvider(t)
			w := acctest.New(t)
			w.Write(service.provider(1000) + fmt.Sprintf(`
data "ms_scan_results" "large" {
  item_id         = "item"
  include_details = %t
  gate {
    required_md5s = [%q]
    fail_on = "critical"
    }
}
`, details, md5Of(0)))
			cmd := w.Command("apply", "-auto-approve", "-no-color")
			cmd.Env = append(cmd.Env, "TF_REATTACH_PROVIDERS="+reattach)
			used := process(t, cmd)
			state, err := os.Stat(filepath.Join(w.Dir, "terraform.tfstate"))
			if err != nil {
				t.Fatal(err)
			}
			if !details && state.Size() > 20<<10 {
				t.Errorf("without details the state takes %d bytes", state.Size())
			}
			fmt.Fprintf(&lines, "| %s | %s | %.0f MiB | %.1f KiB | %.1f s | %.1f s |\n", count(apps*n), map[bool]string{true: "on", false: "off"}[details],
				float64(peakMemory(t, pid))/(1<<20), float64(state.Size())/(1<<10), used.wall.Seconds(), used.cpu.Seconds())
		}
	}
	report(t, "memory", lines.String())
}
