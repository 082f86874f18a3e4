package auth

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// oneRole is an emulator whose machine has the role scanner alone, and that knows a key, with a token and without.
func oneRole(t *testing.T) *cloud {
	t.Helper()
	server, err := emulator.New(
		emulator.WithRole(emulator.Role{ARN: scanner}),
		emulator.WithCredentials("AKIDknown", "known-key"),
		emulator.WithCredential(emulator.Credential{SecretID: "AKIDtemporary", SecretKey: "temporary-key", Token: "temporary-token", Expires: time.Now().Add(time.Hour)}),
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

// TestProfile_whoCalls is the table of the fields that decide who calls, as the official CLI follows them:
// the same caller, or an error that names the field. The key of the profile alone never calls in place of a
// role.
func TestProfile_whoCalls(t *testing.T) {
	t.Parallel()
	const (
		key       = `"secretId":"AKIDknown","secretKey":"known-key"`
		temporary = `"secretId":"AKIDtemporary","secretKey":"temporary-key","token":"temporary-token"`
		arn       = `"role-arn":"` + scanner + `"`
		name      = `"role-session-name":"ci"`
		keyCalls  = "AKIDknown known-key"
		tokenCall = "AKIDtemporary temporary-key temporary-token"
	)
	role, machine := "the role "+scanner, "this machine's role"
	future, past := time.Now().Add(time.Hour).Unix(), time.Now().Add(-time.Hour).Unix()
	tests := map[string]struct {
		credential, configure string
		want                  string // who calls
		says                  string // or the error
		err                   error
	}{
		// keys
		"a key":                           {credential: key, want: keyCalls},
		"a temporary key":                 {credential: temporary, want: tokenCall},
		"a token that is null":            {credential: key + `,"token":null`, want: keyCalls},
		"the last of doubled fields":      {credential: `"secretId":"AKIDother",` + key, want: keyCalls},
		"a secretId that is no text":      {credential: `"secretId":5,"secretKey":"k"`, says: "secretId is not a text", err: ErrProfileField},
		"another spelling is another key": {credential: `"SecretId":"AKIDknown","secretKey":"known-key"`, says: "only one of", err: ErrHalfPair},
		"type default":                    {credential: key + `,"type":"default"`, want: keyCalls},
		"type that is empty":              {credential: key + `,"type":""`, want: keyCalls},
		"type that is null":               {credential: key + `,"type":null`, want: keyCalls},
		// signed in by the browser
		"type oauth":             {credential: temporary + fmt.Sprintf(`,"type":"oauth","expiresAt":%d,"oauth":{"openId":"o","roleName":"x"}`, future), want: tokenCall},
		"type sso":               {credential: temporary + fmt.Sprintf(`,"type":"sso","expiresAt":%d,"sso":{"roleConfigurationName":"x"}`, future), want: tokenCall},
		"type sso, expired":      {credential: temporary + fmt.Sprintf(`,"type":"sso","expiresAt":%d`, past), says: `the tccli profile "ci": the temporary credentials have expired`, err: ErrExpired},
		"an expiry of no type":   {credential: temporary + fmt.Sprintf(`,"expiresAt":%d`, past), want: tokenCall},
		"an unreadable expiry":   {credential: temporary + `,"type":"oauth","expiresAt":"soon"`, want: tokenCall},
		"an expiry in fractions": {credential: temporary + fmt.Sprintf(`,"type":"oauth","expiresAt":%d.5`, past), says: "expired", err: ErrExpired},
		// a role around the key
		"role-arn and its session":           {credential: key + "," + arn + "," + name, want: role},
		"a role around a temporary key":      {credential: temporary + "," + arn + "," + name, want: role},
		"a role around an sso":               {credential: temporary + `,"type":"sso",` + arn + "," + name, want: role},
		"role-arn alone":                     {credential: key + "," + arn, says: "role-arn is set without role-session-name", err: ErrProfileField},
		"role-session-name alone":            {credential: key + "," + name, says: "role-session-name is set without role-arn", err: ErrProfileField},
		"role-arn and an empty session":      {credential: key + "," + arn + `,"role-session-name":""`, says: "role-session-name", err: ErrProfileField},
		"an empty role-arn is none":          {credential: key + `,"role-arn":"","role-session-name":null`, want: keyCalls},
		"role-arn that is none":              {credential: key + `,"role-arn":"scanner",` + name, says: "role-arn must be the ARN of a role", err: ErrProfileField},
		"role-arn that is no text":           {credential: key + `,"role-arn":["` + scanner + `"],` + name, says: "role-arn is not a text", err: ErrProfileField},
		"role-session-name that is none":     {credential: key + "," + arn + `,"role-session-name":"a b"`, says: "role-session-name must be", err: ErrProfileField},
		"role-session-name that is a number": {credential: key + "," + arn + `,"role-session-name":7`, says: "role-session-name is not a text", err: ErrProfileField},
		"a role without a key":               {credential: arn + "," + name, says: "only one of", err: ErrHalfPair},
		// the machine's role
		"type cvm-role":                      {credential: `"type":"cvm-role"`, want: machine},
		"type cvm-role beside a key":         {credential: key + `,"type":"cvm-role"`, want: machine},
		"type cvm-role beside half a key":    {credential: `"secretId":"AKIDknown","type":"cvm-role"`, want: machine},
		"type cvm-role beside role-arn":      {credential: key + `,"type":"cvm-role",` + arn + "," + name, says: "role-arn", err: ErrProfileField},
		"use-cvm-role":                       {credential: key + `,"use-cvm-role":true`, says: "use-cvm-role", err: ErrProfileField},
		"use-cvm-role as a text":             {credential: key + `,"use-cvm-role":"True"`, says: "use-cvm-role", err: ErrProfileField},
		"use-cvm-role beside type":           {credential: `"type":"cvm-role","use-cvm-role":true`, says: "use-cvm-role", err: ErrProfileField},
		"use-cvm-role that is off":           {credential: key + `,"use-cvm-role":false`, want: keyCalls},
		"use-cvm-role that is off as a text": {credential: key + `,"use-cvm-role":"false"`, want: keyCalls},
		"use-cvm-role that is null":          {credential: key + `,"use-cvm-role":null`, want: keyCalls},
		"a type that nobody knows":           {credential: key + `,"type":"vault-secret"`, says: "type is none of", err: ErrProfileField},
		"a type in another case":             {credential: key + `,"type":"CVM-Role"`, says: "type is none of", err: ErrProfileField},
		"a type that is no text":             {credential: key + `,"type":true`, says: "type is not a text", err: ErrProfileField},
		// what names a role and is not read by the CLI
		"another spelling of role-arn":   {credential: key + `,"roleArn":"` + scanner + `"`, says: `"roleArn"`, err: ErrProfileField},
		"a third spelling of it":         {credential: key + `,"Role_ARN":"` + scanner + `"`, says: `"Role_ARN"`, err: ErrProfileField},
		"the name of a role":             {credential: key + `,"cvm-role-name":"scanner"`, says: `"cvm-role-name"`, err: ErrProfileField},
		"role-arn in the .configure":     {credential: key, configure: `{"_sys_param":{"region":"ap-guangzhou"},` + arn + `}`, says: `"role-arn" in its .configure`, err: ErrProfileField},
		"role-arn among its parameters":  {credential: key, configure: `{"_sys_param":{` + arn + `}}`, says: `"role-arn" in its .configure`, err: ErrProfileField},
		"use-cvm-role in the .configure": {credential: key, configure: `{"use-cvm-role":true}`, says: `"use-cvm-role" in its .configure`, err: ErrProfileField},
		"a .configure that is broken":    {credential: key, configure: `{`, says: "(.configure) is not valid JSON"},
		"a .configure as the CLI writes it": {credential: key, want: keyCalls,
			configure: `{"_sys_param":{"region":"ap-guangzhou","output":"json","arrayCount":10,"warning":"off","language":"zh-CN"},"sts":{"endpoint":"sts.tencentcloudapi.com","version":"2018-08-13"},"roleservice":   {"endpoint":"e","version":"v"}}`},
		"no object": {credential: `]`, says: "is not valid JSON"},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			c := oneRole(t)
			files := map[string]string{".tccli/ci.credential": "{" + tt.credential + "}"}
			if tt.configure != "" {
				files[".tccli/ci.configure"] = tt.configure
			}
			credential, err := chainOf(Settings{Profile: "ci"}, nil, homeWith(t, files)).Credentials(c.config)(t.Context())
			if file, ok := credential.(*fileCredential); ok && err == nil {
				_, err = file.Retrieve(t.Context())
			}
			if tt.want != "" {
				if err != nil {
					t.Fatal(err)
				}
				if got := found(t, credential); got != tt.want {
					t.Errorf("%q calls, want %q", got, tt.want)
				}
				return
			}
			if err == nil || tt.err != nil && !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), `"ci"`) {
				t.Fatalf("got %v", err)
			}
			var known *Error
			if !errors.As(err, &known) || known.Advice() == "" || strings.Contains(known.Advice(), "secret_id") {
				t.Errorf("the advice is not about the profile: %v", err)
			}
			for _, secret := range []string{"known-key", "temporary-key", "temporary-token", "vault-secret"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%s is in %q", secret, err)
				}
			}
			if len(c.Ledger().Calls) != 0 {
				t.Errorf("%d calls", len(c.Ledger().Calls))
			}
		})
	}
}

