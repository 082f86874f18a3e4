package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// NewRenderHTML returns what makes the function render_html of a version of the provider.
func NewRenderHTML(version string) func() function.Function {
	return func() function.Function {
		return renderer{
			name: "render_html", version: version, render: report.HTML,
			summary: "Renders scans as an HTML page",
			format:  "Returns an HTML page (string) of data sources of this provider, as one file that loads nothing: what was judged and how it ended, what would make it pass, the findings by severity and category, and a table of them. It can be read without its script, which adds a filter, and printed.",
		}
	}
}
