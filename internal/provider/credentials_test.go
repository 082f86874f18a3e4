package provider

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Roles of the emulator; the first is bound to the machine, too.
const (
	scanner    = "qcs::cam::uin/100000000007:roleName/scanner"
	gatekeeper = "qcs::cam::uin/100000000008:roleName/gatekeeper"
)

type cloud struct {
	*emulator.Server
	config tencentcloud.Config
}

func startCloud(t *testing.T) *cloud {
	t.Helper()
	server, err := emulator.New(
		emulator.WithRole(emulator.Role{ARN: scanner, ExternalID: "ticket-42", ProviderID: "ci", WebTokens: []string{"web-token"}}),
		emulator.WithRole(emulator.Role{ARN: gatekeeper, Trusted: []string{"100000000007"}}),
		emulator.WithCredentials("AKIDknown", "known-key"),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	endpoint, err := tencentcloud.URLEndpoint(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	return &cloud{Server: server, config: tencentcloud.Config{
		Endpoint: endpoint, Region: server.Region(), Language: "en-US", RequestsPerSecond: 1000, RequestTimeout: 10 * time.Second, Agent: "terraform-provider-ms test",
	}}
}

// providerWith is a provider that sees the environment env and the user's home.
func providerWith(env map[string]string, home string) *msProvider {
	return &msProvider{
		environment: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		home:        func() (string, error) { return home, nil },
	}
}

// homeWith is a home with files.
func homeWith(t *testing.T, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for name, content := range files {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// found is where credentials come from: the secret id, or whose keys they are.
func found(t *testing.T, credential common.CredentialIface) string {
	t.Helper()
	if renewing, ok := credential.(*tencentcloud.Renewing); ok {
		key, err := renewing.Fresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if id, secret, token := key.GetCredential(); id == "" || secret == "" || token == "" {
			t.Errorf("an incomplete key of %s", renewing.Account())
		}
		return renewing.Account()
	}
	id, key, token := credential.GetCredential()
	return strings.TrimSuffix(strings.Join([]string{id, key, token}, " "), " ")
}

func with(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		for name, value := range m {
			all[name] = value
		}
	}
	return all
}

// TestCredentials_precedence is the table of the documentation: configuration, environment, files, the
// machine's role; a role to assume wraps what was found.
func TestCredentials_precedence(t *testing.T) {
	t.Parallel()
	home := homeWith(t, map[string]string{
		".tccli/default.credential": `{"secretId":"home-id","secretKey":"home-key"}`,
		".tccli/named.credential":   `{"secretId":"named-id","secretKey":"named-key","token":"named-token"}`,
		"dir/default.credential":    `{"secretId":"dir-id","secretKey":"dir-key"}`,
		"dir/half.credential":       `{"secretId":"dir-id"}`,
		"dir/broken.credential":     `secret stuff`,
		"dir/token.credential":      `{"token":"dir-token"}`,
		"dir/control.credential":    `{"secretId":"i","secretKey":"k","token":"t\u0000"}`,
		"dir/large.credential":      strings.Repeat(" ", maxProfile+1),
		"dir/folder.credential/x":   "",
		"web-token":                 "web-token\n",
	})
	dir, tokenFile := filepath.Join(home, "dir"), filepath.Join(home, "web-token")
	c := startCloud(t)

	str := types.StringValue
	static := model{SecretID: str("config-id"), SecretKey: str("config-key")}
	known := model{SecretID: str("AKIDknown"), SecretKey: str("known-key")}
	web := &webIdentityModel{ProviderID: str("ci"), RoleARN: str(scanner), WebIdentityTokenFile: str(tokenFile)}
	assumed := func(m model, a assumeRoleModel) model { m.AssumeRole = &a; return m }
	keys := map[string]string{envSecretID: "env-id", envSecretKey: "env-key", envSecurityToken: "env-token"}
	knownKeys := map[string]string{envSecretID: "AKIDknown", envSecretKey: "known-key"}
	webVars := map[string]string{envProviderID: "ci", envWebTokenFile: tokenFile, envRoleARN: scanner}
	role := map[string]string{envRoleARN: scanner, envExternalID: "ticket-42"}
	machine := map[string]string{envCAMRoleName: "scanner"}

	tests := map[string]struct {
		model model
		env   map[string]string
		want  string
		err   error
		says  string
	}{
		// configuration
		"a key of the configuration beats everything":                 {model: static, env: with(keys, machine), want: "config-id config-key"},
		"a profile of the configuration beats the environment":        {model: model{Profile: str("named")}, env: keys, want: "named-id named-key named-token"},
		"a machine's role of the configuration beats the environment": {model: model{CAMRoleName: str("scanner")}, env: keys, want: "this machine's role scanner"},
		"a web identity of the configuration beats the environment":   {model: model{AssumeRoleWithWebIdentity: web}, env: keys, want: "the role " + scanner},
		"a key of the configuration leaves the environment's web identity out": {
			model: static, env: webVars, want: "config-id config-key"},
		// environment
		"the environment beats files":                   {env: with(keys, machine), want: "env-id env-key env-token"},
		"a web identity comes first in the environment": {env: with(keys, webVars), want: "the role " + scanner},
		"parts of a web identity come from the environment": {
			model: model{AssumeRoleWithWebIdentity: &webIdentityModel{ProviderID: str("ci")}}, env: map[string]string{envWebTokenFile: tokenFile, envRoleARN: scanner}, want: "the role " + scanner},
		// files
		"files beat the machine's role": {env: machine, want: "home-id home-key"},
		"a profile of the environment":  {env: map[string]string{envProfile: "named"}, want: "named-id named-key named-token"},
		"a folder of the configuration": {model: model{SharedCredentialsDir: str(dir)}, want: "dir-id dir-key"},
		"a folder with a tilde":         {model: model{SharedCredentialsDir: str("~/dir")}, want: "dir-id dir-key"},
		"a folder of the environment":   {env: map[string]string{envSharedDir: dir}, want: "dir-id dir-key"},
		"a folder alone does not beat the environment's key": {
			model: model{SharedCredentialsDir: str(dir)}, env: keys, want: "env-id env-key env-token"},
		// a role around what was found
		"a role around a key of the configuration": {
			model: assumed(known, assumeRoleModel{RoleARN: str(scanner), ExternalID: str("ticket-42")}), want: "the role " + scanner},
		"a role around a key of the environment": {
			model: assumed(model{}, assumeRoleModel{RoleARN: str(scanner), ExternalID: str("ticket-42")}), env: knownKeys, want: "the role " + scanner},
		"a role of the environment": {model: known, env: role, want: "the role " + scanner},
		"the configuration beats it part by part": {
			model: assumed(model{CAMRoleName: str("scanner")}, assumeRoleModel{RoleARN: str(gatekeeper)}), env: role, want: "the role " + gatekeeper},
		"a role around a machine's role": {
			model: assumed(model{CAMRoleName: str("scanner")}, assumeRoleModel{RoleARN: str(gatekeeper)}), want: "the role " + gatekeeper},
		"a role around a web identity": {
			model: assumed(model{}, assumeRoleModel{RoleARN: str(gatekeeper)}), env: webVars, want: "the role " + gatekeeper},
		// halves and mistakes
		"half a pair in the environment":                 {env: map[string]string{envSecretID: "env-id"}, err: errHalfPair},
		"the other half in the environment":              {env: map[string]string{envSecretKey: "env-key"}, err: errHalfPair},
		"half a pair in a file":                          {model: model{Profile: str("half"), SharedCredentialsDir: str(dir)}, err: errHalfPair},
		"half a web identity: a provider":                {env: map[string]string{envProviderID: "ci"}, err: errHalfRole},
		"half a web identity: a file":                    {env: with(keys, map[string]string{envWebTokenFile: tokenFile}), err: errHalfRole},
		"a web identity without a role":                  {env: map[string]string{envWebTokenFile: tokenFile, envProviderID: "ci"}, err: errHalfRole},
		"a role without its ARN":                         {model: assumed(static, assumeRoleModel{SessionName: str("release")}), err: errHalfRole},
		"a role whose ARN is the web identity's":         {model: assumed(model{}, assumeRoleModel{}), env: webVars, err: errHalfRole},
		"a token alone in the environment":               {env: map[string]string{envSecurityToken: "env-token"}, err: errLoneToken, says: "in the environment"},
		"a token alone in a file":                        {model: model{Profile: str("token"), SharedCredentialsDir: str(dir)}, err: errLoneToken, says: `tccli profile "token"`},
		"a line break behind an id":                      {env: map[string]string{envSecretID: "env-id\n", envSecretKey: "env-key"}, err: errNoKey, says: "the secret_id in the environment"},
		"a blank in a key":                               {env: map[string]string{envSecretID: "env-id", envSecretKey: "env-key x"}, err: errNoKey, says: "the secret_key in the environment"},
		"a control character in a token of a file":       {model: model{Profile: str("control"), SharedCredentialsDir: str(dir)}, err: errNoKey, says: `the security_token in the tccli profile "control"`},
		"a file that is too large":                       {model: model{Profile: str("large"), SharedCredentialsDir: str(dir)}, says: "is larger than 65536 bytes"},
		"a folder in place of a file":                    {model: model{Profile: str("folder"), SharedCredentialsDir: str(dir)}, says: "is not a regular file"},
		"a broken file":                                  {model: model{Profile: str("broken"), SharedCredentialsDir: str(dir)}, says: "is not valid JSON"},
		"a profile that is not there":                    {model: model{Profile: str("missing")}, env: keys, says: `the tccli profile "missing"`},
		"a profile of the environment that is not there": {env: with(machine, map[string]string{envProfile: "missing"}), says: `the tccli profile "missing"`},
		"an ARN of the environment":                      {env: with(keys, map[string]string{envRoleARN: "scanner"}), says: "role_arn must be the ARN of a role"},
		"a session name of the environment":              {env: with(keys, role, map[string]string{envSessionName: "a b"}), says: "session_name must be"},
		"a duration of the environment":                  {env: with(keys, role, map[string]string{envSessionDuration: "1h"}), says: envSessionDuration + " must be a number of seconds from 0 to 43200"},
		"an external id of the environment":              {env: with(keys, role, map[string]string{envExternalID: "?"}), says: envExternalID + " must be"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credential, err := providerWith(tt.env, home).credentials(tt.model, c.config)(t.Context())
			if tt.err != nil || tt.says != "" {
				if err == nil || tt.err != nil && !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v", err)
				}
				if err != nil && (strings.Contains(err.Error(), "secret stuff") || strings.Contains(err.Error(), "env-key")) {
					t.Errorf("a secret is in %q", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := found(t, credential); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCredentials_withoutFilesTheMachinesRoleIsLast(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	find := func(role string) (common.CredentialIface, error) {
		return providerWith(map[string]string{envCAMRoleName: role}, t.TempDir()).credentials(model{}, c.config)(t.Context())
	}
	if _, err := find(""); !errors.Is(err, errNoCredentials) {
		t.Errorf("got %v", err)
	}
	credential, err := find("scanner")
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, credential); got != "this machine's role scanner" {
		t.Errorf("got %q", got)
	}
	if _, err := find("../other"); err == nil || !strings.Contains(err.Error(), "must be the name of a role") {
		t.Errorf("got %v", err)
	}
}

func TestCredentials_halfADefaultProfileIsNotPassedOver(t *testing.T) {
	t.Parallel()
	home := homeWith(t, map[string]string{".tccli/default.credential": `{"secretKey":"home-key"}`})
	p := providerWith(map[string]string{envCAMRoleName: "scanner"}, home)
	if _, err := p.credentials(model{}, startCloud(t).config)(t.Context()); !errors.Is(err, errHalfPair) {
		t.Errorf("got %v", err)
	}
}

func TestCredentials_sendWhatWasConfigured(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	str := types.StringValue
	const policy = `{"version":"2.0","statement":[]}`
	m := model{SecretID: str("AKIDknown"), SecretKey: str("known-key"), AssumeRole: &assumeRoleModel{
		RoleARN: str(scanner), SessionDuration: types.Int64Value(900), Policy: str(policy), ExternalID: str("ticket-42"),
	}}
	p := providerWith(map[string]string{envSessionName: "release-7", envSessionDuration: "1800", envExternalID: "other"}, t.TempDir())
	credential, err := p.credentials(m, c.config)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found(t, credential)
	sent := c.Ledger().Of("AssumeRole")[0].Parameters
	for name, want := range map[string]string{
		"RoleArn": scanner, "RoleSessionName": "release-7", "DurationSeconds": "900", "ExternalId": "ticket-42",
		"Policy": "%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%5D%7D",
	} {
		if got := strings.Trim(strings.TrimSpace(toText(sent[name])), `"`); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func toText(value any) string {
	if s, ok := value.(interface{ String() string }); ok {
		return s.String()
	}
	s, _ := value.(string)
	return s
}

func TestCredentials_webIdentityTokenFile(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	file := filepath.Join(t.TempDir(), "token")
	str := types.StringValue
	p := providerWith(nil, t.TempDir())
	credential, err := p.credentials(model{AssumeRoleWithWebIdentity: &webIdentityModel{
		ProviderID: str("ci"), RoleARN: str(scanner), WebIdentityTokenFile: str(file),
	}}, c.config)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	renewing, ok := credential.(*tencentcloud.Renewing)
	if !ok {
		t.Fatalf("%T", credential)
	}
	steps := []struct{ content, says string }{
		{"", "is empty"},
		{" \n", "is empty"},
		{strings.Repeat("x", maxWebToken+1), "is larger than"},
		{"forged-token", "the role scanner of the account 100000000007 cannot be assumed"},
	}
	if _, err := renewing.Fresh(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for _, step := range steps {
		if err := os.WriteFile(file, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := renewing.Fresh(t.Context()); err == nil || !strings.Contains(err.Error(), step.says) || strings.Contains(err.Error(), "forged") {
			t.Errorf("%.20q: %v", step.content, err)
		}
	}
	if err := os.WriteFile(file, []byte("\tweb-token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := found(t, credential); got != "the role "+scanner {
		t.Error(got)
	}
}

func TestCredentials_allowedAccounts(t *testing.T) {
	t.Parallel()
	accounts := func(ids ...string) types.Set {
		values := make([]attr.Value, 0, len(ids))
		for _, id := range ids {
			values = append(values, types.StringValue(id))
		}
		return types.SetValueMust(types.StringType, values)
	}
	str := types.StringValue
	key := model{SecretID: str("AKIDknown"), SecretKey: str("known-key")}
	role := key
	role.AssumeRole = &assumeRoleModel{RoleARN: str(scanner), ExternalID: str("ticket-42")}
	stranger := model{SecretID: str("AKIDstranger"), SecretKey: str("k")}
	tests := map[string]struct {
		model   model
		allowed types.Set
		account string
		err     error
		says    string
	}{
		"the key's account":                        {key, accounts("1", "100000000001"), "the account 100000000001", nil, ""},
		"another account":                          {key, accounts("3", "1"), "", tencentcloud.ErrAccount, `belong to the account "100000000001", but allowed_account_ids is 1, 3`},
		"the role's account":                       {role, accounts("100000000007"), "the role " + scanner, nil, ""},
		"not the account around which the role is": {role, accounts("100000000001"), "", tencentcloud.ErrAccount, `"100000000007"`},
		"a key that is not known":                  {stranger, accounts("1"), "", tencentcloud.ErrDenied, "allowed_account_ids cannot be checked"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t)
			p := providerWith(nil, t.TempDir())
			tt.model.AllowedAccountIDs = tt.allowed
			c.config.Credentials = p.credentials(tt.model, c.config)
			client := tencentcloud.New(c.config)
			_, err := client.DescribeScanResults(context.Background(), tencentcloud.DescribeScanResultsRequest{ItemID: "i"})
			if tt.err == nil {
				if !errors.Is(err, tencentcloud.ErrNotFound) || client.Account() != tt.account {
					t.Errorf("got %v of %s", err, client.Account())
				}
				return
			}
			var failure *tencentcloud.Error
			if !errors.As(err, &failure) || !errors.Is(err, tt.err) || !errors.Is(err, tencentcloud.ErrCredentials) || !strings.Contains(failure.Cause().Error(), tt.says) {
				t.Errorf("got %v", err)
			}
			if n := c.Calls("DescribeScanResults"); n != 0 {
				t.Errorf("%d calls all the same", n)
			}
		})
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form      form
		good, bad []string
	}{
		"role_arn": {roleARN,
			[]string{scanner, "qcs::cam::uin/1:role/4611686018427397919", "qcs::cam::uin/1:role/tencentcloudServiceRoleName/x"},
			[]string{"", "scanner", "arn:aws:iam::1:role/x", "qcs::cam::uin/:roleName/x", "qcs::cam::uin/1:roleName/", scanner + "\n"}},
		"session_name":  {sessionName, []string{"ab", "a_b+=,.@-"}, []string{"", "a", "a b", "a/b", strings.Repeat("a", 129)}},
		"external_id":   {externalID, []string{"ab", "a:b/c"}, []string{"", "a", "a b", "ä"}},
		"cam_role_name": {camRoleName, []string{"a", "scan-er_1"}, []string{"", "a/b", "a b", "a?b"}},
		"account":       {accountID, []string{"100000000001"}, []string{"", "1a", "-1", " 1"}},
	}
	for name, tt := range tests {
		for value := range slices.Values(tt.good) {
			if err := tt.form.check(name, value); err != nil {
				t.Errorf("%q: %v", value, err)
			}
		}
		for value := range slices.Values(tt.bad) {
			if err := tt.form.check(name, value); err == nil {
				t.Errorf("%s %q is taken", name, value)
			}
		}
	}
}
