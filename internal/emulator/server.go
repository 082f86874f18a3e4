package emulator

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Server is a running emulator. All methods may be called from several goroutines.
type Server struct {
	settings settings
	listener net.Listener
	http     *http.Server
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup // calls, scans, callbacks and the listener's loop
	packages *os.Root       // of WithPackages, else nil

	closing sync.Mutex
	closed  bool

	keys      map[string]Credential
	callLog   ledger
	faults    faults
	control   control
	throttles throttles
	lists     listState
	answers   answerState
	ms        msState
	cwp       cwpState
	tcss      tcssState
	sts       stsState
}

// New starts a server. It fails when an option makes no sense, when the address is not loopback, and
// when it cannot listen there. Close must be called.
func New(options ...Option) (*Server, error) {
	set := settings{
		listen:       "127.0.0.1:0",
		clock:        time.Now,
		region:       DefaultRegion,
		quota:        DefaultQuota,
		rejected:     make(map[string]bool),
		packageBytes: DefaultPackageBytes,
		analysisTime: DefaultAnalysisTime,
	}
	for _, option := range options {
		if err := option(&set); err != nil {
			return nil, err
		}
	}
	if set.secretID == "" {
		// The prefix is the service's own; the rest is new for each run.
		set.secretID, set.secretKey = "AKID"+randomHex(16), randomHex(16)
	}
	if set.scenario == nil {
		scenario, err := ParseScenario([]byte(DefaultScenario))
		if err != nil {
			return nil, err
		}
		set.scenario = scenario
	}
	listener, err := listenLoopback(set.listen)
	if err != nil {
		return nil, err
	}
	folder, err := openPackages(set.packages)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}

	s := &Server{settings: set, listener: listener, packages: folder, keys: make(map[string]Credential)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.faults.random = mathrand.New(mathrand.NewPCG(set.seed, 0))
	for _, key := range append([]Credential{{SecretID: set.secretID, SecretKey: set.secretKey}}, set.credentials...) {
		if key.Account == "" {
			key.Account = firstAccount
		}
		s.keys[key.SecretID] = key
	}
	s.ms.start(set.quota)
	s.play(set.scenario)
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 30 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
	}
	s.running.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

// firstAccount is the account of the server's first key.
const firstAccount = "100000000001"

// listenLoopback listens on a loopback address and refuses any other.
func listenLoopback(address string) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("emulator: address to listen on: %w", err)
	}
	if resolved.IP == nil || !resolved.IP.IsLoopback() {
		return nil, errors.New("emulator: listens on loopback only, as in 127.0.0.1:0")
	}
	listener, err := net.ListenTCP("tcp", resolved)
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return listener, nil
}

// URL is the base URL of the API, as in http://127.0.0.1:41234, for every service.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// SecretID is the first half of the server's first key.
func (s *Server) SecretID() string { return s.settings.secretID }

// SecretKey is the second half of the server's first key.
func (s *Server) SecretKey() string { return s.settings.secretKey }

// Region is a region that the server serves.
func (s *Server) Region() string { return s.settings.region }

// Close ends all connections and scans and returns when none is left. It may be called twice.
func (s *Server) Close() {
	s.closing.Lock()
	s.closed = true
	s.closing.Unlock()
	// Connections first: a call that is cut short must not look answered.
	_ = s.http.Close()
	s.cancel()
	s.running.Wait()
	if s.packages != nil {
		_ = s.packages.Close()
	}
}

// begin counts a call in, unless the server is being closed; running.Done counts it out.
func (s *Server) begin() bool {
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	return true
}

// randomHex is n random bytes in hex.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// randomUUID is a RequestId, a random UUID of version 4.
func randomUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
