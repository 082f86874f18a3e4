package auth

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// chainOf looks in settings, the environment env and the user's home.
func chainOf(settings Settings, env map[string]string, home string) Chain {
	return Chain{
		Settings:    settings,
		Environment: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Home:        func() (string, error) { return home, nil },
	}
}

// homeWith is a home with files.
func homeWith(t *testing.T, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for name, content := range files {
		write(t, home, name, content)
	}
	return home
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// found is where credentials come from: the secret id, or whose keys they are.
func found(t *testing.T, credential common.CredentialIface) string {
	t.Helper()
	if refreshing, ok := credential.(*RefreshingCredential); ok {
		key, err := refreshing.Retrieve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if id, secret, token := key.GetCredential(); id == "" || secret == "" || token == "" {
			t.Errorf("an incomplete key of %s", refreshing.Account())
		}
		return refreshing.Account()
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

	static := Settings{SecretID: "config-id", SecretKey: "config-key"}
	known := Settings{SecretID: "AKIDknown", SecretKey: "known-key"}
	web := &WebIdentity{ProviderID: "ci", Session: Session{RoleARN: scanner}, TokenFile: tokenFile}
	assumed := func(m Settings, a AssumeRole) Settings { m.AssumeRole = &a; return m }
	keys := map[string]string{EnvSecretID: "env-id", EnvSecretKey: "env-key", EnvSecurityToken: "env-token"}
	knownKeys := map[string]string{EnvSecretID: "AKIDknown", EnvSecretKey: "known-key"}
	webVars := map[string]string{EnvProviderID: "ci", EnvWebTokenFile: tokenFile, EnvRoleARN: scanner}
	role := map[string]string{EnvRoleARN: scanner, EnvExternalID: "ticket-42"}
	machine := map[string]string{EnvCAMRoleName: "scanner"}

	tests := map[string]struct {
		settings Settings
		env      map[string]string
		want     string
		err      error
		says     string
	}{
		// configuration
		"a key of the configuration beats everything":                 {settings: static, env: with(keys, machine), want: "config-id config-key"},
		"a profile of the configuration beats the environment":        {settings: Settings{Profile: "named"}, env: keys, want: "named-id named-key named-token"},
		"a machine's role of the configuration beats the environment": {settings: Settings{CAMRoleName: "scanner"}, env: keys, want: "this machine's role scanner"},
		"a web identity of the configuration beats the environment":   {settings: Settings{WebIdentity: web}, env: keys, want: "the role " + scanner},
		"a key of the configuration leaves the environment's web identity out": {
			settings: static, env: webVars, want: "config-id config-key"},
		// environment
		"the environment beats files":                   {env: with(keys, machine), want: "env-id env-key env-token"},
		"a web identity comes first in the environment": {env: with(keys, webVars), want: "the role " + scanner},
		"parts of a web identity come from the environment": {
			settings: Settings{WebIdentity: &WebIdentity{ProviderID: "ci"}}, env: map[string]string{EnvWebTokenFile: tokenFile, EnvRoleARN: scanner}, want: "the role " + scanner},
		// files
		"files beat the machine's role": {env: machine, want: "home-id home-key"},
		"a profile of the environment":  {env: map[string]string{EnvProfile: "named"}, want: "named-id named-key named-token"},
		"a folder of the configuration": {settings: Settings{SharedCredentialsDir: dir}, want: "dir-id dir-key"},
		"a folder with a tilde":         {settings: Settings{SharedCredentialsDir: "~/dir"}, want: "dir-id dir-key"},
		"a folder of the environment":   {env: map[string]string{EnvSharedDir: dir}, want: "dir-id dir-key"},
		"a folder alone does not beat the environment's key": {
			settings: Settings{SharedCredentialsDir: dir}, env: keys, want: "env-id env-key env-token"},
		// a role around what was found
		"a role around a key of the configuration": {
			settings: assumed(known, AssumeRole{Session: Session{RoleARN: scanner}, ExternalID: "ticket-42"}), want: "the role " + scanner},
		"a role around a key of the environment": {
			settings: assumed(Settings{}, AssumeRole{Session: Session{RoleARN: scanner}, ExternalID: "ticket-42"}), env: knownKeys, want: "the role " + scanner},
		"a role of the environment": {settings: known, env: role, want: "the role " + scanner},
		"the configuration beats it part by part": {
			settings: assumed(Settings{CAMRoleName: "scanner"}, AssumeRole{Session: Session{RoleARN: gatekeeper}}), env: role, want: "the role " + gatekeeper},
		"a role around a machine's role": {
			settings: assumed(Settings{CAMRoleName: "scanner"}, AssumeRole{Session: Session{RoleARN: gatekeeper}}), want: "the role " + gatekeeper},
		"a role around a web identity": {
			settings: assumed(Settings{}, AssumeRole{Session: Session{RoleARN: gatekeeper}}), env: webVars, want: "the role " + gatekeeper},
		// halves and mistakes
		"half a pair in the environment":                 {env: map[string]string{EnvSecretID: "env-id"}, err: ErrHalfPair},
		"the other half in the environment":              {env: map[string]string{EnvSecretKey: "env-key"}, err: ErrHalfPair},
		"half a pair in a file":                          {settings: Settings{Profile: "half", SharedCredentialsDir: dir}, err: ErrHalfPair},
		"half a web identity: a provider":                {env: map[string]string{EnvProviderID: "ci"}, err: ErrIncomplete},
		"half a web identity: a file":                    {env: with(keys, map[string]string{EnvWebTokenFile: tokenFile}), err: ErrIncomplete},
		"a web identity without a role":                  {env: map[string]string{EnvWebTokenFile: tokenFile, EnvProviderID: "ci"}, err: ErrIncomplete},
		"a role without its ARN":                         {settings: assumed(static, AssumeRole{Session: Session{Name: "release"}}), err: ErrIncomplete},
		"a role whose ARN is the web identity's":         {settings: assumed(Settings{}, AssumeRole{}), env: webVars, err: ErrIncomplete},
		"a token alone in the environment":               {env: map[string]string{EnvSecurityToken: "env-token"}, err: ErrLoneToken, says: "in the environment"},
		"a token alone in a file":                        {settings: Settings{Profile: "token", SharedCredentialsDir: dir}, err: ErrLoneToken, says: `tccli profile "token"`},
		"a line break behind an id":                      {env: map[string]string{EnvSecretID: "env-id\n", EnvSecretKey: "env-key"}, err: ErrBadKey, says: "the secret_id in the environment"},
		"a blank in a key":                               {env: map[string]string{EnvSecretID: "env-id", EnvSecretKey: "env-key x"}, err: ErrBadKey, says: "the secret_key in the environment"},
		"a control character in a token of a file":       {settings: Settings{Profile: "control", SharedCredentialsDir: dir}, err: ErrBadKey, says: `the security_token in the tccli profile "control"`},
		"a file that is too large":                       {settings: Settings{Profile: "large", SharedCredentialsDir: dir}, says: "is larger than 65536 bytes"},
		"a folder in place of a file":                    {settings: Settings{Profile: "folder", SharedCredentialsDir: dir}, says: "is not a regular file"},
		"a broken file":                                  {settings: Settings{Profile: "broken", SharedCredentialsDir: dir}, says: "is not valid JSON"},
		"a profile that is not there":                    {settings: Settings{Profile: "missing"}, env: keys, says: `the tccli profile "missing"`},
		"a profile of the environment that is not there": {env: with(machine, map[string]string{EnvProfile: "missing"}), says: `the tccli profile "missing"`},
		"an ARN of the environment":                      {env: with(keys, map[string]string{EnvRoleARN: "scanner"}), says: "role_arn must be the ARN of a role"},
		"a session name of the environment":              {env: with(keys, role, map[string]string{EnvSessionName: "a b"}), says: "session_name must be"},
		"a duration of the environment":                  {env: with(keys, role, map[string]string{EnvSessionDuration: "1h"}), says: EnvSessionDuration + " must be a number of seconds from 0 to 43200"},
		"an external id of the environment":              {env: with(keys, role, map[string]string{EnvExternalID: "?"}), says: EnvExternalID + " must be"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credential, err := chainOf(tt.settings, tt.env, home).Credentials(c.config)(t.Context())
			if tt.err != nil || tt.says != "" {
				if err == nil || tt.err != nil && !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v", err)
				}
				var known *Error
				if !errors.As(err, &known) || strings.Contains(known.Advice(), "Set secret_id") {
					t.Errorf("the advice is not about the source: %v", err)
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
		return chainOf(Settings{}, map[string]string{EnvCAMRoleName: role}, t.TempDir()).Credentials(c.config)(t.Context())
	}
	var known *Error
	if _, err := find(""); !errors.Is(err, ErrNoCredentials) || !errors.As(err, &known) || !strings.Contains(known.Advice(), "Set secret_id and secret_key") {
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
	chain := chainOf(Settings{}, map[string]string{EnvCAMRoleName: "scanner"}, home)
	if _, err := chain.Credentials(startCloud(t).config)(t.Context()); !errors.Is(err, ErrHalfPair) {
		t.Errorf("got %v", err)
	}
}
