package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Chain is where credentials are looked for.
type Chain struct {
	Settings
	Environment Environment
	Home        Home
}

// Sources of keys as messages name them.
const (
	ofConfiguration = "the provider configuration"
	ofEnvironment   = "the environment"
)

// Credentials returns a function that finds the credentials of a run and checks whose they are. config is
// the client's own, for the calls that this takes: they go to the same endpoint as the scans.
func (c Chain) Credentials(config tencentcloud.Config) tencentcloud.Credentials {
	return func(ctx context.Context) (common.CredentialIface, error) {
		found, err := c.find(config)
		if err != nil {
			return nil, err
		}
		if found, err = c.assume(config, found); err != nil {
			return nil, err
		}
		return c.checkAccount(ctx, config, found)
	}
}

// find returns the first credentials in the order of precedence: what the configuration names, else
// the environment, else a tccli profile, else the machine's role that the environment names. The
// configuration can name one only, enforced by its validation.
func (c Chain) find(config tencentcloud.Config) (common.CredentialIface, error) {
	switch e := c.Environment; {
	case c.SecretID != "" || c.SecretKey != "" || c.SecurityToken != "":
		return withAdvice(newCredential(c.SecretID, c.SecretKey, c.SecurityToken, ofConfiguration))(
			"Correct secret_id, secret_key and security_token in the provider configuration.")
	case c.WebIdentity != nil:
		return c.webIdentity(config)
	case c.Profile != "":
		return c.profile(config)
	case c.CAMRoleName != "":
		return machineRole(c.CAMRoleName, config)
	case c.hasEnvironmentWebIdentity():
		return c.webIdentity(config)
	case e.Get(EnvSecretID) != "" || e.Get(EnvSecretKey) != "" || e.Get(EnvSecurityToken) != "":
		return withAdvice(newCredential(e.Get(EnvSecretID), e.Get(EnvSecretKey), e.Get(EnvSecurityToken), ofEnvironment))(
			fmt.Sprintf("Correct %s, %s and %s in the environment.", EnvSecretID, EnvSecretKey, EnvSecurityToken))
	}
	credential, err := c.profile(config)
	if name := c.Environment.Get(EnvCAMRoleName); errors.Is(err, ErrNoCredentials) && name != "" {
		return machineRole(name, config)
	}
	if errors.Is(err, ErrNoCredentials) {
		err = advise(err, fmt.Sprintf("Set secret_id and secret_key in the provider configuration, or %s and %s in the environment.", EnvSecretID, EnvSecretKey))
	}
	return credential, err
}

// withAdvice returns the credential, or its error with advice.
func withAdvice(credential *Credential, err error) func(advice string) (common.CredentialIface, error) {
	return func(advice string) (common.CredentialIface, error) {
		if err != nil {
			return nil, advise(err, advice)
		}
		return credential, nil
	}
}

// checkAccount asks whose the credentials are if the configuration says whose they may be. The error wraps
// [tencentcloud.ErrAccount] if they are somebody else's.
func (c Chain) checkAccount(ctx context.Context, config tencentcloud.Config, found common.CredentialIface) (common.CredentialIface, error) {
	if c.AllowedAccountIDs == nil {
		return found, nil
	}
	identity, err := clientWith(config, found).GetCallerIdentity(ctx)
	if err != nil {
		return nil, explain("allowed_account_ids cannot be checked", err)
	}
	if !slices.Contains(c.AllowedAccountIDs, identity.AccountID) {
		return nil, fmt.Errorf("%w: the credentials belong to the account %q, but allowed_account_ids is %s",
			tencentcloud.ErrAccount, identity.AccountID, strings.Join(slices.Sorted(slices.Values(c.AllowedAccountIDs)), ", "))
	}
	return tencentcloud.OfAccount(found, identity.AccountID), nil
}

// clientWith returns a client for the calls that finding credentials takes, signed with what was found so far.
func clientWith(config tencentcloud.Config, credential common.CredentialIface) *tencentcloud.Client {
	config.Credentials = func(context.Context) (common.CredentialIface, error) { return credential, nil }
	return tencentcloud.New(config)
}
