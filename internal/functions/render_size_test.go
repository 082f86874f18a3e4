package functions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// manyFindings is the size that each function is measured at.
const manyFindings = 40_000

// hostScanOf is a ms_cwp_scan_task_details object with so many vulnerabilities and no gate, as a CLI
// hands it to a function.
func hostScanOf(n int) tftypes.Value {
	vul := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"vul_id": tftypes.Number, "cve_id": tftypes.String, "name": tftypes.String, "level": tftypes.Number, "cvss_score": tftypes.Number, "cvss": tftypes.String,
		"fix": tftypes.String, "descript": tftypes.String, "reference": tftypes.String, "publish_time": tftypes.String, "vul_category": tftypes.Number,
	}}
	vuls := make([]tftypes.Value, n)
	for i := range vuls {
		vuls[i] = tftypes.NewValue(vul, map[string]tftypes.Value{
			"vul_id": tftypes.NewValue(tftypes.Number, i), "cve_id": tftypes.NewValue(tftypes.String, fmt.Sprintf("CVE-2026-%06d", i)),
			"name":  tftypes.NewValue(tftypes.String, fmt.Sprintf("Vulnerability number %d of a library that is old", i)),
			"level": tftypes.NewValue(tftypes.Number, i%5), "cvss_score": tftypes.NewValue(tftypes.Number, 7.5),
			"cvss":      tftypes.NewValue(tftypes.String, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
			"fix":       tftypes.NewValue(tftypes.String, "Update it to the next version."),
			"descript":  tftypes.NewValue(tftypes.String, strings.Repeat("What it is, as the service says. ", 5)),
			"reference": tftypes.NewValue(tftypes.String, "https://example.com/advisory"), "publish_time": tftypes.NewValue(tftypes.String, "2026-01-01 00:00:00"),
			"vul_category": tftypes.NewValue(tftypes.Number, 4),
		})
	}
	machine := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"quuid": tftypes.String, "status": tftypes.String, "risk_num": tftypes.Number}}
	null := func(kind tftypes.Type) tftypes.Value { return tftypes.NewValue(kind, nil) }
	counts := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	attributes := map[string]tftypes.Value{
		"module_type": tftypes.NewValue(tftypes.String, "Vul"), "task_id": tftypes.NewValue(tftypes.Number, 1), "status": tftypes.NewValue(tftypes.String, "completed"),
		"summary": null(counts), "gate": null(counts), "verdict": null(counts),
		"scan_task_detail_list": tftypes.NewValue(tftypes.List{ElementType: machine}, []tftypes.Value{tftypes.NewValue(machine, map[string]tftypes.Value{
			"quuid": tftypes.NewValue(tftypes.String, "q"), "status": tftypes.NewValue(tftypes.String, "Ok"), "risk_num": tftypes.NewValue(tftypes.Number, n),
		})}),
		"vul_info": tftypes.NewValue(tftypes.List{ElementType: vul}, vuls),
	}
	types := make(map[string]tftypes.Type, len(attributes))
	for name, value := range attributes {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, attributes)
}

// callFunction calls a function as a CLI does, through the provider's server, and returns the size of the text.
func callFunction(tb testing.TB, server tfprotov6.ProviderServer, name string, argument *tfprotov6.DynamicValue) int {
	tb.Helper()
	response, err := server.CallFunction(tb.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{argument}})
	if err != nil || response.Error != nil {
		tb.Fatal(err, response.Error)
	}
	return len(response.Result.MsgPack)
}

func BenchmarkRenderFunctions(b *testing.B) {
	server, err := acctest.Factories["ms"]()
	if err != nil {
		b.Fatal(err)
	}
	argument, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, hostScanOf(manyFindings))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"render_sarif", "render_junit", "render_html", "render_markdown"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = callFunction(b, server, name, &argument)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// TestRenderFunctions_takeManyFindings calls each function once with far more than the other tests do.
func TestRenderFunctions_takeManyFindings(t *testing.T) {
	t.Parallel()
	server, err := acctest.Factories["ms"]()
	if err != nil {
		t.Fatal(err)
	}
	argument, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, hostScanOf(2000))
	if err != nil {
		t.Fatal(err)
	}
	for name, least := range map[string]int{"render_sarif": 1_000_000, "render_junit": 500, "render_html": 500_000, "render_markdown": 60_000} {
		if size := callFunction(t, server, name, &argument); size < least {
			t.Errorf("%s gives %d bytes", name, size)
		}
	}
}
