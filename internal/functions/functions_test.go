package functions

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// TestAll_dynamicParametersAreReadAsTheyCame: through values of the framework a large one takes too long.
func TestAll_dynamicParametersAreReadAsTheyCame(t *testing.T) {
	t.Parallel()
	dynamic := 0
	for _, made := range All("1") {
		var resp function.DefinitionResponse
		made().Definition(t.Context(), function.DefinitionRequest{}, &resp)
		for _, parameter := range resp.Definition.Parameters {
			p, ok := parameter.(function.DynamicParameter)
			if !ok {
				continue
			}
			dynamic++
			if _, ok := p.CustomType.(argumentType); !ok || len(resp.Definition.Parameters) != 1 || resp.Definition.VariadicParameter != nil {
				t.Errorf("%s: parameter %s of %d is of the type %T", resp.Definition.Summary, p.Name, len(resp.Definition.Parameters), p.CustomType)
			}
		}
	}
	if dynamic != 4 {
		t.Errorf("%d dynamic parameters", dynamic)
	}
}
