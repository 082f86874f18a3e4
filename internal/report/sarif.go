package report

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Limits of an upload to GitHub's code scanning: a file with more results in a run, or larger than
// this when compressed, is refused as a whole. A run with that many results has no more rules, the
// other limit of 25,000.
const (
	maxSARIFResults    = 25_000
	maxSARIFCompressed = 10_000_000 // bytes
)

// sarifSchemaURI is where the standard publishes its schema.
const sarifSchemaURI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// informationURI tells a reader what made the file.
const informationURI = "https://github.com/tencentscan/terraform-provider-ms"

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
	run := sarifRun{
		Invocations: []sarifInvocation{r.invocation(fit, len(items)-fit)}, Results: make([]sarifResult, 0, fit),
		ColumnKind: "unicodeCodePoints", Properties: map[string]any{"verdicts": r.sarifVerdicts()},
	}
	rules := newSARIFRules()
	for _, item := range items[:fit] {
		run.Results = append(run.Results, item.sarif(rules))
	}
	run.Tool.Driver = sarifDriver{Name: "terraform-provider-ms", Version: r.Version, InformationURI: informationURI, Rules: rules.list}
	var text strings.Builder
	var size counter
	compressor, err := gzip.NewWriterLevel(&size, gzip.BestSpeed) // a careful upload makes less of it
	if err != nil {
		return "", 0, err
	}
	file := json.NewEncoder(io.MultiWriter(&text, compressor))
	if err := file.Encode(sarifLog{sarifSchemaURI, "2.1.0", []sarifRun{run}}); err != nil {
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
func (r Report) invocation(listed, leftOut int) sarifInvocation {
	invocation := sarifInvocation{Successful: r.count(gate.Incomplete) == 0}
	notify := func(level, format string, args ...any) {
		text := sarifText(prose(fmt.Sprintf(format, args...)))
		invocation.Notifications = append(invocation.Notifications, sarifNotification{level, sarifMessage{text}})
	}
	if leftOut > 0 {
		notify(levelWarning, "%s left out, the least bad: an upload to code scanning takes no more.", plural(leftOut, "finding is", "findings are"))
	}
	notify(levelNote, "%s", r.lead(listed))
	for i := range r.Scans {
		scan := &r.Scans[i]
		notify(outcomeLevels[scan.outcome()], "%s. %s", scan.title(), scan.conclusion())
		for _, reason := range scan.reasons() {
			notify(levelError, "%s. Not proven: %s", scan.title(), reason)
		}
		for _, note := range scan.remarks() {
			notify(levelNote, "%s. %s", scan.title(), note)
		}
	}
	return invocation
}

var outcomeLevels = map[gate.Outcome]string{
	gate.Pass: levelNote, gate.Fail: levelError, gate.Incomplete: levelError, notJudged: levelWarning,
}

// sarifVerdicts returns the verdicts as properties of the run, for programs.
func (r Report) sarifVerdicts() []map[string]any {
	verdicts := make([]map[string]any, 0, len(r.Scans))
	for i := range r.Scans {
		scan := &r.Scans[i]
		verdict := map[string]any{
			"source": sanitize.Line(string(scan.Source)), "object": sanitize.Line(scan.Object), "outcome": scan.outcome(), "findings": scan.counts().Total,
		}
		if at := scan.scannedAt(); at != "" {
			verdict["scanned"] = at
		}
		if policy := scan.policyLines(); policy != nil {
			verdict["policy"] = policy
		}
		if v := scan.Verdict; v != nil {
			verdict["violation_count"] = v.ViolationCount
			verdict["policy_sha256"] = sanitize.Line(v.PolicySHA256)
			verdict["endpoint"] = sanitize.Line(scan.Endpoint)
			if v.ValidUntil != nil {
				verdict["valid_until"] = timestamp(*v.ValidUntil)
			}
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts
}
