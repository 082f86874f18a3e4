package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	firstAccount = "100000000001"
	scannerRole  = "qcs::cam::uin/100000000009:roleName/scanner"
)

func (c *client) sts() *client { return c.with(func(c *client) { c.service = "sts" }) }

// unsigned is a client that vouches by a web identity alone.
func (c *client) unsigned() *client {
	return c.sts().with(func(c *client) { c.authorization = "SKIP" })
}

// as is a client that signs with a key that was given out.
func (c *client) as(response map[string]any) *client {
	text := func(name string) string { s, _ := at(response, "Credentials", name).(string); return s }
	return c.with(func(c *client) {
		c.secretID, c.secretKey, c.token = text("TmpSecretId"), text("TmpSecretKey"), text("Token")
	})
}

func assume(pairs ...string) string {
	values := map[string]any{"RoleArn": scannerRole, "RoleSessionName": "release"}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return show(values)
}

func TestSTS_givesOutKeysThatSignCallsUntilTheyEnd(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := start(t, emulator.WithClock(func() time.Time { return now }))
	response := c.sts().call("AssumeRole", assume("DurationSeconds", "600"))
	role := c.as(response)
	if got := show(role.sts().call("GetCallerIdentity", "{}")); !strings.Contains(got, `"AccountId":"100000000009"`) ||
		!strings.Contains(got, `assumed-role/scanner`) {
		t.Errorf("the role is %s", got)
	}
	if got := show(c.sts().call("GetCallerIdentity", "{}")); !strings.Contains(got, `"AccountId":"`+firstAccount+`"`) {
		t.Errorf("the first key's account is %s", got)
	}
	expired, _ := response["ExpiredTime"].(json.Number).Int64()
	if life := time.Unix(expired, 0).Sub(now); life > 600*time.Second || life < 599*time.Second {
		t.Errorf("the key lives for %s", life)
	}
	if code := role.with(func(c *client) { c.token = "other" }).sts().code("GetCallerIdentity", "{}"); code != "AuthFailure.TokenFailure" {
		t.Errorf("another token: %q", code)
	}
	c.server.Advance(11 * time.Minute)
	if code := role.sts().code("GetCallerIdentity", "{}"); code != "AuthFailure.TokenFailure" {
		t.Errorf("after the end: %q", code)
	}
}

func TestSTS_checksWhatTheManualAsks(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithRole(emulator.Role{
		ARN: scannerRole, Trusted: []string{firstAccount}, ExternalID: "ticket-42", ProviderID: "ci", WebTokens: []string{"good"},
	}), emulator.WithCredential(emulator.Credential{SecretID: "AKIDother", SecretKey: "k", Account: "100000000002"}))
	other := c.with(func(c *client) { c.secretID, c.secretKey = "AKIDother", "k" })
	external := []string{"ExternalId", `"ticket-42"`}
	web := []string{"ProviderId", `"ci"`, "WebIdentityToken", `"good"`}
	tests := map[string]struct {
		client *client
		action string
		pairs  []string
		code   string
	}{
		"trusted":                {c.sts(), "AssumeRole", external, ""},
		"no external id":         {c.sts(), "AssumeRole", nil, "UnauthorizedOperation"},
		"another account":        {other.sts(), "AssumeRole", external, "UnauthorizedOperation"},
		"unknown role":           {c.sts(), "AssumeRole", append(external, "RoleArn", `"qcs::cam::uin/1:roleName/none"`), "ResourceNotFound.RoleNotFound"},
		"no role":                {c.sts(), "AssumeRole", append(external, "RoleArn", `"scanner"`), "InvalidParameter.ParamError"},
		"session name":           {c.sts(), "AssumeRole", append(external, "RoleSessionName", `"a b"`), "InvalidParameter.ParamError"},
		"too long":               {c.sts(), "AssumeRole", append(external, "DurationSeconds", "43201"), "InvalidParameter.OverTimeError"},
		"policy":                 {c.sts(), "AssumeRole", append(external, "Policy", `"%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%5D%7D"`), ""},
		"policy not encoded":     {c.sts(), "AssumeRole", append(external, "Policy", `"{\"statement\":[]}"`), "InvalidParameter.StrategyFormatError"},
		"no region":              {c.sts().with(func(c *client) { c.region = "" }), "AssumeRole", external, "MissingParameter"},
		"unsigned":               {c.unsigned(), "AssumeRole", external, "AuthFailure.InvalidAuthorization"},
		"web identity":           {c.unsigned(), "AssumeRoleWithWebIdentity", web, ""},
		"another provider":       {c.unsigned(), "AssumeRoleWithWebIdentity", append(web, "ProviderId", `"cd"`), "UnauthorizedOperation"},
		"another token":          {c.unsigned(), "AssumeRoleWithWebIdentity", append(web, "WebIdentityToken", `"bad"`), "InvalidParameter.WebIdentityTokenError"},
		"no token":               {c.unsigned(), "AssumeRoleWithWebIdentity", append(web, "WebIdentityToken", `""`), "MissingParameter"},
		"unsigned other service": {c.unsigned(), "DescribeVulScanInfo", nil, "AuthFailure.InvalidAuthorization"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code := tt.client.code(tt.action, assume(tt.pairs...)); code != tt.code {
				t.Errorf("code %q, want %q", code, tt.code)
			}
		})
	}
}

