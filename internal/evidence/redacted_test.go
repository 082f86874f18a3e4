package evidence

import (
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// The packages cannot import each other, but must mean the same.
func TestRedacted_isWhatTheClientPutsInPlace(t *testing.T) {
	t.Parallel()
	if gate.Redacted != tencentcloud.NotShown {
		t.Errorf("%q in the gate, %q in the client", gate.Redacted, tencentcloud.NotShown)
	}
}