// TestProfile_ofTheDefaultIsFollowedAsWell has nobody name the profile.
func TestProfile_ofTheDefaultIsFollowedAsWell(t *testing.T) {
	t.Parallel()
	for credential, says := range map[string]string{
		`{"secretId":"AKIDknown","secretKey":"known-key","role-arn":"` + scanner + `"}`: "role-arn",
		`{"secretId":"AKIDknown","secretKey":"known-key","use-cvm-role":true}`:          "use-cvm-role",
	} {
		home := homeWith(t, map[string]string{".tccli/default.credential": credential})
		_, err := chainOf(Settings{}, map[string]string{EnvCAMRoleName: "scanner"}, home).Credentials(oneRole(t).config)(t.Context())
		if !errors.Is(err, ErrProfileField) || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v", err)
		}
	}
}

// TestProfile_sendsTheRoleAsTheFileSays has the session named as in the profile, around a key that is read
// again.
func TestProfile_sendsTheRoleAsTheFileSays(t *testing.T) {
	t.Parallel()
	c := oneRole(t)
	home := homeWith(t, map[string]string{".tccli/default.credential": `{"secretId":"AKIDtemporary","secretKey":"temporary-key","token":"temporary-token","role-arn":"` + scanner + `","role-session-name":"release-7"}`})
	credential, err := chainOf(Settings{}, nil, home).Credentials(c.config)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found(t, credential)
	call := c.Ledger().Of("AssumeRole")[0]
	if call.Parameters["RoleArn"] != scanner || call.Parameters["RoleSessionName"] != "release-7" || call.SecretID != "AKIDtemporary" || !call.HasToken {
		t.Errorf("sent %v by %s", call.Parameters, call.SecretID)
	}
}

