package tencentcloud

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
	base    string
	http    *http.Client
	backoff func(attempts int) time.Duration
}

// NewMetadata returns the metadata service of this machine. An endpoint that is one URL on loopback
// stands for every service, this one included.
func NewMetadata(endpoint Endpoint) *Metadata {
	m := &Metadata{base: metadataURL, backoff: backoff}
	if endpoint.loopback() {
		m.base = endpoint.String()
	}
	transport := newTransport()
	transport.Proxy = nil // a proxy would answer with the role of its own machine
	transport.DisableKeepAlives = true
	m.http = &http.Client{
		Transport: transport,
		Timeout:   metadataTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return ErrRedirected
		},
	}
	return m
}

var errRoleNotBound = errors.New("no such role is bound to this machine")

// RoleKey returns the key of the role that is bound to this machine. A failure that may pass by itself is
// an [*Error] and tells how often it was tried.
func (m *Metadata) RoleKey(ctx context.Context, role string) (TemporaryKey, error) {
	for attempt := 1; ; attempt++ {
		key, passing, err := m.tryRoleKey(ctx, role)
		if err == nil || !passing {
			return key, err
		}
		if attempt == metadataAttempts || ctx.Err() != nil || sleep(ctx, m.backoff(attempt)) != nil {
			return key, &Error{Action: metadataAction, Attempts: attempt, kind: ErrTransport, cause: err}
		}
	}
}

// tryRoleKey makes one attempt; passing tells failures that may pass by themselves.
func (m *Metadata) tryRoleKey(ctx context.Context, role string) (key TemporaryKey, passing bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+rolePath+url.PathEscape(role), http.NoBody)
	if err != nil {
		return TemporaryKey{}, false, err
	}
	resp, err := m.http.Do(req)
	if err != nil {
		return TemporaryKey{}, !errors.Is(err, ErrRedirected), err
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return TemporaryKey{}, false, errRoleNotBound
	case resp.StatusCode != http.StatusOK:
		return TemporaryKey{}, resp.StatusCode >= 500, fmt.Errorf("HTTP status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxMetadata+1))
	if err != nil {
		return TemporaryKey{}, true, err
	}
	key, err = decodeRoleKey(body)
	return key, true, err
}

func decodeRoleKey(body []byte) (TemporaryKey, error) {
	var given struct {
		TmpSecretID  Text `json:"TmpSecretId"`
		TmpSecretKey Text
		Token        Text
		ExpiredTime  Int // Unix seconds
		Code         Text
	}
	if len(body) > maxMetadata || json.Unmarshal(body, &given) != nil {
		return TemporaryKey{}, errors.New("the answer cannot be read")
	}
	if !strings.EqualFold(given.Code.String(), "Success") {
		return TemporaryKey{}, fmt.Errorf("the answer is not a success, its code is %q", given.Code.String())
	}
	expired := given.ExpiredTime.Ptr()
	if expired == nil || *expired <= 0 {
		return TemporaryKey{}, errNoKey
	}
	return TemporaryKey{
		SecretID:  given.TmpSecretID.String(),
		SecretKey: given.TmpSecretKey.String(),
		Token:     given.Token.String(),
		Expires:   time.Unix(*expired, 0),
	}, nil
}
