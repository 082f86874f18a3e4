package provider_test

import (
	"fmt"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func TestAccRoles_badConfigurationIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	web := `assume_role_with_web_identity { provider_id = "p" }`
	tests := map[string]struct {
		lines []string
		says  string
	}{
		"no ARN":                        {[]string{`assume_role { role_arn = "scanner" }`}, "must be the ARN of a role"},
		"web identity without an ARN":   {[]string{`assume_role_with_web_identity { role_arn = "scanner" }`}, "must be the ARN of a role"},
		"session name":                  {[]string{assumeRole(`session_name = "a b"`)}, "must be 2 to 128 letters"},
		"session too long":              {[]string{assumeRole(`session_duration = 43201`)}, "between 0 and 43200"},
		"session below zero":            {[]string{assumeRole(`session_duration = -1`)}, "between 0 and 43200"},
		"policy":                        {[]string{assumeRole(`policy = "allow"`)}, "must be a JSON object"},
		"external id":                   {[]string{assumeRole(`external_id = "?"`)}, "must be 2 to 128 letters"},
		"both ways":                     {[]string{assumeRole(), web}, "cannot be specified when"},
		"web identity beside a key":     {[]string{`secret_id = "a"`, `secret_key = "b"`, web}, "cannot be specified when"},
		"machine's role beside a key":   {[]string{`secret_id = "a"`, `secret_key = "b"`, `cam_role_name = "r"`}, "cannot be specified when"},
		"machine's role and a profile":  {[]string{`profile = "p"`, `cam_role_name = "r"`}, "cannot be specified when"},
		"machine's role with a path":    {[]string{`cam_role_name = "../r"`}, "must be the name of a role"},
		"empty block":                   {[]string{`assume_role {}`}, `"assume_role.role_arn" must be specified`},
		"block without an ARN":          {[]string{"assume_role {\n session_name = \"release\"\n }"}, `"assume_role.role_arn" must be specified`},
		"block with a null ARN":         {[]string{`assume_role { role_arn = null }`}, `"assume_role.role_arn" must be specified`},
		"empty web identity":            {[]string{`assume_role_with_web_identity {}`}, `"assume_role_with_web_identity.role_arn" must be specified`},
		"misspelt name":                 {[]string{assumeRole(`polcy = jsonencode({})`)}, `An argument named "polcy" is not expected here`},
		"misspelt ARN":                  {[]string{`assume_role { role_arm = "x" }`}, `An argument named "role_arm" is not expected here`},
		"misspelt web identity":         {[]string{`assume_role_with_web_identity { web_identity_file = "x" }`}, `An argument named "web_identity_file" is not expected here`},
		"attribute in place of a block": {[]string{`assume_role = { role_arn = "x" }`}, "Did you mean to define a block"},
		"two blocks":                    {[]string{assumeRole(), assumeRole()}, "Duplicate"},
		"no account":                    {[]string{`allowed_account_ids = []`}, "must not be empty"},
		"account that is no number":     {[]string{`allowed_account_ids = ["me"]`}, "must be the number of an account"},
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

// TestAccRoles_unknownPartNamesTheAttribute has a value that decides who calls unknown in each place: a role
// would be silently not assumed otherwise.
func TestAccRoles_unknownPartNamesTheAttribute(t *testing.T) {
	t.Parallel()
	const unknown = "terraform_data.unknown.output"
	known := fmt.Sprintf("role_arn = %q", scannerRole)
	dynamic := func(block, content string) string {
		return fmt.Sprintf("dynamic %q {\n for_each = %s == \"1\" ? [1] : []\n content {\n %s\n }\n }", block, unknown, content)
	}
	nested := func(block, content string) string { return block + " {\n " + content + "\n }" }
	pair := func(id, key, token string) string {
		return fmt.Sprintf("secret_id = %s\n secret_key = %s\n security_token = %s", id, key, token)
	}
	for name, tt := range map[string]struct{ attribute, lines string }{
		"role_arn":                       {"assume_role", nested("assume_role", "role_arn = "+unknown)},
		"external_id":                    {"assume_role", nested("assume_role", known+"\n external_id = "+unknown)},
		"policy":                         {"assume_role", nested("assume_role", known+"\n policy = "+unknown)},
		"session_name":                   {"assume_role", nested("assume_role", known+"\n session_name = "+unknown)},
		"session_duration":               {"assume_role", nested("assume_role", known+"\n session_duration = tonumber("+unknown+")")},
		"a block that may be there":      {"assume_role", dynamic("assume_role", known)},
		"provider_id":                    {"assume_role_with_web_identity", nested("assume_role_with_web_identity", known+"\n provider_id = "+unknown)},
		"web_identity_token_file":        {"assume_role_with_web_identity", nested("assume_role_with_web_identity", known+"\n web_identity_token_file = "+unknown)},
		"a web identity that may be":     {"assume_role_with_web_identity", dynamic("assume_role_with_web_identity", known+"\n provider_id = \"p\"\n web_identity_token_file = \"f\"")},
		"allowed_account_ids":            {"allowed_account_ids", "allowed_account_ids = [" + unknown + "]"},
		"cam_role_name":                  {"cam_role_name", "cam_role_name = " + unknown},
		"profile":                        {"profile", "profile = " + unknown},
		"shared_credentials_dir":         {"shared_credentials_dir", "shared_credentials_dir = " + unknown},
		"secret_id":                      {"secret_id", pair(unknown, `"k"`, `"t"`)},
		"secret_key":                     {"secret_key", pair(`"i"`, unknown, `"t"`)},
		"security_token":                 {"security_token", pair(`"i"`, `"k"`, unknown)},
		"endpoint_url, who gets a token": {"endpoint_url", "endpoint_url = " + unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Write(block(tt.lines) + "resource \"terraform_data\" \"unknown\" {\n  input = \"1\"\n}\n" + reading)
			w.Plan().Fails().Says("The value of " + tt.attribute + " is not known while planning")
		})
	}
}

func TestAccRoles_dynamicBlocks(t *testing.T) {
	t.Parallel()
	of := func(list string) string {
		return fmt.Sprintf("dynamic \"assume_role\" {\n for_each = %s\n content {\n role_arn = %q\n }\n }", list, scannerRole)
	}
	t.Run("one is the role", func(t *testing.T) {
		t.Parallel()
		cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
		w := acctest.New(t)
		w.Write(cloud.Provider(of("[1]")) + reading)
		w.Plan().Fails().Says("ItemIdNotFound")
		assumedTimes(t, cloud, 1)
	})
	t.Run("none is no role", func(t *testing.T) {
		t.Parallel()
		cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
		w := acctest.New(t)
		w.Write(cloud.Provider(of("[]")) + reading)
		w.Plan().Fails().Says("ItemIdNotFound")
		assumedTimes(t, cloud, 0)
	})
	t.Run("two are refused", func(t *testing.T) {
		t.Parallel()
		cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
		w := acctest.New(t)
		w.Write(cloud.Provider(of("[1, 2]")) + reading)
		w.Plan().Fails().Says("assume_role")
		if n := cloud.Calls(""); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

// assumedTimes fails the test unless the role was assumed n times, and signed all other calls if it was.
func assumedTimes(t *testing.T, cloud *acctest.Cloud, n int) {
	t.Helper()
	for _, call := range cloud.Ledger().Of("DescribeScanResults") {
		if call.HasToken != (n > 0) {
			t.Errorf("token %v", call.HasToken)
		}
	}
	if got := cloud.Calls("AssumeRole"); got != n {
		t.Errorf("the role was assumed %d times", got)
	}
}

func TestAccRoles_incompleteWebIdentityIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Write(block(fmt.Sprintf("assume_role_with_web_identity {\n role_arn = %q\n }", scannerRole)) + "resource \"terraform_data\" \"nothing\" {}\n" + reading)
	w.Plan().Fails().Says("Unable to Configure Provider", "provider_id and web_identity_token_file", "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE")
}
