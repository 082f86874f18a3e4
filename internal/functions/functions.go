package functions

import "github.com/hashicorp/terraform-plugin-framework/function"

// All returns what makes each function of the provider of a version, in the order of their names.
func All(version string) []func() function.Function {
	all := []func() function.Function{NewInspectAPK, NewParseAPK}
	for _, r := range renderers {
		r.version = version
		all = append(all, func() function.Function { return r })
	}
	return all
}
