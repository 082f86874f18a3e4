package auth

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// DefaultSessionName names a session that nobody named.
const DefaultSessionName = "terraform-provider-ms"

// maxWebToken bounds the file of a web identity token in bytes; real ones have two or three thousand.
const maxWebToken = 64 << 10

// session is what both ways of assuming a role ask for.
type session struct {
	arn, name string
	seconds   int64
}

// session takes each part from the configuration, else from the environment e. what names the role in
// messages.
func (s Session) session(e Environment, what string) (session, error) {
	result := session{arn: e.Or(s.RoleARN, EnvRoleARN, ""), name: e.Or(s.Name, EnvSessionName, DefaultSessionName)}
	if result.arn != "" {
		if err := RoleARN.Check("role_arn", result.arn); err != nil {
			return result, advise(err, fmt.Sprintf("Correct role_arn of %s, or %s in the environment.", what, EnvRoleARN))
		}
	}
	if err := SessionName.Check("session_name", result.name); err != nil {
		return result, advise(err, fmt.Sprintf("Correct session_name of %s, or %s in the environment.", what, EnvSessionName))
	}
	if s.Duration != nil {
		result.seconds = *s.Duration
	} else if given := e.Get(EnvSessionDuration); given != "" {
		seconds, err := strconv.ParseInt(given, 10, 64)
		if err != nil || seconds < 0 || seconds > tencentcloud.MaxSessionSeconds {
			err := fmt.Errorf("%s must be a number of seconds from 0 to %d", EnvSessionDuration, tencentcloud.MaxSessionSeconds)
			return result, advise(err, fmt.Sprintf("Correct %s in the environment.", EnvSessionDuration))
		}
		result.seconds = seconds
	}
	return result, nil
}

// Validate returns an error if a block that decides who calls is incomplete or cannot be used. It calls and
// reads nothing, so that it tells while planning.
func (c Chain) Validate() error {
	if c.WebIdentity != nil {
		if _, err := c.webIdentityRole(); err != nil {
			return err
		}
	}
	if c.AssumeRole != nil {
		_, err := c.assumedRole()
		return err
	}
	return nil
}

func (c Chain) hasEnvironmentWebIdentity() bool {
	return c.Environment.Get(EnvProviderID) != "" || c.Environment.Get(EnvWebTokenFile) != ""
}

// webIdentityRole is a role that the token of an identity provider may assume.
type webIdentityRole struct {
	session
	providerID, tokenFile string
}

func (c Chain) webIdentityRole() (webIdentityRole, error) {
	block := WebIdentity{}
	if c.WebIdentity != nil {
		block = *c.WebIdentity
	}
	const what = "assume_role_with_web_identity"
	s, err := block.session(c.Environment, what)
	if err != nil {
		return webIdentityRole{}, err
	}
	role := webIdentityRole{
		session:    s,
		providerID: c.Environment.Or(block.ProviderID, EnvProviderID, ""),
		tokenFile:  c.Environment.Or(block.TokenFile, EnvWebTokenFile, ""),
	}
	var missing, variables []string
	for _, part := range []struct{ value, name, variable string }{
		{role.arn, "role_arn", EnvRoleARN}, {role.providerID, "provider_id", EnvProviderID}, {role.tokenFile, "web_identity_token_file", EnvWebTokenFile},
	} {
		if part.value == "" {
			missing, variables = append(missing, part.name), append(variables, part.variable)
		}
	}
	if missing == nil {
		return role, nil
	}
	return role, advise(fmt.Errorf("%w: %s needs %s as well", ErrIncomplete, what, strings.Join(missing, " and ")),
		fmt.Sprintf("Set it in the block %s, or set %s in the environment.", what, strings.Join(variables, " and ")))
}

