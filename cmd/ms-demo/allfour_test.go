package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

func TestGateOnAllFour_tellsTheStory(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	if err := gateOnAllFour(t.Context(), newNarrator(&told), built(t), packages.Clean()); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	expect(t, told.String(),
		"Release while hosts are vulnerable", "Warning: Security gate", hostVulnerability, "Error: Resource precondition failed",
		"Release before the images were scanned", "incomplete", "NOT_SCAN",
		"Release when all four pass", "Apply complete!", `"scan of the hosts" = "pass"`, "One scan was submitted")
}

func TestGateOnAllFour_noticesAStepThatGoesWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		build    []byte
		scenario [2]string // what is replaced, by what
		step     string
		problem  string
	}{
		"hosts that are not vulnerable": {packages.Clean(), [2]string{`"Level": 4`, `"Level": 1`}, "1. Release while", "was released"},
		"a host scan that is not there": {packages.Clean(), [2]string{`{"task_id": 1, "module_type"`, `{"task_id": 9, "module_type"`}, "1. Release while", "not because of a gate"},
		"fewer hosts":                   {packages.Clean(), [2]string{`"count": 227`, `"count": 7`}, "1. Release while", "not 3"},
		"another gate that fails":       {packages.Infect(packages.Clean()), [2]string{}, "1. Release while", "not for CVE-2021-44228 alone"},
		"images that were scanned":      {packages.Clean(), [2]string{`"status": "NOT_SCAN"`, `"images": 3`}, "2. Release before", "was released"},
		"a package that fails later":    {packages.Insecure(), [2]string{}, "3. Release when", "exit code 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := gateOnAllFour(t.Context(), newNarrator(io.Discard), built(t), tt.build,
				emulator.WithScenario([]byte(strings.Replace(tasks, tt.scenario[0], tt.scenario[1], 1))))
			var wrong *stepError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v", err)
			}
			if !strings.HasPrefix(wrong.step, tt.step) || !strings.Contains(wrong.problem, tt.problem) {
				t.Errorf("step %q: %s", wrong.step, wrong.problem)
			}
		})
	}
}
