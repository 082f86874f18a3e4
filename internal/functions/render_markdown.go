package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// NewRenderMarkdown returns what makes the function render_markdown of a version of the provider.
func NewRenderMarkdown(version string) func() function.Function {
	return func() function.Function {
		return renderer{
			name: "render_markdown", version: version, render: report.Markdown,
			summary: "Renders scans as Markdown, for a comment on a pull request",
			format:  "Returns a Markdown text (string) of data sources of this provider for a comment on a pull request: how the gates ended, what would make them pass, and the findings, worst first. It has at most 65,000 bytes, and so fits into a comment on GitHub, which takes 65,536 characters; a last line counts the findings that found no room.",
		}
	}
}
