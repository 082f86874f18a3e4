package emulator

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// errNotLoopback: the emulator goes nowhere but to this machine.
var errNotLoopback = errors.New("the emulator downloads from loopback addresses only")

// maxRedirects is how many redirects a download follows, each to loopback too.
const maxRedirects = 5

// dialLoopback connects to loopback addresses and to localhost names, which it does not look up: not
// even a question to a name server leaves the machine.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !isLocalName(address) {
		return nil, errNotLoopback
	}
	if net.ParseIP(host) == nil {
		host = "127.0.0.1"
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(host, port))
}

// loopbackClient reaches loopback addresses only, by links and by redirects, and uses no proxy.
func loopbackClient(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext: dialLoopback, DisableKeepAlives: true, DisableCompression: true,
			ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return nil
		},
	}
}

// downloaded is a package in a temporary file.
type downloaded struct {
	file *os.File
	size int64
	md5  string
}

func (d *downloaded) discard() {
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
}

// download fetches a package, within the server's bounds of size and time. Its errors do not repeat
// the URL, whose query may be a signature.
func (s *Server) download(ctx context.Context, address string) (*downloaded, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("the link is no URL")
	}
	response, err := loopbackClient(s.settings.analysisTime).Do(r)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP status %d", response.StatusCode)
	}
	file, err := os.CreateTemp("", "ms-emulator-*.apk")
	if err != nil {
		return nil, errors.New("there is no room for the package")
	}
	d := &downloaded{file: file}
	digest := md5.New()
	d.size, err = io.Copy(io.MultiWriter(file, digest), io.LimitReader(response.Body, s.settings.packageBytes+1))
	if err == nil && d.size > s.settings.packageBytes {
		err = fmt.Errorf("it is larger than %d bytes", s.settings.packageBytes)
	}
	if err != nil {
		d.discard()
		return nil, withoutURL(err)
	}
	d.md5 = hex.EncodeToString(digest.Sum(nil))
	return d, nil
}

// withoutURL takes the URL out of an error of net/http.
func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}

// postCallback sends a callback once; nobody hears of its failure, as with the service.
func (s *Server) postCallback(address string, message map[string]any) {
	body, err := json.Marshal(message)
	if err != nil {
		s.complain(err)
		return
	}
	r, err := http.NewRequestWithContext(s.ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := loopbackClient(s.settings.analysisTime).Do(r)
	if err != nil {
		s.complain(fmt.Errorf("callback: %w", withoutURL(err)))
		return
	}
	_ = response.Body.Close()
}
