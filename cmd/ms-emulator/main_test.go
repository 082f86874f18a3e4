package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRun_printsTheEnvironmentAndEndsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--fault", "kind=error,times=1", "--packages", t.TempDir()}, writer, io.Discard)
	}()

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
		"export TENCENTCLOUD_SECRET_KEY=", "export TENCENTCLOUD_REGION=ap-guangzhou",
		"export MS_EMULATOR_PACKAGES_URL=http://127.0.0.1:", "ready",
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
		{"--fault", "action=DescribeScanResults"}, {"--fault", "kind=http,times=often"}, {"--fault", "kind=http,often=1"}, {"--fault", `{"kind":`},
		{"--scenario", broken}, {"--scenario", broken + ".missing"}, {"--unknown"}, {"--quota"}, {"--quota", "many"}, {"argument"},
		{"--packages", broken}, {"--packages", broken + ".missing"},
	} {
		var stderr bytes.Buffer
		// The context has ended, so that a server that starts after all would not stay.
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		code, said := run(ctx, args, io.Discard, &stderr), stderr.String()
		if code == 0 {
			t.Errorf("%q: exit code %d", args, code)
		}
		if strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "ms-emulator: ") || !strings.HasSuffix(said, ". See: ms-emulator --help\n") {
			t.Errorf("%q: want one line and where to read on, got %q", args, said)
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

// The guide's table of flags has each flag of the help, with its default.
func TestRun_guideListsTheFlagsAndTheirDefaults(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, io.Discard, &help); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	guide, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "try-without-an-account.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `--([a-z-]+)[^`]*` \\| (?:`([^`]*)`|none|off) \\|").FindAllStringSubmatch(string(guide), -1) {
		table[row[1]] = row[2]
	}
	flags := regexp.MustCompile(`(?m)^  -([a-z-]+)( .*)?\n    \t(.*)$`).FindAllStringSubmatch(help.String(), -1)
	if len(flags) < 10 || len(flags) != len(table) {
		t.Errorf("the help has %d flags, the guide %d", len(flags), len(table))
	}
	for _, found := range flags {
		name, kind, text := found[1], strings.TrimSpace(found[2]), found[3]
		// What the flag package leaves out are zero values.
		want := map[string]string{"int": "0", "uint": "0", "duration": "0s"}[kind]
		if _, value, ok := strings.Cut(text, "(default "); ok {
			want = strings.Trim(value, `")`)
		}
		if got, ok := table[name]; !ok || got != want {
			t.Errorf("--%s: the guide says %q (there: %t), the command %q", name, got, ok, want)
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
