package tencentcloud

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// RootDomain is the root domain of the service's own endpoints.
const RootDomain = "tencentcloudapi.com"

// ErrEndpoint is wrapped by every error about a domain or endpoint URL.
var ErrEndpoint = errors.New("not a usable endpoint")

// Endpoint is where requests go: one URL for every service, or a root domain below which each service
// has a host of its own. The zero value is the service's own root domain.
type Endpoint struct {
	scheme, host string // of a single URL; empty for a root domain
	domain       string
}

var domainName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
})

// DomainEndpoint returns the endpoint of a root domain, as in tencentcloudapi.com: requests go by
// https to the service's host below it. It returns an error that wraps [ErrEndpoint].
func DomainEndpoint(domain string) (Endpoint, error) {
	lower := strings.ToLower(domain)
	if !domainName().MatchString(lower) {
		return Endpoint{}, fmt.Errorf("%w: a root domain is a host name without scheme, port or path, as in %s", ErrEndpoint, RootDomain)
	}
	return Endpoint{domain: lower}, nil
}

// URLEndpoint returns the endpoint of one URL for every service. Plain http is taken only for a
// loopback host, since a request carries credentials. It returns an error that wraps [ErrEndpoint].
func URLEndpoint(raw string) (Endpoint, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return Endpoint{}, fmt.Errorf("%w: it does not parse as a URL", ErrEndpoint)
	case u.Scheme != "https" && u.Scheme != "http":
		return Endpoint{}, fmt.Errorf("%w: the URL must start with https:// (or http:// for a loopback host)", ErrEndpoint)
	case u.Hostname() == "":
		return Endpoint{}, fmt.Errorf("%w: the URL has no host", ErrEndpoint)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return Endpoint{}, fmt.Errorf("%w: the URL may have a scheme, a host and a port only", ErrEndpoint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return Endpoint{}, fmt.Errorf("%w: plain http is allowed to a loopback host only, since requests carry credentials", ErrEndpoint)
	}
	return Endpoint{scheme: u.Scheme, host: strings.ToLower(u.Host)}, nil
}

// String names the endpoint in messages and verdicts: the URL, or the root domain.
func (e Endpoint) String() string {
	if e.host != "" {
		return e.scheme + "://" + e.host
	}
	return e.root()
}

// Official tells whether requests go to the service's own domain.
func (e Endpoint) Official() bool {
	name := e.root()
	if e.host != "" {
		name, _, _ = strings.Cut(e.host, ":")
	}
	return name == RootDomain || strings.HasSuffix(name, "."+RootDomain)
}

// Loopback tells whether the endpoint is one URL of this machine.
func (e Endpoint) Loopback() bool {
	u, err := url.Parse(e.String())
	return e.host != "" && err == nil && isLoopback(u.Hostname())
}

func (e Endpoint) root() string {
	if e.domain == "" {
		return RootDomain
	}
	return e.domain
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
