package auth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// clientOf is a client of a service that handle plays.
func clientOf(t *testing.T, handle http.HandlerFunc, credential func() common.CredentialIface) *tencentcloud.Client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	endpoint, err := tencentcloud.URLEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return tencentcloud.New(tencentcloud.Config{
		Credentials:       func(context.Context) (common.CredentialIface, error) { return credential(), nil },
		Endpoint:          endpoint,
		Region:            "ap-guangzhou",
		Language:          "en-US",
		RequestsPerSecond: 10000,
		RequestTimeout:    5 * time.Second,
		Agent:             "terraform-provider-ms test",
	})
}

// TestRefreshingCredential_coversALongWait lets temporary credentials of a role expire again and again under
// many calls: each call is signed with those that are valid then.
func TestRefreshingCredential_coversALongWait(t *testing.T) {
	t.Parallel()
	const life, step, steps = 300 * time.Second, 7 * time.Second, 250 // half an hour
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	ends := map[string]time.Time{}
	sts := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		id := fmt.Sprintf("role-key-%d", len(ends))
		ends[id] = now.Add(life)
		_, _ = fmt.Fprintf(w, `{"Response":{"Credentials":{"TmpSecretId":%q,"TmpSecretKey":"tmp-key","Token":"tmp-token"},"ExpiredTime":%d,"RequestId":"r"}}`, id, ends[id].Unix())
	}, func() common.CredentialIface { return common.NewCredential("id", "key") })
	refreshing := NewRefreshingCredential("the role x", func(ctx context.Context) (tencentcloud.TemporaryCredentials, error) {
		return sts.AssumeRole(ctx, tencentcloud.AssumeRoleRequest{RoleArn: "x"})
	})
	refreshing.now = clock
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		id, _, _ := strings.Cut(credential, "/")
		if end, ok := ends[id]; !ok || !now.Before(end) {
			_, _ = io.WriteString(w, `{"Response":{"Error":{"Code":"AuthFailure.TokenFailure","Message":"m"},"RequestId":"r"}}`)
			return
		}
		_, _ = io.WriteString(w, `{"Response":{"Data":[],"RequestId":"r"}}`)
	}, func() common.CredentialIface { return refreshing })
	for range steps {
		var callers sync.WaitGroup
		for caller := range 4 {
			callers.Go(func() {
				if _, err := c.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: fmt.Sprint(caller)}); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		refreshing.refreshes.Wait() // seconds pass before the clock moves on
		mu.Lock()
		now = now.Add(step)
		mu.Unlock()
	}
	mu.Lock()
	defer mu.Unlock()
	if least := int(steps * step / life); len(ends) < least || len(ends) > least+3 {
		t.Errorf("%d keys, about %d are needed", len(ends), least)
	}
	if c.Account() != "the role x" {
		t.Errorf("account %q", c.Account())
	}
}
