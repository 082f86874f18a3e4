// Command terraform-provider-ms serves the provider ms to Terraform and OpenTofu.
package main

import (
	"flag"
	"log"
	"os"
	"runtime"
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
	boundMemory()
	collectLater()

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

// softMemory is from where on memory is given back more eagerly, in bytes: beside it a process holds some
// 20 MiB of code. The largest answer, 40,000 vulnerabilities with details, took 350 MiB without it.
const softMemory = 220 << 20

// boundMemory trades time for memory where an answer is very large. GOMEMLIMIT of the user's comes first.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}

// collectLater has the first collection of garbage wait for 8 MiB of memory in place of 4, of which the start
// and the schema take most: it came in the midst of the answer, for a fifth of its time. After it all is as
// usual. GOGC of the user's comes first.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(200)
	runtime.AddCleanup(new([64]byte), func(usual int) { debug.SetGCPercent(usual) }, usual)
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
