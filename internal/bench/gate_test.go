package bench_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// judged is when the findings are judged.
var judged = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// largeScan is n findings, and a policy with n/40 exceptions and a baseline of n fingerprints, half of
// which are of findings.
func largeScan(n int) (gate.ScanResults, gate.Policy) {
	vuls := make([]gate.Vul, n)
	for i := range vuls {
		level := int64(i%2 + 1)
		vuls[i] = gate.Vul{ID: field.Of(fmt.Sprintf("MS-%d", i%(n/8))), Name: "name", Location: fmt.Sprintf("com/example/Class%d.java", i*7919%n), RiskLevel: field.Of(level)}
	}
	safe := int64(1)
	total := int64(1)
	scan := gate.ScanResults{Object: "item", TotalCount: field.Of(total), Rows: []gate.ScannedApp{{
		MD5: md5Of(0), Package: "com.example.app", State: gate.RowDone,
		Vul: gate.VulSection{State: field.Known, Score: field.Known, List: field.Known, Vuls: vuls}, Virus: gate.VirusSection{State: field.Known, SafeType: field.Of(safe)},
	}}}
	p := policy()
	p.FailOn = gate.Medium
	for i := range n / 40 {
		p.Exceptions = append(p.Exceptions, gate.Exception{Category: gate.Vulnerability, ID: fmt.Sprintf("MS-%d", i), Reason: "accepted", ExpiresAt: "2026-12-31"})
	}
	for i, finding := range scan.Findings(nil) {
		if i%2 == 0 {
			p.Baseline = append(p.Baseline, finding.Fingerprint, fmt.Sprintf("%032x", i))
		}
	}
	slices.Sort(p.Baseline) // as Terraform hands over a set
	return scan, p
}

func TestGate_growsWithTheSum(t *testing.T) { //nolint:paralleltest // it measures time
	rounds := 1
	if full() {
		rounds = 50 // some tens of ms each, which anything else that runs disturbs
	}
	var lines strings.Builder
	lines.WriteString("| findings | exceptions | baseline | linear scan of the findings | evaluation | for each finding | gathering the findings, with fingerprints |\n|---|---|---|---|---|---|---|\n")
	for _, n := range sizes(400) {
		scan, p := largeScan(n)
		var evidence gate.Evidence
		gathered := inProcess(t, rounds, func() { evidence = scan.Evidence(p) })
		floor := inProcess(t, rounds, func() {
			if gate.Summarize(evidence.Findings).Total != int64(n) {
				t.Fatal("a finding is missing")
			}
		})
		evaluated := inProcess(t, rounds, func() {
			if v := gate.Evaluate(evidence, p, judged); v.Outcome != gate.Fail || v.ExceptedCount == 0 || v.BaselinedCount == 0 {
				t.Fatal(v.Message)
			}
		})
		fmt.Fprintf(&lines, "| %s | %s | %s | %s | %s | %.2f µs | %s |\n", count(n), count(len(p.Exceptions)), count(len(p.Baseline)), milliseconds(floor.cpu), milliseconds(evaluated.cpu),
			float64(evaluated.cpu.Nanoseconds())/1000/float64(n), milliseconds(gathered.cpu))
	}
	report(t, "gate", lines.String())
}
