package provider

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Environment variables of roles. The first four belong to the web identity where either of its own
// two is set, and to assume_role otherwise.
const (
	envRoleARN         = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	envSessionName     = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	envSessionDuration = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	envExternalID      = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
	envProviderID      = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	envWebTokenFile    = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
	envCAMRoleName     = "TENCENTCLOUD_CAM_ROLE_NAME"
)

const defaultSessionName = "terraform-provider-ms"

// maxWebToken bounds the file of a web identity token in bytes; real ones have two or three thousand.
const maxWebToken = 64 << 10

// Forms of what names a role (API manual of AssumeRole).
var (
	roleARN     = newForm(`^qcs::cam::uin/[0-9]+:(role|roleName)/[\w+=,.@/-]+$`, "must be the ARN of a role, as in qcs::cam::uin/100000000001:roleName/scanner")
	sessionName = newForm(`^[\w+=,.@-]{2,128}$`, "must be 2 to 128 letters, digits and characters of _+=,.@-")
	externalID  = newForm(`^[\w+=,.@:/-]{2,128}$`, "must be 2 to 128 letters, digits and characters of _+=,.@:/-")
	camRoleName = newForm(`^[\w+=,.@-]{1,128}$`, "must be the name of a role, 1 to 128 letters, digits and characters of _+=,.@-")
	accountID   = newForm(`^[0-9]+$`, "must be the number of an account (its Uin), as in 100000000001")
)

// form is what a text must look like. Its pattern is compiled when it is needed: all of them together
// took a quarter of the provider's start.
type form struct {
	pattern func() *regexp.Regexp
	message string
}

func newForm(pattern, message string) form {
	return form{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) }), message}
}

func (f form) check(name, value string) error {
	if !f.pattern().MatchString(value) {
		return fmt.Errorf("%s %s", name, f.message)
	}
	return nil
}

var errHalfRole = errors.New("incomplete")

// assumeRoleModel is the attribute assume_role.
type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

// webIdentityModel is the attribute assume_role_with_web_identity.
type webIdentityModel struct {
	ProviderID           types.String `tfsdk:"provider_id"`
	RoleARN              types.String `tfsdk:"role_arn"`
	SessionName          types.String `tfsdk:"session_name"`
	SessionDuration      types.Int64  `tfsdk:"session_duration"`
	WebIdentityTokenFile types.String `tfsdk:"web_identity_token_file"`
}

// session is what both ways of assuming a role need.
type session struct {
	arn, name string
	seconds   int64
}

// session takes each part from the configuration, else, if ours, from the environment.
func (p *msProvider) session(arn, name types.String, duration types.Int64, ours bool) (session, error) {
	e := p.environment
	if !ours {
		e = func(string) (string, bool) { return "", false }
	}
	s := session{arn: e.or(arn, envRoleARN, ""), name: e.or(name, envSessionName, defaultSessionName), seconds: duration.ValueInt64()}
	if s.arn != "" {
		if err := roleARN.check("role_arn", s.arn); err != nil {
			return s, err
		}
	}
	if err := sessionName.check("session_name", s.name); err != nil {
		return s, err
	}
	if given := e.get(envSessionDuration); duration.IsNull() && given != "" {
		seconds, err := strconv.ParseInt(given, 10, 64)
		if err != nil || seconds < 0 || seconds > tencentcloud.MaxSessionSeconds {
			return s, fmt.Errorf("%s must be a number of seconds from 0 to %d", envSessionDuration, tencentcloud.MaxSessionSeconds)
		}
		s.seconds = seconds
	}
	return s, nil
}

func (p *msProvider) webIdentityInEnvironment() bool {
	return p.environment.get(envProviderID) != "" || p.environment.get(envWebTokenFile) != ""
}

