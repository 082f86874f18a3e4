package main

import (
	"slices"
	"testing"
)

func TestErrorBoxes_leavesWarningsOut(t *testing.T) {
	t.Parallel()
	output := "creating\n╷\n│ Warning: one\n╵\n\x1b[31m╷\x1b[0m\n\x1b[31m│\x1b[0m \x1b[1mError: \x1b[0mtwo\n\x1b[31m╵\x1b[0m\nend"
	if got, want := plain(errorBoxes(output)), "╷\n│ Error: two\n╵"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := errorBoxes("no box"); got != "no box" {
		t.Errorf("got %q", got)
	}
}

func TestCleanEnvironment(t *testing.T) {
	t.Parallel()
	got := cleanEnvironment([]string{"PATH=/bin", "TF_LOG=1", "TF_VAR_a-b=1", "TENCENTCLOUD_DOMAIN=x", "MS_JOURNAL_DIR=x", "TFENV_ROOT=/r", "TERRAFORM_CONFIG=x", "X=TF_LOG=1"})
	if want := []string{"PATH=/bin", "TFENV_ROOT=/r", "X=TF_LOG=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"package=build/clean.apk":   "package=build/clean.apk",
		"url=http://h/a?sign=1":     "url='http://h/a?sign=1'",
		"it's":                      `'it'\''s'`,
		"-auto-approve":             "-auto-approve",
		"package=a folder/it's.apk": `package='a folder/it'\''s.apk'`,
	} {
		if got := quoted(argument); got != want {
			t.Errorf("%s: got %s, want %s", argument, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	if got, want := printable("a\x1b[31m\u202eb 应用\n"), "a?[31m?b 应用?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
