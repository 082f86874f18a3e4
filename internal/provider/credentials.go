package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Environment variables of the credentials; those of roles are in roles.go.
const (
	envSecretID      = "TENCENTCLOUD_SECRET_ID"
	envSecretKey     = "TENCENTCLOUD_SECRET_KEY"
	envSecurityToken = "TENCENTCLOUD_SECURITY_TOKEN"
	envProfile       = "TENCENTCLOUD_PROFILE"
	envSharedDir     = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
)

const defaultProfile = "default"

var (
	errNoCredentials = errors.New("none in the provider configuration, in the environment or in a tccli profile, and no role is named")
	errHalfPair      = errors.New("only one of secret_id and secret_key is given")
	errLoneToken     = errors.New("a security token is given without secret_id and secret_key")
	errNoKey         = errors.New("a blank, a line break or another character that is in no key")
)

// credentials returns where the credentials of a run come from, and checks whose they are. config is
// the client's own, for the calls that this takes: they go to the same endpoint as the scans.
func (p *msProvider) credentials(m model, config tencentcloud.Config) tencentcloud.Credentials {
	return func(ctx context.Context) (common.CredentialIface, error) {
		found, err := p.find(m, config)
		if err != nil {
			return nil, err
		}
		if found, err = p.assume(m, config, found); err != nil {
			return nil, err
		}
		return checkAccount(ctx, m, config, found)
	}
}

// find returns the first credentials in the order of precedence: what the configuration names, else
// the environment, else a tccli profile, else the machine's role that the environment names. The
// configuration can name one only, which its validation sees to.
func (p *msProvider) find(m model, config tencentcloud.Config) (common.CredentialIface, error) {
	e := p.environment
	switch {
	case !m.SecretID.IsNull():
		return pair(m.SecretID.ValueString(), m.SecretKey.ValueString(), m.SecurityToken.ValueString(), "the provider configuration")
	case m.AssumeRoleWithWebIdentity != nil:
		return p.webIdentity(m, config)
	case !m.Profile.IsNull():
		return p.profile(m)
	case !m.CAMRoleName.IsNull():
		return machineRole(m.CAMRoleName.ValueString(), config)
	case p.webIdentityInEnvironment():
		return p.webIdentity(m, config)
	case e.get(envSecretID) != "" || e.get(envSecretKey) != "" || e.get(envSecurityToken) != "":
		return pair(e.get(envSecretID), e.get(envSecretKey), e.get(envSecurityToken), "the environment")
	}
	credential, err := p.profile(m)
	if !errors.Is(err, errNoCredentials) || e.get(envCAMRoleName) == "" {
		return credential, err
	}
	return machineRole(e.get(envCAMRoleName), config)
}

func pair(id, key, token, source string) (common.CredentialIface, error) {
	switch {
	case id == "" && key == "" && token != "":
		return nil, fmt.Errorf("%w in %s", errLoneToken, source)
	case id == "" || key == "":
		return nil, fmt.Errorf("%w in %s", errHalfPair, source)
	}
	for _, part := range []struct{ name, value string }{{"secret_id", id}, {"secret_key", key}, {"security_token", token}} {
		if strings.ContainsFunc(part.value, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return nil, fmt.Errorf("the %s in %s holds %w", part.name, source, errNoKey)
		}
	}
	return common.NewTokenCredential(id, key, token), nil
}

// expandHome puts the user's home in for a leading "~", which no shell has expanded in a configuration.
func (p *msProvider) expandHome(path string) string {
	rest, found := strings.CutPrefix(path, "~")
	if !found || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := p.home()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