// TestProfile_anotherRoleMidRunIsNotTaken keeps the caller of a run.
func TestProfile_anotherRoleMidRunIsNotTaken(t *testing.T) {
	t.Parallel()
	home := homeWith(t, map[string]string{"ci.credential": `{"secretId":"id-1","secretKey":"k","token":"t"}`})
	file := profileFile{name: "ci", base: filepath.Join(home, "ci")}
	first, err := file.read()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	credential := newFileCredential(file, first, func() time.Time { return now })
	for _, content := range []string{
		`{"secretId":"id-2","secretKey":"k","token":"t","role-arn":"` + scanner + `","role-session-name":"ci"}`,
		`{"type":"cvm-role"}`,
		`{"secretId":"id-2","secretKey":"k","token":"t","use-cvm-role":true}`,
	} {
		write(t, home, "ci.credential", content)
		now = now.Add(profileReadAgain)
		if got, err := credential.Retrieve(t.Context()); err != nil || got.GetSecretId() != "id-1" {
			t.Errorf("%s: %v, %v", content, got, err)
		}
	}
}

// TestProfile_expiredCredentialsAreReadAgainAtOnce picks up those that tccli has put there meanwhile.
func TestProfile_expiredCredentialsAreReadAgainAtOnce(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	content := func(id string, expires time.Time) string {
		return fmt.Sprintf(`{"type":"oauth","secretId":%q,"secretKey":"k","token":"t","expiresAt":%d}`, id, expires.Unix())
	}
	home := homeWith(t, map[string]string{"ci.credential": content("id-1", now.Add(30*time.Second))})
	file := profileFile{name: "ci", base: filepath.Join(home, "ci")}
	first, err := file.read()
	if err != nil {
		t.Fatal(err)
	}
	credential := newFileCredential(file, first, func() time.Time { return now })
	now = now.Add(30 * time.Second)
	if _, err := credential.Retrieve(t.Context()); !errors.Is(err, ErrExpired) {
		t.Errorf("expired ones are used: %v", err)
	}
	write(t, home, "ci.credential", content("id-2", now.Add(time.Hour)))
	if got, err := credential.Retrieve(t.Context()); err != nil || got.GetSecretId() != "id-2" {
		t.Errorf("got %v, %v", got, err)
	}
}
