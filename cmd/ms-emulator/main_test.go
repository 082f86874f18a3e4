package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun_printsTheEnvironmentAndEndsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"--fault", "kind=error,times=1"}, writer, io.Discard) }()

	var lines []string
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
		if scanner.Text() == "ready" {
			break
		}
	}
	want := []string{
		"export TENCENTCLOUD_ENDPOINT_URL=http://127.0.0.1:", "export TENCENTCLOUD_SECRET_ID=AKID",
		"export TENCENTCLOUD_SECRET_KEY=", "export TENCENTCLOUD_REGION=ap-guangzhou", "ready",
	}
	if len(lines) != len(want) {
		t.Fatalf("printed %q", lines)
	}
	for i, prefix := range want {
		if !strings.HasPrefix(lines[i], prefix) {
			t.Errorf("line %d is %q, want %q…", i, lines[i], prefix)
		}
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestRun_refusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "scenario.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--listen", "0.0.0.0:0"}, {"--listen", ":0"}, {"--listen", "192.0.2.1:0"}, {"--scan-duration", "-1s"},
		{"--quota", "-1"}, {"--requests-per-second", "-1"}, {"--fault", "kind=none"}, {"--fault", "nonsense"},
		{"--scenario", broken}, {"--scenario", broken + ".missing"}, {"--unknown"}, {"argument"},
	} {
		var stderr bytes.Buffer
		// The context has ended, so that a server that starts after all would not stay.
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if code := run(ctx, args, io.Discard, &stderr); code == 0 || stderr.Len() == 0 {
			t.Errorf("%q: exit code %d, %q", args, code, stderr.String())
		}
	}
}

func TestRun_helpDescribesFaultsAndScenario(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, io.Discard, &stderr); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, part := range []string{"-listen", "-fault", "slow-body", "machine_groups", "\"registry\""} {
		if !strings.Contains(stderr.String(), part) {
			t.Errorf("the help does not mention %s", part)
		}
	}
}

func TestShellQuote_leavesNothingToTheShell(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"http://127.0.0.1:1": "http://127.0.0.1:1", "": "''", "a b": "'a b'", "$x": "'$x'", "it's": `'it'\''s'`,
	} {
		if got := shellQuote(value); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}