func TestMetadata_givesKeysOfTheMachinesRoles(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithRole(emulator.Role{ARN: scannerRole, Life: time.Minute}))
	get := func(path, host string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.server.URL()+"/latest/meta-data/cam/security-credentials/"+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		status, body, err := c.send(r)
		if err != nil {
			t.Fatal(err)
		}
		return status, string(body)
	}
	if status, body := get("", ""); status != http.StatusOK || body != "scanner\n" {
		t.Errorf("the list: %d %q", status, body)
	}
	if status, _ := get("none", ""); status != http.StatusNotFound {
		t.Errorf("a role that is not bound: %d", status)
	}
	for _, path := range []string{"", "scanner"} {
		if status, _ := get(path, "attacker.example.com"); status != http.StatusForbidden {
			t.Errorf("%q under another name: %d", path, status)
		}
	}
	status, body := get("scanner", "")
	var key map[string]any
	if err := json.Unmarshal([]byte(body), &key); err != nil || status != http.StatusOK || key["Code"] != "Success" {
		t.Fatalf("%d %s", status, body)
	}
	role := c.as(map[string]any{"Credentials": key})
	if got := role.sts().call("GetCallerIdentity", "{}")["AccountId"]; got != "100000000009" {
		t.Errorf("account %v", got)
	}
	if c.server.Calls(emulator.MetadataAction) != 2 {
		t.Errorf("%d keys asked for", c.server.Calls(emulator.MetadataAction))
	}
	c.server.Fault(emulator.Fault{Action: emulator.MetadataAction, Kind: emulator.FaultHTTP, Status: 503, Times: 1})
	if status, _ := get("scanner", ""); status != http.StatusServiceUnavailable {
		t.Errorf("under a fault: %d", status)
	}
	for _, kind := range []emulator.FaultKind{emulator.FaultMissing, emulator.FaultText} {
		c.server.Fault(emulator.Fault{Action: emulator.MetadataAction, Kind: kind, Times: 1})
		if status, body := get("scanner", ""); status != http.StatusOK || strings.Contains(body, "TmpSecretKey") {
			t.Errorf("%s: %d %s", kind, status, body)
		}
	}
}

func TestWithRole_refusesWhatNoRoleIs(t *testing.T) {
	t.Parallel()
	for _, arn := range []string{"", "scanner", "qcs::cam::uin/x:roleName/scanner"} {
		if server, err := emulator.New(emulator.WithRole(emulator.Role{ARN: arn})); err == nil {
			server.Close()
			t.Error(fmt.Sprintf("%q", arn), "is taken")
		}
	}
}
