package auth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func TestCredentials_sendWhatWasConfigured(t *testing.T) {
	t.Parallel()
	c := startCloud(t)
	const policy = `{"version":"2.0","statement":[]}`
	seconds := int64(900)
	settings := Settings{SecretID: "AKIDknown", SecretKey: "known-key", AssumeRole: &AssumeRole{
		Session: Session{RoleARN: scanner, Duration: &seconds}, Policy: policy, ExternalID: "ticket-42",
	}}
	chain := chainOf(settings, map[string]string{EnvSessionName: "release-7", EnvSessionDuration: "1800", EnvExternalID: "other"}, t.TempDir())
	credential, err := chain.Credentials(c.config)(t.Context())
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
	chain := chainOf(Settings{WebIdentity: &WebIdentity{
		ProviderID: "ci", Session: Session{RoleARN: scanner}, TokenFile: file,
	}}, nil, t.TempDir())
	credential, err := chain.Credentials(c.config)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	refreshing, ok := credential.(*RefreshingCredential)
	if !ok {
		t.Fatalf("%T", credential)
	}
	steps := []struct{ content, says string }{
		{"", "is empty"},
		{" \n", "is empty"},
		{strings.Repeat("x", maxWebToken+1), "is larger than"},
		{"forged-token", "the role scanner of the account 100000000007 cannot be assumed"},
	}
	if _, err := refreshing.Retrieve(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for _, step := range steps {
		if err := os.WriteFile(file, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := refreshing.Retrieve(t.Context()); err == nil || !strings.Contains(err.Error(), step.says) || strings.Contains(err.Error(), "forged") {
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
	accounts := func(ids ...string) []string { return ids }
	key := Settings{SecretID: "AKIDknown", SecretKey: "known-key"}
	role := key
	role.AssumeRole = &AssumeRole{Session: Session{RoleARN: scanner}, ExternalID: "ticket-42"}
	stranger := Settings{SecretID: "AKIDstranger", SecretKey: "k"}
	tests := map[string]struct {
		settings Settings
		allowed  []string
		account  string
		err      error
		says     string
	}{
		"the key's account":                        {key, accounts("1", "100000000001"), "the account 100000000001", nil, ""},
		"another account":                          {key, accounts("3", "1"), "", tencentcloud.ErrAccount, `belong to the account "100000000001", but allowed_account_ids is 1, 3`},
		"the role's account":                       {role, accounts("100000000007"), "the role " + scanner, nil, ""},
		"not the account around which the role is": {role, accounts("100000000001"), "", tencentcloud.ErrAccount, `"100000000007"`},
		"nobody":                  {key, []string{}, "", tencentcloud.ErrAccount, "100000000001"},
		"a key that is not known": {stranger, accounts("1"), "", tencentcloud.ErrDenied, "allowed_account_ids cannot be checked"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t)
			tt.settings.AllowedAccountIDs = tt.allowed
			c.config.Credentials = chainOf(tt.settings, nil, t.TempDir()).Credentials(c.config)
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
