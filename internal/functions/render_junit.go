package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// NewRenderJUnit returns what makes the function render_junit of a version of the provider.
func NewRenderJUnit(version string) func() function.Function {
	return func() function.Function {
		return renderer{
			name: "render_junit", version: version, render: report.JUnit,
			summary: "Renders scans as JUnit XML, for the test results of a CI system",
			format:  "Returns a JUnit XML file (string) of data sources of this provider: a suite for each of them, in it a test case for each rule of its gate and each app or machine, and a case `evidence`. A rule that is broken is a failure with the findings that break it, worst first; an incomplete answer is an error. Only what is proven passes: a data source without a gate, and a rule that an incomplete answer does not prove, is skipped.",
		}
	}
}
