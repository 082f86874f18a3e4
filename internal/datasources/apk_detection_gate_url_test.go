package datasources_test

import (
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// TestAccAPKDetection_urlThatNamesADeniedIDHidesNothing gives the package by a URL whose query is the id of a
// plugin that the gate denies. What an answer repeats of a query is taken out of it, as a secret; the
// finding must not come through the gate by that.
func TestAccAPKDetection_urlThatNamesADeniedIDHidesNothing(t *testing.T) {
	t.Parallel()
	const denied = "com.example.tracker"
	cloud := acctest.NewCloud(t)
	cloud.OnAnswer("DescribeApkDetectionResult", func(_, response map[string]any) map[string]any {
		for _, row := range response["ResultList"].([]any) {
			row.(map[string]any)["OptPluginList"] = []any{map[string]any{"PluginName": denied}}
		}
		return response
	})
	for name, query := range map[string]string{"the id is in the answer": "another-query", "the id is taken out": denied} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(cloud.Provider() + fmt.Sprintf(`
data "ms_apk_detection" "app" {
  apk_url = %q
  apk_md5 = %q
  gate {
    denied {
      category = "plugin"
      id       = %q
    }
  }
}
`, cloud.AppURL("clean.apk", query), cloud.MD5("clean.apk"), denied))
			w.Apply().Fails().Says("Security gate", "denied_id")
		})
	}
}