// webIdentity returns the credentials of a role that an identity provider's token may assume.
func (p *msProvider) webIdentity(m model, config tencentcloud.Config) (common.CredentialIface, error) {
	block := m.AssumeRoleWithWebIdentity
	if block == nil {
		block = &webIdentityModel{}
	}
	role, err := p.session(block.RoleARN, block.SessionName, block.SessionDuration, true)
	if err != nil {
		return nil, err
	}
	providerID := p.environment.or(block.ProviderID, envProviderID, "")
	file := p.environment.or(block.WebIdentityTokenFile, envWebTokenFile, "")
	if role.arn == "" || providerID == "" || file == "" {
		return nil, fmt.Errorf("%w: assume_role_with_web_identity needs provider_id, role_arn and web_identity_token_file", errHalfRole)
	}
	sts := tencentcloud.New(config)
	return tencentcloud.NewRenewing("the role "+role.arn, func(ctx context.Context) (tencentcloud.TemporaryKey, error) {
		// Read again each time: whoever put the token there renews it.
		token, err := readToken(p.expandHome(file))
		if err != nil {
			return tencentcloud.TemporaryKey{}, fmt.Errorf("the web identity token: %w", err)
		}
		key, err := sts.AssumeRoleWithWebIdentity(ctx, tencentcloud.AssumeRoleWithWebIdentityRequest{
			ProviderID: providerID, WebIdentityToken: token,
			RoleArn: role.arn, RoleSessionName: role.name, DurationSeconds: role.seconds,
		})
		return key, roleError(role.arn, err)
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

// assume wraps base in the role that assume_role names, if any.
func (p *msProvider) assume(m model, config tencentcloud.Config, base common.CredentialIface) (common.CredentialIface, error) {
	block := m.AssumeRole
	if block == nil {
		block = &assumeRoleModel{}
	}
	ours := m.AssumeRoleWithWebIdentity == nil && !p.webIdentityInEnvironment()
	role, err := p.session(block.RoleARN, block.SessionName, block.SessionDuration, ours)
	if err != nil {
		return nil, err
	}
	if role.arn == "" {
		if m.AssumeRole != nil {
			return nil, fmt.Errorf("%w: assume_role needs role_arn", errHalfRole)
		}
		return base, nil
	}
	external := block.ExternalID.ValueString()
	if given := p.environment.get(envExternalID); block.ExternalID.IsNull() && ours && given != "" {
		if err := externalID.check(envExternalID, given); err != nil {
			return nil, err
		}
		external = given
	}
	config.Credentials = func(context.Context) (common.CredentialIface, error) { return base, nil }
	sts := tencentcloud.New(config)
	return tencentcloud.NewRenewing("the role "+role.arn, func(ctx context.Context) (tencentcloud.TemporaryKey, error) {
		key, err := sts.AssumeRole(ctx, tencentcloud.AssumeRoleRequest{
			RoleArn: role.arn, RoleSessionName: role.name, DurationSeconds: role.seconds,
			Policy: block.Policy.ValueString(), ExternalID: external,
		})
		return key, roleError(role.arn, err)
	}), nil
}

// machineRole returns the credentials of the role that is bound to the machine.
func machineRole(name string, config tencentcloud.Config) (common.CredentialIface, error) {
	if err := camRoleName.check("cam_role_name", name); err != nil {
		return nil, err
	}
	metadata := tencentcloud.NewMetadata(config.Endpoint)
	return tencentcloud.NewRenewing("this machine's role "+name, func(ctx context.Context) (tencentcloud.TemporaryKey, error) {
		key, err := metadata.RoleKey(ctx, name)
		if err != nil {
			return key, fmt.Errorf("the metadata service of this machine gives no key of the role %s: %w", name, err)
		}
		return key, nil
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

// explain puts what was attempted before an error.
func explain(what string, err error) error {
	var call *tencentcloud.Error
	if errors.As(err, &call) && call.Code != "" {
		return &refusal{what: what, err: err}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// refusal is an attempt that the service refused. Its text leaves out why, since a diagnostic shows the
// service's code, message and RequestId in lines of their own.
type refusal struct {
	what string
	err  error
}

func (r *refusal) Error() string { return r.what }
func (r *refusal) Unwrap() error { return r.err }

// checkAccount asks whose the credentials are, where allowed_account_ids says whose they may be. The
// error wraps [tencentcloud.ErrAccount] where they are somebody else's.
func checkAccount(ctx context.Context, m model, config tencentcloud.Config, found common.CredentialIface) (common.CredentialIface, error) {
	if m.AllowedAccountIDs.IsNull() {
		return found, nil
	}
	var allowed []string
	if diags := m.AllowedAccountIDs.ElementsAs(ctx, &allowed, false); diags.HasError() {
		return nil, fmt.Errorf("%w: allowed_account_ids cannot be read", tencentcloud.ErrAccount)
	}
	config.Credentials = func(context.Context) (common.CredentialIface, error) { return found, nil }
	identity, err := tencentcloud.New(config).GetCallerIdentity(ctx)
	if err != nil {
		return nil, explain("allowed_account_ids cannot be checked", err)
	}
	if !slices.Contains(allowed, identity.AccountID) {
		slices.Sort(allowed)
		return nil, fmt.Errorf("%w: the credentials belong to the account %q, but allowed_account_ids is %s",
			tencentcloud.ErrAccount, identity.AccountID, strings.Join(allowed, ", "))
	}
	return tencentcloud.OfAccount(found, identity.AccountID), nil
}
