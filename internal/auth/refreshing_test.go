package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// vault gives out keys of a fixed life by a clock that the test moves.
type vault struct {
	mu    sync.Mutex
	now   time.Time
	life  time.Duration
	given int
	err   error
}

func (v *vault) clock() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

func (v *vault) advance(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now = v.now.Add(d)
}

func (v *vault) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.err = err
}

func (v *vault) fetch(context.Context) (tencentcloud.TemporaryCredentials, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.err != nil {
		return tencentcloud.TemporaryCredentials{}, v.err
	}
	v.given++
	id := fmt.Sprintf("id-%d", v.given)
	return tencentcloud.TemporaryCredentials{SecretID: id, SecretKey: "key", Token: "token", Expires: v.now.Add(v.life)}, nil
}

func newVault(life time.Duration) (*vault, *RefreshingCredential) {
	v := &vault{now: time.Unix(1_700_000_000, 0), life: life}
	r := NewRefreshingCredential("the role x", v.fetch)
	r.now = v.clock
	return v, r
}

// idFrom returns the id of the key that a call would be signed with, after any renewal has ended.
func idFrom(t *testing.T, r *RefreshingCredential) string {
	t.Helper()
	key, err := r.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.refreshes.Wait()
	return key.GetSecretId()
}

func TestRefreshingCredential_refreshesAheadWithoutBlockingReaders(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ life, ahead time.Duration }{
		"a long life is renewed five minutes ahead":   {2 * time.Hour, 5 * time.Minute},
		"a short life is renewed a tenth of it ahead": {10 * time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, r := newVault(tt.life)
			if got := r.GetSecretId() + r.GetSecretKey() + r.GetToken(); got != "" {
				t.Errorf("%q before the first call", got)
			}
			steps := []struct {
				advance time.Duration
				want    string
			}{
				{0, "id-1"},
				{tt.life - tt.ahead - time.Second, "id-1"},
				{time.Second, "id-1"}, // due: this reader gets the good key and sets the renewal off
				{0, "id-2"},
				{0, "id-2"},
				{2 * tt.life, "id-3"}, // ended while nobody looked: the reader waits for the next
			}
			for i, step := range steps {
				v.advance(step.advance)
				if got := idFrom(t, r); got != step.want {
					t.Errorf("step %d: %s, want %s", i, got, step.want)
				}
			}
			if r.GetSecretId() != "id-3" || r.Account() != "the role x" {
				t.Errorf("holds %s of %s", r.GetSecretId(), r.Account())
			}
		})
	}
}

func TestRefreshingCredential_failureCountsOnlyAfterExpiry(t *testing.T) {
	t.Parallel()
	v, r := newVault(time.Hour)
	idFrom(t, r)
	v.fail(errors.New("away"))
	v.advance(56 * time.Minute)
	if got := idFrom(t, r); got != "id-1" {
		t.Errorf("%s while the first key is good", got)
	}
	v.advance(4*time.Minute - time.Second)
	if key, err := r.Retrieve(t.Context()); err == nil || key != nil {
		t.Errorf("a key that has all but ended was used: %v, %v", key, err)
	}
	v.fail(nil)
	if got := idFrom(t, r); got != "id-2" {
		t.Errorf("%s after the failure has passed", got)
	}
}

func TestRefreshingCredential_failedRefreshIsRetriedAfterAPause(t *testing.T) {
	t.Parallel()
	v, r := newVault(time.Hour)
	idFrom(t, r)
	var asked atomic.Int32
	fetch := r.fetch
	r.fetch = func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) { asked.Add(1); return fetch(ctx) }
	v.fail(errors.New("away"))
	v.advance(55 * time.Minute)
	for range 100 {
		idFrom(t, r)
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times at once", asked.Load())
	}
	v.advance(30 * time.Second)
	idFrom(t, r)
	if asked.Load() != 2 {
		t.Errorf("asked %d times after the pause", asked.Load())
	}
}

func TestRefreshingCredential_slowRefreshBlocksNobodyBeforeExpiry(t *testing.T) {
	t.Parallel()
	v, r := newVault(time.Hour)
	idFrom(t, r)
	started, release := make(chan struct{}), make(chan struct{})
	fetch := r.fetch
	r.fetch = func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) {
		close(started)
		<-release
		return fetch(ctx)
	}
	v.advance(56 * time.Minute)
	// The reader that sets the renewal off may be gone before it is over.
	ctx, cancel := context.WithCancel(t.Context())
	for range 10 {
		if key, err := r.Retrieve(ctx); err != nil || key.GetSecretId() != "id-1" {
			t.Fatalf("got %v, %v", key, err)
		}
	}
	<-started
	cancel()
	close(release)
	r.refreshes.Wait()
	if got := idFrom(t, r); got != "id-2" {
		t.Errorf("%s after the renewal", got)
	}
}

func TestRefreshingCredential_refusesUnusableCredentials(t *testing.T) {
	t.Parallel()
	good := tencentcloud.TemporaryCredentials{SecretID: "i", SecretKey: "k", Token: "t", Expires: time.Now().Add(time.Hour)}
	tests := map[string]func(*tencentcloud.TemporaryCredentials){
		"no id":    func(k *tencentcloud.TemporaryCredentials) { k.SecretID = "" },
		"no key":   func(k *tencentcloud.TemporaryCredentials) { k.SecretKey = "" },
		"no token": func(k *tencentcloud.TemporaryCredentials) { k.Token = "" },
		"no end":   func(k *tencentcloud.TemporaryCredentials) { k.Expires = time.Time{} },
		"ended":    func(k *tencentcloud.TemporaryCredentials) { k.Expires = time.Now().Add(-time.Second) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := good
			spoil(&key)
			r := NewRefreshingCredential("x", func(context.Context) (tencentcloud.TemporaryCredentials, error) { return key, nil })
			got, err := r.Retrieve(t.Context())
			var known *Error
			if err == nil || got != nil || !errors.As(err, &known) || strings.Contains(known.Advice(), "secret_id") {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestRefreshingCredential_manyReadersShareOneFetch(t *testing.T) {
	t.Parallel()
	var fetches atomic.Int32
	release := make(chan struct{})
	r := NewRefreshingCredential("x", func(context.Context) (tencentcloud.TemporaryCredentials, error) {
		fetches.Add(1)
		<-release
		return tencentcloud.TemporaryCredentials{SecretID: "i", SecretKey: "k", Token: "t", Expires: time.Now().Add(time.Hour)}, nil
	})
	var readers sync.WaitGroup
	for range 50 {
		readers.Go(func() {
			if key, err := r.Retrieve(t.Context()); err != nil || key.GetToken() != "t" {
				t.Errorf("got %v, %v", key, err)
			}
		})
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Retrieve(canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader that gave up got %v", err)
	}
	close(release)
	readers.Wait()
	// Readers may have come after the first fetch was over, but then they found its key.
	if n := fetches.Load(); n < 1 || n > 2 {
		t.Errorf("%d fetches", n)
	}
}
