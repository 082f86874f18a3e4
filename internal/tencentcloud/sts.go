package tencentcloud

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"
)

const stsVersion = "2018-08-13"

// The actions of the Security Token Service. Repeating them is harmless: it issues credentials once more.
var (
	assumeRole = operation{
		service: "sts", version: stsVersion, action: "AssumeRole", regional: true, repeatable: true, maxValues: fewValues,
	}
	assumeRoleWithWebIdentity = operation{
		service: "sts", version: stsVersion, action: "AssumeRoleWithWebIdentity", regional: true, repeatable: true, unsigned: true, maxValues: fewValues,
	}
	getCallerIdentity = operation{
		service: "sts", version: stsVersion, action: "GetCallerIdentity", regional: true, repeatable: true, maxValues: fewValues,
	}
)

// TemporaryCredentials are credentials that expire.
type TemporaryCredentials struct {
	SecretID, SecretKey, Token string
	// Expires is when the service stops to accept them.
	Expires time.Time
}

// Complete tells whether no part is missing.
func (t TemporaryCredentials) Complete() bool {
	return t.SecretID != "" && t.SecretKey != "" && t.Token != "" && !t.Expires.IsZero()
}

// ErrNoTemporaryCredentials is the cause where an answer lacks a part of them.
var ErrNoTemporaryCredentials = errors.New("the answer holds no complete temporary credentials")

// Bounds of the life of temporary credentials in seconds (API manual of AssumeRole, "DurationSeconds").
const (
	DefaultSessionSeconds = 7200
	MaxSessionSeconds     = 43200
)

// AssumeRoleRequest asks for temporary credentials of a role.
type AssumeRoleRequest struct {
	RoleArn         string
	RoleSessionName string
	// DurationSeconds is at most [MaxSessionSeconds]; 0 leaves it to the service, [DefaultSessionSeconds].
	DurationSeconds int64 `json:",omitempty"`
	// Policy is JSON that restricts what the credentials may do.
	Policy     string `json:",omitempty"`
	ExternalID string `json:"ExternalId,omitempty"`
}

// AssumeRoleWithWebIdentityRequest asks for temporary credentials of a role by a token of an identity provider.
type AssumeRoleWithWebIdentityRequest struct {
	ProviderID       string `json:"ProviderId"`
	WebIdentityToken string
	RoleArn          string
	RoleSessionName  string
	DurationSeconds  int64 `json:",omitempty"`
}

// CallerIdentity is whose credentials a call was signed with.
type CallerIdentity struct {
	// AccountID is the number (Uin) of the account that owns the user or role.
	AccountID string
	Arn       string
}

type assumeRoleResponse struct {
	answer
	Credentials struct {
		TmpSecretID  Text `json:"TmpSecretId"`
		TmpSecretKey Text
		Token        Text
	}
	ExpiredTime Int // Unix seconds
}

type callerIdentityResponse struct {
	answer
	Arn       Text
	AccountID Text `json:"AccountId"`
}

// AssumeRole returns temporary credentials of a role, requested with the client's credentials. The error is an [*Error].
func (c *Client) AssumeRole(ctx context.Context, request AssumeRoleRequest) (TemporaryCredentials, error) {
	// The service decodes Policy once more than the other parameters (API manual). A plus sign would
	// depend on how.
	request.Policy = strings.ReplaceAll(url.QueryEscape(request.Policy), "+", "%20")
	asked := time.Now()
	response, err := call[assumeRoleResponse](ctx, c, assumeRole, request)
	if err != nil {
		return TemporaryCredentials{}, err
	}
	return response.credentials(assumeRole, asked, request.DurationSeconds)
}

// AssumeRoleWithWebIdentity returns temporary credentials of a role. The request is not signed: the token
// authorises it, and is taken out of the service's messages. The error is an [*Error].
func (c *Client) AssumeRoleWithWebIdentity(ctx context.Context, request AssumeRoleWithWebIdentityRequest) (TemporaryCredentials, error) {
	op := assumeRoleWithWebIdentity
	op.secret = request.WebIdentityToken
	asked := time.Now()
	response, err := call[assumeRoleResponse](ctx, c, op, request)
	if err != nil {
		return TemporaryCredentials{}, err
	}
	return response.credentials(op, asked, request.DurationSeconds)
}

// GetCallerIdentity returns whose the client's credentials are. The error is an [*Error], of kind
// [ErrMalformed] where the answer names no account.
func (c *Client) GetCallerIdentity(ctx context.Context) (CallerIdentity, error) {
	response, err := call[callerIdentityResponse](ctx, c, getCallerIdentity, struct{}{})
	if err != nil {
		return CallerIdentity{}, err
	}
	if response.AccountID.String() == "" {
		return CallerIdentity{}, &Error{
			Action: getCallerIdentity.action, RequestID: response.RequestID, Sent: true, kind: ErrMalformed,
		}
	}
	return CallerIdentity{AccountID: response.AccountID.String(), Arn: response.Arn.String()}, nil
}

// credentials returns the credentials of an answer. They expire when the service says so, or when the
// requested duration is over by this machine's clock, which may be off; whichever comes first.
func (r *assumeRoleResponse) credentials(op operation, asked time.Time, seconds int64) (TemporaryCredentials, error) {
	expired := r.ExpiredTime.Ptr()
	if expired == nil || *expired <= 0 || r.Credentials.TmpSecretID.String() == "" || r.Credentials.TmpSecretKey.String() == "" || r.Credentials.Token.String() == "" {
		return TemporaryCredentials{}, &Error{Action: op.action, RequestID: r.RequestID, Sent: true, kind: ErrMalformed, cause: ErrNoTemporaryCredentials}
	}
	if seconds <= 0 {
		seconds = DefaultSessionSeconds
	}
	expires := time.Unix(*expired, 0)
	if end := asked.Add(time.Duration(seconds) * time.Second); end.Before(expires) {
		expires = end
	}
	return TemporaryCredentials{
		SecretID:  r.Credentials.TmpSecretID.String(),
		SecretKey: r.Credentials.TmpSecretKey.String(),
		Token:     r.Credentials.Token.String(),
		Expires:   expires,
	}, nil
}
