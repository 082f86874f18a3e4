package tencentcloud

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// MaxBody bounds the body of an answer in bytes, after decompression. The largest real answer, 20
// apps of 2,000 vulnerabilities each, is about a third of it.
const MaxBody = 64 << 20

// exchange is what one HTTP request came to. The SDK would follow redirects, read bodies without a
// bound and put them into error texts; so the transport takes the answer here, and shows the SDK an
// empty one. What is left to the SDK is to sign and to send.
type exchange struct {
	// alone asks for a connection of its own.
	alone bool
	// maxValues bounds the answer, by [tooManyValues].
	maxValues int

	sent   atomic.Bool // a connection was obtained, so that something may have been written
	status int
	date   time.Time // of the answer, by the service's clock; zero where it gives none
	body   []byte
	err    error
	// authorization is the header that was sent: what must not come back in a message.
	authorization string
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.sent.Store(true) },
	})
}

// transport records the answer of each request in its exchange.
type transport struct {
	kept    *http.Transport
	single  *http.Transport // makes a connection for each request
	maxBody int64
}

// newBoundedTransport returns a transport that reads bodies of up to maxBody bytes.
//
// A kept connection may have been forgotten on the way, by a NAT for instance, and is then reset by the
// next request. For one that must not be repeated there would be no telling whether it arrived.
func newBoundedTransport(maxBody int64) *transport {
	t := &transport{kept: newTransport(), single: newTransport(), maxBody: maxBody}
	t.single.DisableKeepAlives = true
	// By HTTP/2 requests would share a connection.
	t.single.Protocols = new(http.Protocols)
	t.single.Protocols.SetHTTP1(true)
	return t
}

func newTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return &http.Transport{Proxy: http.ProxyFromEnvironment}
	}
	t = t.Clone()
	// All requests of a run go to a few hosts: keep as many connections as run at once.
	t.MaxIdleConns = 256
	t.MaxIdleConnsPerHost = 128
	t.IdleConnTimeout = 90 * time.Second
	t.MaxResponseHeaderBytes = 1 << 20
	return t
}

var (
	errNoExchange = errors.New("request without an exchange")
	errHeader     = errors.New("a key, a token or the region holds a character that cannot be sent")
)

// validHeader tells whether a header can be sent. The values that are not fixed come from credentials and
// configuration, so that trying again is pointless.
func validHeader(header http.Header) bool {
	for _, values := range header {
		for _, value := range values {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return false
			}
		}
	}
	return true
}

// RoundTrip sends the request, reads the whole answer up to the bound, and returns an empty answer.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x, ok := req.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errNoExchange
	}
	if !validHeader(req.Header) {
		x.err = errHeader
		return nil, x.err
	}
	x.authorization = req.Header.Get("Authorization")
	base := t.kept
	if x.alone {
		base = t.single
	}
	resp, err := base.RoundTrip(req)
	if err != nil {
		x.err = err
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	x.status = resp.StatusCode
	x.date, _ = http.ParseTime(resp.Header.Get("Date"))
	x.body, x.err = io.ReadAll(io.LimitReader(resp.Body, t.maxBody+1))
	if x.err == nil && int64(len(x.body)) > t.maxBody {
		x.body, x.err = nil, ErrTooLarge
	}
	if tooManyValues(x.body, x.maxValues) {
		x.body, x.err = nil, ErrTooLarge
	}
	return &http.Response{
		Status:     "200 OK",
		StatusCode: http.StatusOK,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader([]byte("{}"))),
		Request:    req,
	}, nil
}
