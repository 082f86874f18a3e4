// The command ms-demo shows the provider's main job with the real CLI and without an account: a
// package is scanned, and the result gates a release. "make demo" builds what it needs and starts it.
//
// Everything it makes is in one temporary folder and in processes of its own, and gone when it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// Where "make demo" leaves and finds things, from the repository's root.
const (
	providerBinary = "bin/terraform-provider-ms"
	releaseGate    = "examples/release-gate"
)

const usage = `Usage: make demo, or make demo APK=path/to/any.apk

Scans packages against an emulator of Tencent Cloud on this machine and gates a
release by the result. It is started in the repository's root:

  bin/ms-demo              an infected build is stopped, a clean one released; then
                           a release waits for four gates at once
  bin/ms-demo --apk PATH   scans that package and prints what was found

The CLI is the one in TF_ACC_TERRAFORM_PATH, else terraform or tofu in PATH.
`

func main() {
	// A closed pipe (make demo | head) ends the demo as an interrupt does, so that it cleans up.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // as a shell reports SIGINT
)

// run is the command.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ms-demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { _, _ = fmt.Fprint(stderr, usage) }
	apk := flags.String("apk", "", "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "ms-demo: unexpected argument %q\n\n%s", flags.Arg(0), usage)
		return exitUsage
	}
	err := demonstrate(ctx, *apk, stdout)
	var wrong *stepError
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(stderr, "\nInterrupted. The CLI was stopped, and the temporary folder is gone.")
		return exitInterrupted
	case errors.As(err, &wrong):
		_, _ = fmt.Fprintf(stderr, "\n%s\n", wrong.report())
	default:
		_, _ = fmt.Fprintf(stderr, "ms-demo: %v\n", err)
	}
	return exitFailed
}

// demonstrate runs the demo from the repository's root.
func demonstrate(ctx context.Context, apk string, stdout io.Writer) error {
	tools, err := findTools()
	if err != nil {
		return err
	}
	say := newNarrator(stdout)
	started := time.Now()
	if apk != "" {
		err = scanPackage(ctx, say, tools, apk)
	} else {
		clean := packages.Clean()
		err = gateRelease(ctx, say, tools, builds{infected: packages.Infect(clean), clean: clean})
		if err == nil {
			err = gateOnAllFour(ctx, say, tools, clean)
		}
	}
	if err != nil {
		return err
	}
	say.line("")
	say.line("Done in %.1f s. Nothing was left behind.", time.Since(started).Seconds())
	return nil
}

// tools are what the demo runs and copies, as absolute paths.
type tools struct {
	cli      string // Terraform or OpenTofu
	provider string // the provider's binary
	example  string // the folder of the release gate's configuration
	temp     string // where the temporary folder is made; empty is the system's place
}

func findTools() (tools, error) {
	t := tools{cli: os.Getenv("TF_ACC_TERRAFORM_PATH")}
	for _, name := range []string{"terraform", "tofu"} {
		if t.cli != "" {
			break
		}
		t.cli, _ = exec.LookPath(name)
	}
	if t.cli == "" {
		return t, errors.New("neither terraform nor tofu is in PATH. Start the demo by \"make demo\", which builds OpenTofu where there is none")
	}
	for path, into := range map[string]*string{providerBinary: &t.provider, releaseGate: &t.example, t.cli: &t.cli} {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return t, err
		}
		if _, err := os.Stat(absolute); err != nil {
			return t, fmt.Errorf("%s is not there. Start the demo by \"make demo\" in the repository's root, which builds what is missing", path)
		}
		*into = absolute
	}
	return t, nil
}
