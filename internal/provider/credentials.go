package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Environment variables of the credentials.
const (
	envSecretID      = "TENCENTCLOUD_SECRET_ID"
	envSecretKey     = "TENCENTCLOUD_SECRET_KEY"
	envSecurityToken = "TENCENTCLOUD_SECURITY_TOKEN"
	envProfile       = "TENCENTCLOUD_PROFILE"
	envSharedDir     = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
)

var (
	errNoCredentials = errors.New("none in the provider configuration, in the environment, or in a tccli profile")
	errHalfPair      = errors.New("only one of secret_id and secret_key is given")
)

// credentials returns where the credentials come from: the configuration, else the environment, else
// a tccli profile. A profile that the configuration names is a configuration, and beats the
// environment.
func (p *msProvider) credentials(m model) tencentcloud.Credentials {
	return func(context.Context) (common.CredentialIface, error) {
		if !m.SecretID.IsNull() {
			return pair(m.SecretID.ValueString(), m.SecretKey.ValueString(), m.SecurityToken.ValueString(), "the provider configuration")
		}
		if !m.Profile.IsNull() {
			return p.profile(m)
		}
		id, key := p.environment.get(envSecretID), p.environment.get(envSecretKey)
		if id != "" || key != "" {
			return pair(id, key, p.environment.get(envSecurityToken), "the environment")
		}
		return p.profile(m)
	}
}

func pair(id, key, token, source string) (common.CredentialIface, error) {
	if id == "" || key == "" {
		return nil, fmt.Errorf("%w in %s", errHalfPair, source)
	}
	return common.NewTokenCredential(id, key, token), nil
}

// profile reads a tccli profile.
func (p *msProvider) profile(m model) (common.CredentialIface, error) {
	name := p.environment.or(m.Profile, envProfile, "default")
	dir := p.environment.or(m.SharedCredentialsDir, envSharedDir, "")
	if dir != "" {
		return readProfile(filepath.Join(dir, name+".credential"))
	}
	credential, err := common.NewTccliProfileProvider(name).GetCredential()
	if err != nil {
		return nil, missingProfile(m, name, err)
	}
	return credential, nil
}

// missingProfile keeps apart a profile that was asked for from the one that is tried when nothing was.
func missingProfile(m model, name string, err error) error {
	if m.Profile.IsNull() {
		return errNoCredentials
	}
	return fmt.Errorf("the tccli profile %q: %w", name, err)
}

// readProfile reads a tccli credential file, whose folder the SDK's own reader does not let one choose.
func readProfile(file string) (common.CredentialIface, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the tccli profile in shared_credentials_dir: %w", err)
	}
	var stored struct {
		SecretID  string `json:"secretId"`
		SecretKey string `json:"secretKey"`
		Token     string `json:"token"`
	}
	if json.Unmarshal(data, &stored) != nil {
		return nil, fmt.Errorf("the tccli profile %s is not valid JSON", filepath.Base(file))
	}
	return pair(stored.SecretID, stored.SecretKey, stored.Token, "the tccli profile "+filepath.Base(file))
}
