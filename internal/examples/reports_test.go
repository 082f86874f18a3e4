package examples_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccReports_areWrittenByOutputsAlone applies examples/reports to a build that one of the gates does
// not pass, and reads what "output -raw" writes of it.
func TestAccReports_areWrittenByOutputsAlone(t *testing.T) {
	t.Parallel()
	s := newStageWithBinary(t, "reports")
	s.build("insecure.apk")
	s.Apply().Succeeds().Says("Security gate") // a warning
	texts := map[string]string{}
	for _, name := range []string{"sarif", "junit", "html", "markdown", "passed", "complete"} {
		texts[name] = s.Run("output", "-raw", name).Succeeds().Output
	}
	var sarif struct{ Runs []struct{ Results []any } }
	if err := json.Unmarshal([]byte(texts["sarif"]), &sarif); err != nil || len(sarif.Runs[0].Results) == 0 {
		t.Errorf("SARIF: %v\n%s", err, texts["sarif"])
	}
	var junit struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
	}
	if err := xml.Unmarshal([]byte(texts["junit"]), &junit); err != nil || junit.Failures == 0 || junit.Tests <= junit.Failures {
		t.Errorf("JUnit: %v, %+v\n%s", err, junit, texts["junit"])
	}
	if !strings.HasPrefix(texts["html"], "<!doctype html>") || !strings.HasSuffix(texts["html"], "</html>\n") {
		t.Errorf("HTML:\n%s", texts["html"])
	}
	if !strings.HasPrefix(texts["markdown"], "Security scans: 1 of 2 gates fails, 1 of 2 gates passes\n") {
		t.Errorf("Markdown:\n%s", texts["markdown"])
	}
	if texts["passed"] != "false" || texts["complete"] != "true" {
		t.Errorf("passed %s, complete %s", texts["passed"], texts["complete"])
	}
	for name, text := range texts {
		if strings.Contains(text, "sign=") {
			t.Errorf("%s holds the query of the package's URL", name)
		}
	}
	leavesOutWhatIsSuppressed(t, texts["sarif"])
	s.unchanged()
}

// leavesOutWhatIsSuppressed runs the workflow's jq over a file that has a result with and one without
// a suppression.
func leavesOutWhatIsSuppressed(t *testing.T, sarif string) {
	t.Helper()
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Log("no jq in PATH")
		return
	}
	workflow, err := os.ReadFile(filepath.Join(repository, "examples", "reports", "workflow.yml"))
	if err != nil {
		t.Fatal(err)
	}
	_, filter, _ := strings.Cut(string(workflow), "run: jq '")
	filter, _, _ = strings.Cut(filter, "'")
	const suppressed = `{"message":{"text":"accepted"},"suppressions":[{"kind":"external"}]},`
	command := exec.Command(jq, "-c", filter)
	command.Stdin = strings.NewReader(strings.Replace(sarif, `"results":[`, `"results":[`+suppressed, 1))
	output, err := command.Output()
	if err != nil || strings.Contains(string(output), "suppressions") || !strings.Contains(string(output), `"ruleId"`) {
		t.Errorf("%v\n%s", err, output)
	}
}
