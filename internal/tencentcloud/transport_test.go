package tencentcloud

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

type connectionKey struct{}

// forgetful is a server behind a NAT that forgets each connection after its first request: the next one
// is reset. It counts what arrived.
type forgetful struct {
	mu      sync.Mutex
	used    map[net.Conn]bool
	arrived map[string]int
	resets  int
}

func (f *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	connection, _ := r.Context().Value(connectionKey{}).(net.Conn)
	if f.used[connection] {
		f.resets++
		panic(http.ErrAbortHandler)
	}
	f.used[connection] = true
	f.arrived[r.Header.Get("X-TC-Action")]++
	_, _ = w.Write([]byte(`{"Response":{"ItemId":"i-1","TotalCount":0,"ScanSet":[],"RequestId":"r"}}`))
}

func TestTransport_submissionsNeverUseAKeptConnection(t *testing.T) {
	t.Parallel()
	for _, https := range []bool{false, true} {
		f := &forgetful{used: map[net.Conn]bool{}, arrived: map[string]int{}}
		server := httptest.NewUnstartedServer(f)
		server.Config.ConnContext = func(ctx context.Context, connection net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, connection)
		}
		if https {
			server.EnableHTTP2 = true
			server.StartTLS()
		} else {
			server.Start()
		}
		t.Cleanup(server.Close)
		c := clientFor(t, server.URL)
		if tr, ok := c.transport.(*transport); ok && https {
			trusted := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
			tr.kept.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
			tr.single.TLSClientConfig = tr.kept.TLSClientConfig.Clone()
		}
		if _, err := c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "i"}); err != nil {
			t.Fatal(err)
		}
		const submissions = 5
		var all sync.WaitGroup
		for range submissions {
			all.Go(func() {
				if _, err := c.CreateScanInstances(t.Context(), CreateScanInstancesRequest{}); err != nil {
					t.Errorf("https %t: %v", https, err)
				}
			})
		}
		all.Wait()
		if got := f.arrived["CreateScanInstances"]; got != submissions {
			t.Errorf("https %t: %d submissions arrived, want %d", https, got, submissions)
		}
		if f.resets > 0 {
			t.Errorf("https %t: %d submissions were reset", https, f.resets)
		}
		_, _ = c.DescribeScanResults(t.Context(), DescribeScanResultsRequest{ItemID: "j"})
		if f.resets == 0 {
			t.Errorf("https %t: the server keeps what it should forget, so that this proves nothing", https)
		}
	}
}
