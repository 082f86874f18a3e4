package tencentcloud_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

const (
	temporaryID    = "AKIDtemporary0000"
	temporaryKey   = "a-key-that-never-shows"
	temporaryToken = "a-token-that-never-shows"
	callerAccount  = "100000000009"
)

// world is what all cells share.
type world struct {
	files     *httptest.Server
	elsewhere *httptest.Server // where a redirect leads; nothing may arrive there
	names     *nameServer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{names: newNameServer(t)}
	served := packages.All()
	w.files = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		content, ok := served[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write(content)
	}))
	w.elsewhere = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed, with the token %q", r.Header.Get("X-TC-Token"))
	}))
	return w
}

func (w *world) close() {
	w.files.Close()
	w.elsewhere.Close()
	w.names.close()
}

// bench is an emulator of a cell, and the way to it.
type bench struct {
	world  *world
	server *emulator.Server
	dialer *dialer
	// subjects keep here what they prepared.
	targets [2]target
}

func (w *world) bench(t *testing.T, c *cell) *bench {
	t.Helper()
	server, err := emulator.New(emulator.WithSeed(c.seed()), emulator.WithCredential(emulator.Credential{
		SecretID: temporaryID, SecretKey: temporaryKey, Token: temporaryToken, Expires: time.Now().Add(time.Hour),
		Account: callerAccount,
	}), emulator.WithScenario([]byte(scenario)))
	if err != nil {
		t.Fatal(err)
	}
	return &bench{world: w, server: server, dialer: &dialer{address: strings.TrimPrefix(server.URL(), "http://"), names: w.names}}
}

type closingClient struct {
	*tencentcloud.Client
	closeIdle func()
}

// client returns a client of its own for each call, so that no answer is remembered, on the bench's
// connections.
func (b *bench) client(t *testing.T, f faultCase) closingClient {
	t.Helper()
	endpoint, err := tencentcloud.URLEndpoint(b.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := tencentcloud.New(tencentcloud.Config{
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewTokenCredential(temporaryID, temporaryKey, temporaryToken), nil
		},
		Endpoint:          endpoint,
		Region:            b.server.Region(),
		Language:          "en-US",
		RequestsPerSecond: 10000,
		MaxRetries:        3,
		RequestTimeout:    f.requestTimeout(),
		Agent:             "terraform-provider-ms test",
	})
	client.SetPauses(func(attempts int) time.Duration { return time.Duration(attempts) * time.Millisecond }, 100*time.Millisecond)
	return closingClient{Client: client, closeIdle: client.SetDial(b.dialer.dial)}
}

// noConnectionLeft waits until every connection is closed.
func (b *bench) noConnectionLeft(t *testing.T, name string) {
	t.Helper()
	waited := time.NewTicker(time.Minute)
	defer waited.Stop()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for b.dialer.open.Load() > 0 { // bounded by the time-out of go test alone
		select {
		case <-waited.C:
			t.Logf("%s: still %d connections", name, b.dialer.open.Load())
		case <-ticker.C:
		}
	}
}

func (b *bench) requests(c *cell) int {
	if c.fault.network != "" {
		return int(b.dialer.dialed.Load())
	}
	return b.server.Calls(c.subject.action())
}

// dialer is the way to an emulator. It counts connections, and breaks by the faults of the network.
type dialer struct {
	address string
	names   *nameServer

	open, dialed atomic.Int32

	mu     sync.Mutex
	broken func() bool
	fault  string
}

func (d *dialer) arm(c *cell) {
	random := c.random()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.dialed = c.fault.network, atomic.Int32{}
	d.broken = breaking(c.rate, random)
}

func breaking(r rate, random *rand.Rand) func() bool {
	first := true
	return func() bool {
		was := first
		first = false
		return r == always || r == once && was || r == quarter && random.Float64() < 0.25
	}
}

func (d *dialer) strikes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.broken != nil && d.broken()
}

func (d *dialer) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	d.dialed.Add(1)
	address := d.address
	if d.strikes() {
		if d.fault == "dns" {
			_, err := d.names.resolver().LookupHost(ctx, "ms.tencentcloudapi.test.")
			if err == nil {
				err = errors.New("the name was found")
			}
			return nil, err
		}
		address = nobody
	}
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.open.Add(1)
	return &countedConn{Conn: connection, closed: sync.OnceFunc(func() { d.open.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// nobody is an address where nobody listens. A port that was free a moment ago may be the next server's.
const nobody = "127.0.0.1:1"

// nameServer is a name server on loopback that knows no name.
type nameServer struct {
	socket net.PacketConn
	ended  chan struct{}
}

func newNameServer(t *testing.T) *nameServer {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &nameServer{socket: socket, ended: make(chan struct{})}
	go s.serve()
	return s
}

// serve answers every question with NXDOMAIN (RFC 1035, 4.1.1).
func (s *nameServer) serve() {
	defer close(s.ended)
	question := make([]byte, 1500)
	for {
		n, from, err := s.socket.ReadFrom(question)
		if err != nil {
			return
		}
		if n < 12 {
			continue
		}
		question[2], question[3] = 0x81, 0x83 // an answer, recursion on both sides, no such name
		question[10], question[11] = 0, 0     // no additional records,
		n = 12 + endOfName(question[12:n]) + 4
		_, _ = s.socket.WriteTo(question[:n], from)
	}
}

// endOfName returns the length of an encoded name.
func endOfName(b []byte) int {
	for i := 0; i < len(b); i += int(b[i]) + 1 {
		if b[i] == 0 {
			return i + 1
		}
	}
	return 0
}

func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.socket.LocalAddr().String())
	}}
}

func (s *nameServer) close() {
	_ = s.socket.Close()
	<-s.ended
}

// implausible says what is wrong with an error: it must be of a known type, short, and hold no secret.
func implausible(err error) string {
	var (
		call    *tencentcloud.Error
		poll    *wait.PollError
		timeout *wait.TimeoutError
	)
	text := err.Error()
	switch {
	case !errors.As(err, &call) && !errors.As(err, &poll) && !errors.As(err, &timeout):
		return "an error of no known type"
	case len(text) > 500:
		return "an error that is too long"
	case strings.Contains(text, temporaryKey), strings.Contains(text, temporaryToken), strings.Contains(text, temporaryID):
		return "an error that shows a secret"
	case strings.Contains(text, "<html"):
		return "an error that shows a body"
	}
	return ""
}
