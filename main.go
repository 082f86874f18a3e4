// Command terraform-provider-ms serves the provider ms to Terraform and OpenTofu.
package main

import (
	"flag"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/tencentscan/terraform-provider-ms/internal/provider"
)

// Set by the linker.
var (
	version = "dev"
	commit  = "none"
)

func main() {
	debugging := flag.Bool("debug", false, "serve in a way that a debugger can attach to; prints TF_REATTACH_PROVIDERS")
	flag.Parse()
	if !*debugging {
		quiet()
	}
	collectGarbage()

	var options []tf6server.ServeOpt
	if *debugging {
		options = append(options, tf6server.WithManagedDebug())
	}
	server := provider.NewServer(version, commit)
	err := tf6server.Serve("registry.terraform.io/tencentscan/ms", func() tfprotov6.ProviderServer { return server }, options...)
	if err != nil {
		log.Fatal(err)
	}
}

// Garbage is collected rarely where there is little of it, and eagerly where there is much: a process lives
// for the seconds of a plan, and holds few MiB but for very large answers.
const (
	// garbage is how much of it may be there, in percent of what is in use. At the usual 100 % a collection
	// came in the midst of the schema's answer, and collections took a sixth of a plan of 200 gates.
	garbage = 400
	// softMemory is from where on memory is given back eagerly all the same, in bytes: beside it a process
	// holds some 20 MiB of code. The largest answer, 40,000 vulnerabilities with details, took 350 MiB without it.
	softMemory = 220 << 20
)

// collectGarbage sets both bounds. GOGC and GOMEMLIMIT of the user's come first.
func collectGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}

// quiet turns the log of the framework off where nobody reads it. It would be written all the same, every
// line at TRACE, for the CLI to parse and throw away: a quarter of the time of a plan with many gates.
func quiet() {
	for _, asked := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK"} {
		if os.Getenv(asked) != "" {
			return
		}
	}
	_ = os.Setenv("TF_LOG_SDK", "OFF") // only a malformed name fails
}
