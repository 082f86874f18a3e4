package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	scannerRole    = "qcs::cam::uin/100000000007:roleName/scanner"
	scannerAccount = "100000000007"
	keyAccount     = "100000000001"
)

// scanOf is a resource that submits a package and waits for it.
func scanOf(cloud *acctest.Cloud) string {
	return `
resource "ms_scan_instance" "app" {
  app_infos     = [` + cloud.App("clean.apk") + `]
  poll_interval = "200ms"
}
`
}

// withoutKey is a provider that is given no key.
func withoutKey(cloud *acctest.Cloud, lines ...string) string {
	return block(append([]string{fmt.Sprintf("endpoint_url = %q", cloud.URL())}, lines...)...)
}

func assumeRole(more ...string) string {
	return fmt.Sprintf("assume_role {\n    role_arn = %q\n    %s\n  }", scannerRole, strings.Join(more, "\n    "))
}

// signedByRole fails the test unless every call but those of sts and of the metadata service was
// signed by a temporary key and done.
func signedByRole(t *testing.T, cloud *acctest.Cloud) {
	t.Helper()
	seen := 0
	for _, call := range cloud.Ledger().Calls {
		if call.Service == "ms" {
			seen++
			if !call.HasToken || call.SecretID == cloud.SecretID() || call.Code != "" {
				t.Errorf("%s by %s, token %v: %q", call.Action, call.SecretID, call.HasToken, call.Code)
			}
		}
	}
	if seen == 0 {
		t.Error("no call seen")
	}
}

func TestAccRoles_scanThroughEachOfThem(t *testing.T) {
	t.Parallel()
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte("web-token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	role := emulator.Role{ARN: scannerRole, ExternalID: "ticket-42", ProviderID: "ci", WebTokens: []string{"web-token"}}
	web := []string{"TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID=ci", "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE=" + tokenFile, "TENCENTCLOUD_ASSUME_ROLE_ARN=" + scannerRole}
	tests := map[string]struct {
		action string
		config func(*acctest.Cloud) string
		env    []string
	}{
		"assume_role": {"AssumeRole", func(c *acctest.Cloud) string {
			return c.Provider(assumeRole(`external_id = "ticket-42"`, `session_duration = 900`, `policy = jsonencode({ version = "2.0", statement = [] })`))
		}, nil},
		"assume_role of the environment": {"AssumeRole", func(c *acctest.Cloud) string { return c.Provider() },
			[]string{"TENCENTCLOUD_ASSUME_ROLE_ARN=" + scannerRole, "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID=ticket-42", "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME=ci", "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION=900"}},
		"web identity": {"AssumeRoleWithWebIdentity", func(c *acctest.Cloud) string {
			return withoutKey(c, fmt.Sprintf("assume_role_with_web_identity {\n provider_id = \"ci\"\n role_arn = %q\n web_identity_token_file = %q\n}", scannerRole, tokenFile))
		}, nil},
		"web identity of the environment": {"AssumeRoleWithWebIdentity", func(c *acctest.Cloud) string { return withoutKey(c) }, web},
		"machine":                         {emulator.MetadataAction, func(c *acctest.Cloud) string { return withoutKey(c, `cam_role_name = "scanner"`) }, nil},
		"machine of the environment":      {emulator.MetadataAction, func(c *acctest.Cloud) string { return withoutKey(c) }, []string{"TENCENTCLOUD_CAM_ROLE_NAME=scanner"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithRole(role))
			w := acctest.NewWithBinary(t, tt.env...)
			w.Write(tt.config(cloud) + scanOf(cloud))
			w.Apply().Succeeds()
			signedByRole(t, cloud)
			if calls := cloud.Ledger().Of(tt.action); len(calls) != 1 || calls[0].Code != "" {
				t.Errorf("%s was called %d times", tt.action, len(calls))
			}
			w.Plan().NoChanges()
		})
	}
}

func TestAccRoles_areNamedWhereAnAccountMatters(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
	w := acctest.New(t)
	w.Write(cloud.Provider(assumeRole()) + scanOf(cloud))
	w.Apply().Succeeds()
	cloud.Forget(fmt.Sprint(w.State("ms_scan_instance.app")["item_id"]))
	w.Plan().Succeeds().Says("Unable to Find Scan", "now: the role "+scannerRole)
}

