package functions

import "github.com/hashicorp/terraform-plugin-framework/function"

// All returns what makes each function of the provider of a version, in the order of their names.
func All(version string) []func() function.Function {
	return []func() function.Function{
		NewInspectAPK,
		NewParseAPK,
		NewRenderHTML(version),
		NewRenderJUnit(version),
		NewRenderMarkdown(version),
		NewRenderSARIF(version),
	}
}
