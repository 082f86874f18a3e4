package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

const required = `
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
`

// reading is a data source that makes a call.
const reading = `
data "ms_scan_results" "app" {
  item_id = "i"
}
`

func block(lines ...string) string {
	return required + "provider \"ms\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

func TestAccProvider_badConfigurationIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines []string
		says  string
	}{
		"endpoint that is no URL":     {[]string{`endpoint_url = "somewhere"`}, "must start with https://"},
		"plain http elsewhere":        {[]string{`endpoint_url = "http://10.0.0.1"`}, "plain http is allowed to a loopback host only"},
		"endpoint with a password":    {[]string{`endpoint_url = "https://me:hunter2@example.com"`}, "may have a scheme, a host and a port only"},
		"domain that is a URL":        {[]string{`domain = "https://example.com"`}, "host name without scheme"},
		"domain beside endpoint":      {[]string{`domain = "example.com"`, `endpoint_url = "https://example.com"`}, "cannot be specified when"},
		"half a pair":                 {[]string{`secret_id = "a"`}, "secret_key"},
		"the other half":              {[]string{`secret_key = "a"`}, "secret_id"},
		"a token alone":               {[]string{`security_token = "a"`}, "secret_id"},
		"profile beside a key":        {[]string{`secret_id = "a"`, `secret_key = "b"`, `profile = "p"`}, "cannot be specified when"},
		"language":                    {[]string{`language = "de-DE"`}, "zh-CN"},
		"no requests":                 {[]string{`requests_per_second = 0`}, "requests_per_second"},
		"negative retries":            {[]string{`max_retries = -1`}, "max_retries"},
		"timeout that is no duration": {[]string{`request_timeout = "1 minute"`}, "must be a duration above zero"},
		"timeout of nothing":          {[]string{`request_timeout = "0s"`}, "must be a duration above zero"},
		"blank region":                {[]string{`region = " "`}, "must not be blank"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(block(tt.lines...) + reading)
			w.Run("validate", "-no-color").Fails().Says(tt.says)
		})
	}
}

func TestAccProvider_valueUnknownWhilePlanningNamesTheAttribute(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Write(required + `
resource "terraform_data" "region" {
  input = "ap-guangzhou"
}
provider "ms" {
  region = terraform_data.region.output
}
` + reading)
	w.Plan().Fails().Says("Unable to Configure Provider", "The value of region is not known while planning")
}

func TestAccProvider_withoutAnyUseNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.NewWithBinary(t)
	w.Write(block() + "resource \"terraform_data\" \"nothing\" {}\n")
	w.Apply().Succeeds()
}

func TestAccProvider_endpointFromTheEnvironmentAndPinnedByConfiguration(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	other := acctest.NewCloud(t)
	environment := []string{
		"TENCENTCLOUD_ENDPOINT_URL=" + cloud.URL(),
		"TENCENTCLOUD_DOMAIN=wrong.example.com",
		"TENCENTCLOUD_SECRET_ID=" + cloud.SecretID(),
		"TENCENTCLOUD_SECRET_KEY=" + cloud.SecretKey(),
	}
	w := acctest.NewWithBinary(t, environment...)
	w.Write(block() + reading)
	w.Plan().Fails().Says("ResourceNotFound.ItemIdNotFound", "Warning: Non-default API endpoint", cloud.URL())
	if cloud.Calls("") != 1 {
		t.Errorf("%d calls", cloud.Calls(""))
	}

	w.Write(block(fmt.Sprintf("endpoint_url = %q", other.URL())) + reading)
	w.Plan().Fails().Says("AuthFailure.SecretIdNotFound")
	if cloud.Calls("") != 1 || other.Calls("") != 1 {
		t.Errorf("%d calls of the environment's endpoint, %d of the configuration's", cloud.Calls(""), other.Calls(""))
	}

	w.Write(block(`domain = "pinned.invalid"`, `max_retries = 0`, `request_timeout = "2s"`) + strings.Replace(reading, "\n}", "\n  poll_interval = \"1ms\"\n}", 1))
	w.Plan().Fails().Says("could not be reached")
	if cloud.Calls("") != 1 {
		t.Error("a pinned domain did not keep the environment's endpoint out")
	}
}

func TestAccProvider_sendsRegionLanguageAndAgent(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.New(t)
	w.Write(cloud.Provider(`language = "zh-CN"`) + reading)
	w.Plan().Fails()
	call := cloud.Ledger().Calls[0]
	if call.Language != "zh-CN" || call.Region != "" || call.Action != "DescribeScanResults" {
		t.Errorf("call %+v", call)
	}
	if !strings.Contains(call.RequestClient, "terraform-provider-ms test none") {
		t.Errorf("request client %q", call.RequestClient)
	}
}

// TestAccProvider_schemaIsDocumented walks the whole schema: every attribute has a description, and the
// URLs and keys are sensitive.
func TestAccProvider_schemaIsDocumented(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Write(block())
	var schemas struct {
		Providers map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(w.Run("providers", "schema", "-json").Succeeds().Output), &schemas); err != nil {
		t.Fatal(err)
	}
	attributes := 0
	var walk func(path string, value any)
	walk = func(path string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			return
		}
		if list, ok := object["attributes"].(map[string]any); ok {
			for name, a := range list {
				attributes++
				attribute, _ := a.(map[string]any)
				at := path + "." + name
				identity := strings.HasPrefix(path, ".resource_identity_schemas") // whose descriptions have no kind
				if description, _ := attribute["description"].(string); description == "" || attribute["description_kind"] != "markdown" && !identity {
					t.Errorf("%s has no Markdown description", at)
				}
				switch name {
				case "app_url", "apk_url", "callback_url", "secret_id", "secret_key", "security_token":
					if attribute["sensitive"] != true {
						t.Errorf("%s is not sensitive", at)
					}
				}
			}
		}
		for name, v := range object {
			walk(path+"."+name, v)
		}
	}
	for name, p := range schemas.Providers {
		if strings.HasSuffix(name, "tencentscan/ms") {
			walk("", p)
		}
	}
	if attributes < 100 {
		t.Errorf("only %d attributes seen", attributes)
	}
}
