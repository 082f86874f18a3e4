package tencentcloud_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

const (
	roleAccount = "100000000007"
	roleARN     = "qcs::cam::uin/" + roleAccount + ":roleName/scanner"
	sessionLife = 1800 // seconds
)

// assuming gets a key of a role. It is right if the service takes the key afterwards, as the role's.
type assuming struct {
	name     string
	get      func(context.Context, *tencentcloud.Client) (tencentcloud.TemporaryCredentials, error)
	byItself bool // no signature
}

func (a assuming) action() string           { return a.name }
func (assuming) prepare(*testing.T, *bench) {}
func (assuming) getsOver(f faultCase) bool  { return f.retried }
func (a assuming) unsigned() bool           { return a.byItself }
func (a assuming) try(ctx context.Context, client closingClient, b *bench, _ int) (outcome, error) {
	asked := time.Now()
	key, err := a.get(ctx, client.Client)
	switch {
	case err != nil:
		return outcome{}, err
	case key.SecretID == "" || key.SecretKey == "" || key.Token == "":
		return outcome{violation: "half a key"}, nil
	case key.Expires.After(asked.Add((sessionLife + 10) * time.Second)):
		return outcome{violation: fmt.Sprintf("a key that lives for %s", key.Expires.Sub(asked))}, nil
	}
	account, err := b.accountOf(ctx, key)
	if err != nil || account != roleAccount {
		return outcome{violation: fmt.Sprintf("a key that the service does not take (%q, %v)", account, err)}, nil
	}
	return outcome{right: true}, nil
}

// accountOf asks the emulator past the faults of the network; those of the cell name another action.
func (b *bench) accountOf(ctx context.Context, key tencentcloud.TemporaryCredentials) (string, error) {
	endpoint, err := tencentcloud.URLEndpoint(b.server.URL())
	if err != nil {
		return "", err
	}
	client := tencentcloud.New(tencentcloud.Config{
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewTokenCredential(key.SecretID, key.SecretKey, key.Token), nil
		},
		Endpoint: endpoint, Region: b.server.Region(), Language: "en-US",
		RequestsPerSecond: 1000, RequestTimeout: 20 * time.Second, Agent: "terraform-provider-ms test",
	})
	defer client.SetDial(new(net.Dialer).DialContext)()
	identity, err := client.GetCallerIdentity(ctx)
	return identity.AccountID, err
}

func assumeRole(ctx context.Context, client *tencentcloud.Client) (tencentcloud.TemporaryCredentials, error) {
	return client.AssumeRole(ctx, tencentcloud.AssumeRoleRequest{
		RoleArn: roleARN, RoleSessionName: "faults", DurationSeconds: sessionLife, ExternalID: "outside",
		Policy: `{"version":"2.0","statement":[]}`,
	})
}

// assumeRoleWithWebIdentity vouches by a token that no error may show.
func assumeRoleWithWebIdentity(ctx context.Context, client *tencentcloud.Client) (tencentcloud.TemporaryCredentials, error) {
	return client.AssumeRoleWithWebIdentity(ctx, tencentcloud.AssumeRoleWithWebIdentityRequest{
		ProviderID: "pipeline", WebIdentityToken: temporaryToken,
		RoleArn: roleARN, RoleSessionName: "faults", DurationSeconds: sessionLife,
	})
}

// identifying is GetCallerIdentity, by which allowed_account_ids are checked: another account than the
// caller's must never come out of it.
type identifying struct{}

func (identifying) action() string             { return "GetCallerIdentity" }
func (identifying) prepare(*testing.T, *bench) {}
func (identifying) getsOver(f faultCase) bool  { return f.retried }
func (identifying) unsigned() bool             { return false }
func (identifying) try(ctx context.Context, client closingClient, _ *bench, _ int) (outcome, error) {
	identity, err := client.GetCallerIdentity(ctx)
	if err != nil {
		return outcome{}, err
	}
	if identity.AccountID != callerAccount {
		return outcome{violation: fmt.Sprintf("the account %q", identity.AccountID)}, nil
	}
	return outcome{right: true}, nil
}
