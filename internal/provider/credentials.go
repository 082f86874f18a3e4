package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
	case e.get(envSecretID) != "" || e.get(envSecretKey) != "":
		return pair(e.get(envSecretID), e.get(envSecretKey), e.get(envSecurityToken), "the environment")
	}
	credential, err := p.profile(m)
	if !errors.Is(err, errNoCredentials) || e.get(envCAMRoleName) == "" {
		return credential, err
	}
	return machineRole(e.get(envCAMRoleName), config)
}

func pair(id, key, token, source string) (common.CredentialIface, error) {
	if id == "" || key == "" {
		return nil, fmt.Errorf("%w in %s", errHalfPair, source)
	}
	return common.NewTokenCredential(id, key, token), nil
}

// profile reads a tccli profile. A profile that nobody asked for need not be there: errNoCredentials.
//
// The SDK's TccliProfileProvider is not used: it knows no folder but ~/.tccli, and does not keep apart
// a profile that is not there from one that is broken. Its DefaultProfileProvider, which is not of this
// provider's precedence either, panics on a file without a section [default].
func (p *msProvider) profile(m model) (common.CredentialIface, error) {
	name := p.environment.or(m.Profile, envProfile, defaultProfile)
	dir := p.environment.or(m.SharedCredentialsDir, envSharedDir, "")
	asked := dir != "" || name != defaultProfile || !m.Profile.IsNull()
	if dir == "" {
		dir = filepath.Join("~", ".tccli")
	}
	data, err := os.ReadFile(filepath.Join(p.expandHome(dir), name+".credential"))
	switch {
	case !asked && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		return nil, errNoCredentials
	case err != nil:
		return nil, fmt.Errorf("the tccli profile %q: %w", name, err)
	}
	var stored struct {
		SecretID  string `json:"secretId"`
		SecretKey string `json:"secretKey"`
		Token     string `json:"token"`
	}
	if json.Unmarshal(data, &stored) != nil {
		return nil, fmt.Errorf("the tccli profile %q is not valid JSON", name)
	}
	return pair(stored.SecretID, stored.SecretKey, stored.Token, fmt.Sprintf("the tccli profile %q", name))
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
