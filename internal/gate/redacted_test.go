package gate

import (
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

func TestEvaluate_anIDThatWasRedactedMayBeAny(t *testing.T) {
	t.Parallel()
	apk := cleanAPK()
	apk.Rows[0].Plugins.Names = []field.Value[string]{text(sanitize.Redacted + ".sdk")}
	plain := Policy{Source: SourceAPKDetection}
	expectOutcome(t, Evaluate(apk.Evidence(plain), plain, now), Pass) // information breaks no rule by itself

	denied := plain
	denied.Denied = deny(Plugin, "com.example.tracker")
	v := Evaluate(apk.Evidence(denied), denied, now)
	expectOutcome(t, v, Fail)
	if len(v.Violations) != 1 || v.Violations[0].Rule != RuleDeniedID {
		t.Errorf("violations %+v", v.Violations)
	}

	strict := plain
	strict.FailOn = Info
	strict.Exceptions = []Exception{{Category: Plugin, ID: sanitize.Redacted + ".sdk", Reason: "none", ExpiresAt: "2026-12-31"}}
	for _, finding := range apk.Evidence(strict).Findings {
		strict.Baseline = append(strict.Baseline, finding.Fingerprint)
	}
	if v := Evaluate(apk.Evidence(strict), strict, now); v.Outcome != Fail || v.ExceptedCount+v.BaselinedCount != 0 {
		t.Errorf("%s, %d excepted, %d baselined", v.Outcome, v.ExceptedCount, v.BaselinedCount)
	}
}
