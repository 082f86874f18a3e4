// Package tc3 computes and verifies TC3-HMAC-SHA256 signatures, written from the public description
// of the algorithm and checked by its published example (api.md). It shares no code with the client
// that the provider uses, so that neither can hide a mistake of the other.
package tc3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Algorithm is the first word of an Authorization header.
const Algorithm = "TC3-HMAC-SHA256"

// termination ends every credential scope.
const termination = "tc3_request"

// unsignedPayload is the value of X-TC-Content-SHA256 by which a client leaves the body unsigned.
const unsignedPayload = "UNSIGNED-PAYLOAD"

// maxHeader bounds an Authorization header, in bytes.
const maxHeader = 4096

// Errors of this package.
var (
	// ErrMalformed: the Authorization header is not of the algorithm's form.
	ErrMalformed = errors.New("tc3: malformed Authorization header")
	// ErrMismatch: the signature is not the one that the key gives for this request.
	ErrMismatch = errors.New("tc3: signature mismatch")
)

// Message is what a signature covers.
type Message struct {
	Method string
	// Path is the canonical URI, always "/" in API 3.0.
	Path string
	// Query is the raw query string, as sent; empty for POST.
	Query string
	// Headers are the signed headers in the order of SignedHeaders: lower-case name, value.
	Headers [][2]string
	// PayloadHash is the lower-case hex SHA-256 of the body.
	PayloadHash string
	// Timestamp is X-TC-Timestamp, Unix seconds.
	Timestamp int64
	// Service is the one of the credential scope, as in "ms".
	Service string
}

// HashPayload is the lower-case hex SHA-256 of a body.
func HashPayload(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// SignedHeaders is the list of header names, as in "content-type;host".
func (m Message) SignedHeaders() string {
	names := make([]string, len(m.Headers))
	for i, header := range m.Headers {
		names[i] = header[0]
	}
	return strings.Join(names, ";")
}

// CanonicalRequest is the text whose hash is signed.
func (m Message) CanonicalRequest() string {
	var headers strings.Builder
	for _, header := range m.Headers {
		headers.WriteString(header[0] + ":" + header[1] + "\n")
	}
	return strings.Join([]string{m.Method, m.Path, m.Query, headers.String(), m.SignedHeaders(), m.PayloadHash}, "\n")
}

// Date is the UTC day of the timestamp, as in the credential scope.
func (m Message) Date() string { return time.Unix(m.Timestamp, 0).UTC().Format(time.DateOnly) }

// Signature is the lower-case hex signature that the secret key gives.
func (m Message) Signature(secretKey string) string {
	scope := m.Date() + "/" + m.Service + "/" + termination
	text := strings.Join([]string{
		Algorithm,
		strconv.FormatInt(m.Timestamp, 10),
		scope,
		HashPayload([]byte(m.CanonicalRequest())),
	}, "\n")
	key := []byte("TC3" + secretKey)
	for _, part := range []string{m.Date(), m.Service, termination} {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, text))
}

// Authorization is the header value that signs the message.
func (m Message) Authorization(secretID, secretKey string) string {
	return fmt.Sprintf("%s Credential=%s/%s/%s/%s, SignedHeaders=%s, Signature=%s",
		Algorithm, secretID, m.Date(), m.Service, termination, m.SignedHeaders(), m.Signature(secretKey))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Authorization is a parsed Authorization header. It proves nothing by itself.
type Authorization struct {
	SecretID string
	Date     string
	Service  string
	// SignedHeaders are lower-case names in ascending order, content-type and host among them.
	SignedHeaders []string
	// Signature is 64 lower-case hex digits.
	Signature string
}

// Parse reads an Authorization header. Every error wraps ErrMalformed.
func Parse(header string) (Authorization, error) {
	if len(header) > maxHeader {
		return Authorization{}, fmt.Errorf("%w: too long", ErrMalformed)
	}
	rest, found := strings.CutPrefix(header, Algorithm+" ")
	if !found {
		return Authorization{}, fmt.Errorf("%w: the algorithm is not %s", ErrMalformed, Algorithm)
	}
	fields := make(map[string]string, 3)
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := fields[name]; !found || twice {
			return Authorization{}, fmt.Errorf("%w: not a list of Credential, SignedHeaders and Signature", ErrMalformed)
		}
		fields[name] = value
	}
	if len(fields) != 3 {
		return Authorization{}, fmt.Errorf("%w: not Credential, SignedHeaders and Signature", ErrMalformed)
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 4 || scope[0] == "" || scope[2] == "" || scope[3] != termination {
		return Authorization{}, fmt.Errorf("%w: Credential", ErrMalformed)
	}
	if _, err := time.Parse(time.DateOnly, scope[1]); err != nil {
		return Authorization{}, fmt.Errorf("%w: the date of Credential", ErrMalformed)
	}
	signed := strings.Split(fields["SignedHeaders"], ";")
	if !slices.Contains(signed, "content-type") || !slices.Contains(signed, "host") || !ascending(signed) {
		return Authorization{}, fmt.Errorf("%w: SignedHeaders", ErrMalformed)
	}
	if !isDigest(fields["Signature"]) {
		return Authorization{}, fmt.Errorf("%w: Signature", ErrMalformed)
	}
	return Authorization{
		SecretID: scope[0], Date: scope[1], Service: scope[2],
		SignedHeaders: signed, Signature: fields["Signature"],
	}, nil
}

// ascending tells whether names are lower-case header names, each greater than the one before.
func ascending(names []string) bool {
	for i, name := range names {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
		if i > 0 && names[i-1] >= name {
			return false
		}
	}
	return true
}

func isDigest(s string) bool {
	return len(s) == sha256.Size*2 && strings.Trim(s, "0123456789abcdef") == ""
}

// Verify returns nil if the request, whose body was read into body, carries the signature that the
// secret key gives, and ErrMismatch otherwise. It does not look at the time.
//
// The host may be signed with its port or without: on a port that is not the default one official
// SDKs do either (api.md). A header value may be signed as sent or in lower case, as the description
// of the algorithm asks for.
func (a Authorization) Verify(r *http.Request, body []byte, timestamp int64, secretKey string) error {
	message := Message{
		Method: r.Method, Path: "/", Timestamp: timestamp, Service: a.Service,
		PayloadHash: HashPayload(body),
	}
	if r.Method == http.MethodGet {
		message.Query = r.URL.RawQuery
	}
	if r.Header.Get("X-TC-Content-SHA256") == unsignedPayload {
		message.PayloadHash = HashPayload([]byte(unsignedPayload))
	}
	if a.Date != message.Date() {
		return ErrMismatch
	}
	for _, host := range hosts(r.Host) {
		for _, lower := range []bool{false, true} {
			message.Headers = message.Headers[:0]
			for _, name := range a.SignedHeaders {
				value := strings.TrimSpace(r.Header.Get(name))
				if name == "host" {
					value = host
				}
				if lower {
					value = strings.ToLower(value)
				}
				message.Headers = append(message.Headers, [2]string{name, value})
			}
			if hmac.Equal([]byte(message.Signature(secretKey)), []byte(a.Signature)) {
				return nil
			}
		}
	}
	return ErrMismatch
}

// hosts are the ways in which a client may have signed its host.
func hosts(host string) []string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return []string{host}
	}
	if strings.Contains(name, ":") {
		return []string{host, name, "[" + name + "]"}
	}
	return []string{host, name}
}
