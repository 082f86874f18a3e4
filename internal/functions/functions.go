package functions

import "github.com/hashicorp/terraform-plugin-framework/function"

// All returns what makes each function of the provider, in the order of their names.
func All() []func() function.Function {
	return []func() function.Function{
		NewInspectAPK,
		NewParseAPK,
	}
}
