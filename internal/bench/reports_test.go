package bench_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// renderers are the functions that make a report.
var renderers = []string{"render_sarif", "render_html", "render_junit", "render_markdown"}

// render calls a function with the state of a ms_scan_results, as the CLI does, and returns the size of the
// report.
func (s server) render(t *testing.T, name string, argument *tfprotov6.DynamicValue) int {
	t.Helper()
	resp, err := s.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{argument}})
	if err != nil || resp.Error != nil {
		t.Fatal(err, resp.Error)
	}
	return len(resp.Result.MsgPack)
}

// argument returns a state of ms_scan_results as an argument, its type before it: as a null of the type has,
// in place of the null.
func (s server) argument(t *testing.T, state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	t.Helper()
	null, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, tftypes.NewValue(s.scanResults(t), nil))
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{MsgPack: append(null.MsgPack[:len(null.MsgPack)-1], state.MsgPack...)}
}

// failingGate is a gate that everything violates, and that is only advice, so that there is a report.
func (s server) failingGate(t *testing.T) tftypes.Value {
	t.Helper()
	kind, ok := s.scanResults(t).AttributeTypes["gate"].(tftypes.Object)
	if !ok {
		t.Fatal("a gate that is no object")
	}
	set := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, attribute := range kind.AttributeTypes {
		set[name] = tftypes.NewValue(attribute, nil)
	}
	set["required_md5s"] = tftypes.NewValue(kind.AttributeTypes["required_md5s"], []tftypes.Value{tftypes.NewValue(tftypes.String, md5Of(0))})
	set["fail_on"] = tftypes.NewValue(tftypes.String, "low")
	set["enforcement"] = tftypes.NewValue(tftypes.String, "advisory")
	return tftypes.NewValue(kind, set)
}

func (s server) scanResults(t *testing.T) tftypes.Object {
	t.Helper()
	kind, ok := s.schema.DataSourceSchemas["ms_scan_results"].ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("a schema that is no object")
	}
	return kind
}

func TestAccReports_timeAndMemory(t *testing.T) { //nolint:paralleltest // it measures time and memory
	_ = binary(t, "terraform-provider-ms")
	rounds := 1
	if full() {
		rounds = 5
	}
	var lines strings.Builder
	lines.WriteString("| findings | function | size | time: wall, CPU | peak memory of the provider, without the function and with it |\n|---|---|---|---|---|\n")
	for _, n := range sizes(20) {
		text := largeAnswer(t, n)
		service := newService(t, 0, func(map[string]any) []byte { return text })
		s := newServer(t, service)
		argument := s.argument(t, s.read(t, map[string]tftypes.Value{"gate": s.failingGate(t)}))
		alone := peakOf(t, service, "")
		for _, name := range renderers {
			size := 0
			var call usage
			for range rounds {
				call = call.best(inProcess(t, 1, func() { size = s.render(t, name, argument) }))
			}
			fmt.Fprintf(&lines, "| %s | `%s` | %.1f MB | %s, %s | %s, %s |\n", count(apps*n), name, float64(size)/1e6,
				milliseconds(call.wall), milliseconds(call.cpu), mebibytes(alone), mebibytes(peakOf(t, service, name)))
		}
	}
	report(t, "reports", lines.String())
}

// peakOf returns the peak memory of a provider that reads the large answer in a plan, and makes a report of
// it, if a function is named.
func peakOf(t *testing.T, service *service, function string) int64 {
	t.Helper()
	pid, reattach := startProvider(t)
	w := acctest.New(t)
	value := "data.ms_scan_results.large"
	if function != "" {
		value = fmt.Sprintf("provider::ms::%s(%s)", function, value)
	}
	w.Write(service.provider(1000) + fmt.Sprintf(`
data "ms_scan_results" "large" {
  item_id = "item"
  gate {
    required_md5s = [%q]
    fail_on = "low"
    enforcement = "advisory"
    }
}
output "length" {
  value     = length(%s)
  sensitive = true
}
`, md5Of(0), value))
	cmd := w.Command("plan", "-no-color")
	cmd.Env = append(cmd.Env, "TF_REATTACH_PROVIDERS="+reattach)
	process(t, cmd)
	return peakMemory(t, pid)
}