// TestAccRoles_keysAreRenewedInALongWait waits for longer than a key of the role lives, while the token
// that vouches for it is replaced.
func TestAccRoles_keysAreRenewedInALongWait(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanDuration(6*time.Second),
		emulator.WithRole(emulator.Role{ARN: scannerRole, WebTokens: []string{"first", "second"}, Life: 4 * time.Second}))
	tokenFile := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		if err := os.WriteFile(tokenFile, []byte(token), 0o600); err != nil {
			t.Error(err)
		}
	}
	write("first")
	cloud.OnAnswer("AssumeRoleWithWebIdentity", func(_, response map[string]any) map[string]any {
		write("second")
		return response
	})
	w := acctest.New(t)
	w.Write(withoutKey(cloud, fmt.Sprintf("assume_role_with_web_identity {\n provider_id = \"ci\"\n role_arn = %q\n web_identity_token_file = %q\n}", scannerRole, tokenFile)) + scanOf(cloud))
	w.Apply().Succeeds().DoesNotSay("Unable to Finish Waiting")
	if got := w.State("ms_scan_instance.app")["status"]; got != "completed" {
		t.Errorf("status %v", got)
	}
	signedByRole(t, cloud)
	calls := cloud.Ledger().Of("AssumeRoleWithWebIdentity")
	if len(calls) < 2 || cloud.Submissions() != 1 || cloud.Rejections() != 0 {
		t.Fatalf("%d keys, %d submissions, %d rejections", len(calls), cloud.Submissions(), cloud.Rejections())
	}
	for i, call := range calls {
		if want := []string{"first", "second"}[min(i, 1)]; call.Parameters["WebIdentityToken"] != want {
			t.Errorf("key %d by the token %v, want %s", i, call.Parameters["WebIdentityToken"], want)
		}
	}
}

// TestAccRoles_keyThatCannotBeRenewedEndsTheWait loses neither the id nor pays twice.
func TestAccRoles_keyThatCannotBeRenewedEndsTheWait(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, emulator.WithScanDuration(time.Hour), emulator.WithRole(emulator.Role{ARN: scannerRole, Life: 2 * time.Second}))
	lift := cloud.Fault(emulator.Fault{Action: "AssumeRole", Kind: emulator.FaultError, Code: "UnauthorizedOperation", Message: "the role is gone", Skip: 1})
	w := acctest.New(t)
	w.Write(cloud.Provider(assumeRole()) + scanOf(cloud))
	w.Apply().Succeeds().Says("Warning", "No usable credentials were found", "cannot be assumed", "UnauthorizedOperation: the role is gone",
		"RequestId: ", "apply again to resume waiting")
	state := w.State("ms_scan_instance.app")
	if state["status"] != "processing" || state["item_id"] == nil || cloud.Submissions() != 1 {
		t.Errorf("%v, %d submissions", state, cloud.Submissions())
	}
	for _, call := range cloud.Ledger().Of("DescribeScanResults") {
		if call.Code != "" {
			t.Errorf("a call with an ended key: %s", call.Code)
		}
	}
	lift()
	cloud.Advance(2 * time.Hour)
	w.Apply().Succeeds()
	if got := w.State("ms_scan_instance.app")["status"]; got != "completed" || cloud.Submissions() != 1 {
		t.Errorf("status %v, %d submissions", got, cloud.Submissions())
	}
}