// webIdentity returns the credentials of a role that an identity provider's token may assume.
func (c Chain) webIdentity(config tencentcloud.Config) (common.CredentialIface, error) {
	role, err := c.webIdentityRole()
	if err != nil {
		return nil, err
	}
	sts := tencentcloud.New(config)
	return NewRefreshingCredential("the role "+role.arn, func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) {
		// Read each time: whoever put the token there replaces it.
		token, err := readToken(c.Home.Expand(role.tokenFile))
		if err != nil {
			return tencentcloud.TemporaryCredentials{}, advise(fmt.Errorf("the web identity token: %w", err), fmt.Sprintf(
				"Set web_identity_token_file, or %s in the environment, to the file in which the CI system or Kubernetes keeps the token, readable by Terraform.", EnvWebTokenFile))
		}
		credentials, err := sts.AssumeRoleWithWebIdentity(ctx, tencentcloud.AssumeRoleWithWebIdentityRequest{
			ProviderID: role.providerID, WebIdentityToken: token,
			RoleArn: role.arn, RoleSessionName: role.name, DurationSeconds: role.seconds,
		})
		return credentials, roleError(role.arn, err)
	}), nil
}

func readToken(path string) (string, error) {
	content, err := readBounded(path, maxWebToken)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return token, nil
}

// assumedRole is a role that the credentials that were found assume.
type assumedRole struct {
	session
	policy, externalID string
}

// assumedRole returns the role of assume_role or of the environment, without an ARN if there is none.
func (c Chain) assumedRole() (assumedRole, error) {
	block, e := AssumeRole{}, c.Environment
	if c.AssumeRole != nil {
		block = *c.AssumeRole
		if block.RoleARN == "" {
			return assumedRole{}, advise(fmt.Errorf("%w: assume_role needs role_arn", ErrIncomplete), "Set role_arn in the block assume_role, or remove the block.")
		}
	}
	if c.WebIdentity != nil || c.hasEnvironmentWebIdentity() {
		e = func(string) (string, bool) { return "", false } // the variables are the web identity's
	}
	s, err := block.session(e, "assume_role")
	if err != nil {
		return assumedRole{}, err
	}
	external := e.Or(block.ExternalID, EnvExternalID, "")
	if s.arn != "" && external != block.ExternalID {
		if err := ExternalID.Check(EnvExternalID, external); err != nil {
			return assumedRole{}, advise(err, fmt.Sprintf("Correct %s in the environment.", EnvExternalID))
		}
	}
	return assumedRole{session: s, policy: block.Policy, externalID: external}, nil
}

// assume wraps base in the role that assume_role or the environment names, if any.
func (c Chain) assume(config tencentcloud.Config, base common.CredentialIface) (common.CredentialIface, error) {
	role, err := c.assumedRole()
	if err != nil || role.arn == "" {
		return base, err
	}
	return assumeRole(config, base, role), nil
}

func assumeRole(config tencentcloud.Config, base common.CredentialIface, role assumedRole) *RefreshingCredential {
	sts := clientWith(config, base)
	return NewRefreshingCredential("the role "+role.arn, func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) {
		credentials, err := sts.AssumeRole(ctx, tencentcloud.AssumeRoleRequest{
			RoleArn: role.arn, RoleSessionName: role.name, DurationSeconds: role.seconds,
			Policy: role.policy, ExternalID: role.externalID,
		})
		return credentials, roleError(role.arn, err)
	})
}

// machineRole returns the credentials of the role that is bound to the machine. Without a name it is the
// one role that is.
func machineRole(name string, config tencentcloud.Config) (common.CredentialIface, error) {
	account, role := "this machine's role", "the role that is bound to it"
	if name != "" {
		account, role = account+" "+name, "the role "+name
		if err := CAMRoleName.Check("cam_role_name", name); err != nil {
			return nil, advise(err, fmt.Sprintf("Correct cam_role_name, or %s in the environment.", EnvCAMRoleName))
		}
	}
	metadata := NewMetadata(config.Endpoint)
	return NewRefreshingCredential(account, func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) {
		credentials, err := metadata.RoleCredentials(ctx, name)
		if err != nil {
			return credentials, advise(fmt.Errorf("the metadata service of this machine gives no credentials of %s: %w", role, err),
				"Check that Terraform runs on a Cloud Virtual Machine, that the role is bound to it, and that its metadata service can be reached.")
		}
		return credentials, nil
	}), nil
}

// roleError says which role a failure is about. It is named in words: a message for people breaks up
// the double colons of an ARN, which CI systems could take for a command.
func roleError(arn string, err error) error {
	if err == nil {
		return nil
	}
	account, role, _ := strings.Cut(strings.TrimPrefix(arn, "qcs::cam::uin/"), ":")
	return explain(fmt.Sprintf("the role %s of the account %s cannot be assumed", role[strings.LastIndex(role, "/")+1:], account), err)
}
