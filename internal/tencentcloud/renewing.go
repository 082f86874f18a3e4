package tencentcloud

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// TemporaryKey is a key that ends.
type TemporaryKey struct {
	SecretID, SecretKey, Token string
	// Expires is when the service stops to accept the key.
	Expires time.Time
}

// Renewing is a credential of temporary keys. The first key is fetched at the first call, and a new
// one ahead of its end: while the old one is good nobody waits for that, and a failure is tried again.
// When it has ended, the failure is the call's.
//
// The SDK's own RoleArnCredential and CvmRoleCredential are not used: they print a failed renewal to
// standard error and go on with the key that has ended, take no context, and hold every reader up
// meanwhile. Their providers know one endpoint by https and one address of the metadata service,
// neither a policy nor an external id, and read answers without a bound.
type Renewing struct {
	account string
	fetch   func(context.Context) (TemporaryKey, error)
	now     func() time.Time
	shared  *sharedCalls
	// renewals counts the renewals under way that nobody waits for.
	renewals sync.WaitGroup

	mu       sync.Mutex
	key      *common.Credential
	renewAt  time.Time
	unusable time.Time // from here on the key is not used any more
	pause    time.Duration
}

var (
	_ common.CredentialIface = (*Renewing)(nil)
	_ fresh                  = (*Renewing)(nil)
	_ owned                  = (*Renewing)(nil)
)

// fresh is a credential that must be asked for its current keys before each call.
type fresh interface {
	// Fresh returns keys that are good now.
	Fresh(context.Context) (common.CredentialIface, error)
}

// owned is a credential that knows whose it is, as in "the role NAME"; no secret.
type owned interface{ Account() string }

// Bounds of renewing.
const (
	// maxAhead is how long before its end a key is renewed, a tenth of its life if that is less.
	// It is also how far a clock may be off for the service to take a signature.
	maxAhead = 5 * time.Minute
	// renewalTimeout bounds a renewal that nobody waits for.
	renewalTimeout = time.Minute
)

// NewRenewing returns a credential whose keys fetch gets, and which belongs to account, as in "the
// role NAME". Nothing is fetched before the first call.
func NewRenewing(account string, fetch func(context.Context) (TemporaryKey, error)) *Renewing {
	return &Renewing{account: account, fetch: fetch, now: time.Now, shared: newSharedCalls()}
}

// Account says whose keys these are, for messages.
func (r *Renewing) Account() string { return r.account }

// Fresh returns a key that is good now. It waits for a new one only where the old one has ended, and
// then returns the error of fetch, if any, or the context's.
func (r *Renewing) Fresh(ctx context.Context) (common.CredentialIface, error) {
	key, due := r.look()
	if key == nil {
		return r.renew(ctx)
	}
	if due {
		// The call that notices may be over before the renewal is, so its end must not end this.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewalTimeout)
		r.renewals.Go(func() {
			defer cancel()
			_, _ = r.renew(ctx) // the next look tries again
		})
	}
	return key, nil
}

// look returns the key if it is good, and whether the caller should renew it: one caller is told so,
// the next after a pause, in case the renewal fails.
func (r *Renewing) look() (key *common.Credential, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.key == nil || !now.Before(r.unusable) {
		return nil, false
	}
	if now.Before(r.renewAt) {
		return r.key, false
	}
	r.renewAt = now.Add(r.pause)
	return r.key, true
}

// renew fetches a key; callers that come meanwhile wait for the same one.
func (r *Renewing) renew(ctx context.Context) (common.CredentialIface, error) {
	value, err := r.shared.do(ctx, "key", func(ctx context.Context) (any, bool, error) {
		fetched, err := r.fetch(ctx)
		if err != nil {
			return nil, false, err
		}
		key, err := r.keep(fetched)
		return key, false, err
	})
	if err != nil {
		return nil, err
	}
	key, ok := value.(*common.Credential)
	if !ok {
		return nil, errNoKey
	}
	return key, nil
}

var (
	errNoKey    = errors.New("the answer holds no complete temporary key")
	errEndedKey = errors.New("the temporary key that was given has ended already; check the clock of this machine")
)

func (r *Renewing) keep(fetched TemporaryKey) (*common.Credential, error) {
	if fetched.SecretID == "" || fetched.SecretKey == "" || fetched.Token == "" || fetched.Expires.IsZero() {
		return nil, errNoKey
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	life := fetched.Expires.Sub(r.now())
	if life <= 0 {
		return nil, errEndedKey
	}
	ahead := min(maxAhead, life/10)
	r.pause = ahead / 10
	r.renewAt, r.unusable = fetched.Expires.Add(-ahead), fetched.Expires.Add(-r.pause)
	r.key = common.NewTokenCredential(fetched.SecretID, fetched.SecretKey, fetched.Token)
	return r.key, nil
}

// GetCredential returns the last key, which may have ended; calls are signed with what Fresh returns.
func (r *Renewing) GetCredential() (secretID, secretKey, token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key == nil {
		return "", "", ""
	}
	return r.key.GetCredential()
}

// GetSecretId returns the first part of GetCredential.
//
//nolint:revive // the SDK's interface has this name
func (r *Renewing) GetSecretId() string { id, _, _ := r.GetCredential(); return id }

// GetSecretKey returns the second part of GetCredential.
func (r *Renewing) GetSecretKey() string { _, key, _ := r.GetCredential(); return key }

// GetToken returns the third part of GetCredential.
func (r *Renewing) GetToken() string { _, _, token := r.GetCredential(); return token }

// OfAccount returns a credential that is known to belong to an account, for messages. One that knows
// its owner already is returned as it is.
func OfAccount(credential common.CredentialIface, id string) common.CredentialIface {
	if _, ok := credential.(owned); ok {
		return credential
	}
	return ofAccount{CredentialIface: credential, id: id}
}

type ofAccount struct {
	common.CredentialIface
	id string
}

var _ owned = ofAccount{}

// Account names the account.
func (c ofAccount) Account() string { return "the account " + c.id }
