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

func TestAccGateOnAllFour_tellsTheStory(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	if err := gateOnAllFour(t.Context(), newNarrator(&told), built(t), packages.Clean()); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	expect(t, told.String(),
		"Release while a host is vulnerable", "Warning: Security gate", "1 of 2 findings violates the gate", hostVulnerability, "db-0001", "Error: Resource precondition failed",
		"Release an image that could not be scanned", "incomplete", "ConnFailed",
		"Release when all four pass", "Apply complete!", `"scan of the hosts" = "pass"`, "Six scans were submitted")
}

func TestAccGateOnAllFour_noticesAStepThatGoesWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		build    []byte
		scenario [2]string // what is replaced, by what
		step     string
		problem  string
	}{
		"a host that is not vulnerable":   {packages.Clean(), [2]string{`"cve_id": "CVE-2021-44228", "level": 4`, `"cve_id": "CVE-2021-44228", "level": 1`}, "1. Release while", "was released"},
		"an image that is not authorized": {packages.Clean(), [2]string{`acme/api", "tag": "1.0.0"`, `acme/api", "unauthorized": true, "tag": "1.0.0"`}, "1. Release while", "not because of a gate"},
		"another gate that fails":         {packages.Infect(packages.Clean()), [2]string{}, "1. Release while", "not for CVE-2021-44228 alone"},
		"an image that can be scanned":    {packages.Clean(), [2]string{`"error": "ConnFailed"`, `"error": ""`}, "2. Release an image", "was released"},
		"an image that is vulnerable":     {packages.Clean(), [2]string{`"after_sync": true`, `"after_sync": true, "generated": {"high": 1}`}, "3. Release when", "exit code 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario := strings.Replace(emulator.DefaultScenario, tt.scenario[0], tt.scenario[1], 1)
			if tt.scenario[0] != "" && scenario == emulator.DefaultScenario {
				t.Fatalf("the default scenario has no %s", tt.scenario[0])
			}
			err := gateOnAllFour(t.Context(), newNarrator(io.Discard), built(t), tt.build, emulator.WithScenario([]byte(scenario)))
			var wrong *stepError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v", err)
			}
			if !strings.HasPrefix(wrong.step, tt.step) || !strings.Contains(wrong.problem, tt.problem) {
				t.Errorf("step %q: %s\n%s", wrong.step, wrong.problem, wrong.output)
			}
		})
	}
}
