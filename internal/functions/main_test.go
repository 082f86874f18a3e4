package functions_test

import (
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