func TestAccRoles_refusedOnesArePlainErrors(t *testing.T) {
	t.Parallel()
	role := emulator.Role{ARN: scannerRole, ExternalID: "ticket-42", WebTokens: []string{"good"}}
	ended := emulator.Credential{SecretID: "AKIDended", SecretKey: "ended-key", Token: "ended-token", Expires: time.Now().Add(-time.Minute)}
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte("forged-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		config func(*acctest.Cloud) string
		says   []string
	}{
		"no external id": {func(c *acctest.Cloud) string { return c.Provider(assumeRole()) },
			[]string{"the role scanner of the account " + scannerAccount + " cannot be assumed", "Action: AssumeRole", "UnauthorizedOperation", "Check the role"}},
		"token that is not good": {func(c *acctest.Cloud) string {
			return withoutKey(c, fmt.Sprintf("assume_role_with_web_identity {\n provider_id = \"ci\"\n role_arn = %q\n web_identity_token_file = %q\n}", scannerRole, tokenFile))
		}, []string{"InvalidParameter.WebIdentityTokenError", "Check the role"}},
		"token file that is not there": {func(c *acctest.Cloud) string {
			return withoutKey(c, fmt.Sprintf("assume_role_with_web_identity {\n provider_id = \"ci\"\n role_arn = %q\n web_identity_token_file = %q\n}", scannerRole, tokenFile+"x"))
		}, []string{"the web identity token", "no such file", "Set web_identity_token_file"}},
		"machine without the role": {func(c *acctest.Cloud) string { return withoutKey(c, `cam_role_name = "other"`) },
			[]string{"gives no credentials of the role other", "no such role is bound", "that the role is bound to it"}},
		"token that has ended": {func(c *acctest.Cloud) string {
			return withoutKey(c, `secret_id = "AKIDended"`, `secret_key = "ended-key"`, `security_token = "ended-token"`)
		}, []string{"does not allow this call", "AuthFailure.TokenFailure", "security_token"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithRole(role), emulator.WithCredential(ended))
			w := acctest.New(t)
			w.Write(tt.config(cloud) + scanOf(cloud))
			w.Apply().Fails().Says(tt.says...).DoesNotSay("forged-token", "ended-key", "ended-token", cloud.SecretKey())
			if cloud.Submissions() != 0 || w.State("ms_scan_instance.app") != nil {
				t.Error("something was submitted, or is in the state")
			}
		})
	}
}

func TestAccAllowedAccounts_areCheckedBeforeAnythingIsSubmitted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines []string
		found string // empty: allowed
	}{
		"the key's account":                    {[]string{`allowed_account_ids = ["1", "` + keyAccount + `"]`}, ""},
		"the role's account":                   {[]string{`allowed_account_ids = ["` + scannerAccount + `"]`, assumeRole()}, ""},
		"another account":                      {[]string{`allowed_account_ids = ["` + scannerAccount + `"]`}, keyAccount},
		"another account than the role's, too": {[]string{`allowed_account_ids = ["` + keyAccount + `"]`, assumeRole()}, scannerAccount},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
			w := acctest.New(t)
			w.Write(cloud.Provider(tt.lines...) + scanOf(cloud))
			if tt.found == "" {
				w.Apply().Succeeds()
				if n := cloud.Calls("GetCallerIdentity"); n != 1 {
					t.Errorf("asked %d times", n)
				}
				return
			}
			w.Apply().Fails().Says("the account is not allowed", tt.found, "Use credentials of an allowed account")
			if cloud.Calls("CreateScanInstances") != 0 || w.State("ms_scan_instance.app") != nil {
				t.Error("a submission was sent, or is in the state")
			}
		})
	}
}

// TestAccRoles_keysStayOutOfLogs runs everything that knows a key or token at the most talkative level.
func TestAccRoles_keysStayOutOfLogs(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte("canary-web-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	secrets := []string{"canary-web-token", cloud.SecretKey()}
	keep := func(key map[string]any) {
		mu.Lock()
		defer mu.Unlock()
		for _, name := range []string{"TmpSecretId", "TmpSecretKey", "Token"} {
			if secret, _ := key[name].(string); secret != "" {
				secrets = append(secrets, secret)
			}
		}
	}
	for _, action := range []string{"AssumeRole", "AssumeRoleWithWebIdentity"} {
		cloud.OnAnswer(action, func(_, response map[string]any) map[string]any {
			key, _ := response["Credentials"].(map[string]any)
			keep(key)
			return response
		})
	}
	cloud.OnAnswer(emulator.MetadataAction, func(_, response map[string]any) map[string]any { keep(response); return response })
	role := fmt.Sprintf("role_arn = %q", scannerRole)
	for _, lines := range [][]string{
		{"assume_role_with_web_identity {\n provider_id = \"ci\"\n " + role + fmt.Sprintf("\n web_identity_token_file = %q\n}", tokenFile)},
		{`cam_role_name = "scanner"`, assumeRole(), `allowed_account_ids = ["` + scannerAccount + `"]`},
	} {
		w := acctest.NewWithBinary(t, "TF_LOG=TRACE")
		w.Write(withoutKey(cloud, lines...) + reading)
		w.Plan().Fails().Says("ResourceNotFound.ItemIdNotFound").DoesNotSay(secrets...)
	}
	if len(secrets) != 2+3*3 {
		t.Errorf("%d secrets were seen", len(secrets))
	}
}
