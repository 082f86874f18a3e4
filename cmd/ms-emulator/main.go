// The command ms-emulator runs the emulator until SIGINT or SIGTERM. It prints the environment that
// points a client at it, one export for each line, and then a line "ready".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the command. It returns 0 after it was told to stop or asked for help, 2 for arguments that
// make no sense and 1 for what else fails.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, readOn, oneLine(err))
		return 2
	}
	server, err := emulator.New(options.settings...)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, readOn, oneLine(err))
		return 1
	}
	defer server.Close()
	for _, fault := range options.faults {
		server.Fault(fault)
	}
	variables := [][2]string{
		{"TENCENTCLOUD_ENDPOINT_URL", server.URL()},
		{"TENCENTCLOUD_SECRET_ID", server.SecretID()},
		{"TENCENTCLOUD_SECRET_KEY", server.SecretKey()},
		{"TENCENTCLOUD_REGION", server.Region()},
	}
	if url := server.PackagesURL(); url != "" {
		variables = append(variables, [2]string{"MS_EMULATOR_PACKAGES_URL", url})
	}
	for _, variable := range variables {
		_, _ = fmt.Fprintf(stdout, "export %s=%s\n", variable[0], shellQuote(variable[1]))
	}
	_, _ = fmt.Fprintln(stdout, "ready")
	<-ctx.Done()
	return 0
}

// arguments are what the flags say.
type arguments struct {
	settings []emulator.Option
	faults   []emulator.Fault
}

// parse reads the flags; --help prints what they are and returns flag.ErrHelp.
func parse(args []string, stderr io.Writer) (*arguments, error) {
	parsed := &arguments{}
	flags := flag.NewFlagSet("ms-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // what is wrong is told in one line, not before a page of usage
	listen := flags.String("listen", "127.0.0.1:0", "loopback `address` to listen on; port 0 is a free port")
	duration := flags.Duration("scan-duration", 0, "how long a scan stays in processing, as in 30s")
	polls := flags.Int("scan-polls", 0, "how many polls report that an app is in processing")
	quota := flags.Int("quota", emulator.DefaultQuota, "how many apps may be scanned (LimitCount)")
	perSecond := flags.Int("requests-per-second", emulator.ServiceRequestsPerSecond, "rate limit of each action; 0 is no limit")
	packages := flags.String("packages", "", "serve the files in `folder`, at the URL that is printed as MS_EMULATOR_PACKAGES_URL")
	scenario := flags.String("scenario", "", "JSON `file` with hosts, images and scans of them, in place of the built-in scenario")
	sdkSpelling := flags.Bool("sdk-spelling", false, "spell and type answers as the official SDK, not as the documents")
	seed := flags.Uint64("seed", 0, "seed of the random choices that faults with a probability make")
	verbose := flags.Bool("verbose", false, "write a line for each call to the standard error stream")
	flags.Func("fault", "break calls as `SPEC` says; may be repeated", func(spec string) error {
		fault, err := emulator.ParseFault(spec)
		parsed.faults = append(parsed.faults, fault)
		return err
	})
	flags.Usage = func() {} // Parse calls it for a bad flag, too
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stderr)
		_, _ = fmt.Fprint(stderr, usageHead)
		flags.PrintDefaults()
		_, _ = fmt.Fprint(stderr, "\n", emulator.FaultFormat, "\n", emulator.ScenarioFormat)
		return nil, err
	} else if err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	parsed.settings = []emulator.Option{
		emulator.WithListen(*listen), emulator.WithScanDuration(*duration), emulator.WithScanPolls(*polls),
		emulator.WithQuota(*quota), emulator.WithRequestsPerSecond(*perSecond), emulator.WithSeed(*seed),
	}
	if *sdkSpelling {
		parsed.settings = append(parsed.settings, emulator.WithSDKSpelling())
	}
	if *verbose {
		parsed.settings = append(parsed.settings, emulator.WithLog(stderr))
	}
	if *packages != "" {
		parsed.settings = append(parsed.settings, emulator.WithPackages(*packages))
	}
	if *scenario != "" {
		document, err := os.ReadFile(*scenario)
		if err != nil {
			return nil, fmt.Errorf("scenario: %w", err)
		}
		parsed.settings = append(parsed.settings, emulator.WithScenario(document))
	}
	return parsed, nil
}

// readOn is the one line about what cannot be done.
const readOn = "ms-emulator: %s. See: ms-emulator --help\n"

const usageHead = `ms-emulator emulates Tencent Cloud's services ms, cwp and tcss on a loopback address. It really scans
packages, and simulates scans of hosts and images. It prints lines "export NAME=value" for a client's
environment, then a line "ready", and runs until SIGINT or SIGTERM. GET /_emulator/ledger returns as
JSON what was called and submitted.

`

// oneLine is what an error says, without the name of the package that it comes from.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "emulator: ", "")), " ")
}

// shellQuote quotes a value for a POSIX shell, where that is needed.
func shellQuote(value string) string {
	if value != "" && strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
