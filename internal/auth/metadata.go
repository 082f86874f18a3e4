package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// metadataURL is where a Cloud Virtual Machine finds what it knows about itself. There is no https.
const metadataURL = "http://metadata.tencentyun.com"

const (
	rolePath = "/latest/meta-data/cam/security-credentials/"
	// metadataTimeout bounds one request; the service is on the machine's own host.
	metadataTimeout  = 5 * time.Second
	metadataAttempts = 3
	metadataAction   = "metadata" // in errors
	maxMetadata      = 64 << 10
)

// Metadata is the metadata service of a Cloud Virtual Machine.
type Metadata struct {
	base  string
	http  *http.Client
	pause func(ctx context.Context, attempt int) error // before the next attempt
}

// NewMetadata returns the metadata service of this machine. An endpoint that is one URL on loopback
// stands for every service, including this one.
func NewMetadata(endpoint tencentcloud.Endpoint) *Metadata {
	m := &Metadata{base: metadataURL, pause: pauseHalfSeconds}
	if endpoint.Loopback() {
		m.base = endpoint.String()
	}
	m.http = &http.Client{
		// No proxy: it would answer with the role of its own machine.
		Transport: &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: maxMetadata},
		Timeout:   metadataTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return tencentcloud.ErrRedirected
		},
	}
	return m
}

func pauseHalfSeconds(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Duration(attempt) * 500 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var (
	errRoleNotBound = errors.New("no such role is bound to this machine")
	errNoBoundRole  = errors.New("no role is bound to this machine")
	errBoundRoles   = errors.New("more than one role is bound to this machine: name one by cam_role_name")
	errUnreadable   = errors.New("the answer cannot be read")
)

// RoleCredentials returns the credentials of a role that is bound to this machine; without a name, of the
// one role that is. A failure that may pass by itself is a [tencentcloud.Error] that counts the attempts.
func (m *Metadata) RoleCredentials(ctx context.Context, role string) (tencentcloud.TemporaryCredentials, error) {
	for attempt := 1; ; attempt++ {
		credentials, temporary, err := m.try(ctx, role)
		if err == nil || !temporary {
			return credentials, err
		}
		if attempt == metadataAttempts || ctx.Err() != nil || m.pause(ctx, attempt) != nil {
			return credentials, tencentcloud.NewTransportError(metadataAction, attempt, err)
		}
	}
}

// try makes one attempt; temporary tells failures that may pass by themselves.
func (m *Metadata) try(ctx context.Context, role string) (credentials tencentcloud.TemporaryCredentials, temporary bool, err error) {
	if role == "" {
		if role, temporary, err = m.boundRole(ctx); err != nil {
			return credentials, temporary, err
		}
	}
	body, temporary, err := m.get(ctx, rolePath+url.PathEscape(role), errRoleNotBound)
	if err != nil {
		return credentials, temporary, err
	}
	credentials, err = decodeRoleCredentials(body)
	return credentials, true, err
}

// boundRole returns the name of the role that is bound to this machine.
func (m *Metadata) boundRole(ctx context.Context) (name string, temporary bool, err error) {
	body, temporary, err := m.get(ctx, rolePath, errNoBoundRole)
	if err != nil {
		return "", temporary, err
	}
	switch names := strings.Fields(string(body)); {
	case len(names) == 0:
		return "", false, errNoBoundRole
	case len(names) > 1:
		return "", false, errBoundRoles
	case CAMRoleName.Check("", names[0]) != nil:
		return "", true, errUnreadable
	default:
		return names[0], false, nil
	}
}

func (m *Metadata) get(ctx context.Context, path string, absent error) (body []byte, temporary bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+path, http.NoBody)
	if err != nil {
		return nil, false, err
	}
	resp, err := m.http.Do(req)
	if err != nil {
		return nil, !errors.Is(err, tencentcloud.ErrRedirected), err
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, false, absent
	case resp.StatusCode != http.StatusOK:
		return nil, resp.StatusCode >= 500, fmt.Errorf("HTTP status %d", resp.StatusCode)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxMetadata+1))
	if err == nil && len(body) > maxMetadata {
		err = errUnreadable
	}
	return body, true, err
}

func decodeRoleCredentials(body []byte) (tencentcloud.TemporaryCredentials, error) {
	var none tencentcloud.TemporaryCredentials
	var given struct {
		TmpSecretID  tencentcloud.Text `json:"TmpSecretId"`
		TmpSecretKey tencentcloud.Text
		Token        tencentcloud.Text
		ExpiredTime  tencentcloud.Int // Unix seconds
		Code         tencentcloud.Text
	}
	if json.Unmarshal(body, &given) != nil {
		return none, errUnreadable
	}
	if !strings.EqualFold(given.Code.String(), "Success") {
		return none, fmt.Errorf("the answer is not a success, its code is %q", given.Code.String())
	}
	expired := given.ExpiredTime.Ptr()
	if expired == nil || *expired <= 0 {
		return none, tencentcloud.ErrNoTemporaryCredentials
	}
	return tencentcloud.TemporaryCredentials{
		SecretID:  given.TmpSecretID.String(),
		SecretKey: given.TmpSecretKey.String(),
		Token:     given.Token.String(),
		Expires:   time.Unix(*expired, 0),
	}, nil
}
