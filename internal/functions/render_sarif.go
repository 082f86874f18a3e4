package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// NewRenderSARIF returns what makes the function render_sarif of a version of the provider.
func NewRenderSARIF(version string) func() function.Function {
	return func() function.Function {
		return renderer{
			name: "render_sarif", version: version, render: report.SARIF,
			summary: "Renders scans as SARIF, for code scanning",
			format:  "Returns a [SARIF](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) 2.1.0 file (string) of data sources of this provider, for code scanning and other viewers: one run, a rule for each id of findings (`category/id`), results with the level and the `security-severity` of their severity, and the fingerprints that a gate's `baseline` takes as `partialFingerprints`. Findings that an exception or the baseline takes out are results with a suppression, which gives the exception's reason.\n\nThe file stays within the limits of an upload to GitHub's code scanning, which are 25,000 results and 10 MB when compressed. What does not fit is left out, the least bad first, and a notification of the run counts it. A run with an incomplete scan is marked as not successful.",
		}
	}
}
