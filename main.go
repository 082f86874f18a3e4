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
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}

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

// garbage is how much of it may be there before it is collected, in percent of what is in use. A process lives
// for the seconds of a plan; at the usual 100 % a collection came during the schema's answer.
const garbage = 200

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
