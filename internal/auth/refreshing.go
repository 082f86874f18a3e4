package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// RefreshingCredential gives temporary credentials and refreshes them before they expire. The first ones
// are fetched at the first call. While the old ones are valid nobody waits for a refresh, and a failed
// one is retried; after they have expired, the failure is that of the call.
//
// The SDK's own RoleArnCredential and CvmRoleCredential are not used: they print a failed refresh to
// standard error and go on with the expired credentials, take no context, and block every reader
// meanwhile. Their providers know one endpoint by https and one address of the metadata service,
// neither a policy nor an external id, and read answers without a bound.
type RefreshingCredential struct {
	account string
	fetch   func(context.Context) (tencentcloud.TemporaryCredentials, error)
	now     func() time.Time
	fetches tencentcloud.SharedCall[*common.Credential]
	// refreshes counts the refreshes under way that nobody waits for.
	refreshes sync.WaitGroup

	mu        sync.Mutex
	latest    *common.Credential
	refreshAt time.Time
	unusable  time.Time // from here on latest is not used any more
	pause     time.Duration
}

var _ common.CredentialIface = (*RefreshingCredential)(nil)

// Bounds of refreshing.
const (
	// maxAhead is how long before they expire credentials are refreshed, a tenth of their life if that is
	// less. It is also how far a clock may be off for the service to accept a signature.
	maxAhead = 5 * time.Minute
	// refreshTimeout bounds a refresh that nobody waits for.
	refreshTimeout = time.Minute
)

// NewRefreshingCredential returns a credential that gets temporary credentials by fetch and belongs to
// account, as in "the role NAME". Nothing is fetched before the first call.
func NewRefreshingCredential(account string, fetch func(context.Context) (tencentcloud.TemporaryCredentials, error)) *RefreshingCredential {
	return &RefreshingCredential{account: account, fetch: fetch, now: time.Now}
}

// Account says whose credentials these are, for messages.
func (r *RefreshingCredential) Account() string { return r.account }

// Source says where the credentials come from, for messages.
func (r *RefreshingCredential) Source() string { return r.account }

// Retrieve returns credentials that are valid now. It waits for new ones only after the old ones have
// expired, and then returns the error of fetch, if any, or the context's.
func (r *RefreshingCredential) Retrieve(ctx context.Context) (common.CredentialIface, error) {
	credential, due := r.look()
	if credential == nil {
		fetched, err := r.refresh(ctx)
		if err != nil {
			return nil, err
		}
		return fetched, nil
	}
	if due {
		// The call that notices may be over before the refresh is, so its end must not end this.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
		r.refreshes.Go(func() {
			defer cancel()
			_, _ = r.refresh(ctx) // the next look tries again
		})
	}
	return credential, nil
}

// look returns the credentials if they are valid, and whether the caller should refresh them: one caller
// is told so, the next after a pause, in case the refresh fails.
func (r *RefreshingCredential) look() (credential *common.Credential, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.latest == nil || !now.Before(r.unusable) {
		return nil, false
	}
	if now.Before(r.refreshAt) {
		return r.latest, false
	}
	r.refreshAt = now.Add(r.pause)
	return r.latest, true
}

// refresh fetches credentials; callers that come meanwhile wait for the same ones.
func (r *RefreshingCredential) refresh(ctx context.Context) (*common.Credential, error) {
	return r.fetches.Do(ctx, func(ctx context.Context) (*common.Credential, error) {
		fetched, err := r.fetch(ctx)
		if err != nil {
			return nil, err
		}
		return r.keep(fetched)
	})
}

var errExpiredOnArrival = errors.New("the temporary credentials that were given have expired already")

func (r *RefreshingCredential) keep(fetched tencentcloud.TemporaryCredentials) (*common.Credential, error) {
	if !fetched.Complete() {
		return nil, advise(tencentcloud.ErrNoTemporaryCredentials, "Run again; if it persists, check the role, and what gives its credentials.")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	life := fetched.Expires.Sub(r.now())
	if life <= 0 {
		return nil, advise(errExpiredOnArrival, "Set the clock of this machine; if it is right, check what gives the credentials of the role.")
	}
	ahead := min(maxAhead, life/10)
	r.pause = ahead / 10
	r.refreshAt, r.unusable = fetched.Expires.Add(-ahead), fetched.Expires.Add(-r.pause)
	r.latest = common.NewTokenCredential(fetched.SecretID, fetched.SecretKey, fetched.Token)
	return r.latest, nil
}

// GetCredential returns the latest credentials, which may have expired; calls are signed with what
// Retrieve returns.
func (r *RefreshingCredential) GetCredential() (secretID, secretKey, token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.latest == nil {
		return "", "", ""
	}
	return r.latest.GetCredential()
}

// GetSecretId returns the first part of GetCredential.
//
//nolint:revive // the SDK's interface has this name
func (r *RefreshingCredential) GetSecretId() string { id, _, _ := r.GetCredential(); return id }

// GetSecretKey returns the second part of GetCredential.
func (r *RefreshingCredential) GetSecretKey() string { _, key, _ := r.GetCredential(); return key }

// GetToken returns the third part of GetCredential.
func (r *RefreshingCredential) GetToken() string { _, _, token := r.GetCredential(); return token }
