package provider

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestCredentials_precedence(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if err := os.Mkdir(filepath.Join(home, ".tccli"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(home, ".tccli", "default.credential"), `{"secretId":"home-id","secretKey":"home-key"}`)
	write(filepath.Join(home, ".tccli", "named.credential"), `{"secretId":"named-id","secretKey":"named-key","token":"named-token"}`)
	write(filepath.Join(dir, "default.credential"), `{"secretId":"dir-id","secretKey":"dir-key"}`)
	write(filepath.Join(dir, "half.credential"), `{"secretId":"dir-id"}`)
	write(filepath.Join(dir, "broken.credential"), `secret stuff`)

	static := model{SecretID: types.StringValue("config-id"), SecretKey: types.StringValue("config-key")}
	env := map[string]string{envSecretID: "env-id", envSecretKey: "env-key", envSecurityToken: "env-token"}
	tests := map[string]struct {
		model model
		env   map[string]string
		want  [3]string
		err   error
		fails bool
	}{
		"configuration beats environment": {model: static, env: env, want: [3]string{"config-id", "config-key", ""}},
		"environment beats files":         {env: env, want: [3]string{"env-id", "env-key", "env-token"}},
		"files come last":                 {want: [3]string{"home-id", "home-key", ""}},
		"a profile of the configuration beats the environment": {
			model: model{Profile: types.StringValue("named")}, env: env, want: [3]string{"named-id", "named-key", "named-token"}},
		"a profile of the environment": {env: map[string]string{envProfile: "named"}, want: [3]string{"named-id", "named-key", "named-token"}},
		"a folder of the configuration": {
			model: model{SharedCredentialsDir: types.StringValue(dir)}, want: [3]string{"dir-id", "dir-key", ""}},
		"a folder of the environment": {env: map[string]string{envSharedDir: dir}, want: [3]string{"dir-id", "dir-key", ""}},
		"half a pair in the environment": {
			env: map[string]string{envSecretID: "env-id"}, err: errHalfPair, fails: true},
		"the other half in the environment": {
			env: map[string]string{envSecretKey: "env-key"}, err: errHalfPair, fails: true},
		"half a pair in a file": {
			model: model{Profile: types.StringValue("half"), SharedCredentialsDir: types.StringValue(dir)}, err: errHalfPair, fails: true},
		"a broken file": {
			model: model{Profile: types.StringValue("broken"), SharedCredentialsDir: types.StringValue(dir)}, fails: true},
		"a profile that is not there": {model: model{Profile: types.StringValue("missing")}, env: env, fails: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := &msProvider{environment: func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }}
			credential, err := p.credentials(tt.model)(t.Context())
			if tt.fails {
				if err == nil || tt.err != nil && !errors.Is(err, tt.err) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			id, key, token := credential.GetCredential()
			if got := [3]string{id, key, token}; got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("USERPROFILE", os.Getenv("HOME"))
	p := &msProvider{environment: func(string) (string, bool) { return "", false }}
	if _, err := p.credentials(model{})(t.Context()); !errors.Is(err, errNoCredentials) {
		t.Errorf("got %v", err)
	}
}
