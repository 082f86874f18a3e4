package report

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// Limits of an upload to GitHub's code scanning: a file with more results in a run, or larger than
// this when compressed, is refused as a whole. A run with that many results has no more rules, the
// other limit of 25,000.
const (
	maxSARIFResults    = 25_000
	maxSARIFCompressed = 10_000_000 // bytes
)

// sarifLog is a whole file. A Report of go-sarif can validate itself, so that whoever encodes one links most of
// a validator of JSON schemas, and the schema: half a megabyte that nothing here calls.
type sarifLog struct {
	Schema  string       `json:"$schema"`
	Version string       `json:"version"`
	Runs    []*sarif.Run `json:"runs"`
}

// SARIF returns the report as a SARIF 2.1.0 file with one run, within the limits of an upload to
// GitHub's code scanning. Findings that do not fit are left out, the least bad first, and a
// notification of the run counts them.
func SARIF(r Report) (string, error) {
	items := r.items()
	fit := min(len(items), maxSARIFResults)
	for {
		text, size, err := r.sarif(items, fit)
		if err != nil {
			return "", fmt.Errorf("writing SARIF: %w", err)
		}
		if size <= maxSARIFCompressed || fit == 0 {
			return text, nil
		}
		// What is left out may have been the smaller part: so a tenth less than in proportion.
		fit = int(int64(fit) * maxSARIFCompressed / size * 9 / 10)
	}
}

// sarif returns the file with the first so many findings, and its size when compressed.
func (r Report) sarif(items []item, fit int) (string, int64, error) {
	run := sarif.NewRun().WithInvocations([]*sarif.Invocation{r.invocation(len(items) - fit)})
	run.WithProperties(r.sarifVerdicts()).WithColumnKind("unicodeCodePoints")
	rules := newSARIFRules()
	for _, item := range items[:fit] {
		run.AddResult(item.sarif(rules))
	}
	run.WithTool(sarif.NewTool().WithDriver(sarif.NewToolComponent().
		WithName("terraform-provider-ms").WithVersion(r.Version).WithRules(rules.list)))
	whole := sarif.NewReport()
	var text strings.Builder
	var size counter
	compressor, err := gzip.NewWriterLevel(&size, gzip.BestSpeed) // a careful upload makes less of it
	if err != nil {
		return "", 0, err
	}
	file := json.NewEncoder(io.MultiWriter(&text, compressor))
	if err := file.Encode(sarifLog{whole.Schema, whole.Version, []*sarif.Run{run}}); err != nil {
		return "", 0, err
	}
	err = compressor.Close() // writes what is left
	return text.String(), int64(size), err
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// invocation says how the scans ended, for readers that look at results alone: no results of an
// incomplete scan are not a clean one.
func (r Report) invocation(leftOut int) *sarif.Invocation {
	invocation := sarif.NewInvocation().WithExecutionSuccessful(r.count(gate.Incomplete) == 0)
	notify := func(level, format string, args ...any) {
		text := sarifText(prose(fmt.Sprintf(format, args...)))
		invocation.AddToolExecutionNotification(sarif.NewNotification().WithLevel(level).WithMessage(sarif.NewTextMessage(text)))
	}
	if leftOut > 0 {
		notify(sarif.LevelWarning, "%s left out, the least bad: an upload to code scanning takes no more.", plural(leftOut, "finding is", "findings are"))
	}
	for i := range r.Scans {
		scan := &r.Scans[i]
		notify(outcomeLevels[scan.outcome()], "%s. %s", scan.title(), scan.conclusion())
		for _, reason := range scan.reasons() {
			notify(sarif.LevelError, "%s. Not proven: %s", scan.title(), reason)
		}
		for _, note := range scan.remarks() {
			notify(sarif.LevelNote, "%s. %s", scan.title(), note)
		}
	}
	return invocation
}

var outcomeLevels = map[gate.Outcome]string{
	gate.Pass: sarif.LevelNote, gate.Fail: sarif.LevelError, gate.Incomplete: sarif.LevelError, notJudged: sarif.LevelWarning,
}

// sarifVerdicts returns the verdicts as properties of the run, for programs.
func (r Report) sarifVerdicts() *sarif.PropertyBag {
	verdicts := make([]map[string]any, 0, len(r.Scans))
	for i := range r.Scans {
		scan := &r.Scans[i]
		verdict := map[string]any{"source": gate.Line(string(scan.Source)), "object": gate.Line(scan.Object), "outcome": scan.outcome()}
		if v := scan.Verdict; v != nil {
			verdict["violation_count"] = v.ViolationCount
			verdict["policy_sha256"] = gate.Line(v.PolicySHA256)
			verdict["endpoint"] = gate.Line(scan.Endpoint)
			if v.ValidUntil != nil {
				verdict["valid_until"] = timestamp(*v.ValidUntil)
			}
		}
		verdicts = append(verdicts, verdict)
	}
	return sarif.NewPropertyBag().Add("verdicts", verdicts)
}
